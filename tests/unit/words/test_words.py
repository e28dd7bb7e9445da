"""How is a "no" said? In both languages, with what was compared, and with what would have worked."""

from __future__ import annotations

import copy
import json
import pickle
import re
from collections.abc import Callable
from typing import Any

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
from handleflow.legal_time import Span, day
from handleflow.model import ROLES
from handleflow.model.nouns import GRADES, PARTS
from handleflow.model.term import ENDS
from handleflow.rulebooks import load_preset
from handleflow.testing import given as story_of
from handleflow.words import Bilingual, Fact, did_you_mean, label, listed
from tests.beginnings import DEPUTY, OFFICE, ROADS, WATER, assigned, received, rulebook
from tests.sentences import reasons

RULES = rulebook()
CHINESE = re.compile("[\u4e00-\u9fff]")
NO_LEAD, ITSELF = Reason("no_lead", kind="value"), Reason("merged_with_itself", kind="value")

ERRORS = [cls for cls in vars(tree).values() if isinstance(cls, type) and issubclass(cls, HandleflowError)]


class TestRefusals:
    """Each reason."""

    @pytest.mark.parametrize("kind", REASON_KINDS)
    def test_some_reason_of_each_kind_is_given(self, kind: str) -> None:
        assert kind in {given for _, given in reasons()}

    @pytest.mark.parametrize(
        ("reason", "en", "zh"),
        [
            pytest.param(
                Reason("wrong_state", {"state": "closed", "open": ()}),
                "it is 'closed'; from here: nothing",
                "目前处于“办结”状态，当前可办：无",
                id="nothing to do",
            ),
            pytest.param(
                Reason("not_its_unit", {"unit": "X", "units": ()}),
                "X has no part in it; its units: none",
                "X不是承办单位；承办单位：无",
                id="no unit",
            ),
            pytest.param(
                Reason("not_a_lead", {"leads": ()}),
                "only a lead unit does this, and that is nobody yet",
                "只有主办单位可以办理；主办单位：无",
                id="no lead",
            ),
            pytest.param(
                Reason("no_such_draft", {"named": "X", "there": ()}),
                "there is no draft: X; there is: none",
                "X没有待审的答复意见；待审：无",
                id="nothing there",
            ),
            pytest.param(
                Reason("not_correctable", {"entry": 1, "field": "x", "correctable": ()}),
                "'x' of entry 1 cannot be corrected; there: nothing",
                "第 1 条的“x”不可更正；可更正：无",
                id="nothing to correct",
            ),
            pytest.param(
                Reason("no_such_reply", {"unit": None, "replied": ("Water Bureau",)}),
                "there is no reply of an unknown unit; replied: Water Bureau",
                "没有不明单位的答复；已答复：Water Bureau",
                id="of nobody known",
            ),
            pytest.param(
                Reason("no_such_reply", {"unit": "Roads Bureau", "replied": (None,)}),
                "there is no reply of Roads Bureau; replied: ?",
                "没有Roads Bureau的答复；已答复：?",
                id="beside one of nobody known",
            ),
            pytest.param(
                Reason("wrong_role", {"role": "unit", "roles": ("congress_office", "government_office")}, "who"),
                "a handling unit may not; congress office, government office may",
                "承办单位无权办理，应由人大常委会办事机构、政府办公室办理",
                id="whose it is",
            ),
            pytest.param(
                Reason("id_is_taken", {"id": "17", "received_on": None}, "race"),
                "there is a suggestion 17 already; look at that one, or give another id",
                "编号 17 已有建议，请核对该件，或另用编号",
                id="since nobody knows when",
            ),
            pytest.param(
                Reason(
                    "told_too_late",
                    {
                        "on": day("2026-01-02"),
                        "today": day("2026-02-09"),
                        "role": "unit",
                        "within": Span(5, "workday"),
                    },
                ),
                "it happened on 2026-01-02 and a handling unit may tell it 5 workdays later at most; "
                "today is 2026-02-09; an office may record it, where the rulebook lets it",
                "事项发生于 2026-01-02，承办单位最多可在 5 个工作日内补记，今天是 2026-02-09，"
                "规则允许时可由交办机构补记",
                id="days and spans",
            ),
        ],
    )
    def test_a_reason_is_said_in_both_languages(self, reason: Reason, en: str, zh: str) -> None:
        assert (reason.text("en"), reason.text("zh")) == (en, zh)


