"""Is an assignment on a day on which its rulebook does not hold warned of, or refused where the rulebook says so?"""

from __future__ import annotations

import logging
from typing import Any

import pendulum
import pytest
from pendulum import DateTime

from handleflow import Act, Engine, MemoryStore, Refused, Rulebook, load, load_preset
from handleflow.acts import Assign, Distribute, Reassign, Receive, TakeOver
from handleflow.core import notes
from tests.beginnings import GOVERNMENT, OFFICE

WATER = ("Water Bureau",)


def at(on: str) -> DateTime:
    """Nine o'clock of that day."""
    return pendulum.from_format(f"{on} 09", "YYYY-MM-DD HH", tz="Asia/Shanghai")


def engine_of(rules: Rulebook, on: str) -> Engine:
    """An engine on whose day one suggestion came in."""
    engine = Engine(MemoryStore(), [rules], clock=lambda: at(on))
    engine.execute("1", Receive("Safe water", "Deputy A"), by=OFFICE)
    return engine


def warned(rules: Rulebook, on: str, act: Act | None = None) -> list[tuple[str, str]]:
    """The rule and kind of what is said of an assignment on that day."""
    return [(each.rule, each.kind) for each in engine_of(rules, on).ask("1", act or Assign(WATER), by=OFFICE)]


def city(**changes: Any) -> Rulebook:
    """A rulebook of a host's own on national law, with what *changes* say of its text."""
    source = {"NEW": {"title": "A newer text (placeholder)"}}
    return load("cn.national", changes={"name": "city", "version": "1", "sources": source, **changes})


NEWER = {"what": "A newer text (placeholder)", "text_of": "2026-03-02", "source": "NEW"}
EDGES = [
    pytest.param({"in_force_from": "2026-03-02"}, "2026-03-01", "2026-03-02", "not_yet_in_force", id="begins"),
    pytest.param({"in_force_until": "2026-03-01"}, "2026-03-02", "2026-03-01", "no_longer_in_force", id="ends"),
    pytest.param(
        {"superseded_by": NEWER}, "2026-03-02", "2026-03-01", "superseded", id="replaced, nobody knows when"
    ),
    pytest.param(
        {"superseded_by": {**NEWER, "in_force_from": "2026-05-01"}},
        "2026-05-01",
        "2026-04-30",
        "superseded",
        id="replaced from a day on",
    ),
]


@pytest.mark.parametrize(("says", "warned_on", "silent_on", "rule"), EDGES)
def test_an_assignment_is_warned_of_on_the_days_of_no_force_and_on_no_other(
    says: dict[str, Any], warned_on: str, silent_on: str, rule: str
) -> None:
    assert warned(city(**says), warned_on) == [(rule, "warning")]
    assert warned(city(**says), silent_on) == []


@pytest.mark.parametrize(("says", "warned_on", "silent_on", "rule"), EDGES)
def test_where_the_rulebook_says_so_it_is_refused(
    says: dict[str, Any], warned_on: str, silent_on: str, rule: str
) -> None:
    rules = city(**says, out_of_force="refuse")

    with pytest.raises(Refused) as refused:
        engine_of(rules, warned_on).execute("1", Assign(WATER), by=OFFICE)

    assert (refused.value.rules, refused.value.kinds) == ((rule,), ("value",))
    assert engine_of(rules, silent_on).execute("1", Assign(WATER), by=OFFICE).state == "assigned"


def test_an_assignment_of_2019_under_the_law_of_2025_is_told_in_both_languages() -> None:
    (warning,) = engine_of(load_preset("cn.national"), "2019-03-18").ask("1", Assign(WATER), by=OFFICE)

    assert warning.text() == (
        "cn.national 2025.3 is in force from 2025-03-11 only, and this is of 2019-03-18; "
        "handle it under the rulebook of that time"
    )
    assert warning.text("zh") == (
        "cn.national 2025.3 自 2025-03-11 起施行，而此事发生于 2019-03-18，请适用当时的规则"
    )


def test_zhejiang_is_doubted_from_the_day_of_the_new_text_on() -> None:
    zhejiang = load_preset("cn.zhejiang")

    assert warned(zhejiang, "2023-11-23") == []
    assert warned(zhejiang, "2023-11-24") == [("superseded", "warning")]
    assert zhejiang.in_force_until is None


