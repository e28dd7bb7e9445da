"""Random lives: mostly what somebody could do next, sometimes what nobody may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from hypothesis import strategies as st

from handleflow import (
    Accept,
    Act,
    Actor,
    AnswerAssignmentObjection,
    AnswerSupervision,
    ApproveDraft,
    Asked,
    Assign,
    Classify,
    Close,
    Correct,
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
    Promise,
    RateCommitment,
    Reassign,
    Receive,
    RecordContact,
    RecordNoResponse,
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
    Rulebook,
    Suggestion,
    Supervise,
    Suspend,
    TakeOver,
    Withdraw,
)
from handleflow.core import decide, open_acts
from handleflow.core.evolve import replay_onto
from tests.story import DEPUTY, GOVERNMENT, LEADER, OFFICE, ROADS, SCHOOLS, SECOND, WATER, instant

FIRST_DAY = date(2026, 2, 9)
EVERYBODY = [WATER, ROADS, SCHOOLS, OFFICE, GOVERNMENT, DEPUTY, SECOND, LEADER]
Life = list[tuple[date, Actor, Act]]
Making = Callable[[Suggestion, date], st.SearchStrategy[Act]]

_UNITS = [WATER.name, ROADS.name, SCHOOLS.name]
_ANY_UNIT = st.sampled_from(_UNITS)
_NAMES = st.lists(_ANY_UNIT, max_size=2, unique=True).map(tuple)
_GRADES = st.sampled_from(["satisfied", "basically_satisfied", "dissatisfied"])
_CODES = st.sampled_from(["A", "B", "C", "D"])
_SMALL = st.integers(1, 3)


def _its_unit(suggestion: Suggestion, day: date) -> st.SearchStrategy[str]:
    return st.sampled_from(list(suggestion.units) or _UNITS)


def _with_unit(act: Callable[..., Act], *rest: object) -> Making:
    return lambda suggestion, day: st.builds(act, _its_unit(suggestion, day), *(st.just(each) for each in rest))


def _just(act: Act) -> Making:
    return lambda suggestion, day: st.just(act)


def _promises(day: date) -> st.SearchStrategy[tuple[Promise, ...]]:
    return st.sampled_from([(), (), (Promise("pipes", day + timedelta(days=90)),), (Promise("no day"),)])


def _notice(day: date) -> st.SearchStrategy[date | None]:
    return st.sampled_from([None, None, day + timedelta(days=60), day + timedelta(days=200)])


def _entries(suggestion: Suggestion) -> st.SearchStrategy[int]:
    return st.integers(1, max(1, suggestion.version))


_FIELDS = st.sampled_from(["title", "text", "on", "assigned_on", "reason", "received_on", "deputy"])

MAKING: dict[type[Act], Making] = {
    Assign: lambda s, d: st.builds(Assign, _NAMES, _NAMES, notice_on=_notice(d), is_long_track=st.booleans()),
    Distribute: lambda s, d: st.builds(Distribute, _NAMES, _NAMES, instead_of=st.none() | _its_unit(s, d)),
    Reassign: lambda s, d: st.builds(
        Reassign, _NAMES, _NAMES, instead_of=st.none() | _its_unit(s, d), reason=st.just("better")
    ),
    Accept: _just(Accept()),
    RequestReturn: _just(RequestReturn("not ours")),
    GrantReturn: _with_unit(GrantReturn),
    RefuseReturn: _with_unit(RefuseReturn, "yours"),
    RecordContact: lambda s, d: st.builds(RecordContact, st.sampled_from(["before", "during", "after"])),
    Reply: lambda s, d: st.builds(Reply, _CODES, st.just("done"), _promises(d)),
    Regrade: lambda s, d: st.builds(Regrade, _its_unit(s, d), _CODES, st.just("wrong class")),
    Evaluate: lambda s, d: st.builds(Evaluate, _its_unit(s, d), _GRADES, reason=st.just("said so")),
    RecordNoResponse: lambda s, d: st.builds(RecordNoResponse, _its_unit(s, d), st.just((str(d),))),
    Rehandle: lambda s, d: st.builds(Rehandle, _its_unit(s, d).map(lambda unit: (unit,)), st.just("again")),
    Classify: lambda s, d: st.builds(Classify, st.just("roads"), st.none() | st.booleans()),
    Decline: _just(Decline("no matter")),
    Close: _just(Close()),
    Withdraw: _just(Withdraw("solved")),
    Plan: _just(Plan("a plan", ("a measure",))),
    ReportMeasure: _just(ReportMeasure("a measure")),
    GiveOpinion: _just(GiveOpinion("agreed")),
    RejectOpinion: _with_unit(RejectOpinion, "empty"),
    ObjectToAssignment: _just(ObjectToAssignment("wrong")),
    AnswerAssignmentObjection: _just(AnswerAssignmentObjection("right")),
    RequestExtension: lambda s, d: st.just(RequestExtension(d + timedelta(days=120), "hard")),
    GrantExtension: _with_unit(GrantExtension),
    RefuseExtension: _with_unit(RefuseExtension, "no"),
    DeclareExtension: lambda s, d: st.just(DeclareExtension(d + timedelta(days=120), "hard")),
    Suspend: _just(Suspend("flood")),
    Resume: _just(Resume("dry")),
    DraftReply: lambda s, d: st.builds(DraftReply, _CODES, st.just("draft")),
    ApproveDraft: _with_unit(ApproveDraft),
    ReturnDraft: _with_unit(ReturnDraft, "again"),
    ReportCommitment: lambda s, d: st.builds(ReportCommitment, _SMALL, st.just("half")),
    FulfilCommitment: lambda s, d: st.builds(FulfilCommitment, _SMALL, st.just("done")),
    RateCommitment: lambda s, d: st.builds(RateCommitment, _SMALL, _GRADES, st.just("why")),
    Supervise: lambda s, d: st.builds(
        Supervise, _its_unit(s, d), st.sampled_from(["phone", "on_site"]), st.just("x"), st.none() | st.just(d)
    ),
    AnswerSupervision: lambda s, d: st.builds(AnswerSupervision, _SMALL, st.just("on it")),
    RejectAnswer: lambda s, d: st.builds(RejectAnswer, _SMALL, st.just("empty"), st.just(d + timedelta(days=7))),
    MarkProgress: lambda s, d: st.builds(MarkProgress, _its_unit(s, d), st.sampled_from(["green", "yellow", "red"])),
    Correct: lambda s, d: st.builds(Correct, _entries(s), _FIELDS, st.just(str(d)), st.just("typing error")),
}
"""How an act is made up on a day, given the picture, so that it is often granted."""

_DRIVING = (Assign, Accept, RecordContact, Reply, Evaluate, Rehandle, FulfilCommitment)
_ENDING = (Decline, Withdraw)


@st.composite
def beginnings(draw: st.DrawFn) -> Act:
    """How a life begins: received, or taken over in mid-life."""
    maybe = st.none() | st.just(str(FIRST_DAY))
    received = st.just(Receive("Pipes", "Deputy A", ("Deputy B",), phone="placeholder number"))
    taken = st.builds(TakeOver, st.just("Pipes"), leads=_NAMES, assigned_on=maybe, replied_on=maybe)
    return draw(st.one_of(received, received, received, taken))


def _open(rules: Rulebook, suggestion: Suggestion) -> list[tuple[Actor, type[Act]]]:
    """Who could do what next; what drives a life on more often than what ends it."""
    found = []
    for by in EVERYBODY:
        for act in open_acts(rules, suggestion, by):
            if act in MAKING:
                found.extend([(by, act)] * (12 if act in _DRIVING else 1 if act in _ENDING else 2))
    return found


@st.composite
def lives(draw: st.DrawFn, rules: Rulebook, most: int = 30) -> Life:
    """A life under *rules*: who asks for what on which day, in order; some of it will be refused."""
    day, suggestion, life = FIRST_DAY, Suggestion("1"), [(FIRST_DAY, OFFICE, draw(beginnings()))]
    suggestion = _after(rules, suggestion, *life[0])
    for _ in range(draw(st.integers(most // 2, most))):
        day += timedelta(days=draw(st.sampled_from([0, 0, 0, 1, 3, 30])))
        possible = _open(rules, suggestion)
        by, kind = draw(st.sampled_from(possible)) if possible else (OFFICE, Close)
        if draw(st.integers(0, 9)) == 0:
            by = draw(st.sampled_from(EVERYBODY))
        act = draw(MAKING[kind](suggestion, day))
        life.append((day, by, act))
        if suggestion.is_final:
            break  # one more act after the end is enough
        suggestion = _after(rules, suggestion, day, by, act)
    return life


def _after(rules: Rulebook, suggestion: Suggestion, day: date, by: Actor, act: Act) -> Suggestion:
    at = instant(str(day))
    decided = decide(rules, suggestion, act, Asked(by, at, rules.calendar.day_of(at)))
    return replay_onto(suggestion, decided) if isinstance(decided, tuple) else suggestion
