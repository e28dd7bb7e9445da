"""Guard conditions: what does the law ask before an act may be? Guards a rulebook names, each with its citation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from attrs import Factory, field

from handleflow.choices import OneOf
from handleflow.errors import Reason
from handleflow.legal_time import Span, count
from handleflow.model import Act, Question, Suggestion
from handleflow.model.changing import changed
from handleflow.rules.citation import CITE, Citation
from handleflow.rules.term_rules import SESSIONS, holds_in_session
from handleflow.values import frozen
from handleflow.words import Bilingual
from handleflow.words.nearest import likely


class Guard(Protocol):
    """A check that a rulebook names. Its fields are what a file may set."""

    def __call__(self, question: Question[Any], /) -> Iterable[Reason]:
        """The reasons to refuse; none when all is well."""


@frozen
class GuardRule:
    """
    A guard under its *name* on disk, the acts it is asked of, and the ground it stands on.

    *id* tells two guards of one name apart; it is the name where nobody gives one. It is a check itself: each of its
    reasons that cites nothing cites the rule's ground.
    """

    name: str = field(metadata={"key": "ask"})
    acts: tuple[type[Act], ...] = field(metadata={"key": "of"})
    guard: Guard = field(metadata={"key": "settings"})
    citation: Citation = field(metadata=CITE)
    id: str = field(default=Factory(lambda rule: rule.name, takes_self=True))

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
        others = Bilingual(self.others_en, self.others_zh)
        yield Reason("matter_is_accepted", {"matter": matter, "others": others}, "value")


@frozen
class UnitsAreKnown:
    """Only units of the place's register are named."""

    units: tuple[str, ...]

    def __call__(self, question: Question[Any]) -> Iterator[Reason]:
        named = question.act.units(question.provenance) if question.act is not None else ()
        strangers = tuple(unit for unit in named if unit not in self.units)
        if not strangers:
            return
        yield Reason("units_are_known", {"units": strangers, "known": likely(strangers[0], self.units)}, "value")


@frozen
class DeputyWasHeard:
    """No reply before the deputy was heard in this round, by the unit that replies."""

    def __call__(self, question: Question[Any]) -> Iterator[Reason]:
        suggestion, unit = question.suggestion, question.by.party
        assignment = suggestion.assignment_of(unit)
        current, since = (assignment.round, assignment.entry) if assignment else (suggestion.round, 0)
        heard = (c for c in suggestion.contacts if c.unit == unit and c.round == current and c.entry >= since)
        if any(c.stage != "after" for c in heard):
            return
        yield Reason("deputy_was_heard", {"unit": unit, "round": current})


@frozen
class DraftWasApproved:
    """A reply goes out only after the office has approved its draft."""

    def __call__(self, question: Question[Any]) -> Iterator[Reason]:
        unit = question.by.party
        assignment = question.suggestion.assignment_of(unit)
        drafts = [d for d in question.suggestion.drafts if d.unit == unit]
        current = assignment.round if assignment else question.suggestion.round
        if drafts and drafts[-1].round == current and drafts[-1].verdict == "approved":
            return
        yield Reason("draft_was_approved", {"unit": unit, "round": current})


@frozen
class CoOpinionsAreIn:
    """
    A lead replies after every co unit gave its opinion; a rejected one must be given again.

    For a unit whose own day has passed, that of each of its terms that *yields_after* names, it waits no longer.
    """

    yields_after: tuple[str, ...] = ()

    def __call__(self, question: Question[Any]) -> Iterator[Reason]:
        given = [(o.unit, o.entry) for o in question.suggestion.opinions if o.rejected is None]
        missing = tuple(
            a.unit
            for a in question.suggestion.active("co")
            if not any(unit == a.unit and entry >= a.entry for unit, entry in given)
        )
        if awaited := tuple(unit for unit in missing if not self._had_its_time(question, unit)):
            yield Reason("co_opinions_are_in", {"units": awaited})

    def _had_its_time(self, question: Question[Any], unit: str) -> bool:
        on = question.happened_on or question.provenance.on
        own = [t for t in question.suggestion.terms if t.key.rule in self.yields_after and t.key.unit == unit]
        days = [None if term.is_paused else term.due_on for term in own if term.end != "dropped"]
        return bool(days) and all(day is not None and day < on for day in days)


