"""What came in? Receipt, take-over, classification and refusal, and what is never made up."""

from __future__ import annotations

import pytest

from handleflow import Act, Actor, Rulebook
from handleflow.acts import Classify, Correct, Decline, Receive, Reply, TakeOver
from handleflow.errors import EmptyWords, ImpossibleDay, UnknownChoice
from handleflow.legal_time import day
from handleflow.model.nouns import Contact, Opinion
from handleflow.testing import Outcome, given
from tests.anything import in_full
from tests.beginnings import DEPUTY, OFFICE, WATER, received, rulebook

RULES = rulebook()
BACKDATED = rulebook(backdating=[{"role": "congress_office", "within": "30 days", "cite": "host"}])


def outcome_of(act: Receive | TakeOver, on: str = "2026-02-09") -> Outcome:
    return given(RULES).when(act, by=OFFICE, on=on)


class TestReceive:
    """A suggestion comes in."""

    def test_the_suggestion_holds_what_was_told(self) -> None:
        act = Receive("Pipes", "Deputy A", ("Deputy B",), number="17", locality="Old Town", is_key=True)
        suggestion = outcome_of(act).suggestion

        assert suggestion.deputies == ("Deputy A", "Deputy B")
        assert (suggestion.title, suggestion.number, suggestion.locality, suggestion.is_key) == (
            "Pipes",
            "17",
            "Old Town",
            True,
        )

    def test_what_was_not_told_stays_unknown(self) -> None:
        suggestion = outcome_of(Receive("Pipes", "Deputy A")).suggestion

        assert (suggestion.number, suggestion.session, suggestion.in_session, suggestion.category) == (
            None,
            None,
            None,
            None,
        )

    def test_it_is_received_on_the_day_it_was_told(self) -> None:
        assert outcome_of(Receive("Pipes", "Deputy A")).suggestion.received_on == day("2026-02-09")

    def test_it_is_received_on_the_day_it_happened_where_the_office_may_tell_it_later(self) -> None:
        story = given(BACKDATED).and_(Receive("Pipes", "Deputy A", on="2026-01-20"), by=OFFICE, on="2026-02-09")

        assert story.suggestion.received_on == day("2026-01-20")

    @pytest.mark.parametrize(
        ("rules", "told"),
        [
            pytest.param(RULES, "0 days", id="no rule lets the office tell it later"),
            pytest.param(BACKDATED, "30 days", id="longer ago than the rule lets it"),
        ],
    )
    def test_what_happened_too_long_ago_is_refused_with_the_span(self, rules: Rulebook, told: str) -> None:
        outcome = given(rules).when(Receive("Pipes", "Deputy A", on="2026-01-02"), by=OFFICE, on="2026-02-09")

        assert outcome.rules == ("told_too_late",)
        assert f"may tell it {told} later at most" in outcome.text()

    def test_a_private_number_or_address_never_enters_the_suggestion(self) -> None:
        act = Receive("Pipes", "Deputy A", phone="000-PLACEHOLDER", address="1 Placeholder Street")
        seen = in_full(outcome_of(act).suggestion)

        assert ("000-PLACEHOLDER" in seen, "Placeholder Street" in seen) == (False, False)

    def test_a_deputy_named_twice_is_refused_once_by_name(self) -> None:
        outcome = outcome_of(Receive("Pipes", "Deputy A", ("Deputy B", "Deputy A", "Deputy A")))

        assert outcome.rules == ("deputy_named_twice",)
        assert "named twice: Deputy A" in outcome.text()

    def test_a_motion_is_told_which_law_governs_it(self) -> None:
        outcome = outcome_of(Receive("Pipes", "Deputy A", matter="motion"))

        assert outcome.rules == ("matter_is_accepted",)
        assert "[DBF25 art. 51]" in outcome.text()

    def test_it_cannot_be_received_tomorrow(self) -> None:
        outcome = outcome_of(Receive("Pipes", "Deputy A", on="2026-02-10"))

        assert outcome.rules == ("day_in_future",)
        assert "2026-02-10 has not come yet; today is 2026-02-09" in outcome.text()

    def test_all_that_is_wrong_is_said_at_once(self) -> None:
        act = Receive("Pipes", "Deputy A", ("Deputy A",), matter="proposal", on="2026-03-01")
        outcome = given(RULES).when(act, by=DEPUTY, on="2026-02-09")

        assert outcome.rules == ("wrong_role", "day_in_future", "deputy_named_twice", "matter_is_accepted")

    def test_a_refusal_records_nothing(self) -> None:
        outcome = outcome_of(Receive("Pipes", "Deputy A", matter="motion"))

        assert (outcome.and_then().history, outcome.suggestion.version, outcome.state) == ((), 0, "")

    def test_only_an_office_takes_it_in(self) -> None:
        assert given(RULES).when(Receive("Pipes", "Deputy A"), by=DEPUTY, on="2026-02-09").rules == ("wrong_role",)

    @pytest.mark.parametrize("by", [OFFICE, WATER, DEPUTY], ids=lambda by: str(by.role))
    @pytest.mark.parametrize("act", [Receive("Pipes", "Deputy A"), TakeOver("Pipes")], ids=lambda act: str(act.verb))
    def test_an_id_that_is_taken_is_the_only_reason_whoever_asks(self, act: Act, by: Actor) -> None:
        (reason,) = received(RULES).when(act, by=by).reasons

        assert (reason.rule, reason.kind) == ("id_is_taken", "race")
        assert reason.facts == (("id", "2026-017"), ("received_on", day("2026-02-09")))
        assert reason.text() == (
            "there is a suggestion 2026-017 already since 2026-02-09; look at that one, or give another id"
        )
        assert reason.text("zh") == "编号 2026-017 已有建议，2026-02-09 受理，请核对该件，或另用编号"

    def test_an_id_stays_taken_when_its_life_is_over(self) -> None:
        story = received(RULES).and_(Decline("a private matter"), by=OFFICE)

        assert story.when(Receive("Pipes", "Deputy A"), by=OFFICE).rules == ("id_is_taken",)

    def test_a_day_that_does_not_exist_is_no_day_of_receipt(self) -> None:
        with pytest.raises(ImpossibleDay, match="2008-09-31"):
            Receive("Pipes", "Deputy A", on="2008-09-31")

    @pytest.mark.parametrize("title", ["", "   "], ids=["nothing", "only spaces"])
    def test_a_title_says_something(self, title: str) -> None:
        with pytest.raises(EmptyWords, match="Receive needs words for 'title'"):
            Receive(title, "Deputy A")

    def test_unknown_is_none_and_never_empty_text(self) -> None:
        with pytest.raises(EmptyWords, match="'category' is None when unknown"):
            Receive("Pipes", "Deputy A", category="")

    def test_an_unknown_matter_names_the_nearest(self) -> None:
        with pytest.raises(UnknownChoice, match="did you mean 'motion'"):
            Receive("Pipes", "Deputy A", matter="moton")


