"""What does the law ask before an act may be? Guards a rulebook names, each with its citation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from attrs import field

from handleflow.errors import Objection
from handleflow.legal_time import Convention, Span, WorkCalendar, count
from handleflow.model import Act, Asked, Suggestion
from handleflow.rules.citation import Citation
from handleflow.values import frozen
from handleflow.words import did_you_mean, listed, listed_zh
from handleflow.words.choices import OneOf


@frozen
class Question:
    """What a guard is asked about: the picture, the act asked for, by whom and when, and how days are counted."""

    suggestion: Suggestion
    act: Act
    asked: Asked
    calendar: WorkCalendar
    convention: Convention


class Guard(Protocol):
    """Asks one question and gives the reason it says no, or None. Its fields are what a file may set."""

    def objection(self, question: Question) -> Objection | None:
        """Why not, or None."""


@frozen
class GuardRule:
    """
    A guard under its *name* on disk, the acts it is asked of, and the ground it stands on.

    *id* tells two guards of one name apart; it is the name where there is only one.
    """

    id: str
    name: str
    acts: tuple[type[Act], ...]
    guard: Guard
    citation: Citation


@frozen
class MatterIsAccepted:
    """Only some matters are handled under this rulebook; another law governs the rest."""

    accepted: tuple[str, ...]
    others_en: str
    others_zh: str

    def objection(self, question: Question) -> Objection | None:
        matter = getattr(question.act, "matter", "")
        if matter in self.accepted:
            return None
        return Objection(
            "matter_is_accepted",
            f"a {matter} is not handled here: {self.others_en}",
            f"此件为 {matter}，不适用本规则：{self.others_zh}",
            facts=(("matter", matter), ("accepted", listed(self.accepted))),
        )


@frozen
class UnitsAreKnown:
    """Only units of the place's register are named."""

    units: tuple[str, ...]

    def objection(self, question: Question) -> Objection | None:
        named = question.act.units(question.asked)
        strangers = [unit for unit in named if unit not in self.units]
        if not strangers:
            return None
        hint = did_you_mean(strangers[0], self.units)
        return Objection(
            "units_are_known",
            f"not in the register of units: {listed(strangers)}{hint}",
            f"不在承办单位名录内：{listed(strangers)}",
            facts=(("units", listed(strangers)),),
        )


@frozen
class DeputyWasHeard:
    """No reply before the deputy was heard in this round, by the unit that replies."""

    def objection(self, question: Question) -> Objection | None:
        suggestion, unit = question.suggestion, question.asked.by.name
        assignment = suggestion.assignment_of(unit)
        current, since = (assignment.round, assignment.entry) if assignment else (suggestion.round, 0)
        heard = (c for c in suggestion.contacts if c.unit == unit and c.round == current and c.entry >= since)
        if any(c.stage != "after" for c in heard):
            return None
        return Objection(
            "deputy_was_heard",
            f"{unit} has not yet heard the deputy in round {current}",
            f"{unit}在第 {current} 轮尚未听取代表意见",
            facts=(("unit", unit), ("round", str(current))),
            remedy_en="record a contact before or during handling",
            remedy_zh="请先记录办前或办中沟通",
        )


@frozen
class DraftWasApproved:
    """A reply goes out only after the office has approved its draft."""

    def objection(self, question: Question) -> Objection | None:
        unit = question.asked.by.name
        assignment = question.suggestion.assignment_of(unit)
        drafts = [d for d in question.suggestion.drafts if d.unit == unit]
        current = assignment.round if assignment else question.suggestion.round
        if drafts and drafts[-1].round == current and drafts[-1].verdict == "approved":
            return None
        return Objection(
            "draft_was_approved",
            f"no draft of {unit} was approved in round {current}",
            f"{unit}在第 {current} 轮的答复意见尚未审核通过",
            facts=(("unit", unit), ("drafts", str(len(drafts)))),
            remedy_en="draft the reply and have it approved",
            remedy_zh="请先拟稿并经审核",
        )


@frozen
class CoOpinionsAreIn:
    """A lead replies after every co unit gave its opinion; a rejected one must be given again."""

    def objection(self, question: Question) -> Objection | None:
        given = [(o.unit, o.entry) for o in question.suggestion.opinions if o.rejected is None]
        missing = [
            a.unit
            for a in question.suggestion.active("co")
            if not any(unit == a.unit and entry >= a.entry for unit, entry in given)
        ]
        if not missing:
            return None
        return Objection(
            "co_opinions_are_in",
            f"no standing opinion of {listed(missing)}",
            f"尚缺会办意见：{listed(missing)}",
            facts=(("units", listed(missing)),),
            remedy_en="have them give their opinions",
            remedy_zh="请会办单位提出意见",
        )


