"""Is any value in any act recorded as itself or refused, in every store, and never recorded as something else?"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handleflow import Act, Engine, HandleflowError, MemoryStore, Store
from handleflow.codec._by_cattrs import event_converter
from handleflow.stores.sql import SqlStore
from handleflow.testing.strategies import lives
from tests.beginnings import instant, rulebook
from tests.databases import fresh_postgres

pytestmark = pytest.mark.database

RULES = rulebook()
WORDS = st.text(max_size=3) | st.sampled_from(["Pipes", "2026-02-10", "2026-02-30", "half \ud800", "NUL \x00", "1"])
VALUES = st.none() | st.booleans() | st.integers() | st.floats() | WORDS
JSON = st.recursive(
    VALUES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2)
)
Given = dict[str, Any]
_ids = (f"2026-{n}" for n in count())


@pytest.fixture(scope="module")
def stores() -> Iterator[tuple[Store, ...]]:
    """One of each kind; the databases read anew what they wrote."""
    with TemporaryDirectory() as folder:
        databases = [SqlStore(str(Path(folder) / "a.db"), max_held=0), SqlStore(fresh_postgres(), max_held=0)]
        yield MemoryStore(), *databases
        for database in databases:
            database.close()


@st.composite
def told(draw: st.DrawFn) -> list[tuple[Any, Any, type[Act], Given]]:
    """A life, in which some fields of some acts hold whatever JSON can say: the class, and what it is given."""
    found = []
    for on, by, act in draw(lives(RULES, most=10)):
        fields = {field.alias: getattr(act, field.name) for field in attrs.fields(type(act))}
        odd = draw(st.none() | st.dictionaries(st.sampled_from(sorted(fields)), JSON, min_size=1, max_size=2))
        found.append((on, by, type(act), fields | (odd or {})))
    return found


@settings(suppress_health_check=list(HealthCheck))
@given(life=told())
def test_any_value_is_recorded_as_itself_or_refused(stores: tuple[Store, ...], life: Any) -> None:
    id = next(_ids)
    for store in stores:
        engine, granted = Engine(store, [RULES]), list[tuple[type[Act], Given]]()
        for on, by, kind, said in life:
            try:
                engine.execute(id, kind(**said), by=by, at=instant(str(on)))
            except HandleflowError:
                continue  # any other error fails the law
            granted.append((kind, said))
        asked = [
            entry.event for entry in store.history(id) if entry.by.role != "clock" and isinstance(entry.event, Act)
        ]

        assert [type(event) for event in asked] == [kind for kind, _ in granted]
        for event, (_, said) in zip(asked, granted, strict=True):
            assert_is_told(event, said)


def assert_is_told(event: Act, said: Given) -> None:
    """What was read says what was given, field by field, and no number, truth or text for another."""
    for field in attrs.fields(type(event)):
        held, value = getattr(event, field.name), said[field.alias]
        if isinstance(value, str) and isinstance(held, datetime.date):
            assert str(held) == value.strip()
        else:
            assert plain(held) == plain(value)
            assert repr(plain(held)) == repr(plain(value))


def plain(value: Any) -> Any:
    """A value as JSON has it: several are a list, a day is text."""
    if isinstance(value, (tuple, list)):
        return [plain(each) for each in value]
    return event_converter().unstructure(value) if attrs.has(type(value)) else value


def test_the_values_of_an_act_are_told_as_they_were_given() -> None:
    with pytest.raises(AssertionError):
        assert_is_told(Act(on="2026-02-10"), {"on": "2026-02-11"})
