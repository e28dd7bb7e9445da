"""How is a "no" said? In both languages, with what was compared, and with what would have worked."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import handleflow
from handleflow import HandleflowError, Reason, Refused
from handleflow import errors as tree
from handleflow.acts import ACTS, Accept, Reply, RequestReturn, Withdraw
from handleflow.errors import (
    REASON_KINDS,
    AlteredRulebook,
    BrokenRulebook,
    NonsenseError,
    RulebookError,
    UnknownChoice,
)
from handleflow.model import ROLES
from handleflow.model.nouns import GRADES, PARTS
from handleflow.model.term import ENDS
from handleflow.presets import load_preset
from handleflow.testing import given as story_of
from handleflow.words import LABELS, did_you_mean, label, listed
from handleflow.words import refusals as say
from tests.beginnings import DEPUTY, OFFICE, ROADS, WATER, assigned, received, rulebook

RULES = rulebook()
CHINESE = re.compile("[\u4e00-\u9fff]")

REFUSALS = [
    say.wrong_state("assigned", ("accept",)),
    say.wrong_role("unit", ("deputy", "leader")),
    say.day_in_future("2026-02-10", "2026-02-09"),
    say.told_too_late("2026-01-02", "2026-02-09", "unit", "5 days"),
    say.before_it_began("2026-01-02", "2026-02-09"),
    say.day_too_early("2026-01-02", "2026-02-09", "the reply was given", "作出答复"),
    say.opinion_of_nobody(("Roads Bureau", "Schools Bureau")),
    say.no_reply("Roads Bureau", ("Water Bureau",)),
    say.not_its_unit("Roads Bureau", ("Water Bureau",)),
    say.not_a_lead("Roads Bureau", ("Water Bureau",)),
    say.not_accepted("Water Bureau"),
    say.already_accepted("Water Bureau"),
    say.already_replied("Water Bureau", 1),
    say.unit_named_twice(("Water Bureau",)),
    say.no_lead(),
    say.already_has_a_part(("Water Bureau",)),
    say.part_of_nobody(("Water Bureau",)),
    say.nothing_open("no_draft_waiting", "draft", "待审答复意见"),
    say.already_open("draft_waiting", "draft", "待审答复意见"),
    say.not_its_deputy("Deputy B", ("Deputy A",)),
    say.deputy_named_twice(("Deputy A",)),
    say.no_such("commitment", "承诺", 3, (1, 2)),
    say.already("already_rated", "it has a rating", "该答复已有评价", deputy="Deputy A"),
    say.reason_needed("dissatisfied"),
    say.rater_needed("congress_office"),
    say.rated_for_another("Deputy A", "Deputy B"),
    say.no_reminder(),
    say.commitments_open((1, 2)),
    say.not_correctable(2, "unit", ("text",)),
    say.unfit_value("on", "不是日期"),
    say.merged_with_itself(),
    say.unfit("nobody_named", "it names no unit", "未指定单位"),
    say.not_a_co_unit("Water Bureau"),
    say.not_suspended(),
    say.nobody_is_the_clock("cron"),
    say.rung_is_the_clocks(),
    say.days_out_of_order("a reply", "2026-01-02", "2026-02-09"),
    say.rejected_once(1),
    say.supervised_lately("Water Bureau", 1, "2026-02-09", "2026-02-12"),
    say.unknown_colour("mauve", ("red",)),
    say.other_way_to_longer_time("declaration", "host"),
    say.extended_enough(1, 1, "host"),
    say.extension_too_late("2026-02-09", "host"),
    say.id_is_taken("2026-017", "2026-02-09"),
]

ERRORS = [cls for cls in vars(tree).values() if isinstance(cls, type) and issubclass(cls, HandleflowError)]


class TestRefusals:
    """Each reason."""

    @pytest.mark.parametrize("reason", REFUSALS, ids=lambda reason: str(reason.rule))
    def test_every_reason_is_said_in_both_languages(self, reason: Reason) -> None:
        assert CHINESE.search(reason.zh) is not None
        assert (reason.en != "", bool(reason.remedy_en)) == (True, bool(reason.remedy_zh))

    @pytest.mark.parametrize(
        "reason", [o for o in REFUSALS if o.rule != "unfit_value"], ids=lambda reason: str(reason.rule)
    )
    def test_the_english_reason_holds_no_chinese(self, reason: Reason) -> None:
        assert CHINESE.search(reason.text("en")) is None

    @pytest.mark.parametrize("reason", REFUSALS, ids=lambda reason: str(reason.rule))
    def test_what_was_compared_is_given_as_text(self, reason: Reason) -> None:
        assert [(type(name), type(value)) for name, value in reason.facts] == [(str, str)] * len(reason.facts)

    def test_no_two_reasons_share_a_rule(self) -> None:
        assert len({reason.rule for reason in REFUSALS}) == len(REFUSALS)

    @pytest.mark.parametrize("kind", REASON_KINDS)
    def test_some_reason_of_each_kind_is_said(self, kind: str) -> None:
        assert kind in {reason.kind for reason in REFUSALS}

    def test_a_unit_that_asks_in_vain_differs_from_one_that_is_named_in_vain(self) -> None:
        said = (say.not_its_unit("X", ()), say.not_its_unit("X", (), kind="value"))

        assert [(reason.rule, reason.kind) for reason in said] == [
            ("not_its_unit", "who"),
            ("not_its_unit", "value"),
        ]

    def test_a_thing_of_two_words_makes_one_rule(self) -> None:
        assert say.no_such("return request", "申退单位", "x", ()).rule == "no_such_return_request"

    @pytest.mark.parametrize(
        ("reason", "en", "zh"),
        [
            pytest.param(say.wrong_state("closed", ()), "from here: nothing", "当前可办：无", id="nothing to do"),
            pytest.param(say.not_its_unit("X", ()), "its units: none", "承办单位：无", id="no unit"),
            pytest.param(say.not_a_lead("X", ()), "that is nobody yet", "主办单位：无", id="no lead"),
            pytest.param(say.no_such("draft", "答复稿", "X", ()), "there is: none", "现有：无", id="nothing there"),
            pytest.param(say.no_reply("X", ()), "replied: none", "已答复：无", id="no reply"),
            pytest.param(say.not_correctable(1, "x", ()), "there: nothing", "可更正：无", id="nothing to correct"),
        ],
    )
    def test_a_list_of_nothing_is_said_in_its_language(self, reason: Reason, en: str, zh: str) -> None:
        assert (en in reason.text("en"), reason.text("zh").endswith(zh)) == (True, True)
        assert "none" not in reason.text("zh")

    @pytest.mark.parametrize(
        ("unit", "there", "en", "zh"),
        [
            pytest.param(
                None,
                ("Water Bureau",),
                "no reply of an unknown unit; replied: Water Bureau",
                "没有不明单位的答复；已答复：Water Bureau",
                id="of nobody known",
            ),
            pytest.param(
                "Roads Bureau",
                (None,),
                "no reply of Roads Bureau; replied: ?",
                "没有Roads Bureau的答复；已答复：?",
                id="beside one of nobody known",
            ),
        ],
    )
    def test_a_missing_reply_is_named_even_where_units_are_unknown(
        self, unit: str | None, there: tuple[str | None, ...], en: str, zh: str
    ) -> None:
        reason = say.no_reply(unit, there)

        assert (reason.rule, reason.en, reason.zh) == ("no_such_reply", f"there is {en}", zh)

    def test_the_wrong_role_learns_whose_it_is(self) -> None:
        reason = say.wrong_role("unit", ("congress_office", "government_office"))

        assert reason.en == "a handling unit may not; congress office, government office may"
        assert reason.zh == "承办单位无权办理，应由人大常委会办事机构、政府办公室办理"


class TestReason:
    """One reason as one line."""

    REASON = Reason("r", "no", "不行", citation="DBF25 art. 51", remedy_en="ask", remedy_zh="请先申请")

    @pytest.mark.parametrize(
        ("lang", "text"),
        [("en", "no; ask [DBF25 art. 51]"), ("zh", "不行，请先申请 [DBF25 art. 51]")],
        ids=["English", "Chinese"],
    )
    def test_it_says_why_not_what_would_work_and_on_what_ground(self, lang: str, text: str) -> None:
        assert self.REASON.text(lang) == text

    @pytest.mark.parametrize(("lang", "text"), [("en", "no"), ("zh", "不行")], ids=["English", "Chinese"])
    def test_without_remedy_and_ground_it_says_only_why_not(self, lang: str, text: str) -> None:
        assert Reason("r", "no", "不行").text(lang) == text

    def test_where_nothing_is_said_the_state_stands_in_the_way(self) -> None:
        assert Reason("r", "no", "不行").kind == "state"

    def test_a_kind_that_is_none_is_named_with_those_there_are(self) -> None:
        with pytest.raises(UnknownChoice, match="one of the kinds who, state, value, race, not of 'fate'"):
            Reason("r", "no", "不行", kind="fate")


class TestRefused:
    """An answer of no."""

    def test_it_carries_every_reason_in_order(self) -> None:
        refused = Refused("2026-017", "reply", (say.no_lead(), say.merged_with_itself()))

        assert (refused.rules, refused.kinds) == (("no_lead", "merged_with_itself"), ("value", "value"))
        assert str(refused) == (
            "reply refused for suggestion 2026-017: it would have no lead unit; name at least one; "
            "it cannot be merged with itself"
        )

    def test_it_is_said_in_chinese_too(self) -> None:
        refused = Refused("2026-017", "reply", (say.no_lead(), say.merged_with_itself()), "答复")

        assert refused.text("zh").startswith("建议 2026-017：答复未获准：")
        assert [words in refused.text("zh") for words in ("没有主办单位，", "至少指定一个", "；不能与自身并案")] == [
            True,
            True,
            True,
        ]

    def test_a_hosts_own_act_stands_for_itself_in_chinese(self) -> None:
        refused = Refused("2026-017", "vet", (say.no_lead(),))

        assert (refused.verb_zh, refused.text("zh").startswith("建议 2026-017：vet未获准：")) == ("vet", True)

    def test_the_wrong_state_says_what_this_actor_could_do_from_here(self) -> None:
        outcome = assigned(RULES).when(Reply("A", "done"), by=WATER)

        assert outcome.text() == (
            "reply refused for suggestion 2026-017: it is 'assigned'; "
            "from here: accept, request_return, record_contact"
        )

    def test_in_chinese_it_names_the_acts_in_chinese(self) -> None:
        said = assigned(RULES).when(Reply("A", "done"), by=WATER).text("zh")

        assert said.startswith("建议 2026-017：答复未获准：目前处于“交办”状态，当前可办：签收")
        assert [words in said for words in ("申退", "记录沟通", "accept")] == [True, True, False]

    def test_what_the_actor_is_hindered_from_is_not_recommended(self) -> None:
        story = assigned(RULES, "Water Bureau", "Roads Bureau").and_(RequestReturn("not ours"), by=WATER)

        assert "request_return" not in story.when(Reply("A", "done"), by=WATER).text()
        assert "request_return" in story.when(Reply("A", "done"), by=ROADS).text()

    def test_before_receipt_it_is_not_yet_received(self) -> None:
        outcome = story_of(RULES).when(Accept(), by=OFFICE, on="2026-02-09")

        assert outcome.text().endswith("it is not yet received; from here: receive, take_over")
        assert "目前处于“未受理”状态，当前可办：受理" in outcome.text("zh")

    def test_the_state_is_the_only_reason_when_the_lifecycle_knows_no_way(self) -> None:
        outcome = received(RULES).when(Reply("Z", "done", on="2026-03-01"), by=ROADS)

        assert outcome.rules == ("wrong_state",)

    def test_a_role_with_nothing_to_do_learns_what_anybody_could(self) -> None:
        outcome = received(RULES).and_(Withdraw("solved"), by=DEPUTY).when(Accept(), by=WATER)

        assert outcome.text().endswith("it is 'withdrawn'; from here: correct")


class TestErrors:
    """The tree of what can go wrong."""

    @pytest.mark.parametrize("error", ERRORS, ids=lambda error: str(error.__name__))
    def test_the_tree_in_the_docstring_names_every_error(self, error: type[HandleflowError]) -> None:
        assert error.__name__ in (tree.__doc__ or "")

    @pytest.mark.parametrize("error", ERRORS, ids=lambda error: str(error.__name__))
    def test_a_branch_ends_in_error_and_a_leaf_says_what_happened(self, error: type[HandleflowError]) -> None:
        assert error.__name__.endswith("Error") is bool(error.__subclasses__())

    def test_nonsense_is_a_value_error_for_whoever_does_not_know_us(self) -> None:
        assert issubclass(NonsenseError, ValueError)

    def test_a_broken_rulebook_names_every_finding(self) -> None:
        error = BrokenRulebook("town", ("no states", "no terms"))

        assert error.findings == ("no states", "no terms")
        assert str(error) == ("rulebook 'town' cannot be used, 2 finding(s):\n  - no states\n  - no terms")

    def test_a_host_can_catch_all_trouble_with_rulebooks_at_once(self) -> None:
        assert {BrokenRulebook, AlteredRulebook} <= set(RulebookError.__subclasses__())


class TestLabels:
    """What codes are called in front of people."""

    @pytest.mark.parametrize(
        "code",
        [
            *(act.verb for act in ACTS),
            *ROLES,
            *GRADES,
            *PARTS,
            *ENDS,
            *load_preset("cn.national").lifecycle.states,
            *load_preset("cn.national").channels,
        ],
    )
    def test_every_code_people_meet_has_words_in_both_languages(self, code: str) -> None:
        assert (code in LABELS, label(code) != "", CHINESE.search(label(code, "zh")) is not None) == (
            True,
            True,
            True,
        )

    def test_a_hosts_own_code_stands_for_itself(self) -> None:
        assert (label("legal_review"), label("legal_review", "zh")) == ("legal_review", "legal_review")

    def test_before_receipt_it_has_a_name_too(self) -> None:
        assert (label(""), label("", "zh")) == ("not yet received", "未受理")


class TestHints:
    """How an error points to what would have worked."""

    @pytest.mark.parametrize(
        ("wrong", "known", "hint"),
        [
            pytest.param("reply ", ("reply", "plan"), "; did you mean 'reply'?", id="a near one"),
            pytest.param("x", ("reply", "plan"), "; known: plan, reply", id="none near, few known"),
            pytest.param("x", (), "", id="none known"),
            pytest.param(
                "x",
                [f"{n:02}" for n in range(13)],
                "; known: 00, 01, 02, 03, 04, 05, 06, 07, 08, 09, 10, 11, …",
                id="none near, many known",
            ),
            pytest.param(
                "x",
                [f"{n:02}" for n in range(12)],
                "; known: 00, 01, 02, 03, 04, 05, 06, 07, 08, 09, 10, 11",
                id="none near, just few enough",
            ),
        ],
    )
    def test_it_names_the_nearest_else_those_known(self, wrong: str, known: list[str], hint: str) -> None:
        assert did_you_mean(wrong, known) == hint

    @given(st.sampled_from([act.verb for act in ACTS]))
    def test_what_is_known_is_nearest_to_itself(self, verb: str) -> None:
        assert did_you_mean(verb, [act.verb for act in ACTS]) == f"; did you mean {verb!r}?"

    def test_a_list_of_nothing_has_a_word(self) -> None:
        assert (listed(()), listed((), "nothing"), listed(("a", "b"))) == ("none", "nothing", "a, b")


def test_the_front_door_offers_every_act() -> None:
    assert {act.__name__ for act in ACTS} - set(handleflow.__all__) == set()
