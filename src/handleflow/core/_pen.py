"""How do several entries come onto one picture, each seeing the one before?"""

from __future__ import annotations

from handleflow.core.evolve import stamp
from handleflow.model import Asked, Entry, Event, Suggestion
from handleflow.rules import Rulebook
from handleflow.values import frozen


@frozen
class Settled:
    """What a granted act, or the clock, leaves: its entries in the history, and the suggestion after them."""

    entries: tuple[Entry, ...]
    suggestion: Suggestion


class Pen:
    """Writes entries one after another; *suggestion* is the picture as the last one left it."""

    def __init__(self, rules: Rulebook, suggestion: Suggestion) -> None:
        self.rules = rules
        self.suggestion = suggestion
        self.entries: list[Entry] = []

    def write(self, event: Event, asked: Asked) -> None:
        """Write *event*, which leaves the state as it is."""
        self.write_down(event, asked, self.suggestion.state, event.effect(self.suggestion, asked))

    def write_down(self, event: Event, asked: Asked, state: str, after: Suggestion) -> None:
        """Write *event*, which leads to *state* and left the picture *after*."""
        rules = self.rules
        entry = Entry(self.suggestion.next_entry, event, asked, state, rules.ref, "", rules.calendar_ref)
        self.suggestion = stamp(after, entry)
        self.entries.append(entry)
