"""Refusals that speak of days, and of longer time."""

from __future__ import annotations

from handleflow.errors import Reason
from handleflow.words.labels import label


def day_in_future(on: object, today: object) -> Reason:
    """It is said to have happened after today."""
    return Reason(
        "day_in_future",
        f"{on} has not come yet; today is {today}",
        f"{on} 尚未到来，今天是 {today}",
        facts=(("on", str(on)), ("today", str(today))),
        kind="value",
    )


def told_too_late(on: object, today: object, role: str, span: str) -> Reason:
    """It happened longer ago than this role may still tell."""
    return Reason(
        "told_too_late",
        f"it happened on {on} and a {label(role)} may tell it {span} later at most; today is {today}",
        f"事项发生于 {on}，{label(role, 'zh')}最多可在 {span} 内补记，今天是 {today}",
        facts=(("on", str(on)), ("today", str(today)), ("role", role), ("within", span)),
        remedy_en="an office may record it, where the rulebook lets it",
        remedy_zh="规则允许时可由交办机构补记",
        kind="value",
    )


def before_it_began(on: object, began: object) -> Reason:
    """It is said to have happened before the suggestion was received, or the unit assigned."""
    return Reason(
        "before_it_began",
        f"{on} is before it began, on {began}",
        f"{on} 早于起始日 {began}",
        facts=(("on", str(on)), ("began", str(began))),
        kind="value",
    )


def day_too_early(on: object, earliest: object, what_en: str, what_zh: str) -> Reason:
    """A day lies before the one it follows."""
    return Reason(
        "day_too_early",
        f"{on} is before {earliest}, when {what_en}",
        f"{on} 早于{what_zh}之日 {earliest}",
        facts=(("on", str(on)), ("earliest", str(earliest))),
        kind="value",
    )


def days_out_of_order(what: str, later: object, earlier: object) -> Reason:
    """A correction would put a day before the one it follows."""
    return Reason(
        "days_out_of_order",
        f"{what} on {later} would lie before {earlier}, which it follows",
        f"{what}（{later}）将早于其前置日期 {earlier}",
        facts=(("later", str(later)), ("earlier", str(earlier))),
        kind="value",
    )


def other_way_to_longer_time(mode: str, citation: str) -> Reason:
    """Longer time is had in another way: by consent of the office, or by the unit's own declaration."""
    return Reason(
        "extension_mode",
        f"longer time is had by {mode} here",
        f"延期方式应为 {mode}",
        citation=citation,
        kind="state",
    )


def extended_enough(done: int, most: int, citation: str) -> Reason:
    """It was extended as often as it may be."""
    return Reason(
        "extensions_are_left",
        f"it was extended {done} time(s), {most} at most",
        f"已延期 {done} 次，最多 {most} 次",
        citation=citation,
        kind="state",
    )


def extension_too_late(due_on: object, citation: str) -> Reason:
    """Longer time is asked for before the day, not after it."""
    return Reason(
        "extension_in_time",
        f"the term ended on {due_on}; longer time is asked for before",
        f"期限已于 {due_on} 届满，应在届满前申请",
        citation=citation,
        kind="state",
    )