@frozen
class ReturnInTime:
    """A return is asked for within *span* from ``assigned`` or ``accepted`` (receipt by the unit)."""

    span: Span
    anchor: str = field(validator=OneOf("assigned", "accepted"))

    def objection(self, question: Question) -> Objection | None:
        assignment = question.suggestion.assignment_of(question.asked.by.name)
        if assignment is None:
            return None
        received_on = assignment.acceptance.on if assignment.acceptance else None
        start = assignment.assigned_on if self.anchor == "assigned" else received_on
        if start is None:
            return None
        last = count(start, self.span, question.convention, question.calendar).due_on
        if question.act.happened_on(question.asked) <= last:
            return None
        return Objection(
            "return_in_time",
            f"a return was to be asked for by {last}, {self.span} from {start}",
            f"申退应于 {last} 前提出（自 {start} 起 {self.span}）",
            facts=(("last", str(last)), ("from", str(start))),
        )


def _lead_deputy_only(question: Question, rule: str, what_en: str, what_zh: str) -> Objection | None:
    lead, by = question.suggestion.deputy, question.asked.by
    who = getattr(question.act, "rater", None) or by.name
    if lead is None or who == lead:
        return None
    return Objection(
        rule,
        f"the lead deputy {what_en}, and that is {lead}",
        f"应由领衔代表{what_zh}：{lead}",
        facts=(("deputy", who), ("lead_deputy", lead)),
    )


@frozen
class LeadDeputyRates:
    """Of those who made a joint suggestion, the lead deputy rates."""

    def objection(self, question: Question) -> Objection | None:
        return _lead_deputy_only(question, "lead_deputy_rates", "rates it", "评价")


@frozen
class LeadDeputyWithdraws:
    """Of those who made a joint suggestion, the lead deputy withdraws it."""

    def objection(self, question: Question) -> Objection | None:
        return _lead_deputy_only(question, "lead_deputy_withdraws", "withdraws it", "撤回")


@frozen
class WithdrawalIsUnanimous:
    """A joint suggestion is withdrawn only when everyone who made it wants that."""

    def objection(self, question: Question) -> Objection | None:
        agreed = {question.asked.by.name, *getattr(question.act, "agreed_by", ())}
        missing = [name for name in question.suggestion.deputies if name not in agreed]
        if not missing:
            return None
        return Objection(
            "withdrawal_is_unanimous",
            f"not yet agreed: {listed(missing)}",
            f"尚未同意撤回：{listed(missing)}",
            facts=(("missing", listed(missing)),),
        )


@frozen
class DeputyIsDissatisfied:
    """Only a reply that was rated dissatisfied is asked for again."""

    def objection(self, question: Question) -> Objection | None:
        replied = [u for u in question.act.units(question.asked) if question.suggestion.reply_of(u) is not None]
        content = [unit for unit in dict.fromkeys(replied) if not _is_dissatisfying(question.suggestion, unit)]
        if not content:
            return None
        return Objection(
            "deputy_is_dissatisfied",
            f"no deputy is dissatisfied with the reply of {listed(content)}",
            f"没有代表对{listed_zh(content)}的答复表示不满意",
            facts=(("units", listed(content)),),
        )


def _is_dissatisfying(suggestion: Suggestion, unit: str) -> bool:
    reply = suggestion.reply_of(unit)
    ratings = suggestion.ratings_of(reply) if reply is not None else ()
    return any("dissatisfied" in {rating.result, rating.attitude} for rating in ratings)


@frozen
class RoundsAreLeft:
    """It is handled again at most *limit* times; the words say what follows then."""

    limit: int
    then_en: str
    then_zh: str

    def objection(self, question: Question) -> Objection | None:
        done = question.suggestion.round - 1
        if done < self.limit:
            return None
        return Objection(
            "rounds_are_left",
            f"it was handled again {done} time(s), {self.limit} at most",
            f"已重新办理 {done} 次，最多 {self.limit} 次",
            facts=(("done", str(done)), ("limit", str(self.limit))),
            remedy_en=self.then_en,
            remedy_zh=self.then_zh,
        )


GUARDS: Mapping[str, type[Guard]] = {
    "matter_is_accepted": MatterIsAccepted,
    "units_are_known": UnitsAreKnown,
    "return_in_time": ReturnInTime,
    "deputy_was_heard": DeputyWasHeard,
    "draft_was_approved": DraftWasApproved,
    "co_opinions_are_in": CoOpinionsAreIn,
    "lead_deputy_rates": LeadDeputyRates,
    "lead_deputy_withdraws": LeadDeputyWithdraws,
    "withdrawal_is_unanimous": WithdrawalIsUnanimous,
    "deputy_is_dissatisfied": DeputyIsDissatisfied,
    "rounds_are_left": RoundsAreLeft,
}
"""What a rulebook file may name as a guard; hosts hand in more."""
