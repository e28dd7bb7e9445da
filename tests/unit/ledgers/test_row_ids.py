"""Under which id is a row taken over? It holds no words, it goes through any path, and it is found again."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from handleflow import Engine, MemoryStore, load_preset
from handleflow.acts import Correct, TakeOver
from handleflow.engine.requests import Request
from handleflow.ledgers import take_over
from handleflow.ledgers.reading import Row
from handleflow.ledgers.row_ids import PARTS, RowIds, id_of_words
from handleflow.ledgers.taking_over import OFFICE
from tests.beginnings import instant
from tests.unit.ledgers.test_ledgers import REAL, table, written

RULES = load_preset("cn.national")
CELLS = {"number": "7", "place": "甲县", "session": "一次会议", "year": "2022", "kind": "建议", "title": "桥"}
LETTERS = st.sampled_from("甲7/\\?#%;:. \n~_-") | st.characters()
CODES = st.fixed_dictionaries({part: st.text(LETTERS, max_size=6) for part in (*PARTS, "number")})


def engine_of() -> Engine:
    return Engine(MemoryStore(), [RULES], clock=lambda: instant("2026-11-23"))


@pytest.fixture
def engine() -> Engine:
    return engine_of()


def row_id(**cells: str) -> str:
    (found,) = RowIds(MemoryStore()).of([Row(2, {**CELLS, **cells})])
    return found


def take(engine: Engine, path: Path, titles: Iterable[str], **cells: str) -> list[str]:
    """The ids of rows with these titles and no number, taken over from one file."""
    take_over(engine, written(path / "a.csv", [{"kind": "建议", "title": title, **cells} for title in titles]))
    return [id_of_title(engine, title) for title in titles]


def id_of_title(engine: Engine, title: str) -> str:
    (found,) = [s.id for s in engine.store.snapshots() if s.title == title]
    return found


def test_a_number_is_unique_only_within_place_session_year_and_kind() -> None:
    assert row_id() == "甲县~一次会议~2022~_~建议~7"
    assert row_id(number="7/1") == "甲县~一次会议~2022~_~建议~7_2f_1"
    assert row_id(place="", number="建议字〔2023〕8号") == "_~一次会议~2022~_~建议~建议字_3014_2023_3015_8号"


def test_no_id_of_209_real_cases_holds_a_title(engine: Engine) -> None:
    take_over(engine, REAL)
    ids, titles = list(engine.store.ids()), [row["title"] for row in table(REAL)]

    assert [(id, title) for id in ids for title in titles if title in id] == []
    assert any(id.endswith("~_~1") for id in ids)


@drawn(CODES)
def test_an_id_is_one_segment_of_a_path_as_it_is(codes: dict[str, str]) -> None:
    id = row_id(**codes)

    assert unquote(quote(id, safe="~")) == id
    assert not set(id) & set("/\\?#%;:&+. \t\n\"'<>|*")
    assert all(each.isalnum() or each in "-_~" for each in id)


@drawn(CODES, CODES)
def test_two_rows_of_other_codes_have_two_ids(one: dict[str, str], other: dict[str, str]) -> None:
    numbered = ({**each, "number": each["number"] or "1"} for each in (one, other))
    first, second = numbered

    assert (row_id(**first) == row_id(**second)) == (first == second)


def test_a_running_number_is_no_number_of_a_row(engine: Engine, tmp_path: Path) -> None:
    (running,) = take(engine, tmp_path, ["桥"])

    assert {row_id(number=number) for number in ("_~1", "_", "1", "~1")}.isdisjoint({running})
    assert running == "_~_~_~_~建议~_~1"


def test_a_row_without_a_number_is_found_again_wherever_it_stands(engine: Engine, tmp_path: Path) -> None:
    first = take(engine, tmp_path, ["桥", "路"])
    again = take(engine, tmp_path, ["灯", "路", "桥"])

    assert (again[2], again[1]) == (first[0], first[1])
    assert sorted(engine.store.ids()) == [f"_~_~_~_~建议~_~{n}" for n in (1, 2, 3)]


def test_it_is_found_again_though_its_title_was_set_right(engine: Engine, tmp_path: Path) -> None:
    (bridge,) = take(engine, tmp_path, ["桥"])
    engine.execute(bridge, Correct(1, "title", "石桥", "typo"), by=OFFICE)
    engine.execute(bridge, Correct(1, "title", "木桥", "typo"), by=OFFICE)
    again = take_over(engine, written(tmp_path / "a.csv", [{"kind": "建议", "title": "桥"}]))

    assert (again.recorded, again.already_there) == (0, 1)


def test_a_row_that_was_refused_takes_no_number_of_one_that_came(engine: Engine, tmp_path: Path) -> None:
    rows = [{"kind": "建议", "title": title, "reply_date": on} for title, on in (("桥", "2027-01-01"), ("路", ""))]
    take_over(engine, written(tmp_path / "a.csv", rows))
    mended = take_over(engine, written(tmp_path / "a.csv", [{**row, "reply_date": ""} for row in rows]))

    assert (mended.recorded, mended.already_there) == (1, 1)


def test_rows_without_a_number_are_numbered_within_their_place_and_session(engine: Engine, tmp_path: Path) -> None:
    assert take(engine, tmp_path, ["桥"], place="甲县") == ["甲县~_~_~_~建议~_~1"]
    assert take(engine, tmp_path, ["路"], place="乙县") == ["乙县~_~_~_~建议~_~1"]


@pytest.mark.parametrize("number", ["", "7"])
def test_what_was_taken_over_under_an_id_of_its_words_keeps_it(engine: Engine, tmp_path: Path, number: str) -> None:
    cells = {"kind": "建议", "title": "桥", "number": number}
    take_over(engine, written(tmp_path / "a.csv", [cells]))
    (now,) = engine.store.ids()
    before = engine_of()
    (entry,) = [e.event for e in engine.history(now) if isinstance(e.event, TakeOver)]
    earlier = id_of_words(Row(2, cells))
    before.execute_many([Request(earlier, entry, OFFICE, key="taken over from a ledger")])
    again = take_over(before, tmp_path / "a.csv")

    assert (again.recorded, again.already_there, list(before.store.ids())) == (0, 1, [earlier])
    assert earlier == f"_/_/_/_/建议/{number or '桥'}"


def test_a_title_too_long_for_a_name_is_taken_over(engine: Engine, tmp_path: Path) -> None:
    assert take(engine, tmp_path, ["桥" * 300]) == ["_~_~_~_~建议~_~1"]
