"""Contract tests of event streams: what of histories, snapshots, keys and private words must hold in every store?"""
# ruff: noqa: S101

from __future__ import annotations

import attrs
import pytest

from handleflow.acts import EVENTS, Accept, Assign, Classify, Receive, RecordContact, Reply
from handleflow.core import replay
from handleflow.engine import Engine
from handleflow.errors import AlteredCalendar, AlteredRulebook, KeyReused, Refused, UnknownKind
from handleflow.hash_chain import SALT_BYTES, chained, faults_in_history, genesis
from handleflow.legal_time import day
from handleflow.model import Actor, UnknownEvent
from handleflow.model.fields import LONGEST_NAME, normalised
from handleflow.store import Anchor, IdempotencyKey, Store, StoredCalendar, StoredRulebook
from handleflow.testing._lives import (
    OFFICE,
    RECEIVE,
    RULES,
    WATER,
    MakeStore,
    Opened,
    Own,
    adding,
    at,
    engine_of,
    lived,
    trace,
)
from handleflow.values import frozen
from handleflow.verification import verify

HOSTILE = [
    pytest.param("'; DROP TABLE handleflow_entries; --", id="SQL"),
    pytest.param("quotes \" and ' and ` and \\ and %s and {0} and :name", id="quotes"),
    pytest.param("水管漏水\n\t第二行 🚰👩‍👩‍👧 e\u0301 \u202eleft", id="Chinese, emoji, marks"),
    pytest.param("中" * 21_845 + "!", id="64 KiB"),
]


