"""Is a rulebook or a calendar that nobody could mean refused by name, wherever its text comes from?"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handleflow import load, load_preset
from handleflow.errors import (
    BrokenCalendar,
    BrokenRulebook,
    HandleflowError,
    ImpossibleSpan,
    UnknownCalendar,
    UnknownRulebook,
)
from handleflow.legal_time import Span
from handleflow.rulebooks import from_document, load_calendar

DIGITS, DEEP = "9" * 6000, 3000
TOML = [
    pytest.param(f"x = {DIGITS}", "it is not TOML", id="6,000 digits"),
    pytest.param(f"x = 0x{'f' * 6000}", "a number of more than 64 bits", id="6,000 hexadecimal digits"),
    pytest.param(f"name = 0x{'f' * 6000}", "a number of more than 64 bits", id="as its name"),
    pytest.param(f"[{'.'.join(['a'] * DEEP)}]", "more than 32 deep", id="3,000 tables"),
    pytest.param(f"{'.'.join(['a'] * DEEP)} = 1", "more than 32 deep", id="3,000 dotted keys"),
    pytest.param(f"x = {'[' * DEEP}{']' * DEEP}", "it is not TOML", id="3,000 lists"),
    pytest.param(f"x = {'[' * 40}{']' * 40}", "more than 32 deep", id="40 lists"),
    pytest.param("x = nan", "nan, which is no number", id="no number"),
]
JSON = [
    pytest.param(f'{{"x": {DIGITS}}}', "it is not JSON", id="6,000 digits"),
    pytest.param(f'{{"x": {2**70}}}', "a number of more than 64 bits", id="71 bits"),
    pytest.param(f'{{"x": {"[" * DEEP}', "it is not JSON", id="3,000 lists"),
    pytest.param(f'{{"x": {"[" * 40}{"]" * 40}}}', "more than 32 deep", id="40 lists"),
    pytest.param('{"name": "\\ud800"}', "half of a surrogate pair", id="half of a surrogate pair"),
    pytest.param('{"\\udfff": 1}', "half of a surrogate pair", id="half of one as a key"),
    pytest.param('{"x": Infinity}', "inf, which is no number", id="no number"),
]


def written(folder: Path, text: str, name: str = "a.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("text", "said"), TOML)
def test_a_file_nobody_could_mean_is_refused_by_name(text: str, said: str, tmp_path: Path) -> None:
    path = written(tmp_path, text)
    with pytest.raises(BrokenRulebook, match=said):
        load(path)
    with pytest.raises(BrokenCalendar, match=said):
        load_calendar(str(path))


@pytest.mark.parametrize(("text", "said"), TOML)
def test_so_is_a_file_it_extends_and_a_calendar_it_names(text: str, said: str, tmp_path: Path) -> None:
    written(tmp_path, text)
    for part in ("extends", "calendar", "lifecycle"):
        with pytest.raises(BrokenRulebook, match=said):
            load(written(tmp_path, f'name = "x"\nversion = "1"\n{part} = "a.toml"\n', "own.toml"))


@pytest.mark.parametrize(("text", "said"), JSON)
def test_kept_text_nobody_could_have_kept_is_refused_by_name(text: str, said: str) -> None:
    with pytest.raises(BrokenRulebook, match=said):
        from_document(text)


def test_so_is_what_a_host_changes() -> None:
    endless: dict[str, Any] = {}
    endless["x"] = endless
    with pytest.raises(BrokenRulebook, match="more than 32 deep"):
        load("cn.national", changes=endless)


def test_a_term_whose_id_is_a_list_is_a_finding() -> None:
    with pytest.raises(BrokenRulebook, match=r"term 2, id: \['reply'\] should be text"):
        load("cn.national", changes={"name": "x", "version": "1", "term": [{"id": ["reply"]}]})


def test_a_holiday_of_ten_thousand_years_is_not_laid_out_day_by_day(tmp_path: Path) -> None:
    text = load_preset("cn.national").document
    calendar = json.loads(text)["calendar"]
    calendar["year"] = [{"year": 2026, "source": "x", "holidays": ["0001-01-01/9999-12-31"]}]
    with pytest.raises(BrokenRulebook, match="0001-01-01/9999-12-31 is longer than a year"):
        load("cn.national", changes={"name": "x", "version": "1", "calendar": calendar})


def test_a_span_of_6000_digits_is_no_span() -> None:
    with pytest.raises(ImpossibleSpan, match="is not a span"):
        Span.of(f"{DIGITS} days")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({5: 5}, id="a number as a key"),
        pytest.param({b"x": 1, "a": 2}, id="bytes"),
        pytest.param({"term": [{5: 5}]}, id="in a row"),
        pytest.param({"lifecycle": {None: 5}}, id="in a table"),
        pytest.param([1], id="a list"),
        pytest.param([], id="an empty list"),
        pytest.param("x", id="text"),
        pytest.param(5, id="a number"),
    ],
)
def test_changes_that_no_file_could_make_are_refused_by_name(changes: Any) -> None:
    with pytest.raises(BrokenRulebook, match=r"which is no text|should be a table") as broken:
        load("cn.national", changes=changes)

    assert "rulebook 'cn.national'" in str(broken.value)


def test_no_changes_change_nothing() -> None:
    assert load("cn.national", changes={}).ref == load("cn.national", changes=None).ref


class TestNames:
    """What ships is named; a path is no name."""

    @pytest.mark.parametrize("kind", ["{file}", "{folder}/a", "../../../{folder}/a", "../rulebooks/cn.national", ""])
    def test_a_preset_is_not_read_from_a_path(self, kind: str, tmp_path: Path) -> None:
        shipped = files("handleflow").joinpath("presets", "rulebooks", "cn.national.toml")
        (tmp_path / "a.toml").write_bytes(shipped.read_bytes())
        name = kind.format(file=tmp_path / "a.toml", folder=tmp_path)
        with pytest.raises(UnknownRulebook, match=r"no rulebook called .* ships"):
            load_preset(name)

    def test_the_nearest_name_and_what_reads_a_file_are_named(self) -> None:
        with pytest.raises(UnknownRulebook, match=r"did you mean 'cn\.national'\?"):
            load_preset("cn.nationl")
        with pytest.raises(UnknownRulebook, match=r"a file is read by load\(\)"):
            load_preset("city.toml")

    @pytest.mark.parametrize("name", [None, 5, [], {}, b"cn.national"])
    def test_what_is_no_text_names_nothing(self, name: Any) -> None:
        for read in (load_preset, load):
            with pytest.raises(UnknownRulebook, match=r"no rulebook called .* ships"):
                read(name)
        with pytest.raises(UnknownCalendar, match=r"no calendar called .* ships"):
            load_calendar(name)

    @pytest.mark.parametrize("kind", [str, Path])
    def test_a_calendar_in_a_file_is_read_anew_and_one_that_ships_is_the_same(
        self, tmp_path: Path, kind: type[str] | type[Path]
    ) -> None:
        text = files("handleflow").joinpath("presets", "calendars", "gb.toml").read_text(encoding="utf-8")
        path = written(tmp_path, text)
        before = load_calendar(kind(path))
        path.write_text(text.replace(f'version = "{before.version}"', 'version = "newer"'), encoding="utf-8")

        assert (before.version == "newer", load_calendar(kind(path)).version) == (False, "newer")
        assert load_calendar("gb") is load_calendar("gb")

    @pytest.mark.parametrize("part", ["extends", "calendar", "lifecycle"])
    def test_what_a_file_names_is_a_file_or_what_ships(self, part: str, tmp_path: Path) -> None:
        written(tmp_path, "name = 'x'", "b.toml")
        path = written(tmp_path, f'name = "x"\nversion = "1"\n{part} = "{tmp_path}/b"\n')
        with pytest.raises(UnknownRulebook, match=r"called .* ships"):
            load(path)

    def test_a_folder_called_as_a_file_is_no_file(self, tmp_path: Path) -> None:
        (tmp_path / "a.toml").mkdir()
        with pytest.raises(UnknownRulebook, match="there is no file"):
            load(tmp_path / "a.toml")


SHIPPED: dict[str, Any] = json.loads(load_preset("cn.shanghai").document)
SCALARS = [None, True, 0, -1, 2**70, 1.5, float("nan"), "", "x", "\ud800", "\x00", "3 months", "2026-02-10"]
AROUND = [[], [1], ["x"], [[]], [{"id": "x"}], [{"id": []}], {}, {"a": 1}, {"name": "x", "version": "1"}]
ANYTHING: st.SearchStrategy[Any] = st.sampled_from([*SCALARS, *AROUND])


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where in a document something stands."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield (*path, key)
        yield from places(each, (*path, key))


@given(place=st.sampled_from(list(places(SHIPPED))), there=ANYTHING)
def test_whatever_stands_anywhere_in_a_document_it_is_a_rulebook_or_refused_by_name(
    place: tuple[Any, ...], there: Any
) -> None:
    document = copy.deepcopy(SHIPPED)
    around: Any = document
    for key in place[:-1]:
        around = around[key]
    around[place[-1]] = there
    with suppress(HandleflowError):
        from_document(json.dumps(document))
    with suppress(HandleflowError):
        load("cn.national", changes=document)
