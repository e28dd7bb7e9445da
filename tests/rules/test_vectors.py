"""Do the days agree with those other programs' test suites expect? Their vectors, and where we part from them."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from pendulum import DateTime, timezone

from handleflow import Act, Actor, Engine, MemoryStore, Refused, Rulebook, Term, load_preset
from handleflow.acts import Assign, GrantReturn, Receive, RequestReturn, Resume, Suspend
from handleflow.core import term_status
from handleflow.events import DeadlineMissed
from handleflow.legal_time import Convention, Counted, Day, Span, WorkCalendar, count, day
from handleflow.legal_time.calendar import WEEKDAYS
from handleflow.model import TermKey
from tests.beginnings import AFTER_ALL, OFFICE, WATER, rulebook
from tests.paths import DATA

Vector = dict[str, Any]

EVERY: list[Vector] = json.loads((DATA / "due_dates.json").read_text(encoding="utf-8"))
BY_ID = {vector["id"]: vector for vector in EVERY}
FOI = load_preset("gb.foi")
TWENTY = {"amount": 20, "unit": "working_day", "convention": "next_day_is_day_1"}
OF_REQUESTS = [
    vector
    for vector in EVERY
    if vector["kind"] == "due" and vector["rule"] == TWENTY and vector["source"]["repo"] != "LKI/chinese-calendar"
]

AUTHORITY = Actor("information_office", "Information Office")
REPLY = {
    "id": "reply",
    "of": "whole",
    "anchor": "received",
    "met_by": ["replied"],
    "cite": "host",
    "is_pausable": True,
}

UNITS = {"working_day": "workday", "calendar_day": "day", "month": "month"}
FIRST_DAYS = {
    "next_day_is_day_1": "next_day",
    "start_is_day_1": "same_day",
    "roll_forward_then_add": "rolled_forward",
}
ROLLS = {"following": "any_rest_day", "none": "none"}
NO_WEEK: dict[str, Any] = {"week": {"workdays": ["mon", "tue", "wed", "thu", "fri"]}, "holidays": []}

OURS: dict[str, object] = {"moj-restart-002": "2025-12-01", "moj-stoppable-001": 23}
"""What comes out here where a vector carries a quirk: said, not imitated."""


def calendar_document(vector: Vector) -> dict[str, Any]:
    """
    The calendar of a vector as a file would write it, known for the years it covers.

    One of its sources lists 2020-02-03, an ordinary Monday that works, as a make-up day; a make-up day is a rest
    day that works, so those that say nothing are left out.
    """
    given = vector["calendar"] or NO_WEEK
    rest = [name for name in WEEKDAYS if name not in given["week"]["workdays"]]
    make_up = [d for d in given.get("make_up_workdays", ()) if WEEKDAYS[day(d).weekday()] in rest]
    # Who wrote that a day was missed knew of no notice to wait for: to it the calendar went on until then.
    until = [vector["observed_at"]] if vector["kind"] == "overdue_event" else []
    years = sorted({int(d[:4]) for d in (*given["holidays"], *make_up, *until)}) or [int(vector["start"][:4])]
    return {
        "name": vector["id"],
        "version": "1",
        "zone": vector["tz"] or "UTC",
        "rest_days": rest,
        "known_from": f"{years[0]}-01-01",
        "known_through": f"{years[-1]}-12-31",
        "year": [
            {
                "year": year,
                "source": "vector",
                "holidays": [d for d in given["holidays"] if d.startswith(str(year))],
                "make_up_days": [d for d in make_up if d.startswith(str(year))],
            }
            for year in years
        ],
    }


def calendar_of(vector: Vector) -> WorkCalendar:
    return calendar_written(json.dumps(calendar_document(vector)))


@cache
def calendar_written(written: str) -> WorkCalendar:
    """Laid out once: a calendar reaches over a century of days."""
    document = json.loads(written)
    return WorkCalendar(
        document["name"],
        document["version"],
        document["zone"],
        tuple(document["rest_days"]),
        frozenset(day(d) for year in document["year"] for d in year["holidays"]),
        frozenset(day(d) for year in document["year"] for d in year["make_up_days"]),
        day(document["known_from"]),
        day(document["known_through"]),
    )


def instant_of(vector: Vector, written: str) -> DateTime:
    """The instant a vector writes in its own zone, as a machine elsewhere would hand it over."""
    local = datetime.datetime.fromisoformat(written)
    there = DateTime(local.year, local.month, local.day, local.hour, local.minute, tzinfo=calendar_of(vector).zone)
    return there.in_timezone(timezone("UTC"))


def day_of(vector: Vector, written: str) -> Day:
    return calendar_of(vector).day_of(instant_of(vector, written))


def convention_of(rule: dict[str, Any]) -> Convention:
    first_day = FIRST_DAYS[rule.get("convention", "next_day_is_day_1")]
    return Convention(rule.get("convention", "as given"), first_day, ROLLS[rule.get("roll", "none")])


def counted(vector: Vector) -> Counted:
    rule = vector["rule"]
    span = Span(rule["amount"], UNITS[rule["unit"]])
    return count(day_of(vector, vector["start"]), span, convention_of(rule), calendar_of(vector))


def due(vector: Vector) -> object:
    return str(counted(vector).due_on)


def works(vector: Vector) -> object:
    return calendar_of(vector).is_working_day(day(vector["start"]))


def how_many(vector: Vector) -> object:
    """Days after the first up to and with the last; with *both* the first is asked too."""
    start, end = day(vector["start"]), day(vector["end"])
    rule, calendar = vector["rule"], calendar_of(vector)
    is_working = rule["unit"] == "working_day"
    between = calendar.working_days_between(start, end) if is_working else end.toordinal() - start.toordinal()
    if rule["endpoints"] == "end_only":
        return between
    return between + (calendar.is_working_day(start) if is_working else 1)


def status(vector: Vector) -> object:
    """The name of the last level whose term is overdue, as the suggestion and ``stands`` say it alike."""
    on, calendar, found = day_of(vector, vector["at"]), calendar_of(vector), vector["rule"]["initial"]
    for level in vector["rule"]["levels"]:
        term = Term(TermKey(level["name"]), 1, due_on=day(level["after"]))
        assert term_status(calendar, term, on).status == term.status(on)
        found = level["name"] if term.status(on) == "overdue" else found
    return found


def rules_of(vector: Vector, span: str, base: str = "gb.foi", **term: Any) -> Rulebook:
    """A shipped rulebook, that of information requests, with the span and under the calendar of a vector."""
    return rulebook(
        base,
        term=[{**REPLY, "span": span, **term}],
        convention={"name": "plain", "cite": "host", "roll_on": ROLLS[vector["rule"].get("roll", "none")]},
        calendar=calendar_document(vector),
    )


class Played:
    """A request under a vector's rulebook, received on the vector's first day."""

    def __init__(self, vector: Vector, rules: Rulebook) -> None:
        self.vector, self.engine = vector, Engine(MemoryStore(), [rules], clock=lambda: AFTER_ALL)
        self.begin()

    def begin(self) -> None:
        self.acted(Receive("Records", "Requester A"), AUTHORITY, self.vector["start"])

    def acted(self, act: Act, by: Actor, on: str) -> None:
        self.engine.execute("1", act, by=by, at=instant_of(self.vector, on))

    @property
    def terms(self) -> tuple[Term, ...]:
        return self.engine.look_up("1").terms


class Reset(Played):
    """A deputy's suggestion: its unit can give it back and get it anew, where a request's clock begins only once."""

    def __init__(self, vector: Vector) -> None:
        span = f"{vector['rule']['amount']} workdays"
        super().__init__(vector, rules_of(vector, span, "cn.national", of="lead", anchor="assigned"))

    def begin(self) -> None:
        self.acted(Receive("Records", "Deputy A"), OFFICE, self.vector["start"])
        self.acted(Assign((WATER.name,)), OFFICE, self.vector["start"])

    def reset(self, on: str) -> None:
        """What another program calls a reset: the unit is relieved and given it anew, with a fresh clock."""
        self.acted(RequestReturn("asked anew"), WATER, on)
        self.acted(GrantReturn(WATER.name), OFFICE, on)
        self.acted(Assign((WATER.name,)), OFFICE, on)


def twice_a_day(vector: Vector, until: str) -> Iterator[DateTime]:
    at, last = instant_of(vector, vector["start"]), instant_of(vector, until)
    while at <= last:
        yield at
        at = at.add(hours=12)


def misses(vector: Vector) -> object:
    """When the clock, asked at midnight and at noon of every day, wrote that a day was missed."""
    span = f"{vector['rule']['amount']} workdays"
    played = Reset(vector) if "resets" in vector else Played(vector, rules_of(vector, span))
    resets, acted = [instant_of(vector, on) for on in vector.get("resets", ())], []
    for at in twice_a_day(vector, vector["observed_at"]):
        if at in resets and isinstance(played, Reset):
            played.reset(at.to_date_string())
        acted += [e for _, e in played.engine.sweep(at=at).said if isinstance(e.event, DeadlineMissed)]
    assert len({entry.event for entry in acted}) == len(acted)
    return [entry.at.format("YYYY-MM-DDTHH:mm:ss") for entry in acted]


def after_pauses(vector: Vector) -> object:
    """The day a month ends on, where the calendar that set it is the one that counts the pause."""
    base = day(vector["rule"]["base_due"])
    own = {**vector["calendar"], "holidays": [d for d in vector["calendar"]["holidays"] if day(d) != base]}
    played = Played({**vector, "calendar": own}, rules_of({**vector, "calendar": own}, "1 month"))
    for pause in vector["pauses"]:
        played.acted(Suspend("more is asked"), AUTHORITY, pause["from"])
        played.acted(Resume("it came"), AUTHORITY, pause["to"])
    return str(played.terms[0].due_on)


def stopped(vector: Vector) -> object:
    """By how many days the closed pauses moved the term; a stop in a stop and a start in a run are refused."""
    played = Played(vector, rules_of(vector, "100 days"))
    for what, on in vector["events"]:
        act: Act = Suspend("more is asked") if what == "stop" else Resume("it came")
        try:
            played.acted(act, AUTHORITY, on)
        except Refused:
            continue
    (term,) = played.terms
    assert term.due_on is not None
    assert term.original_on is not None
    return term.due_on.toordinal() - term.original_on.toordinal()


def ladder_of(rule: dict[str, Any], overdue_after: int) -> list[dict[str, Any]]:
    """
    A vector's chases as rungs of its term: so many plain ones, then escalations until the whole is due.

    *overdue_after* is how many days after the term's day the whole is due; the next chase says that it is over.
    """
    step, plain = rule["interval_days"], rule["escalate_after"]
    climbs = 1 + step * plain
    over = climbs + step * ((overdue_after - climbs) // step + 1)
    spoken = {"term": "reply", "cite": "host", "every": f"{step} days"}
    chase = {**spoken, "id": "chase", "channel": "chase", "offset": "1 day", "until": f"{step * (plain - 1)} days"}
    if plain == 1:
        del chase["every"], chase["until"]
    climbing = {"offset": f"{climbs} days", "until": f"{overdue_after - climbs} days"}
    return [
        chase,
        {**spoken, "id": "climb", "channel": "chase_escalation", **climbing},
        {"id": "over", "term": "reply", "cite": "host", "channel": "chase_overdue", "offset": f"{over} days"},
    ]


def reminders(vector: Vector) -> object:
    """What a ladder says when somebody sweeps every day: how many days after the start, and by which measure."""
    rule, start = vector["rule"], day(vector["start"])
    overdue_after = day(rule["case_due"]).toordinal() - start.toordinal() - rule["deadline_days"]
    rules = rulebook(
        "gb.foi",
        calendar=calendar_document(vector),
        term=[{**REPLY, "span": f"{rule['deadline_days']} days"}],
        channels=["chase", "chase_escalation", "chase_overdue"],
        rung=ladder_of(rule, overdue_after),
    )
    played = Played(vector, rules)
    for at in twice_a_day(vector, "2025-04-20"):
        played.engine.sweep(at=at)
    said = played.engine.look_up("1").supervisions
    return [[s.on.toordinal() - start.toordinal(), s.channel] for s in said]


FOUND: dict[str, Callable[[Vector], object]] = {
    "due": due,
    "is_working_day": works,
    "count": how_many,
    "status_at": status,
    "overdue_event": misses,
    "due_after_pause": after_pauses,
    "pause_total": stopped,
    "reminder_schedule": reminders,
}


@pytest.mark.parametrize("vector", EVERY, ids=lambda vector: vector["id"])
def test_a_vector_comes_out_as_expected_unless_it_carries_a_quirk(vector: Vector) -> None:
    found = FOUND[vector["kind"]](vector)

    assert found == OURS.get(vector["id"], vector["expected"])
    assert (found != vector["expected"]) == ("quirk" in vector)


@pytest.mark.parametrize("vector", OF_REQUESTS, ids=lambda vector: vector["id"])
def test_the_shipped_rulebook_counts_a_requests_twenty_working_days_to_the_day_of_the_vector(vector: Vector) -> None:
    rule = FOI.term_rule("reply")
    assert rule is not None
    assert rule.span is not None
    found = count(day_of(vector, vector["start"]), rule.span, FOI.convention, calendar_of(vector))

    assert str(found.due_on) == vector["expected"]


def test_nineteen_vectors_are_of_twenty_working_days_from_the_day_after() -> None:
    assert Counter(vector["source"]["repo"] for vector in OF_REQUESTS) == {
        "mysociety/alaveteli": 13,
        "ministryofjustice/correspondence_tool_staff": 6,
    }


@pytest.mark.parametrize("vector", [v for v in EVERY if "expected_non_working" in v], ids=lambda v: v["id"])
def test_the_rest_days_of_a_vector_are_those_that_are_left(vector: Vector) -> None:
    start, end = day(vector["start"]), day(vector["end"])
    after = day(datetime.date.fromordinal(end.toordinal() + 1))

    assert len(calendar_of(vector).rest_days_between(start, after)) == vector["expected_non_working"]


@pytest.mark.parametrize(
    ("vector_id", "provisional"),
    [
        pytest.param("alaveteli-holiday-001", False, id="within the years its calendar covers"),
        pytest.param("alaveteli-request-013", True, id="years after its calendar ends"),
    ],
)
def test_a_vector_beyond_its_own_calendar_comes_out_provisional(vector_id: str, provisional: bool) -> None:
    assert counted(BY_ID[vector_id]).is_provisional == provisional


def test_a_reset_begins_a_second_term_with_a_day_of_its_own() -> None:
    vector = BY_ID["alaveteli-request-018"]
    played = Reset(vector)
    played.reset(vector["resets"][0])

    assert [(t.key.ref, str(t.due_on), t.end) for t in played.terms] == [
        (1, "2015-01-28", "dropped"),
        (2, "2015-02-27", "running"),
    ]


@pytest.mark.parametrize("is_wider", [False, True], ids=["the calendar that set the day", "a wider one, throughout"])
def test_one_calendar_sets_the_day_and_counts_the_empty_pause_so_nothing_moves(is_wider: bool) -> None:
    """The quirk of moj-restart-002: there the wider calendar came in with the pause and moved the day by itself."""
    vector = BY_ID["moj-restart-002"]
    own = vector["calendar"] if is_wider else BY_ID["moj-restart-001"]["calendar"]
    played = Played(vector, rules_of({**vector, "calendar": own}, "1 month"))
    before = played.terms[0].due_on
    played.acted(Suspend("more is asked"), AUTHORITY, "2025-11-06")
    played.acted(Resume("it came"), AUTHORITY, "2025-11-06")

    assert (str(before), str(played.terms[0].due_on)) == (("2025-12-02",) * 2 if is_wider else ("2025-12-01",) * 2)


def test_a_stop_while_the_clock_stands_is_refused_so_the_first_one_counts() -> None:
    """The quirk of moj-stoppable-001: there the last stop won, and 9 to 10 April was lost."""
    vector = BY_ID["moj-stoppable-001"]
    played = Played(vector, rules_of(vector, "100 days"))
    played.acted(Suspend("more is asked"), AUTHORITY, "2025-04-09")
    with pytest.raises(Refused) as refused:
        played.acted(Suspend("more is asked"), AUTHORITY, "2025-04-10")
    played.acted(Resume("it came"), AUTHORITY, "2025-04-11")
    (pause,) = played.terms[0].pauses

    assert (refused.value.rules, str(pause.start), str(pause.end)) == (
        ("already_suspended",),
        "2025-04-09",
        "2025-04-11",
    )


def test_a_start_while_the_clock_runs_is_refused() -> None:
    vector = BY_ID["moj-stoppable-001"]
    played = Played(vector, rules_of(vector, "100 days"))
    with pytest.raises(Refused) as refused:
        played.acted(Resume("it came"), AUTHORITY, "2025-04-11")

    assert refused.value.rules == ("not_suspended",)


def test_every_vector_is_tried() -> None:
    assert (len(EVERY), len(BY_ID), {vector["kind"] for vector in EVERY}) == (131, 131, set(FOUND))


def test_every_vector_says_where_it_comes_from() -> None:
    assert {v["source"]["repo"] for v in EVERY} == {
        "mysociety/alaveteli",
        "ministryofjustice/correspondence_tool_staff",
        "LKI/chinese-calendar",
    }
    assert all(v["source"]["path"] and len(v["source"]["commit"]) == 40 for v in EVERY)
