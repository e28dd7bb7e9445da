"""
Merkle tree: what does one digest say of all that was recorded before it, and how is that proved? A Merkle tree head.

The tree of RFC 9162 (Certificate Transparency Version 2.0), section 2.1: a leaf is hashed behind a zero byte, two
nodes behind a one, and a range of leaves is split at the largest power of two below its length. So a head says how
many entries there are, each of them and their order. That an entry is among them, or that an earlier head is of the
same entries, is proved by as many hashes as the number of entries has binary digits, and tells nothing of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, reduce
from hashlib import sha256

from handleflow.values import frozen

Hash = bytes
Heads = Callable[[int, int], Hash]
"""Gives the head of the tree of the leaves from one place up to another, the latter left out."""

EMPTY: Hash = sha256().digest()
"""The head of a tree without leaves (RFC 9162, 2.1.1)."""


def leaf(data: bytes) -> Hash:
    """The leaf that stands for *data*."""
    return sha256(b"\x00" + data).digest()


def entry_leaf(hash: str) -> Hash:
    """The leaf of an entry, by its hash in hex digits."""
    return leaf(bytes.fromhex(hash))


def leaf_in_store(hash: str | None) -> Hash:
    """The same of whatever stands where a hash should; of what is none it is no leaf, and so in no tree."""
    try:
        return entry_leaf(hash or "")
    except (TypeError, ValueError):
        return b""


def _node(left: Hash, right: Hash) -> Hash:
    return sha256(b"\x01" + left + right).digest()


@frozen
class Frontier:
    """
    A tree that only grows: how many leaves it has, and the *roots* of the full trees they make up, the largest first.

    There are as many roots as *size* has ones among its binary digits, and that is all that has to be kept.
    """

    size: int = 0
    roots: tuple[Hash, ...] = ()

    def appended(self, new: Hash) -> Frontier:
        """The tree with one leaf more."""
        roots, trees = list(self.roots), self.size
        while trees & 1:
            new, trees = _node(roots.pop(), new), trees >> 1
        return Frontier(self.size + 1, (*roots, new))

    @property
    def levels(self) -> list[int]:
        """The level of each root's tree: the binary logarithm of how many leaves it has."""
        return [level for level in reversed(range(self.size.bit_length())) if self.size >> level & 1]

    @property
    def head(self) -> Hash:
        """The tree head (RFC 9162, 2.1.1)."""
        if not self.roots:
            return EMPTY
        *larger, found = self.roots
        for root in reversed(larger):
            found = _node(root, found)
        return found


def frontier(leaves: Iterable[Hash]) -> Frontier:
    """The tree of some *leaves*."""
    return reduce(Frontier.appended, leaves, Frontier())


_WHOLE = 1024
"""Ranges up to so many leaves are hashed when they are asked for; the heads of longer ones are remembered."""


def heads_of(leaves: Sequence[Hash]) -> Heads:
    """The heads of all ranges of *leaves*: many proofs of one tree are given for little more than one."""

    @cache
    def head(first: int, last: int) -> Hash:
        middle = first + _split(last - first)
        return _node(heads(first, middle), heads(middle, last))

    def heads(first: int, last: int) -> Hash:
        return head(first, last) if last - first > _WHOLE else frontier(leaves[first:last]).head

    return heads


def _split(size: int) -> int:
    """The largest power of two below *size*, which is two at least."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_proof(heads: Heads, index: int, size: int) -> tuple[Hash, ...]:
    """
    What proves that the leaf at *index*, counted from 0, is in the tree of the first *size* (RFC 9162, 2.1.3.1).

    Raises:
        IndexError: when there is no such leaf among them.
    """
    if not 0 <= index < size:
        raise IndexError(f"there is no leaf {index} among {size}")
    found, first, last = list[Hash](), 0, size
    while last - first > 1:
        middle = first + _split(last - first)
        left = index < middle
        found.append(heads(middle, last) if left else heads(first, middle))
        first, last = (first, middle) if left else (middle, last)
    return tuple(reversed(found))


def includes(head: Hash, size: int, index: int, entry: Hash, proof: Iterable[Hash]) -> bool:
    """Whether *proof* shows the leaf *entry* at *index* in the tree of that *head* (RFC 9162, 2.1.3.2)."""
    way = _way_up(index, size - 1, proof) if 0 <= index < size else None
    return way is not None and reduce(_joined, way, entry) == head


def _way_up(index: int, last: int, proof: Iterable[Hash]) -> list[tuple[Hash, bool]] | None:
    """
    The hashes of a proof from a leaf up to the head, each with whether it stands to the left of what it is joined to.

    *last* is the place of the last leaf. None when there are too few or too many.
    """
    found = list[tuple[Hash, bool]]()
    for each in proof:
        if not last:
            return None
        is_left = bool(index & 1) or index == last
        while is_left and index and not index & 1:  # the last of an odd number goes up alone
            index, last = index >> 1, last >> 1
        found.append((each, is_left))
        index, last = index >> 1, last >> 1
    return None if last else found


def _joined(found: Hash, beside: tuple[Hash, bool]) -> Hash:
    other, is_left = beside
    return _node(other, found) if is_left else _node(found, other)


def consistency_proof(heads: Heads, earlier: int, size: int) -> tuple[Hash, ...]:
    """
    What proves that the tree of the first *size* leaves begins with that of the first *earlier* (RFC 9162, 2.1.4.1).

    Raises:
        IndexError: when there are not so many.
    """
    if not 0 < earlier <= size:
        raise IndexError(f"the first {earlier} are not among {size}")
    return tuple(_subproof(heads, earlier, 0, size, is_whole=True))


def _subproof(heads: Heads, earlier: int, first: int, last: int, *, is_whole: bool) -> Iterator[Hash]:
    if earlier == last:
        if not is_whole:  # whoever asks has the head of the whole earlier tree
            yield heads(first, last)
        return
    middle = first + _split(last - first)
    if earlier <= middle:
        yield from _subproof(heads, earlier, first, middle, is_whole=is_whole)
        yield heads(middle, last)
    else:
        yield from _subproof(heads, earlier, middle, last, is_whole=False)
        yield heads(first, middle)


def continues(earlier_head: Hash, earlier: int, head: Hash, size: int, proof: Iterable[Hash]) -> bool:
    """Whether *proof* shows that the tree of *head* begins with that of *earlier_head* (RFC 9162, 2.1.4.2)."""
    path = list(proof)
    if not 0 < earlier < size:
        return earlier == size > 0 and not path and earlier_head == head
    if not earlier & (earlier - 1):
        path.insert(0, earlier_head)  # a full tree is a node of the later one itself
    full = (earlier & -earlier).bit_length() - 1
    way = _way_up((earlier - 1) >> full, (size - 1) >> full, path[1:])
    if way is None or not path:
        return False
    old = reduce(_joined, (each for each in way if each[1]), path[0])
    return (old, reduce(_joined, way, path[0])) == (earlier_head, head)
