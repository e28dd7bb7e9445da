"""Does a transition from all open states leave each of them, and give way where one has its own?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from handleflow import Rulebook, load, load_preset
from handleflow.acts import Accept, Close, Receive, Supervise, Withdraw
from handleflow.core import check, notes
from handleflow.errors import BrokenRulebook
from handleflow.rulebooks import from_document
from handleflow.rulebooks._toml_writer import to_toml
from handleflow.rules import Lifecycle, Transition
from handleflow.testing.mutation import mutants
from handleflow.views import draw
from tests.beginnings import rulebook

OFFICE, DEPUTY = ("congress_office",), ("deputy",)
REVIEW = {"name": "in_review", "en": "in review", "zh": "审核"}
TO_REVIEW = {"act": "draft_reply", "source": ["handling"], "target": "in_review", "who": ["unit"]}
ANYWHERE = {"act": "supervise", "source": "open", "target": "same", "who": ["clock", "congress_office"]}
BACK = {"act": "approve_draft", "source": ["in_review"], "target": "handling", "who": ["congress_office"]}


def lifecycle(*transitions: Transition) -> Lifecycle:
    """Two open states and a final one."""
    received = Transition(Receive, "", "received", OFFICE)
    return Lifecycle("small", ("received", "handling", "closed"), ("closed",), (received, *transitions))


def ways(found: Lifecycle) -> list[tuple[str, str, str]]:
    """Every transition but the first."""
    return [(each.act.verb, each.source, each.target) for each in found.transitions[1:]]


def under(*transitions: dict[str, Any]) -> Rulebook:
    """The national rulebook with a state and transitions more."""
    return rulebook(state=[REVIEW], transition=[TO_REVIEW, BACK, *transitions])


class TestLifecycle:
    """In Python."""

    def test_it_leaves_every_state_that_is_not_final(self) -> None:
        found = lifecycle(
            Transition(Withdraw, "open", "closed", DEPUTY), Transition(Supervise, "open", "same", OFFICE)
        )

        assert ways(found) == [
            ("withdraw", "received", "closed"),
            ("withdraw", "handling", "closed"),
            ("supervise", "received", "received"),
            ("supervise", "handling", "handling"),
        ]
        assert found.overridden == ()

    def test_one_from_a_state_by_its_name_goes_before_it(self) -> None:
        anywhere = Transition(Withdraw, "open", "closed", DEPUTY)
        found = lifecycle(anywhere, Transition(Withdraw, "handling", "handling", OFFICE))

        assert ways(found) == [("withdraw", "received", "closed"), ("withdraw", "handling", "handling")]
        assert found.overridden == ((anywhere, "handling"),)

    def test_one_of_another_act_does_not(self) -> None:
        found = lifecycle(
            Transition(Withdraw, "open", "closed", DEPUTY), Transition(Accept, "received", "handling", ("unit",))
        )

        assert len(ways(found)) == 3

    def test_it_is_drawn_as_one_from_each(self) -> None:
        found = lifecycle(Transition(Close, "open", "closed", OFFICE))

        assert [line for line in draw(found).splitlines() if "close" in line and "-->" in line] == [
            "    s0 --> s2: close",
            "    s1 --> s2: close",
        ]


class TestRulebook:
    """In a file."""

    def test_it_leaves_states_that_are_added_too(self) -> None:
        rules = under(ANYWHERE)
        left = [each.source for each in rules.lifecycle.transitions if each.act is Supervise]

        assert left == ["received", "assigned", "handling", "replied", "evaluated", "in_review"]
        assert check(rules) == ()

    def test_a_note_says_where_another_goes_before_it(self) -> None:
        rules = under(ANYWHERE, {**ANYWHERE, "source": ["received"], "who": ["leader"]})
        said = "supervise from all open states: a transition of its own goes before it in 'received'"

        assert said in notes(rules)
        assert said not in notes(under(ANYWHERE))

    def test_one_that_is_left_with_no_state_is_found(self) -> None:
        states = ["received", "assigned", "handling", "replied", "evaluated", "in_review"]
        with pytest.raises(BrokenRulebook, match="supervise from all open states could never be taken"):
            under(ANYWHERE, {**ANYWHERE, "source": states})

    def test_two_of_one_act_are_a_fork(self) -> None:
        with pytest.raises(BrokenRulebook, match="one without a condition comes before another"):
            under(ANYWHERE, ANYWHERE)

    def test_no_state_is_called_so(self) -> None:
        with pytest.raises(BrokenRulebook, match="no state is called 'open'"):
            rulebook(state=[{"name": "open", "en": "open", "zh": "待办"}])

    def test_it_is_kept_and_written_as_it_was_said(self) -> None:
        rules = under(ANYWHERE)
        again = from_document(rules.document)

        assert (again.digest, again.lifecycle.transitions) == (rules.digest, rules.lifecycle.transitions)
        assert 'source = "open"' in to_toml({"transition": [ANYWHERE]})

    def test_a_mutant_leaves_one_state_fewer(self) -> None:
        found = [each.what for each in mutants(json.loads(under(ANYWHERE).document))]

        assert "transition supervise to same: not from in_review" in found
        assert [what for what in found if what.startswith("transition supervise to same: not from o")] == []

    def test_what_is_wrong_with_it_is_told_in_its_line(self, tmp_path: Path) -> None:
        file = tmp_path / "city.toml"
        file.write_text(
            'name = "city"\nversion = "1"\ntitle = "t"\nextends = "cn.national"\n\n'
            '[[transition]]\nact = "supervise"\nsource = "open"\ntarget = "nowhere"\nwho = ["clock"]\n'
        )
        with pytest.raises(BrokenRulebook, match=r"city.toml:6: supervise: unknown state 'nowhere'"):
            load(file)


def test_shipped_rulebooks_name_their_states() -> None:
    assert load_preset("cn.national").lifecycle.overridden == ()
