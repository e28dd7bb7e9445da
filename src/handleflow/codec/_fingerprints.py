"""Idempotency fingerprints: is what is asked for under a key what was recorded under it?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

from handleflow.canonical_json import canonical
from handleflow.hash_chain import StoredEntry


def fingerprint_without(private: Iterable[str], kind: str, role: str, by: str, plain: dict[str, Any]) -> str:
    """The fingerprint of an act of which *plain* tells, apart from its *private* fields."""
    hidden = frozenset(private)
    public = {field: value for field, value in plain.items() if field not in hidden}
    return sha256(canonical({"kind": kind, "by": [role, by], "act": public})).hexdigest()


def differing(
    private: Iterable[str], plain: dict[str, Any], whose: tuple[str, str, str], recorded: Iterable[StoredEntry]
) -> tuple[str, ...]:
    """
    The *private* fields in which an act, as *plain* data, differs from the one *recorded*, by kind, role and id.

    They are compared by the digests in its entry, under the salts that are erased with the values: of what was erased
    nobody can tell any more, and it is taken for the same.
    """
    its = (each for each in recorded if (each.kind, each.by_role, each.by_id) == whose)
    return tuple(name for stored in its for name in _differing_in(stored, private, plain))


def _differing_in(stored: StoredEntry, private: Iterable[str], plain: dict[str, Any]) -> Iterator[str]:
    body, salts = json.loads(stored.body), {kept.field: kept.salt for kept in stored.private}
    return (name for name in private if not _is_same(plain[name], body.get(name), salts.get(name)))


def private_digest(salt: bytes, value: str) -> dict[str, str]:
    """What stands in the body of an entry for a private value."""
    return {"digest": sha256(salt + value.encode()).hexdigest()}


def _is_same(given: Any, recorded: Any, salt: bytes | None) -> bool:
    """Whether a private value that is *given* is what was *recorded*, as far as its *salt* is there to tell."""
    if given is None or recorded is None or salt is None:
        return (given is None) == (recorded is None)
    is_same: bool = private_digest(salt, json.dumps(given, ensure_ascii=False)) == recorded
    return is_same
