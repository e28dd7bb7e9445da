"""What is asked under every rulebook, with the rulebook's own words and numbers?"""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from handleflow import Act, Actor, Promise, Rulebook
from handleflow.acts import (
    ACTS,
    Accept,
    Assign,
    Classify,
    DeclareExtension,
    DraftReply,
    GrantExtension,
    Receive,
    RecordContact,
    Regrade,
    Reply,
    RequestExtension,
    Supervise,
    Suspend,
)
from handleflow.errors import BrokenRulebook
from handleflow.legal_time import Span, day
from handleflow.model import Term, TermKey
from handleflow.rules import Citation, ExtensionRule
from handleflow.rules.builtin_checks import latest_extension, supports
from handleflow.testing import given
from tests.beginnings import DEPUTY, GOVERNMENT, OFFICE, ROADS, WATER, accepted, received, rulebook

NATIONAL = rulebook()
PAUSING = [
    {"act": act, "source": ["handling"], "target": "same", "who": ["congress_office"]}
    for act in ("suspend", "resume")
]


def reply_term(**change: Any) -> dict[str, Any]:
    """A reply term of three months, as a file would write it, with what a test adds."""
    return {
        "id": "reply",
        "of": "lead",
        "anchor": "assigned",
        "met_by": ["replied"],
        "span": "3 months",
        "cite": "DBF25 51",
        **change,
    }


def extendable(**change: Any) -> Rulebook:
    """A rulebook whose reply term may be lengthened."""
    extension = {"span": "6 months", "base": "capped", "mode": "consent", "cite": "DBF25 51", **change}
    return rulebook(term=[reply_term(extension=extension)])


def asks_for(until: str) -> RequestExtension:
    return RequestExtension(day(until), "the pipes lie deep")


class TestToldInTime:
    """The day it happened has come, is not before receipt, and may still be told by this role."""

    RULES = rulebook(backdating=[{"role": "congress_office", "within": "3 workdays", "cite": "host"}])

    @pytest.mark.parametrize(
        ("happened", "by", "reasons"),
        [
            pytest.param(None, OFFICE, (), id="told on the day itself"),
            pytest.param("2026-03-10", OFFICE, (), id="told on the day itself, which is named"),
            pytest.param("2026-03-11", OFFICE, ("day_in_future",), id="told before it happened"),
            pytest.param("2026-03-05", OFFICE, (), id="told three working days later"),
            pytest.param("2026-03-04", OFFICE, ("told_too_late",), id="told four working days later"),
            pytest.param("2026-03-09", GOVERNMENT, ("told_too_late",), id="told by a role that may not"),
            pytest.param("2026-02-06", OFFICE, ("before_it_began", "told_too_late"), id="before it was received"),
        ],
    )
    def test_a_day_is_told_in_time_or_refused(
        self, happened: str | None, by: Actor, reasons: tuple[str, ...]
    ) -> None:
        act = Classify("water", on=day(happened) if happened else None)

        assert received(self.RULES).when(act, by=by, on="2026-03-10").rules == reasons

    def test_a_receipt_may_be_told_late_since_nothing_is_before_it(self) -> None:
        act = Receive("Pipes", "Deputy A", on=day("2026-03-06"))

        assert given(self.RULES).when(act, by=OFFICE, on="2026-03-10").rules == ()

    @pytest.mark.parametrize(
        ("by", "span"), [(OFFICE, "3 workdays later at most"), (GOVERNMENT, "0 days later at most")]
    )
    def test_who_tells_too_late_reads_how_late_they_may(self, by: Actor, span: str) -> None:
        outcome = received(self.RULES).when(Classify("water", on=day("2026-02-11")), by=by, on="2026-03-10")

        assert span in outcome.text()

    @pytest.mark.parametrize(
        ("limits", "reasons"),
        [
            pytest.param([{"within": "30 days", "of": ["suspend"]}], ("told_too_late",), id="another act's limit"),
            pytest.param([{"within": "30 days", "of": ["classify", "correct"]}], (), id="the limit that names it"),
            pytest.param(
                [{"within": "30 days"}, {"within": "3 days", "of": ["classify"]}],
                ("told_too_late",),
                id="the limit that names it goes before a wider one for all",
            ),
        ],
    )
    def test_an_act_may_have_a_limit_of_its_own(self, limits: list[dict[str, Any]], reasons: tuple[str, ...]) -> None:
        rows = [{"role": "congress_office", "cite": "host", **limit} for limit in limits]
        story = received(rulebook(backdating=rows))

        assert story.when(Classify("water", on=day("2026-02-12")), by=OFFICE, on="2026-03-10").rules == reasons

    def test_a_limit_names_acts_that_there_are(self) -> None:
        limit = {"role": "congress_office", "within": "3 days", "cite": "host", "of": ["clasify"]}
        with pytest.raises(BrokenRulebook, match=r"unknown act 'clasify'; did you mean 'classify'\?"):
            rulebook(backdating=[limit])

    def test_a_rulebook_that_names_no_span_lets_nobody_tell_late(self) -> None:
        outcome = received(NATIONAL).when(Classify("water", on=day("2026-02-09")), by=OFFICE, on="2026-02-10")

        assert outcome.rules == ("told_too_late",)


