"""Can a host's own act do to terms whatever an act of the library does, and does it say so itself?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from types import FunctionType
from typing import Any

import attrs
import pytest
from attrs import evolve, frozen

from handleflow import Act, Entry, Promise, Provenance, Refused, Rulebook, Suggestion, load, load_preset
from handleflow.acts import (
    ACTS,
    Accept,
    Adopt,
    Assign,
    FulfilCommitment,
    RecordContact,
    RecordReceipt,
    Reply,
    RequestExtension,
    Succeed,
    Supervise,
    Suspend,
)
from handleflow.core import corrected_by, decide, explain, supervise
from handleflow.legal_time import Day, Span, day
from handleflow.model import Bearing, Event
from handleflow.model.changing import changed
from handleflow.model.nouns import Answer
from handleflow.rulebooks import names
from handleflow.rules.term_rules import BUILTIN_TERMS
from handleflow.testing import Scenario, given
from tests.beginnings import OFFICE, ROADS, WATER, instant, received
from tests.rules.test_recorded_lives import asked_again, recorded


@frozen
class OfAUnit(Act):
    """What the office does to a unit's terms."""

    unit: str = "Water Bureau"

    def units(self, provenance: Provenance) -> tuple[str, ...]:
        return (self.unit,)


@frozen
class CallForVisit(OfAUnit):
    verb = "call_for_visit"
    kind = "visit_called_for"


@frozen
class Visit(Act):
    verb = "visit"
    kind = "visited"


@frozen
class GiveMoreTime(OfAUnit):
    verb = "give_more_time"
    kind = "more_time_given"
    until: Day = attrs.field(default=day("2026-03-23"), converter=day)

    def bearing(self, suggestion: Suggestion, provenance: Provenance) -> Bearing:
        return Bearing(extended_until=self.until)


@frozen
class StopTheClock(Act):
    verb = "stop_the_clock"
    kind = "clock_stopped"

    def bearing(self, suggestion: Suggestion, provenance: Provenance) -> Bearing:
        return Bearing(paused_on=self.happened_on(provenance))


@frozen
class LetTheClockGoOn(Act):
    verb = "let_the_clock_go_on"
    kind = "clock_went_on"
    counts_as = ("resumed",)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        return changed(suggestion, suspended_on=None)

    def bearing(self, suggestion: Suggestion, provenance: Provenance) -> Bearing:
        return Bearing(resumed_on=self.happened_on(provenance))


@frozen
class AskForFigures(OfAUnit):
    """Names the day of what it begins, and its number where it is told one."""

    verb = "ask_for_figures"
    kind = "figures_asked_for"
    by: Day = attrs.field(default=day("2026-04-01"), converter=day)
    number: int | None = None

    def bearing(self, suggestion: Suggestion, provenance: Provenance) -> Bearing:
        return Bearing(ref=self.number, due_on=self.by)


@frozen
class GiveFigures(Act):
    verb = "give_figures"
    kind = "figures_given"
    number: int | None = None

    def bearing(self, suggestion: Suggestion, provenance: Provenance) -> Bearing:
        return Bearing(ref=self.number)


@frozen
class KeepPromise(Act):
    """What ``FulfilCommitment`` is, under another kind."""

    verb = "keep_promise"
    kind = "promise_kept"
    counts_as = (FulfilCommitment.kind,)

    def bearing(self, suggestion: Suggestion, provenance: Provenance) -> Bearing:
        return Bearing(ref=2)


@frozen
class ReplyByLetter(Act):
    """A reply of a host's own, which counts as the library's."""

    verb = "reply_by_letter"
    kind = "replied_by_letter"
    counts_as = (Reply.kind,)

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        answer = Answer(suggestion.next_entry, provenance.by.name, 1, provenance.on, "B", text="next year")
        return changed(suggestion, replies=(*suggestion.replies, answer))

    def bearing(self, suggestion: Suggestion, provenance: Provenance) -> Bearing:
        return Bearing(promises=(Promise("pipes", "2026-06-01"), Promise("pumps", "2026-07-01")))


