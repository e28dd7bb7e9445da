"""Checks and shapes of acts in many rooms: is this its unit, its lead, its deputy, and has it replied?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from attrs import field

from handleflow.errors import OutsideCalendar, Reason, reason_outside
from handleflow.legal_time import Day
from handleflow.model import Act, Check, Provenance, Question, Suggestion, reads_the_act
from handleflow.model.fields import named, party
from handleflow.values import frozen


def unit_has_a_part(question: Question[Any]) -> Iterator[Reason]:
    """Who asks speaks for a unit that handles it."""
    if question.suggestion.assignment_of(question.by.party) is None:
        yield Reason("not_its_unit", {"unit": question.by.party, "units": question.suggestion.units}, "who")


def lead_has_accepted(question: Question[Any]) -> Iterator[Reason]:
    """Who asks speaks for a lead that has signed for it."""
    assignment = question.suggestion.assignment_of(question.by.party)
    if assignment is None or assignment.role != "lead":
        yield Reason("not_a_lead", {"leads": tuple(a.unit for a in question.suggestion.leads)}, "who")
    elif not assignment.is_accepted:
        yield Reason("not_accepted", {"unit": question.by.party})


def unit_has_not_replied(question: Question[Any]) -> Iterator[Reason]:
    """The unit of who asks owes its reply still: one a round."""
    return owes_its_reply(question, question.by.party)


def owes_its_reply(question: Question[Any], unit: str) -> Iterator[Reason]:
    """*unit* has not replied in its round."""
    if reply := question.suggestion.reply_of(unit):
        yield Reason("already_replied", {"unit": unit, "round": reply.round}, "race")


@reads_the_act
def its_reply_is_there(act: Any, question: Question[Any]) -> Iterator[Reason]:
    """The unit that the act names has replied."""
    if question.suggestion.reply_of(act.unit) is None:
        replied = tuple(r.unit for r in question.suggestion.current_replies)
        yield Reason("no_such_reply", {"unit": act.unit, "replied": replied}, "value")


def is_its_unit(question: Question[Any], unit: str) -> Iterator[Reason]:
    """*unit*, which the act names, has a part in it."""
    units = question.suggestion.units
    if unit not in units:
        yield Reason("not_its_unit", {"unit": unit, "units": units}, "value")


@reads_the_act
def unit_was_assigned_by_then(act: Act, question: Question[Act]) -> Iterator[Reason]:
    """On the day it happened the unit of who asks had been assigned, and had received it."""
    assignment = question.suggestion.assignment_of(question.by.party)
    began, happened = assignment.received_on if assignment else None, act.happened_on(question.provenance)
    if began is not None and happened < began:
        yield Reason("before_it_began", {"on": happened, "began": began}, "value")


def days_stay_in_order(before: Suggestion, after: Suggestion) -> Iterator[Reason]:
    """No day lies before the one it follows in *after* that does not in *before*."""
    for what, whose, later, earlier in sorted(after.days_out_of_order() - before.days_out_of_order(), key=str):
        yield Reason("days_out_of_order", {"what": what, "whose": whose, "later": later, "earlier": earlier}, "value")


def deputy_made_it(question: Question[Any]) -> Iterator[Reason]:
    """A deputy who asks made or signed it; where nobody knows who made it, no deputy speaks for it."""
    by, deputies = question.by, question.suggestion.deputies
    if by.role == "deputy" and not deputies:
        yield deputy_unknown(question, by.party)
    elif by.role == "deputy" and by.party not in deputies:
        yield Reason("not_its_deputy", {"deputy": by.party, "deputies": deputies}, "who")


def deputy_unknown(question: Question[Any], deputy: str) -> Reason:
    """Nobody knows who made it, so that nobody knows whether *deputy* did."""
    return Reason("deputy_unknown", {"deputy": deputy, "entry": question.suggestion.entry})


def no_earlier(on: Day | None, earliest: Day | None, when: str) -> Iterator[Reason]:
    """The day *on*, where one is named, is no earlier than what it follows, where that has a day."""
    if on is not None and earliest is not None and on < earliest:
        yield Reason("day_too_early", {"on": on, "earliest": earliest, "when": when}, "value")


@reads_the_act
def no_two_ends(act: Any, question: Question[Any]) -> Iterator[Reason]:
    """What it names an end of ends on a day or after a span, and not both."""
    if act.until is not None and act.within is not None:
        yield Reason("two_ends", {"until": act.until, "within": act.within}, "value")


@reads_the_act
def an_end_is_named(act: Any, question: Question[Any]) -> Iterator[Reason]:
    """It names a day or a span."""
    if act.until is None and act.within is None:
        yield Reason("no_end", kind="value")


def calendar_reaches(on: Day, question: Question[Any]) -> Iterator[Reason]:
    """The day *on* is one that terms can be counted from."""
    try:
        question.calendar.is_working_day(on)
    except OutsideCalendar as outside:
        yield reason_outside(outside)


def has_come(on: Day, question: Question[Any]) -> Iterator[Reason]:
    """The day *on* is not after today."""
    if on > question.provenance.on:
        yield Reason("day_in_future", {"on": on, "today": question.provenance.on}, "value")


def named_once(units: tuple[str, ...]) -> Iterator[Reason]:
    """Each of the *units* that an act names is named once."""
    if doubled := twice(units):
        yield Reason("unit_named_twice", {"units": doubled}, "value")


def twice(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names that stand more than once, each once, in order."""
    if len(set(names)) == len(names):
        return ()
    return tuple(dict.fromkeys(name for name in names if names.count(name) > 1))


def no_own_waits(requests: str, reason: Reason) -> Check:
    """A check: no request of the unit of who asks, among those *requests*, waits for its answer."""

    def check(question: Question[Any]) -> Iterator[Reason]:
        if question.by.party in question.suggestion.waiting(requests):
            yield reason

    return check


def one_waits(requests: str, none: Reason, another: Callable[[str, tuple[str, ...]], Reason]) -> Check:
    """A check: some of those *requests* wait for their answer, that of the unit that the act names among them."""

    def check(question: Question[Any]) -> Iterator[Reason]:
        waiting = question.suggestion.waiting(requests)
        if not waiting:
            yield none
        elif question.act is not None and question.act.unit not in waiting:
            yield another(question.act.unit, waiting)

    return check


@frozen
class AboutAUnit(Act):
    """An act about the *unit* that it names. Not an act by itself."""

    unit: str = field(converter=party, validator=named)

    def units(self, provenance: Provenance) -> tuple[str, ...]:
        return (self.unit,)


@frozen
class Answering(AboutAUnit):
    """Gives the *answer* to what a unit asked for, among those *requests*. Not an act by itself."""

    requests: ClassVar[str]
    answer: ClassVar[str]

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        return suggestion.with_answer(self.unit, self.answer, self.requests)
