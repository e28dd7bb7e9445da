"""What does the law ask before an act may be? Guards a rulebook names, each with its citation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from attrs import field

from handleflow.errors import Reason
from handleflow.legal_time import Span, count
from handleflow.model import Act, Question, Suggestion
from handleflow.model.changing import changed
from handleflow.rules.citation import Citation
from handleflow.values import frozen
from handleflow.words import did_you_mean, listed, listed_zh
from handleflow.words.choices import OneOf


class Guard(Protocol):
    """A check that a rulebook names. Its fields are what a file may set."""

    def __call__(self, question: Question[Any], /) -> Iterable[Reason]:
        """The reasons to refuse; none when all is well."""


@frozen
class GuardRule:
    """
    A guard under its *name* on disk, the acts it is asked of, and the ground it stands on.

    *id* tells two guards of one name apart; it is the name where there is only one. It is a check itself: each of its
    reasons that cites nothing cites the rule's ground.
    """

    id: str
    name: str
    acts: tuple[type[Act], ...]
    guard: Guard
    citation: Citation

    def __call__(self, question: Question[Any]) -> Iterable[Reason]:
        reasons = tuple(self.guard(question))
        return [changed(r, citation=r.citation or str(self.citation)) for r in reasons] if reasons else reasons


@frozen
class MatterIsAccepted:
    """Only some matters are handled under this rulebook; another law governs the rest."""

    accepted: tuple[str, ...]
    others_en: str
    others_zh: str

    def __call__(self, question: Question[Any]) -> Iterator[Reason]:
        matter = getattr(question.act, "matter", "")
        if question.act is None or matter in self.accepted:
            return
        yield Reason(
            "matter_is_accepted",
            f"a {matter} is not handled here: {self.others_en}",
            f"此件为 {matter}，不适用本规则：{self.others_zh}",
            facts=(("matter", matter), ("accepted", listed(self.accepted))),
            kind="value",
        )


@frozen
class UnitsAreKnown:
    """Only units of the place's register are named."""

    units: tuple[str, ...]

    def __call__(self, question: Question[Any]) -> Iterator[Reason]:
        named = question.act.units(question.provenance) if question.act is not None else ()
        strangers = [unit for unit in named if unit not in self.units]
        if not strangers:
            return
        hint = did_you_mean(strangers[0], self.units)
        yield Reason(
            "units_are_known",
            f"not in the register of units: {listed(strangers)}{hint}",
            f"不在承办单位名录内：{listed(strangers)}",
            facts=(("units", listed(strangers)),),
            kind="value",
        )


@frozen
class DeputyWasHeard:
    """No reply before the deputy was heard in this round, by the unit that replies."""

    def __call__(self, question: Question[Any]) -> Iterator[Reason]:
        suggestion, unit = question.suggestion, question.by.name
        assignment = suggestion.assignment_of(unit)
        current, since = (assignment.round, assignment.entry) if assignment else (suggestion.round, 0)
        heard = (c for c in suggestion.contacts if c.unit == unit and c.round == current and c.entry >= since)
        if any(c.stage != "after" for c in heard):
            return
        yield Reason(
            "deputy_was_heard",
            f"{unit} has not yet heard the deputy in round {current}",
            f"{unit}在第 {current} 轮尚未听取代表意见",
            facts=(("unit", unit), ("round", str(current))),
            remedy_en="record a contact before or during handling",
            remedy_zh="请先记录办前或办中沟通",
            kind="state",
        )


@frozen
class DraftWasApproved:
    """A reply goes out only after the office has approved its draft."""

    def __call__(self, question: Question[Any]) -> Iterator[Reason]:
        unit = question.by.name
        assignment = question.suggestion.assignment_of(unit)
        drafts = [d for d in question.suggestion.drafts if d.unit == unit]
        current = assignment.round if assignment else question.suggestion.round
        if drafts and drafts[-1].round == current and drafts[-1].verdict == "approved":
            return
        yield Reason(
            "draft_was_approved",
            f"no draft of {unit} was approved in round {current}",
            f"{unit}在第 {current} 轮的答复意见尚未审核通过",
            facts=(("unit", unit), ("drafts", str(len(drafts)))),
            remedy_en="draft the reply and have it approved",
            remedy_zh="请先拟稿并经审核",
            kind="state",
        )


