"""When is a snapshot written, what is held in memory, and is what comes of both always the history replayed?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import accumulate
from pathlib import Path

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import create_engine, func, insert, select, update

from handleflow import Suggestion
from handleflow.acts import Classify
from handleflow.core.corrected_time import replay
from handleflow.errors import UnknownKind
from handleflow.hash_chain import chained
from handleflow.legal_time import utc
from handleflow.store import Query
from handleflow.stores import _row_values
from handleflow.stores._schema import tables
from handleflow.stores._snapshots import Held, HeldSuggestions, is_due
from handleflow.stores.sql import SqlStore, prepare_sqlite
from handleflow.testing._lives import OFFICE, Own, adding, at, begun, engine_of
from handleflow.testing._moving import rebuilt
from handleflow.verification import verify
from tests.anything import in_full
from tests.databases import fresh_postgres
from tests.markers import POSTGRES

T = tables()
LONG = 150


@pytest.fixture(params=["sqlite", POSTGRES])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database."""
    return fresh_postgres() if request.param == "postgres" else f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
def store(place: str) -> Iterator[SqlStore]:
    """A store in it, with suggestion ``1`` of a long history."""
    with closing(SqlStore(place, own=(Own,))) as opened:
        grown(opened, LONG)
        yield opened


def grown(store: SqlStore, entries: int) -> None:
    """Let suggestion ``1`` have so many entries."""
    engine = begun(store, "1") if store.load("1") is None else engine_of(store)
    while (version := engine.look_up("1").version) < entries:
        engine.execute("1", Classify(f"category {version}"), by=OFFICE)


def snapshot_version(place: str) -> int:
    """Which version the stored snapshot is of."""
    database = create_engine(place)
    with database.connect() as connection:
        found = connection.scalar(select(T.suggestions.c.snapshot_version).where(T.suggestions.c.id == "1"))
    database.dispose()
    assert found is not None
    return int(found)


