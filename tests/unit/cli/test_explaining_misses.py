"""Does ``handleflow explain`` tell of longer time, a standstill, a miss and its rebuttal, in both languages?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.cells import cell_len

from handleflow import Engine, Rulebook, load_preset
from handleflow.acts import Accept, Assign, GrantExtension, Receive, RequestExtension, Suspend
from handleflow.cli import main
from handleflow.legal_time import Span
from handleflow.stores.sql import SqlStore
from tests.beginnings import OFFICE, WATER, instant, rulebook

Said = pytest.CaptureFixture[str]


def pausable() -> Rulebook:
    """The rules of a reply that may be two months longer, and whose clock may stand."""
    longer = {"span": "2 months", "base": "chained", "mode": "consent", "cite": "host"}
    stop = {"act": "suspend", "source": ["handling"], "target": "same", "who": ["congress_office"]}
    return rulebook(term=[{"id": "reply", "extension": longer, "is_pausable": True}], transition=[stop])


@pytest.fixture
def where(tmp_path: Path) -> str:
    """A reply that was missed, since the office agreed to forty days more after its day."""
    path = str(tmp_path / "a.db")
    store = SqlStore(path)
    engine = Engine(store, [load_preset("cn.shanghai")], clock=lambda: instant("2026-05-20"))
    engine.execute("1", Receive("Pipes", "Deputy A"), by=OFFICE, at=instant("2026-02-09"))
    engine.execute("1", Assign((WATER.name,)), by=OFFICE, at=instant("2026-02-10"))
    engine.execute("1", Accept(), by=WATER, at=instant("2026-02-11"))
    asked = RequestExtension(None, "deep", within=Span(40, "day"))
    engine.execute("1", asked, by=WATER, at=instant("2026-05-08"))
    engine.sweep(at=instant("2026-05-12"))
    engine.execute("1", GrantExtension(WATER.name), by=OFFICE, at=instant("2026-05-20"))
    store.close()
    return path


def said(capsys: Said, *args: str) -> str:
    main([*args])
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("lang", "steps"),
    [
        (
            "en",
            [
                "by the calendar cn 2026.1, known through 2026-12-31",
                "may be extended to 2026-08-10 at most, 3 months more [SH15 art. 19]",
                "longer time was asked for on 2026-05-08 and granted on 2026-05-20",
                "extended by consent, by 40 days, until 2026-06-19 [SH15 art. 19]",
                "2026-05-11 was missed, says entry 6",
                "rebutted by entry 9, because of entry 7 (extension granted)",
            ],
        ),
        (
            "zh",
            [
                "按日历 cn 2026.1 计算，放假安排知道到 2026-12-31 为止",
                "最多可延长至 2026-08-10，即再延 3 个月 [SH15 第 19 条]",
                "2026-05-08 申请延期，2026-05-20 同意",
                "经同意延长 40 日，至 2026-06-19 [SH15 第 19 条]",
                "2026-05-11 逾期，见第 6 条",
                "第 9 条更正逾期，因第 7 条（已同意延期）",
            ],
        ),
    ],
)
def test_each_step_has_its_line_of_no_more_than_80_columns(
    lang: str, steps: list[str], where: str, capsys: Said
) -> None:
    lines = [line.strip() for line in said(capsys, "explain", "1", "--store", where, "--lang", lang).splitlines()]

    assert [step for step in steps if step not in lines] == []
    assert max(cell_len(f"  {step}") for step in steps) <= 80


def test_each_step_is_told_in_json(where: str, capsys: Said) -> None:
    (term,) = json.loads(said(capsys, "explain", "1", "--json", "--store", where))
    facts = {step["what"]: (step["on"], step["facts"]) for step in term["steps"]}

    assert facts["calendar"] == (None, {"name": "cn", "version": "2026.1", "known_through": "2026-12-31"})
    assert facts["granted"] == ("2026-05-20", {"mode": "consent", "asked_on": "2026-05-08"})
    assert facts["extended"] == ("2026-06-19", {"mode": "consent", "within": "40 days"})
    assert facts["longest"] == ("2026-08-10", {"span": "3 months", "base": "chained"})
    assert facts["missed"] == ("2026-05-11", {"entry": 6})
    assert facts["rebutted"] == ("2026-05-20", {"entry": 9, "cause": 7, "kind": "extension_granted"})


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", "the clock stands, as announced, from 2026-03-09 to 2026-03-16: 2026-05-17"),
        ("zh", "2026-03-09 至 2026-03-16 中止（事先写明），顺延至 2026-05-17"),
    ],
)
def test_a_standstill_is_told(lang: str, told: str, tmp_path: Path, capsys: Said) -> None:
    store = SqlStore(str(tmp_path / "b.db"))
    engine = Engine(store, [pausable()], clock=lambda: instant("2026-03-09"))
    engine.execute("1", Receive("Pipes", "Deputy A"), by=OFFICE, at=instant("2026-02-09"))
    engine.execute("1", Assign((WATER.name,)), by=OFFICE, at=instant("2026-02-10"))
    engine.execute("1", Accept(), by=WATER, at=instant("2026-02-11"))
    engine.execute("1", Suspend("flood", within=Span(7, "day")), by=OFFICE, at=instant("2026-03-09"))
    store.close()

    assert told in said(capsys, "explain", "1", "reply", "--store", str(tmp_path / "b.db"), "--lang", lang)


@pytest.mark.parametrize(("lang", "shown"), [("en", "for: 40 days"), ("zh", "期间：40 日")])
def test_a_request_shows_its_span_in_the_history(lang: str, shown: str, where: str, capsys: Said) -> None:
    assert shown in said(capsys, "show", "1", "--store", where, "--lang", lang)