@frozen
class CoOpinionsAreIn:
    """A lead replies after every co unit gave its opinion; a rejected one must be given again."""

    def __call__(self, question: Question[Any]) -> Iterator[Reason]:
        given = [(o.unit, o.entry) for o in question.suggestion.opinions if o.rejected is None]
        missing = [
            a.unit
            for a in question.suggestion.active("co")
            if not any(unit == a.unit and entry >= a.entry for unit, entry in given)
        ]
        if not missing:
            return
        yield Reason(
            "co_opinions_are_in",
            f"no standing opinion of {listed(missing)}",
            f"尚缺会办意见：{listed(missing)}",
            facts=(("units", listed(missing)),),
            remedy_en="have them give their opinions",
            remedy_zh="请会办单位提出意见",
            kind="state",
        )


@frozen
class ReturnInTime:
    """A return is asked for within *span* from ``assigned`` or ``accepted`` (receipt by the unit)."""

    span: Span
    anchor: str = field(validator=OneOf("assigned", "accepted"))

    def __call__(self, question: Question[Any]) -> Iterator[Reason]:
        assignment = question.suggestion.assignment_of(question.by.name)
        if assignment is None:
            return
        received_on = assignment.acceptance.on if assignment.acceptance else None
        start = assignment.assigned_on if self.anchor == "assigned" else received_on
        if start is None:
            return
        last = count(start, self.span, question.convention, question.calendar).due_on
        if question.happened_on is None or question.happened_on <= last:
            return
        yield Reason(
            "return_in_time",
            f"a return was to be asked for by {last}, {self.span} from {start}",
            f"申退应于 {last} 前提出（自 {start} 起 {self.span}）",
            facts=(("last", str(last)), ("from", str(start))),
            kind="state",
        )


def _lead_deputy_only(question: Question[Any], rule: str, what_en: str, what_zh: str) -> Iterator[Reason]:
    lead, by = question.suggestion.deputy, question.by
    who = getattr(question.act, "rater", None) or by.name
    is_unsaid = question.act is None and by.role != "deputy"  # an office that enters it says for whom
    if lead is None or who == lead or is_unsaid:
        return
    yield Reason(
        rule,
        f"the lead deputy {what_en}, and that is {lead}",
        f"应由领衔代表{what_zh}：{lead}",
        facts=(("deputy", who), ("lead_deputy", lead)),
        kind="who",
    )


@frozen
class LeadDeputyRates:
    """Of those who made a joint suggestion, the lead deputy rates."""

    def __call__(self, question: Question[Any]) -> Iterator[Reason]:
        yield from _lead_deputy_only(question, "lead_deputy_rates", "rates it", "评价")


@frozen
class LeadDeputyWithdraws:
    """Of those who made a joint suggestion, the lead deputy withdraws it."""

    def __call__(self, question: Question[Any]) -> Iterator[Reason]:
        yield from _lead_deputy_only(question, "lead_deputy_withdraws", "withdraws it", "撤回")


@frozen
class WithdrawalIsUnanimous:
    """A joint suggestion is withdrawn only when everyone who made it wants that."""

    def __call__(self, question: Question[Any]) -> Iterator[Reason]:
        agreed = {question.by.name, *getattr(question.act, "agreed_by", ())}
        missing = [name for name in question.suggestion.deputies if name not in agreed]
        if question.act is None or not missing:
            return
        yield Reason(
            "withdrawal_is_unanimous",
            f"not yet agreed: {listed(missing)}",
            f"尚未同意撤回：{listed(missing)}",
            facts=(("missing", listed(missing)),),
            kind="value",
        )


@frozen
class DeputyIsDissatisfied:
    """Only a reply that was rated dissatisfied is asked for again."""

    def __call__(self, question: Question[Any]) -> Iterator[Reason]:
        named = question.act.units(question.provenance) if question.act is not None else ()
        replied = [unit for unit in named if question.suggestion.reply_of(unit) is not None]
        content = [unit for unit in dict.fromkeys(replied) if not _is_dissatisfying(question.suggestion, unit)]
        if not content:
            return
        yield Reason(
            "deputy_is_dissatisfied",
            f"no deputy is dissatisfied with the reply of {listed(content)}",
            f"没有代表对{listed_zh(content)}的答复表示不满意",
            facts=(("units", listed(content)),),
            kind="state",
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

    def __call__(self, question: Question[Any]) -> Iterator[Reason]:
        done = question.suggestion.round - 1
        if done < self.limit:
            return
        yield Reason(
            "rounds_are_left",
            f"it was handled again {done} time(s), {self.limit} at most",
            f"已重新办理 {done} 次，最多 {self.limit} 次",
            facts=(("done", str(done)), ("limit", str(self.limit))),
            remedy_en=self.then_en,
            remedy_zh=self.then_zh,
            kind="state",
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