class TestOutcomes:
    """The class is one of the rulebook's; one that promises a day names it."""

    RULES = rulebook(
        outcome=[
            {"code": "A", "en": "solved", "zh": "已解决", "cite": "NPC05 digest", "is_resolved": True},
            {"code": "B", "en": "by a day", "zh": "限期解决", "cite": "NPC05 digest", "needs_day": True},
        ]
    )

    @pytest.mark.parametrize(
        ("act", "reasons"),
        [
            pytest.param(Reply("A", "done"), (), id="a known class"),
            pytest.param(Reply("E", "done"), ("outcome_is_known",), id="an unknown class"),
            pytest.param(Reply("a", "done"), ("outcome_is_known",), id="a class in small letters"),
            pytest.param(DraftReply("E", "done"), ("outcome_is_known",), id="a draft with an unknown class"),
            pytest.param(Reply("B", "soon"), ("promise_needs_day",), id="a promised day that is not named"),
            pytest.param(
                Reply("B", "soon", (Promise("new pipes"),)),
                ("promise_needs_day",),
                id="a promise without its day",
            ),
            pytest.param(
                Reply("B", "soon", (Promise("new pipes", day("2026-09-01")),)), (), id="a promise with its day"
            ),
            pytest.param(DraftReply("B", "soon"), (), id="a draft promises nothing yet"),
        ],
    )
    def test_a_class_is_the_rulebooks_and_keeps_its_conditions(self, act: Act, reasons: tuple[str, ...]) -> None:
        assert accepted(self.RULES).and_(RecordContact("before"), by=WATER).when(act, by=WATER).rules == reasons

    def test_a_reply_is_regraded_only_to_a_known_class(self) -> None:
        story = accepted(self.RULES).and_(RecordContact("before"), by=WATER).and_(Reply("A", "done"), by=WATER)

        assert [story.when(Regrade("Water Bureau", code, "a slip"), by=OFFICE).rules for code in ("B", "Z")] == [
            (),
            ("outcome_is_known",),
        ]

    def test_who_names_an_unknown_class_reads_the_known_ones(self) -> None:
        outcome = accepted(NATIONAL).and_(RecordContact("before"), by=WATER).when(Reply("E", "done"), by=WATER)

        assert "'E' is no class of outcome of test 1; known: A, B, C, D" in outcome.text()


class TestLongTrack:
    """Only a rulebook with a longer track can put a suggestion on it."""

    def test_national_law_knows_six_months_for_a_broad_and_hard_matter(self) -> None:
        story = received(NATIONAL).and_(Assign(("Water Bureau",), is_long_track=True), by=OFFICE, on="2026-02-10")

        assert [str(t.due_on) for t in story.suggestion.running_terms()] == ["2026-08-10"]

    def test_a_rulebook_without_one_refuses_it(self) -> None:
        story = received(rulebook(term=[reply_term(without=["long_span", "long_cite"])]))

        assert [
            story.when(Assign(("Water Bureau",), is_long_track=long), by=OFFICE).rules for long in (True, False)
        ] == [("long_track_is_known",), ()]


