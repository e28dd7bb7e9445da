"""Escalation, the scheduled reminders: what has the clock to say?"""

from __future__ import annotations

from pendulum import DateTime

from handleflow.acts import Supervise
from handleflow.core._consequences import may_be_missed, misses, write_consequences
from handleflow.core._plan import plan_of
from handleflow.core._recorder import Decision, Recorder
from handleflow.core.rungs import DueStep, Ladder, speaks_in
from handleflow.events import RungLapsed, RungSuppressed
from handleflow.legal_time import Day, days_later
from handleflow.legal_time.convention import shift
from handleflow.model import CLOCK, Provenance, Suggestion
from handleflow.rules import Rulebook


def supervise(rules: Rulebook, suggestion: Suggestion, *, at: DateTime, begun_on: Day | None = None) -> Decision:
    """
    What the clock has to say about *suggestion* at *at*: days missed, and escalation steps, in order of their days.

    A rung that should have spoken earlier, while nobody swept, speaks now with both days. Ask twice
    and the second answer is empty: what was said is in the history. *begun_on* is the last day that has surely begun,
    where that is not the day of *at*: of later days nothing is said.
    """
    provenance = Provenance(CLOCK, at, rules.calendar.day_of(at))
    recorder, ladder = Recorder(rules, suggestion, provenance), Ladder(rules, suggestion)
    while _write_next(recorder, ladder, begun_on or provenance.on):
        ladder.look_at(recorder.suggestion)
    return Decision(tuple(recorder.entries), recorder.suggestion)


def wakes_on(rules: Rulebook, suggestion: Suggestion) -> Day | None:
    """The day the clock next has something to say if nobody acts; what a store's index keeps."""
    running = suggestion.running_terms()
    found = [days_later(term.due_on) for term in running if may_be_missed(rules, term) and term.due_on]
    if rules.rungs and speaks_in(rules, suggestion):
        said_on = Ladder(rules, suggestion).next_day()
        found.extend([said_on] if said_on is not None else [])
    return min(found) if found else None


def _write_next(recorder: Recorder, ladder: Ladder, on: Day) -> bool:
    """Write what comes first by *on*, if anything does: of one day, a miss before what is said about it."""
    rules, suggestion = recorder.rules, recorder.suggestion
    missed = next(iter(misses(rules, suggestion, on)), None)
    passed = ladder.next_ones(on) if rules.rungs and speaks_in(rules, suggestion) else ()
    if missed is not None and (not passed or missed.due_on < passed[0].on):
        recorder.append(missed)
    elif passed:
        _write_what_becomes_of(recorder, ladder, passed[0], on)
    return missed is not None or bool(passed)


def _write_what_becomes_of(recorder: Recorder, ladder: Ladder, first: DueStep, on: Day) -> None:
    """The first due step speaks, gives way to one that has come by *on* too, or leaves the unit in peace."""
    rules, before = recorder.rules, recorder.suggestion
    if rules.coalesce and ladder.is_followed(first, on):
        recorder.append(RungLapsed(first.firing_key, first.on, "coalesced"))
        return
    cooldown = rules.cooldown
    earlier = cooldown.previous_within(before, first.unit, first.on, rules.calendar) if cooldown else None
    if earlier is not None:
        recorder.append(RungSuppressed(first.firing_key, first.on, earlier.number, urged_on=earlier.on))
        return
    recorder.append(_spoken(rules, before, first, recorder.provenance.on))
    write_consequences(recorder, before, plan_of(rules, before.state, Supervise))


def _spoken(rules: Rulebook, suggestion: Suggestion, step: DueStep, on: Day) -> Supervise:
    rung = step.rung
    return Supervise(
        step.unit,
        rung.channel,
        answer_by=shift(on, rung.answer_within, rules.calendar) if rung.answer_within else None,
        firing_key=step.firing_key,
        meant_on=step.on,
        about=step.about,
        issuer=rung.issuer or None,
        to=_addressee(rules, suggestion, rung.recipient, step.unit),
    )


def _addressee(rules: Rulebook, suggestion: Suggestion, recipient: str, unit: str) -> str | None:
    """Whom it is addressed to beside the unit; None for the unit itself, and where nobody is known."""
    assignment = suggestion.assignment_of(unit)
    if recipient == "leader":
        return rules.leader_of(suggestion, unit)
    if recipient in {"section", "person"}:
        named: str | None = getattr(assignment, recipient, None)
        return named
    return None if recipient == "unit" else recipient
