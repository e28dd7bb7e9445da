"""Supervision commands: who is urged, what did they answer, and how does their work stand? (督办)"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import Attribute, field

from handleflow.acts._common_checks import AboutAUnit, is_its_unit, no_earlier
from handleflow.errors import Reason
from handleflow.legal_time import Day, day
from handleflow.model import Act, Bearing, FiringKey, Provenance, Question, Suggestion, reads_the_act
from handleflow.model.changing import changed
from handleflow.model.fields import day_or_none, maybe_named, names, not_blank, not_blank_or_none, party_or_none
from handleflow.model.supervision import ProgressMark, Supervision
from handleflow.values import frozen


def _begun(suggestion: Suggestion, supervision: Supervision) -> Suggestion:
    return changed(suggestion, supervisions=(*suggestion.supervisions, supervision))


def _changed(suggestion: Suggestion, number: int, **change: Any) -> Suggestion:
    supervisions = tuple(
        changed(each, **change) if each.number == number else each for each in suggestion.supervisions
    )
    return changed(suggestion, supervisions=supervisions)


@reads_the_act
def _urges_one_of_its_units(act: Supervise, question: Question[Supervise]) -> Iterable[Reason]:
    return is_its_unit(question, act.unit) if question.suggestion.units else ()


@reads_the_act
def _only_the_clock_speaks_a_rung(act: Supervise, question: Question[Supervise]) -> Iterator[Reason]:
    if act.firing_key is not None and question.by.role != "clock":
        yield Reason("rung_is_the_clocks", kind="who")


@reads_the_act
def _answer_day_has_not_passed(act: Supervise | RejectAnswer, question: Question[Any]) -> Iterator[Reason]:
    return no_earlier(act.answer_by, question.provenance.on, "asked_for")


def _words_or_a_rung(instance: Supervise, attribute: Attribute[Any], value: str | None) -> None:
    """An attrs validator: a person urges in their own words; a rung has none, the rulebook has them."""
    if value is not None or instance.firing_key is None:
        not_blank(instance, attribute, value)


@frozen
class Supervise(AboutAUnit):
    """
    A person or the clock urges a unit, by a channel, and may ask for an answer by a day (督办).

    A person says it in their own words, *text*. The clock's has none: it carries the *firing_key* of the rung that
    speaks, *meant_on*, the day it should have, and the day it speaks *about*; the rulebook has the words.
    *issuer* is the role in whose name it goes out, *to* whom it is addressed beside the unit,
    *attachments* are references to documents kept elsewhere. *override_reason* is the reason why a person urges
    though somebody has lately.
    """

    verb = "supervise"
    kind = "supervised"
    checks = (_urges_one_of_its_units, _only_the_clock_speaks_a_rung, _answer_day_has_not_passed)
    channel: str = field(validator=not_blank)
    text: str | None = field(default=None, validator=_words_or_a_rung)
    answer_by: Day | None = field(default=None, converter=day_or_none)
    firing_key: FiringKey | None = None
    meant_on: Day | None = field(default=None, converter=day_or_none)
    issuer: str | None = field(default=None, validator=maybe_named)
    to: str | None = field(default=None, converter=party_or_none, validator=maybe_named)
    attachments: tuple[str, ...] = field(default=(), converter=names)
    override_reason: str | None = field(default=None, validator=not_blank_or_none)
    about: Day | None = field(default=None, converter=day_or_none)

    @property
    def rung(self) -> str | None:
        """The rung that speaks, by its id; None where a person does."""
        return self.firing_key.rung if self.firing_key else None

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        supervision = Supervision(
            len(suggestion.supervisions) + 1,
            suggestion.next_entry,
            provenance.by,
            self.unit,
            self.channel,
            self.happened_on(provenance),
            self.text,
            self.answer_by,
            self.rung,
            self.meant_on,
            issuer=self.issuer,
            to=self.to,
            attachments=self.attachments,
            override_reason=self.override_reason,
            about=self.about,
            rulebook=suggestion.rulebook,
        )
        firing_keys = (*suggestion.firing_keys, self.firing_key) if self.firing_key else suggestion.firing_keys
        return _begun(changed(suggestion, firing_keys=firing_keys), supervision)

    def bearing(self, suggestion: Suggestion, provenance: Provenance) -> Bearing:
        return Bearing(ref=len(suggestion.supervisions), due_on=self.answer_by)


def _unit_has_an_answer_to_give(question: Question[Any]) -> Iterator[Reason]:
    name = question.by.party
    if not any(s.unit == name and s.answered_on is None for s in question.suggestion.supervisions):
        yield Reason("no_supervision_open", {"unit": name})


@reads_the_act
def _its_supervision_waits(act: AnswerSupervision, question: Question[AnswerSupervision]) -> Iterator[Reason]:
    found, happened = question.suggestion.supervision(act.supervision), act.happened_on(question.provenance)
    if found is None:
        there = tuple(s.number for s in question.suggestion.supervisions)
        yield Reason("no_such_supervision", {"named": act.supervision, "there": there}, "value")
    elif found.unit != question.by.party:
        yield Reason("not_its_unit", {"unit": question.by.party, "units": (found.unit,)}, "who")
    elif found.answered_on is not None:
        yield Reason("already_answered", {"supervision": found.number, "on": found.answered_on}, "race")
    else:
        yield from no_earlier(happened, found.on, "supervised")


@frozen
class AnswerSupervision(Act):
    """The unit answers a supervision, named by its number."""

    verb = "answer_supervision"
    kind = "supervision_answered"
    checks = (_unit_has_an_answer_to_give, _its_supervision_waits)
    supervision: int
    text: str = field(validator=not_blank)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        return _changed(suggestion, self.supervision, answer=self.text, answered_on=self.happened_on(provenance))

    def bearing(self, suggestion: Suggestion, provenance: Provenance) -> Bearing:
        return Bearing(ref=self.supervision)


def _an_answer_can_be_sent_back(question: Question[Any]) -> Iterator[Reason]:
    supervisions = question.suggestion.supervisions
    if not any(s.answered_on is not None and s.rejected is None and s.follows is None for s in supervisions):
        yield Reason("no_answer_to_judge")


@reads_the_act
def _its_answer_can_be_sent_back(act: RejectAnswer, question: Question[RejectAnswer]) -> Iterator[Reason]:
    suggestion, found = question.suggestion, question.suggestion.supervision(act.supervision)
    if found is None or found.answered_on is None:
        answered = tuple(s.number for s in suggestion.supervisions if s.answered_on is not None)
        yield Reason("no_such_answered_supervision", {"named": act.supervision, "there": answered}, "value")
    elif found.rejected is not None or found.follows is not None:
        yield Reason("rejected_once", {"supervision": found.number})
    else:
        yield from is_its_unit(question, found.unit)


@frozen
class RejectAnswer(Act):
    """
    The answer to a supervision is not enough; a better one is wanted by a new day, once.

    It urges the same unit by the same channel anew, as a supervision that follows the first.
    """

    verb = "reject_answer"
    kind = "answer_rejected"
    counts_as = (Supervise.kind,)
    checks = (_an_answer_can_be_sent_back, _its_answer_can_be_sent_back, _answer_day_has_not_passed)
    supervision: int
    reason: str = field(validator=not_blank)
    answer_by: Day = field(converter=day)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        first = suggestion.supervisions[self.supervision - 1]
        again = Supervision(
            len(suggestion.supervisions) + 1,
            suggestion.next_entry,
            provenance.by,
            first.unit,
            first.channel,
            self.happened_on(provenance),
            self.reason,
            self.answer_by,
            follows=first.number,
            rulebook=suggestion.rulebook,
        )
        return _begun(_changed(suggestion, first.number, rejected=self.reason), again)

    def bearing(self, suggestion: Suggestion, provenance: Provenance) -> Bearing:
        again = suggestion.supervisions[-1]
        return Bearing(units=(again.unit,), ref=again.number, due_on=self.answer_by)


@reads_the_act
def _marks_one_of_its_units(act: MarkProgress, question: Question[MarkProgress]) -> Iterator[Reason]:
    return is_its_unit(question, act.unit)


@frozen
class MarkProgress(AboutAUnit):
    """An office or a leader says by a colour how a unit's work stands (亮灯); the newest colour holds."""

    verb = "mark_progress"
    kind = "progress_marked"
    checks = (_marks_one_of_its_units,)
    colour: str = field(validator=not_blank)
    reason: str | None = field(default=None, validator=not_blank_or_none)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        mark = ProgressMark(
            suggestion.next_entry, provenance.by, self.unit, self.colour, self.happened_on(provenance), self.reason
        )
        return changed(suggestion, progress_marks=(*suggestion.progress_marks, mark))