class TestReason:
    """One reason as one line."""

    REASON = Reason("r", en="no", zh="不行", citation="DBF25 51", remedy_en="ask", remedy_zh="请先申请")

    @pytest.mark.parametrize(
        ("lang", "text"),
        [("en", "no; ask [DBF25 art. 51]"), ("zh", "不行，请先申请 [DBF25 第 51 条]")],
        ids=["English", "Chinese"],
    )
    def test_it_says_why_not_what_would_work_and_on_what_ground(self, lang: str, text: str) -> None:
        assert self.REASON.text(lang) == text

    @pytest.mark.parametrize(("lang", "text"), [("en", "no"), ("zh", "不行")], ids=["English", "Chinese"])
    def test_without_remedy_and_ground_it_says_only_why_not(self, lang: str, text: str) -> None:
        assert Reason("r", en="no", zh="不行").text(lang) == text

    def test_a_hosts_words_in_one_language_are_said_in_the_other_too(self) -> None:
        assert (Reason("r", en="no").text("zh"), Reason("r", zh="不行").text("en")) == ("no", "不行")

    def test_one_that_nobody_put_into_words_is_its_rule_and_its_facts(self) -> None:
        assert Reason("too_hot", {"degrees": 41, "units": ("A", "B")}).text() == "too_hot (degrees: 41, units: A, B)"
        assert Reason("too_hot").text("zh") == "too_hot"

    def test_as_json_holds_it_it_has_its_facts_and_its_words_in_both_languages(self) -> None:
        facts: dict[str, Fact] = {"last": day("2026-02-27"), "within": Span(7, "workday"), "from": day("2026-02-10")}
        reason = Reason("return_in_time", facts, citation="SH15 14")

        assert json.loads(json.dumps(reason.as_dict())) == {
            "rule": "return_in_time",
            "kind": "state",
            "facts": {"last": "2026-02-27", "within": "7 workdays", "from": "2026-02-10"},
            "citation": "SH15 14",
            "en": "a return was to be asked for by 2026-02-27, 7 workdays from 2026-02-10",
            "zh": "申退应于 2026-02-27 前提出（自 2026-02-10 起 7 个工作日）",
            "remedy_en": "",
            "remedy_zh": "",
        }

    def test_a_rulebooks_own_words_are_a_fact_in_both_languages(self) -> None:
        facts: dict[str, Fact] = {"done": 1, "limit": 1, "then": Bilingual("ask the chairpersons", "提请主任会议")}
        reason = Reason("rounds_are_left", facts)

        assert (reason.remedy("en"), reason.remedy("zh")) == ("ask the chairpersons", "提请主任会议")
        assert reason.as_dict()["facts"] == {**facts, "then": {"en": "ask the chairpersons", "zh": "提请主任会议"}}

    @pytest.mark.parametrize("again", [lambda it: pickle.loads(pickle.dumps(it)), copy.copy, copy.deepcopy])  # noqa: S301
    def test_pickled_and_copied_it_says_the_same(self, again: Callable[[Any], Any]) -> None:
        refused = Refused("2026-017", "reply", (self.REASON, NO_LEAD))
        twin = again(refused)

        assert (again(self.REASON), twin.reasons, type(twin)) == (self.REASON, refused.reasons, Refused)
        assert (str(twin), twin.text("zh")) == (str(refused), refused.text("zh"))

    def test_where_nothing_is_said_the_state_stands_in_the_way(self) -> None:
        assert Reason("r").kind == "state"

    def test_a_kind_that_is_none_is_named_with_those_there_are(self) -> None:
        with pytest.raises(UnknownChoice, match="one of the kinds who, state, value, race, warning, not of 'fate'"):
            Reason("r", kind="fate")


class TestRefused:
    """An answer of no."""

    def test_it_carries_every_reason_in_order(self) -> None:
        refused = Refused("2026-017", "reply", (NO_LEAD, ITSELF))

        assert (refused.rules, refused.kinds) == (("no_lead", "merged_with_itself"), ("value", "value"))
        assert str(refused) == (
            "reply refused for suggestion 2026-017: it would have no lead unit; name at least one; "
            "it cannot be merged with itself"
        )

    def test_it_is_said_in_chinese_too(self) -> None:
        refused = Refused("2026-017", "reply", (NO_LEAD, ITSELF))

        assert refused.text("zh").startswith("建议 2026-017：答复未获准：")
        assert [words in refused.text("zh") for words in ("没有主办单位，", "至少指定一个", "；不能与自身并案")] == [
            True,
            True,
            True,
        ]

    def test_a_hosts_own_act_stands_for_itself_in_chinese(self) -> None:
        assert Refused("2026-017", "vet", (NO_LEAD,)).text("zh").startswith("建议 2026-017：vet未获准：")

    def test_the_wrong_state_says_what_this_actor_could_do_from_here(self) -> None:
        outcome = assigned(RULES).when(Reply("A", "done"), by=WATER)

        assert outcome.text() == (
            "reply refused for suggestion 2026-017: it is 'assigned'; "
            "from here: accept, request return, record contact"
        )

    def test_in_chinese_it_names_the_acts_in_chinese(self) -> None:
        said = assigned(RULES).when(Reply("A", "done"), by=WATER).text("zh")

        assert said.startswith("建议 2026-017：答复未获准：目前处于“交办”状态，当前可办：签收")
        assert [words in said for words in ("申退", "记录沟通", "accept")] == [True, True, False]

    def test_what_the_actor_is_hindered_from_is_not_recommended(self) -> None:
        story = assigned(RULES, "Water Bureau", "Roads Bureau").and_(RequestReturn("not ours"), by=WATER)

        assert "request return" not in story.when(Reply("A", "done"), by=WATER).text()
        assert "request return" in story.when(Reply("A", "done"), by=ROADS).text()

    def test_before_receipt_it_is_not_yet_received(self) -> None:
        outcome = story_of(RULES).when(Accept(), by=OFFICE, on="2026-02-09")

        assert outcome.text().endswith("it is not yet received; from here: receive, take over")
        assert "目前处于“未受理”状态，当前可办：受理" in outcome.text("zh")

    def test_the_state_is_the_only_reason_when_the_lifecycle_knows_no_way(self) -> None:
        outcome = received(RULES).when(Reply("Z", "done", on="2026-03-01"), by=ROADS)

        assert outcome.rules == ("wrong_state",)

    def test_a_role_with_nothing_to_do_learns_what_anybody_could(self) -> None:
        outcome = received(RULES).and_(Withdraw("solved"), by=DEPUTY).when(Accept(), by=WATER)

        assert outcome.text().endswith("it is 'withdrawn'; from here: correct, correct recorded times")


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
        assert (label(code) != "", CHINESE.search(label(code, "zh")) is not None) == (True, True)

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
        assert (listed(()), listed(("a", "b"))) == ("none", "a, b")


def test_the_room_of_acts_offers_every_act() -> None:
    assert {act.__name__ for act in ACTS} - set(handleflow.acts.__all__) == set()
