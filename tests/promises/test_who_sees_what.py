"""What does each reader see of one confidential suggestion, through every door, whatever store it lies in?"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import attrs
import pytest

from handleflow import CLOCK, Actor, Engine, Part, Rulebook, Store, Suggestion
from handleflow.acts import Accept, Assign, Classify, GrantReturn, Receive, RecordContact, RequestReturn, Supervise
from handleflow.backup import backup
from handleflow.cli import main
from handleflow.engine import SeenBy
from handleflow.errors import BrokenEvidence, UnknownChoice, UnknownSuggestion
from handleflow.evidence import evidence_of
from handleflow.evidence.digests import digest_of
from handleflow.legal_time import day
from handleflow.model import UnknownEvent
from handleflow.store import Query
from handleflow.stores.sql import SqlStore
from handleflow.testing import deputy, leader, unit
from handleflow.views import (
    EVERYTHING,
    MARK,
    WITHHELD,
    WITHOUT_PRIVATE,
    Level,
    board,
    board_data,
    report_data,
    summarize,
    workload,
)
from tests.beginnings import DEPUTY, GOVERNMENT, LEADER, OFFICE, ROADS, SCHOOLS, SECOND, WATER, instant, rulebook
from tests.databases import fresh_postgres
from tests.markers import POSTGRES
from tests.promises.conftest import STORES, store_of

RULES = rulebook(leader=[{"name": LEADER.name, "units": [ROADS.name]}])
AT, TODAY = instant("2026-02-10"), day("2026-02-10")
SECRETS = ("Hidden title", "Hidden category", "Deputy B", "hidden words", "000-0018")
TITLE, PHONE = SECRETS[0], SECRETS[-1]

READERS: dict[str, tuple[Actor | None, Level]] = {
    "an office": (OFFICE, EVERYTHING),
    "the other office": (GOVERNMENT, EVERYTHING),
    "its lead": (WATER, WITHOUT_PRIVATE),
    "its co unit": (ROADS, WITHOUT_PRIVATE),
    "its deputy": (DEPUTY, WITHOUT_PRIVATE),
    "a co-signer": (SECOND, WITHOUT_PRIVATE),
    "the leader in charge": (LEADER, WITHOUT_PRIVATE),
    "the leader named with the unit": (leader("Leader B"), WITHOUT_PRIVATE),
    "another unit": (SCHOOLS, WITHHELD),
    "another deputy": (deputy("Deputy C"), WITHHELD),
    "another leader": (leader("Leader C"), WITHHELD),
    "a unit of its deputy's name": (unit(DEPUTY.name), WITHHELD),
    "a namesake with another id": (Actor("unit", WATER.name, "w-2"), WITHHELD),
    "the clock": (CLOCK, WITHHELD),
    "a role nobody knows": (Actor("visitor", WATER.name), WITHHELD),
    "nobody": (None, WITHHELD),
}
EACH = pytest.mark.parametrize(("reader", "level"), READERS.values(), ids=READERS)


@pytest.fixture
def store(any_store: Store) -> Store:
    """A new store of each kind."""
    return any_store


@pytest.fixture(scope="module", params=STORES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine on a store of each kind that all readers ask: nothing more is written to it."""
    with store_of(request.param, tmp_path_factory.mktemp("read")) as made:
        yield lived(made)


def lived(store: Store, rules: Rulebook = RULES, **settings: Any) -> Engine:
    """An open suggestion, and a confidential one that was handled, replied to and supervised."""
    engine = Engine(store, [rules], clock=lambda: AT, **settings)
    engine.execute("1", Receive("Open title", "Deputy A", category="water", phone="000-0001"), by=OFFICE)
    engine.execute("1", Assign((WATER.name,)), by=OFFICE)
    engine.execute("2", Receive(TITLE, DEPUTY.name, (SECOND.name,), category=SECRETS[1], phone=PHONE), by=OFFICE)
    engine.execute("2", Assign((WATER.name,), (ROADS.name,), (Part(WATER.name, leader="Leader B"),)), by=OFFICE)
    engine.execute("2", Accept(), by=WATER)
    engine.execute("2", Classify(is_confidential=True), by=OFFICE)
    engine.execute("2", RecordContact("before", "hidden words", text="hidden words"), by=WATER)
    engine.execute("2", Supervise(WATER.name, "interview", "hidden words"), by=OFFICE)
    return engine


def told(value: object) -> list[str]:
    """The secrets that stand in what a door gave."""
    words = value if isinstance(value, str) else repr(laid_open(value))
    return [secret for secret in SECRETS if secret in words]


def laid_open(value: object) -> object:
    """All that a value holds but its private fields, since a suggestion and an entry are shown in one line."""
    if isinstance(value, (tuple, list)):
        return [laid_open(each) for each in value]
    if isinstance(value, dict):
        return {name: laid_open(each) for name, each in value.items()}
    kind: Any = type(value)
    if not attrs.has(kind):
        return value
    return {a.name: laid_open(getattr(value, a.name)) for a in attrs.fields(kind) if not a.metadata.get("private")}


