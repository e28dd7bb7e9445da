"""Contract tests of the feed: what must every store's feed tell, and what not?"""
# ruff: noqa: S101

from __future__ import annotations

import pytest

from handleflow.acts import Classify, Receive
from handleflow.errors import StoreError
from handleflow.model import UnknownEvent
from handleflow.store import FeedDigest, FeedItem, Numbered, Store
from handleflow.testing._lives import OFFICE, UNWRITABLE, Opened, begun, lived
from handleflow.tree_head import EMPTY, entry_leaf, frontier


def mixed(store: Store) -> None:
    """Three suggestions whose entries come in turns."""
    engine = begun(store, "b", "a")
    for category in ("roads", "water"):
        for id in ("b", "c", "a"):
            act = Classify(category) if store.load(id) else Receive("Lamps", "Deputy B")
            engine.execute(id, act, by=OFFICE)


def paged(store: Store, size: int) -> list[FeedItem]:
    """The whole feed, read *size* at a time."""
    found: list[FeedItem] = []
    while page := store.feed(found[-1].position if found else 0, limit=size):
        found.extend(page)
    return found


def phones(store: Store, *, private: bool) -> list[str | None]:
    """The telephone numbers the feed tells."""
    events = [item.entry.event for item in store.feed(private=private)]
    return [event.phone for event in events if isinstance(event, Receive)]


