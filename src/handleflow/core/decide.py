"""Command handling: may this act be, and what does it bring about?"""

from __future__ import annotations

from typing import Any

from handleflow.core import _plan
from handleflow.core._anchors import write_corrected
from handleflow.core._consequences import write_consequences, write_misses
from handleflow.core._missing_terms import begin_missing
from handleflow.core._plan import Plan, plan_of
from handleflow.core._recorder import Decision, Recorder
from handleflow.core.corrected_time import Corrected
from handleflow.errors import OutsideCalendar, Reason, Refused, reason_outside
from handleflow.legal_time import Day
from handleflow.model import Act, Provenance, Question, Suggestion
from handleflow.model.changing import changed
from handleflow.rules import GuardRule, Rulebook


def decide(
    rules: Rulebook,
    suggestion: Suggestion,
    act: Act,
    provenance: Provenance,
    leaving: Rulebook | None = None,
    corrected: Corrected | None = None,
    begun_on: Day | None = None,
) -> Decision | Refused:
    """
    The decision that *act* comes to, with the entries it leaves and its warnings; or a refusal with every reason.

    First the misses up to that day, then the act, then its consequences. The lifecycle names the
    transition: without one the state is the only reason. *leaving* is the rulebook that *act* leaves for *rules*: it
    is asked as well, and may keep the suggestion. *corrected* is what *suggestion* is made of, for an act that reads
    the history: without it no term begins of a rule that held for nothing before. *begun_on* is the last day that has
    surely begun, where that is not the day of *provenance*: what was due on it is not missed yet. Where a day that
    follows cannot be counted, that is the reason.
    """
    try:
        return _decided(rules, suggestion, act, provenance, leaving, corrected, begun_on)
    except OutsideCalendar as outside:
        return Refused(suggestion.id, act.verb, (reason_outside(outside),))


def _decided(
    rules: Rulebook,
    suggestion: Suggestion,
    act: Act,
    provenance: Provenance,
    leaving: Rulebook | None,
    corrected: Corrected | None,
    begun_on: Day | None,
) -> Decision | Refused:
    plan = plan_of(rules, suggestion.state, type(act))
    recorder, question = _opened(rules, suggestion, act, provenance, leaving, begun_on)
    if corrected is not None:
        recorder.history = corrected.history
        question = changed(question, history=corrected.history)
    reasons = plan.reasons(question) if leaving is None else _reasons_of_both(leaving, plan, question)
    if refusing := [reason for reason in reasons if reason.refuses]:
        return Refused(suggestion.id, act.verb, tuple(_named(rules, refusing)))
    before = recorder.suggestion
    after = act.effect(before, provenance)
    recorder.append_act(act, provenance, plan.target(provenance.by.role, after), after)
    write_consequences(recorder, before, plan)
    if corrected is not None:
        write_corrected(recorder, corrected.days)
        if corrected.history and _is_ruled_otherwise(before, recorder.suggestion):
            begin_missing(recorder, corrected.history)
    return Decision(tuple(recorder.entries), recorder.suggestion, tuple(reasons))


def _is_ruled_otherwise(before: Suggestion, after: Suggestion) -> bool:
    """Whether other rules of terms hold: those of another version, or of a suggestion made in session or between."""
    return (before.rulebook, before.in_session) != (after.rulebook, after.in_session)


def _opened(
    rules: Rulebook,
    suggestion: Suggestion,
    act: Act,
    provenance: Provenance,
    leaving: Rulebook | None,
    begun_on: Day | None,
) -> tuple[Recorder, Question[Any]]:
    """What is asked of *act*, once the misses up to its day are written."""
    recorder = Recorder(leaving or rules, suggestion, provenance)
    write_misses(
        recorder, begun_on or provenance.on
    )  # until now the rulebook left decided, and names what was missed
    recorder.rules = rules
    return recorder, Question(recorder.suggestion, type(act), act, provenance, rules.calendar, rules.convention)


def _reasons_of_both(leaving: Rulebook, plan: Plan, question: Question[Any]) -> list[Reason]:
    """Every reason of the rulebook left, on the day it is there, then those the one entered has beside them."""
    provenance = changed(question.provenance, on=leaving.calendar.day_of(question.provenance.at))
    theirs = changed(question, provenance=provenance, calendar=leaving.calendar, convention=leaving.convention)
    kept = plan_of(leaving, question.suggestion.state, question.act_class).reasons(theirs)
    return list(dict.fromkeys([*_named(leaving, kept), *plan.reasons(question)]))


def _named(rules: Rulebook, reasons: list[Reason]) -> list[Reason]:
    """The *reasons*, which call codes what the rulebook does that refuses."""
    return [reason if reason.labels else changed(reason, labels=rules.labels) for reason in reasons]


def open_acts(rules: Rulebook, suggestion: Suggestion, provenance: Provenance) -> tuple[type[Act], ...]:
    """
    The acts that could be asked for now, as far as that can be said without knowing what they would say.

    It asks the same checks as ``decide``; those that read an act's words are silent.
    """
    return _plan.open_acts(rules, Question(suggestion, Act, None, provenance, rules.calendar, rules.convention))


def guard_answers(
    rules: Rulebook,
    suggestion: Suggestion,
    act: Act,
    provenance: Provenance,
    leaving: Rulebook | None = None,
    begun_on: Day | None = None,
) -> tuple[tuple[str, bool], ...]:
    """The ids of the guards that ``decide`` asks of *act*, each with whether it lets it pass, for observers."""
    _, question = _opened(rules, suggestion, act, provenance, leaving, begun_on)
    guards = [each for each in plan_of(rules, suggestion.state, type(act)).checks if isinstance(each, GuardRule)]
    return tuple((guard.id, not any(reason.refuses for reason in guard(question))) for guard in guards)
