"""
Why may an act of the fair limit not be? Every question the library asks of the six acts, each with its words.

A question puts its reasons into a list, in one language, and makes nothing where there are none.
"""

from __future__ import annotations

from benchmarks._fair_values import (
    Accepted,
    Answer,
    Assigned,
    Assignment,
    ContactRecorded,
    Day,
    Evaluated,
    Facts,
    Matter,
    Outcome,
    Provenance,
    Reason,
    Received,
    Replied,
)

OUTCOMES = {
    "A": Outcome("A", "已经解决或者基本解决", True),
    "B": Outcome("B", "正在解决或者列入规划逐步解决", False),
    "C": Outcome("C", "因目前条件限制或者其他原因需要以后解决", False),
    "D": Outcome("D", "留作参考", False),
}
GRADES = ("satisfied", "basically_satisfied", "dissatisfied")
STAGES = ("before", "during", "after")


def assignment_of(m: Matter, unit: str) -> Assignment | None:
    """The unit's part."""
    for each in m.assignments:
        if each.unit == unit:
            return each
    return None


def reply_of(m: Matter, unit: str) -> Answer | None:
    """The unit's reply."""
    for each in m.replies:
        if each.unit == unit:
            return each
    return None


def day_is_wrong(m: Matter, p: Provenance, happened_on: Day, reasons: list[Reason]) -> None:
    """It has not come, is before receipt, or nobody may still record it."""
    if happened_on > p.on:
        facts: Facts = (("on", str(happened_on)), ("today", str(p.on)))
        reasons.append(Reason("day_in_future", f"{happened_on} has not come yet; today is {p.on}", facts))
    if m.received_on is not None and happened_on < m.received_on:
        reasons.append(_before_it_began(happened_on, m.received_on))
    if happened_on < p.on:
        facts = (("on", str(happened_on)), ("today", str(p.on)), ("role", p.by.role), ("within", "0 days"))
        reasons.append(Reason("told_too_late", f"it happened on {happened_on}; today is {p.on}", facts))


def wrong_role(role: str, roles: tuple[str, ...]) -> Reason:
    """The transition is another role's."""
    facts: Facts = (("role", role), ("roles", ", ".join(roles)))
    return Reason("wrong_role", f"a {role} may not; {', '.join(roles)} may", facts)


def wrong_state(state: str) -> Reason:
    """Nothing leads on from there by this act."""
    return Reason("wrong_state", f"it is {state!r}", (("state", state),))


def _before_it_began(on: Day, began: Day) -> Reason:
    facts: Facts = (("on", str(on)), ("began", str(began)))
    return Reason("before_it_began", f"{on} is before it began, on {began}", facts)


def _not_its_unit(m: Matter, name: str) -> Reason:
    units = ", ".join([each.unit for each in m.assignments])
    return Reason("not_its_unit", f"{name} has no part in it; its units: {units}", (("unit", name), ("units", units)))


def of_receiving(_: Matter, act: Received, __: Provenance, reasons: list[Reason]) -> None:
    """It says something, and is a matter for this law."""
    if not act.title.strip() or not act.deputy.strip():
        reasons.append(Reason("is_text", "it needs a title and a deputy"))
    if act.matter not in ("suggestion", "unclear"):
        reasons.append(Reason("matter_is_accepted", f"a {act.matter} is none", (("matter", act.matter),)))


def of_assigning(m: Matter, act: Assigned, _: Provenance, reasons: list[Reason]) -> None:
    """It names units, each once, and none that has a part."""
    if not act.leads:
        reasons.append(Reason("no_lead", "it would have no lead unit"))
    if len(set(act.leads)) < len(act.leads):
        names = ", ".join(dict.fromkeys([unit for unit in act.leads if act.leads.count(unit) > 1]))
        reasons.append(Reason("unit_named_twice", f"named twice: {names}", (("units", names),)))
    if m.assignments and (again := [unit for unit in act.leads if assignment_of(m, unit) is not None]):
        reasons.append(Reason("already_has_a_part", f"already handling it: {again}", (("units", ", ".join(again)),)))


