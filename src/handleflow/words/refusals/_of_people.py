"""Refusals that speak of units and deputies."""

from __future__ import annotations

from collections.abc import Iterable

from handleflow.errors import Reason
from handleflow.words.nearest import listed, listed_zh


def not_its_unit(name: str, units: Iterable[str], kind: str = "who") -> Reason:
    """The unit has no part in it; of kind ``value`` where the act names it."""
    its = tuple(units)
    return Reason(
        "not_its_unit",
        f"{name} has no part in it; its units: {listed(its)}",
        f"{name}不是承办单位；承办单位：{listed_zh(its)}",
        facts=(("unit", name), ("units", listed(its))),
        kind=kind,
    )


def not_a_lead(name: str, leads: Iterable[str]) -> Reason:
    """Only a lead does this."""
    its = tuple(leads)
    return Reason(
        "not_a_lead",
        f"only a lead unit does this, and that is {listed(its, 'nobody yet')}",
        f"只有主办单位可以办理；主办单位：{listed_zh(its)}",
        facts=(("unit", name), ("leads", listed(its))),
        kind="who",
    )


def not_a_co_unit(name: str) -> Reason:
    """An opinion is a co unit's; a lead replies."""
    return Reason("not_a_co_unit", f"{name} is a lead; it replies", f"{name}是主办单位，应作答复", kind="who")


def not_accepted(name: str) -> Reason:
    """The lead has not signed for it yet."""
    return Reason(
        "not_accepted",
        f"{name} has not accepted it",
        f"{name}尚未签收",
        facts=(("unit", name),),
        remedy_en="accept first",
        remedy_zh="请先签收",
        kind="state",
    )


def already_accepted(name: str) -> Reason:
    """The unit has signed for it already."""
    return Reason(
        "already_accepted", f"{name} has accepted it already", f"{name}已签收", (("unit", name),), kind="race"
    )


def unit_named_twice(names: Iterable[str]) -> Reason:
    """A unit stands twice among leads and co units."""
    twice = listed(names)
    return Reason(
        "unit_named_twice", f"named twice: {twice}", f"重复列出：{twice}", (("units", twice),), kind="value"
    )


def no_lead() -> Reason:
    """Nobody would answer for it."""
    return Reason(
        "no_lead",
        "it would have no lead unit",
        "没有主办单位",
        remedy_en="name at least one",
        remedy_zh="至少指定一个",
        kind="value",
    )


def already_has_a_part(names: Iterable[str]) -> Reason:
    """A unit named anew handles it already."""
    its = listed(names)
    return Reason(
        "already_has_a_part", f"already handling it: {its}", f"已在承办：{its}", (("units", its),), kind="value"
    )


def part_of_nobody(names: Iterable[str]) -> Reason:
    """A part describes a unit that is not named."""
    its = listed(names)
    return Reason(
        "part_of_nobody",
        f"a part is given for {its}, not named here",
        f"{its}未被指定却列有分工",
        (("units", its),),
        kind="value",
    )


def opinion_of_nobody(co_units: Iterable[str]) -> Reason:
    """An older ledger's one opinion cannot be given to one co unit."""
    names = tuple(co_units)
    return Reason(
        "opinion_of_nobody",
        f"the day of a co unit's opinion needs exactly one co unit, not {len(names)}",
        f"会办意见日期须对应唯一会办单位，现有 {len(names)} 个",
        facts=(("co_units", listed(names)),),
        kind="value",
    )


def not_its_deputy(name: str, deputies: Iterable[str], kind: str = "who") -> Reason:
    """The deputy did not make or sign it; of kind ``value`` where the act names them."""
    its = listed(deputies)
    return Reason(
        "not_its_deputy",
        f"{name} did not make it; its deputies: {its}",
        f"{name}不是提出代表；提出代表：{its}",
        facts=(("deputy", name), ("deputies", its)),
        kind=kind,
    )


def deputy_named_twice(names: Iterable[str]) -> Reason:
    """A deputy stands twice among those who made it."""
    twice = listed(names)
    return Reason(
        "deputy_named_twice", f"named twice: {twice}", f"重复列出：{twice}", (("deputies", twice),), kind="value"
    )
