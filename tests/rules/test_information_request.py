"""Does the shipped rulebook on freedom of information count as its Act does, and stop the clock as it may?"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator

import holidays
import pendulum
import pytest

from handleflow import Act, Actor, Engine, MemoryStore, Term, load_preset
from handleflow.acts import (
    Accept,
    ApproveDraft,
    Assign,
    Close,
    Decline,
    Distribute,
    DraftReply,
    Evaluate,
    GrantExtension,
    GrantReturn,
    MergeWith,
    ObjectToAssignment,
    Plan,
    Reassign,
    Receive,
    RecordNoResponse,
    RefuseReturn,
    Rehandle,
    Reply,
    RequestExtension,
    RequestReturn,
    Resume,
    Suspend,
    TakeOver,
    Withdraw,
)
from handleflow.core import wakes_on
from handleflow.legal_time import Day, day
from handleflow.testing import Scenario, given
from tests.beginnings import LEADER, OFFICE, ROADS, WATER

FOI = load_preset("gb.foi")
GB = FOI.calendar
ENGLAND = holidays.country_holidays("GB", subdiv="ENG", years=range(2024, 2028))
AUTHORITY = Actor("information_office", "Information Office")
REQUESTER = Actor("deputy", "Requester A")


def received(on: str = "2026-01-12") -> Scenario:
    """A request taken in; on 12 January 2026 its twenty working days end on 9 February."""
    return given(FOI).and_(Receive("Water tests", "Requester A"), by=AUTHORITY, on=on)


def handling(on: str = "2026-01-12", *units: str) -> Scenario:
    story = received(on).and_(Assign(units or ("Water Bureau",)), by=AUTHORITY)
    for name in story.suggestion.units:
        story = story.and_(Accept(), by=Actor("unit", name))
    return story


def replied(on: str = "2026-02-09") -> Scenario:
    return handling().and_(Reply("partly", "The rest is exempt."), by=WATER, on=on)


def evaluated() -> Scenario:
    verdict = Evaluate("Water Bureau", "dissatisfied", reason="too little")
    return replied().and_(verdict, by=REQUESTER, on="2026-02-10")


def paused(story: Scenario, *pauses: tuple[str, str]) -> Scenario:
    """The same, its clock stopped and let go on by the authority."""
    for start, end in pauses:
        story = story.and_(Suspend("a fees notice was given"), by=AUTHORITY, on=start)
        story = story.and_(Resume("the fee was paid"), by=AUTHORITY, on=end)
    return story


def answer(story: Scenario) -> Term:
    (term,) = story.suggestion.terms
    return term


def due(story: Scenario) -> str:
    return str(answer(story).due_on)


def days_after(start: str, last: str) -> Iterator[Day]:
    """Every day after *start* up to and with *last*."""
    for ordinal in range(day(start).toordinal() + 1, day(last).toordinal() + 1):
        yield day(datetime.date.fromordinal(ordinal))


def works_in_england(on: Day) -> bool:
    return on.weekday() < 5 and on not in ENGLAND


RECEIPTS = [
    pytest.param("2026-01-12", "2026-02-09", id="four weeks without a holiday"),
    pytest.param("2026-01-09", "2026-02-06", id="received on a Friday"),
    pytest.param("2026-01-10", "2026-02-06", id="received on a Saturday, counted from Monday"),
    pytest.param("2026-01-11", "2026-02-06", id="received on a Sunday, counted from Monday"),
    pytest.param("2026-03-30", "2026-04-29", id="before Easter: Good Friday and Easter Monday rest"),
    pytest.param("2024-03-28", "2024-04-29", id="received the day before Good Friday"),
    pytest.param("2026-04-09", "2026-05-08", id="over the bank holiday of 4 May"),
    pytest.param("2026-04-24", "2026-05-26", id="over both bank holidays of May"),
    pytest.param("2025-12-10", "2026-01-12", id="over Christmas and New Year"),
    pytest.param("2026-11-30", "2026-12-30", id="Boxing Day on a Saturday rests on 28 December"),
    pytest.param("2026-08-31", "2026-09-28", id="received on the August bank holiday"),
]


@pytest.mark.parametrize(("on", "last"), RECEIPTS)
def test_an_answer_is_due_twenty_working_days_after_the_day_of_receipt(on: str, last: str) -> None:
    """FOIA 2000 s. 10(1)."""
    assert due(received(on)) == last


@pytest.mark.parametrize(("on", "last"), RECEIPTS)
def test_an_independent_calendar_counts_twenty_working_days_to_that_day_too(on: str, last: str) -> None:
    works = [each for each in days_after(on, last) if works_in_england(each)]

    assert (len(works), str(works[-1])) == (20, last)
    assert [each for each in days_after(on, last) if GB.is_working_day(each)] == works


def test_the_shipped_calendar_agrees_with_an_independent_one_on_every_day_of_three_years() -> None:
    days = list(days_after("2023-12-31", "2026-12-31"))

    assert len(days) == 1096
    assert [each for each in days if GB.is_working_day(each) != works_in_england(each)] == []


def test_the_shipped_calendar_knows_exactly_the_years_that_were_compared() -> None:
    assert (day("2024-01-01"), day("2026-12-31")) == (GB.known_from, GB.known_through)


def test_an_answer_due_in_a_year_the_calendar_does_not_know_is_provisional() -> None:
    """1 January 2027 counts as a working day until a notice says otherwise."""
    term = answer(received("2026-12-14"))

    assert (str(term.due_on), term.is_provisional) == ("2027-01-13", True)


def test_a_request_is_received_on_the_day_it_is_in_london() -> None:
    """Half past eleven at night in UTC is half past midnight in British Summer Time."""
    engine, late = Engine(MemoryStore(), [FOI]), pendulum.datetime(2026, 6, 1, 23, 30, tz="UTC")
    request = engine.execute("1", Receive("Water tests", "Requester A"), by=AUTHORITY, at=late)

    assert (str(request.received_on), str(request.terms[0].due_on)) == ("2026-06-02", "2026-06-30")


PAUSES = [
    pytest.param("2026-01-12", [("2026-01-20", "2026-01-23")], "2026-02-12", id="three days of one week"),
    pytest.param("2026-01-12", [("2026-01-16", "2026-01-19")], "2026-02-10", id="Friday to Monday takes out one"),
    pytest.param("2026-01-12", [("2026-01-17", "2026-01-18")], "2026-02-09", id="a weekend takes out none"),
    pytest.param("2026-01-12", [("2026-01-20", "2026-01-20")], "2026-02-09", id="an empty pause takes out none"),
    pytest.param("2026-03-30", [("2026-04-02", "2026-04-07")], "2026-04-30", id="over Easter takes out one"),
    pytest.param("2026-04-01", [("2026-04-13", "2026-04-14")], "2026-05-05", id="the day moves over 4 May"),
    pytest.param("2026-01-12", [("2026-01-19", "2026-03-02")], "2026-03-23", id="longer than the term itself"),
    pytest.param(
        "2026-01-12",
        [("2026-01-20", "2026-01-23"), ("2026-02-03", "2026-02-05")],
        "2026-02-16",
        id="three days and two days add up to five",
    ),
    pytest.param(
        "2026-01-12",
        [("2026-01-20", "2026-01-23"), ("2026-01-23", "2026-01-26")],
        "2026-02-13",
        id="a second pause from the day the first ends counts no day twice",
    ),
]


@pytest.mark.parametrize(("on", "pauses", "last"), PAUSES)
def test_a_pause_moves_the_day_by_its_working_days(on: str, pauses: list[tuple[str, str]], last: str) -> None:
    assert due(paused(received(on), *pauses)) == last


@pytest.mark.parametrize(("on", "pauses", "last"), PAUSES)
def test_an_independent_calendar_leaves_twenty_working_days_outside_the_pauses(
    on: str, pauses: list[tuple[str, str]], last: str
) -> None:
    stopped = {each for start, end in pauses for each in days_after(start, end)}
    left = [each for each in days_after(on, last) if works_in_england(each) and each not in stopped]

    assert (len(left), str(left[-1])) == (20, last)


@pytest.mark.parametrize("reached", [received, handling], ids=["before a unit has it", "while a unit answers"])
def test_the_clock_can_be_stopped_wherever_an_answer_is_owed(reached: Callable[[], Scenario]) -> None:
    assert due(paused(reached(), ("2026-01-20", "2026-01-23"))) == "2026-02-12"


def test_the_first_day_told_is_kept_beside_the_moved_one() -> None:
    term = answer(paused(received(), ("2026-01-20", "2026-01-23")))

    assert (str(term.original_on), str(term.due_on)) == ("2026-02-09", "2026-02-12")


@pytest.mark.parametrize("by", [WATER, OFFICE, LEADER, REQUESTER], ids=lambda by: by.role)
def test_nobody_but_the_authoritys_own_office_stops_the_clock(by: Actor) -> None:
    assert handling().when(Suspend("later"), by=by, on="2026-01-20").rules == ("wrong_role",)


def test_nothing_is_missed_while_the_clock_stands() -> None:
    story = (
        handling()
        .and_(Suspend("a fees notice was given"), by=AUTHORITY, on="2026-01-20")
        .and_the_clock_reads("2026-06-30")
    )

    assert (story.last.kinds, wakes_on(FOI, story.suggestion), answer(story).is_breached) == ((), None, False)


def test_a_clock_that_went_on_misses_the_moved_day_and_not_the_first() -> None:
    story = paused(handling(), ("2026-01-20", "2026-01-23"))
    before = story.when_the_clock_reads("2026-02-12").kinds
    after = story.and_the_clock_reads("2026-02-13")

    assert (before, after.last.kinds, str(answer(after).missed_on)) == ((), ("deadline_missed",), "2026-02-12")


@pytest.mark.parametrize(
    ("on", "kinds", "is_late"),
    [
        pytest.param("2026-01-13", [], False, id="the next day"),
        pytest.param("2026-02-09", [], False, id="on the last day"),
        pytest.param("2026-02-10", ["deadline_missed"], True, id="a day after"),
    ],
)
def test_an_answer_is_late_only_after_the_last_day(on: str, kinds: list[str], is_late: bool) -> None:
    story = replied(on)

    assert (story.state, story.last.kinds) == ("replied", (*kinds, "replied", "reply_classified", "term_met"))
    assert (answer(story).end, answer(story).is_late) == ("met", is_late)


def test_an_answer_on_the_moved_day_is_in_time() -> None:
    story = paused(handling(), ("2026-01-20", "2026-01-23")).and_(
        Reply("disclosed", "Here."), by=WATER, on="2026-02-12"
    )

    assert (answer(story).end, answer(story).is_late, answer(story).is_breached) == ("met", False, False)


def test_a_withdrawn_request_owes_no_answer() -> None:
    story = handling().and_(Withdraw("found elsewhere"), by=REQUESTER, on="2026-01-20")

    assert (story.state, answer(story).end, story.when_the_clock_reads("2026-06-30").kinds) == (
        "withdrawn",
        "dropped",
        (),
    )


def test_a_request_withdrawn_while_the_clock_stands_does_not_stand_any_longer() -> None:
    story = handling().and_(Suspend("a fees notice was given"), by=AUTHORITY, on="2026-01-20")
    story = story.and_(Withdraw("too dear"), by=REQUESTER, on="2026-02-20")

    assert (story.state, story.suggestion.is_suspended, answer(story).is_breached) == ("withdrawn", False, False)


def test_a_review_begins_no_term_of_its_own() -> None:
    """No time for one is found in the Act, so none is set."""
    story = evaluated().and_(Rehandle(("Water Bureau",), "review"), by=AUTHORITY)

    assert (story.state, [term.end for term in story.suggestion.terms]) == ("handling", ["met"])


def test_a_satisfied_requester_is_given_no_review() -> None:
    story = replied().and_(Evaluate("Water Bureau", "satisfied"), by=REQUESTER)

    assert story.when(Rehandle(("Water Bureau",), "review"), by=AUTHORITY).rules == ("deputy_is_dissatisfied",)


@pytest.mark.parametrize(
    ("act", "by"),
    [
        (RequestReturn("not ours"), WATER),
        (GrantReturn("Water Bureau"), AUTHORITY),
        (RefuseReturn("Water Bureau", "it is yours"), AUTHORITY),
        (Distribute(("Roads Bureau",)), AUTHORITY),
        (ObjectToAssignment("ask the other one"), REQUESTER),
        (Plan("first the archive"), WATER),
        (RequestExtension("2026-03-31", "hard"), WATER),
        (GrantExtension("Water Bureau"), AUTHORITY),
        (DraftReply("disclosed", "Here."), WATER),
        (ApproveDraft("Water Bureau"), AUTHORITY),
        (RecordNoResponse("Water Bureau", ("2026-01-12",)), AUTHORITY),
        (MergeWith("2026-018"), AUTHORITY),
        (TakeOver("Water tests"), AUTHORITY),
    ],
    ids=lambda value: value.verb if isinstance(value, Act) else value.role,
)
def test_what_only_a_deputys_suggestion_knows_is_refused_by_the_state(act: Act, by: Actor) -> None:
    assert handling().when(act, by=by).rules == ("wrong_state",)


@pytest.mark.parametrize(
    ("story", "state"),
    [
        pytest.param(received().and_(Assign(("Water Bureau",)), by=AUTHORITY), "assigned", id="nobody has accepted"),
        pytest.param(handling("2026-01-12", "Water Bureau", "Schools Bureau"), "handling", id="a lead has accepted"),
        pytest.param(
            handling("2026-01-12", "Water Bureau", "Schools Bureau").and_(Reply("disclosed", "Here."), by=WATER),
            "handling",
            id="one of two leads has answered",
        ),
    ],
)
def test_another_unit_joins_without_moving_the_day_or_the_state(story: Scenario, state: str) -> None:
    after = story.and_(Reassign(("Roads Bureau",), reason="theirs too"), by=AUTHORITY, on="2026-01-20")

    assert (after.state, due(after), len(after.suggestion.terms)) == (state, "2026-02-09", 1)


def test_a_request_is_answered_once_the_last_lead_that_owes_an_answer_is_relieved() -> None:
    story = handling("2026-01-12", "Water Bureau", "Roads Bureau").and_(Reply("disclosed", "Here."), by=WATER)
    relieved = Reassign((), ("Schools Bureau",), instead_of=ROADS.name, reason="nothing is held there")

    assert (story.state, story.and_(relieved, by=AUTHORITY).state) == ("handling", "replied")


LIVES: dict[str, Callable[[], Scenario]] = {
    "received": received,
    "assigned": lambda: received().and_(Assign(("Water Bureau",)), by=AUTHORITY),
    "handling": handling,
    "replied": replied,
    "evaluated": evaluated,
    "closed": lambda: evaluated().and_(Close(), by=AUTHORITY),
    "withdrawn": lambda: received().and_(Withdraw("found elsewhere"), by=REQUESTER),
    "declined": lambda: received().and_(Decline("vexatious"), by=AUTHORITY),
}


@pytest.mark.parametrize("state", FOI.lifecycle.states)
def test_every_state_is_reached_by_a_life(state: str) -> None:
    assert LIVES[state]().state == state


@pytest.mark.parametrize("state", FOI.lifecycle.final_states)
def test_no_term_runs_on_in_a_final_state(state: str) -> None:
    assert list(LIVES[state]().suggestion.running_terms()) == []
