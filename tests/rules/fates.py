"""What becomes of a term and of a reply, in words a table can hold?"""

from __future__ import annotations

from attrs import frozen

from handleflow import Act, Actor, Rulebook
from handleflow.acts import Accept, Assign, RecordContact, Reply
from handleflow.legal_time import Day, day, days_later
from handleflow.model import Term
from handleflow.model.nouns import Promise
from handleflow.testing import Outcome, Scenario, office
from handleflow.testing.boundaries import BoundaryDay, boundary_days
from tests.beginnings import WATER
from tests.rules.lives import ASSIGNED_ON, REPLIED_ON, explaining, heard, received

KEPT = ("kept", "late", "waits", "missed")
"""What becomes of a term: kept on its day, kept a day after; nobody having acted, by its day and a day after."""


@frozen
class Dated:
    """A term that runs in a *story*: the day its *article* makes it end on, and the *act* of *by* that keeps it."""

    article: str
    rule: str
    due: str
    story: Scenario
    act: Act
    by: Actor

    def __str__(self) -> str:
        return f"{self.article}, {self.rule} by {self.due}"

    @property
    def term(self) -> Term:
        """The newest term of its rule."""
        return [term for term in self.story.suggestion.terms if term.key.rule == self.rule][-1]

    @property
    def is_owed_by_its_keeper(self) -> bool:
        """Whether its rule says that *by* owes it, and, where that is a unit, for the unit's own part."""
        rule = self.story.rules.term_rule(self.rule)
        is_own = self.by.role != "unit" or self.term.key.unit == self.by.name
        return rule is not None and rule.owed_by == self.by.role and is_own

    def fates(self) -> tuple[str, ...]:
        """The day people were told, then what becomes of it, to be compared with its day and ``KEPT``."""
        last = day(self.due)
        after = days_later(last, 1)
        return (
            str(self.term.due_on),
            self.acted(last),
            self.acted(after),
            self.left_alone(last),
            self.left_alone(after),
        )

    def acted(self, on: Day) -> str:
        """What becomes of it when it is acted on that day."""
        outcome = self.story.when(self.act, by=self.by, on=on)
        found = outcome.suggestion.term(self.term.key)
        assert outcome.is_granted, str(outcome)
        assert found is not None
        return ("late" if found.is_late else "kept") if found.end == "met" else found.end

    def left_alone(self, on: Day) -> str:
        """What becomes of it by that day when nobody acts."""
        found = self.story.when_the_clock_reads(on).suggestion.term(self.term.key)
        assert found is not None
        assert found.is_running
        return "missed" if found.is_breached else "waits"

    def edges(self) -> tuple[BoundaryDay, ...]:
        """The days that matter for it, from the day the story has come to."""
        come_to = self.story.steps[-1].on
        return tuple(edge for edge in boundary_days(self.story.rules, self.term) if edge.on >= come_to)


def said_with(rules: Rulebook, code: str, promised_for: str | None = None) -> str:
    """What comes of a reply of the class *code*, which promises something for a day if one is given."""
    promises = (Promise("New pipes", promised_for),) if promised_for else ()
    outcome = heard(rules).when(Reply(code, "See the letter.", promises), by=WATER, on=REPLIED_ON)
    if not outcome.is_granted:
        return f"refused: {reasons(outcome)}"
    meaning = outcome.suggestion.replies[-1].snapshot
    assert meaning is not None
    flags = {"solved": meaning.is_resolved, "sent up": meaning.is_sent_upward}
    words = [word for word, is_so in flags.items() if is_so]
    words += [f"promised for {promise.due_on or 'no day'}" for promise in outcome.suggestion.open_commitments]
    return ", ".join(words) or "over"


def refused_with(story: Scenario, act: Act, *, by: Actor, on: str | None = None) -> str:
    """Why an act is refused, as ``reasons`` says it; nothing where it is granted."""
    return reasons(story.when(act, by=by, on=on))


def reasons(outcome: Outcome) -> str:
    """Each reason by its rule, and the article where the words the person refused reads end with one."""
    found = ((reason.rule, reason.text().rpartition(" [")) for reason in outcome.reasons)
    return "; ".join(f"{rule} [{cited}" if bracket else rule for rule, (_, bracket, cited) in found)


def joint(rules: Rulebook, reply: Reply | None = None) -> Scenario:
    """Deputy B has signed with Deputy A, and the Water Bureau has answered them; why not, if no *reply* is given."""
    story = received(rules, co_signers=("Deputy B",)).and_(Assign((WATER.name,)), by=office(), on=ASSIGNED_ON)
    story = story.and_(Accept(), by=WATER).and_(RecordContact("before"), by=WATER)
    return story.and_(reply or explaining(rules), by=WATER, on=REPLIED_ON)
