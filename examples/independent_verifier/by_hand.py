"""What does evidence look like? A record of nobody's, written without handleflow, so that tests can forge it."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

Plain = dict[str, Any]
"""What a file of evidence says."""

KEY = Ed25519PrivateKey.from_private_bytes(b"1" * 32)
RULES, DAYS = '{"name":"placeholder rules"}', '{"holidays":["2026-01-01"]}'
OURS, OTHERS = "17", "18"
OWN, SIZE = (1, 2, 5, 6), 7
"""At which positions of the feed, of how many, the entries of OURS stand; the others are of OTHERS."""

SALT, BODY, HASH, PRIVATE = 14, 15, 16, 17
"""Where they stand in an entry; before them stands its header."""


def canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def salt_of(*of_what: object) -> str:
    """As good as chance here: another one for everything."""
    return digest_of(repr(of_what))[:32]


def written(plain: Plain) -> bytes:
    """Its file, with a checksum that fits whatever it says."""
    rest = {name: value for name, value in plain.items() if name != "checksum"}
    return canonical({**rest, "checksum": sha256(canonical(rest)).hexdigest()}) + b"\n"


def entry_of(id: str, number: int) -> list[Any]:
    """An entry that is not chained yet: header, salt, body, an empty hash, private fields."""
    header = [number, "noted", f"2026-02-{number:02}T01:00:00.000000+00:00", f"2026-02-{number:02}"]
    header += ["unit", "water", "水务局 (placeholder)", "handling", "placeholder rules", "1", digest_of(RULES)]
    header += ["placeholder days", "2026.1", digest_of(DAYS)]
    salt, value = salt_of(id, number, "phone"), '"000-0000"'
    phone = {"digest": sha256(bytes.fromhex(salt) + value.encode()).hexdigest()}
    body = canonical({"text": f"{id}: 第 {number} 件", "phone": phone}).decode()
    return [*header, salt_of(id, number), body, "", [["phone", salt, value]]]


def chain(id: str, entries: list[list[Any]]) -> list[list[Any]]:
    """Give each the hash that fits what it says now."""
    previous = digest_of(f"handleflow/2\n{id}")
    for entry in entries:
        chained = canonical([previous, entry[SALT], *entry[:SALT]]) + b"\n" + entry[BODY].encode()
        entry[HASH] = previous = sha256(chained).hexdigest()
    return entries


def record(size: int = SIZE, own: tuple[int, ...] = OWN) -> tuple[list[list[Any]], list[bytes]]:
    """The entries of OURS, and the hashes of all entries in the order of the feed."""
    ours = chain(OURS, [entry_of(OURS, number) for number in range(1, len(own) + 1)])
    others = chain(OTHERS, [entry_of(OTHERS, number) for number in range(1, size - len(own) + 1)])
    waiting = {True: iter(ours), False: iter(others)}
    feed = [next(waiting[position in own]) for position in range(1, size + 1)]
    return ours, [bytes.fromhex(entry[HASH]) for entry in feed]


def digest_at(leaves: list[bytes]) -> Plain:
    """The digest of a feed of those hashes, signed."""
    said = {"handleflow": "digest", "format": 1, "position": len(leaves), "digest": head(leaves).hex()}
    more = {"at": "2026-02-28T01:00:00.000000+00:00", "anchors": [], "since": 0, "proof": []}
    return signed({**said, **more}, KEY)


def signed(digest: Plain, key: Ed25519PrivateKey) -> Plain:
    """The same statement with the name of the key and its signature."""
    statement = {**digest, "key": key.public_key().public_bytes_raw().hex()}
    statement.pop("signature", None)
    return {**statement, "signature": key.sign(canonical(statement)).hex()}


def evidence(size: int = SIZE, own: tuple[int, ...] = OWN) -> Plain:
    """Evidence of OURS, whose entries stand at those positions of a feed of that size."""
    entries, leaves = record(size, own)
    return {
        "handleflow": "evidence",
        "format": 1,
        "suggestion": OURS,
        "digest": digest_at(leaves),
        "entries": [[n, path(n - 1, leaves), entry] for n, entry in zip(own, entries, strict=True)],
        "rulebooks": [["placeholder rules", "1", digest_of(RULES), RULES]],
        "calendars": [["placeholder days", "2026.1", digest_of(DAYS), DAYS]],
        "terms": [],
    }


# The tree word by word as RFC 9162 defines it, 2.1.1 and 2.1.3.1; leaves are counted from 0 there.


def head(leaves: list[bytes]) -> bytes:
    """Its head."""
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = split(len(leaves))
    return sha256(b"\x01" + head(leaves[:k]) + head(leaves[k:])).digest()


def path(m: int, leaves: list[bytes]) -> list[str]:
    """What proves leaf *m*."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), head(leaves[k:]).hex()]
    return [*path(m - k, leaves[k:]), head(leaves[:k]).hex()]


def split(n: int) -> int:
    """The largest power of two below *n*."""
    k = 1
    while 2 * k < n:
        k *= 2
    return k
