"""Contract tests of queries: what must every store that is indexed find, and count?"""
# ruff: noqa: S101

from __future__ import annotations

from collections import Counter

import attrs
import pytest

from handleflow.acts import Assign, Receive, Regrade
from handleflow.errors import UnknownChoice
from handleflow.legal_time import day
from handleflow.store import COUNTED_BY, ORDERS, IndexedStore, PageToken, Query
from handleflow.testing._lives import OFFICE, UNWRITABLE, Opened, engine_of, lived

RECEIVED = {
    "a": ("2026-02-13", Receive("100% of the Pipes", "Deputy A", category="water", session="1", is_key=True)),
    "b": ("2026-02-10", Receive("1000 pipes_and lamps", "Deputy A", ("Deputy B",), category="roads", session="1")),
    "c": ("2026-02-13", Receive("O'Hara's \"pipes\" and \\ and / and 水管", "Deputy B", session="2")),
    "d": ("2026-02-10", Receive("Lamps", "Deputy C", category="water")),
    "e": ("2026-02-09", Receive("Benches", "Deputy' OR 'a'='a", category="water")),
}
UNITS = {"a": ("Water Bureau",), "b": ("Roads Bureau", "Water Bureau"), "c": ("Roads Bureau",)}

FOUND = [
    (Query(state="received"), "de"),
    (Query(state="assigned"), "abc"),
    (Query(state="no such"), ""),
    (Query(unit="Water Bureau"), "ab"),
    (Query(unit="Water"), ""),
    (Query(leader="Vice Mayor (placeholder)"), "bc"),
    (Query(category="water"), "ade"),
    (Query(deputy="Deputy A"), "ab"),
    (Query(deputy="Deputy B"), "bc"),
    (Query(deputy="Deputy' OR 'a'='a"), "e"),
    (Query(outcome="B"), ""),
    (Query(session="1"), "ab"),
    (Query(is_key=True), "a"),
    (Query(is_key=False), "bcde"),
    (Query(rulebook="contract 1"), "abcde"),
    (Query(rulebook="contract"), ""),
    (Query(due_from=day("2026-05-12")), "ac"),
    (Query(due_until=day("2026-05-12")), "b"),
    (Query(due_from=day("2026-05-11"), due_until=day("2026-05-13")), "abc"),
    (Query(due_from=day("2026-05-14")), ""),
    (Query(due_from=day("2026-05-12"), include_undated=True), "acde"),
    (Query(due_until=day("2026-05-01"), include_undated=True), "de"),
    (Query(include_undated=True), "abcde"),
    (Query(category="roads", due_until=day("2026-05-01"), include_undated=True), ""),
    (Query(text="PIPES"), "abc"),
    (Query(text="100%"), "a"),
    (Query(text="s_a"), "b"),
    (Query(text="%"), "a"),
    (Query(text="_"), "b"),
    (Query(text="o'hara's \"p"), "c"),
    (Query(text="\\"), "c"),
    (Query(text="/ and"), "c"),
    (Query(text="水管"), "c"),
    (Query(text="'; DROP TABLE x; --"), ""),
    (Query(category="water", deputy="Deputy A", is_key=True, text="pipes", state="assigned"), "a"),
    (Query(category="water", deputy="Deputy B"), ""),
]
COUNTS = {
    "state": {"assigned": 3, "received": 2},
    "category": {"": 1, "roads": 1, "water": 3},
    "session": {"": 2, "1": 2, "2": 1},
    "rulebook": {"contract 1": 5},
    "unit": {"": 2, "Roads Bureau": 2, "Water Bureau": 2},
    "leader": {"": 3, "Vice Mayor (placeholder)": 2},
    "outcome": {"": 5},
    "deputy": {"Deputy A": 2, "Deputy B": 2, "Deputy C": 1, "Deputy' OR 'a'='a": 1},
}
HAS = {
    "state": {"a": "assigned", "b": "assigned", "c": "assigned", "d": "received", "e": "received"},
    "category": {"a": "water", "b": "roads", "d": "water", "e": "water"},
    "session": {"a": "1", "b": "1", "c": "2"},
    "rulebook": dict.fromkeys("abcde", "contract 1"),
    "unit": {"a": "Water Bureau", "b": "Roads Bureau|Water Bureau", "c": "Roads Bureau"},
    "leader": dict.fromkeys("bc", "Vice Mayor (placeholder)"),
    "outcome": {},
    "deputy": {
        "a": "Deputy A",
        "b": "Deputy A|Deputy B",
        "c": "Deputy B",
        "d": "Deputy C",
        "e": "Deputy' OR 'a'='a",
    },
}
"""What each of the town has of everything that is counted by, several parted by ``|``."""
BY_DAY = "bacde"


def town(store: IndexedStore) -> IndexedStore:
    """Five suggestions, three of them with a running day."""
    for id, (on, received) in reversed(RECEIVED.items()):
        engine = engine_of(store, on)
        engine.execute(id, received, by=OFFICE)
        if id in UNITS:
            engine.execute(id, Assign(UNITS[id]), by=OFFICE)
    return store


def paged(store: IndexedStore, order: str, size: int, query: Query) -> list[list[str]]:
    """The ids of every page."""
    pages, token, is_over = list[list[str]](), None, False
    while not is_over:
        page = store.find(query, order=order, after=token, limit=size)
        pages.append([found.id for found in page.suggestions])
        token, is_over = page.next, page.next is None
    return pages


def asking(field: str) -> list[tuple[Query, str]]:
    """The queries that ask something of one field, and what each finds."""
    found = [(query, ids) for query, ids in FOUND if getattr(query, field) != getattr(Query(), field)]
    assert found, f"nothing asks for {field}"
    return found


