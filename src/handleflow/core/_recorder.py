"""Event recorder: how do several entries come onto one suggestion, each seeing the one before?"""

from __future__ import annotations

from collections.abc import Sequence

from handleflow.core.evolve import finalize
from handleflow.errors import Reason
from handleflow.model import Entry, Event, Provenance, Suggestion
from handleflow.rules import Rulebook
from handleflow.values import frozen


@frozen
class Decision:
    """What a granted act, or the clock, leaves: its entries, the suggestion after them, and the *warnings* met."""

    entries: tuple[Entry, ...]
    suggestion: Suggestion
    warnings: tuple[Reason, ...] = ()


class Recorder:
    """
    Writes entries of one *provenance* after another; *suggestion* is as the last one left it.

    *history* are those before, for what reads them.
    """

    def __init__(self, rules: Rulebook, suggestion: Suggestion, provenance: Provenance) -> None:
        self.rules = rules
        self.suggestion = suggestion
        self.provenance = provenance
        self.entries: list[Entry] = []
        self.history: Sequence[Entry] = ()

    def append(self, event: Event, provenance: Provenance | None = None) -> None:
        """Write *event*, which leaves the state as it is."""
        given = provenance or self.provenance
        self.append_act(event, given, self.suggestion.state, event.effect(self.suggestion, given))

    def append_act(self, event: Event, provenance: Provenance, state: str, after: Suggestion) -> None:
        """Write *event*, which leads to *state* and left the suggestion *after*."""
        rules = self.rules
        entry = Entry(self.suggestion.next_entry, event, provenance, state, rules.ref, "", rules.calendar_ref)
        self.suggestion = finalize(after, entry)
        self.entries.append(entry)