OWN = (
    CallForVisit,
    Visit,
    GiveMoreTime,
    StopTheClock,
    LetTheClockGoOn,
    AskForFigures,
    GiveFigures,
    KeepPromise,
    ReplyByLetter,
)
HERE = {"source": ["handling"], "target": "same", "who": ["congress_office", "unit"]}
VISIT = {
    "id": "visit",
    "of": "lead",
    "anchor": "visit_called_for",
    "met_by": ["visited"],
    "span": "10 workdays",
    "cite": "host",
    "is_pausable": True,
    "extension": {"span": "20 workdays", "base": "capped", "mode": "consent", "cite": "host"},
}
FIGURES = {
    "id": "figures",
    "of": "unit",
    "anchor": "figures_asked_for",
    "met_by": ["figures_given"],
    "cite": "host",
    "en": "figures were asked for by this day",
}
EACH = {**VISIT, "id": "each", "of": "unit", "met_by": ["replied"]}
PARTS = {**VISIT, "id": "parts", "of": "unit", "anchor": "assigned", "met_by": ["visited"]}


@cache
def rules(*terms: str) -> Rulebook:
    """The national rulebook with the host's acts, and those of the host's terms that are named."""
    known = {term["id"]: term for term in (VISIT, FIGURES, EACH, PARTS)}
    return load(
        "cn.national",
        acts=OWN,
        changes={
            "name": "test",
            "version": "1",
            "transition": [{"act": act.verb, **HERE} for act in (*OWN, Suspend)],
            "term": [known[id] for id in terms],
        },
    )


def handling(*terms: str) -> Scenario:
    """Both bureaus have signed for it on 2 March 2026, a Monday."""
    story = received(rules(*terms)).and_(Assign((WATER.name, ROADS.name)), by=OFFICE, on="2026-03-02")
    return story.and_(Accept(), by=WATER).and_(Accept(), by=ROADS)


def the(story: Scenario, rule: str = "visit") -> list[tuple[str, int, str, str]]:
    """The terms of a rule: whose, which, how they stand, and for when."""
    terms = [term for term in story.suggestion.terms if term.key.rule == rule]
    return [(term.key.unit, term.key.ref, term.end, str(term.due_on)) for term in terms]


CALLED = handling("visit").and_(CallForVisit(), by=OFFICE, on="2026-03-02")


