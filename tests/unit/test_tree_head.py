"""Does a head stand for all leaves and their order, and does a proof show what it claims and nothing else?"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handleflow.tree_head import (
    EMPTY,
    Frontier,
    Heads,
    consistency_proof,
    continues,
    frontier,
    heads_of,
    includes,
    inclusion_proof,
    leaf,
)

DATA = [bytes.fromhex(each) for each in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
DATA.append(bytes.fromhex("606162636465666768696a6b6c6d6e6f"))
HEADS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""The heads of the first one to eight of DATA, which test suites of implementations of RFC 6962 and 9162 share."""


def read(data: Sequence[bytes]) -> Heads:
    return heads_of(list(map(leaf, data)))


def defined(data: Sequence[bytes]) -> bytes:
    """The tree head word by word as RFC 9162 defines it, section 2.1.1."""
    if not data:
        return sha256(b"").digest()
    if len(data) == 1:
        return sha256(b"\x00" + data[0]).digest()
    k = 1
    while k * 2 < len(data):
        k *= 2
    return sha256(b"\x01" + defined(data[:k]) + defined(data[k:])).digest()


def head(data: Sequence[bytes]) -> bytes:
    return frontier(map(leaf, data)).head


ENTRIES = st.lists(st.binary(max_size=4), min_size=1, max_size=40)


@pytest.mark.parametrize("n", range(1, 9))
def test_known_heads(n: int) -> None:
    assert head(DATA[:n]).hex() == HEADS[n - 1]


def test_a_tree_without_leaves_has_the_hash_of_nothing() -> None:
    assert Frontier().head == EMPTY == sha256(b"").digest()


@given(data=ENTRIES)
def test_a_head_is_what_it_is_defined_to_be_and_log_n_hashes_are_kept(data: list[bytes]) -> None:
    found = frontier(map(leaf, data))

    assert (found.size, found.head, len(found.roots)) == (len(data), defined(data), len(data).bit_count())


@given(data=st.lists(st.binary(max_size=4), min_size=1, max_size=40, unique=True), chosen=st.data())
def test_each_leaf_is_proved_at_its_place_and_nowhere_else(data: list[bytes], chosen: st.DataObject) -> None:
    place, other = (chosen.draw(st.integers(0, len(data) - 1)) for _ in range(2))
    proof = inclusion_proof(read(data), place, len(data))
    shown = [includes(head(data), len(data), at, leaf(data[place]), proof) for at in range(-1, len(data) + 1)]

    assert len(proof) <= (len(data) - 1).bit_length()
    assert shown == [at == place for at in range(-1, len(data) + 1)]
    assert includes(head(data), len(data), place, leaf(data[other]), proof) is (other == place)


@given(data=ENTRIES, chosen=st.data())
def test_a_later_head_is_proved_to_go_on_from_each_earlier_one_and_from_no_other(
    data: list[bytes], chosen: st.DataObject
) -> None:
    earlier = chosen.draw(st.integers(1, len(data)))
    old, new, size = head(data[:earlier]), head(data), len(data)
    proof = consistency_proof(read(data), earlier, size)
    forged = head([*data[: earlier - 1], data[earlier - 1] + b"!"])

    assert continues(old, earlier, new, size, proof)
    assert not continues(forged, earlier, new, size, proof)
    assert not continues(old, earlier, head([*data, b"!"]), size, proof)
    assert [n for n in range(-1, size + 2) if continues(old, n, new, size, proof)] == [earlier]


LONG = [n.to_bytes(2) for n in range(5000)]
"""So many that the heads of their larger trees are remembered from one proof to the next."""


def test_proofs_of_a_long_tree_hold_as_those_of_a_short_one() -> None:
    heads, whole = read(LONG), head(LONG)
    ends = (1, 1024, 1025, 2048, 4096, 4097, 4999)

    for n in ends:
        proof = inclusion_proof(heads, n, len(LONG))
        assert includes(whole, len(LONG), n, leaf(LONG[n]), proof)
        assert continues(head(LONG[:n]), n, whole, len(LONG), consistency_proof(heads, n, len(LONG)))


def spoilt(proof: tuple[bytes, ...], at: int) -> list[tuple[bytes, ...]]:
    """*proof* with a hash added, changed or left out at a place."""
    added = [(*proof[:at], EMPTY, *proof[at:])]
    return (
        added if at == len(proof) else [*added, (*proof[:at], EMPTY, *proof[at + 1 :]), proof[:at] + proof[at + 1 :]]
    )


@given(data=ENTRIES, chosen=st.data())
def test_an_inclusion_proof_with_one_hash_added_changed_or_left_out_shows_nothing(
    data: list[bytes], chosen: st.DataObject
) -> None:
    size, place = len(data), chosen.draw(st.integers(0, len(data) - 1))
    proof = inclusion_proof(read(data), place, size)
    wrong = spoilt(proof, chosen.draw(st.integers(0, len(proof))))

    assert not any(includes(head(data), size, place, leaf(data[place]), each) for each in wrong)


@given(data=ENTRIES, chosen=st.data())
def test_a_consistency_proof_with_one_hash_added_changed_or_left_out_shows_nothing(
    data: list[bytes], chosen: st.DataObject
) -> None:
    size, earlier = len(data), chosen.draw(st.integers(1, len(data)))
    proof = consistency_proof(read(data), earlier, size)
    wrong = spoilt(proof, chosen.draw(st.integers(0, len(proof))))

    assert not any(continues(head(data[:earlier]), earlier, head(data), size, each) for each in wrong)


@pytest.mark.parametrize(("place", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_what_is_not_there_cannot_be_proved(place: int, size: int) -> None:
    with pytest.raises(IndexError, match="there is no leaf"):
        inclusion_proof(read(DATA), place, size)


@pytest.mark.parametrize(("earlier", "size"), [(0, 3), (4, 3)])
def test_no_head_goes_on_from_a_later_one(earlier: int, size: int) -> None:
    with pytest.raises(IndexError, match="are not among"):
        consistency_proof(read(DATA), earlier, size)
