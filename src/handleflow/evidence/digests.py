"""
Published digests: what stands for a record outside of it, and does the record still agree? Published digests, one
JSON line each.

A published digest is the tree head of the first n entry hashes of the feed (RFC 9162), with the day it was taken and
what the record was anchored to, and it may be signed. Whoever has one can tell later that nothing of the first n
entries was changed, removed, inserted or put in another order, whoever holds the store and whatever else he changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import attrs
from pendulum import DateTime

from handleflow.canonical_json import canonical
from handleflow.entry_json import (
    anchor_as_list,
    anchor_from_list,
    hash_of,
    instant_of,
    list_of,
    number_of,
    shown,
)
from handleflow.errors import BrokenBackup, BrokenDigest
from handleflow.evidence.keys import is_signed, public_bytes
from handleflow.hash_chain import IntegrityFault, written
from handleflow.legal_time import is_before
from handleflow.store import Anchor, FeedDigest, Store
from handleflow.tree_head import Frontier, consistency_proof, continues, heads_of, leaf_in_store
from handleflow.values import frozen

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FORMAT = 1
DIGEST = "(digest)"
"""What stands in the place of an id where a published digest is meant."""
_KIND = "digest"
_KEYS = {"handleflow", "format", "position", "digest", "at", "anchors", "since", "proof", "key", "signature"}
_SIGNED_BY = (("key", 64), ("signature", 128))


@frozen
class Published:
    """
    A digest as it is published: the tree head *digest* of the first *position* entries, *at* an instant.

    *proof* shows that it is of the same entries as the digest at position *since*, and more; 0 where none is
    compared. *key* and *signature* are hex digits, empty where it is not signed.
    """

    position: int
    digest: str
    at: DateTime
    anchors: tuple[Anchor, ...] = ()
    since: int = 0
    proof: tuple[str, ...] = ()
    key: str = ""
    signature: str = ""

    def plain(self) -> dict[str, Any]:
        """What its line says."""
        return {
            "handleflow": _KIND,
            "format": FORMAT,
            "position": self.position,
            "digest": self.digest,
            "at": written(self.at),
            "anchors": list(map(anchor_as_list, self.anchors)),
            "since": self.since,
            "proof": list(self.proof),
            "key": self.key,
            "signature": self.signature,
        }

    def line(self) -> str:
        """Its line, with the end of it."""
        return canonical(self.plain()).decode() + "\n"

    def signed_bytes(self) -> bytes:
        """What is signed: its line without the signature, as canonical JSON."""
        plain = self.plain()
        del plain["signature"]
        return canonical(plain)

    def signed(self, key: Ed25519PrivateKey) -> Published:
        """The same, signed."""
        named = attrs.evolve(self, key=public_bytes(key.public_key()).hex(), signature="")
        return attrs.evolve(named, signature=key.sign(named.signed_bytes()).hex())

    def is_signed_with(self, key: Ed25519PublicKey) -> bool:
        """Whether it was signed with the private key of *key*."""
        is_its = self.key == public_bytes(key).hex() and bool(self.signature)
        return is_its and is_signed(key, bytes.fromhex(self.signature), self.signed_bytes())


def digest_of(store: Store, at: DateTime, *, since: int = 0) -> Published:
    """
    The digest of *store* as it may be published *at* an instant, with a proof that it goes on from position *since*.

    Raises:
        BrokenDigest: when the store has no position *since*, or nothing can be proved since its entries were changed.
    """
    newest = store.digest()
    if not 0 <= since <= newest.position:
        raise BrokenDigest(f"there is no position {since}: the feed ends at {newest.position}")
    proof = _proof_since(store, since, newest) if since else ()
    return Published(newest.position, newest.digest, at, store.anchors(), since, proof)


def _proof_since(store: Store, since: int, newest: FeedDigest) -> tuple[str, ...]:
    heads = heads_of([leaf_in_store(each.hash) for each in islice(store.numbered(), newest.position)])
    if heads(0, newest.position).hex() != newest.digest:
        raise BrokenDigest("the feed's tree is not one of its entries; `handleflow verify` says more")
    return tuple(each.hex() for each in consistency_proof(heads, since, newest.position))


def read(lines: Iterable[str]) -> tuple[Published, ...]:
    """
    The digests of a file of published ones, oldest position first.

    Raises:
        BrokenDigest: when a line is none, with its number.
    """
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append(parsed(json.loads(line)))
        except (ValueError, RecursionError) as wrong:
            raise BrokenDigest(f"line {number} is no JSON: {wrong}") from None
        except BrokenDigest as broken:
            raise BrokenDigest(f"line {number}: {broken}") from None
    if not found:
        raise BrokenDigest("it holds no digest; `handleflow digest` writes one")
    return tuple(sorted(found, key=lambda each: each.position))


def parsed(plain: object) -> Published:
    """
    A published digest from what its line says.

    Raises:
        BrokenDigest: when it is none.
    """
    if not isinstance(plain, dict) or plain.keys() != _KEYS or plain["handleflow"] != _KIND:
        raise BrokenDigest("this is no digest that handleflow published")
    if plain["format"] != FORMAT or type(plain["format"]) is not int:
        raise BrokenDigest(f"this is a digest of format {shown(plain['format'])}, and {FORMAT} is known")
    try:
        return Published(
            number_of(plain["position"], "position"),
            hash_of(plain["digest"], "digest"),
            instant_of(plain["at"]),
            tuple(map(anchor_from_list, list_of(plain["anchors"], "anchors"))),
            number_of(plain["since"], "since"),
            tuple(hash_of(each, "a hash of the proof") for each in list_of(plain["proof"], "proof")),
            *("" if plain[name] == "" else hash_of(plain[name], name, digits) for name, digits in _SIGNED_BY),
        )
    except BrokenBackup as wrong:
        raise BrokenDigest(f"this is no digest that handleflow published: {wrong}") from None


def disagreements(
    published: Iterable[Published], hashes: Iterable[str], key: Ed25519PublicKey | None = None
) -> Iterator[IntegrityFault]:
    """
    Where published digests and a record are of two minds.

    *hashes* are those of its entries in the order of the feed. With *key*, each digest must be signed with it. One
    that was published before the record was restored or chained anew need not be a digest of it, where one that was
    published later, and is, names it as an anchor, or names one that is proved to go on from it: whoever published
    the later one answers for it.
    """
    all_of_them = sorted(published, key=lambda each: each.position)
    unsigned = {each: fault for each in all_of_them for fault in _wrong_in_itself(each, key)}
    wrong = dict(_not_of(all_of_them, hashes))
    sound = [each for each in all_of_them if each not in wrong and each not in unsigned]
    answered_for = _answered_for(all_of_them, sound)
    foreign = (fault for each, fault in wrong.items() if each not in answered_for)
    yield from (*unsigned.values(), *foreign, *_not_going_on(all_of_them))


def newest_of(published: Iterable[Published], hashes: Iterable[str]) -> int:
    """The position of the newest of *published* that is a digest of a record with those *hashes*; 0 where none is."""
    in_order = sorted(published, key=lambda each: each.position)
    foreign = dict(_not_of(in_order, hashes))
    return max((each.position for each in in_order if each not in foreign), default=0)


def _not_of(published: Iterable[Published], hashes: Iterable[str]) -> Iterator[tuple[Published, IntegrityFault]]:
    """The digests, in order of their positions, that are not of a record with those *hashes*; with why."""
    rest, tree = iter(hashes), Frontier()
    for each in published:
        while tree.size < each.position and (hash := next(rest, None)) is not None:
            tree = tree.appended(leaf_in_store(hash))
        if tree.size < each.position:
            yield each, IntegrityFault(DIGEST, 0, "cut_off", {"position": each.position, "size": tree.size})
        elif tree.head.hex() != each.digest:
            yield each, IntegrityFault(DIGEST, 0, "published_otherwise", {"position": each.position})


def _wrong_in_itself(published: Published, key: Ed25519PublicKey | None) -> Iterator[IntegrityFault]:
    if key is not None and not published.signature:
        yield IntegrityFault(DIGEST, 0, "not_signed", {"position": published.position})
    elif key is not None and not published.is_signed_with(key):
        yield IntegrityFault(DIGEST, 0, "signed_by_another", {"position": published.position})


def _answered_for(published: Sequence[Published], sound: Iterable[Published]) -> set[Published]:
    """Those, in order of their positions, that a later *sound* one names, or from which one of these goes on."""
    named: dict[tuple[int, str], list[Published]] = {}
    for each in sound:
        for anchor in each.anchors:
            named.setdefault((anchor.position, anchor.digest), []).append(each)
    found: set[Published] = set()
    going_on: dict[int, list[Published]] = {}
    for each in reversed(published):
        is_named = any(not is_before(one.at, each.at) for one in named.get((each.position, each.digest), ()))
        if is_named or any(_goes_on(each, later) for later in going_on.get(each.position, ())):
            found.add(each)
            going_on.setdefault(each.since, []).append(each)
    return found


def _not_going_on(published: Iterable[Published]) -> Iterator[IntegrityFault]:
    """Of those that say what they go on from, where that was published: whether they do."""
    by_position: dict[int, list[Published]] = {}
    for each in published:
        by_position.setdefault(each.position, []).append(each)
    for each in published:
        earlier = by_position.get(each.since, []) if each.since else []
        if earlier and not any(_goes_on(one, each) for one in earlier):
            yield IntegrityFault(DIGEST, 0, "not_going_on", {"position": each.position, "since": each.since})


def _goes_on(earlier: Published, later: Published) -> bool:
    heads = (bytes.fromhex(earlier.digest), bytes.fromhex(later.digest))
    proof = [bytes.fromhex(each) for each in later.proof]
    return continues(heads[0], earlier.position, heads[1], later.position, proof)