class TestTakeOver:
    """A suggestion in mid-life comes from an older ledger."""

    @pytest.mark.parametrize(
        ("act", "state"),
        [
            pytest.param(TakeOver("Pipes"), "received", id="only a title"),
            pytest.param(TakeOver("Pipes", leads=("Water Bureau",)), "assigned", id="a unit"),
            pytest.param(TakeOver("Pipes", leads=("Water Bureau",), mark="A"), "replied", id="a class"),
            pytest.param(TakeOver("Pipes", mark="A"), "replied", id="a class, and nobody knows whose"),
            pytest.param(TakeOver("Pipes", replied_on="2025-03-01"), "replied", id="a day of reply"),
            pytest.param(TakeOver("Pipes", document_number="No. 5"), "replied", id="a document number"),
            pytest.param(TakeOver("Pipes", result="satisfied"), "evaluated", id="a grade"),
            pytest.param(
                TakeOver("Pipes", co_units=("Roads Bureau",), opinion_on="2025-03-01", document_number="No. 5"),
                "assigned",
                id="a co unit's opinion and its number",
            ),
            pytest.param(
                TakeOver("Pipes", co_units=("Roads Bureau",), opinion_on="2025-03-01", mark="A"),
                "replied",
                id="a co unit's opinion beside a class",
            ),
            pytest.param(
                TakeOver("Pipes", co_units=("Roads Bureau",), opinion_on="2025-03-01", replied_on="2025-03-20"),
                "replied",
                id="a co unit's opinion beside a day of reply",
            ),
            pytest.param(
                TakeOver("Pipes", co_units=("Roads Bureau",), opinion_on="2025-03-01", result="satisfied"),
                "evaluated",
                id="a co unit's opinion beside a grade",
            ),
        ],
    )
    def test_it_stands_where_its_facts_support(self, act: TakeOver, state: str) -> None:
        assert outcome_of(act).state == state

    def test_no_day_is_derived_from_another(self) -> None:
        act = TakeOver("Pipes", leads=("Water Bureau",), assigned_on="2025-02-10", result="satisfied")
        suggestion = outcome_of(act).suggestion

        assert [reply.on for reply in suggestion.replies] == [None]
        assert [(rating.on, rating.rater) for rating in suggestion.ratings] == [(None, None)]
        assert suggestion.received_on is None

    def test_a_term_whose_beginning_is_unknown_is_not_computable(self) -> None:
        (term,) = outcome_of(TakeOver("Pipes", leads=("Water Bureau",))).suggestion.terms

        assert (term.end, term.due_on, term.is_late) == ("not_computable", None, False)

    def test_a_term_that_ended_before_and_nobody_knows_how_has_passed_and_is_not_late(self) -> None:
        act = TakeOver("Pipes", leads=("Water Bureau",), assigned_on="2025-02-10")
        (term,) = outcome_of(act).suggestion.terms

        assert (term.end, term.is_late) == ("unknown", False)

    def test_a_reply_on_a_known_day_met_its_term(self) -> None:
        act = TakeOver("Pipes", leads=("Water Bureau",), assigned_on="2025-02-10", replied_on="2025-03-01", mark="A")
        (term,) = outcome_of(act).suggestion.terms

        assert (term.end, term.ended_on) == ("met", day("2025-03-01"))

    def test_a_class_is_kept_as_it_was_written_and_means_nothing_here(self) -> None:
        (reply,) = outcome_of(TakeOver("Pipes", mark="A")).suggestion.replies

        assert (reply.mark, reply.outcome, reply.snapshot) == ("A", None, None)

    def test_several_leads_of_one_row_gave_the_reply_together(self) -> None:
        act = TakeOver("Pipes", leads=("Water Bureau", "Roads Bureau"), mark="A", result="satisfied")
        suggestion = outcome_of(act).suggestion

        assert [reply.unit for reply in suggestion.replies] == ["Water Bureau", "Roads Bureau"]
        assert [rating.unit for rating in suggestion.ratings] == ["Water Bureau", "Roads Bureau"]

    def test_a_grade_of_the_ledger_is_nobody_elses_entry(self) -> None:
        act = TakeOver("Pipes", deputy="Deputy A", result="dissatisfied")
        (rating,) = outcome_of(act).suggestion.ratings

        assert (rating.rater, rating.entered_by, rating.channel, rating.is_proxy) == (
            "Deputy A",
            OFFICE,
            "ledger",
            True,
        )

    @pytest.mark.parametrize(
        ("leads", "unit"),
        [
            pytest.param(("Water Bureau",), "Water Bureau", id="one lead"),
            pytest.param(("Water Bureau", "Roads Bureau"), None, id="several leads"),
            pytest.param((), None, id="no lead known"),
        ],
    )
    def test_a_contact_is_a_units_only_where_one_unit_led(self, leads: tuple[str, ...], unit: str | None) -> None:
        act = TakeOver("Pipes", leads=leads, contacted_on="2025-02-20")

        assert outcome_of(act).suggestion.contacts == (Contact(1, day("2025-02-20"), unit),)

    def test_without_a_day_of_contact_there_is_no_contact(self) -> None:
        assert outcome_of(TakeOver("Pipes", leads=("Water Bureau",))).suggestion.contacts == ()

    @pytest.mark.parametrize(
        ("number", "words"), [("No. 5", "No. 5"), (None, "Pipes")], ids=["numbered", "without a number"]
    )
    def test_an_opinion_of_the_ledger_is_the_co_units(self, number: str | None, words: str) -> None:
        act = TakeOver(
            "Pipes",
            leads=("Water Bureau",),
            co_units=("Roads Bureau",),
            opinion_on="2025-03-01",
            document_number=number,
        )
        suggestion = outcome_of(act).suggestion

        assert suggestion.opinions == (Opinion(1, "Roads Bureau", words, day("2025-03-01")),)
        assert suggestion.replies == ()

    def test_a_reply_beside_an_opinion_leaves_it_its_number(self) -> None:
        act = TakeOver(
            "Pipes",
            leads=("Water Bureau",),
            co_units=("Roads Bureau",),
            opinion_on="2025-03-01",
            replied_on="2025-03-20",
            document_number="No. 5",
        )
        suggestion = outcome_of(act).suggestion

        assert [(o.unit, o.text) for o in suggestion.opinions] == [("Roads Bureau", "No. 5")]
        assert [(r.unit, r.on, r.text) for r in suggestion.replies] == [("Water Bureau", day("2025-03-20"), None)]

    @pytest.mark.parametrize(
        ("co_units", "said"),
        [
            pytest.param(("Roads Bureau", "Schools Bureau"), "not 2", id="among several co units"),
            pytest.param((), "not 0", id="without a co unit"),
        ],
    )
    def test_an_opinion_nobody_says_whose_it_was_is_refused(self, co_units: tuple[str, ...], said: str) -> None:
        outcome = outcome_of(TakeOver("Pipes", co_units=co_units, opinion_on="2025-03-01"))

        assert outcome.rules == ("opinion_of_nobody",)
        assert f"the day of a co unit's opinion needs exactly one co unit, {said}" in outcome.text()

    def test_all_that_contradicts_itself_is_said_at_once(self) -> None:
        act = TakeOver(
            "Pipes",
            leads=("Water Bureau",),
            co_units=("Water Bureau",),
            assigned_on="2026-02-05",
            contacted_on="2026-02-10",
            replied_on="2026-02-04",
        )

        assert outcome_of(act).rules == ("unit_named_twice", "day_in_future", "before_it_began")

    def test_a_lead_of_the_ledger_goes_on_from_there(self) -> None:
        outcome = outcome_of(TakeOver("Pipes", leads=("Water Bureau",)))

        assert outcome.and_then().when(Reply("A", "done"), by=WATER).rules == ("wrong_state",)
        assert "from here: accept, request return" in outcome.and_then().when(Reply("A", "done"), by=WATER).text()