def expected(level: Level, *seen: str) -> list[str]:
    """Those that stand there at a level, where *seen* are all that this door tells of at all."""
    private = [] if level == EVERYTHING else [PHONE]
    return [] if level == WITHHELD else [each for each in SECRETS if each in seen and each not in private]


@EACH
def test_every_door_asks_what_a_reader_may_see(engine: Engine, reader: Actor | None, level: Level) -> None:
    seen = engine.seen_by(reader)
    assert seen.sees(engine.look_up("2")) == level

    all_but_private = [*SECRETS[:-1]]
    lines = board(engine.with_rulebooks(), TODAY, seen.sees)
    assert told(lines) == told(board_data(lines)) == expected(level, TITLE, "hidden words")
    assert [line.title for line in lines if line.id == "2"] == [MARK if level == WITHHELD else TITLE] * 2
    assert told(seen.look_up("2")) == expected(level, *all_but_private)
    assert told(seen.history("2")) == expected(level, *all_but_private)
    assert told([getattr(entry.event, "phone", "") for entry in seen.history("2")]) == expected(level, PHONE)
    assert told(seen.find(Query())) == expected(level, *all_but_private)
    assert told([getattr(item.entry.event, "phone", "") for item in seen.feed()]) == expected(level, PHONE)
    assert told(seen.feed()) == expected(level, *all_but_private)
    assert told(report_data(summarize(engine.with_rulebooks(), seen.sees))) == expected(level, SECRETS[1])
    assert told(seen.count(Query(), "category")) == expected(level, SECRETS[1])
    assert told(seen.count(Query(), "deputy")) == expected(level, "Deputy B")


@EACH
def test_what_leaves_for_elsewhere_holds_what_its_reader_may_see(
    engine: Engine, reader: Actor | None, level: Level
) -> None:
    store, written = engine.store, list[str]()
    sees = engine.seen_by(reader).sees
    done = backup(store, written.append, sees=sees)
    lines = "".join(json.dumps(json.loads(line), ensure_ascii=False) for line in written)

    assert (done.suggestions, done.withheld) == ((1, 1) if level == WITHHELD else (2, 0))
    assert told(lines) == expected(level, *SECRETS)
    assert ("000-0001" in lines) == (level == EVERYTHING)
    if level == WITHHELD:
        with pytest.raises(BrokenEvidence, match="suggestion 2 is confidential"):
            evidence_of(store, "2", digest_of(store, AT), sees=sees)
    else:
        assert told(evidence_of(store, "2", digest_of(store, AT), sees=sees).text()) == expected(level, *SECRETS)


@EACH
def test_counts_are_the_same_for_every_reader(engine: Engine, reader: Actor | None, level: Level) -> None:
    seen, office = engine.seen_by(reader), engine.seen_by(OFFICE)

    def of(record: SeenBy) -> tuple[object, ...]:
        summary = summarize(engine.with_rulebooks(), record.sees)
        return (
            {**attrs.asdict(summary, recurse=False), "categories": sorted((summary.categories.value or {}).values())},
            workload(engine.with_rulebooks(), TODAY, sees=record.sees),
            [(line.id, line.unit, line.due_on) for line in board(engine.with_rulebooks(), TODAY, record.sees)],
            [(item.position, item.key, item.entry.kind) for item in record.feed()],
            [suggestion.id for suggestion in record.find(Query(unit=WATER.name)).suggestions],
            *(record.count(Query(), by) for by in ("state", "unit", "leader", "session")),
            sorted(record.count(Query(), "category").values()),
        )

    assert of(seen) == of(office)


@pytest.mark.parametrize("query", [Query(text="hidden"), Query(category=SECRETS[1]), Query(deputy="Deputy B")])
def test_what_is_withheld_is_not_found_by_its_words(engine: Engine, query: Query) -> None:
    others, units = engine.seen_by(SCHOOLS), engine.seen_by(WATER)

    assert (others.find(query).suggestions, others.count(query, "state")) == ((), {})
    assert [each.id for each in units.find(query).suggestions] == ["2"]


def test_a_reader_who_names_nobody_sees_what_nobody_sees(engine: Engine) -> None:
    store = engine.store
    lines, of_nobody = board(engine.with_rulebooks(), TODAY), engine.seen_by()

    assert lines == board(engine.with_rulebooks(), TODAY, of_nobody.sees)
    assert told((lines, summarize(engine.with_rulebooks()))) == []
    assert store.feed() == of_nobody.feed()
    assert store.feed(private=True) == engine.seen_by(private=True).feed() == engine.seen_by(OFFICE).feed()