class Finding(Opened):
    """Which suggestions a query is true of."""

    @pytest.mark.parametrize("field", [field.name for field in attrs.fields(Query)])
    def test_every_field_of_a_query_finds_what_it_is_true_of(self, store: IndexedStore, field: str) -> None:
        town(store)
        for query, ids in asking(field):
            by_id = [found.id for found in store.find(query).suggestions]
            by_day = [found.id for found in store.find(query, order="due_on").suggestions]

            assert (query, by_id, by_day) == (query, list(ids), [id for id in BY_DAY if id in ids])

    def test_who_asks_nothing_finds_everything(self, store: IndexedStore) -> None:
        assert [found.id for found in town(store).find(Query()).suggestions] == list("abcde")

    def test_what_is_found_is_the_newest_suggestion(self, store: IndexedStore) -> None:
        town(store)

        assert [found == store.load(found.id) for found in store.find(Query()).suggestions] == [True] * 5

    def test_by_day_comes_the_nearest_first_and_what_has_no_day_last(self, store: IndexedStore) -> None:
        page = town(store).find(Query(), order="due_on")

        assert [str(found.first_due) for found in page.suggestions] == [
            "2026-05-11",
            "2026-05-13",
            "2026-05-13",
            "None",
            "None",
        ]

    @pytest.mark.parametrize(("order", "ids"), [("id", "abcde"), ("due_on", BY_DAY)])
    def test_pages_of_any_size_hold_everything_once_and_in_order(
        self, store: IndexedStore, order: str, ids: str
    ) -> None:
        town(store)
        for size in (1, 2, 3, 4):
            some = [id for page in paged(store, order, size, Query(deputy="Deputy A")) for id in page]

            assert paged(store, order, size, Query()) == [list(ids[n : n + size]) for n in range(0, 5, size)]
            assert some == [id for id in ids if id in "ab"]

    @pytest.mark.parametrize("order", ORDERS)
    def test_a_last_page_that_is_full_has_none_after_it(self, store: IndexedStore, order: str) -> None:
        assert town(store).find(Query(), order=order, limit=5).next is None

    def test_the_place_to_go_on_from_is_that_of_the_last_one_told(self, store: IndexedStore) -> None:
        town(store)
        by_id, by_day = store.find(Query(), limit=2).next, store.find(Query(), order="due_on", limit=2).next
        without = store.find(Query(), order="due_on", limit=4).next

        assert (by_id, by_day, without) == (PageToken("b"), PageToken("a", day("2026-05-13")), PageToken("d"))

    def test_a_suggestion_is_found_by_what_it_is_now_and_not_by_what_it_was(self, store: IndexedStore) -> None:
        engine_of(town(store), "2026-02-12").execute("d", Assign(("Roads Bureau",)), by=OFFICE)

        assert [found.id for found in store.find(Query(state="received")).suggestions] == ["e"]
        assert [found.id for found in store.find(Query(unit="Roads Bureau")).suggestions] == ["b", "c", "d"]

    def test_a_suggestion_is_found_and_counted_by_the_class_of_the_reply_that_stands(
        self, store: IndexedStore
    ) -> None:
        engine = lived(store, "1", "2")
        engine.execute("2", Regrade("Water Bureau", "A", "it is done"), by=OFFICE)

        assert [found.id for found in store.find(Query(outcome="B")).suggestions] == ["1"]
        assert [found.id for found in store.find(Query(outcome="A")).suggestions] == ["2"]
        assert store.count(Query(), "outcome") == {"A": 1, "B": 1}

    @pytest.mark.parametrize("by", COUNTED_BY)
    def test_suggestions_are_counted_by_what_they_have_and_those_without_under_nothing(
        self, store: IndexedStore, by: str
    ) -> None:
        assert town(store).count(Query(), by) == COUNTS[by]

    def test_only_what_a_query_is_true_of_is_counted(self, store: IndexedStore) -> None:
        town(store)

        assert store.count(Query(category="water"), "state") == {"assigned": 1, "received": 2}
        assert store.count(Query(text="%"), "deputy") == {"Deputy A": 1}
        assert store.count(Query(state="no such"), "unit") == {}

    @pytest.mark.parametrize("by", COUNTED_BY)
    def test_whatever_is_asked_what_it_is_true_of_is_counted_by_everything_there_is_a_count_of(
        self, store: IndexedStore, by: str
    ) -> None:
        town(store)
        for query, ids in FOUND:
            has = Counter(value for id in ids for value in HAS[by].get(id, "").split("|"))

            assert (query, store.count(query, by)) == (query, dict(has))

    def test_an_order_or_a_count_there_is_none_of_is_named(self, store: IndexedStore) -> None:
        with pytest.raises(UnknownChoice, match="'title'"):
            store.find(Query(), order="title")
        with pytest.raises(UnknownChoice, match="'title'"):
            store.count(Query(), "title")
        for nothing in (None, 5):
            with pytest.raises(UnknownChoice, match=f"counting by {nothing}"):
                store.count(Query(), nothing)  # type: ignore[arg-type]  # as untyped callers do

    @pytest.mark.parametrize("text", UNWRITABLE)
    def test_what_cannot_be_written_is_found_nowhere(self, store: IndexedStore, text: str) -> None:
        town(store)
        found = [
            store.find(query).suggestions for query in (Query(text=text), Query(category=text), Query(state=text))
        ]

        assert (found, store.count(Query(session=text), "state")) == ([()] * 3, {})
        assert (store.load(text), list(store.load_many([text, "a"]))) == (None, ["a"])
        assert (store.history(text), store.entries(text), store.keys(text)) == ((), (), ())
        assert (store.key(text, "key"), store.key("a", text)) == (None, None)
        assert (store.erase(text), store.number_as(1, [(text, 1)])) == (0, False)
