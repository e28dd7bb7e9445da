"""Laws of the days: whatever happens to a term, its day is a function of rulebook, calendar and events."""

from __future__ import annotations

import datetime
from calendar import monthrange

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handleflow import Engine, Entry, MemoryStore, Refused, Rulebook, Suggestion
from handleflow.acts import Adopt
from handleflow.core import decide, explain, term_status
from handleflow.core.adopt_calendar import is_moved, may_move
from handleflow.core.due_day import compute_due_day
from handleflow.core.evolve import fold
from handleflow.events import TermMoved
from handleflow.legal_time import Counted, Span, day
from handleflow.legal_time.convention import shift
from handleflow.model import Provenance, Term, TermKey
from handleflow.model.term import Pause
from handleflow.testing.strategies import Life, lives
from handleflow.views import board
from tests.beginnings import AFTER_ALL, OFFICE, instant
from tests.unit.core.test_explain import ruled

SOME = settings(suppress_health_check=list(HealthCheck))
LADDER = [
    {"id": "reminded", "term": "reply", "offset": "-15 days", "channel": "phone", "answer_within": "3 workdays"},
    {"id": "urged", "term": "first_contact", "offset": "1 day", "channel": "written"},
]
RICH = ruled(base="capped", span="9 months", rung=[{**rung, "cite": "host"} for rung in LADDER], version="rich")
"""Whatever can happen to a day happens here: longer tracks, extensions, pauses, notices, rungs that want answers."""


def suggestions(life: Life) -> list[Suggestion]:
    """The suggestion after every act of a life that was granted."""
    engine, found = Engine(MemoryStore(), [RICH], clock=lambda: AFTER_ALL), []
    for on, by, act in life:
        engine.sweep(at=instant(str(on), 8))
        try:
            found.append(engine.execute("1", act, by=by, at=instant(str(on))))
        except Refused:
            continue
    return found


@SOME
@given(life=lives(RICH))
def test_the_last_step_is_the_recorded_day_whatever_happened_to_it(life: Life) -> None:
    for suggestion in suggestions(life):
        assert [explain(RICH, term)[-1].on for term in suggestion.terms] == [t.due_on for t in suggestion.terms]


@SOME
@given(life=lives(RICH))
def test_after_every_act_reckoning_anew_gives_what_is_recorded(life: Life) -> None:
    """The day is a function of rulebook, calendar and events, and of nothing else."""
    for suggestion in suggestions(life):
        for term in suggestion.terms:
            if term.anchor_on is not None and term.span is not None and term.due_on and term.unrolled_on:
                anew = compute_due_day(RICH, term.anchor_on, term.span, term)

                assert anew == Counted(term.unrolled_on, term.due_on, term.is_provisional)


@SOME
@given(life=lives(RICH))
def test_no_day_moves_without_an_entry_that_says_why(life: Life) -> None:
    engine, found = Engine(MemoryStore(), [RICH], clock=lambda: AFTER_ALL), dict[object, object]()
    for on, by, act in life:
        try:
            after = engine.execute("1", act, by=by, at=instant(str(on)))
        except Refused:
            continue
        moved = {
            getattr(e.event, "key", None) for e in engine.history("1") if e.number > 0 and e.kind == "term_moved"
        }
        for term in after.terms:
            assert found.setdefault(term.key, term.due_on) == term.due_on or term.key in moved


AGAIN = ruled(
    base="capped", span="9 months", rung=[{**rung, "cite": "host"} for rung in LADDER], version="rich again"
)
"""The same law and the same calendar under another version."""


def adopted(rules: Rulebook, suggestion: Suggestion, leaving: Rulebook | None = None) -> tuple[Entry, ...]:
    """What adopting *rules* leaves, where a day moves by it."""
    if not may_move(rules, suggestion):
        return ()
    decided = decide(rules, suggestion, Adopt(rules.name, rules.version), asked_on(suggestion), leaving)
    assert not isinstance(decided, Refused)
    return decided.entries if is_moved(decided.entries) else ()


