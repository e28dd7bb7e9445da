"""
Legacy entry format: what did an entry look like before schema 3, without a salt, and what was called otherwise then?

So it stands in stores of schema 1 and 2 and in backups of format 1. It is read, and never written again: whoever
reads it looks first whether it is what its hash stands for, and chains it anew under today's names (docs/adr/0023).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import combinations, islice
from typing import Any

import attrs
from pendulum import DateTime

from handleflow.canonical_json import canonical
from handleflow.codec import Codec, Entropy, fingerprint_without, salt_from
from handleflow.errors import BrokenHistory
from handleflow.hash_chain import Private, StoredEntry, chained, written
from handleflow.hash_chain import genesis as genesis_now
from handleflow.legal_time import Day, WorkCalendar
from handleflow.values import frozen

EMPTY_FEED = sha256(b"handleflow/feed/1").hexdigest()
_MOST_GUESSES = 1000
Digests = tuple[str, str, str, str]
"""The digest of a rulebook, and its calendar's name, version and digest; empty where nobody knows."""
UNKNOWN: Digests = ("", "", "", "")


def digests_of(rulebook: str, calendar: WorkCalendar | None) -> Digests:
    """What stands under the hash of entries that were decided under a rulebook of that digest and its calendar."""
    counted_by = ("", "", "") if calendar is None else (calendar.name, calendar.version, calendar.digest)
    return (rulebook, *counted_by)


@frozen
class OldEntry:
    """An entry without a salt."""

    number: int
    kind: str
    at: DateTime
    on: Day
    by_role: str
    by_name: str
    state: str
    rulebook_name: str
    rulebook_version: str
    body: bytes
    hash: str
    private: tuple[Private, ...] = ()


def genesis(id: str) -> str:
    """What the first entry of a suggestion was chained to."""
    return sha256(f"handleflow/1\n{id}".encode()).hexdigest()


def entry_hash(previous: str, old: OldEntry) -> str:
    """The hash that an entry must have."""
    header = (old.number, old.kind, written(old.at), old.on.isoformat(), old.by_role, old.by_name, old.state)
    rulebook = (old.rulebook_name, old.rulebook_version)
    return sha256(canonical([previous, *header, *rulebook]) + b"\n" + old.body).hexdigest()


def feed_head(previous: str, position: int, id: str, number: int, hash: str) -> str:
    """The head that a position of its feed must have."""
    return sha256(canonical([previous, position, id, number, hash])).hexdigest()


def require_whole(id: str, old: Iterable[OldEntry]) -> None:
    """
    Make sure that every entry is what its hash stands for: what was changed must not look whole when chained anew.

    Raises:
        BrokenHistory: when one is not.
    """
    previous = genesis(id)
    for number, each in enumerate(old, 1):
        if each.number != number or entry_hash(previous, each) != each.hash:
            raise BrokenHistory(f"suggestion {id}, entry {number}: its hash does not fit; somebody changed it")
        previous = each.hash


def chained_anew(
    id: str, old: Iterable[OldEntry], digests: Mapping[tuple[str, str], Digests], entropy: Entropy
) -> Iterator[StoredEntry]:
    """The entries under the names of now, each with a salt and the *digests* of its rulebook and its calendar."""
    previous = genesis_now(id)
    for each in old:
        entry = _entry(each, digests.get((each.rulebook_name, each.rulebook_version), UNKNOWN), salt_from(entropy))
        previous = chained(previous, entry)
        yield attrs.evolve(entry, hash=previous)


def _entry(old: OldEntry, digests: Digests, salt: bytes) -> StoredEntry:
    """The same entry under the names of now, without its hash."""
    columns: list[Any] = [old.number, kind_now(old.kind), old.at, old.on]
    columns += [old.by_role, old.by_name, old.by_name, old.state]
    columns += [old.rulebook_name, old.rulebook_version, *digests]
    columns += [salt, body_now(old.kind, old.body), "", old.private]
    return StoredEntry(*columns)


