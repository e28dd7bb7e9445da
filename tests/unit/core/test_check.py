"""Is a rulebook sound? Every way of being unsound is found, named, and told with all the others."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from handleflow import Rulebook
from handleflow.acts import Accept, Close, Decline, GrantReturn, Suspend
from handleflow.core import check
from handleflow.errors import BrokenRulebook
from handleflow.legal_time import Span
from handleflow.rulebooks import load_preset, names
from handleflow.rules import (
    Backdating,
    Citation,
    ExtensionRule,
    GuardRule,
    Rung,
    Source,
    TermRule,
    Transition,
    Trigger,
)
from handleflow.rules.guards import DeputyWasHeard
from handleflow.rules.lifecycle import a_lead_has_accepted
from tests.beginnings import rulebook

SOUND = rulebook("cn.dehui.demo")
LAW = Citation("DBF25", "51")
NOWHERE = Citation("DBF52", "51")
OFFICE = ("congress_office",)


def with_transitions(*transitions: Transition, without: type[Any] | None = None) -> Rulebook:
    """The sound rulebook with further transitions, and without those of one act."""
    kept = (transition for transition in SOUND.lifecycle.transitions if transition.act is not without)
    return evolve(SOUND, lifecycle=evolve(SOUND.lifecycle, transitions=(*kept, *transitions)))


def with_states(*states: str) -> Rulebook:
    return evolve(SOUND, lifecycle=evolve(SOUND.lifecycle, states=(*SOUND.lifecycle.states, *states)))


def with_term(**change: Any) -> Rulebook:
    """The sound rulebook with its reply term changed."""
    return evolve(SOUND, terms=(evolve(SOUND.terms[0], **change),))


def with_rung(**change: Any) -> Rulebook:
    """The sound rulebook with its first rung changed."""
    return evolve(SOUND, rungs=(evolve(SOUND.rungs[0], **change),))


@pytest.mark.parametrize("name", names())
def test_every_shipped_rulebook_is_sound(name: str) -> None:
    assert check(load_preset(name)) == ()


def test_the_rulebook_these_findings_are_made_from_is_sound() -> None:
    assert check(SOUND) == ()


@pytest.mark.parametrize(
    ("rules", "finding"),
    [
        pytest.param(
            with_transitions(Transition(Accept, "handling", "handlin", ("leader",))),
            "accept: unknown state 'handlin'; did you mean 'handling'?",
            id="a transition to nowhere",
        ),
        pytest.param(
            with_transitions(Transition(Accept, "asigned", "handling", ("leader",))),
            "accept: unknown state 'asigned'; did you mean 'assigned'?",
            id="a transition from nowhere",
        ),
        pytest.param(
            with_transitions(Transition(Accept, "received", "assigned", ())),
            "accept from 'received' is open to nobody",
            id="a transition nobody may take",
        ),
        pytest.param(
            with_transitions(Transition(Accept, "received", "", ("leader",))),
            "accept from 'received' leads nowhere; '' is where a life comes from",
            id="a transition back to before receipt",
        ),
        pytest.param(
            with_transitions(Transition(Accept, "closed", "handling", OFFICE)),
            "'closed' is final, yet accept leads on to 'handling'",
            id="life after the end",
        ),
        pytest.param(
            with_states("forgotten"), "state 'forgotten' can never be reached", id="a state nothing leads to"
        ),
        pytest.param(
            evolve(
                with_states("forgotten"),
                lifecycle=evolve(
                    with_transitions(Transition(Decline, "assigned", "forgotten", OFFICE)).lifecycle,
                    states=(*SOUND.lifecycle.states, "forgotten"),
                ),
            ),
            "from state 'forgotten' no final state can be reached",
            id="a state nothing leads out of",
        ),
    ],
)
def test_a_state_or_transition_that_leads_nowhere_is_found(rules: Rulebook, finding: str) -> None:
    assert check(rules) == (finding,)


def test_a_final_state_that_lost_its_only_transition_is_found() -> None:
    assert check(with_transitions(without=Close)) == ("state 'closed' can never be reached",)


class TestForks:
    """Of several transitions the last one, and no other, has no condition."""

    def test_an_unconditional_transition_before_another_is_found(self) -> None:
        rules = with_transitions(
            Transition(Decline, "received", "declined", OFFICE), Transition(Decline, "received", "withdrawn", OFFICE)
        )

        assert check(rules) == (
            (
                "of the transitions that leave 'received' on 'decline' one without a condition "
                "comes before another; the later one could never be taken"
            ),
        )

    def test_a_fork_without_a_default_is_found(self) -> None:
        rules = with_transitions(
            Transition(Accept, "received", "handling", OFFICE, a_lead_has_accepted, "a_lead_has_accepted")
        )

        assert check(rules) == (
            "the transitions that leave 'received' on 'accept' all have conditions; a default is needed",
        )

    def test_a_default_that_only_another_role_may_take_is_no_default(self) -> None:
        rules = with_transitions(
            Transition(Accept, "received", "handling", ("unit", "leader"), a_lead_has_accepted, "x"),
            Transition(Accept, "received", "assigned", ("unit",)),
        )

        assert check(rules) == (
            "the transitions that leave 'received' on 'accept' all have conditions; a default is needed",
        )

    def test_two_roles_with_a_transition_each_are_no_fork(self) -> None:
        rules = with_transitions(
            Transition(Accept, "received", "handling", ("unit",)), Transition(Accept, "received", "assigned", OFFICE)
        )

        assert check(rules) == ()

    def test_a_fork_open_to_two_roles_is_named_once(self) -> None:
        rules = with_transitions(
            *(Transition(GrantReturn, "replied", "handling", ("unit", "leader")) for _ in range(2)),
        )

        assert len(check(rules)) == 1


@pytest.mark.parametrize(
    ("rules", "finding"),
    [
        pytest.param(
            with_term(anchor="assignd"),
            "term 'reply': no act of kind 'assignd' anchors it; did you mean 'assigned'?",
            id="a term nothing anchors",
        ),
        pytest.param(
            with_term(anchor="suspended"),
            "term 'reply': no act of kind 'suspended' anchors it",
            id="a term anchored at an act the lifecycle lacks",
        ),
        pytest.param(with_term(met_by=()), "term 'reply': nothing meets it", id="a term nothing meets"),
        pytest.param(
            with_term(met_by=("replied", "replyed")),
            "term 'reply': no act of kind 'replyed' meets it; did you mean 'replied'?",
            id="a term met by no act there is",
        ),
        pytest.param(
            with_term(span=Span(0, "month")),
            "term 'reply': a span of 0 months is no time at all",
            id="no time at all",
        ),
        pytest.param(
            with_term(long_span=Span(-6, "month")),
            "term 'reply': a span of -6 months is no time at all",
            id="a longer track that ends before it begins",
        ),
        pytest.param(
            with_term(extension=ExtensionRule(Span(0, "day"), "chained", "consent", LAW)),
            "term 'reply': a span of 0 days is no time at all",
            id="an extension of nothing",
        ),
        pytest.param(
            with_term(extension=ExtensionRule(Span(3, "month"), "chained", "consent", LAW, times=0)),
            "term 'reply': it may be extended 0 times, which is never",
            id="an extension nobody will ever have",
        ),
        pytest.param(
            with_term(of="whole", anchor="unit_received"),
            "term 'reply': it is nobody's in particular, so no unit's receipt moves it; use 'assigned'",
            id="a receipt that is nobody's",
        ),
        pytest.param(
            with_term(of="whole", extension=ExtensionRule(Span(3, "month"), "chained", "consent", LAW)),
            "term 'reply': it is nobody's in particular, so nobody can ask to extend it",
            id="an extension nobody can ask for",
        ),
        pytest.param(
            with_term(extension=ExtensionRule(Span(3, "month"), "capped", "consent", LAW)),
            "term 'reply': an extension capped at 3 months adds nothing to 3 months",
            id="an extension that ends where the term does",
        ),
        pytest.param(
            with_term(span=None),
            "term 'reply': it has no span, so what begins it names its day, and nothing else moves it",
            id="a term with a longer track than none",
        ),
        pytest.param(
            with_term(span=None, long_span=None, is_pausable=True),
            "term 'reply': it has no span, so what begins it names its day, and nothing else moves it",
            id="a term of a day that is named and could be paused",
        ),
        pytest.param(
            with_term(anchor="term_set"),
            "term 'reply': no act of kind 'term_set' anchors it",
            id="a term anchored at what nobody asks for",
        ),
        pytest.param(
            with_term(met_by=("replied", "term_met")),
            "term 'reply': no act of kind 'term_met' meets it",
            id="a term met by what nobody asks for",
        ),
        pytest.param(
            with_term(long_citation=None),
            "term 'reply': its longer track has no citation",
            id="a longer track on no ground",
        ),
        pytest.param(
            evolve(SOUND, terms=(*SOUND.terms, *SOUND.terms)), "term named twice: reply", id="a term named twice"
        ),
    ],
)
def test_a_term_that_could_never_run_is_found(rules: Rulebook, finding: str) -> None:
    (found,) = check(rules)

    assert found.startswith(finding)


@pytest.mark.parametrize(
    "extension",
    [
        pytest.param(ExtensionRule(Span(4, "month"), "capped", "consent", LAW), id="capped a month later"),
        pytest.param(ExtensionRule(Span(3, "month"), "chained", "consent", LAW), id="as long again"),
        pytest.param(ExtensionRule(Span(120, "day"), "capped", "consent", LAW), id="capped in another unit"),
    ],
)
def test_an_extension_that_adds_time_is_sound(extension: ExtensionRule) -> None:
    assert check(with_term(extension=extension)) == ()


@pytest.mark.parametrize(
    ("rules", "finding"),
    [
        pytest.param(
            with_rung(trigger=Trigger(term="repli", offset=Span(1, "day"))),
            "rung 'reminded': unknown term 'repli'; did you mean 'reply'?",
            id="a rung of no term",
        ),
        pytest.param(
            with_rung(channel="fone"),
            "rung 'reminded': unknown channel 'fone'; did you mean 'phone'?",
            id="a rung by no measure",
        ),
        pytest.param(
            with_rung(answer_within=Span(0, "workday")),
            "rung 'reminded': an answer within 0 workdays is no time at all",
            id="an answer at once",
        ),
        pytest.param(
            evolve(SOUND, rungs=(*SOUND.rungs, evolve(SOUND.rungs[0], channel="written"))),
            "rung named twice: reminded",
            id="a rung named twice",
        ),
        pytest.param(
            evolve(SOUND, outcomes=(*SOUND.outcomes, *SOUND.outcomes[:2])),
            "outcome named twice: A, B",
            id="two outcome classes named twice",
        ),
        pytest.param(with_states("received"), "state named twice: received", id="a state named twice"),
        pytest.param(
            evolve(SOUND, guards=(GuardRule("deputy_was_heard", (Suspend,), DeputyWasHeard(), LAW),)),
            "guard 'deputy_was_heard' is asked of 'suspend', which no transition knows",
            id="a guard nobody will ever ask",
        ),
        pytest.param(
            evolve(SOUND, guards=(GuardRule("deputy_was_heard", (), DeputyWasHeard(), LAW),)),
            "guard 'deputy_was_heard' is asked of nothing",
            id="a guard asked of nothing",
        ),
        pytest.param(
            evolve(SOUND, guards=(SOUND.guards[0], *SOUND.guards)),
            "guard named twice: matter_is_accepted",
            id="two guards of one id",
        ),
        pytest.param(
            evolve(
                SOUND, backdating=(Backdating("unit", Span(3, "day"), LAW), Backdating("unit", Span(5, "day"), LAW))
            ),
            "backdating named twice: unit",
            id="two leaves of one role",
        ),
        pytest.param(
            evolve(SOUND, backdating=(Backdating("unit", Span(0, "workday"), LAW),)),
            "backdating 'unit': 0 workdays is no time at all",
            id="a leave to tell no later",
        ),
        pytest.param(
            evolve(SOUND, backdating=(Backdating("mayor", Span(3, "workday"), LAW),)),
            "backdating 'mayor': unknown role",
            id="a role nobody has",
        ),
    ],
)
def test_a_rung_class_guard_or_role_that_means_nothing_is_found(rules: Rulebook, finding: str) -> None:
    (found,) = check(rules)

    assert found.startswith(finding)


def test_two_guards_of_one_name_are_told_apart_by_their_ids() -> None:
    again = evolve(SOUND.guards[0], id="again")

    assert check(evolve(SOUND, guards=(*SOUND.guards, again))) == ()


def test_a_rung_without_an_answer_is_sound() -> None:
    assert check(with_rung(answer_within=None)) == ()


def test_a_role_of_the_lifecycles_own_may_tell_late() -> None:
    rules = with_transitions(Transition(Decline, "assigned", "declined", ("mayor",)))

    assert check(evolve(rules, backdating=(Backdating("mayor", Span(3, "workday"), LAW),))) == ()


@pytest.mark.parametrize(
    ("rules", "what"),
    [
        pytest.param(with_term(citation=NOWHERE), "term 'reply'", id="a term"),
        pytest.param(with_term(long_citation=NOWHERE), "term 'reply', longer track", id="its longer track"),
        pytest.param(
            with_term(extension=ExtensionRule(Span(3, "month"), "chained", "consent", NOWHERE)),
            "term 'reply', extension",
            id="its extension",
        ),
        pytest.param(with_rung(citation=NOWHERE), "rung 'reminded'", id="a rung"),
        pytest.param(
            evolve(SOUND, outcomes=(evolve(SOUND.outcomes[0], citation=NOWHERE),)),
            "outcome 'A'",
            id="a class",
        ),
        pytest.param(evolve(SOUND, convention_citation=NOWHERE), "convention", id="the way of counting"),
        pytest.param(
            evolve(SOUND, guards=(evolve(SOUND.guards[0], citation=NOWHERE),)),
            "guard 'matter_is_accepted'",
            id="a guard",
        ),
        pytest.param(
            evolve(SOUND, backdating=(Backdating("unit", Span(3, "day"), NOWHERE),)),
            "backdating 'unit'",
            id="a leave to tell late",
        ),
    ],
)
def test_whatever_cites_an_unknown_source_is_found(rules: Rulebook, what: str) -> None:
    assert check(rules) == (f"{what} cites the unknown source 'DBF52'; did you mean 'DBF25'?",)


def test_a_rulebook_without_sources_stands_only_on_the_offices_own_rules() -> None:
    own = TermRule("reply", "lead", "assigned", ("replied",), Span(1, "month"), Citation("host"))
    rungs = (Rung("urged", Trigger(term="reply", offset=Span(1, "day")), "phone", Citation("host")),)
    host = Citation("host")
    rules = evolve(
        SOUND, terms=(own,), rungs=rungs, guards=(), outcomes=(), sources=(), duties=(), convention_citation=host
    )

    assert check(rules) == ()


def test_a_source_of_its_own_is_cited() -> None:
    rules = evolve(with_term(citation=Citation("OWN", "3")), sources=(*SOUND.sources, Source("OWN", "Our rules")))

    assert check(rules) == ()


def test_every_finding_is_reported_at_once_and_in_words() -> None:
    with pytest.raises(BrokenRulebook) as caught:
        rulebook(
            rung=[{"id": "urged", "term": "repli", "offset": "1 day", "channel": "fone", "cite": "XY 1"}],
            transition=[{"act": "close", "source": ["evaluated"], "target": "close", "who": ["congress_office"]}],
        )

    assert str(caught.value).splitlines() == [
        "rulebook 'test' cannot be used, 5 finding(s):",
        "  - close: unknown state 'close'; did you mean 'closed'?",
        "  - deputy_suggestion.toml:32: state 'closed' can never be reached",
        "  - rung 'urged': unknown term 'repli'; did you mean 'reply'?",
        "  - rung 'urged': unknown channel 'fone'; did you mean 'phone'?",
        "  - rung 'urged' cites the unknown source 'XY'; known: DBF25, MFD, NPC-YSGZ, NPC05",
    ]