class TestMeasures:
    """A supervision uses one of the rulebook's measures."""

    def test_a_known_measure_is_used(self) -> None:
        assert accepted(NATIONAL).when(Supervise("Water Bureau", "phone", "please reply"), by=OFFICE).rules == ()

    def test_a_misspelt_measure_is_refused_with_the_nearest(self) -> None:
        outcome = accepted(NATIONAL).when(Supervise("Water Bureau", "fone", "please reply"), by=OFFICE)

        assert "'fone' is no channel of supervision; did you mean 'phone'?" in outcome.text()

    def test_a_place_may_have_measures_of_its_own(self) -> None:
        rules = rulebook(channels=["red_banner"])
        args = [Supervise("Water Bureau", m, "please reply") for m in ("red_banner", "phone")]

        assert [accepted(rules).when(act, by=OFFICE).rules for act in args] == [(), ("channel_is_known",)]


class TestPauses:
    """A clock is stopped only where the law knows it; none of the Chinese ones does."""

    def test_national_law_lets_nobody_stop_the_clock(self) -> None:
        assert accepted(NATIONAL).when(Suspend("winter"), by=OFFICE).rules == ("wrong_state",)

    @pytest.mark.parametrize(("is_pausable", "reasons"), [(True, ()), (False, ("pause_is_known",))])
    def test_a_pause_needs_a_term_that_can_be_paused(self, is_pausable: bool, reasons: tuple[str, ...]) -> None:
        rules = rulebook(term=[reply_term(is_pausable=is_pausable)], transition=PAUSING)

        assert accepted(rules).when(Suspend("winter"), by=OFFICE).rules == reasons


