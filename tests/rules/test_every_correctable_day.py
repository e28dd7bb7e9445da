"""Can whatever bears on a term's day be set right, whichever shipped rulebook reads it? The rules list it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from handleflow import Rulebook, load_preset
from handleflow.acts import Correct, CorrectTime
from handleflow.core.due_day import notice_for, span_of
from handleflow.legal_time import days_later
from handleflow.model import Entry, RightTime, Suggestion
from handleflow.model.fields import correctable_fields
from handleflow.rulebooks import names
from handleflow.rules import TermRule
from handleflow.testing import Scenario, office
from tests.rules.lives import LIFECYCLE, assigned
from tests.rules.test_every_rule_adopted import BY_ANCHOR

RULEBOOKS = [load_preset(name) for name in names()]
OF_THE_ENTRY_ALONE = {"opinion_rejected", "return_granted", "commitment_fulfilled"}
"""Acts that leave no day of their own but that of their entry: ``CorrectTime`` sets that right."""
OF_A_DAY_THEY_NAME = {"unit_received"}
"""Acts whose day is not that of their entry: ``Correct`` alone sets it right."""


class Read:
    """A suggestion that notes which of its fields are read."""

    def __init__(self, suggestion: Suggestion) -> None:
        self._suggestion, self.fields = suggestion, set[str]()

    def __getattr__(self, name: str) -> Any:
        self.fields.add(name)
        return getattr(self._suggestion, name)


def read_by(rule: TermRule) -> set[str]:
    """The fields of a suggestion that a rule of a term reads to find whether and on which day it falls due."""
    read: Any = Read(Suggestion("1"))
    rule.holds_for(read)
    rule.anchor_day(read, None)
    span_of(rule, read)
    notice_for(rule, read)
    fields: set[str] = read.fields
    return fields


def test_each_field_of_the_suggestion_that_a_rule_reads_can_be_set_right() -> None:
    read = {field for rules in RULEBOOKS for rule in rules.terms for field in read_by(rule)}

    assert read == {"in_session", "is_long_track", "notice_on", "session_closed_on"}
    assert read <= set(correctable_fields(Suggestion))


def days_of(suggestion: Suggestion) -> list[tuple[Any, ...]]:
    """The days that its terms count from and fall due on."""
    return [(term.key, term.anchor_on, term.due_on) for term in suggestion.terms]


DAYS = {"on", "assigned_on", "received_on"}


@pytest.mark.parametrize("rules", [each for each in RULEBOOKS if each.lifecycle.name == LIFECYCLE], ids=str)
class TestEveryAnchor:
    """What began a term was a day later than was thought: so the term counts from that day."""

    def anchors(self, rules: Rulebook) -> Iterator[tuple[str, Scenario, Entry]]:
        for kind in sorted({rule.anchor for rule in rules.terms}):
            story = BY_ANCHOR[kind](rules)
            begun_by = {term.anchor_entry for term in story.suggestion.terms}
            acts = [entry for entry in story.history if entry.kind == kind]
            yield kind, story, max(acts, key=lambda entry: (entry.number in begun_by, entry.number))

    def assert_moved(self, rules: Rulebook, entry: Entry, after: Scenario) -> None:
        own = {rule.id for rule in rules.terms if rule.anchor == entry.kind and not rule.counts_from}
        begun = [t for t in after.suggestion.terms if t.key.rule in own and t.anchor_entry == entry.number]

        assert [t.anchor_on for t in begun] == [days_later(entry.happened_on)] * len(begun)
        assert begun or not own

    def test_by_its_field_where_it_left_a_day_of_its_own(self, rules: Rulebook) -> None:
        for kind, story, entry in self.anchors(rules):
            right, told_on = str(days_later(entry.happened_on)), days_later(story.steps[-1].on, 5)
            asked = story.when(Correct(entry.number, "?", right, "typing error"), by=office(), on=told_on)
            correctable: Any = dict(asked.reasons[0].facts)["correctable"]
            fields = [name for name in correctable if name.partition(".")[2] in DAYS]

            assert bool(fields) == (kind not in OF_THE_ENTRY_ALONE), kind
            for field in fields:
                act = Correct(entry.number, field, right, "typing error")
                self.assert_moved(rules, entry, story.and_(act, by=office(), on=told_on))

    def test_by_its_time_whatever_it_left_but_a_day_that_it_names(self, rules: Rulebook) -> None:
        for kind, story, entry in self.anchors(rules):
            right = RightTime(entry.number, entry.at.add(days=1), days_later(entry.on))
            act, told_on = CorrectTime((right,), "The clock was a day slow."), days_later(story.steps[-1].on, 5)
            after = story.and_(act, by=office(), on=told_on)
            if kind in OF_A_DAY_THEY_NAME:
                assert days_of(after.suggestion) == days_of(story.suggestion)
            else:
                self.assert_moved(rules, entry, after)


class TestNotice:
    """The one day that a notice set was written down wrongly."""

    def noticed(self, correction: str | None, rules: Rulebook) -> list[tuple[str, str, bool]]:
        story = assigned(rules, notice_on="2026-04-30").and_the_clock_reads("2026-05-02")
        story = story.and_(Correct(1, "notice_on", correction, "typing error"), by=office(), on="2026-05-03")
        return [(str(t.due_on), str(t.notice_on), t.is_breached) for t in story.suggestion.terms]

    def test_set_right_it_moves_the_terms_that_replies_meet_and_takes_out_the_miss(self) -> None:
        rules = load_preset("cn.national")

        assert self.noticed("2026-05-06", rules) == [("2026-05-06", "2026-05-06", False)]
        assert self.noticed(None, rules) == [("2026-05-11", "None", False)]  # DBF25 art. 51
        assert self.noticed("2026-04-29", rules) == [("2026-04-29", "2026-04-29", True)]
        assert self.noticed("2026-06-30", rules) == [("2026-05-11", "2026-06-30", False)]