@frozen
class ReturnInTime:
    """
    A return is asked for within *span* from ``unit_received``, ``assigned`` or ``accepted`` (it has signed).

    *applies_to* says whether it holds for what was made ``in_session`` or ``between_sessions`` alone.
    """

    span: Span
    anchor: str = field(validator=OneOf("unit_received", "assigned", "accepted"))
    applies_to: str = field(default="", validator=OneOf("", *SESSIONS))

    def __call__(self, question: Question[Any]) -> Iterator[Reason]:
        assignment = question.suggestion.assignment_of(question.by.party)
        if assignment is None or not holds_in_session(self.applies_to, question.suggestion):
            return
        signed_on = assignment.acceptance.on if assignment.acceptance else None
        starts = {"unit_received": assignment.received_on, "assigned": assignment.assigned_on, "accepted": signed_on}
        if (start := starts[self.anchor]) is None:
            return
        last = count(start, self.span, question.convention, question.calendar).due_on
        if question.happened_on is None or question.happened_on <= last:
            return
        yield Reason("return_in_time", {"last": last, "within": self.span, "from": start})


def _is_the_leads(question: Question[Any]) -> bool:
    """Whether it is the lead deputy who speaks; where nobody knows who made it, the act's own checks refuse."""
    lead, by = question.suggestion.deputy, question.by
    who = getattr(question.act, "rater", None) or by.party
    is_unsaid = question.act is None and by.role != "deputy"  # an office that enters it says for whom
    return lead is None or who == lead or is_unsaid


@frozen
class LeadDeputyRates:
    """Of those who made a joint suggestion, the lead deputy rates."""

    def __call__(self, question: Question[Any]) -> Iterator[Reason]:
        if not _is_the_leads(question):
            yield Reason("lead_deputy_rates", {"lead_deputy": question.suggestion.deputy}, "who")


@frozen
class LeadDeputyWithdraws:
    """Of those who made a joint suggestion, the lead deputy withdraws it."""

    def __call__(self, question: Question[Any]) -> Iterator[Reason]:
        if not _is_the_leads(question):
            yield Reason("lead_deputy_withdraws", {"lead_deputy": question.suggestion.deputy}, "who")


@frozen
class WithdrawalIsUnanimous:
    """A joint suggestion is withdrawn only when everyone who made it wants that."""

    def __call__(self, question: Question[Any]) -> Iterator[Reason]:
        agreed = {question.by.party, *getattr(question.act, "agreed_by", ())}
        missing = tuple(name for name in question.suggestion.deputies if name not in agreed)
        if question.act is not None and missing:
            yield Reason("withdrawal_is_unanimous", {"missing": missing}, "value")


@frozen
class DeputyIsDissatisfied:
    """Only a reply that was rated dissatisfied is asked for again; roles it is *not_asked_of* need no such rating."""

    not_asked_of: tuple[str, ...] = ()

    def __call__(self, question: Question[Any]) -> Iterator[Reason]:
        if question.by.role in self.not_asked_of:
            return
        named = question.act.units(question.provenance) if question.act is not None else ()
        replied = [unit for unit in named if question.suggestion.reply_of(unit) is not None]
        content = tuple(unit for unit in dict.fromkeys(replied) if not _is_dissatisfying(question.suggestion, unit))
        if content:
            yield Reason("deputy_is_dissatisfied", {"units": content})


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
        if done >= self.limit:
            then = Bilingual(self.then_en, self.then_zh)
            yield Reason("rounds_are_left", {"done": done, "limit": self.limit, "then": then})


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