def of_accepting(m: Matter, act: Accepted, p: Provenance, reasons: list[Reason]) -> None:
    """By a unit that has a part and has not signed, not before it got it."""
    assignment, on = assignment_of(m, p.by.name), act.on or p.on
    if assignment is None:
        reasons.append(_not_its_unit(m, p.by.name))
        return
    if assignment.accepted_on is not None:
        facts: Facts = (("unit", p.by.name),)
        reasons.append(Reason("already_accepted", f"{p.by.name} has accepted it already", facts))
    if on < assignment.assigned_on:
        reasons.append(_before_it_began(on, assignment.assigned_on))


def of_contact(m: Matter, act: ContactRecorded, p: Provenance, reasons: list[Reason]) -> None:
    """By a unit that has a part, at one of the stages."""
    if assignment_of(m, p.by.name) is None:
        reasons.append(_not_its_unit(m, p.by.name))
    if act.stage not in STAGES:
        reasons.append(Reason("stage", f"there is no stage {act.stage!r}"))


def of_replying(m: Matter, act: Replied, p: Provenance, reasons: list[Reason]) -> None:
    """By a lead that has signed and not replied, with a class and words, not before it got it."""
    name, on = p.by.name, act.on or p.on
    assignment = assignment_of(m, name)
    if assignment is None or assignment.role != "lead":
        leads = ", ".join([each.unit for each in m.assignments if each.role == "lead"])
        facts: Facts = (("leads", leads),)
        reasons.append(Reason("not_a_lead", f"only a lead unit does this, and that is {leads}", facts))
    elif assignment.accepted_on is None:
        reasons.append(Reason("not_accepted", f"{name} has not accepted it", (("unit", name),)))
    if reply_of(m, name) is not None:
        reasons.append(Reason("already_replied", f"{name} has replied", (("unit", name), ("round", "1"))))
    if assignment is not None and on < assignment.assigned_on:
        reasons.append(_before_it_began(on, assignment.assigned_on))
    if act.outcome not in OUTCOMES:
        facts = (("outcome", act.outcome), ("known", ", ".join(OUTCOMES)))
        reasons.append(Reason("outcome_is_known", f"{act.outcome!r} is no class of outcome", facts))
    if not act.text.strip():
        reasons.append(Reason("is_text", "it says nothing"))
    _deputy_was_heard(m, name, reasons)


def _deputy_was_heard(m: Matter, unit: str, reasons: list[Reason]) -> None:
    for contact in m.contacts:
        if contact.unit == unit and contact.stage != "after":
            return
    facts: Facts = (("unit", unit), ("round", "1"))
    reasons.append(Reason("deputy_was_heard", f"{unit} has not yet heard the deputy in round 1", facts))


def of_evaluating(m: Matter, act: Evaluated, p: Provenance, reasons: list[Reason]) -> None:
    """By its deputy, once for a reply there is, not before it; who is dissatisfied says why."""
    if p.by.role == "deputy" and p.by.name != m.deputy:
        facts: Facts = (("deputy", p.by.name), ("deputies", m.deputy))
        reasons.append(Reason("not_its_deputy", f"{p.by.name} did not make it; its deputies: {m.deputy}", facts))
    reply, on = reply_of(m, act.unit), act.on or p.on
    if reply is None:
        replied = ", ".join([each.unit for each in m.replies])
        facts = (("unit", act.unit), ("replied", replied))
        reasons.append(Reason("no_such_reply", f"there is no reply of {act.unit}; replied: {replied}", facts))
    if act.result not in GRADES:
        reasons.append(Reason("grade", f"there is no grade {act.result!r}"))
    if act.result == "dissatisfied" and not act.reason:
        facts = (("grade", act.result),)
        reasons.append(Reason("reason_when_dissatisfied", "a rating of dissatisfied needs a reason", facts))
    if reply is not None and on < reply.on:
        facts = (("on", str(on)), ("earliest", str(reply.on)))
        reasons.append(Reason("day_too_early", f"{on} is before {reply.on}, when the reply was given", facts))
    for rating in m.ratings:
        if rating.unit == act.unit and rating.rater == p.by.name:
            facts = (("deputy", p.by.name),)
            reasons.append(Reason("already_rated", f"{p.by.name} has rated this reply", facts))