class TestExtension:
    """Longer time is asked for before the day, in the rulebook's mode, within its measure, so many times."""

    @pytest.mark.parametrize(
        ("until", "reasons"),
        [
            pytest.param("2026-05-11", ("extension_within_measure",), id="the due day itself is no longer time"),
            pytest.param("2026-05-12", (), id="a day more"),
            pytest.param("2026-08-10", (), id="six months from the assignment, to the day"),
            pytest.param("2026-08-11", ("extension_within_measure",), id="a day past six months"),
        ],
    )
    def test_a_capped_extension_ends_by_the_span_from_the_anchor(self, until: str, reasons: tuple[str, ...]) -> None:
        assert accepted(extendable()).when(asks_for(until), by=WATER).rules == reasons

    @pytest.mark.parametrize(
        ("assigned_on", "until", "reasons"),
        [
            pytest.param("2025-11-30", "2026-05-28", (), id="three months from a clipped day"),
            pytest.param(
                "2025-11-30", "2026-05-29", ("extension_within_measure",), id="though six from the anchor are more"
            ),
            pytest.param("2026-02-10", "2026-08-10", (), id="three months from the Sunday, not from the Monday"),
            pytest.param(
                "2026-02-10", "2026-08-11", ("extension_within_measure",), id="that the term rolled lends no day"
            ),
        ],
    )
    def test_a_chained_extension_ends_by_the_span_from_the_unrolled_day(
        self, assigned_on: str, until: str, reasons: tuple[str, ...]
    ) -> None:
        """Row 9: assigned 2025-11-30, three months end on 2026-02-28, three more on 2026-05-28."""
        story = given(extendable(base="chained", span="3 months"))
        story = story.and_(Receive("Pipes", "Deputy A"), by=OFFICE, on=assigned_on)
        story = story.and_(Assign(("Water Bureau",)), by=OFFICE).and_(Accept(), by=WATER)

        assert story.when(asks_for(until), by=WATER).rules == reasons

    def test_who_asks_for_too_long_reads_both_days_and_the_article(self) -> None:
        (reason,) = accepted(extendable()).when(asks_for("2026-12-01"), by=WATER).reasons

        assert (reason.words(), reason.citation) == (
            "2026-12-01 does not lie after 2026-05-11 and up to 2026-08-10",
            "DBF25 51",
        )

    @pytest.mark.parametrize(
        ("on", "reasons"),
        [
            pytest.param("2026-05-11", (), id="on the last day"),
            pytest.param("2026-05-12", ("extension_in_time",), id="a day late"),
        ],
    )
    def test_longer_time_is_asked_for_before_the_term_ends(self, on: str, reasons: tuple[str, ...]) -> None:
        assert accepted(extendable()).when(asks_for("2026-06-11"), by=WATER, on=on).rules == reasons

    def test_what_was_asked_for_in_time_may_be_granted_late(self) -> None:
        story = accepted(extendable()).and_(asks_for("2026-06-11"), by=WATER, on="2026-05-11")

        assert story.when(GrantExtension("Water Bureau"), by=OFFICE, on="2026-05-13").rules == ()

    def test_the_office_may_shorten_but_not_beyond_the_measure(self) -> None:
        story = accepted(extendable()).and_(asks_for("2026-06-11"), by=WATER)
        until = ["2026-05-29", "2026-05-11", "2026-07-01"]

        assert [story.when(GrantExtension("Water Bureau", day(d)), by=OFFICE).rules for d in until] == [
            (),
            ("extension_within_measure",),
            ("longer_than_asked",),
        ]

    def test_nothing_is_said_of_the_measure_where_nobody_asked_for_a_day(self) -> None:
        outcome = accepted(extendable()).when(GrantExtension("Water Bureau"), by=OFFICE)

        assert outcome.rules == ("no_extension_waiting",)

    def test_a_second_extension_is_refused_where_one_is_the_most(self) -> None:
        story = accepted(extendable()).and_(asks_for("2026-06-11"), by=WATER)
        outcome = story.and_(GrantExtension("Water Bureau"), by=OFFICE).when(asks_for("2026-07-11"), by=WATER)

        assert outcome.rules == ("extensions_are_left",)

    def test_a_second_extension_is_granted_where_two_are_the_most(self) -> None:
        story = accepted(extendable(times=2)).and_(asks_for("2026-06-11"), by=WATER)
        outcome = story.and_(GrantExtension("Water Bureau"), by=OFFICE).when(asks_for("2026-07-11"), by=WATER)

        assert outcome.rules == ()

    @pytest.mark.parametrize(
        ("mode", "act", "reasons"),
        [
            pytest.param("consent", asks_for("2026-06-11"), (), id="on request, where the office must consent"),
            pytest.param(
                "consent",
                DeclareExtension(day("2026-06-11"), "the pipes lie deep"),
                ("extension_mode",),
                id="declared, where the office must consent",
            ),
            pytest.param(
                "declaration",
                DeclareExtension(day("2026-06-11"), "the pipes lie deep"),
                (),
                id="declared, where the unit explains",
            ),
            pytest.param(
                "declaration",
                asks_for("2026-06-11"),
                ("extension_mode",),
                id="on request, where the unit explains",
            ),
        ],
    )
    def test_longer_time_is_had_in_the_rulebooks_way(self, mode: str, act: Act, reasons: tuple[str, ...]) -> None:
        assert accepted(extendable(mode=mode)).when(act, by=WATER).rules == reasons

    def test_national_law_refuses_it_and_points_to_the_longer_track(self) -> None:
        (reason,) = accepted(NATIONAL).when(asks_for("2026-06-11"), by=WATER).reasons

        assert (reason.rule, reason.text()) == (
            "no_extension",
            (
                "test 1 knows no extension of a running term; "
                "a longer track (6 months) is set at assignment [DBF25 art. 51]"
            ),
        )

    def test_a_rulebook_without_a_longer_track_promises_none(self) -> None:
        outcome = accepted(rulebook(term=[reply_term(without=["long_span", "long_cite"])])).when(
            asks_for("2026-06-11"), by=WATER
        )

        assert [o.text() for o in outcome.reasons] == ["test 1 knows no extension of a running term [DBF25 art. 51]"]

    def test_a_term_that_no_rule_lengthens_is_passed_over(self) -> None:
        first = reply_term(id="plan", met_by=["planned"], span="1 month")
        extension = {"span": "6 months", "base": "capped", "mode": "consent", "cite": "DBF25 51"}
        rules = rulebook(term=[reply_term(extension=extension)])
        rules = evolve(rules, terms=(*rulebook(term=[first]).terms[1:], *rules.terms))
        story = accepted(rules).and_(
            Supervise("Water Bureau", "phone", "reply", day("2026-02-20")), by=OFFICE, on="2026-02-12"
        )

        assert story.when(asks_for("2026-06-11"), by=WATER).rules == ()

    def test_the_answer_to_a_supervision_is_not_lengthened_either(self) -> None:
        story = accepted(NATIONAL).and_(Supervise("Water Bureau", "phone", "reply", day("2026-02-20")), by=OFFICE)

        assert story.when(asks_for("2026-06-11"), by=WATER).rules == ("no_extension",)

    @pytest.mark.parametrize(
        ("lang", "said"),
        [
            ("en", "Roads Bureau has no running term that can be lengthened"),
            ("zh", "Roads Bureau没有可以延长的进行中期限"),
        ],
    )
    def test_a_unit_without_a_term_to_lengthen_is_told_so_on_no_article(self, lang: str, said: str) -> None:
        extension = {"span": "6 months", "base": "capped", "mode": "consent", "cite": "DBF25 51"}
        opinion = reply_term(id="opinion", of="co", met_by=["opinion_given"], extension=extension)
        rules = rulebook(term=[reply_term(), opinion])
        outcome = accepted(rules, "Roads Bureau").when(asks_for("2026-06-11"), by=ROADS)
        (reason,) = outcome.reasons

        assert (reason.rule, reason.citation, reason.text(lang)) == ("no_extension", "", said)

    @pytest.mark.parametrize("base", ["capped", "chained"])
    def test_a_term_whose_anchor_nobody_knows_has_no_latest_day(self, base: str) -> None:
        rule = ExtensionRule(Span(3, "month"), base, "consent", Citation("host"))

        assert latest_extension(NATIONAL, Term(TermKey("reply", "Water Bureau"), 1), rule) is None