class TestDecline:
    """It is not taken up."""

    def test_its_life_is_over_and_the_ground_is_kept(self) -> None:
        story = received(RULES).and_(Decline("a private matter"), by=OFFICE)

        assert (story.state, story.rules.is_over(story.suggestion), story.suggestion.ground) == (
            "declined",
            True,
            "a private matter",
        )

    def test_nothing_but_a_correction_follows(self) -> None:
        outcome = received(RULES).and_(Decline("a private matter"), by=OFFICE).when(Classify(is_key=True), by=OFFICE)

        assert outcome.rules == ("wrong_state",)
        assert "it is 'declined'; from here: correct" in outcome.text()
        assert outcome.and_then().and_(Correct(1, "title", "Water pipes", "typo"), by=OFFICE).state == "declined"

    def test_it_becomes_a_letter_or_goes_back_and_nothing_else(self) -> None:
        with pytest.raises(UnknownChoice, match="did you mean 'letter'"):
            Decline("a private matter", "leter")

    def test_a_ground_says_something(self) -> None:
        with pytest.raises(EmptyWords, match="Decline needs words for 'ground'"):
            Decline(" ")


class TestClassify:
    """It is sorted."""

    def test_only_what_is_named_changes(self) -> None:
        story = given(RULES).and_(
            Receive("Pipes", "Deputy A", category="water", is_key=True), by=OFFICE, on="2026-02-09"
        )
        suggestion = story.and_(Classify(visibility="title_only", is_confidential=True), by=OFFICE).suggestion

        assert (suggestion.category, suggestion.is_key, suggestion.visibility, suggestion.is_confidential) == (
            "water",
            True,
            "title_only",
            True,
        )

    def test_a_key_suggestion_can_stop_being_one(self) -> None:
        story = given(RULES).and_(Receive("Pipes", "Deputy A", is_key=True), by=OFFICE, on="2026-02-09")

        assert story.and_(Classify(is_key=False), by=OFFICE).suggestion.is_key is False

    def test_naming_nothing_is_refused_even_with_a_day(self) -> None:
        assert received(RULES).when(Classify(on="2026-02-09"), by=OFFICE).rules == ("nothing_classified",)

    def test_an_unknown_visibility_lists_those_known(self) -> None:
        with pytest.raises(UnknownChoice, match="known: not_public, public, title_only"):
            Classify(visibility="x")
