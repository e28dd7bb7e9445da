"""Invariants, runtime monitors: what must never happen, in any story or recorded history?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from handleflow.acts import Reply, Supervise
from handleflow.core import evolve, replay
from handleflow.events import TermSet
from handleflow.model import Entry, Suggestion
from handleflow.rules import Rulebook
from handleflow.testing.scenario import Outcome, Scenario
from handleflow.values import frozen

Rule = Callable[[Suggestion, Entry, Suggestion], bool]
"""Whether all is well with one entry, given the suggestion before and after it."""


@frozen
class Breach:
    """A monitor that was broken, and the entry that broke it."""

    monitor: str
    entry: Entry

    def __str__(self) -> str:
        return f"{self.monitor}: broken by entry {self.entry.number} ({self.entry.kind}, {self.entry.on})"


@frozen
class Monitor:
    """A property that must never break, by its *name*, which says it."""

    name: str
    holds: Rule

    def breaches(self, id: str, history: Iterable[Entry]) -> Iterator[Breach]:
        """Every entry of a history that breaks it."""
        before, so_far = Suggestion(id), list[Entry]()
        for entry in history:
            so_far.append(entry)
            after = replay(id, so_far) if entry.event.right_times else evolve(before, entry)
            if not self.holds(before, entry, after):
                yield Breach(self.name, entry)
            before = after


def monitor(name: str) -> Callable[[Rule], Monitor]:
    """A monitor made of a small function: ``@monitor("no reply without a contact")``."""
    return lambda holds: Monitor(name, holds)


def never(kind: str, *, after: str = "", before: str = "", name: str = "") -> Monitor:
    """
    A pattern of events: no *kind* once *after* was recorded, or none until *before* was; each a permanent kind.

    ``never("supervised", after="closed")``, ``never("replied", before="contact_recorded")``.
    """

    def held_after(history: list[str]) -> bool:
        return not (after and after in history) and not (before and before not in history)

    words = name or " ".join(
        filter(None, (f"no {kind}", f"after {after}" * bool(after), f"before {before}" * bool(before)))
    )
    return _Pattern(words, lambda *_: True, kind, held_after)


@frozen
class _Pattern(Monitor):
    """A monitor that looks at the kinds before an entry."""

    kind: str
    allowed: Callable[[list[str]], bool]

    def breaches(self, id: str, history: Iterable[Entry]) -> Iterator[Breach]:
        """Every entry of a history that breaks it."""
        kinds: list[str] = []
        for entry in history:
            if entry.kind == self.kind and not self.allowed(kinds):
                yield Breach(self.name, entry)
            kinds.append(entry.kind)


def watch(lived: Scenario | Outcome | Iterable[Entry], *monitors: Monitor, id: str = "1") -> tuple[Breach, ...]:
    """Every breach of *monitors* in a story, in what came of it, or in a recorded history."""
    if isinstance(lived, Outcome):
        id, history = lived.suggestion.id, (*lived.story.history, *lived.entries)
    elif isinstance(lived, Scenario):
        id, history = lived.suggestion.id, lived.history
    else:
        history = tuple(lived)
    return tuple(breach for each in monitors for breach in each.breaches(id, history))


@monitor("no reply without a contact of its unit")
def no_reply_without_a_contact(before: Suggestion, entry: Entry, after: Suggestion) -> bool:
    return not isinstance(entry.event, Reply) or any(c.unit == entry.by.name for c in before.contacts)


@monitor("no term that began without a day it ends on")
def no_term_without_an_end(before: Suggestion, entry: Entry, after: Suggestion) -> bool:
    event = entry.event
    return not isinstance(event, TermSet) or event.anchor_on is None or event.due_on is not None


def no_supervision_after_the_end(rules: Rulebook) -> Monitor:
    """No supervision of a suggestion that is over under *rules*."""
    return Monitor(
        "no supervision after the end",
        lambda before, entry, after: not isinstance(entry.event, Supervise) or not rules.is_over(before),
    )


def library_monitors(rules: Rulebook) -> tuple[Monitor, ...]:
    """Monitors of the library for lives under *rules*; a host adds its own."""
    return (no_reply_without_a_contact, no_term_without_an_end, no_supervision_after_the_end(rules))