class Histories(Opened):
    """One suggestion: its history, its snapshot, its keys."""

    def test_what_is_not_there_is_nothing(self, store: Store) -> None:
        assert (store.load("404"), store.key("404", "k")) == (None, None)
        assert (store.history("404"), store.entries("404"), store.keys("404")) == ((), (), ())

    def test_a_history_is_told_as_it_was_lived(self, store: Store) -> None:
        lived(store)
        found = [(entry.number, entry.kind, entry.by, entry.at) for entry in store.history("1")]
        acts = [e.event for e in store.history("1") if e.kind in {"assigned", "accepted", "contact_recorded"}]

        assert found[:3] == [
            (1, "received", OFFICE, at("2026-02-10")),
            (2, "assigned", OFFICE, at("2026-02-10")),
            (3, "term_set", OFFICE, at("2026-02-10")),
        ]
        assert [number for number, *_ in found] == list(range(1, len(found) + 1))
        assert acts == [Assign(("Water Bureau",)), Accept(), RecordContact("before")]

    def test_every_entry_keeps_its_day_its_state_and_its_rulebook(self, store: Store) -> None:
        lived(store)
        first, *_, last = store.history("1")

        assert (str(first.on), first.state, str(first.rulebook)) == ("2026-02-10", "received", "contract 1")
        assert (str(last.on), last.state, str(last.rulebook)) == ("2026-02-10", "replied", "contract 1")
        assert {(entry.rulebook, entry.calendar) for entry in store.history("1")} == {(RULES.ref, RULES.calendar_ref)}

    def test_the_suggestion_is_the_history_replayed(self, store: Store) -> None:
        lived(store, "1", "2")

        assert [replay(id, store.history(id)) for id in "12"] == [store.load(id) for id in "12"]

    def test_every_entry_is_chained_to_the_one_before_from_the_beginning_on(self, store: Store) -> None:
        lived(store)
        sealed = store.entries("1")
        previous = [genesis("1"), *(entry.hash for entry in sealed)]

        assert [entry.hash for entry in sealed] == [chained(*pair) for pair in zip(previous, sealed, strict=False)]
        assert tuple(faults_in_history("1", sealed)) == ()

    def test_what_is_sealed_is_the_history_and_is_read_back_as_it(self, store: Store) -> None:
        lived(store)

        assert len(store.history("1")) == len(store.entries("1")) > 0
        assert [entry.hash for entry in store.history("1")] == [entry.hash for entry in store.entries("1")]
        assert tuple(map(store.codec.decode, store.entries("1"))) == store.history("1")

    def test_private_words_come_back_in_the_history_and_enter_neither_suggestion_nor_body(self, store: Store) -> None:
        lived(store)
        received, bodies = store.history("1")[0].event, b"".join(entry.body for entry in store.entries("1"))
        suggestion = store.load("1")

        assert isinstance(received, Receive)
        assert suggestion is not None
        assert (received.phone, received.address) == ("placeholder number", "placeholder street")
        assert ("placeholder" in repr(attrs.astuple(suggestion)), b"placeholder" in bodies) == (False, False)

    @pytest.mark.parametrize("words", HOSTILE)
    def test_any_words_are_kept_as_they_were_written(self, store: Store, words: str) -> None:
        name = words[:LONGEST_NAME]
        received = Receive(words, name, phone=words, category=name)
        engine = lived(store, "other")
        engine.execute(name, received, by=Actor("congress_office", name), key=name)
        (entry, *_), suggestion = store.history(name), engine.look_up(name)

        assert (entry.event, entry.by.name) == (received, normalised(name))
        assert (suggestion.title, suggestion.category, suggestion.deputies) == (words, name, (normalised(name),))
        assert [kept.key for kept in store.keys(name)] == [name]

    # keys

    def test_what_was_recorded_under_a_key_is_told_whole_with_its_fingerprint(self, store: Store) -> None:
        lived(store, key="k")
        recorded, history = store.key("1", "k"), store.history("1")
        first = next(entry.number for entry in history if entry.kind == "replied")

        assert recorded == IdempotencyKey(
            "k", store.codec.fingerprint(Reply("B", "soon"), WATER), first, len(history)
        )
        assert [entry.number for entry in store.entries("1", recorded.first, recorded.last)] == [
            entry.number for entry in history[first - 1 :]
        ]
        assert len(history) > first

    def test_the_keys_of_a_suggestion_are_told_with_their_entries_oldest_first(self, store: Store) -> None:
        engine = lived(store, key="z")
        engine.execute("1", Classify("roads"), by=OFFICE, key="a")
        length = len(store.history("1"))
        first, last = store.keys("1")

        assert (first.key, last) == (
            "z",
            IdempotencyKey("a", store.codec.fingerprint(Classify("roads"), OFFICE), length, length),
        )

    def test_a_key_stands_for_nothing_where_it_was_not_given(self, store: Store) -> None:
        lived(store, "1", key="k")
        lived(store, "2")

        assert (store.key("1", "other"), store.key("2", "k")) == (None, None)
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

        assert (trace(store, "1"), store.key("1", "k")) == (before, None)

    def test_a_fingerprint_is_the_same_for_the_same_request_in_every_store(self, make_store: MakeStore) -> None:
        one, other = make_store(), make_store()

        assert one.codec.fingerprint(RECEIVE, OFFICE) == other.codec.fingerprint(RECEIVE, OFFICE)
        assert one.codec.fingerprint(RECEIVE, OFFICE) == one.codec.fingerprint(
            attrs.evolve(RECEIVE), attrs.evolve(OFFICE)
        )

    def test_a_fingerprint_tells_acts_and_actors_apart_and_gives_no_private_words_away(self, store: Store) -> None:
        acts_and_actors = [(RECEIVE, OFFICE), (RECEIVE, WATER), (attrs.evolve(RECEIVE, title="Lamps"), OFFICE)]
        without = attrs.evolve(RECEIVE, phone="another", address=None)

        assert len({store.codec.fingerprint(act, by) for act, by in acts_and_actors}) == len(acts_and_actors)
        assert store.codec.fingerprint(without, OFFICE) == store.codec.fingerprint(RECEIVE, OFFICE)

    def test_a_request_under_its_key_with_another_private_word_is_another_until_that_is_erased(
        self, store: Store
    ) -> None:
        engine = engine_of(store)
        engine.execute("1", RECEIVE, by=OFFICE, key="k")
        others = [attrs.evolve(RECEIVE, phone="mended number"), attrs.evolve(RECEIVE, address=None)]
        for other in others:
            with pytest.raises(KeyReused, match=r"stands for the same act with another (phone|address)"):
                engine.execute("1", other, by=OFFICE, key="k")
        engine.execute("1", RECEIVE, by=OFFICE, key="k")
        store.erase("1")
        engine.execute("1", others[0], by=OFFICE, key="k")

        assert engine.look_up("1").version == 1

    # kinds

    def test_an_event_of_a_host_is_read_back_where_its_class_was_handed_in(self, make_store: MakeStore) -> None:
        store = make_store(own=(Own,))
        lived(store)
        store.append(adding(store, "1", Own("x")))

        assert store.history("1")[-1].event == Own("x")
        assert tuple(verify(store)) == ()

    def test_a_store_says_which_classes_of_events_it_can_write(self, make_store: MakeStore) -> None:
        @frozen
        class Alike(Own):
            """Another class of the same kind."""

        known, stranger = make_store(own=(Own,)), make_store()

        assert all(known.codec.knows(event) and stranger.codec.knows(event) for event in EVENTS)
        assert (known.codec.knows(Own), stranger.codec.knows(Own), known.codec.knows(Alike)) == (True, False, False)

    def test_an_event_of_a_class_nobody_handed_in_is_refused_by_its_kind_and_not_written(self, store: Store) -> None:
        lived(store)
        before = trace(store, "1", "2")
        for events in (("1", Own("x")), ("2", RECEIVE, Own("x"))):
            with pytest.raises(UnknownKind, match="'contract_owned'"):
                store.append(adding(store, *events))

        assert trace(store, "1", "2") == before

    def test_an_event_of_a_kind_of_tomorrow_is_kept_byte_by_byte(self, store: Store) -> None:
        lived(store)
        event = UnknownEvent("from_tomorrow", b'{"new": 1}')
        store.append(adding(store, "1", event))

        assert (store.history("1")[-1].event, store.entries("1")[-1].body) == (event, event.body)

    def test_no_two_entries_have_the_same_salt(self, store: Store) -> None:
        lived(store, "1", "2")
        salts = [entry.salt for id in "12" for entry in store.entries(id)]

        assert {len(salt) for salt in salts} == {SALT_BYTES}
        assert len(set(salts)) == len(salts)

    def test_entries_are_read_from_one_number_to_another(self, store: Store) -> None:
        lived(store)
        whole = store.entries("1")

        assert (store.entries("1", 2), store.entries("1", 2, 3)) == (whole[1:], whole[1:3])
        assert (store.entries("1", len(whole) + 1), store.entries("1", 3, 2)) == ((), ())
        assert (store.entries("1", 1, -1), store.entries("1", -5, 1)) == ((), whole[:1])
        assert (store.entries("1", 1, 10**30), store.entries("1", 10**30)) == (whole, ())

    # texts

    def test_rulebooks_are_kept_oldest_first_and_the_same_again_changes_nothing(self, store: Store) -> None:
        kept = [StoredRulebook(name, version, "d", "{}") for name, version in (("z", "1"), ("a", "1"), ("z", "2"))]
        for each in (*kept, *kept):
            store.add_rulebook(each)

        assert list(store.rulebooks()) == kept

    def test_a_rulebook_is_never_altered_under_its_name_and_version(self, store: Store) -> None:
        kept = StoredRulebook("r", "1", "d", "{}")
        store.add_rulebook(kept)
        with pytest.raises(AlteredRulebook, match="r 1"):
            store.add_rulebook(StoredRulebook("r", "1", "other", "[]"))

        assert store.rulebooks() == (kept,)

    def test_calendars_are_kept_oldest_first_and_each_text_once(self, store: Store) -> None:
        texts = (("z", "d", "{}"), ("a", "d", "{}"), ("z", "other", "[]"))
        kept = [StoredCalendar(name, "1", digest, document) for name, digest, document in texts]
        for each in (*kept, *kept):
            store.add_calendar(each)

        assert list(store.calendars()) == kept

    def test_a_calendar_that_grew_under_its_name_and_version_comes_into_no_use_but_that_it_had(
        self, store: Store
    ) -> None:
        grown = attrs.evolve(RULES.calendar, known_through=day("2031-12-31"))
        old, new = RULES, attrs.evolve(RULES, version="2", calendar=grown, document="{}")
        Engine(store, [old])
        with pytest.raises(AlteredCalendar, match=RULES.calendar.version):
            Engine(store, [old, new])
        store.add_rulebook(StoredRulebook(new.name, new.version, new.digest, new.document))
        store.add_calendar(StoredCalendar(grown.name, grown.version, grown.digest, grown.document))

        assert Engine(store, [old, new]).rulebooks == (old, new)
        assert [each.digest for each in store.calendars()] == [RULES.calendar.digest, grown.digest]

    def test_anchors_are_kept_oldest_first_and_each_once(self, store: Store) -> None:
        kept = [Anchor("schema 2", 3, "d"), Anchor("backup", 9, "e")]
        for each in (*kept, *kept):
            store.add_anchor(each)

        assert list(store.anchors()) == kept
