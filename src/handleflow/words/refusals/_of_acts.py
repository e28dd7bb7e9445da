"""Refusals that speak of any act, and of what is recorded already."""

from __future__ import annotations

from collections.abc import Iterable

from handleflow.errors import Reason
from handleflow.words.labels import label
from handleflow.words.nearest import listed, listed_zh


def wrong_state(state: str, open_verbs: Iterable[str]) -> Reason:
    """The lifecycle knows no transition for it from here."""
    verbs = tuple(open_verbs)
    return Reason(
        "wrong_state",
        f"it is {state!r}" if state else f"it is {label(state)}",
        f"目前处于“{label(state, 'zh')}”状态",
        facts=(("state", state),),
        remedy_en=f"from here: {listed(verbs, 'nothing')}",
        remedy_zh=f"当前可办：{listed_zh(label(verb, 'zh') for verb in verbs)}",
        kind="state",
    )


def wrong_role(role: str, roles: Iterable[str]) -> Reason:
    """The transition is another role's."""
    able = tuple(roles)
    return Reason(
        "wrong_role",
        f"a {label(role)} may not; {listed(map(label, able))} may",
        f"{label(role, 'zh')}无权办理，应由{'、'.join(label(r, 'zh') for r in able)}办理",
        facts=(("role", role), ("roles", listed(able))),
        kind="who",
    )


def nobody_is_the_clock(name: str) -> Reason:
    """Somebody asks in the name of time."""
    return Reason(
        "nobody_is_the_clock",
        "the clock asks for nothing, it speaks by a sweep",
        "时钟不提出办理，只在巡查（sweep）时发出督办",
        facts=(("by", name),),
        remedy_en="ask in the name of a person, an office or a unit",
        remedy_zh="请以人员、机构或承办单位的名义办理",
        kind="who",
    )


def id_is_taken(id: str, received_on: object) -> Reason:
    """Somebody has begun a suggestion of this id already."""
    since = f" since {received_on}" if received_on else ""
    return Reason(
        "id_is_taken",
        f"there is a suggestion {id} already{since}",
        f"编号 {id} 已有建议",
        facts=(("id", id), ("received_on", str(received_on or ""))),
        remedy_en="look at that one, or give another id",
        remedy_zh="请核对该件，或另用编号",
        kind="race",
    )


def already(rule: str, en: str, zh: str, **facts: object) -> Reason:
    """It has been done already, by somebody who was first."""
    return Reason(rule, en, zh, tuple((name, str(value)) for name, value in facts.items()), kind="race")


def already_open(rule: str, what_en: str, what_zh: str) -> Reason:
    """One is waiting to be decided already."""
    return Reason(rule, f"a {what_en} is waiting already", f"已有待处理的{what_zh}", kind="state")


def nothing_open(rule: str, what_en: str, what_zh: str) -> Reason:
    """There is nothing of the kind to decide on."""
    return Reason(rule, f"there is no open {what_en}", f"没有待处理的{what_zh}", kind="state")


def no_such(what_en: str, what_zh: str, wanted: object, there: Iterable[object]) -> Reason:
    """What the act names does not exist."""
    known = tuple(map(str, there))
    return Reason(
        "no_such_" + what_en.replace(" ", "_"),
        f"there is no {what_en}: {wanted}; there is: {listed(known)}",
        f"没有{what_zh}：{wanted}；现有：{listed_zh(known)}",
        facts=(("asked", str(wanted)), ("there", listed(known))),
        kind="value",
    )


def unfit(rule: str, en: str, zh: str, **facts: object) -> Reason:
    """What is said means nothing here, or too much."""
    return Reason(rule, en, zh, tuple((name, str(value)) for name, value in facts.items()), kind="value")


def not_suspended() -> Reason:
    """The clock cannot go on that did not stop."""
    return Reason("not_suspended", "it is not suspended", "并未中止", kind="state")


def not_correctable(entry: int, field: str, correctable: Iterable[str]) -> Reason:
    """That field of that entry may not be touched."""
    able = tuple(correctable)
    return Reason(
        "not_correctable",
        f"{field!r} of entry {entry} cannot be corrected; there: {listed(able, 'nothing')}",
        f"第 {entry} 条的 {field!r} 不可更正；可更正：{listed_zh(able)}",
        facts=(("entry", str(entry)), ("field", field), ("correctable", listed(able))),
        kind="value",
    )


def unfit_value(field: str, why: str) -> Reason:
    """The corrected value means nothing."""
    return Reason(
        "unfit_value", f"{field!r}: {why}", f"{field!r} 的新值无效：{why}", (("field", field),), kind="value"
    )


def merged_with_itself() -> Reason:
    """A suggestion is merged with another one."""
    return Reason("merged_with_itself", "it cannot be merged with itself", "不能与自身并案", kind="value")
