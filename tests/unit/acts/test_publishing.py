"""When is a reply published, by whom, and which term is that?"""

from __future__ import annotations

from typing import Any

import pytest

from handleflow import Rulebook, load
from handleflow.acts import Accept, Assign, Classify, Close, Evaluate, Publish, Receive, RecordContact, Reply
from handleflow.rulebooks import load_preset, names
from handleflow.testing import Scenario, given
from tests.beginnings import DEPUTY, OFFICE, ROADS, WATER

PUBLISHING = {
    "act": "publish",
    "source": ["handling", "replied", "evaluated"],
    "target": "same",
    "who": ["unit", "congress_office"],
}
PUBLICATION = {
    "id": "publication",
    "of": "lead",
    "anchor": "replied",
    "when": "it_is_public",
    "met_by": ["published"],
    "span": "20 workdays",
    "cite": "host",
}
RULES: Rulebook = load(
    "cn.national", changes={"name": "city", "version": "1", "transition": [PUBLISHING], "term": [PUBLICATION]}
)
PUBLISH = Publish("Water Bureau")


def replied(*leads: str, **fields: Any) -> Scenario:
    """The Water Bureau replied on Monday 16 March; *fields* are what else is known of the suggestion."""
    story = given(RULES).and_(Receive("Safe water", "Deputy A", **fields), by=OFFICE, on="2026-03-02")
    story = story.and_(Assign(leads or (WATER.name,)), by=OFFICE).and_(Accept(), by=WATER)
    story = story.and_(RecordContact("before"), by=WATER)
    return story.and_(Reply("A", "New pipes."), by=WATER, on="2026-03-16")


def publication(story: Scenario) -> list[tuple[str, str]]:
    """The day of each term of publication, and how it stands."""
    return [(str(t.due_on), t.end) for t in story.suggestion.terms if t.key.rule == "publication"]


def test_it_runs_twenty_working_days_from_the_reply_of_what_is_public() -> None:
    assert publication(replied(visibility="public")) == [("2026-04-14", "running")]


@pytest.mark.parametrize("visibility", ["title_only", "not_public", None])
def test_of_what_is_not_public_or_unsaid_nothing_runs_and_nothing_is_published(visibility: str | None) -> None:
    story = replied(visibility=visibility)
    outcome = story.when(PUBLISH, by=OFFICE)

    assert (publication(story), [(reason.rule, reason.kind) for reason in outcome.reasons]) == (
        [],
        [("not_public", "state")],
    )


def test_what_is_confidential_is_not_published_though_it_was_called_public() -> None:
    story = replied(visibility="public").and_(Classify(is_confidential=True), by=OFFICE)
    (reason,) = story.when(PUBLISH, by=OFFICE).reasons

    assert publication(story) == [("2026-04-14", "dropped")]
    assert reason.words() == "it is not to be published: it is confidential"
    assert reason.words("zh") == "不得公开：已定为保密"


@pytest.mark.parametrize("visibility", ["title_only", "not_public"])
def test_a_term_ends_without_a_miss_once_publication_is_ruled_out(visibility: str) -> None:
    story = replied(visibility="public").and_(Classify(visibility=visibility), by=OFFICE, on="2026-03-20")

    assert publication(story.when_the_clock_reads("2026-06-01").and_then()) == [("2026-04-14", "dropped")]


def test_another_classification_leaves_the_term_alone() -> None:
    assert publication(replied(visibility="public").and_(Classify("roads"), by=OFFICE)) == [("2026-04-14", "running")]


@pytest.mark.parametrize(("on", "end"), [("2026-04-14", ("met", False)), ("2026-04-15", ("met", True))])
def test_publishing_meets_it_on_its_day_and_is_late_the_day_after(on: str, end: tuple[str, bool]) -> None:
    after = replied(visibility="public").and_(PUBLISH, by=WATER, on=on).suggestion
    (term,) = (term for term in after.terms if term.key.rule == "publication")

    assert (term.end, term.is_late, str(after.replies[0].published_on)) == (*end, on)


def test_a_reply_is_published_once() -> None:
    story = replied(visibility="public").and_(PUBLISH, by=WATER, on="2026-03-20")

    assert story.when(PUBLISH, by=OFFICE, on="2026-03-23").rules == ("already_published",)


def test_nothing_is_published_before_there_is_a_reply_or_on_a_day_before_it() -> None:
    rules = load(
        "cn.national",
        changes={
            "name": "city",
            "version": "2",
            "transition": [PUBLISHING],
            "backdating": [{"role": "congress_office", "within": "30 days", "cite": "host"}],
        },
    )
    story = given(rules).and_(Receive("Pipes", "Deputy A", visibility="public"), by=OFFICE, on="2026-03-02")
    story = story.and_(Assign((WATER.name,)), by=OFFICE).and_(Accept(), by=WATER)
    answered = story.and_(RecordContact("before"), by=WATER).and_(Reply("A", "Laid."), by=WATER, on="2026-03-16")

    assert story.when(PUBLISH, by=OFFICE).rules == ("no_such_reply",)
    assert answered.when(Publish("Water Bureau", on="2026-03-13"), by=OFFICE).rules == ("day_too_early",)


def test_a_unit_publishes_its_own_reply_alone() -> None:
    story = replied(WATER.name, ROADS.name, visibility="public")

    assert story.when(PUBLISH, by=ROADS).rules == ("not_its_unit",)
    assert publication(story.and_(PUBLISH, by=WATER)) == [("2026-04-14", "met")]


def test_each_leads_reply_has_its_own_term_and_what_is_closed_has_none() -> None:
    story = replied(WATER.name, ROADS.name, visibility="public").and_(Accept(), by=ROADS)
    story = story.and_(RecordContact("during"), by=ROADS).and_(Reply("A", "Paved."), by=ROADS, on="2026-03-23")
    story = story.and_(PUBLISH, by=WATER)
    for unit in (WATER, ROADS):
        story = story.and_(Evaluate(unit.name, "satisfied"), by=DEPUTY)
    closed = story.and_(Close(), by=OFFICE)

    assert publication(story) == [("2026-04-14", "met"), ("2026-04-21", "running")]
    assert publication(closed) == [("2026-04-14", "met"), ("2026-04-21", "dropped")]


@pytest.mark.parametrize("name", names())
def test_no_shipped_rulebook_turns_publication_on(name: str) -> None:
    rules = load_preset(name)

    assert Publish not in rules.lifecycle.acts
    assert [rule.id for rule in rules.terms if "published" in rule.met_by] == []