class TestOrdinaryTerms:
    """A term that is counted: begun, met, extended, paused and resumed by acts of a host's own."""

    def test_it_begins_a_term_of_the_unit_it_is_about_and_of_no_other(self) -> None:
        assert the(CALLED) == [("Water Bureau", 1, "running", "2026-03-16")]

    def test_it_meets_the_term_of_the_unit_that_asks(self) -> None:
        one = CALLED.and_(Visit(), by=ROADS, on="2026-03-05")
        both = one.and_(Visit(), by=WATER, on="2026-03-06")

        assert (the(one)[0][2], the(both)[0][2], both.last.kinds) == ("running", "met", ("visited", "term_met"))

    def test_it_extends_the_term_by_consent(self) -> None:
        story = CALLED.and_(GiveMoreTime(), by=OFFICE, on="2026-03-03")
        moved: Any = story.last.entries[-1].event

        assert (the(story)[0][3], story.last.kinds) == ("2026-03-23", ("more_time_given", "term_moved"))
        assert (moved.reason, moved.extension.by_consent, moved.extension.entry) == (
            "extended",
            True,
            story.last.entries[0].number,
        )

    def test_it_pauses_the_term_once_and_resumes_it(self) -> None:
        story = CALLED.and_(StopTheClock(), by=OFFICE, on="2026-03-04")
        again = story.and_(StopTheClock(), by=OFFICE, on="2026-03-05")
        on = again.and_(LetTheClockGoOn(), by=OFFICE, on="2026-03-10")

        assert [s.last.kinds[1:] for s in (story, again, on)] == [("term_paused",), (), ("term_moved",)]
        assert the(on)[0][3] == "2026-03-20"

    def test_the_clock_misses_nothing_while_it_stands(self) -> None:
        story = CALLED.and_(StopTheClock(), by=OFFICE, on="2026-03-04")

        assert supervise(story.rules, story.suggestion, at=instant("2026-04-01")).entries == ()

    def test_no_suspension_ends_by_itself_while_an_act_that_counts_as_resuming_has_a_transition(self) -> None:
        story = CALLED.and_(Suspend("flood"), by=OFFICE, on="2026-03-04")
        later = story.and_(RecordContact("before"), by=WATER, on="2026-03-05")
        on = later.and_(LetTheClockGoOn(), by=OFFICE, on="2026-03-10")

        assert (later.last.kinds, the(on)[0][3]) == (("contact_recorded",), "2026-03-20")

    def test_each_unit_it_is_about_may_have_a_term_whatever_its_part(self) -> None:
        story = handling("each").and_(CallForVisit("Harbour Office"), by=OFFICE, on="2026-03-02")

        assert the(story, "each") == [("Harbour Office", 1, "running", "2026-03-16")]

    def test_each_part_begins_a_term_of_its_unit_whatever_its_role(self) -> None:
        assert [unit for unit, *_ in the(handling("parts"), "parts")] == ["Water Bureau", "Roads Bureau"]


class TestNamedDays:
    """A term that nothing counts: what begins it names its day, as a promise and a supervision do."""

    def test_it_has_the_day_that_began_it_named(self) -> None:
        story = handling("figures").and_(AskForFigures(), by=OFFICE, on="2026-03-02")

        assert the(story, "figures") == [("Water Bureau", 1, "running", "2026-04-01")]

    def test_several_run_side_by_side_and_the_one_is_met_whose_number_is_named(self) -> None:
        story = handling("figures").and_(AskForFigures(number=7), by=OFFICE, on="2026-03-02")
        story = story.and_(AskForFigures(number=8), by=OFFICE).and_(GiveFigures(8), by=ROADS)

        assert [(ref, end) for _, ref, end, _ in the(story, "figures")] == [(7, "running"), (8, "met")]

    def test_without_a_number_those_of_the_unit_that_asks_are_met(self) -> None:
        story = handling("figures").and_(AskForFigures(), by=OFFICE).and_(AskForFigures("Roads Bureau"), by=OFFICE)
        story = story.and_(GiveFigures(), by=ROADS)

        assert [(unit, end) for unit, _, end, _ in the(story, "figures")] == [
            ("Water Bureau", "running"),
            ("Roads Bureau", "met"),
        ]

    def test_explaining_it_says_in_the_rules_words_that_it_was_named(self) -> None:
        story = handling("figures").and_(AskForFigures(), by=OFFICE)
        (term,) = story.suggestion.running_terms("figures")

        assert [(step.what, step.text()) for step in explain(story.rules, term)] == [
            ("fixed", "figures were asked for by this day"),
            ("result", "due on 2026-04-01"),
        ]

    @pytest.mark.parametrize("is_known", [pytest.param(True, id="no words"), pytest.param(False, id="no rule")])
    def test_without_words_of_its_rule_it_still_says_so(self, is_known: bool) -> None:
        story = handling("figures").and_(AskForFigures(), by=OFFICE)
        (term,) = story.suggestion.running_terms("figures")
        wordless = tuple(evolve(rule, en="") for rule in story.rules.terms if is_known)

        assert explain(evolve(story.rules, terms=wordless), term)[0].text() == "this day was named"


