"""How do batches and entries become rows, and rows entries?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Any

from handleflow.legal_time import Day
from handleflow.model import Claim, Suggestion, TermKey
from handleflow.sealing import Private, Sealed
from handleflow.store import Batch, KeptKey
from handleflow.stores._tables import HEADER

Values = dict[str, Any]
_ENTRY = (*HEADER, "body", "hash")
_entry = attrgetter(*_ENTRY)


def picture_row(batch: Batch, head: str, picture: str) -> Values:
    """The columns of a suggestion, apart from its id, that are not known to be as they were."""
    after = batch.picture
    row = {"version": after.version, "wakes_on": batch.wakes_on, "head": head, "picture": picture}
    if batch.before is None or not batch.expected:
        return {**row, **looked_for(after)}
    if not batch.may_wake_otherwise:
        del row["wakes_on"]  # an index hangs on it, which SQLite writes anew even where the day is the same
    return {**row, **_looked_for_anew(batch.before, after)}


_AS_THEY_ARE = ("state", "title", "category", "session", "is_key", "is_confidential")
_looked_for_by = attrgetter("rulebook", "terms", *_AS_THEY_ARE)
LOOKED_FOR = (*_AS_THEY_ARE, "due_on", "rulebook")
"""The columns of what a suggestion is looked for by."""


def looked_for(picture: Suggestion) -> Values:
    """What a suggestion is looked for by, apart from the names that have to do with it."""
    rulebook, _, *same = _looked_for_by(picture)
    beside = {"due_on": picture.first_due, "rulebook": str(rulebook) if rulebook else None}
    return {**dict(zip(_AS_THEY_ARE, same, strict=True)), **beside}


def _looked_for_anew(before: Suggestion, after: Suggestion) -> Values:
    if _looked_for_by(before) == _looked_for_by(after):
        return {}  # so it is with most acts, and the first day alone takes 3 µs to be found
    was = looked_for(before)
    return {name: value for name, value in looked_for(after).items() if value != was[name]}


def party_rows(batch: Batch) -> list[Values]:
    """Who has to do with it (deputies, units, leaders in charge), and how it was answered."""
    after = batch.picture
    named = {"deputy": after.deputies, "unit": after.units, "leader": batch.leaders, "outcome": after.outcomes}
    parties = {(part, name) for part, names in named.items() for name in names}
    return [{"suggestion_id": batch.id, "part": part, "name": name} for part, name in sorted(parties)]


def term_rows(batch: Batch) -> list[Values]:
    """The terms that run, with their days, and those of an open suggestion that have none."""
    running = [(term.key, term.due_on) for term in batch.picture.running_terms()]
    found: list[tuple[TermKey, Day | None]] = [*running, *((key, None) for key in batch.unarmed)]
    return [{"suggestion_id": batch.id, **_key_row(key), "due_on": due_on} for key, due_on in found]


def claim_row(id: str, entry: int, claim: Claim) -> Values:
    """A rung's chance, and the entry that took it."""
    about = _key_row(claim.term)
    return {"suggestion_id": id, **about, "rung": claim.rung, "occurrence": claim.occurrence, "entry": entry}


def _key_row(key: TermKey) -> Values:
    return {"rule": key.rule, "unit": key.unit, "round": key.round, "generation": key.generation}


def key_row(id: str, kept: KeptKey) -> Values:
    """An idempotency key and what it stands for."""
    return {"suggestion_id": id, "key": kept.key, "digest": kept.digest, "first": kept.first, "last": kept.last}


def entry_row(id: str, sealed: Sealed) -> Values:
    """A sealed entry."""
    return {"suggestion_id": id, **dict(zip(_ENTRY, _entry(sealed), strict=True))}


def private_rows(id: str, sealed: Sealed) -> Iterator[Values]:
    """What of an entry may be erased."""
    for kept in sealed.private:
        about = {"suggestion_id": id, "number": sealed.number, "field": kept.field}
        yield {**about, "salt": kept.salt, "value": kept.value}


def sealed_of(header: Sequence[Any], body: Any, hash: str, private: tuple[Private, ...]) -> Sealed:
    """An entry as it was stored."""
    # SQLite gives back text where somebody put text behind our back; it is read, and its hash tells.
    told: tuple[Any, ...] = (*header, body if isinstance(body, bytes) else str(body).encode(), hash, private)
    return Sealed(*told)
