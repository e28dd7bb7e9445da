"""
Does a compiled function write and read as cattrs does: every class, whatever stands in it, and nothing more?

cattrs is asked here as the library asks it for what no compiled function takes (``codec/_by_cattrs.py``).
"""

from __future__ import annotations

import json
import traceback
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handleflow import Engine, MemoryStore, Refused
from handleflow.canonical_json import STANDARD, canonical
from handleflow.codec._by_cattrs import event_converter, snapshot_converter
from handleflow.codec._compiled import Readers, Uncompiled, Writers
from handleflow.model import Suggestion
from handleflow.model.nouns import Assignment
from handleflow.testing.strategies import Life, lives
from tests.anything import in_full, library_classes, values_of
from tests.beginnings import instant, rulebook

CLASSES = library_classes()
WRITERS, READERS, CONVERTER = Writers(), Readers(), event_converter()
SNAPSHOT_WRITERS, SNAPSHOT_READERS = Writers(omits_defaults=True), Readers(fills=True)
SNAPSHOT_CONVERTER = snapshot_converter()
LADDER = [{"id": "urged", "term": "reply", "offset": "1 day", "channel": "written", "answer_within": "3 workdays"}]
RULES = rulebook(rung=[{**rung, "cite": "host"} for rung in LADDER])
SLOW = settings(suppress_health_check=list(HealthCheck))


def assert_written_and_read_alike(value: Any) -> None:
    """The bytes of an entry and of a snapshot, and what is read from them."""
    kind = type(value)
    for writers, readers, converter in (
        (WRITERS, READERS, CONVERTER),
        (SNAPSHOT_WRITERS, SNAPSHOT_READERS, SNAPSHOT_CONVERTER),
    ):
        body = STANDARD.encode(writers.convert(value, kind))
        read = readers.convert(json.loads(body), kind)

        assert body == canonical(converter.unstructure(value))
        assert (read, in_full(read)) == (value, in_full(converter.structure(json.loads(body), kind)))
        assert attrs.astuple(read) == attrs.astuple(value)  # what does not count when values are compared counts here


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
@SLOW
@given(data=st.data())
def test_every_class_of_the_library_is_written_and_read_as_cattrs_does(kind: type[Any], data: st.DataObject) -> None:
    assert_written_and_read_alike(data.draw(values_of(kind)))


@SLOW
@given(life=lives(RULES))
def test_every_entry_and_snapshot_of_a_life_is_written_and_read_as_cattrs_does(life: Life) -> None:
    engine = Engine(MemoryStore(), [RULES])
    for on, by, act in life:
        try:
            engine.execute("1", act, by=by, at=instant(str(on)))
        except Refused:
            continue
        assert_written_and_read_alike(engine.look_up("1"))
    for entry in engine.history("1"):
        assert_written_and_read_alike(entry.event)


ODD: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.floats(),
    st.sampled_from(["", " ", "x", "3", "2026-02-30"]),
    st.just([]),
    st.just({}),
)


@st.composite
def changed_somewhere(draw: st.DrawFn, plain: Any) -> Any:
    """*plain* with something else at one place in it: another value, one thing less, one more."""
    keys = list(plain) if isinstance(plain, dict) else list(range(len(plain))) if isinstance(plain, list) else []
    if not keys or draw(st.integers(0, 3)) == 0:
        return draw(ODD | st.just({**plain, "unknown": 1}) if isinstance(plain, dict) else ODD)
    key = draw(st.sampled_from(keys))
    if isinstance(plain, list):
        return [*plain[:key], draw(changed_somewhere(plain[key])), *plain[key + 1 :]]
    if draw(st.booleans()):
        return {name: each for name, each in plain.items() if name != key}
    return {**plain, key: draw(changed_somewhere(plain[key]))}


@SLOW
@given(data=st.data(), kind=st.sampled_from(CLASSES))
def test_what_is_read_of_changed_data_is_what_cattrs_reads_of_it(data: st.DataObject, kind: type[Any]) -> None:
    """Whoever changed it, and however: a compiled reader takes it as cattrs does, or leaves it to cattrs."""
    value = data.draw(values_of(kind))
    for plain, readers, converter in (
        (CONVERTER.unstructure(value), READERS, CONVERTER),
        (SNAPSHOT_CONVERTER.unstructure(value), SNAPSHOT_READERS, SNAPSHOT_CONVERTER),
    ):
        changed = data.draw(changed_somewhere(json.loads(canonical(plain))))
        try:
            read = readers.convert(changed, kind)
        except Exception:  # noqa: S112  left to cattrs
            continue

        assert in_full(read) == in_full(converter.structure(changed, kind))


class Word(str):
    """A text of a host's own."""

    __slots__ = ()


class TestOddValues:
    """A value that is not of its declared type is left to cattrs and the standard library, who may refuse it."""

    @pytest.mark.parametrize(
        "change",
        [
            pytest.param({"unit": Word("Water Bureau")}, id="a subclass of text"),
            pytest.param({"entry": True}, id="a truth for a number"),
            pytest.param({"entry": 1.5}, id="a number that is not whole"),
            pytest.param({"acceptance": Assignment(1, "Water Bureau", "lead")}, id="another noun"),
            pytest.param({"ended": ["returned"]}, id="a list for a text"),
        ],
    )
    def test_it_is_not_written(self, change: dict[str, Any]) -> None:
        value = Assignment(**{"entry": 1, "unit": "Water Bureau", "role": "lead", **change})
        with pytest.raises(Uncompiled):
            WRITERS.convert(value, Assignment)

    def test_several_that_stand_in_a_list_are_not_written(self) -> None:
        with pytest.raises(Uncompiled):
            WRITERS.convert(Suggestion("1", co_signers=["Deputy B"]), Suggestion)  # type: ignore[arg-type]

    def test_a_pair_of_three_is_neither_written_nor_read(self) -> None:
        facts: Any = (("name", "text", "more"),)
        with pytest.raises(Uncompiled):
            WRITERS.convert(Suggestion("1", own_facts=facts), Suggestion)
        with pytest.raises(Uncompiled):
            READERS.convert({"id": "1", "own_facts": [["name", "text", "more"]]}, Suggestion)


def test_a_check_that_fails_is_shown_with_its_line() -> None:
    """A traceback through a compiled function names the class and shows the line, as for any other code."""
    with pytest.raises(Exception, match="needs words") as failed:
        SNAPSHOT_READERS.convert({"id": " "}, Suggestion)
    found = "".join(traceback.format_exception(failed.value))

    assert "<handleflow read(plain) of handleflow.model.suggestion.Suggestion>" in found
    assert "id_check(None, id_field, id_)" in found
