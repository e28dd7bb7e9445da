"""
Given, when, then: how is a rulebook tried? Given a story, when somebody acts or the clock reads a day, this is what
comes of it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from contextvars import ContextVar

import attrs
from attrs import field
from pendulum import DateTime

from handleflow.core import Corrected, corrected_by, decide, open_acts, supervise
from handleflow.engine.observer import Observer, notify
from handleflow.errors import OutOfOrder, Reason, Refused
from handleflow.legal_time import Day, day
from handleflow.model import CLOCK, Act, Actor, Entry, Event, Provenance, Suggestion, Term
from handleflow.model.supervision import Supervision
from handleflow.rules import Rulebook
from handleflow.values import frozen

stories: ContextVar[list[Outcome] | None] = ContextVar("stories", default=None)
"""Where the outcomes of the running test are noted, so that a failure can tell its story."""


def office(name: str = "Office", role: str = "congress_office") -> Actor:
    """An office that assigns and supervises."""
    return Actor(role, name)


def government(name: str = "Government Office") -> Actor:
    """The government's office."""
    return Actor("government_office", name)


def unit(name: str = "Water Bureau") -> Actor:
    """A handling unit."""
    return Actor("unit", name)


def deputy(name: str = "Deputy A") -> Actor:
    """A deputy."""
    return Actor("deputy", name)


def leader(name: str = "Leader A") -> Actor:
    """A leader in charge."""
    return Actor("leader", name)


@frozen
class Outcome:
    """
    What came of one act, or of the clock's reading a day.

    *entries* are those it left, none where it was refused, with every reason in *reasons*; *suggestion*
    is the suggestion after it, *story* what had happened before.
    """

    story: Scenario
    what: str
    by: Actor
    on: Day
    suggestion: Suggestion
    entries: tuple[Entry, ...] = ()
    reasons: tuple[Reason, ...] = ()

    @property
    def is_granted(self) -> bool:
        """Whether nothing stood in its way."""
        return not self.reasons

    @property
    def events(self) -> tuple[Event, ...]:
        """What was recorded: the act and everything that followed from it."""
        return tuple(entry.event for entry in self.entries)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of what was recorded."""
        return tuple(entry.kind for entry in self.entries)

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of the rules that refused it."""
        return tuple(reason.rule for reason in self.reasons)

    @property
    def state(self) -> str:
        """Where the suggestion stands after it."""
        return self.suggestion.state

    @property
    def terms(self) -> dict[str, Term]:
        """The newest term of each rule, by ``rule`` and by ``rule of unit``."""
        found: dict[str, Term] = {}
        for term in self.suggestion.terms:
            found[term.key.rule] = term
            if term.key.unit:
                found[f"{term.key.rule} of {term.key.unit}"] = term
        return found

    @property
    def supervisions(self) -> tuple[Supervision, ...]:
        """The supervisions it brought about."""
        numbers = {entry.number for entry in self.entries}
        return tuple(s for s in self.suggestion.supervisions if s.entry in numbers)

    def text(self, lang: str = "en") -> str:
        """The whole refusal as the person refused reads it, in ``en`` or ``zh``; empty where it was granted."""
        if self.is_granted:
            return ""
        return Refused(self.suggestion.id, self.what, self.reasons).text(lang)

    def and_then(self) -> Scenario:
        """The story that goes on from it; the same as before where it was refused."""
        return self.story.after(self) if self.is_granted else self.story

    def __str__(self) -> str:
        return as_table(self)