class Feed(Opened):
    """Everything in one order, and how far its readers have come."""

    def test_an_empty_store_has_an_empty_feed_and_the_digest_of_nothing(self, store: Store) -> None:
        assert (store.feed(), store.digest(), list(store.numbered())) == ((), FeedDigest(0, EMPTY.hex()), [])

    def test_positions_count_from_one_without_gaps_and_hold_every_entry_once(self, store: Store) -> None:
        mixed(store)
        items = store.feed()
        entries = {f"{id}/{entry.number}" for id in "abc" for entry in store.history(id)}

        assert [item.position for item in items] == list(range(1, len(items) + 1))
        assert (len(items), {item.key for item in items}) == (len(entries), entries)

    def test_the_entries_of_one_suggestion_come_in_their_order(self, store: Store) -> None:
        mixed(store)
        found = [(item.suggestion_id, item.entry.number, item.entry.hash) for item in store.feed()]

        for id in "abc":
            assert [(number, hash) for of, number, hash in found if of == id] == [
                (entry.number, entry.hash) for entry in store.history(id)
            ]

    def test_pages_of_any_size_hold_the_same_items(self, store: Store) -> None:
        mixed(store)
        whole = list(store.feed())

        assert [paged(store, size) == whole for size in (1, 2, 5, len(whole), 500)] == [True] * 5
        assert store.feed(whole[-1].position) == store.feed(whole[-1].position + 7) == ()

    def test_what_was_read_once_keeps_its_position(self, store: Store) -> None:
        engine = begun(store, "b")
        first = store.feed()
        engine.execute("a", Receive("Lamps", "Deputy B"), by=OFFICE)
        engine.execute("b", Classify("roads"), by=OFFICE)

        assert store.feed(limit=len(first)) == first
        assert [item.key for item in store.feed(len(first))] == ["a/1", f"b/{len(store.history('b'))}"]

    def test_private_words_are_not_told_unless_they_are_asked_for(self, store: Store) -> None:
        lived(store)

        assert (phones(store, private=False), phones(store, private=True)) == ([None], ["placeholder number"])
        assert [item.entry for item in store.feed(private=True)] == list(store.history("1"))

    def test_a_confidential_suggestion_is_withheld_from_its_first_entry_on_unless_it_is_asked_for(
        self, store: Store
    ) -> None:
        engine = lived(store, "1", "2")
        engine.execute("1", Classify(is_confidential=True), by=OFFICE)
        found = {item.key: item.entry for item in store.feed()}
        entries = store.history("1")

        assert [found[f"1/{e.number}"].event for e in entries] == [UnknownEvent(e.kind, b"{}") for e in entries]
        assert found["2/2"] == store.history("2")[1]
        assert [item.entry for item in store.feed(private=True) if item.suggestion_id == "1"] == list(entries)

    def test_what_is_confidential_no_more_is_told_again(self, store: Store) -> None:
        engine = lived(store)
        engine.execute("1", Classify(is_confidential=True), by=OFFICE)
        engine.execute("1", Classify(is_confidential=False), by=OFFICE)

        assert [item.entry.event for item in store.feed()][1:] == [e.event for e in store.history("1")][1:]

    def test_the_digest_is_the_tree_head_of_the_hashes_in_the_order_of_the_feed(self, store: Store) -> None:
        mixed(store)
        leaves = [entry_leaf(item.entry.hash) for item in store.feed()]

        assert store.digest() == FeedDigest(len(leaves), frontier(leaves).head.hex())
        assert store.digest(numbering=False) == store.digest()

    def test_what_is_numbered_bit_by_bit_has_the_same_digest(self, store: Store) -> None:
        engine, digests = begun(store, "b"), list[FeedDigest]()
        for category in ("roads", "water", "roads", "lamps"):
            engine.execute("b", Classify(category), by=OFFICE)
            digests.append(store.digest())
        leaves = [entry_leaf(item.entry.hash) for item in store.feed()]

        assert digests == [FeedDigest(n, frontier(leaves[:n]).head.hex()) for n in range(3 + 1, len(leaves) + 1)]

    def test_what_is_numbered_is_what_the_feed_tells(self, store: Store) -> None:
        mixed(store)
        whole = [Numbered(i.position, i.suggestion_id, i.entry.number, i.entry.hash) for i in store.feed()]

        assert (list(store.numbered()), list(store.numbered(after=3))) == (whole, whole[3:])
        assert (list(store.numbered(after=10**30)), store.feed(10**30), store.feed(-1)) == ([], (), store.feed())

    def test_entries_get_the_positions_they_have_elsewhere_where_those_come_next(self, store: Store) -> None:
        mixed(store)
        wanted = [(id, n) for id in "abc" for n in range(1, len(store.history(id)) + 1)]
        wrong = [
            store.number_as(2, wanted),
            store.number_as(1, [*wanted, ("404", 1)]),
            store.number_as(1, wanted[:1] * 2),
        ]

        assert (wrong, store.number_as(1, []), store.digest(numbering=False).position) == ([False] * 3, True, 0)
        assert (store.number_as(1, wanted[:4]), store.number_as(5, wanted[4:])) == (True, True)
        assert [(each.suggestion_id, each.number) for each in store.numbered()] == wanted
        assert (
            store.digest().digest == frontier([entry_leaf(each.hash or "") for each in store.numbered()]).head.hex()
        )

    def test_what_was_numbered_keeps_its_position_whatever_it_has_elsewhere(self, store: Store) -> None:
        mixed(store)
        before = store.feed()

        assert store.number_as(1, [(item.suggestion_id, item.entry.number) for item in reversed(before)]) is False
        assert store.feed() == before

    def test_a_reader_goes_on_from_where_it_was_and_never_back(self, store: Store) -> None:
        cursors = [store.cursor("reader")]
        for position in (3, 2, 7, 7, 0):
            store.advance("reader", position)
            cursors.append(store.cursor("reader"))

        assert cursors == [0, 3, 3, 7, 7, 7]

    def test_readers_do_not_know_of_each_other(self, store: Store) -> None:
        store.advance("one", 3)
        store.advance("One", 1)

        assert [store.cursor(name) for name in ("one", "One", "other")] == [3, 1, 0]

    def test_before_the_first_position_a_reader_is_nowhere(self, store: Store) -> None:
        store.advance("reader", -5)

        assert store.cursor("reader") == 0

    def test_a_reader_may_be_done_with_more_than_anybody_counts_to(self, store: Store) -> None:
        store.advance("reader", 10**30)
        store.advance("reader", 7)

        assert store.cursor("reader") == 2**63 - 1

    @pytest.mark.parametrize("name", UNWRITABLE)
    def test_a_reader_whose_name_cannot_be_written_has_come_nowhere_and_is_refused(
        self, store: Store, name: str
    ) -> None:
        with pytest.raises(StoreError):
            store.advance(name, 1)

        assert store.cursor(name) == 0
