"""Does what holds much say in one line which it is?"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from handleflow import Engine, MemoryStore, load_preset
from handleflow.legal_time import Day, WorkCalendar, day
from handleflow.model import Entry, Suggestion
from handleflow.model.fields import LONGEST_NAME
from handleflow.rulebooks import names
from handleflow.rules import Lifecycle
from handleflow.stores.sql import SqlStore, prepare_sqlite
from handleflow.testing import office
from tests.beginnings import received, replied, rulebook

MOST = 120
LONG = "x" * LONGEST_NAME
NO_DAYS: frozenset[Day] = frozenset()
FIRST, LAST = day("2026-01-01"), day("2026-12-31")


def an_entry() -> Entry:
    """The first of a life."""
    return received(rulebook()).last.entries[0]


class TestOneLine:
    """What stands in a log, in a traceback and beside a debugger's arrow."""

    @pytest.mark.parametrize(
        ("shown", "expected"),
        [
            pytest.param(
                lambda: rulebook(rung=[]),
                "Rulebook('test', '1', 1 terms, 3 guards, 0 rungs, 4 outcomes)",
                id="rulebook",
            ),
            pytest.param(
                lambda: Lifecycle("short", ("received", "closed"), ("closed",), ()),
                "Lifecycle('short', 2 states, 0 transitions)",
                id="lifecycle",
            ),
            pytest.param(
                lambda: WorkCalendar("one_year", "1", "Asia/Shanghai", ("sun",), NO_DAYS, NO_DAYS, FIRST, LAST),
                "WorkCalendar('one_year', '1', known from 2026-01-01 through 2026-12-31)",
                id="calendar",
            ),
            pytest.param(
                lambda: replied(rulebook()).suggestion,
                "Suggestion('2026-017', state='replied', version=8, test 1)",
                id="suggestion",
            ),
            pytest.param(lambda: Suggestion("1"), "Suggestion('1', state='', version=0, None)", id="nothing yet"),
            pytest.param(
                an_entry,
                "Entry(1, received, by congress_office 'Standing Committee Office', 2026-02-09, state='received')",
                id="entry",
            ),
            pytest.param(MemoryStore, "MemoryStore(0 suggestions)", id="store"),
            pytest.param(
                lambda: Engine(MemoryStore(), [rulebook()]), "Engine(test 1, MemoryStore(0 suggestions))", id="engine"
            ),
            pytest.param(
                lambda: Engine(MemoryStore(), [rulebook(), rulebook(version="2"), rulebook(version="3")]),
                "Engine(test 1 and 2 more, MemoryStore(0 suggestions))",
                id="engine of several rulebooks",
            ),
            pytest.param(
                lambda: Engine(MemoryStore(), []),
                "Engine(no rulebook, MemoryStore(0 suggestions))",
                id="empty engine",
            ),
        ],
    )
    def test_says_which_it_is(self, shown: Callable[[], object], expected: str) -> None:
        assert repr(shown()) == expected

    @pytest.mark.parametrize("name", names())
    def test_every_shipped_rulebook_and_what_it_holds_fits(self, name: str) -> None:
        rules = load_preset(name)

        assert [each for each in (rules, rules.lifecycle, rules.calendar) if len(repr(each)) > MOST] == []

    @pytest.mark.parametrize(
        "shown",
        [
            pytest.param(lambda: Suggestion(LONG, state=LONG), id="suggestion"),
            pytest.param(lambda: rulebook(version=LONG[:128]), id="rulebook"),
            pytest.param(lambda: Engine(MemoryStore(), [rulebook(version=LONG[:128])]), id="engine"),
            pytest.param(lambda: Suggestion("a\nb"), id="an id of two lines"),
        ],
    )
    def test_a_long_name_is_cut_off_and_the_line_stays_one(self, shown: Callable[[], object]) -> None:
        line = repr(shown())

        assert (len(line) <= MOST, "\n" in line, line.endswith(")")) == (True, False, True)

    def test_an_entry_of_somebody_with_a_long_name_fits(self) -> None:
        store = MemoryStore()
        engine = Engine(store, [rulebook()])
        engine.execute("1", received(rulebook()).last.entries[0].event, by=office(LONG))  # type: ignore[arg-type]
        (entry,) = engine.history("1")

        assert (len(repr(entry)), repr(entry)[-2:]) == (MOST, "…)")


class TestStores:
    """A store in a database."""

    def test_says_where_it_lies(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        with closing(SqlStore("a.db")) as store:
            assert repr(store) == "SqlStore('sqlite:///a.db')"

    def test_says_nothing_that_may_be_secret(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        database = create_engine("sqlite:///a.db?timeout=4711")  # where a password may stand too
        prepare_sqlite(database)

        assert repr(SqlStore(database)) == "SqlStore('sqlite:///a.db')"
        database.dispose()

    def test_a_bound_one_and_one_that_is_closed_say_it_too(self, tmp_path: Path) -> None:
        database = create_engine(f"sqlite:///{tmp_path / 'a.db'}")
        prepare_sqlite(database)
        store = SqlStore(database)
        with database.begin() as connection:
            bound = repr(store.bind(connection))
        store.close()

        assert (bound.startswith("BoundStore('sqlite:"), repr(store).startswith("SqlStore('sqlite:")) == (True, True)
        assert max(len(bound), len(repr(store))) <= MOST
