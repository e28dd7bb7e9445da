"""Refusals that speak of replies, their ratings, and supervision."""

from __future__ import annotations

from collections.abc import Iterable

from handleflow.errors import Reason
from handleflow.words.labels import label
from handleflow.words.nearest import listed, listed_zh


def no_reply(unit: str | None, there: Iterable[str | None]) -> Reason:
    """There is no reply of that unit to speak of."""
    names = [name or "?" for name in there]
    whose = unit or "an unknown unit"
    return Reason(
        "no_such_reply",
        f"there is no reply of {whose}; replied: {listed(names)}",
        f"没有{unit or '不明单位'}的答复；已答复：{listed_zh(names)}",
        facts=(("unit", whose), ("replied", listed(names))),
        kind="value",
    )


def already_replied(name: str, round_number: int) -> Reason:
    """One reply a round."""
    return Reason(
        "already_replied",
        f"{name} has replied in round {round_number} already",
        f"{name}在第 {round_number} 轮已答复",
        facts=(("unit", name), ("round", str(round_number))),
        remedy_en="a new reply needs rehandling; a wrong word, a correction",
        remedy_zh="再次答复须先重新办理；文字差错请更正",
        kind="race",
    )


def reason_needed(grade: str) -> Reason:
    """A verdict of dissatisfied says why."""
    return Reason(
        "reason_when_dissatisfied",
        f"a rating of {label(grade)} needs a reason",
        f"评价为{label(grade, 'zh')}时应说明理由",
        facts=(("grade", grade),),
        kind="value",
    )


def rater_needed(role: str) -> Reason:
    """A rating entered for a deputy names the deputy."""
    return Reason(
        "rater_needed",
        f"a rating entered by a {label(role)} must name the deputy whose it is",
        f"{label(role, 'zh')}代录评价时应注明评价代表",
        facts=(("role", role),),
        kind="value",
    )


def rated_for_another(by: str, rater: str) -> Reason:
    """A deputy rates in her own name."""
    return Reason(
        "rated_for_another",
        f"{by} rates in their own name, not for {rater}",
        f"{by}应以本人名义评价，不能代{rater}评价",
        facts=(("by", by), ("rater", rater)),
        kind="value",
    )


def no_reminder() -> Reason:
    """No response is recorded only after reminders."""
    return Reason(
        "no_reminder",
        "no response is recorded only after the deputy was reminded",
        "须经催请后方可记录未反馈",
        remedy_en="give the days of the reminders",
        remedy_zh="请注明催请日期",
        kind="value",
    )


def commitments_open(numbers: Iterable[int]) -> Reason:
    """Something was promised and is not yet kept."""
    its = listed(map(str, numbers))
    return Reason(
        "commitments_open",
        f"commitments are open: {its}",
        f"尚有未办结的承诺：{its}",
        facts=(("commitments", its),),
        remedy_en="fulfil them first",
        remedy_zh="请先办结承诺",
        kind="state",
    )


def rejected_once(number: int) -> Reason:
    """An answer is sent back once."""
    return Reason(
        "rejected_once",
        f"the answer to supervision {number} was sent back already, or is itself a second answer",
        f"督办 {number} 的答复已退回一次",
        facts=(("supervision", str(number)),),
        remedy_en="urge again, by a stronger channel",
        remedy_zh="可另行督办",
        kind="state",
    )


def rung_is_the_clocks() -> Reason:
    """A person urges in their own name."""
    return Reason(
        "rung_is_the_clocks", "a rung of a ladder is spoken by the clock", "督办梯次由系统按期发出", kind="who"
    )


def supervised_lately(unit: str, number: int, on: object, until: object) -> Reason:
    """The unit was urged a short time ago; who insists says why."""
    return Reason(
        "supervised_lately",
        f"{unit} was urged on {on} (supervision {number}), and is left in peace until {until}",
        f"{unit}已于 {on} 被督办（第 {number} 次），{until} 前不重复督办",
        facts=(("unit", unit), ("supervision", str(number)), ("on", str(on)), ("until", str(until))),
        remedy_en="give a reason in override_reason",
        remedy_zh="如仍需督办，请在 override_reason 中说明理由",
        kind="value",
    )


def unknown_colour(colour: str, known: Iterable[str]) -> Reason:
    """The rulebook has no such colour."""
    its = tuple(known)
    return Reason(
        "colour_is_known",
        f"{colour!r} is no colour of this rulebook; there is: {listed(its)}",
        f"本规则没有 {colour!r} 这一颜色；现有：{listed_zh(its)}",
        facts=(("colour", colour), ("known", listed(its))),
        kind="value",
    )
