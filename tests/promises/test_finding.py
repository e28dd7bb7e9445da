"""Is a suggestion found by what a host knows of it? In every store alike, by an index, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from handleflow import Engine, MemoryStore
from handleflow.acts import Accept, Assign, Classify, Receive, RecordContact, Reply, Resume, Suspend, TakeOver
from handleflow.core.lights import light_of
from handleflow.errors import UnknownChoice
from handleflow.legal_time import Day, day
from handleflow.store import COUNTED_BY, IndexedStore, PageToken, Query, by_light
from handleflow.stores import _indexed
from handleflow.stores.sql import SqlStore
from tests.beginnings import OFFICE, WATER, instant, rulebook
from tests.databases import fresh_postgres
from tests.markers import POSTGRES

STOP = {"source": ["assigned", "handling"], "target": "same", "who": ["congress_office"]}
REPLY = {"id": "reply", "of": "lead", "anchor": "assigned", "met_by": ["replied"], "span": "3 months", "cite": "host"}
LIGHTS = [
    {"colour": "green", "cite": "host"},
    {"colour": "yellow", "offset": "-10 workdays", "cite": "host"},
    {"colour": "red", "offset": "1 day", "cite": "host"},
    {"colour": "blue", "cite": "host"},
]
LEADERS = [
    {"name": "Leader for water (placeholder)", "categories": ["water"]},
    {"name": "Leader for the rest (placeholder)"},
]
RULES = rulebook(
    light=LIGHTS,
    leader=LEADERS,
    term=[{**REPLY, "is_pausable": True}],
    transition=[{"act": act, **STOP} for act in ("suspend", "resume")],
)


@pytest.fixture(params=["memory", "sqlite", POSTGRES])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[IndexedStore]:
    if request.param == "memory":
        yield MemoryStore()
        return
    kept = SqlStore(fresh_postgres() if request.param == "postgres" else str(tmp_path / "a.db"))
    yield kept
    kept.close()


def lived(store: IndexedStore, id: str, receive: Receive, *leads: str, on: str = "2026-02-10") -> Engine:
    engine = Engine(store, [RULES])
    engine.execute(id, receive, by=OFFICE, at=instant(on, 8))
    if leads:
        engine.execute(id, Assign(leads), by=OFFICE, at=instant(on))
    return engine


def filled(store: IndexedStore) -> None:
    """Five suggestions, no two alike."""
    lived(store, "1", Receive("Water pipes", "Deputy A", category="water", session="1st"), "Water Bureau")
    lived(
        store,
        "2",
        Receive("100% of roads", "Deputy B", ("Deputy A",), session="2nd"),
        "Roads Bureau",
        on="2026-02-12",
    )
    lived(
        store,
        "3",
        Receive("Schools_and", "Deputy B", category="schools", is_key=True),
        "Roads Bureau",
        "Water Bureau",
    )
    lived(store, "4", Receive("waters of the river", "Deputy C", category="water"))
    engine = lived(store, "5", Receive("Lamps", "Deputy C"), "Water Bureau", on="2026-01-05")
    for act in (Accept(), RecordContact("before"), Reply("A", "done")):
        engine.execute("5", act, by=WATER, at=instant("2026-01-06"))


def found(store: IndexedStore, query: Query) -> str:
    return "".join(suggestion.id for suggestion in store.find(query).suggestions)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        pytest.param(Query(), "12345", id="everything"),
        pytest.param(Query(state="assigned"), "123", id="by state"),
        pytest.param(Query(unit="Water Bureau"), "135", id="by unit"),
        pytest.param(Query(leader="Leader for water (placeholder)"), "1", id="by leader"),
        pytest.param(Query(category="water"), "14", id="by category"),
        pytest.param(Query(deputy="Deputy A"), "12", id="by deputy, a co-signer too"),
        pytest.param(Query(session="2nd"), "2", id="by session"),
        pytest.param(Query(is_key=True), "3", id="the key ones"),
        pytest.param(Query(is_key=False), "1245", id="the others"),
        pytest.param(Query(rulebook="test 1"), "12345", id="by rulebook"),
        pytest.param(Query(rulebook="test 2"), "", id="by another rulebook"),
        pytest.param(Query(text="WATER"), "14", id="by text in the title, whatever the case"),
        pytest.param(Query(text="100%"), "2", id="a percent sign is a percent sign"),
        pytest.param(Query(text="s_a"), "3", id="an underscore is an underscore"),
        pytest.param(Query(text="'; DROP TABLE"), "", id="SQL is text"),
        pytest.param(Query(due_until=day("2026-05-11")), "13", id="due by a day"),
        pytest.param(Query(due_from=day("2026-05-12")), "2", id="due from a day"),
        pytest.param(Query(due_from=day("2026-05-12"), include_undated=True), "245", id="or with no day"),
        pytest.param(Query(unit="Water Bureau", state="assigned", is_key=False), "1", id="all at once"),
        pytest.param(Query(unit="Water"), "", id="a part of a name is no name"),
    ],
)
def test_a_query_finds_what_it_is_true_of(store: IndexedStore, query: Query, ids: str) -> None:
    filled(store)

    assert (found(store, query), sum(store.count(query, "state").values())) == (ids, len(ids))


@pytest.mark.parametrize(
    ("by", "counts"),
    [
        ("state", {"assigned": 3, "received": 1, "replied": 1}),
        ("category", {"": 2, "schools": 1, "water": 2}),
        ("session", {"": 3, "1st": 1, "2nd": 1}),
        ("rulebook", {"test 1": 5}),
        ("unit", {"": 1, "Roads Bureau": 2, "Water Bureau": 3}),
        ("leader", {"": 1, "Leader for the rest (placeholder)": 3, "Leader for water (placeholder)": 1}),
        ("deputy", {"Deputy A": 2, "Deputy B": 2, "Deputy C": 2}),
        ("outcome", {"": 4, "A": 1}),
    ],
)
def test_they_are_counted_by_what_a_host_asks(store: IndexedStore, by: str, counts: dict[str, int]) -> None:
    filled(store)

    assert store.count(Query(), by) == counts


def test_every_way_of_counting_is_tried() -> None:
    assert set(COUNTED_BY) == {"state", "category", "session", "rulebook", "unit", "leader", "deputy", "outcome"}


@pytest.mark.parametrize(("order", "ids"), [("id", "12345"), ("due_on", "13245")])
@pytest.mark.parametrize("limit", [1, 2, 5, 50])
def test_page_by_page_each_comes_once_and_in_order(store: IndexedStore, order: str, ids: str, limit: int) -> None:
    filled(store)
    seen, after = "", None
    while True:
        page = store.find(Query(), order=order, after=after, limit=limit)
        seen += "".join(suggestion.id for suggestion in page.suggestions)
        after = page.next
        if after is None:
            break

    assert seen == ids


def test_a_page_that_others_write_between_skips_nothing(store: IndexedStore) -> None:
    filled(store)
    first = store.find(Query(), limit=2)
    lived(store, "0", Receive("Early", "Deputy A"))
    lived(store, "9", Receive("Late", "Deputy A"))
    rest = store.find(Query(), after=first.next)

    assert [suggestion.id for suggestion in rest.suggestions] == ["3", "4", "5", "9"]


def test_an_order_or_a_count_nobody_knows_names_the_nearest(store: IndexedStore) -> None:
    with pytest.raises(UnknownChoice, match="no order by 'due'; did you mean 'due_on'"):
        store.find(Query(), order="due")
    with pytest.raises(UnknownChoice, match="no counting by 'units'; did you mean 'unit'"):
        store.count(Query(), "units")


class TestLights:
    """A light is asked for as a range of days, and says what the board says."""

    @pytest.mark.parametrize("colour", ["green", "yellow", "red"])
    @pytest.mark.parametrize(
        "on", ["2026-04-20", "2026-04-23", "2026-04-27", "2026-05-11", "2026-05-12", "2026-05-20"]
    )
    def test_what_is_found_by_a_light_is_what_the_board_shows_so(
        self, store: IndexedStore, colour: str, on: str
    ) -> None:
        filled(store)
        shown = [s.id for s in store.snapshots() if light_of(RULES, s.running_terms(), day(on)) == colour]

        assert list(found(store, by_light(Query(), RULES, colour, day(on)))) == shown

    def test_where_the_clock_stands_it_is_the_first_light(self, store: IndexedStore) -> None:
        engine = lived(store, "1", Receive("Water pipes", "Deputy A"), "Water Bureau")
        engine.execute("1", Suspend("flood"), by=OFFICE, at=instant("2026-02-11"))
        stopped = found(store, by_light(Query(), RULES, "green", day("2026-06-01")))
        engine.execute("1", Resume("dry"), by=OFFICE, at=instant("2026-02-11"))

        assert (stopped, found(store, by_light(Query(), RULES, "red", day("2026-06-01")))) == ("1", "1")

    @pytest.mark.parametrize("colour", ["blue", "purple"])
    def test_a_light_that_no_day_gives_is_refused(self, colour: str) -> None:
        with pytest.raises(UnknownChoice, match=f"no day gives the light '{colour}' under test 1"):
            by_light(Query(), RULES, colour, day("2026-05-12"))

    def test_a_rulebook_of_one_light_lights_everything_so(self, store: IndexedStore) -> None:
        rules = rulebook(light=[{"colour": "green", "cite": "host"}])
        query = by_light(Query(), rules, "green", day("2026-05-12"))

        assert (query.due_from, query.due_until, query.include_undated) == (None, None, True)


def test_a_changed_suggestion_is_found_by_what_it_is_now(store: IndexedStore) -> None:
    filled(store)
    engine = Engine(store, [RULES])
    engine.execute("4", Classify("schools"), by=OFFICE, at=instant("2026-03-02"))
    engine.execute(
        "6", TakeOver("Old", leads=("Water Bureau",), deputy="Deputy D"), by=OFFICE, at=instant("2026-03-02")
    )

    assert (found(store, Query(category="schools")), found(store, Query(deputy="Deputy D"))) == ("34", "6")


INDEXED = [
    (Query(state="assigned"), "suggestions_state"),
    (Query(category="water"), "suggestions_category"),
    (Query(session="1st"), "suggestions_session"),
    (Query(is_key=True), "suggestions_is_key"),
    (Query(rulebook="test 1"), "suggestions_rulebook"),
    (Query(unit="Water Bureau"), "facets"),
    (Query(leader="Leader for water (placeholder)"), "facets"),
    (Query(deputy="Deputy A"), "facets"),
    (Query(due_until=Day(2026, 5, 11)), "suggestions_due_on"),
]


class TestPlans:
    """The database looks in an index, not at everything."""

    @pytest.mark.parametrize(("query", "index"), INDEXED)
    def test_on_sqlite(self, tmp_path: Path, query: Query, index: str) -> None:
        store = SqlStore(str(tmp_path / "a.db"))
        filled(store)
        order = "due_on" if query.due_until else "id"
        statement = _indexed.page(store._t, query, order, PageToken("0"), 50)
        with store._connect() as connection:
            asked_sql = statement.compile(connection, compile_kwargs={"literal_binds": True})
            plan = " ".join(str(row) for row in connection.execute(text(f"EXPLAIN QUERY PLAN {asked_sql}")))
        store.close()

        assert f"{index}" in plan
        assert "SCAN handleflow_suggestions'" not in plan

    @pytest.mark.database
    @pytest.mark.parametrize(("query", "index"), INDEXED)
    def test_on_postgresql(self, query: Query, index: str) -> None:
        store = SqlStore(fresh_postgres())
        filled(store)
        statement = _indexed.page(store._t, query, "id", None, 50)
        with store._connect(writes=True) as connection:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            asked_sql = statement.compile(connection, compile_kwargs={"literal_binds": True})
            plan = " ".join(str(row) for row in connection.execute(text(f"EXPLAIN {asked_sql}")))
        store.close()

        assert index in plan
        assert "Seq Scan" not in plan
