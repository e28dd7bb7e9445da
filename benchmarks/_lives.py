"""The one life that is told in every way: received, assigned, accepted, heard, replied, evaluated."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from itertools import cycle
from zoneinfo import ZoneInfo

import pendulum
from pendulum import DateTime, timezone

from benchmarks import _by_hand as hand
from handleflow import Act, Actor, Engine, Entry, Provenance, Refused, Rulebook, Suggestion, load
from handleflow.acts import Accept, Assign, Evaluate, Receive, RecordContact, Reply
from handleflow.core import decide

SIXTY = {
    "id": "reply",
    "of": "lead",
    "anchor": "assigned",
    "met_by": ["replied"],
    "span": "60 workdays",
    "cite": "host",
}
RULES: Rulebook = load("cn.national", changes={"name": "benchmark", "version": "1", "term": [SIXTY]})
THREE_STEPS = [
    {"id": id, "term": "reply", "offset": offset, "channel": channel, "cite": "host"}
    for id, offset, channel in (
        ("reminded", "-15 days", "phone"),
        ("urged", "1 day", "written"),
        ("visited", "10 days", "on_site"),
    )
]
"""A ladder of three rungs: a word before the reply is due, a letter the day after, a visit ten days after."""
UNDER_A_LADDER: Rulebook = load(
    "cn.national", changes={"name": "benchmark", "version": "1", "term": [SIXTY], "rung": THREE_STEPS}
)
OFFICE = Actor("congress_office", "Standing Committee Office")
WATER, DEPUTY = Actor("unit", "Water Bureau"), Actor("deputy", "Deputy A")
DAYS = ((2026, 2, 9), (2026, 2, 10), (2026, 2, 11), (2026, 3, 2), (2026, 4, 1), (2026, 4, 8))
ZONE = timezone("Asia/Shanghai")
AT = tuple(DateTime(*on, 9, tzinfo=ZONE) for on in DAYS)
PLAIN_AT = tuple(datetime.datetime(*on, 9, tzinfo=ZoneInfo("Asia/Shanghai")) for on in DAYS)
TABLE = hand.WorkTable(RULES.calendar, datetime.date(2023, 1, 1), datetime.date(2028, 12, 31))
TITLE, REPLY, CALL = "Safe drinking water", "New pipes are laid.", "of the old pipes"
VERBS = ("receive", "assign", "accept", "hear", "reply", "evaluate")
"""The life's facts in order: the five steps, and the contact without which nobody may reply."""


Step = tuple[Act, Actor, DateTime]
StepByHand = tuple[hand.Fact, str, datetime.datetime]


def steps() -> tuple[Step, ...]:
    """What is asked for, by whom and when; made anew each time, as a host would."""
    return (
        (Receive(TITLE, DEPUTY.name), OFFICE, AT[0]),
        (Assign((WATER.name,)), OFFICE, AT[1]),
        (Accept(), WATER, AT[2]),
        (RecordContact("during", "phone", CALL), WATER, AT[3]),
        (Reply("A", REPLY), WATER, AT[4]),
        (Evaluate(WATER.name, "satisfied"), DEPUTY, AT[5]),
    )


def steps_by_hand() -> tuple[StepByHand, ...]:
    """The same for the limit."""
    return (
        (hand.Received(TITLE, DEPUTY.name), "office", PLAIN_AT[0]),
        (hand.Assigned(WATER.name), "office", PLAIN_AT[1]),
        (hand.Accepted(), "unit", PLAIN_AT[2]),
        (hand.Heard("phone", CALL), "unit", PLAIN_AT[3]),
        (hand.Replied("A", REPLY), "unit", PLAIN_AT[4]),
        (hand.Evaluated("satisfied"), "deputy", PLAIN_AT[5]),
    )


def told(id: str, steps: Iterable[Step], rules: Rulebook = RULES) -> tuple[Suggestion, list[Entry]]:
    """What the pure core makes of steps: each decided, with the entries and the suggestion that follow."""
    suggestion, history = Suggestion(id), list[Entry]()
    for act, by, at in steps:
        settled = decide(rules, suggestion, act, Provenance(by, at, rules.calendar.day_of(at)))
        if isinstance(settled, Refused):
            raise settled
        suggestion = settled.suggestion
        history.extend(settled.entries)
    return suggestion, history


def by_core(id: str, rules: Rulebook = RULES) -> tuple[Suggestion, list[Entry]]:
    """Told to the pure core."""
    return told(id, steps(), rules)


def by_engine(engine: Engine, id: str) -> Suggestion:
    """Told to the engine, which keeps it in its store."""
    for act, by, at in steps():
        suggestion = engine.execute(id, act, by=by, at=at)
    return suggestion


class UtcClock:
    """
    A clock of an engine's own: it reads the time, in UTC as they do, and answers with the life's instants in turn.

    With today's, a run would be of other days each time, and of days that the calendar does not know.
    """

    def __init__(self) -> None:
        self._instants = cycle([at.in_timezone("UTC") for at in AT])

    def __call__(self) -> DateTime:
        """The next instant."""
        pendulum.now("UTC")  # noqa: TID251  what it takes to read the time belongs to it
        return next(self._instants)


def by_clock(engine: Engine, id: str) -> Suggestion:
    """Told to an engine that looks when it is by itself."""
    for act, by, _ in steps():
        suggestion = engine.execute(id, act, by=by)
    return suggestion


def told_by_hand(id: str, steps: Iterable[StepByHand]) -> tuple[hand.Matter, list[hand.Line]]:
    """What the limit makes of steps."""
    matter, history = hand.Matter(id), list[hand.Line]()
    for fact, by, at in steps:
        matter = hand.tell(matter, history, fact, by, at, TABLE)
    return matter, history


def by_hand(id: str) -> tuple[hand.Matter, list[hand.Line]]:
    """Told to the limit."""
    return told_by_hand(id, steps_by_hand())


def seen(suggestion: Suggestion) -> tuple[object, ...]:
    """What of a suggestion the limit knows too."""
    (term,), (assignment,), (contact,) = suggestion.terms, suggestion.assignments, suggestion.contacts
    (reply,), (rating,) = suggestion.replies, suggestion.ratings
    accepted_on = assignment.acceptance.on if assignment.acceptance else None
    named = (suggestion.state, suggestion.title, suggestion.deputy, assignment.unit)
    return (*named, term.due_on, accepted_on, contact.on, reply.outcome, reply.on, rating.result)


def seen_by_hand(m: hand.Matter) -> tuple[object, ...]:
    """The same of the limit's."""
    days = (m.due_on, m.accepted_on, m.heard_on, m.outcome, m.replied_on, m.result)
    return (m.state, m.title, m.deputy, m.unit, *days)


def require_same() -> None:
    """Make sure that the library and the limit come to the same end, and that neither takes a reply unheard."""
    ends = [seen(by_core("1")[0]), seen_by_hand(by_hand("1")[0])]
    if ends[0] != ends[1]:
        raise RuntimeError(f"the ways came to different ends: {ends}")
    for name, unheard in (
        ("handleflow", lambda: told("1", steps()[:3] + steps()[4:])),
        ("the limit", lambda: told_by_hand("1", steps_by_hand()[:3] + steps_by_hand()[4:])),
    ):
        if not refuses(unheard):
            raise RuntimeError(f"{name} took a reply though nobody was heard")


def refuses(work: Callable[[], object]) -> bool:
    """Whether it ends in an error."""
    try:
        work()
    except Exception:  # each library has its own
        return True
    return False
