"""How do several entries come onto one picture, each seeing the one before?"""

from __future__ import annotations

from handleflow.core.evolve import stamp
from handleflow.model import Asked, Entry, Event, Suggestion
from handleflow.rules import Rulebook


class Pen:
    """Writes entries one after another; *suggestion* is the picture as the last one left it."""

    def __init__(self, rules: Rulebook, suggestion: Suggestion) -> None:
        self.rules = rules
        self.suggestion = suggestion
        self.entries: list[Entry] = []

    def write(self, event: Event, asked: Asked, state: str | None = None) -> None:
        """Write *event*, which leaves the state as it is unless *state* is given."""
        suggestion = self.suggestion
        entry = Entry(
            suggestion.next_entry,
            event,
            asked,
            suggestion.state if state is None else state,
            self.rules.ref,
        )
        self.suggestion = stamp(event.effect(suggestion, asked), entry)
        self.entries.append(entry)
