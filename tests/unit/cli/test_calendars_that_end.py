"""Does whoever looks at a rulebook hear that its calendar ends?"""

from __future__ import annotations

from pathlib import Path

import pytest

from handleflow import load
from handleflow.cli import _rulebooks, main

RULEBOOK = """
name = "a.place"
version = "1"
extends = "cn.national"
title = "a place"

[calendar]
name = "place"
version = "7"
zone = "Asia/Shanghai"
rest_days = ["sat", "sun"]
known_from = "2010-01-01"
known_through = "{}"
"""


@pytest.mark.parametrize("command", ["check", "rulebooks"])
@pytest.mark.parametrize(
    ("known_through", "lang", "told"),
    [
        ("2019-12-31", "en", "calendar place 7 has known no day since 2019-12-31"),
        ("2019-12-31", "zh", "日历 place 7 所知的放假安排已于 2019-12-31 到期"),
        ("2199-12-31", "en", ""),
    ],
)
def test_a_calendar_that_has_ended_is_told_and_one_that_has_not_is_not(
    command: str, known_through: str, lang: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a_place.toml"
    file.write_text(RULEBOOK.format(known_through), encoding="utf-8")

    assert main([command, str(file), "--lang", lang]) == 0
    err = capsys.readouterr().err
    assert (err == "") == (told == "")
    assert err.startswith(told)


def test_it_is_told_once_of_all_that_count_by_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a_place.toml").write_text(RULEBOOK.format("2019-12-31"), encoding="utf-8")
    rules = load(tmp_path / "a_place.toml")
    _rulebooks.warn_of_ends([rules, rules], "en")

    assert capsys.readouterr().err.count("calendar place 7 has known no day since 2019-12-31") == 1
