"""Unit of work: what does one decision add to one history?"""

from __future__ import annotations

from attrs import field
from pendulum import DateTime

from handleflow.hash_chain import StoredEntry, genesis
from handleflow.model import Entry, FiringKey, Suggestion, TermKey
from handleflow.model.fields import named
from handleflow.values import frozen


@frozen
class IdempotencyKey:
    """A *key* as it is kept: the *digest* of the act and actor it stands for, and its *first* and *last* entry."""

    key: str = field(validator=named)
    digest: str
    first: int
    last: int


@frozen
class Batch:
    """
    What one decision adds to one history.

    *expected* is the version it was decided on, 0 for a new suggestion; *suggestion* is folded with the entries;
    *wakes_at* the instant the clock next has something to say of it; *terms_without_day* those of an open suggestion
    whose day nobody knows, since nobody knows what they count from; *leaders* those in charge of it.
    *has_moved_terms* and *has_other_facets* are False where what is derived of terms or of names stays as it is, and
    *leaders* are not named again then; *may_wake_otherwise* is False where the instant it wakes is known to stay.
    *before* is the suggestion it was decided on: what stays as it was need not be written again. *stored* are its
    entries as bytes, chained to what was there; empty until they are.
    """

    id: str
    expected: int
    entries: tuple[Entry, ...]
    suggestion: Suggestion
    wakes_at: DateTime | None = None
    keys: tuple[IdempotencyKey, ...] = ()
    terms_without_day: tuple[TermKey, ...] = ()
    leaders: tuple[str, ...] = ()
    has_moved_terms: bool = True
    has_other_facets: bool = True
    before: Suggestion | None = None
    may_wake_otherwise: bool = True
    stored: tuple[StoredEntry, ...] = ()

    @property
    def previous(self) -> str:
        """The hash its first entry is chained to."""
        return self.before.last_hash if self.expected and self.before is not None else genesis(self.id)

    @property
    def last_hash(self) -> str:
        """The hash the history has come to with it."""
        return self.stored[-1].hash if self.stored else self.previous

    @property
    def firing_keys(self) -> tuple[tuple[int, FiringKey], ...]:
        """The firing keys of the steps that its entries take, each with the number of its entry."""
        found = [(entry.number, getattr(entry.event, "firing_key", None)) for entry in self.entries]
        return tuple([(number, key) for number, key in found if key is not None])
