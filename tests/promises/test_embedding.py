"""Does a store live in a host's own database, migrations and transaction? On SQLite and PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    event,
    func,
    insert,
    inspect,
    select,
)
from sqlalchemy import Engine as Database
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import CreateSchema

from handleflow import Engine, Suggestion
from handleflow.acts import Accept, Assign, Classify, Receive, RecordContact
from handleflow.engine.chainer import Chainer
from handleflow.errors import NotAStore, Refused, StaleSuggestion, StoreError, UnknownSuggestion
from handleflow.store.projection import build_batch
from handleflow.stores.sql import SqlStore, metadata, prepare_sqlite
from tests.beginnings import DEPUTY, OFFICE, WATER, rulebook
from tests.databases import fresh_postgres
from tests.markers import POSTGRES

RULES = rulebook()
OWN = MetaData()
NOTES = Table("notes", OWN, Column("id", Integer, primary_key=True), Column("text", Text))


@pytest.fixture(params=["sqlite", POSTGRES])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A host's own database, with a table of its own."""
    if request.param == "sqlite":
        made = create_engine(f"sqlite:///{tmp_path / 'host.db'}")
        prepare_sqlite(made)
    else:
        made = create_engine(fresh_postgres())
    OWN.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def store(database: Database) -> SqlStore:
    return SqlStore(database, prefix="hf_")


def begun(engine: Engine, id: str = "1") -> None:
    engine.execute(id, Receive("Pipes", "Deputy A"), by=OFFICE)
    engine.execute(id, Assign(("Water Bureau",)), by=OFFICE)


def noted(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(NOTES)) or 0


class TestTables:
    """In the host's metadata, under its prefix, made by its migrations or by the store."""

    def test_the_tables_bear_the_hosts_prefix_beside_its_own(self, store: SqlStore, database: Database) -> None:
        names = set(inspect(database).get_table_names())

        assert names == {"notes", *(table.name for table in metadata("hf_").sorted_tables)}
        assert all(name.startswith("hf_") for name in names - {"notes"})

    def test_two_stores_under_two_prefixes_do_not_know_of_each_other(self, database: Database) -> None:
        first, second = (Engine(SqlStore(database, prefix=prefix), [RULES]) for prefix in ("a_", "b_"))
        begun(first)

        assert (list(first.store.ids()), list(second.store.ids())) == (["1"], [])

    def test_a_hosts_migrations_make_the_tables_and_the_store_only_looks(self, database: Database) -> None:
        with pytest.raises(NotAStore, match="has no tables of a store; run your migrations, or create_schema"):
            SqlStore(database, create=False)
        SqlStore.create_schema(database)
        engine = Engine(SqlStore(database, create=False), [RULES])
        begun(engine)

        assert engine.look_up("1").state == "assigned"

    def test_making_them_twice_changes_nothing(self, database: Database) -> None:
        SqlStore.create_schema(database)
        begun(Engine(SqlStore(database), [RULES]))
        SqlStore.create_schema(database)

        assert list(SqlStore(database).ids()) == ["1"]

    @pytest.mark.parametrize("name", ["x; DROP TABLE notes", "", "1st", "ä_", 'a"b', "a" * 31])
    def test_a_prefix_or_a_schema_that_is_no_plain_name_is_refused(self, database: Database, name: str) -> None:
        with pytest.raises(NotAStore, match="is no prefix for tables"):
            SqlStore(database, prefix=name)
        with pytest.raises(NotAStore, match="is no schema for tables"):
            metadata(schema=name)

    @pytest.mark.database
    def test_on_postgresql_they_may_lie_in_a_schema_of_their_own(self) -> None:
        made = create_engine(fresh_postgres())
        with made.begin() as connection:
            connection.execute(CreateSchema("records", if_not_exists=True))
        engine = Engine(SqlStore(made, schema="records", prefix="own_"), [RULES])
        begun(engine)
        found = inspect(made).get_table_names(schema="records")
        made.dispose()

        assert "own_entries" in found


