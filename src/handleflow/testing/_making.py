"""Generated acts: how is each kind of act made up on a day, so that it is often granted?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from hypothesis import strategies as st
from pendulum import DateTime

from handleflow.acts import (
    Accept,
    AnswerAssignmentObjection,
    AnswerSupervision,
    ApproveDraft,
    Assign,
    Classify,
    Close,
    Correct,
    CorrectTime,
    DeclareExtension,
    Decline,
    Distribute,
    DraftReply,
    Evaluate,
    FulfilCommitment,
    GiveOpinion,
    GrantExtension,
    GrantReturn,
    MarkProgress,
    ObjectToAssignment,
    Plan,
    Publish,
    RateCommitment,
    Reassign,
    RecordContact,
    RecordNoResponse,
    RecordReceipt,
    RefuseExtension,
    RefuseReturn,
    Regrade,
    Rehandle,
    RejectAnswer,
    RejectOpinion,
    Reply,
    ReportCommitment,
    ReportMeasure,
    RequestExtension,
    RequestReturn,
    Resume,
    ReturnDraft,
    Succeed,
    Supervise,
    Suspend,
    Withdraw,
)
from handleflow.acts.succeeding import HOW
from handleflow.legal_time import Span, day
from handleflow.model import Act, RightTime, Suggestion
from handleflow.model.nouns import Promise
from handleflow.rules import Rulebook

UNITS = ("Water Bureau", "Roads Bureau", "Schools Bureau")
Making = Callable[[Rulebook, Suggestion, date], st.SearchStrategy[Act]]
_ANY_UNIT = st.sampled_from(UNITS)
NAMES = st.lists(_ANY_UNIT, max_size=2, unique=True).map(tuple)
_GRADES = st.sampled_from(["satisfied", "basically_satisfied", "dissatisfied"])
_SMALL = st.integers(1, 3)


def _its_unit(suggestion: Suggestion) -> st.SearchStrategy[str]:
    return st.sampled_from(list(suggestion.units) or list(UNITS))


def _with_unit(act: Callable[..., Act], *rest: object) -> Making:
    return lambda rules, suggestion, on: st.builds(act, _its_unit(suggestion), *(st.just(each) for each in rest))


def _just(act: Act) -> Making:
    return lambda rules, suggestion, on: st.just(act)


def _promises(on: date) -> st.SearchStrategy[tuple[Promise, ...]]:
    return st.sampled_from([(), (), (Promise("pipes", on + timedelta(days=90)),), (Promise("no day"),)])


def _notice(on: date) -> st.SearchStrategy[date | None]:
    return st.sampled_from([None, None, on + timedelta(days=60), on + timedelta(days=200)])


def _longer(act: Callable[[date | None, str, Span | None], Act]) -> Making:
    """An act that asks for longer time, until a day or by a span."""
    return lambda rules, suggestion, on: st.sampled_from(
        [act(on + timedelta(days=120), "hard", None), act(None, "hard", Span(2, "month"))]
    )


def _entries(suggestion: Suggestion) -> st.SearchStrategy[int]:
    return st.integers(1, max(1, suggestion.version))


def _right_times(rules: Rulebook, suggestion: Suggestion, on: date) -> st.SearchStrategy[tuple[RightTime, ...]]:
    at = DateTime(on.year, on.month, on.day, 9, tzinfo=rules.calendar.zone)
    return _entries(suggestion).map(lambda entry: (RightTime(entry, at, day(on)),))


def _codes(rules: Rulebook) -> st.SearchStrategy[str]:
    return st.sampled_from([outcome.code for outcome in rules.outcomes] or ["A"])


def _colours(rules: Rulebook) -> st.SearchStrategy[str]:
    return st.sampled_from([light.colour for light in rules.lights] or ["red"])


def _channels(rules: Rulebook) -> st.SearchStrategy[str]:
    return st.sampled_from(rules.channels)


_FIELDS = st.sampled_from(["title", "text", "on", "assigned_on", "reason", "received_on", "deputy"])

MAKING: Mapping[type[Act], Making] = {
    Assign: lambda r, s, d: st.builds(Assign, NAMES, NAMES, notice_on=_notice(d), is_long_track=st.booleans()),
    Distribute: lambda r, s, d: st.builds(Distribute, NAMES, NAMES, instead_of=st.none() | _its_unit(s)),
    Reassign: lambda r, s, d: st.builds(
        Reassign, NAMES, NAMES, instead_of=st.none() | _its_unit(s), reason=st.just("better")
    ),
    RecordReceipt: lambda r, s, d: st.builds(RecordReceipt, _its_unit(s), st.just(day(d)), st.just("it was down")),
    Accept: _just(Accept()),
    RequestReturn: _just(RequestReturn("not ours")),
    GrantReturn: _with_unit(GrantReturn),
    RefuseReturn: _with_unit(RefuseReturn, "yours"),
    RecordContact: lambda r, s, d: st.builds(RecordContact, st.sampled_from(["before", "during", "after"])),
    Reply: lambda r, s, d: st.builds(Reply, _codes(r), st.just("done"), _promises(d)),
    Regrade: lambda r, s, d: st.builds(Regrade, _its_unit(s), _codes(r), st.just("wrong class")),
    Evaluate: lambda r, s, d: st.builds(Evaluate, _its_unit(s), _GRADES, reason=st.just("said so")),
    RecordNoResponse: lambda r, s, d: st.builds(RecordNoResponse, _its_unit(s), st.just((str(d),))),
    Rehandle: lambda r, s, d: st.builds(Rehandle, _its_unit(s).map(lambda unit: (unit,)), st.just("again")),
    Classify: lambda r, s, d: st.builds(Classify, st.just("roads"), st.none() | st.booleans()),
    Decline: _just(Decline("no matter")),
    Close: _just(Close()),
    Withdraw: _just(Withdraw("solved")),
    Plan: _just(Plan("a plan", ("a measure",))),
    ReportMeasure: _just(ReportMeasure("a measure")),
    GiveOpinion: _just(GiveOpinion("agreed")),
    RejectOpinion: _with_unit(RejectOpinion, "empty"),
    ObjectToAssignment: _just(ObjectToAssignment("wrong")),
    AnswerAssignmentObjection: _just(AnswerAssignmentObjection("it stays there")),
    RequestExtension: _longer(lambda until, why, within: RequestExtension(until, why, within=within)),
    GrantExtension: _with_unit(GrantExtension),
    RefuseExtension: _with_unit(RefuseExtension, "no"),
    DeclareExtension: _longer(lambda until, why, within: DeclareExtension(until, why, within=within)),
    Suspend: lambda r, s, d: st.sampled_from([None, 1, 20]).map(
        lambda days: Suspend("flood", within=Span(days, "day") if days else None)
    ),
    Resume: _just(Resume("dry")),
    DraftReply: lambda r, s, d: st.builds(DraftReply, _codes(r), st.just("draft")),
    ApproveDraft: _with_unit(ApproveDraft),
    ReturnDraft: _with_unit(ReturnDraft, "again"),
    Publish: _with_unit(Publish),
    ReportCommitment: lambda r, s, d: st.builds(ReportCommitment, _SMALL, st.just("half")),
    FulfilCommitment: lambda r, s, d: st.builds(FulfilCommitment, _SMALL, st.just("done")),
    RateCommitment: lambda r, s, d: st.builds(RateCommitment, _SMALL, _GRADES, st.just("why")),
    Supervise: lambda r, s, d: st.builds(Supervise, _its_unit(s), _channels(r), st.just("x"), st.none() | st.just(d)),
    AnswerSupervision: lambda r, s, d: st.builds(AnswerSupervision, _SMALL, st.just("on it")),
    RejectAnswer: lambda r, s, d: st.builds(RejectAnswer, _SMALL, st.just("empty"), st.just(d + timedelta(days=7))),
    MarkProgress: lambda r, s, d: st.builds(MarkProgress, _its_unit(s), _colours(r)),
    Succeed: lambda r, s, d: st.builds(Succeed, _its_unit(s), _ANY_UNIT, st.sampled_from(HOW)),
    CorrectTime: lambda r, s, d: st.builds(CorrectTime, _right_times(r, s, d), st.just("a clock stood wrong")),
    Correct: lambda r, s, d: st.builds(Correct, _entries(s), _FIELDS, st.just(str(d)), st.just("typing error")),
}
"""How an act is made up on a day, given the suggestion, so that it is often granted."""
