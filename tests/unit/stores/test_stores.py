"""What does a store in a file add to what every store promises (test_contract), and what does its codec keep?"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import attrs
import pytest
from attrs import frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine as Database
from sqlalchemy import create_engine, text

from handleflow import Act, Engine, MemoryStore, Refused, Store
from handleflow.acts import EVENTS, Accept, Assign, GrantExtension, Receive, RecordContact, Reply, RequestExtension
from handleflow.codec import Codec
from handleflow.core import replay
from handleflow.engine.chainer import Chainer
from handleflow.errors import NotAStore, StoreError, UnknownKind
from handleflow.hash_chain import chained, genesis
from handleflow.legal_time import day
from handleflow.model import Event, UnknownEvent
from handleflow.store import Batch, PageToken, Query
from handleflow.stores.sql import SqlStore
from tests.anything import SOMEBODY
from tests.beginnings import OFFICE, WATER, instant, rulebook
from tests.streams import Watch, suggestions

RULES = rulebook()
RECEIVE = Receive("Pipes", "Deputy A", phone="placeholder number", address="placeholder street")


_opened: list[SqlStore | Database] = []


@pytest.fixture(autouse=True)
def _nothing_stays_open() -> Iterator[None]:
    """Close what a test opened: a database that is left open is a warning from Python 3.13 on."""
    yield
    while _opened:
        last = _opened.pop()
        last.close() if isinstance(last, SqlStore) else last.dispose()


def opened(where: str, own: Iterable[type[Event]] = ()) -> SqlStore:
    """A store that is closed after the test."""
    store = SqlStore(where, own)
    _opened.append(store)
    return store


def database_at(url: str) -> Database:
    """The same of a database that is looked at without a store."""
    database = create_engine(url)
    _opened.append(database)
    return database


@frozen
class Own(Act):
    """A host's own act."""

    verb = "own"
    kind = "owned"
    words: str


def lived(store: Store, id: str = "1") -> Engine:
    engine = Engine(store, [RULES])
    acts = [
        (RECEIVE, OFFICE),
        (Assign(("Water Bureau",)), OFFICE),
        (Accept(), WATER),
        (RecordContact("before"), WATER),
    ]
    for act, by in (*acts, (Reply("B", "soon"), WATER)):
        engine.execute(id, act, by=by, at=instant("2026-02-10"))
    return engine


