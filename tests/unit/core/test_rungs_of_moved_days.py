"""A rung has spoken of a term's day, and the day moves: does it speak again of the new one?"""

from __future__ import annotations

import pytest

from handleflow.acts import GrantExtension, RequestExtension
from handleflow.errors import BrokenRulebook
from handleflow.rules import Rulebook
from handleflow.testing import Scenario
from tests.beginnings import OFFICE, WATER, accepted, rulebook

RUNG = {"id": "reminded", "term": "reply", "offset": "-15 days", "channel": "phone", "cite": "host"}
EXTENSION = {"span": "3 months", "base": "chained", "mode": "consent", "cite": "host"}


def ruled(**more: object) -> Rulebook:
    return rulebook(rung=[{**RUNG, **more}], term=[{"id": "reply", "extension": EXTENSION}])


def extended(rules: Rulebook) -> Scenario:
    """Reminded on 26 April of 11 May, and then extended until 11 June 2026."""
    story = accepted(rules).and_the_clock_reads("2026-04-27")
    story = story.and_(RequestExtension("2026-06-11", "hard"), by=WATER, on="2026-04-28")
    return story.and_(GrantExtension("Water Bureau"), by=OFFICE, on="2026-04-28")


def spoken(story: Scenario) -> list[tuple[str, str]]:
    return [(str(s.meant_on), str(s.about)) for s in story.suggestion.supervisions]


def test_by_default_it_has_spoken() -> None:
    story = extended(ruled()).and_the_clock_reads("2026-06-01")

    assert spoken(story) == [("2026-04-26", "2026-05-11")]


def test_where_the_rulebook_says_so_it_speaks_again_of_the_new_day() -> None:
    story = extended(ruled(again_when_moved=True)).and_the_clock_reads("2026-05-26").and_the_clock_reads("2026-06-01")

    assert spoken(story.and_the_clock_reads("2026-06-02")) == [
        ("2026-04-26", "2026-05-11"),
        ("2026-05-27", "2026-06-11"),
    ]


@pytest.mark.parametrize(
    "more", [{"every": "3 days", "until": "9 days"}, {"term": "", "offset": "1 day", "after": "assigned"}]
)
def test_it_is_said_of_a_terms_day_that_is_spoken_of_once(more: dict[str, str]) -> None:
    row = {key: value for key, value in {**RUNG, **more, "again_when_moved": True}.items() if value}

    with pytest.raises(BrokenRulebook, match="again_when_moved"):
        rulebook(rung=[row])
