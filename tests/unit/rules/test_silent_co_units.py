"""How long does a lead wait for a co unit that says nothing? The guard that yields after the unit's own day."""

from __future__ import annotations

from typing import Any

import pytest

from handleflow import Rulebook
from handleflow.acts import (
    Accept,
    Assign,
    GiveOpinion,
    Reassign,
    Receive,
    RecordContact,
    RejectOpinion,
    Reply,
    Suspend,
)
from handleflow.errors import BrokenRulebook
from handleflow.testing import Scenario, given
from tests.beginnings import OFFICE, ROADS, WATER, rulebook

OPINION = {"id": "opinion", "of": "co", "anchor": "assigned", "met_by": ["opinion_given"], "cite": "host"}


def waiting(**settings: list[str]) -> Rulebook:
    """A lead waits for opinions, which are due within a month, and within five working days of being sent back."""
    return rulebook(
        guard=[{"ask": "co_opinions_are_in", "of": ["reply"], "cite": "host", "settings": settings}],
        term=[
            {**OPINION, "span": "1 month", "is_pausable": True},
            {**OPINION, "id": "opinion_again", "anchor": "opinion_rejected", "span": "5 workdays"},
        ],
        transition=[
            {"act": "suspend", "source": ["handling"], "target": "same", "who": ["congress_office"]},
        ],
    )


RULES = waiting(yields_after=["opinion", "opinion_again"])


def heard(rules: Rulebook = RULES) -> Scenario:
    """Assigned with a co unit on 10 February 2026; the lead has heard the deputy, the co unit said nothing."""
    story = given(rules).and_(Receive("Pipes", "Deputy A"), by=OFFICE, on="2026-02-09")
    story = story.and_(Assign(("Water Bureau",), ("Roads Bureau",)), by=OFFICE, on="2026-02-10")
    return story.and_(Accept(), by=WATER).and_(RecordContact("before"), by=WATER)


def awaited(story: Scenario, on: str) -> list[Any]:
    """The units that the lead waits for on a day."""
    return [dict(reason.facts)["units"] for reason in story.when(Reply("A", "done"), by=WATER, on=on).reasons]


def test_a_silent_unit_is_waited_for_through_its_own_day() -> None:
    assert [awaited(heard(), on) for on in ("2026-03-10", "2026-03-11")] == [[("Roads Bureau",)], []]


def test_it_is_waited_for_for_ever_where_no_term_is_named() -> None:
    assert awaited(heard(waiting()), "2026-12-31") == [("Roads Bureau",)]


def test_one_whose_opinion_was_sent_back_has_its_time_for_another() -> None:
    story = heard().and_(GiveOpinion("yes"), by=ROADS, on="2026-03-10")
    story = story.and_(RejectOpinion("Roads Bureau", "empty"), by=WATER)

    assert [awaited(story, on) for on in ("2026-03-17", "2026-03-18")] == [[("Roads Bureau",)], []]


def test_one_whose_clock_stands_is_waited_for() -> None:
    story = heard().and_(Suspend("flood"), by=OFFICE, on="2026-02-12")

    assert awaited(story, "2026-12-31") == [("Roads Bureau",)]


def test_one_that_came_later_has_its_own_day() -> None:
    story = heard().and_(Reassign((), ("Schools Bureau",), reason="schools"), by=OFFICE, on="2026-03-02")

    assert awaited(story, "2026-03-11") == [("Schools Bureau",)]


def test_one_that_has_its_part_anew_has_its_own_day_anew() -> None:
    again = Reassign((), ("Roads Bureau",), instead_of="Roads Bureau", reason="another part")
    story = heard().and_(again, by=OFFICE, on="2026-03-02")

    assert [awaited(story, on) for on in ("2026-03-11", "2026-04-03")] == [[("Roads Bureau",)], []]


def test_the_lead_is_offered_to_reply_once_the_day_has_passed() -> None:
    assert [Reply in heard().open_acts(by=WATER, on=on) for on in ("2026-03-10", "2026-03-11")] == [False, True]


def test_a_term_that_is_not_there_is_a_finding() -> None:
    with pytest.raises(BrokenRulebook, match="unknown term 'opinon'; did you mean 'opinion'"):
        waiting(yields_after=["opinon"])