def fingerprint_now(codec: Codec, digest: str, old: Iterable[OldEntry], now: Iterable[StoredEntry]) -> str:
    """The fingerprint that a key's old one has become under the keys of now; it stands for the bytes of its entry."""
    for before, after in zip(old, now, strict=True):
        if codec.fingerprint_of(before.kind, before.by_role, before.by_name, before.body) == digest:
            return codec.fingerprint_in(after) or digest
        if before.body != after.body and (found := _of_unknown_kind(digest, before, after)) is not None:
            return found
    return digest


def _of_unknown_kind(digest: str, before: OldEntry, after: StoredEntry) -> str | None:
    """The same of a host's own act whose class nobody handed in: which fields are private, the old *digest* tells."""
    was, now = json.loads(before.body), json.loads(after.body)
    for private in islice(_may_be_private(was), _MOST_GUESSES):
        if fingerprint_without(private, before.kind, before.by_role, before.by_name, was) == digest:
            return fingerprint_without(private, after.kind, after.by_role, after.by_id, now)
    return None


def _may_be_private(plain: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """Which fields may be: those of which a digest is told, and any of those of which nothing is."""
    sealed = tuple(name for name, value in plain.items() if isinstance(value, dict) and value.keys() == {"digest"})
    untold = [name for name, value in plain.items() if value is None]
    for many in range(len(untold) + 1):
        yield from ((*sealed, *names) for names in combinations(untold, many))


_KINDS = {"term_passed": "term_outcome_unknown"}
_OF_A_STEP = {"claim": "firing_key"}
_FIELDS: Mapping[str, Mapping[str, str]] = {
    "received": {"place": "locality"},
    "taken_over": {"place": "locality"},
    "contact_recorded": {"means": "channel"},
    "supervised": {**_OF_A_STEP, "measure": "channel", "insisting": "override_reason"},
    "rung_lapsed": _OF_A_STEP,
    "rung_suppressed": _OF_A_STEP,
    "reply_classified": {"classified": "snapshot"},
}
_CORRECTED = {
    "place": "locality",
    "suggestion.place": "suggestion.locality",
    "means": "channel",
    "contact.means": "contact.channel",
}
_TERM_KEY = {"rule", "unit", "round", "generation"}
_RULEBOOK = {"arrow": "transition", "measures": "channels", "is_collapsing": "coalesce", "quiet": "cooldown"}
_ROWS: Mapping[str, Mapping[str, str]] = {
    "rung": {"measure": "channel", "only": "applies_to"},
    "term": {"only": "applies_to"},
    "leader": {"only": "applies_to"},
}


def kind_now(kind: str) -> str:
    """What a kind is called now."""
    return _KINDS.get(kind, kind)


def body_now(kind: str, body: bytes) -> bytes:
    """The body of an entry under the keys of now; the same bytes where nothing in it was called otherwise."""
    plain = json.loads(body)
    renamed = _under(_FIELDS.get(kind, {}), _terms_renamed(plain))
    if kind == "corrected" and renamed.get("field") in _CORRECTED:
        renamed["field"] = _CORRECTED[renamed["field"]]
    return body if renamed == plain else canonical(renamed)


def rulebook_now(document: str) -> str:
    """The text of a rulebook under the keys of now; the same text where nobody can read it."""
    try:
        plain = json.loads(document)
    except (ValueError, RecursionError):
        return document
    if not isinstance(plain, dict):
        return document
    found = _under(_RULEBOOK, plain)
    if isinstance(found.get("lifecycle"), dict):
        found["lifecycle"] = _under({"arrow": "transition"}, found["lifecycle"])
    for table, names in _ROWS.items():
        if isinstance(rows := found.get(table), list):
            found[table] = [_under(names, row) for row in rows]
    return document if found == plain else canonical(found).decode()


def _under(names: Mapping[str, str], plain: Any) -> Any:
    return {names.get(key, key): value for key, value in plain.items()} if isinstance(plain, dict) else plain


def _terms_renamed(value: Any) -> Any:
    if isinstance(value, list):
        return [_terms_renamed(each) for each in value]
    if not isinstance(value, dict):
        return value
    names = {"generation": "ref"} if value.keys() == _TERM_KEY else {}
    return {names.get(key, key): _terms_renamed(each) for key, each in value.items()}
