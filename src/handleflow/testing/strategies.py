"""
Property-based strategies: what might happen? Random but plausible lives under any rulebook, for properties a host
wants to hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
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
    Succeed,
    Supervise,
    Suspend,
    TakeOver,
    Withdraw,
)
from handleflow.acts.succeeding import HOW
from handleflow.core import replay
from handleflow.legal_time import day
from handleflow.model import ROLES, Act, Actor, RightTime, Suggestion
from handleflow.model.nouns import Promise
from handleflow.rules import Rulebook
from handleflow.testing.monitors import Monitor, watch
from handleflow.testing.scenario import Scenario, given

FIRST_DAY = date(2026, 2, 9)
UNITS = ("Water Bureau", "Roads Bureau", "Schools Bureau")
DEPUTIES = ("Deputy A", "Deputy B")
Making = Callable[[Rulebook, Suggestion, date], st.SearchStrategy[Act]]
Life = list[tuple[date, Actor, Act]]

_ANY_UNIT = st.sampled_from(UNITS)
_NAMES = st.lists(_ANY_UNIT, max_size=2, unique=True).map(tuple)
_GRADES = st.sampled_from(["satisfied", "basically_satisfied", "dissatisfied"])
_SMALL = st.integers(1, 3)


def everybody(rules: Rulebook) -> list[Actor]:
    """Who may act under *rules*: three units, two deputies, and one of every other role but the clock."""
    roles = {role for transition in rules.lifecycle.transitions for role in transition.roles} | set(ROLES)
    others = [Actor(role, role.replace("_", " ")) for role in sorted(roles - {"unit", "deputy", "clock"})]
    units = [Actor("unit", name) for name in UNITS]
    return [*units, *others, *(Actor("deputy", name) for name in DEPUTIES)]


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
    Assign: lambda r, s, d: st.builds(Assign, _NAMES, _NAMES, notice_on=_notice(d), is_long_track=st.booleans()),
    Distribute: lambda r, s, d: st.builds(Distribute, _NAMES, _NAMES, instead_of=st.none() | _its_unit(s)),
    Reassign: lambda r, s, d: st.builds(
        Reassign, _NAMES, _NAMES, instead_of=st.none() | _its_unit(s), reason=st.just("better")
    ),
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
    RequestExtension: lambda r, s, d: st.just(RequestExtension(d + timedelta(days=120), "hard")),
    GrantExtension: _with_unit(GrantExtension),
    RefuseExtension: _with_unit(RefuseExtension, "no"),
    DeclareExtension: lambda r, s, d: st.just(DeclareExtension(d + timedelta(days=120), "hard")),
    Suspend: _just(Suspend("flood")),
    Resume: _just(Resume("dry")),
    DraftReply: lambda r, s, d: st.builds(DraftReply, _codes(r), st.just("draft")),
    ApproveDraft: _with_unit(ApproveDraft),
    ReturnDraft: _with_unit(ReturnDraft, "again"),
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

_DRIVING = (Assign, Accept, RecordContact, Reply, Evaluate, Rehandle, FulfilCommitment)
_ENDING = (Decline, Withdraw)


def beginnings() -> st.SearchStrategy[Act]:
    """How a life begins: received, or now and then taken over in mid-life."""
    maybe = st.none() | st.just(str(FIRST_DAY))
    received = st.just(Receive("Pipes", "Deputy A", ("Deputy B",), phone="placeholder number"))
    taken = st.builds(TakeOver, st.just("Pipes"), leads=_NAMES, assigned_on=maybe, replied_on=maybe)
    return st.one_of(received, received, received, taken)


def next_acts(story: Scenario, on: date, own: Mapping[type[Act], Making] = MAKING) -> list[tuple[Actor, type[Act]]]:
    """Who could do what next, on the day *on*; what drives a life on more often than what ends it."""
    found = []
    for by in everybody(story.rules):
        for act in story.open_acts(by=by, on=on):
            if act in own:
                found.extend([(by, act)] * (12 if act in _DRIVING else 1 if act in _ENDING else 2))
    return found


def _begun(rules: Rulebook, draw: st.DrawFn) -> tuple[Actor, Act]:
    act = draw(beginnings())
    transitions = [transition for transition in rules.lifecycle.leaving("") if transition.act is type(act)] or [
        transition for transition in rules.lifecycle.leaving("") if transition.act is Receive
    ]
    if transitions[0].act is not type(act):
        act = Receive("Pipes", "Deputy A", phone="placeholder number")
    role = transitions[0].roles[0]
    return Actor(role, role.replace("_", " ")), act


@st.composite
def lives(draw: st.DrawFn, rules: Rulebook, most: int = 30, own: Mapping[type[Act], Making] | None = None) -> Life:
    """
    A life under *rules*: who asks for what on which day, in order; some of it will be refused.

    *own* says how a host's own acts are made up: a strategy for each, given the rulebook, the suggestion and the day.
    """
    making = {**MAKING, **(own or {})}
    on, story, life = FIRST_DAY, given(rules), Life()
    by, act = _begun(rules, draw)
    for _ in range(draw(st.integers(most // 2, most))):
        life.append((on, by, act))
        if rules.is_over(story.suggestion):
            break  # one more act after the end is enough
        story = story.when(act, by=by, on=on).and_then()
        on += timedelta(days=draw(st.sampled_from([0, 0, 0, 1, 3, 30])))
        possible = next_acts(story, on, making)
        by, kind = draw(st.sampled_from(possible)) if possible else (by, type(act))
        if draw(st.integers(0, 9)) == 0:
            by = draw(st.sampled_from(everybody(rules)))
        act = draw(making[kind](rules, story.suggestion, on)) if kind in making else act
    return life


class RulebookMachine(RuleBasedStateMachine):
    """Plays random lives under one rulebook; made by ``rulebook_machine``."""

    rulebook: Rulebook
    monitors: tuple[Monitor, ...] = ()
    making: Mapping[type[Act], Making] = MAKING
    story: Scenario
    on: date

    @initialize(data=st.data())
    def begin(self, data: Any) -> None:
        self.on, self.story = FIRST_DAY, given(self.rulebook)
        by, act = _begun(self.rulebook, data.draw)
        self.story = self.story.and_(act, by=by, on=self.on)

    @rule(data=st.data())
    def somebody_acts(self, data: Any) -> None:
        possible = next_acts(self.story, self.on, self.making)
        if possible:
            by, kind = data.draw(st.sampled_from(possible))
            act = data.draw(self.making[kind](self.rulebook, self.story.suggestion, self.on))
            self.story = self.story.when(act, by=by, on=self.on).and_then()

    @rule(days=st.sampled_from([1, 3, 30, 90]))
    def days_pass_and_the_clock_speaks(self, days: int) -> None:
        self.on += timedelta(days=days)
        self.story = self.story.and_the_clock_reads(self.on)
        again = self.story.when_the_clock_reads(self.on).entries
        if again:
            raise AssertionError(f"the clock says it twice: {again}")

    @invariant()
    def the_suggestion_is_the_replayed_history(self) -> None:
        if replay(self.story.suggestion.id, self.story.history) != self.story.suggestion:
            raise AssertionError("the suggestion is not what the history says")

    @invariant()
    def no_monitor_is_broken(self) -> None:
        broken = watch(self.story, *self.monitors)
        if broken:
            raise AssertionError("; ".join(map(str, broken)))

    @invariant()
    def somebody_can_go_on_until_the_end(self) -> None:
        state = self.story.state
        is_over = self.rulebook.is_over(self.story.suggestion)
        if not is_over and not any(self.story.open_acts(by=by, on=self.on) for by in everybody(self.rulebook)):
            raise AssertionError(f"nobody can do anything any more in {state!r}")


def rulebook_machine(
    rules: Rulebook, *monitors: Monitor, own: Mapping[type[Act], Making] | None = None
) -> type[RulebookMachine]:
    """
    A machine that plays random lives under *rules* for Hypothesis: people act, the clock speaks, days pass.

    It holds that the suggestion is the replayed history, that sweeping twice says nothing twice, that nobody is stuck
    before the end, and every monitor. ``TestCity = rulebook_machine(RULES).TestCase`` runs it. *own* says how a
    host's own acts are made up, as for ``lives``.
    """
    making = {**MAKING, **(own or {})}
    return type("RulebookMachine", (RulebookMachine,), {"rulebook": rules, "monitors": monitors, "making": making})
