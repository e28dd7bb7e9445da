"""A life told in a few lines: rulebook, acts on days, and what came of it, without any store."""

from __future__ import annotations

from typing import Any

from attrs import evolve, field, frozen
from pendulum import DateTime, timezone

from handleflow import (
    CLOCK,
    Accept,
    Act,
    Actor,
    Asked,
    Assign,
    Entry,
    Receive,
    RecordContact,
    Refused,
    Reply,
    Rulebook,
    Suggestion,
    load,
)
from handleflow.core import decide, supervise
from handleflow.core.evolve import replay_onto
from handleflow.legal_time import day

SHANGHAI = timezone("Asia/Shanghai")
OFFICE = Actor("congress_office", "Standing Committee Office")
GOVERNMENT = Actor("government_office", "City Government Office")
LEADER = Actor("leader", "Vice Mayor (placeholder)")
DEPUTY = Actor("deputy", "Deputy A")
SECOND = Actor("deputy", "Deputy B")


def unit(name: str) -> Actor:
    """A handling unit."""
    return Actor("unit", name)


WATER, ROADS, SCHOOLS = unit("Water Bureau"), unit("Roads Bureau"), unit("Schools Bureau")


def instant(written: str, hour: int = 9) -> DateTime:
    """An instant on a day, in the rulebook's zone."""
    found = day(written)
    return DateTime(found.year, found.month, found.day, hour, tzinfo=SHANGHAI)


@frozen
class Story:
    """What happened so far, the last refusal if the last act was refused, and the entries of that act."""

    rules: Rulebook
    suggestion: Suggestion = field(factory=lambda: Suggestion("2026-017"))
    history: tuple[Entry, ...] = ()
    last: tuple[Entry, ...] = ()
    refused: Refused | None = None
    today: str = field(default="2026-02-09")

    def ask(self, act: Act, by: Actor, on: str | None = None) -> Story:
        """Ask for *act*; a refusal leaves the story as it was, with the refusal in it."""
        today = on or self.today
        asked = Asked(by, instant(today), self.rules.calendar.day_of(instant(today)))
        decided = decide(self.rules, self.suggestion, act, asked)
        if isinstance(decided, Refused):
            return evolve(self, refused=decided, last=(), today=today)
        return self._told(decided, today)

    def then(self, act: Act, by: Actor, on: str | None = None) -> Story:
        """Ask for *act* and insist that it is granted."""
        after = self.ask(act, by, on)
        assert after.refused is None, after.refused
        return after

    def sweep(self, on: str) -> Story:
        """Let the clock speak."""
        return self._told(supervise(self.rules, self.suggestion, at=instant(on)), on)

    def _told(self, entries: tuple[Entry, ...], today: str) -> Story:
        return Story(
            self.rules,
            replay_onto(self.suggestion, entries),
            (*self.history, *entries),
            entries,
            None,
            today,
        )

    @property
    def state(self) -> str:
        """Where it stands."""
        return self.suggestion.state

    @property
    def kinds(self) -> list[str]:
        """The kinds of the last entries."""
        return [entry.kind for entry in self.last]

    @property
    def reasons(self) -> tuple[str, ...]:
        """The rules that refused the last act."""
        return self.refused.rules if self.refused else ()

    def told_why(self, lang: str = "en") -> str:
        """The last refusal as the person refused reads it; empty when the last act was granted."""
        return self.refused.text(lang) if self.refused else ""

    @property
    def spoken(self) -> list[str]:
        """Who wrote the last entries, by role: the clock or a person."""
        return ["clock" if entry.by == CLOCK else entry.by.role for entry in self.last]


def rulebook(base: str = "cn.national", **changes: Any) -> Rulebook:
    """A shipped rulebook under a test's own name, with changes as a file that extends it would make."""
    return load(base, changes={"name": "test", "version": "1", **changes})


def received(rules: Rulebook) -> Story:
    """A suggestion taken in on 9 February 2026, made by Deputy A."""
    return Story(rules).then(Receive("Pipes", "Deputy A"), OFFICE, "2026-02-09")


def assigned(rules: Rulebook, *leads: str, co_units: tuple[str, ...] = ()) -> Story:
    """The same, given to its units the day after; to the Water Bureau where no lead is named."""
    return received(rules).then(Assign(leads or ("Water Bureau",), co_units), OFFICE, "2026-02-10")


def accepted(rules: Rulebook, *leads: str, co_units: tuple[str, ...] = ()) -> Story:
    """The same, signed for by every unit on that day."""
    story = assigned(rules, *leads, co_units=co_units)
    for name in story.suggestion.units:
        story = story.then(Accept(), unit(name))
    return story


def replied(rules: Rulebook, *leads: str, outcome: str = "A") -> Story:
    """The same, answered by every lead on that day after it heard the deputy."""
    story = accepted(rules, *leads)
    for name in story.suggestion.units:
        story = story.then(RecordContact("before"), unit(name)).then(Reply(outcome, "done"), unit(name))
    return story
