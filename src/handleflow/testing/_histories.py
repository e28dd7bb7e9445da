"""What of histories, pictures, keys and private words must hold in every store?"""
# ruff: noqa: S101

from __future__ import annotations

import attrs
import pytest

from handleflow.acts import EVENTS, Accept, Assign, Classify, Receive, RecordContact, Reply
from handleflow.core import replay
from handleflow.errors import AlteredRulebook, KeyReused, Refused, UnknownKind
from handleflow.model import Actor, UnknownEvent
from handleflow.sealing import chained, flaws_in_history, genesis
from handleflow.store import KeptKey, KeptRulebook, Store
from handleflow.testing._lives import OFFICE, RECEIVE, WATER, MakeStore, Opened, Own, adding, at, lived, trace
from handleflow.values import frozen

HOSTILE = [
    pytest.param("'; DROP TABLE handleflow_entries; --", id="SQL"),
    pytest.param("quotes \" and ' and ` and \\ and %s and {0} and :name", id="quotes"),
    pytest.param("水管漏水\n\t第二行 🚰👩‍👩‍👧 e\u0301 \u202eleft", id="Chinese, emoji, marks"),
    pytest.param("中" * 21_845 + "!", id="64 KiB"),
]


class Histories(Opened):
    """One suggestion: its history, its picture, its keys."""

    def test_what_is_not_there_is_nothing(self, store: Store) -> None:
        assert (store.load("404"), store.recorded_under("404", "k")) == (None, None)
        assert (store.history("404"), store.sealed("404"), store.keys("404")) == ((), (), ())

    def test_a_history_is_told_as_it_was_lived(self, store: Store) -> None:
        lived(store)
        told = [(entry.number, entry.kind, entry.by, entry.at) for entry in store.history("1")]
        acts = [e.event for e in store.history("1") if e.kind in {"assigned", "accepted", "contact_recorded"}]

        assert told[:3] == [
            (1, "received", OFFICE, at("2026-02-10")),
            (2, "assigned", OFFICE, at("2026-02-10")),
            (3, "term_set", OFFICE, at("2026-02-10")),
        ]
        assert [number for number, *_ in told] == list(range(1, len(told) + 1))
        assert acts == [Assign(("Water Bureau",)), Accept(), RecordContact("before")]

    def test_every_entry_keeps_its_day_its_state_and_its_rulebook(self, store: Store) -> None:
        lived(store)
        first, *_, last = store.history("1")

        assert (str(first.on), first.state, str(first.rulebook)) == ("2026-02-10", "received", "contract 1")
        assert (str(last.on), last.state, str(last.rulebook)) == ("2026-02-10", "replied", "contract 1")

    def test_the_picture_is_the_history_replayed(self, store: Store) -> None:
        lived(store, "1", "2")

        assert [replay(id, store.history(id)) for id in "12"] == [store.load(id) for id in "12"]

    def test_every_entry_is_chained_to_the_one_before_from_the_beginning_on(self, store: Store) -> None:
        lived(store)
        sealed = store.sealed("1")
        previous = [genesis("1"), *(entry.hash for entry in sealed)]

        assert [entry.hash for entry in sealed] == [chained(*pair) for pair in zip(previous, sealed, strict=False)]
        assert tuple(flaws_in_history("1", sealed)) == ()

    def test_what_is_sealed_is_the_history_and_is_read_back_as_it(self, store: Store) -> None:
        lived(store)

        assert len(store.history("1")) == len(store.sealed("1")) > 0
        assert [entry.hash for entry in store.history("1")] == [entry.hash for entry in store.sealed("1")]
        assert store.unsealed(store.sealed("1")) == store.history("1")

    def test_private_words_come_back_in_the_history_and_enter_neither_picture_nor_body(self, store: Store) -> None:
        lived(store)
        received, bodies = store.history("1")[0].event, b"".join(entry.body for entry in store.sealed("1"))

        assert isinstance(received, Receive)
        assert (received.phone, received.address) == ("placeholder number", "placeholder street")
        assert ("placeholder" in repr(store.load("1")), b"placeholder" in bodies) == (False, False)

    @pytest.mark.parametrize("words", HOSTILE)
    def test_any_words_are_kept_as_they_were_written(self, store: Store, words: str) -> None:
        received = Receive(words, words[:200], phone=words, category=words)
        adding_key = words[:200]
        engine = lived(store, "other")
        engine.execute(words[:200], received, by=Actor("congress_office", words), key=adding_key)
        (entry, *_), picture = store.history(words[:200]), engine.look_up(words[:200])

        assert (entry.event, entry.by.name) == (received, words)
        assert (picture.title, picture.category, picture.deputies) == (words, words, (words[:200],))
        assert [kept.key for kept in store.keys(words[:200])] == [adding_key]

    # keys

    def test_what_was_recorded_under_a_key_is_told_whole_with_its_fingerprint(self, store: Store) -> None:
        lived(store, key="k")
        recorded, history = store.recorded_under("1", "k"), store.history("1")
        first = next(entry.number for entry in history if entry.kind == "replied")

        assert recorded is not None
        assert (recorded.digest, recorded.entries) == (
            store.fingerprint(Reply("B", "soon"), WATER),
            history[first - 1 :],
        )
        assert len(recorded.entries) > 1

    def test_the_keys_of_a_suggestion_are_told_with_their_entries_oldest_first(self, store: Store) -> None:
        engine = lived(store, key="z")
        engine.execute("1", Classify("roads"), by=OFFICE, key="a")
        length = len(store.history("1"))
        first, last = store.keys("1")

        assert (first.key, last) == ("z", KeptKey("a", store.fingerprint(Classify("roads"), OFFICE), length, length))

    def test_a_key_stands_for_nothing_where_it_was_not_given(self, store: Store) -> None:
        lived(store, "1", key="k")
        lived(store, "2")

        assert (store.recorded_under("1", "other"), store.recorded_under("2", "k")) == (None, None)
        assert store.keys("2") == ()

    def test_the_same_request_under_a_key_is_recorded_once_and_another_one_is_refused(self, store: Store) -> None:
        engine = lived(store)
        for _ in range(3):
            engine.execute("1", Classify("roads"), by=OFFICE, key="k")
        with pytest.raises(KeyReused):
            engine.execute("1", Classify("water"), by=OFFICE, key="k")

        assert [entry.kind for entry in store.history("1")].count("classified") == 1

    def test_a_refused_act_leaves_no_trace_and_its_key_free(self, store: Store) -> None:
        engine = lived(store)
        before = trace(store, "1")
        with pytest.raises(Refused):
            engine.execute("1", Accept(), by=OFFICE, key="k")

        assert (trace(store, "1"), store.recorded_under("1", "k")) == (before, None)

    def test_a_fingerprint_is_the_same_for_the_same_request_in_every_store(self, make_store: MakeStore) -> None:
        one, other = make_store(), make_store()

        assert one.fingerprint(RECEIVE, OFFICE) == other.fingerprint(RECEIVE, OFFICE)
        assert one.fingerprint(RECEIVE, OFFICE) == one.fingerprint(attrs.evolve(RECEIVE), attrs.evolve(OFFICE))

    def test_a_fingerprint_tells_acts_and_actors_apart_and_gives_no_private_words_away(self, store: Store) -> None:
        asked = [(RECEIVE, OFFICE), (RECEIVE, WATER), (attrs.evolve(RECEIVE, title="Lamps"), OFFICE)]
        without = attrs.evolve(RECEIVE, phone="another", address=None)

        assert len({store.fingerprint(act, by) for act, by in asked}) == len(asked)
        assert store.fingerprint(without, OFFICE) == store.fingerprint(RECEIVE, OFFICE)

    # kinds

    def test_an_event_of_a_host_is_read_back_where_its_class_was_handed_in(self, make_store: MakeStore) -> None:
        store = make_store(own=(Own,))
        lived(store)
        store.append(adding(store, "1", Own("x")))

        assert store.history("1")[-1].event == Own("x")
        assert tuple(store.flaws()) == ()

    def test_a_store_says_which_classes_of_events_it_can_write(self, make_store: MakeStore) -> None:
        @frozen
        class Alike(Own):
            """Another class of the same kind."""

        known, stranger = make_store(own=(Own,)), make_store()

        assert all(known.knows(event) and stranger.knows(event) for event in EVENTS)
        assert (known.knows(Own), stranger.knows(Own), known.knows(Alike)) == (True, False, False)

    def test_an_event_of_a_class_nobody_handed_in_is_refused_by_its_kind_and_not_written(self, store: Store) -> None:
        lived(store)
        before = trace(store, "1", "2")
        for batch in (adding(store, "1", Own("x")), adding(store, "2", RECEIVE, Own("x"))):
            with pytest.raises(UnknownKind, match="'contract_owned'"):
                store.append(batch)

        assert trace(store, "1", "2") == before

    def test_an_event_of_a_kind_of_tomorrow_is_kept_byte_by_byte(self, store: Store) -> None:
        lived(store)
        event = UnknownEvent("from_tomorrow", b'{"new": 1}')
        store.append(adding(store, "1", event))

        assert (store.history("1")[-1].event, store.sealed("1")[-1].body) == (event, event.body)

    # rulebooks

    def test_rulebooks_are_kept_oldest_first_and_the_same_again_changes_nothing(self, store: Store) -> None:
        kept = [KeptRulebook(name, version, "d", "{}") for name, version in (("z", "1"), ("a", "1"), ("z", "2"))]
        for each in (*kept, *kept):
            store.keep_rulebook(each)

        assert list(store.kept_rulebooks()) == kept

    def test_a_rulebook_is_never_altered_under_its_name_and_version(self, store: Store) -> None:
        kept = KeptRulebook("r", "1", "d", "{}")
        store.keep_rulebook(kept)
        with pytest.raises(AlteredRulebook, match="r 1"):
            store.keep_rulebook(KeptRulebook("r", "1", "other", "[]"))

        assert store.kept_rulebooks() == (kept,)
