"""Do entries get salts nobody can guess, and is randomness that is none found out?"""

from __future__ import annotations

import random
from collections.abc import Callable
from hashlib import sha256
from itertools import count, cycle

import pytest

from handleflow import Engine, MemoryStore
from handleflow.acts import Classify
from handleflow.errors import StoreError
from handleflow.hash_chain import SALT_BYTES, entry_hash
from handleflow.testing._lives import OFFICE, RECEIVE, RULES, at
from handleflow.verification import verify

NOT_RANDOM: dict[str, Callable[[int], object]] = {
    "the same again": lambda size: b"\x00" * size,
    "too few bytes": lambda size: b"\x00" * (size - 1),
    "too many": lambda size: b"\x00" * (size + 1),
    "text": lambda size: "0" * size,
    "nothing": lambda _: None,
}


def engine_with(entropy: Callable[[int], object]) -> Engine:
    """An engine of its own randomness, on an empty store."""
    return Engine(MemoryStore(), [RULES], clock=lambda: at("2026-02-10"), entropy=entropy)  # type: ignore[arg-type]


@pytest.mark.parametrize("what", NOT_RANDOM)
def test_randomness_that_is_none_is_refused_and_nothing_is_recorded(what: str) -> None:
    engine = engine_with(NOT_RANDOM[what])
    with pytest.raises(StoreError, match="the randomness handed in"):
        engine.execute("1", RECEIVE, by=OFFICE)

    assert list(engine.store.ids()) == []


def test_salts_that_come_in_turns_are_not_seen_to_repeat() -> None:
    salts = cycle([b"a" * SALT_BYTES, b"b" * SALT_BYTES])
    engine = engine_with(lambda _: next(salts))
    engine.execute("1", RECEIVE, by=OFFICE)
    engine.execute("1", Classify("roads"), by=OFFICE)

    assert list(verify(engine.store)) == []


def test_a_clock_that_stands_still_and_the_same_randomness_give_the_same_record() -> None:
    digests = []
    for _ in range(2):
        engine = engine_with(random.Random(7).randbytes)  # noqa: S311  for the same salts twice
        engine.execute("1", RECEIVE, by=OFFICE)
        engine.execute("1", Classify("roads"), by=OFFICE)
        digests.append(engine.store.digest())

    assert digests[0] == digests[1]


def test_whoever_knows_all_but_one_word_and_the_hash_cannot_try_words_out() -> None:
    engine = engine_with(count_bytes())
    engine.execute("1", RECEIVE, by=OFFICE)
    engine.execute("1", Classify("roads"), by=OFFICE)
    first, entry = engine.store.entries("1")
    guessed = [entry_hash(first.hash, salt, entry.header, entry.body) for salt in (b"", bytes(SALT_BYTES))]

    assert entry.hash not in guessed
    assert entry.hash == entry_hash(first.hash, entry.salt, entry.header, entry.body)


def count_bytes() -> Callable[[int], bytes]:
    """Bytes that differ each time."""
    numbers = count()
    return lambda size: sha256(str(next(numbers)).encode()).digest()[:size]