@frozen
class Scenario:
    """A story under one rulebook, told act by act, before *observers*; nothing of it is stored."""

    rules: Rulebook
    suggestion: Suggestion
    history: tuple[Entry, ...] = ()
    steps: tuple[Outcome, ...] = field(default=(), repr=False)
    observers: tuple[Observer, ...] = field(default=(), repr=False, eq=False)

    @property
    def state(self) -> str:
        """Where the suggestion stands; empty where nothing has happened."""
        return self.suggestion.state

    @property
    def last(self) -> Outcome:
        """
        What came of the last step.

        Raises:
            OutOfOrder: when the story has not begun.
        """
        if not self.steps:
            raise OutOfOrder("the story has not begun: it has no last step")
        return self.steps[-1]

    def and_(self, act: Act, *, by: Actor, on: str | datetime.date | None = None) -> Scenario:
        """
        The story with *act* in it, which must be granted; on the day of the last step where none is named.

        Raises:
            AssertionError: when it is refused, with the story so far and every reason.
        """
        outcome = self.when(act, by=by, on=on)
        if not outcome.is_granted:
            raise AssertionError(f"the story cannot be told so:\n{outcome}")
        return self.after(outcome)

    def and_the_clock_reads(self, on: str | datetime.date) -> Scenario:
        """The story with what the clock said by a day."""
        return self.after(self.when_the_clock_reads(on))

    def when(self, act: Act, *, by: Actor, on: str | datetime.date | None = None) -> Outcome:
        """What comes of *act*: entries, or reasons."""
        provenance, corrected = self._provenance(by, on), Corrected(self.suggestion)
        if act.reads_history:
            corrected = corrected_by(act, self.suggestion, self.history)
        decision = decide(self.rules, corrected.suggestion, act, provenance, corrected=corrected)
        notify(self.observers, self.rules, corrected.suggestion, act, provenance, decision)
        if isinstance(decision, Refused):
            return self._noted(act.verb, provenance, self.suggestion, reasons=decision.reasons)
        return self._noted(act.verb, provenance, decision.suggestion, decision.entries)

    def when_the_clock_reads(self, on: str | datetime.date) -> Outcome:
        """What the clock has to say by a day."""
        provenance = self._provenance(CLOCK, on)
        decision = supervise(self.rules, self.suggestion, at=provenance.at)
        notify(self.observers, self.rules, self.suggestion, None, provenance, decision)
        return self._noted("clock", provenance, decision.suggestion, decision.entries)

    def open_acts(self, *, by: Actor, on: str | datetime.date | None = None) -> tuple[type[Act], ...]:
        """The acts *by* could ask for next, as far as that can be said before their words are known."""
        return open_acts(self.rules, self.suggestion, self._provenance(by, on))

    def _provenance(self, by: Actor, on: str | datetime.date | None) -> Provenance:
        last = self.steps[-1].on if self.steps else None
        given_on = on if on is not None else last
        if given_on is None:
            raise OutOfOrder("the first step of a story needs a day: on='2026-02-10'")
        today = day(given_on)
        if last is not None and today < last:
            raise OutOfOrder(f"the story has come to {last}; {today} is before it")
        at = DateTime(today.year, today.month, today.day, 9, tzinfo=self.rules.calendar.zone)
        return Provenance(by, at, today)

    def _noted(
        self,
        what: str,
        provenance: Provenance,
        after: Suggestion,
        entries: tuple[Entry, ...] = (),
        reasons: tuple[Reason, ...] = (),
    ) -> Outcome:
        outcome = Outcome(self, what, provenance.by, provenance.on, after, entries, reasons)
        noted = stories.get()
        if noted is not None:
            noted.append(outcome)
        return outcome

    def after(self, outcome: Outcome) -> Scenario:
        """The story with what came of its next step."""
        return attrs.evolve(
            self,
            suggestion=outcome.suggestion,
            history=(*self.history, *outcome.entries),
            steps=(*self.steps, outcome),
        )

    def __str__(self) -> str:
        return "\n".join(_table(self.steps))


def given(rules: Rulebook, id: str = "1", *, observers: Iterable[Observer] = ()) -> Scenario:
    """A story that has not begun, under *rules*; *observers* look on at whatever is decided in it."""
    return Scenario(rules, Suggestion(id), observers=tuple(observers))


def as_table(outcome: Outcome) -> str:
    """The story up to an outcome as a table: day, who, what, state, terms; then every reason."""
    lines = _table((*outcome.story.steps, outcome))
    lines += [f"  refused: {reason.text()}" for reason in outcome.reasons]
    return "\n".join(lines)


def latest(noted: Sequence[Outcome], most: int = 3) -> tuple[Outcome, ...]:
    """
    The last of the outcomes *noted* in a test, in their order; at *most* so many.

    One that a later one goes on from is left out, since the later one's story tells it.
    """
    found: list[Outcome] = []
    told_by_them: set[int] = set()
    for outcome in reversed(noted):
        if len(found) == most:
            break
        if id(outcome) not in told_by_them:
            found.append(outcome)
            told_by_them.update(map(id, outcome.story.steps))
    return tuple(reversed(found))


def _table(steps: tuple[Outcome, ...]) -> list[str]:
    rows = [("day", "who", "what", "state", "terms"), *(_row(step) for step in steps)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return ["  ".join((*(row[column].ljust(widths[column]) for column in range(4)), row[4])).rstrip() for row in rows]


def _row(step: Outcome) -> tuple[str, str, str, str, str]:
    what = step.what if step.is_granted else f"{step.what} (refused)"
    return str(step.on), step.by.name, what, step.state or "(nothing)", ", ".join(_terms(step))


def _terms(step: Outcome) -> Iterator[str]:
    for term in step.suggestion.terms:
        whose = f" of {term.key.unit}" if term.key.unit else ""
        yield f"{term.key.rule}{whose} {term.due_on or '?'} {term.status(step.on)}"