@SOME
@given(life=lives(RICH))
def test_reprojecting_with_the_same_calendar_moves_nothing(life: Life) -> None:
    for suggestion in suggestions(life):
        assert adopted(AGAIN, suggestion, RICH) == ()


GROWN = ruled(
    base="capped",
    span="9 months",
    version="grown",
    rung=[{**rung, "cite": "host"} for rung in LADDER],
    calendar={
        "name": "grown",
        "version": "1",
        "zone": "Asia/Shanghai",
        "rest_days": ["sat", "sun"],
        "known_from": "2019-01-01",
        "known_through": "2030-12-31",
        "year": [{"year": 2026, "source": "host", "holidays": ["2026-05-10/2026-05-20", "2026-08-11"]}],
    },
)
"""The same law, and a calendar that knows more years and other holidays."""


@SOME
@given(life=lives(RICH))
def test_reprojecting_with_another_calendar_says_why_keeps_the_ledger_and_has_no_second_effect(life: Life) -> None:
    for suggestion in suggestions(life):
        moved = adopted(GROWN, suggestion, RICH)
        after = fold(suggestion, moved)

        assert adopted(GROWN, after) == ()
        assert {e.event.reason for e in moved if isinstance(e.event, TermMoved)} <= {"adopted"}
        assert [(t.key, t.extensions, t.pauses) for t in after.terms] == [
            (t.key, t.extensions, t.pauses) for t in suggestion.terms
        ]


def asked_on(suggestion: Suggestion) -> Provenance:
    assert suggestion.last_at is not None
    return Provenance(OFFICE, suggestion.last_at, RICH.calendar.day_of(suggestion.last_at))


@SOME
@given(life=lives(RICH), on=st.dates(day("2026-02-01"), day("2028-12-31")))
def test_at_every_instant_a_running_term_is_one_of_four_and_all_who_are_asked_agree(
    life: Life, on: datetime.date
) -> None:
    for suggestion in suggestions(life)[-3:]:
        lines = board([(RICH, suggestion)], day(on))
        running = [term for term in suggestion.running_terms() if term.due_on is not None]
        said = [term.status(day(on)) for term in running]

        assert set(said) <= {"not_due", "due_today", "overdue", "paused"}
        assert said == [term_status(RICH.calendar, term, day(on)).status for term in running]
        by_key = {term.key: term.status(day(on)) for term in running}
        shown = {line.waits_for: line.term_status.status for line in lines if line.term_status and line.waits_for}

        assert {key: by_key[key] for key in shown} == shown


@SOME
@given(
    anchor=st.dates(day("2019-06-01"), day("2026-06-01")),
    before=st.integers(0, 80),
    span=st.sampled_from(["3 months", "20 workdays", "45 days"]),
)
def test_an_empty_pause_changes_nothing_whenever_it_is(anchor: datetime.date, before: int, span: str) -> None:
    start = day(anchor)
    stopped_on = shift(start, Span(before, "day"), RICH.calendar)
    plain, with_pause = (
        compute_due_day(RICH, start, Span.of(span), Term(TermKey("reply"), 1, pauses=pauses))
        for pauses in ((), (Pause(9, stopped_on, stopped_on),))
    )

    assert with_pause == plain


@SOME
@given(anchor=st.dates(day("2019-06-01"), day("2026-06-01")), n=st.integers(1, 24))
def test_months_never_become_days(anchor: datetime.date, n: int) -> None:
    """A span of months ends on the same day of a later month, or on that month's last; no number of days does."""
    start = day(anchor)
    unrolled = compute_due_day(RICH, start, Span(n, "month")).unrolled_on
    months = (unrolled.year - start.year) * 12 + unrolled.month - start.month
    last = monthrange(unrolled.year, unrolled.month)[1]

    assert (months, unrolled.day) == (n, min(start.day, last))
