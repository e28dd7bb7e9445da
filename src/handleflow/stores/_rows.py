"""How do batches and entries become rows, and rows entries?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from handleflow.legal_time import Day
from handleflow.model import Claim, Suggestion, TermKey
from handleflow.sealing import Private, Sealed
from handleflow.store import Batch, KeptKey
from handleflow.stores._tables import HEADER

Values = dict[str, Any]


def picture_row(batch: Batch, head: str, picture: str) -> Values:
    """What stands beside a suggestion's id: its picture, and what it is looked for by."""
    after = batch.picture
    beside = {"version": after.version, "wakes_on": batch.wakes_on, "head": head, "picture": picture}
    return {**beside, **looked_for(after)}


def looked_for(picture: Suggestion) -> Values:
    """What a suggestion is looked for by, apart from the names that have to do with it."""
    return {
        "state": picture.state,
        "title": picture.title,
        "category": picture.category,
        "session": picture.session,
        "is_key": picture.is_key,
        "is_confidential": picture.is_confidential,
        "due_on": picture.first_due,
        "rulebook": str(picture.rulebook) if picture.rulebook else None,
    }


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
    return {"suggestion_id": id, **{name: getattr(sealed, name) for name in (*HEADER, "body", "hash")}}


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