def test_what_is_warned_of_is_logged_and_recorded(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        after = engine_of(load_preset("cn.zhejiang"), "2026-03-02").execute("1", Assign(WATER), by=OFFICE)

    assert (after.state, [record.getMessage().partition(": ")[0] for record in caplog.records]) == (
        "assigned",
        ["suggestion 1, assign"],
    )


def test_what_is_refused_for_another_reason_says_that_one_alone() -> None:
    (reason,) = engine_of(load_preset("cn.zhejiang"), "2026-03-02").ask("1", Assign((), WATER), by=OFFICE)

    assert (reason.rule, reason.refuses) == ("no_lead", True)


@pytest.mark.parametrize(
    ("act", "by"),
    [
        pytest.param(Distribute(("Roads Bureau",)), GOVERNMENT, id="distribute"),
        pytest.param(Reassign(("Roads Bureau",), reason="theirs"), OFFICE, id="reassign"),
    ],
)
def test_naming_further_units_is_warned_of_too(act: Act, by: Any) -> None:
    engine = engine_of(load_preset("cn.zhejiang"), "2026-03-02")
    engine.execute("1", Assign(WATER), by=OFFICE)

    assert [reason.rule for reason in engine.ask("1", act, by=by)] == ["superseded"]


@pytest.mark.parametrize(
    ("known", "rules"),
    [
        pytest.param({"leads": WATER, "assigned_on": "2019-03-18"}, ["not_yet_in_force"], id="assigned long before"),
        pytest.param({"leads": WATER, "assigned_on": "2026-03-18"}, [], id="assigned under it"),
        pytest.param({"leads": WATER}, [], id="nobody knows when"),
        pytest.param({"assigned_on": "2019-03-18"}, [], id="to nobody"),
    ],
)
def test_what_is_taken_over_goes_by_the_day_it_was_assigned(known: dict[str, Any], rules: list[str]) -> None:
    engine = Engine(MemoryStore(), [load_preset("cn.national")])

    assert [reason.rule for reason in engine.ask("2", TakeOver("Pipes", **known), by=OFFICE)] == rules


def test_health_says_that_the_rulebook_for_new_suggestions_is_out_of_force() -> None:
    engine = engine_of(load_preset("cn.zhejiang"), "2026-03-02")

    assert [reason.rule for reason in engine.health().out_of_force] == ["superseded"]
    assert engine.health(at=at("2020-03-02")).out_of_force == ()
    assert Engine(MemoryStore(), []).health().out_of_force == ()


class TestInheriting:
    """A file that names no text of its own stands on the one it extends."""

    def test_a_hosts_own_ladder_changes_nothing_about_the_text_below(self) -> None:
        own, zhejiang = load("cn.zhejiang", changes={"name": "host", "version": "1"}), load_preset("cn.zhejiang")

        assert (own.text_of, own.in_force_from, own.superseded_by) == (
            zhejiang.text_of,
            zhejiang.in_force_from,
            zhejiang.superseded_by,
        )
        assert own.verified_on is None

    @pytest.mark.parametrize("own", [{"text_of": "2026-01-05"}, {"in_force_from": "2026-01-05"}], ids=str)
    def test_a_text_of_its_own_is_replaced_by_nothing_that_replaced_the_other(self, own: dict[str, str]) -> None:
        rules = load("cn.zhejiang", changes={"name": "host", "version": "1", **own})

        assert (rules.superseded_by, rules.in_force_until) == (None, None)
        assert str(rules.text_of or rules.in_force_from) == "2026-01-05"

    def test_what_a_place_says_of_its_own_text_is_open_no_more(self) -> None:
        open_points = {point.what for point in load_preset("cn.beijing").open_points}

        assert "in_force_from" not in open_points
        assert "in_force_from" in {point.what for point in load_preset("cn.dehui").open_points}


class TestNotes:
    """``check`` says on which text a rulebook stands."""

    def test_all_that_is_known_is_said(self) -> None:
        newer = {**NEWER, "in_force_from": "2026-05-01"}
        rules = city(
            text_of="2020-01-02", in_force_from="2020-02-01", in_force_until="2026-04-30", superseded_by=newer
        )

        assert notes(rules)[:2] == (
            "text of 2020-01-02, in force from 2020-02-01 until 2026-04-30",
            "superseded by A newer text (placeholder), of 2026-03-02, in force from 2026-05-01 [NEW]",
        )
        assert notes(rules, "zh")[:2] == (
            "文本日期：2020-01-02；施行日期：2020-02-01；施行至 2026-04-30",
            "已被取代：A newer text (placeholder)，文本日期 2026-03-02，施行日期：2026-05-01［NEW］",
        )

    def test_of_what_says_nothing_nothing_is_said(self) -> None:
        assert notes(load_preset("gb.foi"))[0].startswith("open: ")