class TestBuiltInTerms:
    """What a reply promised and the answer to a supervision are terms of rules, in every rulebook."""

    @pytest.mark.parametrize("name", names())
    def test_every_rulebook_has_their_rules(self, name: str) -> None:
        rulebook = load_preset(name)

        assert [rulebook.term_rule(rule.id) for rule in BUILTIN_TERMS] == list(BUILTIN_TERMS)

    def test_an_act_that_counts_as_keeping_a_promise_keeps_it(self) -> None:
        story = handling().and_(RecordContact("before"), by=WATER, on="2026-03-02")
        story = story.and_(ReplyByLetter(), by=WATER).and_(KeepPromise(), by=WATER, on="2026-06-05")

        assert the(story, "commitment") == [
            ("Water Bureau", 1, "running", "2026-06-01"),
            ("Water Bureau", 2, "met", "2026-07-01"),
        ]

    def test_an_act_that_counts_as_a_reply_meets_what_a_reply_meets(self) -> None:
        story = handling().and_(RecordContact("before"), by=WATER, on="2026-03-02").and_(ReplyByLetter(), by=WATER)

        assert [end for _, _, end, _ in the(story, "reply")] == ["met", "running"]

    def test_the_answer_to_a_supervision_gives_a_unit_no_right_to_longer_time(self) -> None:
        """Its own term has no day but the one asked for, and no article to cite."""
        story = handling().and_(RecordContact("before"), by=WATER, on="2026-03-02").and_(ReplyByLetter(), by=WATER)
        story = story.and_(Supervise(WATER.name, "phone", "soon", "2026-03-20"), by=OFFICE)
        (reason,) = story.when(RequestExtension("2026-04-01", "hard"), by=WATER).reasons

        assert (reason.rule, reason.citation) == ("no_extension", "")


def own_of(act: type[Act]) -> type[Act]:
    """A host's own act with the fields, the effect and the bearing of *act*, which the library cannot tell is one."""
    body: dict[str, Any] = {}
    for each in reversed(act.__mro__[: act.__mro__.index(Act)]):
        body |= {
            name: value for name, value in vars(each).items() if isinstance(value, FunctionType | property | str)
        }
    fields = {
        each.name: attrs.field(default=each.default, converter=each.converter, kw_only=True)
        for each in attrs.fields(act)
        if each.name != "on"
    }
    body = {name: value for name, value in body.items() if not name.startswith("__")}
    body |= {"verb": f"own_{act.verb}", "kind": f"own_{act.kind}", "counts_as": (act.kind, *act.counts_as)}
    made: type[Act] = attrs.make_class(f"Own{act.__name__}", fields, bases=(Act,), class_body=body, frozen=True)
    return made


OWN_OF = {act: own_of(act) for act in ACTS}


def as_own(act: Act) -> Act:
    """What *act* says, said by a host's own."""
    return OWN_OF[type(act)](**{each.name: getattr(act, each.name) for each in attrs.fields(type(act))})


def with_own_acts(rulebook: Rulebook) -> Rulebook:
    """*rulebook*, whose lifecycle knows the host's acts in place of the library's; the clock keeps its own."""
    transitions = [evolve(t, act=OWN_OF.get(t.act, t.act)) for t in rulebook.lifecycle.transitions]
    spoken = [t for t in rulebook.lifecycle.transitions if t.act is Supervise]
    return evolve(rulebook, lifecycle=evolve(rulebook.lifecycle, transitions=(*transitions, *spoken)), guards=())


def granted(name: str, lives: int) -> Iterator[tuple[Scenario, Act, Provenance, tuple[Entry, ...]]]:
    """What was granted in recorded lives under a shipped rulebook, each with the story before and what it left."""
    rulebook = load_preset(name)
    for steps in recorded()[name][:lives]:
        story = given(rulebook)
        for step in steps:
            outcome = asked_again(story, step)
            acts = [entry for entry in outcome.entries if isinstance(entry.event, Act) and "act" in step]
            yield from ((story, entry.event, entry.provenance, outcome.entries) for entry in acts)  # type: ignore[misc]
            story = outcome.and_then()


