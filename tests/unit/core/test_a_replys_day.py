"""A reply's own day is set right: do its term, and every figure, follow?"""

from __future__ import annotations

import pytest

from handleflow.acts import Correct, Evaluate, RecordContact, Rehandle, Reply
from handleflow.core import replay
from handleflow.legal_time import day
from handleflow.model import Term
from handleflow.testing import Scenario
from handleflow.views import summarize, workload
from tests.beginnings import DEPUTY, OFFICE, WATER, accepted, replied, rulebook

BACKDATING = [{"role": "unit", "within": "90 days", "cite": "host"}]
RULES = rulebook(backdating=BACKDATING)


def answered(on: str, told: str | None = None) -> Scenario:
    """A reply due on 11 May 2026 that happened *on* a day, told then or later."""
    story = accepted(RULES).and_(RecordContact("before"), by=WATER)
    return story.and_(Reply("A", "done", on=on), by=WATER, on=told or on)


def corrected(story: Scenario, value: str | None) -> Scenario:
    (reply,) = story.suggestion.replies
    return story.and_(Correct(reply.entry, "reply.on", value, "the postmark"), by=OFFICE, on="2026-06-15")


def reply_term(story: Scenario) -> Term:
    return next(term for term in story.suggestion.terms if term.key.rule == "reply")


def figures(story: Scenario) -> tuple[object, ...]:
    ruled, on = [(story.rules, story.suggestion)], day("2026-06-15")
    found, (unit,) = summarize(ruled, on=on), workload(ruled, on)
    late, in_time = found.late_replies.value, found.replies_in_time.value
    return late, in_time, found.deadlines_missed, unit.replied_late, unit.replied_in_time


LATE, TIMELY = (1, 0, 1, 1, 0), (0, 1, 0, 0, 1)


def test_from_late_to_timely_every_figure_follows() -> None:
    story = answered("2026-05-20")
    right = corrected(story, "2026-05-08")

    assert (figures(story), figures(right)) == (LATE, TIMELY)
    assert right.last.kinds == ("corrected", "term_met", "miss_rebutted")


def test_from_timely_to_late_every_figure_follows() -> None:
    story = answered("2026-05-08")
    right = corrected(story, "2026-05-20")

    assert (figures(story), figures(right)) == (TIMELY, LATE)
    assert right.last.kinds == ("corrected", "term_met", "deadline_missed")


def test_forth_and_back_it_is_as_it_was() -> None:
    story = answered("2026-05-20")

    assert figures(corrected(corrected(story, "2026-05-08"), "2026-05-20")) == LATE


@pytest.mark.parametrize("on", ["2026-05-08", "2026-05-20"])
def test_it_is_as_if_it_had_been_told_rightly_at_once(on: str) -> None:
    wrong = "2026-05-20" if on == "2026-05-08" else "2026-05-08"
    right, at_once = corrected(answered(wrong, "2026-05-25"), on), answered(on, "2026-05-25")

    assert figures(right) == figures(at_once)
    assert (reply_term(right).ended_on, reply_term(right).is_breached) == (
        reply_term(at_once).ended_on,
        reply_term(at_once).is_breached,
    )
    assert replay(right.suggestion.id, right.history) == right.suggestion


def test_a_day_that_nobody_knows_any_more_tells_neither() -> None:
    story = corrected(answered("2026-05-20"), None)

    assert (reply_term(story).end, figures(story)[:2]) == ("unknown", (0, 0))
    assert figures(corrected(story, "2026-05-20"))[:2] == (1, 0)


def test_the_days_of_two_rounds_are_each_their_own() -> None:
    story = replied(rulebook("cn.beijing")).and_(
        Evaluate("Water Bureau", "dissatisfied", reason="nothing was done"), by=DEPUTY
    )
    story = story.and_(Rehandle((WATER.name,), "again"), by=OFFICE).and_(RecordContact("before"), by=WATER)
    story = story.and_(Reply("A", "now it is"), by=WATER)
    second = story.suggestion.replies[-1]
    story = story.and_(Correct(second.entry, "reply.on", "2026-06-15", "the postmark"), by=OFFICE, on="2026-06-15")

    ended = {term.key.rule: str(term.ended_on) for term in story.suggestion.terms}
    assert (ended["reply"], ended["rehandled_reply"]) == ("2026-02-10", "2026-06-15")


def test_the_words_of_a_reply_change_no_day() -> None:
    story = answered("2026-05-20")
    (reply,) = story.suggestion.replies
    outcome = story.when(Correct(reply.entry, "reply.text", "Done.", "a slip"), by=OFFICE, on="2026-06-15")

    assert outcome.kinds == ("corrected",)