@example([1] * 600)
@example([9] * 300)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=300))
def test_a_snapshot_is_written_by_every_act_at_first_and_is_never_far_behind(sizes: list[int]) -> None:
    written = 0
    for before, after in zip([0, *accumulate(sizes)], accumulate(sizes), strict=False):
        written = after if is_due(before, after) else written

        assert after - written < max(1, after // 16)
        assert after >= 64 or written == after


def test_a_long_history_is_read_as_it_is_though_its_snapshot_is_older(store: SqlStore, place: str) -> None:
    versions = []
    for entries in range(LONG, LONG + 12):
        grown(store, entries)
        with closing(SqlStore(place, own=(Own,))) as fresh:
            assert fresh.load("1") == store.load("1") == replay("1", store.history("1"))
            assert fresh.load_many(["1"]) == {"1": store.load("1")}
            assert next(fresh.snapshots()) == store.load("1")
        versions.append(snapshot_version(place))

    assert min(versions) < LONG
    assert len(set(versions)) < len(versions)
    assert list(verify(store)) == []


def test_who_holds_a_suggestion_sees_what_others_wrote_since(store: SqlStore, place: str) -> None:
    with closing(SqlStore(place, own=(Own,))) as other:
        for entries in range(LONG, LONG + 20, 3):
            grown(other, entries)
            assert store.load("1") == other.load("1") == replay("1", other.history("1"))
            grown(store, entries + 1)
            assert other.load("1") == store.load("1")

    assert list(verify(store)) == []


def test_who_holds_a_suggestion_sees_that_it_was_rebuilt(store: SqlStore, place: str) -> None:
    store.load("1")
    with closing(SqlStore(place, own=(Own,))) as other:
        other.rebuild(rebuilt(other, "1", title="Lamps"))
    found = store.load("1")

    assert found is not None
    assert found.title == "Lamps"


def test_what_is_held_and_what_is_read_anew_tell_of_an_instant_in_the_same_zone(store: SqlStore, place: str) -> None:
    grown(store, LONG + 1)
    with closing(SqlStore(place, own=(Own,))) as fresh:
        assert in_full(store.load("1")) == in_full(fresh.load("1"))


def test_an_append_that_is_rolled_back_leaves_nothing_held(store: SqlStore, place: str) -> None:
    before, database = store.load("1"), create_engine(place)
    if database.dialect.name == "sqlite":
        prepare_sqlite(database)
    with database.connect() as connection, connection.begin() as transaction:
        engine_of(store.bind(connection)).execute("1", Classify("rolled back"), by=OFFICE)
        transaction.rollback()
    database.dispose()

    assert store.load("1") == before
    grown(store, LONG + 1)
    assert store.load("1") == replay("1", store.history("1"))


def test_entries_are_folded_onto_no_snapshot_that_they_are_not_chained_to(store: SqlStore, place: str) -> None:
    grown(store, LONG + 1)
    s, database = T.suggestions, create_engine(place)
    its_hash = store.entries("1")[snapshot_version(place) - 1].hash
    forged = func.replace(func.replace(s.c.snapshot, '"Pipes"', '"Lamps"'), its_hash, "0" * 64)
    with database.begin() as connection:
        connection.execute(update(s).where(s.c.id == "1").values(snapshot=forged))
    database.dispose()
    with closing(SqlStore(place, own=(Own,))) as fresh:
        assert snapshot_version(place) < LONG + 1
        assert fresh.load("1") == store.load("1")


def test_what_was_changed_among_the_entries_since_is_folded_and_found(store: SqlStore, place: str) -> None:
    grown(store, LONG + 1)
    e, database = T.entries, create_engine(place)
    with database.begin() as connection:
        connection.execute(update(e).where(e.c.number == LONG).values(state="closed"))
    database.dispose()
    with closing(SqlStore(place, own=(Own,))) as fresh:
        assert fresh.load("1") == replay("1", fresh.history("1"))
        assert [fault.number for fault in verify(fresh)] == [LONG]


def test_a_hosts_own_event_is_followed_by_a_snapshot_for_those_who_know_it_not(store: SqlStore, place: str) -> None:
    grown(store, LONG + 2)
    assert not is_due(LONG + 2, LONG + 3)
    store.append(adding(store, "1", Own("words")))
    with closing(SqlStore(place)) as stranger:
        assert (snapshot_version(place), stranger.load("1")) == (LONG + 3, store.load("1"))


def test_who_holds_a_suggestion_and_knows_not_a_hosts_own_event_reads_the_snapshot_behind_it(
    store: SqlStore, place: str
) -> None:
    with closing(SqlStore(place)) as stranger:
        stranger.load("1")
        store.append(adding(store, "1", Own("words")))

        assert stranger.load("1") == store.load("1")


def test_nothing_is_folded_from_an_event_of_a_newer_library_and_it_stops_no_list(store: SqlStore, place: str) -> None:
    begun(store, "2")
    before = store.load("1")
    assert before is not None
    (stored,) = adding(store, "1", Classify("roads")).stored
    newer = attrs.evolve(stored, kind="from_tomorrow", at=utc(stored.at))
    newer = attrs.evolve(newer, hash=chained(before.last_hash, newer))
    database, s = create_engine(place), T.suggestions
    with database.begin() as connection:
        connection.execute(insert(T.entries).values(_row_values.entry_row("1", newer)))
        connection.execute(update(s).where(s.c.id == "1").values(version=newer.number, last_hash=newer.hash))
    database.dispose()
    with pytest.raises(UnknownKind, match="'from_tomorrow'"):
        store.load("1")
    for shown in (list(store.snapshots()), list(store.find(Query()).suggestions)):
        assert [(each.id, each.version) for each in shown] == [("1", snapshot_version(place)), ("2", 3)]


def held(id: str, version: int) -> Held:
    """A suggestion of so many entries."""
    return Held(Suggestion(id, version=version, last_at=at("2026-02-10")), 0)


def test_the_suggestions_used_last_are_held_up_to_so_many_entries() -> None:
    store = HeldSuggestions(100)
    for id in ("a", "b", "c"):
        store.put(held(id, 20))
    store.get("a")
    store.put(held("d", 20))

    assert [id for id in "abcd" if store.get(id) is not None] == ["a", "c", "d"]


@pytest.mark.parametrize("most", [0, 50])
def test_a_suggestion_of_more_entries_than_are_held_is_not_and_others_stay(most: int) -> None:
    store = HeldSuggestions(most)
    store.put(held("a", 10))
    store.put(held("long", 1_000))

    assert store.get("long") is None
    assert (store.get("a") is not None) == (most > 0)


def test_a_store_that_holds_nothing_tells_the_same(place: str) -> None:
    with closing(SqlStore(place, max_held=0)) as store:
        grown(store, 70)

        assert store.load("1") == replay("1", store.history("1"))