def consequences(entries: tuple[Entry, ...]) -> list[tuple[int, Event]]:
    """What was written beside the act."""
    return [(entry.number, entry.event) for entry in entries if not isinstance(entry.event, Act)]


TRIED = 45
ADOPTED = evolve(rules("visit"), version="2", terms=(evolve(rules("visit").terms[0], span=Span(15, "workday")),))


@pytest.mark.parametrize("name", sorted(recorded()))
def test_a_hosts_act_with_the_bearing_of_one_of_the_librarys_leaves_the_same_consequences(name: str) -> None:
    rulebook = with_own_acts(load_preset(name))
    for story, act, provenance, entries in granted(name, TRIED):
        corrected = corrected_by(act, story.suggestion, story.history) if act.reads_history else None
        decision = decide(rulebook, story.suggestion, as_own(act), provenance, corrected=corrected)

        assert not isinstance(decision, Refused)
        assert (act.kind, consequences(decision.entries)) == (act.kind, consequences(entries))


def test_so_does_one_by_which_another_version_decides() -> None:
    adopt, provenance = Adopt("test", "2"), Provenance(OFFICE, instant("2026-03-03"), day("2026-03-03"))
    theirs = decide(ADOPTED, CALLED.suggestion, adopt, provenance)
    ours = decide(with_own_acts(ADOPTED), CALLED.suggestion, as_own(adopt), provenance)

    assert not isinstance(theirs, Refused)
    assert not isinstance(ours, Refused)
    assert [event.kind for _, event in consequences(theirs.entries)] == ["term_moved", "term_moved", "term_dropped"]
    assert consequences(ours.entries) == consequences(theirs.entries)


def test_so_does_one_that_passes_on_what_a_unit_has() -> None:
    succeed = Succeed("Roads Bureau", WATER.name, "merged")
    provenance = Provenance(OFFICE, instant("2026-03-03"), day("2026-03-03"))
    for base in ("cn.zhejiang", "cn.chongqing"):
        rulebook = load_preset(base)
        assigned = received(rulebook).and_(Assign((WATER.name,), ("Roads Bureau",)), by=OFFICE, on="2026-02-10")
        story = assigned.and_(Accept(), by=ROADS)
        theirs = decide(rulebook, story.suggestion, succeed, provenance)
        ours = decide(with_own_acts(rulebook), story.suggestion, as_own(succeed), provenance)

        assert not isinstance(theirs, Refused)
        assert not isinstance(ours, Refused)
        assert [event.kind for _, event in consequences(theirs.entries)][:1] == ["term_dropped"]
        assert consequences(ours.entries) == consequences(theirs.entries)


def test_so_does_one_by_which_a_unit_received_it_later() -> None:
    late = RecordReceipt(WATER.name, "2026-03-02", "The platform stood still.")
    provenance, rulebook = Provenance(OFFICE, instant("2026-03-03"), day("2026-03-03")), load_preset("cn.zhejiang")
    story = received(rulebook).and_(Assign((WATER.name,)), by=OFFICE, on="2026-02-10")
    theirs = decide(rulebook, story.suggestion, late, provenance)
    ours = decide(with_own_acts(rulebook), story.suggestion, as_own(late), provenance)

    assert not isinstance(theirs, Refused)
    assert not isinstance(ours, Refused)
    assert [event.kind for _, event in consequences(theirs.entries)] == ["term_moved"]
    assert consequences(ours.entries) == consequences(theirs.entries)


def test_that_is_tried_with_every_act_that_has_a_bearing_of_its_own() -> None:
    tried = {type(act) for name in recorded() for _, act, _, _ in granted(name, TRIED)}

    assert {act for act in ACTS if act.bearing is not Act.bearing} <= {Adopt, RecordReceipt, Succeed, *tried}