class TestBinding:
    """Inside the host's open transaction, which alone decides."""

    def test_what_the_host_commits_is_kept_with_the_hosts_own_work(self, store: SqlStore, database: Database) -> None:
        Engine(store, [RULES])
        with database.begin() as connection:
            begun(Engine(store.bind(connection), [RULES]))
            connection.execute(insert(NOTES).values(text="with it"))
        with database.connect() as connection:
            assert (noted(connection), store.load("1") is not None) == (1, True)

    def test_what_the_host_rolls_back_never_was(self, store: SqlStore, database: Database) -> None:
        Engine(store, [RULES])
        with database.connect() as connection:
            connection.begin()
            begun(Engine(store.bind(connection), [RULES]))
            connection.execute(insert(NOTES).values(text="gone"))
            connection.rollback()
        with database.connect() as connection:
            assert (noted(connection), store.load("1"), store.feed()) == (0, None, ())

    def test_within_the_transaction_it_sees_what_it_wrote_and_others_do_not(
        self, store: SqlStore, database: Database
    ) -> None:
        Engine(store, [RULES])
        with database.connect() as connection:
            transaction = connection.begin()
            bound = Engine(store.bind(connection), [RULES])
            begun(bound)

            assert (bound.look_up("1").version, store.load("1")) == (3, None)
            transaction.rollback()

    def test_a_refusal_leaves_the_hosts_work_whole(self, store: SqlStore, database: Database) -> None:
        begun(Engine(store, [RULES]))
        with database.begin() as connection:
            connection.execute(insert(NOTES).values(text="before"))
            with pytest.raises(Refused):
                Engine(store.bind(connection), [RULES]).execute("1", Accept(), by=DEPUTY)
            connection.execute(insert(NOTES).values(text="after"))
        with database.connect() as connection:
            assert (noted(connection), len(store.history("1"))) == (2, 3)

    def test_a_lost_race_rolls_back_to_its_savepoint_and_the_host_goes_on(
        self, store: SqlStore, database: Database
    ) -> None:
        engine = Engine(store, [RULES])
        begun(engine)
        seen = engine.look_up("1").version
        engine.execute("1", Accept(), by=WATER)
        with database.begin() as connection:
            connection.execute(insert(NOTES).values(text="before"))
            bound = Engine(store.bind(connection), [RULES])
            with pytest.raises(StaleSuggestion):
                bound.execute("1", Classify("roads"), by=OFFICE, expect=seen)
            bound.execute("1", RecordContact("before"), by=WATER)
        with database.connect() as connection:
            assert (noted(connection), [e.kind for e in store.history("1")][-2:]) == (
                1,
                ["accepted", "contact_recorded"],
            )

    def test_a_suggestion_that_somebody_began_meanwhile_costs_the_host_nothing(
        self, store: SqlStore, database: Database
    ) -> None:
        engine = Engine(store, [RULES])
        begun(engine)
        received = engine.history("1")[:1]
        late = Chainer(store.codec).chained(build_batch(RULES, Suggestion("1"), received))
        with database.begin() as connection:
            connection.execute(insert(NOTES).values(text="before"))
            with pytest.raises(StaleSuggestion):
                store.bind(connection).append(late)
        with database.connect() as connection:
            assert noted(connection) == 1

    def test_listeners_are_silent_and_the_feed_tells_after_the_commit(
        self, store: SqlStore, database: Database
    ) -> None:
        heard: list[str] = []
        Engine(store, [RULES])
        with database.begin() as connection:
            bound = Engine(store.bind(connection), [RULES], listeners=[lambda _, entry: heard.append(entry.kind)])
            begun(bound)
        found = [item.entry.kind for item in store.feed()]

        assert (heard, found) == ([], ["received", "assigned", "term_set"])

    def test_an_unknown_suggestion_is_unknown_there_too(self, store: SqlStore, database: Database) -> None:
        with database.begin() as connection, pytest.raises(UnknownSuggestion):
            Engine(store.bind(connection), [RULES]).look_up("404")

    def test_closing_it_leaves_the_hosts_connection_open(self, store: SqlStore, database: Database) -> None:
        with database.begin() as connection:
            store.bind(connection).close()
            connection.execute(insert(NOTES).values(text="still open"))

            assert noted(connection) == 1


def test_a_database_of_another_kind_is_refused() -> None:
    with pytest.raises(NotAStore, match=r"stores lie in SQLite or PostgreSQL, not in mysql|cannot be opened"):
        SqlStore("mysql://nobody@127.0.0.1/none")


def test_a_server_that_is_not_there_is_told_by_name() -> None:
    with pytest.raises(NotAStore, match="cannot be opened as a store"):
        SqlStore("postgresql://nobody@127.0.0.1:1/none")


def test_a_database_that_went_away_is_one_named_error(tmp_path: Path) -> None:
    store = SqlStore(str(tmp_path / "a.db"))
    with store._connect(writes=True) as connection:
        connection.exec_driver_sql("DROP TABLE handleflow_facets")
    with pytest.raises(StoreError, match="the database refused, and nothing was written"):
        begun(Engine(store, [RULES]))
    store.close()


def test_a_full_disk_that_ends_the_hosts_transaction_lets_nothing_after_it_stand_alone(tmp_path: Path) -> None:
    """SQLite gives the whole transaction up; what the host wrote next would have committed by itself."""
    made = create_engine(f"sqlite:///{tmp_path / 'host.db'}")
    prepare_sqlite(made)
    OWN.create_all(made)
    engine = Engine(SqlStore(made), [RULES])
    begun(engine)
    with made.connect() as connection:
        connection.execute(insert(NOTES).values(text="before"))
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        bound = Engine(engine.store.bind(connection), [RULES])  # type: ignore[attr-defined]  # it is an SqlStore
        with pytest.raises(StoreError, match="nothing was written"):
            bound.execute("2", Receive("x" * 400_000, "Deputy A"), by=OFFICE)
        with pytest.raises(SQLAlchemyError):
            connection.execute(insert(NOTES).values(text="after"))
    with made.connect() as connection:
        assert (noted(connection), len(engine.history("1"))) == (0, 3)
    made.dispose()


def test_the_hosts_events_tell_what_a_bound_store_does_and_not_what_the_store_does_by_itself(
    store: SqlStore, database: Database
) -> None:
    found = list[str]()
    event.listen(database, "after_cursor_execute", lambda *heard: found.append(str(heard[2])))
    begun(Engine(store, [RULES]))
    own = [said for said in found if "INTO hf_entries" in said]
    with database.begin() as connection:
        begun(Engine(store.bind(connection), [RULES]), "2")

    assert (own, sum("INTO hf_entries" in said for said in found)) == ([], 2)