def test_a_page_of_a_feed_goes_on_where_the_last_one_ended(engine: Engine) -> None:
    seen = engine.seen_by(SCHOOLS)

    assert (*seen.feed(limit=3), *seen.feed(3)) == seen.feed()
    assert all(isinstance(each.entry.event, UnknownEvent) for each in seen.feed() if each.suggestion_id == "2")


def test_a_unit_that_was_relieved_sees_it_no_more(store: Store) -> None:
    engine = lived(store)
    engine.execute("2", RequestReturn("not ours"), by=ROADS)
    engine.execute("2", GrantReturn(ROADS.name), by=OFFICE)

    assert engine.seen_by(ROADS).sees(engine.look_up("2")) == WITHHELD


def only_the_lead(reader: Actor | None, suggestion: Suggestion, rules: Rulebook | None) -> Level:
    """A host's own: the lead sees private fields too, and nobody else anything of what is confidential."""
    is_lead = reader is not None and reader.id in {a.unit for a in suggestion.leads}
    return EVERYTHING if is_lead and rules == RULES else WITHHELD if suggestion.is_confidential else WITHOUT_PRIVATE


def test_a_host_says_by_one_function_what_every_door_shows(store: Store) -> None:
    engine = lived(store, may_see=only_the_lead)
    lead, office = engine.seen_by(WATER), engine.seen_by(OFFICE)

    assert told(lead.feed()) + told([getattr(lead.history("2")[0].event, "phone", None)]) == [*SECRETS[:-1], PHONE]
    assert told((office.feed(), office.look_up("2"), board(engine.with_rulebooks(), TODAY, office.sees))) == []
    assert told(engine.look_up("2")) == [*SECRETS[:-1]]


def test_a_function_that_gives_no_level_is_named(store: Store) -> None:
    engine = lived(store, may_see=lambda *_: "everythin")

    with pytest.raises(UnknownChoice, match="did you mean 'everything'"):
        engine.seen_by(OFFICE).look_up("2")


def test_where_its_rulebook_is_not_held_those_see_it_who_are_named_in_it(store: Store) -> None:
    lived(store)
    other = Engine(store, [rulebook(name="other")])

    assert [other.seen_by(each).sees(other.look_up("2")) for each in (WATER, leader("Leader B"), LEADER)] == [
        WITHOUT_PRIVATE,
        WITHOUT_PRIVATE,
        WITHHELD,
    ]


def test_one_that_is_not_there_is_so_for_every_reader(store: Store) -> None:
    engine = lived(store)

    for ask in (engine.seen_by().look_up, engine.seen_by().history):
        with pytest.raises(UnknownSuggestion):
            ask("3")


class TestCommandLine:
    """The same at a shell; who reads is said by ``--as``."""

    DOORS: tuple[tuple[str, ...], ...] = (
        ("board",),
        ("board", "--json"),
        ("show", "2"),
        ("show", "2", "--json"),
        ("report", "--json"),
        ("units", "--json"),
        ("feed",),
    )

    @pytest.fixture(params=["sqlite", POSTGRES])
    def run(
        self,
        request: pytest.FixtureRequest,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
        wide_screen: None,
    ) -> Callable[..., str]:
        where = str(tmp_path / "a.db") if request.param == "sqlite" else fresh_postgres()
        with closing(SqlStore(where)) as store:
            lived(store)

        def ran(*args: str) -> str:
            assert main([*args, "--store", where]) == 0
            return capsys.readouterr().out

        return ran

    @pytest.mark.parametrize("door", DOORS, ids=" ".join)
    @pytest.mark.parametrize("reader", [(), ("--as", "unit:Schools Bureau")], ids=["nobody", "another unit"])
    def test_what_is_confidential_is_withheld_with_a_mark(
        self, run: Callable[..., str], door: tuple[str, ...], reader: tuple[str, ...]
    ) -> None:
        out = run(*door, *reader)

        assert told(out) == []
        assert door[0] in {"units", "feed"} or MARK in out or "confidential, withheld" in out

    @pytest.mark.parametrize("door", [("show", "2", "--json"), ("feed",)], ids=" ".join)
    def test_its_unit_sees_all_but_private_fields_and_an_office_everything(
        self, run: Callable[..., str], door: tuple[str, ...]
    ) -> None:
        assert told(run(*door, "--as", "unit:Water Bureau")) == [*SECRETS[:-1]]
        assert told(run(*door, "--as", "congress_office:anybody")) == [*SECRETS]
        assert told(run(*door, "--private")) == [*SECRETS]

    def test_in_chinese_it_is_withheld_in_chinese(self, run: Callable[..., str]) -> None:
        assert "涉密，不予显示" in run("show", "2", "--lang", "zh")

    @pytest.mark.parametrize("written", ["unit", ":Water Bureau", "unit:", ""])
    def test_who_is_nobody_is_refused(self, written: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit):
            main(["board", "--as", written, "--store", str(tmp_path / "a.db")])

        assert "write ROLE:NAME, such as 'unit:Water Bureau'" in capsys.readouterr().err