def test_every_reason_is_given_at_once() -> None:
    rules = extendable()
    story = accepted(rules).and_(asks_for("2026-06-11"), by=WATER).and_(GrantExtension("Water Bureau"), by=OFFICE)
    act = DeclareExtension(day("2027-06-11"), "the pipes lie deep")
    outcome = story.when(act, by=WATER, on="2026-06-12")

    assert outcome.rules == (
        "extension_mode",
        "extensions_are_left",
        "extension_in_time",
        "extension_within_measure",
    )


def test_an_act_that_has_nothing_standing_against_it_is_granted() -> None:
    assert received(NATIONAL).when(Classify("water"), by=OFFICE).rules == ()


def test_a_stranger_to_the_lifecycle_is_told_who_may() -> None:
    outcome = received(NATIONAL).when(Classify("water"), by=DEPUTY)

    assert "a deputy may not; congress office, government office may" in outcome.text()


LIGHTS = [{"colour": "yellow", "offset": "-15 days", "cite": "host"}]
DECLARED = {"span": "6 months", "base": "capped", "mode": "declaration", "cite": "DBF25 51"}


@pytest.mark.parametrize(
    ("rules", "room"),
    [
        pytest.param(NATIONAL, set(), id="nowhere without a rule of it"),
        pytest.param(extendable(), {"request_extension", "grant_extension", "refuse_extension"}, id="by consent"),
        pytest.param(rulebook(term=[reply_term(extension=DECLARED)]), {"declare_extension"}, id="by declaration"),
        pytest.param(rulebook(light=LIGHTS), {"mark_progress"}, id="where there are lights"),
    ],
)
def test_what_a_rulebook_has_no_room_for_is_not_offered(rules: Rulebook, room: set[str]) -> None:
    verbs = {"request_extension", "grant_extension", "refuse_extension", "declare_extension", "mark_progress"}
    offered = {act.verb for by in (WATER, OFFICE) for act in accepted(rules).open_acts(by=by)} & verbs

    assert {act.verb for act in ACTS if act.verb in verbs and supports(rules, act)} == room
    assert offered == room - {"grant_extension", "refuse_extension"}, "nobody has asked for longer time yet"
