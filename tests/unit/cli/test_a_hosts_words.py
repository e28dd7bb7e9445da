"""Does what a host calls its own states, acts, roles, terms, lights and channels reach every command, in Chinese?"""

from __future__ import annotations

import re

import pytest
from attrs import field

from handleflow import Act, Actor, Engine, MemoryStore, Provenance, Refused, Suggestion, load
from handleflow.acts import Accept, Assign, MarkProgress, Receive, RecordContact
from handleflow.cli import main
from handleflow.errors import UnknownSuggestion
from handleflow.model.fields import not_blank
from handleflow.values import frozen
from tests.beginnings import OFFICE, WATER, instant

pytestmark = pytest.mark.usefixtures("wide_screen")

ENGLISH = re.compile("[a-z]{2,}")
APP = ("--app", f"{__name__}:ENGINE")
INSPECTOR = Actor("inspector", "督查员甲")
UNIT = Actor("unit", "水务局")


@frozen
class Inspect(Act):
    """An inspector goes and looks."""

    verb = "inspect"
    kind = "inspected"
    finding: str = field(validator=not_blank)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        return suggestion


RULES = load(
    "cn.national",
    acts=[Inspect],
    changes={
        "name": "规则",
        "version": "1",
        "roles": ["inspector"],
        "channels": ["phone", "red_banner"],
        "state": [{"name": "on_site", "en": "on site", "zh": "现场核查"}],
        "transition": [
            {"act": "inspect", "source": ["handling"], "target": "on_site", "who": ["inspector"]},
            {"act": "withdraw", "source": ["handling", "on_site"], "target": "withdrawn", "who": ["deputy"]},
            {
                "act": "supervise",
                "source": ["handling", "on_site"],
                "target": "same",
                "who": ["congress_office", "clock"],
            },
        ],
        "term": [
            {
                "id": "plan_made",
                "of": "lead",
                "anchor": "accepted",
                "met_by": ["planned"],
                "span": "10 days",
                "cite": "host",
                "zh": "制定方案",
            }
        ],
        "light": [
            {"colour": "violet", "cite": "host", "zh": "紫灯"},
            {"colour": "orange", "offset": "1 day", "cite": "host", "en": "orange", "zh": "橙灯"},
        ],
        "rung": [
            {
                "id": "no_plan",
                "term": "plan_made",
                "offset": "1 day",
                "channel": "red_banner",
                "issuer": "inspector",
                "cite": "host",
                "zh": "请制定方案",
            }
        ],
        "label": [
            {"of": "role", "code": "inspector", "en": "inspector", "zh": "督查员"},
            {"of": "act", "code": "inspect", "en": "inspect", "zh": "实地督查"},
            {"of": "entry", "code": "inspected", "en": "inspected", "zh": "已实地督查"},
            {"of": "field", "code": "finding", "en": "finding", "zh": "督查意见"},
            {"of": "channel", "code": "red_banner", "en": "red banner", "zh": "红头督办"},
        ],
    },
)


def engine() -> Engine:
    """A host's own, in whose store one suggestion is looked into on site."""
    made = Engine(MemoryStore(own=[Inspect]), [RULES], clock=lambda: instant("2026-03-02"))
    at = instant("2026-02-10")
    made.execute("17", Receive("饮水", "代表甲"), by=Actor("congress_office", "办公室"), at=at)
    made.execute("17", Assign(("水务局",)), by=Actor("congress_office", "办公室"), at=at)
    made.execute("17", Accept(), by=UNIT, at=at)
    made.execute("17", MarkProgress("水务局", "violet"), by=Actor("congress_office", "办公室"), at=at)
    made.execute("17", Inspect("管道老化"), by=INSPECTOR, at=at)
    return made


ENGINE = engine()


@pytest.fixture(scope="module", autouse=True)
def swept() -> str:
    """What a sweep in Chinese printed, the first one."""
    return str([entry.kind for _, entry in ENGINE.sweep().said])


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        pytest.param(
            ("show", "17"), ("现场核查", "已实地督查", "督查意见：管道老化", "督查员甲（督查员）"), id="show"
        ),
        pytest.param(
            ("show", "17"), ("红头督办", "请制定方案（2026-02-24）", "颜色：紫灯", "制定方案，水务局"), id="history"
        ),
        pytest.param(("show", "17"), ("发出机构：督查员",), id="issuer"),
        pytest.param(("board",), ("现场核查", "制定方案 2026-02-24", "橙灯 / 紫灯", "红头督办"), id="board"),
        pytest.param(("explain", "17", "plan_made"), ("制定方案，水务局",), id="explain"),
        pytest.param(("report",), ("红头督办",), id="report"),
        pytest.param(("draw", "规则"), ("现场核查", "实地督查"), id="draw"),
    ],
)
def test_a_command_says_the_hosts_words(
    argv: tuple[str, ...], words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    main([*argv, *APP, "--lang", "zh"])
    out = capsys.readouterr().out

    assert [each for each in words if each not in out] == []


def test_show_says_no_word_of_english_of_a_suggestion_that_was_swept(capsys: pytest.CaptureFixture[str]) -> None:
    main(["show", "17", *APP, "--lang", "zh"])
    lines = [re.sub("#[0-9a-f]{8}", "", line) for line in capsys.readouterr().out.splitlines()]

    assert [line for line in lines if ENGLISH.search(line)] == []


def test_a_sweep_says_in_chinese_what_the_clock_said(capsys: pytest.CaptureFixture[str]) -> None:
    ENGINE.execute("18", Receive("道路", "代表乙"), by=OFFICE, at=instant("2026-02-10"))
    ENGINE.execute("18", Assign(("公路局",)), by=OFFICE, at=instant("2026-02-10"))
    ENGINE.execute("18", Accept(), by=Actor("unit", "公路局"), at=instant("2026-02-10"))
    main(["sweep", *APP, "--lang", "zh"])
    out = "".join(capsys.readouterr().out.split())

    assert [each in out for each in ("请制定方案（2026-02-24）", "红头督办", "逾期", "督办：", "channel")] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_a_refusal_says_the_hosts_words() -> None:
    with pytest.raises(Refused) as refused:
        ENGINE.execute("17", Inspect("again"), by=INSPECTOR)
    with pytest.raises(Refused) as too_early:
        ENGINE.execute("17", RecordContact("before"), by=WATER)

    assert refused.value.text("zh").startswith("建议 17：实地督查未获准：目前处于“现场核查”状态")
    assert "现场核查" in too_early.value.text("zh")
    with pytest.raises(UnknownSuggestion):
        ENGINE.execute("404", Inspect("nothing"), by=INSPECTOR)
