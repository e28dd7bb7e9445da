"""What are the nouns? Kinds that never change, terms that stand in exactly one place, values that say something."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handleflow import CLOCK, Act, Actor, Event, Reason, Suggestion, acts, events
from handleflow.acts import ACTS, EVENTS, Accept, Close, Decline, MergeWith, Reply
from handleflow.errors import EmptyWords, ImpossibleDay, UnknownChoice
from handleflow.events import CONSEQUENCES
from handleflow.legal_time import Day, day
from handleflow.model import (
    Entry,
    Provenance,
    Question,
    RulebookRef,
    Term,
    TermKey,
    UnknownEvent,
    nouns,
    reads_the_act,
)
from handleflow.model.commitments import Commitment
from handleflow.model.fields import correctable_fields, day_or_none, days, names
from handleflow.model.nouns import Answer, Assignment, Contact, ExtensionRequest, Rating
from handleflow.model.term import Pause
from tests.beginnings import DEPUTY, OFFICE, WATER, accepted, assigned, instant, received, replied, rulebook

RULES = rulebook()
DAYS = st.dates(day("2020-01-01"), day("2030-12-31")).map(day)
KEY = TermKey("reply", "Water Bureau")

KINDS = (
    "received taken_over declined classified assigned distributed assignment_objected "
    "assignment_objection_answered unit_received accepted return_requested return_granted return_refused "
    "reassigned planned "
    "measure_reported contact_recorded opinion_given opinion_rejected extension_requested extension_granted "
    "extension_refused extension_declared suspended resumed reply_drafted draft_approved draft_returned "
    "replied regraded published evaluated no_response_recorded rehandling_demanded commitment_reported "
    "commitment_fulfilled commitment_rated supervised supervision_answered answer_rejected progress_marked "
    "succeeded merged withdrawn corrected time_corrected adopted closed term_set term_moved term_undated term_paused "
    "term_met deadline_missed miss_rebutted term_dropped term_outcome_unknown reply_classified commitment_opened "
    "rung_lapsed rung_suppressed suspension_ended"
)


class TestKinds:
    """What disks hold."""

    def test_kinds_are_permanent(self) -> None:
        """A history written yesterday must be read tomorrow: a kind may be added here, never changed."""
        assert " ".join(event.kind for event in EVENTS) == KINDS

    def test_no_two_events_share_a_kind_and_no_two_acts_a_verb(self) -> None:
        assert len({event.kind for event in EVENTS}) == len(EVENTS)
        assert len({act.verb for act in ACTS}) == len(ACTS)

    def test_every_event_of_every_room_is_on_the_one_list_and_can_be_imported_by_it(self) -> None:
        rooms = [import_module(room.name) for room in iter_modules(acts.__path__, "handleflow.acts.")] + [events]
        made_there = {
            each
            for room in rooms
            for each in vars(room).values()
            if isinstance(each, type) and issubclass(each, Event) and each.kind and each.__module__ == room.__name__
        }

        assert made_there == set(EVENTS)
        assert {act.__name__ for act in ACTS} | {"ACTS", "EVENTS"} == set(acts.__all__)

    def test_an_event_is_an_act_or_a_consequence(self) -> None:
        assert (*ACTS, *CONSEQUENCES) == EVENTS
        assert (ACTS[0].kind, ACTS[-1].kind, CONSEQUENCES[0].kind) == ("received", "closed", "term_set")

    @pytest.mark.parametrize("event", EVENTS, ids=lambda event: str(event.kind))
    def test_an_event_says_what_it_is(self, event: type[Event]) -> None:
        assert (event.__doc__ or "").strip() != ""


WORDS = {"reason", "text", "ground", "explanation"}
ANY_VALUE: dict[str, Any] = {
    "until": "2026-06-01",
    "leads": ("Water Bureau",),
    "stage": "before",
    "commitment": 1,
    "supervision": 1,
    "entry": 1,
    "reminded_on": (),
    "answer_by": "2026-03-02",
    "how": "renamed",
    "times": (),
    "received_on": "2026-03-02",
}


def fields_of(act: type[Act]) -> dict[str, Any]:
    """What must be told for an act, with a value for each that will do."""
    return {a.name: ANY_VALUE.get(a.name, "satisfied") for a in attrs.fields(act) if a.default is attrs.NOTHING}


@pytest.mark.parametrize(
    "act",
    [act for act in ACTS if WORDS.intersection(attrs.fields_dict(act))],
    ids=lambda act: str(act.verb),
)
def test_an_act_whose_reason_is_empty_cannot_even_be_asked_for(act: type[Act]) -> None:
    empty = dict.fromkeys(WORDS.intersection(attrs.fields_dict(act)), " ")

    with pytest.raises(EmptyWords, match=act.__name__):
        act(**{**fields_of(act), **empty})


class TestDays:
    """The day something happened."""

    @pytest.mark.parametrize("act", ACTS, ids=lambda act: str(act.verb))
    def test_no_act_happens_on_a_day_that_does_not_exist(self, act: type[Act]) -> None:
        with pytest.raises(ImpossibleDay, match="'2008-09-31' is no day of the calendar"):
            act(**fields_of(act), on="2008-09-31")

    def test_unknown_is_no_day_and_a_day_is_one(self) -> None:
        assert (day_or_none(None), day_or_none("2026-02-10")) == (None, day("2026-02-10"))

    def test_several_days_keep_their_order(self) -> None:
        assert days(["2026-02-10", "2026-02-09"]) == (day("2026-02-10"), day("2026-02-09"))

    def test_an_act_happened_on_its_own_day_else_on_the_day_it_was_told(self) -> None:
        provenance = Provenance(OFFICE, instant("2026-02-10"), day("2026-02-10"))

        assert Close().happened_on(provenance) == day("2026-02-10")
        assert Close(on="2026-02-09").happened_on(provenance) == day("2026-02-09")


class TestNames:
    """Names and codes."""

    def test_names_keep_their_order(self) -> None:
        assert names(["Roads Bureau", "Water Bureau"]) == ("Roads Bureau", "Water Bureau")

    @pytest.mark.parametrize(
        "wrong",
        ["Water Bureau", None, ("",), ("Water Bureau", 7)],
        ids=["one text", "none", "an empty name", "a number"],
    )
    def test_what_is_no_list_of_names_is_refused(self, wrong: object) -> None:
        with pytest.raises(EmptyWords):
            names(wrong)  # type: ignore[arg-type]  # what it refuses

    @pytest.mark.parametrize("name", ["", " ", None], ids=["nothing", "a space", "unknown"])
    def test_an_actor_has_a_name(self, name: Any) -> None:
        with pytest.raises(EmptyWords, match="Actor needs words for 'name'"):
            Actor("unit", name)

    def test_an_unknown_code_is_refused_even_where_none_may_be(self) -> None:
        with pytest.raises(UnknownChoice, match="'result' cannot be 'glad'"):
            Rating(1, DEPUTY, result="glad")

    def test_none_is_a_code_only_where_it_may_be_unknown(self) -> None:
        with pytest.raises(UnknownChoice, match="cannot be None"):
            Assignment(1, "Water Bureau", None)  # type: ignore[arg-type]  # what a careless host would pass

    @pytest.mark.parametrize(
        ("thing", "spoken"),
        [
            (WATER, "Water Bureau (unit)"),
            (CLOCK, "clock (clock)"),
            (RulebookRef("cn.national", "2025.1"), "cn.national 2025.1"),
            (TermKey("reply", "Water Bureau", 2, 1), "reply of Water Bureau (round 2, 1)"),
            (TermKey("reply"), "reply (round 1, 1)"),
        ],
        ids=["a unit", "the clock", "a version", "a unit's term", "a term of the whole"],
    )
    def test_it_is_spoken_of_in_one_line(self, thing: object, spoken: str) -> None:
        assert str(thing) == spoken


class TestCorrectable:
    """What may be set right later."""

    @pytest.mark.parametrize(
        ("noun", "names"),
        [
            (Answer, {"on", "mark", "text", "signed_by"}),
            (Contact, {"on", "channel", "text"}),
            (Commitment, {"text"}),
            (ExtensionRequest, {"reason"}),
            (Pause, set()),
        ],
        ids=["a reply", "a contact", "a commitment", "a request", "a pause"],
    )
    def test_words_days_and_names_never_who_or_which(self, noun: type, names: set[str]) -> None:
        assert set(correctable_fields(noun)) == names

    def test_a_new_day_is_read_as_a_day_and_new_words_as_they_are(self) -> None:
        readers = correctable_fields(Answer)

        assert (readers["on"]("2026-02-10"), readers["text"]("2026-02-10")) == (
            day("2026-02-10"),
            "2026-02-10",
        )


class TestTerm:
    """A dated promise."""

    @given(due=DAYS, on=DAYS)
    def test_a_running_term_is_exactly_one_of_not_due_due_today_overdue(self, due: Day, on: Day) -> None:
        status = Term(KEY, 1, due_on=due).status(on)

        assert {"not_due": on < due, "due_today": on == due, "overdue": on > due}[status]

    @pytest.mark.parametrize("end", ["met", "dropped", "unknown", "not_computable"])
    def test_an_ended_term_is_how_it_ended_whatever_the_day(self, end: str) -> None:
        assert Term(KEY, 1, due_on="2026-05-11", end=end).status(day("2027-01-01")) == end

    def test_a_term_without_a_day_is_never_overdue(self) -> None:
        assert Term(KEY, 1).status(day("2027-01-01")) == "running"

    @pytest.mark.parametrize(
        ("known", "is_breached", "is_late"),
        [
            pytest.param({"end": "met", "ended_on": "2026-05-11"}, False, False, id="met on the day"),
            pytest.param({"end": "met", "ended_on": "2026-05-12"}, False, True, id="met after the day"),
            pytest.param({"missed_on": "2026-05-11"}, True, True, id="missed and running"),
            pytest.param({"missed_on": "2026-05-11", "is_rebutted": True}, False, False, id="missed and rebutted"),
            pytest.param({"end": "dropped", "missed_on": "2026-05-11"}, True, True, id="missed and dropped"),
            pytest.param({"end": "met"}, False, False, id="met on a day nobody knows"),
            pytest.param({}, False, False, id="running"),
        ],
    )
    def test_late_is_met_after_the_day_or_missed(
        self, known: dict[str, Any], is_breached: bool, is_late: bool
    ) -> None:
        term = Term(KEY, 1, due_on="2026-05-11", **known)

        assert (term.is_breached, term.is_late) == (is_breached, is_late)

    def test_an_end_nobody_knows_is_refused(self) -> None:
        with pytest.raises(UnknownChoice, match="'end' cannot be 'finished'; known: dropped, met"):
            Term(KEY, 1, end="finished")


class TestSuggestion:
    """What one asks of a suggestion."""

    def test_its_parts_are_found_by_name_or_not_at_all(self) -> None:
        suggestion = assigned(RULES, co_units=("Roads Bureau",)).suggestion

        assert [a.unit for a in suggestion.active()] == ["Water Bureau", "Roads Bureau"]
        assert [a.unit for a in suggestion.active("co")] == ["Roads Bureau"]
        assert (suggestion.assignment_of("Schools Bureau"), suggestion.assignment_of(None)) == (None, None)

    def test_a_reply_is_found_by_unit_in_the_present_round_or_a_named_one(self) -> None:
        suggestion = replied(RULES).suggestion
        (reply,) = suggestion.replies

        assert suggestion.reply_of("Water Bureau") == suggestion.reply_of("Water Bureau", 1) == reply
        assert (suggestion.reply_of("Water Bureau", 2), suggestion.reply_of("Roads Bureau")) == (None, None)

    def test_running_terms_are_those_of_the_rule_and_unit_asked_for(self) -> None:
        suggestion = assigned(RULES, "Water Bureau", "Roads Bureau").suggestion

        assert [t.key.unit for t in suggestion.running_terms("reply")] == ["Water Bureau", "Roads Bureau"]
        assert [t.key.unit for t in suggestion.running_terms(unit="Roads Bureau")] == ["Roads Bureau"]
        assert list(suggestion.running_terms("rating")) == []

    def test_a_term_met_no_longer_runs_but_is_still_found(self) -> None:
        suggestion = replied(RULES).suggestion

        assert list(suggestion.running_terms()) == []
        assert suggestion.term(KEY) == suggestion.terms[0]
        assert suggestion.term(TermKey("rating")) is None

    def test_a_number_nobody_gave_finds_nothing(self) -> None:
        suggestion = replied(RULES, outcome="B").suggestion

        assert suggestion.commitment(1) == suggestion.commitments[0]
        assert (suggestion.commitment(2), suggestion.supervision(1)) == (None, None)

    def test_a_hosts_own_fact_is_kept_and_replaced_by_name(self) -> None:
        suggestion = Suggestion("2026-017").with_own("review", "open").with_own("letter", "sent")
        suggestion = suggestion.with_own("review", "done")

        assert (suggestion.own("review"), suggestion.own("letter"), suggestion.own("x")) == ("done", "sent", None)
        assert suggestion.own_facts == (("letter", "sent"), ("review", "done"))

    def test_changing_one_units_part_leaves_the_others_and_those_that_ended(self) -> None:
        suggestion = assigned(RULES, "Water Bureau", "Roads Bureau").suggestion
        ended = suggestion.with_assignment("Water Bureau", ended="returned")
        again = ended.with_assignment("Water Bureau", round=2).with_assignment("Roads Bureau", round=3)

        assert [(a.unit, a.round, a.ended) for a in again.assignments] == [
            ("Water Bureau", 1, "returned"),
            ("Roads Bureau", 3, None),
        ]

    def test_changing_a_term_leaves_the_others(self) -> None:
        suggestion = assigned(RULES, "Water Bureau", "Roads Bureau").suggestion
        changed = suggestion.with_terms(KEY, lambda term: attrs.evolve(term, end="met", ended_on="2026-03-02"))

        assert [(t.key.unit, t.end) for t in changed.terms] == [("Water Bureau", "met"), ("Roads Bureau", "running")]

    def test_every_noun_that_may_be_corrected_has_a_name_of_its_own(self) -> None:
        every = (*vars(nouns).values(), Suggestion)
        correctable: list[Any] = [n for n in every if attrs.has(n) and correctable_fields(n)]
        names = [noun.noun for noun in correctable]

        assert (len(set(names)), {"reply", "contact", "rating", "assignment", "suggestion"} <= set(names)) == (
            len(correctable),
            True,
        )

    def test_a_suggestion_has_an_id(self) -> None:
        with pytest.raises(EmptyWords, match="Suggestion needs words for 'id'"):
            Suggestion("")


class TestEntry:
    """One numbered line of a history."""

    def test_it_says_who_told_it_when_and_when_it_happened(self) -> None:
        (entry,) = received(RULES).history

        assert (entry.number, entry.kind, entry.by, entry.state) == (1, "received", OFFICE, "received")
        assert (entry.at, entry.on, entry.happened_on) == (
            instant("2026-02-09"),
            day("2026-02-09"),
            day("2026-02-09"),
        )

    def test_a_consequence_happened_on_the_day_it_was_written(self) -> None:
        entry = next(e for e in assigned(RULES).history if e.kind == "term_set")

        assert entry.happened_on == day("2026-02-10")

    def test_a_kind_this_version_does_not_know_is_shown_and_has_no_effect(self) -> None:
        provenance = Provenance(OFFICE, instant("2026-02-10"), day("2026-02-10"))
        event = UnknownEvent("audited", b"{}")
        suggestion = received(RULES).suggestion

        assert Entry(2, event, provenance, "received", RulebookRef("test", "1")).kind == "audited"
        assert event.effect(suggestion, provenance) is suggestion

    @pytest.mark.parametrize(
        ("by", "units"),
        [(WATER, ("Water Bureau",)), (DEPUTY, ()), (OFFICE, ())],
        ids=["a unit", "a deputy", "an office"],
    )
    def test_an_act_is_about_the_unit_that_asks_for_it(self, by: Actor, units: tuple[str, ...]) -> None:
        assert Accept().units(Provenance(by, instant("2026-02-10"), day("2026-02-10"))) == units

    def test_only_merging_reaches_into_another_suggestion(self) -> None:
        suggestion = accepted(RULES).suggestion

        assert [act.mirrored_act(suggestion) for act in (Accept(), Reply("A", "done"), Close())] == [None] * 3
        assert MergeWith("2026-018").mirrored_act(suggestion)[0] == "2026-018"

    def test_an_act_that_lists_no_check_is_refused_by_none_of_its_own(self) -> None:
        assert (Act.checks, Decline.checks) == ((), ())

    @pytest.mark.parametrize(
        ("act", "expected"),
        [
            pytest.param(None, None, id="no day while only the class is known"),
            pytest.param(Accept(), day("2026-02-10"), id="the day of asking where the act names none"),
            pytest.param(Accept(on="2026-02-09"), day("2026-02-09"), id="the day the act names"),
        ],
    )
    def test_a_question_knows_the_day_it_happened_when_the_act_is_known(self, act: Act, expected: Day) -> None:
        provenance = Provenance(OFFICE, instant("2026-02-10"), day("2026-02-10"))
        question = Question(Suggestion("1"), Accept, act, provenance, RULES.calendar, RULES.convention)

        assert (question.happened_on, question.by) == (expected, OFFICE)

    def test_a_check_that_reads_the_act_is_silent_while_only_its_class_is_known(self) -> None:
        @reads_the_act
        def never(act: Act, question: Question[Act]) -> list[Reason]:
            return [Reason("never", en=act.verb)]

        question = partial(Question, Suggestion("1"), Accept)
        rest = Provenance(OFFICE, instant("2026-02-10"), day("2026-02-10")), RULES.calendar, RULES.convention

        assert list(never(question(None, *rest))) == []
        assert [reason.words() for reason in never(question(Accept(), *rest))] == ["accept"]
