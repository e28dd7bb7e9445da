"""Is an act written once or not at all, and is it known which, wherever the connection to PostgreSQL is cut?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import accumulate

import pytest

from handleflow import Engine, HandleflowError, Request, Suggestion
from handleflow.acts import Classify, MergeWith, Receive
from handleflow.errors import CommitInDoubt, StoreError
from handleflow.stores.sql import SqlStore
from handleflow.verification import verify
from tests.beginnings import OFFICE
from tests.databases import fresh_postgres
from tests.promises.faults.children import RECORDED_AT, RULES, fill_in
from tests.promises.faults.proxy import ANSWERS, ASKS, Cut, Proxy, proxied
from tests.sizes import CUT_EVERY_BYTE

pytestmark = [pytest.mark.process, pytest.mark.database]

DIGITS_OF_A_SECOND = 7  # and their point
SEEN = 4
"""The version of each suggestion before."""
LETTERS = Receive("Lamps", "Deputy A", phone="placeholder number")


def one_more(n: int) -> list[Request]:
    return [Request(f"a{n:06}", Classify("roads"), OFFICE, RECORDED_AT, SEEN, "k")]


def a_new_one(n: int) -> list[Request]:
    return [Request(f"n{n:06}", LETTERS, OFFICE, RECORDED_AT, 0, "k")]


def two_sides(n: int) -> list[Request]:
    return [Request(f"a{n:06}", MergeWith(f"b{n:06}"), OFFICE, RECORDED_AT, SEEN, "k")]


def a_group(n: int) -> list[Request]:
    return [*one_more(n), *a_new_one(n)]


ACTS: list[Callable[[int], list[Request]]] = [one_more, a_new_one, two_sides, a_group]
"""The first two are one statement each, which is its own commit; the others are transactions."""


@pytest.fixture
def where() -> str:
    return fresh_postgres()


@pytest.fixture
def straight(where: str) -> Iterator[SqlStore]:
    """The store as it is, beside the proxy."""
    with closing(SqlStore(where)) as store:
        Engine(store, [RULES])
        yield store


@pytest.fixture
def between(where: str, straight: SqlStore) -> Iterator[tuple[Proxy, SqlStore]]:
    """A proxy, and the store by way of it."""
    with proxied(where) as (proxy, by_way), closing(SqlStore(by_way, create=False)) as store:
        yield proxy, store


def answers_to(
    proxy: Proxy, store: SqlStore, requests: list[Request], cut: Cut | None = None
) -> tuple[Suggestion | Exception, ...]:
    """What is answered to *requests* over a new connection that is open already, and is cut."""
    store.close()  # on one that was used the driver has prepared some statements, and says less
    engine = Engine(store, [RULES])
    store.load("any")
    proxy.listen_in(cut)
    return engine.execute_many(requests)


def cuts(proxy: Proxy, every_byte: bool = CUT_EVERY_BYTE) -> list[Cut]:
    """Before the first and after each message of what was just said; within them too, if *every_byte*."""
    found = list[Cut]()
    for direction in (ASKS, ANSWERS):
        ends = [0, *accumulate(length for _, length in proxy.messages(direction))]
        found += [Cut(direction, after) for after in (range(ends[-1] + 1) if every_byte else ends)]
    return found


def entries(store: SqlStore, requests: list[Request]) -> dict[str, int]:
    """How many entries each suggestion has that acts are asked of, and each that they name."""
    named = [request.act.other for request in requests if isinstance(request.act, MergeWith)]
    return {id: len(store.history(id)) for id in (*(request.id for request in requests), *named)}


def is_recorded(store: SqlStore, request: Request) -> bool:
    return store.key(request.id, "k") is not None


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_wherever_it_is_cut_what_is_said_is_true_and_asked_again_it_is_recorded_once(
    between: tuple[Proxy, SqlStore],
    straight: SqlStore,
    act: Callable[[int], list[Request]],
    record_property: Callable[[str, object], None],
) -> None:
    proxy, store = between
    fill_in(straight, [f"{letter}{0:06}" for letter in "ab"])
    assert not any(isinstance(each, HandleflowError) for each in answers_to(proxy, store, act(0)))
    places, doubts, through = cuts(proxy), 0, 0
    fill_in(straight, [f"{letter}{n:06}" for letter in "ab" for n in range(1, len(places) + 1)])
    for n, cut in enumerate(places, 1):
        requests = act(n)
        before = entries(straight, requests)
        answers = answers_to(proxy, store, requests, cut)

        # In a pipeline the driver may say a message less, as it hears answers: then all was said before the cut.
        through += not proxy.was_cut()
        for request, answer in zip(requests, answers, strict=True):
            doubts += isinstance(answer, CommitInDoubt)
            assert says_the_truth(answer, is_recorded(straight, request)), (cut, answer)
        again = Engine(straight, [RULES]).execute_many(requests)
        assert not any(isinstance(each, HandleflowError) for each in again), (cut, again)
        assert entries(straight, requests) == {id: many + 1 for id, many in before.items()}, cut
    record_property("cuts", len(places))
    record_property("in doubt", doubts)

    assert (doubts > 0, through <= 2, tuple(verify(straight))) == (True, True, ())


def says_the_truth(answer: Suggestion | Exception, is_there: bool) -> bool:
    """Whether an answer may be given where it is recorded, or is not."""
    if isinstance(answer, CommitInDoubt):
        return True
    return is_there if isinstance(answer, Suggestion) else type(answer) is StoreError and not is_there


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_a_commit_of_which_no_byte_of_the_answer_came_is_in_doubt_and_was_written(
    between: tuple[Proxy, SqlStore], straight: SqlStore, act: Callable[[int], list[Request]]
) -> None:
    proxy, store = between
    fill_in(straight, [f"{letter}{n:06}" for letter in "ab" for n in range(2)])
    answers_to(proxy, store, act(0))
    answers = answers_to(proxy, store, act(1), before_the_last_answer(proxy))

    assert proxy.was_cut()
    assert [type(each) for each in answers] == [CommitInDoubt] * len(answers)
    assert all(is_recorded(straight, request) for request in act(1))


def before_the_last_answer(proxy: Proxy) -> Cut:
    """Just before what was answered to the last statement, when the server has answered it."""
    kinds, lengths = zip(*proxy.messages(ANSWERS), strict=True)
    begins = len(kinds) - 1 - kinds[::-1].index("C")  # that it is done; before it may stand how it was read, and rows
    while kinds[begins - 1] in "12TDn":
        begins -= 1
    # A server leaves out the last zeros of an instant: what was said before may be some bytes longer this time.
    return Cut(ANSWERS, sum(lengths[:begins]) + DIGITS_OF_A_SECOND, waits=True)


def test_a_cursor_whose_commit_is_not_answered_is_in_doubt_too(
    between: tuple[Proxy, SqlStore], straight: SqlStore
) -> None:
    proxy, store = between
    store.advance("reader", 1)
    proxy.listen_in()
    store.advance("reader", 2)
    proxy.listen_in(before_the_last_answer(proxy))
    with pytest.raises(CommitInDoubt, match="not known whether anything was written"):
        store.advance("reader", 3)

    assert (proxy.was_cut(), straight.cursor("reader")) == (True, 3)
    store.advance("reader", 3)
    assert store.cursor("reader") == 3