class TestSqlite:
    """What a file on disk adds."""

    def test_the_chain_can_be_recomputed_from_stored_bytes(self, tmp_path: Path) -> None:
        store = opened(str(tmp_path / "a.db"))
        lived(store)
        codec, previous = Codec(), genesis("1")
        with database_at(f"sqlite:///{tmp_path / 'a.db'}").connect() as connection:
            rows = connection.execute(text("SELECT salt, body FROM handleflow_entries ORDER BY number")).all()
        for entry, (salt, body) in zip(store.history("1"), rows, strict=True):
            stored = attrs.evolve(codec.encode(entry, previous, os.urandom), salt=salt, body=body)
            assert chained(previous, stored) == entry.hash
            previous = entry.hash

    def test_erasing_a_private_field_leaves_the_chain_whole(self, tmp_path: Path) -> None:
        store = opened(str(tmp_path / "a.db"))
        lived(store)
        hashes = [entry.hash for entry in store.history("1")]
        with database_at(f"sqlite:///{tmp_path / 'a.db'}").begin() as connection:
            connection.execute(text("DELETE FROM handleflow_private"))
        received = store.history("1")[0].event

        assert isinstance(received, Receive)
        assert (received.phone, [entry.hash for entry in store.history("1")]) == (None, hashes)

    def test_what_is_read_one_by_one_is_not_kept(self, tmp_path: Path) -> None:
        store, memory, watch = opened(str(tmp_path / "a.db")), MemoryStore(), Watch()
        like, history = lived(memory).look_up("1"), memory.history("1")
        each_batch = (Batch(each.id, 0, history, each) for each in suggestions(like, 700))
        store.append(*map(Chainer(store.codec).chained, each_batch))

        assert sum(1 for _ in watch.over(store.snapshots())) == 700
        assert 0 < watch.most <= 2

    def test_a_feed_whose_tree_is_of_another_size_is_numbered_no_further(self, tmp_path: Path) -> None:
        store = opened(str(tmp_path / "a.db"))
        lived(store)
        numbered = store.feed()
        with database_at(f"sqlite:///{tmp_path / 'a.db'}").begin() as connection:
            connection.execute(text("DELETE FROM handleflow_feed_tree"))
        lived(store, "2")
        with pytest.raises(StoreError, match=f"the feed's tree does not fit its {len(numbered)} positions"):
            store.feed()

        assert len(list(store.numbered())) == len(numbered)

    def test_private_words_stand_only_in_their_own_table(self, tmp_path: Path) -> None:
        lived(opened(str(tmp_path / "a.db")))
        with database_at(f"sqlite:///{tmp_path / 'a.db'}").connect() as connection:
            rows = connection.execute(text("SELECT body FROM handleflow_entries")).scalars().all()
            snapshots = connection.execute(text("SELECT snapshot FROM handleflow_suggestions")).scalars().all()

        assert not any(b"placeholder number" in bytes(row) for row in rows)
        assert not any("placeholder number" in snapshot for snapshot in snapshots)

    def test_the_term_index_holds_the_running_terms(self, tmp_path: Path) -> None:
        store = opened(str(tmp_path / "a.db"))
        engine = Engine(store, [RULES])
        engine.execute("1", RECEIVE, by=OFFICE, at=instant("2026-02-10"))
        engine.execute("1", Assign(("Water Bureau",)), by=OFFICE, at=instant("2026-02-10"))
        query = text("SELECT rule, unit, due_on FROM handleflow_terms")
        with database_at(f"sqlite:///{tmp_path / 'a.db'}").connect() as connection:
            indexed = connection.execute(query).all()

        assert [tuple(row) for row in indexed] == [("reply", "Water Bureau", "2026-05-11")]

    def test_the_day_a_suggestion_wakes_follows_a_fact_that_moves_no_term(self, tmp_path: Path) -> None:
        silence = {"after": "accepted", "offset": "5 days", "unless": "contact_recorded", "channel": "phone"}
        rules = rulebook(rung=[{"id": "silent", **silence, "cite": "host"}])
        with closing(opened(str(tmp_path / "a.db"))) as store:
            engine = Engine(store, [rules])
            for act, by in ((RECEIVE, OFFICE), (Assign(("Water Bureau",)), OFFICE), (Accept(), WATER)):
                engine.execute("1", act, by=by, at=instant("2026-02-10"))
            before = store.due(instant("2026-12-31"))
            engine.execute("1", RecordContact("before"), by=WATER, at=instant("2026-02-11"))
            after = store.due(instant("2026-12-31"))

        days = [[str(rules.calendar.day_of(waking.at)) for waking in each] for each in (before, after)]
        assert days == [["2026-02-15"], ["2026-05-12"]]

    def test_a_suggestion_is_found_by_the_day_an_extension_moved_though_it_stays_where_it_stands(
        self, tmp_path: Path
    ) -> None:
        until, found = day("2026-06-11"), instant("2026-02-10")
        reply = {"id": "reply", "of": "lead", "anchor": "assigned", "met_by": ["replied"], "span": "3 months"}
        longer = {"span": "6 months", "base": "capped", "mode": "consent", "cite": "host"}
        with closing(opened(str(tmp_path / "a.db"))) as store:
            engine = Engine(store, [rulebook(term=[{**reply, "extension": longer, "cite": "host"}])])
            for act, by in ((RECEIVE, OFFICE), (Assign(("Water Bureau",)), OFFICE), (Accept(), WATER)):
                engine.execute("1", act, by=by, at=found)
            engine.execute("1", RequestExtension(until, "the pipes lie deep"), by=WATER, at=found)
            engine.execute("1", GrantExtension("Water Bureau", until), by=OFFICE, at=found)

            assert [
                suggestion.id for suggestion in store.find(Query(due_from=until, due_until=until)).suggestions
            ] == ["1"]

    def test_a_hosts_own_act_comes_back_where_it_is_known_and_is_kept_where_it_is_not(self, tmp_path: Path) -> None:
        path = str(tmp_path / "a.db")
        own, plain = opened(path, own=[Own]), opened(path)
        lived(own)
        entry, suggestion = own.history("1")[0], own.load("1")
        assert suggestion is not None
        batch = Batch("2", 0, (attrs.evolve(entry, event=Own("x")),), attrs.evolve(suggestion, id="2", version=1))
        own.append(Chainer(own.codec).chained(batch))
        (read,) = plain.history("2")

        assert own.history("2")[0].event == Own("x")
        assert (read.event, read.kind) == (UnknownEvent("owned", b'{"on":null,"words":"x"}'), "owned")
        assert replay("2", plain.history("2")).state == read.state

    def test_a_known_kind_with_fields_of_a_newer_version_is_shown_not_guessed(self) -> None:
        codec = Codec()
        entry = lived(MemoryStore()).history("1")[3]
        stored = attrs.evolve(codec.encode(entry, "", os.urandom), body=b'{"on":null,"new":1}')

        assert codec.decode(stored).event == UnknownEvent("accepted", b'{"on":null,"new":1}')

    @pytest.mark.parametrize(
        ("where", "words"),
        [
            pytest.param("{}", "is no file", id="a folder"),
            pytest.param("{}/none/a.db", "is no file", id="no such folder"),
            pytest.param("{}/text", "cannot be opened as a store", id="not a database"),
            pytest.param("nonsense://x", "Can't load plugin", id="an unknown kind of database"),
            pytest.param("://", "is no database URL", id="not a URL"),
            pytest.param("{}/other.db", "holds other tables", id="somebody else's database"),
            pytest.param("{}/old.db", "schema version 0", id="another schema version"),
        ],
    )
    def test_a_place_that_is_no_store_is_named(self, tmp_path: Path, where: str, words: str) -> None:
        (tmp_path / "text").write_text("this is no database, whatever it is, and long enough to be sure of it")
        with database_at(f"sqlite:///{tmp_path / 'other.db'}").begin() as connection:
            connection.execute(text("CREATE TABLE strangers (id INTEGER)"))
        opened(str(tmp_path / "old.db")).close()
        with database_at(f"sqlite:///{tmp_path / 'old.db'}").begin() as connection:
            connection.execute(text("UPDATE handleflow_meta SET value = '0'"))
        with pytest.raises(NotAStore, match=words):
            opened(where.format(tmp_path))

    def test_a_url_is_taken_as_well_as_a_path(self, tmp_path: Path) -> None:
        lived(opened(f"sqlite:///{tmp_path / 'a.db'}"))

        assert opened(str(tmp_path / "a.db")).load("1") is not None

    def test_what_the_database_refuses_is_told_under_one_name(self, tmp_path: Path) -> None:
        store = opened(str(tmp_path / "a.db"))
        with database_at(f"sqlite:///{tmp_path / 'a.db'}").begin() as connection:
            connection.execute(text("DROP TABLE handleflow_keys"))
        with pytest.raises(StoreError, match="nothing was written"):
            store.key("1", "k")

    def test_so_is_what_its_driver_refuses(self, tmp_path: Path) -> None:
        store = opened(str(tmp_path / "a.db"))
        with pytest.raises(StoreError, match="the database refused"):
            store.find(Query(), after=PageToken("\ud800"))

    def test_sqlite_waits_its_turn_and_keeps_its_references(self, tmp_path: Path) -> None:
        store = opened(str(tmp_path / "a.db"))
        with store._database.connect() as connection:
            modes = [connection.exec_driver_sql(f"PRAGMA {p}").scalar() for p in ("journal_mode", "foreign_keys")]

        assert modes == ["wal", 1]


_WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1).filter(
    lambda said: said.strip() != ""
)


@settings(suppress_health_check=list(HealthCheck))
@given(title=_WORDS, deputy=SOMEBODY, phone=st.none() | _WORDS)
def test_whatever_is_written_is_read_back(title: str, deputy: str, phone: str | None) -> None:
    codec, received = Codec(), Receive(title, deputy, phone=phone)
    entry = attrs.evolve(lived(MemoryStore()).history("1")[0], event=received)

    assert codec.decode(codec.encode(entry, "", os.urandom)).event == received


def test_every_event_of_the_library_has_a_kind_of_its_own() -> None:
    kinds = [event.kind for event in EVENTS]

    assert len(set(kinds)) == len(kinds)
    assert all(kinds)


def test_a_key_does_not_give_a_private_field_away() -> None:
    codec = Codec()
    prints = {codec.fingerprint(Receive("Pipes", "Deputy A", phone=phone), OFFICE) for phone in ("1", "2", None)}

    assert len(prints) == 1


def test_a_hosts_act_needs_a_kind_of_its_own() -> None:
    class Mine(Accept):
        kind = "replied"

    with pytest.raises(UnknownKind, match="'replied'"):
        MemoryStore(own=[Mine])


def test_a_refused_act_leaves_no_trace_in_the_database(tmp_path: Path) -> None:
    engine = lived(opened(str(tmp_path / "a.db")))
    before = engine.history("1")
    with pytest.raises(Refused):
        engine.execute("1", Accept(), by=OFFICE, key="k")

    assert (engine.history("1"), engine.recorded_under("1", "k")) == (before, ())


@pytest.mark.parametrize("damaged", ["no JSON", "[]", "7"])
def test_a_snapshot_that_cannot_be_read_is_folded_from_the_history(damaged: str, tmp_path: Path) -> None:
    whole = lived(opened(str(tmp_path / "a.db"))).look_up("1")
    with database_at(f"sqlite:///{tmp_path / 'a.db'}").begin() as connection:
        connection.execute(text("UPDATE handleflow_suggestions SET snapshot = :damaged"), {"damaged": damaged})

    assert opened(str(tmp_path / "a.db")).load("1") == whole


def test_a_snapshot_of_a_newer_version_is_folded_from_the_history(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    engine = Engine(opened(str(path)), [RULES])
    kept = engine.execute("1", Receive("Pipes", "Deputy A"), by=OFFICE)
    with database_at(f"sqlite:///{path}").begin() as connection:
        connection.execute(text("""UPDATE handleflow_suggestions SET snapshot = '{"new": 1}'"""))
    again = Engine(opened(str(path)), [RULES])

    assert (again.look_up("1"), list(again.store.snapshots())) == (kept, [kept])
