"""What does a lifecycle look like? Everything in it is drawn, once, in the reader's language."""

from __future__ import annotations

import pytest

from handleflow.acts import Accept, Assign, Classify, Close, Receive
from handleflow.rulebooks import load_preset, names
from handleflow.rules import Lifecycle, Transition
from handleflow.views import draw
from handleflow.views.diagram import state_label
from handleflow.words import label
from tests.beginnings import rulebook

OFFICE = ("congress_office",)
SMALL = Lifecycle(
    "small",
    ("received", "vetted", "closed"),
    ("closed",),
    (
        Transition(Receive, "", "received", OFFICE),
        Transition(Classify, "received", "received", OFFICE),
        Transition(Accept, "received", "vetted", ("unit",)),
        Transition(Assign, "received", "vetted", OFFICE),
        Transition(Assign, "received", "vetted", ("government_office",)),
        Transition(Close, "vetted", "closed", OFFICE),
    ),
    {"vetted": ("vetted by counsel", "法制审核")},
)


def test_a_small_lifecycle_is_drawn_line_by_line() -> None:
    assert draw(SMALL).splitlines() == [
        "stateDiagram-v2",
        '    state "received" as s0',
        '    state "vetted by counsel" as s1',
        '    state "closed" as s2',
        "    [*] --> s0: receive",
        "    s0 --> s1: accept / assign",
        "    s1 --> s2: close",
        "    note right of s0: classify",
        "    s2 --> [*]",
    ]


def test_it_is_drawn_in_chinese_for_those_who_read_chinese() -> None:
    assert draw(SMALL, "zh").splitlines() == [
        "stateDiagram-v2",
        '    state "受理" as s0',
        '    state "法制审核" as s1',
        '    state "办结" as s2',
        "    [*] --> s0: 受理",
        "    s0 --> s1: 签收 / 交办",
        "    s1 --> s2: 办结",
        "    note right of s0: 分类",
        "    s2 --> [*]",
    ]


def test_a_drawing_ends_its_last_line() -> None:
    assert draw(SMALL).endswith("[*]\n")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", names())
def test_every_transition_of_a_shipped_lifecycle_is_drawn(name: str, lang: str) -> None:
    lifecycle = load_preset(name).lifecycle
    number = {state: f"s{place}" for place, state in enumerate(lifecycle.states)}
    lines = draw(lifecycle, lang).splitlines()
    missing = []
    for transition in lifecycle.transitions:
        source, target = number.get(transition.source, "[*]"), number[transition.target]
        way = f"    note right of {target}: " if source == target else f"    {source} --> {target}: "
        drawn = [line.removeprefix(way).split(" / ") for line in lines if line.startswith(way)]
        if len(drawn) != 1 or label(transition.act.verb, lang) not in drawn[0]:
            missing.append(transition)

    assert missing == []


@pytest.mark.parametrize("name", names())
def test_exactly_the_final_states_lead_to_the_end(name: str) -> None:
    lifecycle = load_preset(name).lifecycle
    ends = [line.split()[0] for line in draw(lifecycle).splitlines() if line.endswith("--> [*]")]

    assert ends == [f"s{lifecycle.states.index(state)}" for state in lifecycle.final_states]


@pytest.mark.parametrize(
    ("state", "lang", "words"),
    [
        pytest.param("vetted", "en", "vetted by counsel", id="its own words"),
        pytest.param("vetted", "zh", "法制审核", id="its own words in Chinese"),
        pytest.param("closed", "zh", "办结", id="the library's words where it has none"),
        pytest.param("archived", "en", "archived", id="a state without words stands for itself"),
    ],
)
def test_a_state_is_called_by_the_lifecycles_own_words_first(state: str, lang: str, words: str) -> None:
    assert state_label(SMALL, state, lang) == words


def test_a_hosts_own_state_appears_in_the_drawing() -> None:
    transitions = [
        {"act": "accept", "source": ["assigned"], "target": "vetted", "who": ["unit"]},
        {"act": "accept", "source": ["vetted"], "target": "handling", "who": ["unit"]},
    ]
    rules = rulebook(state=[{"name": "vetted", "en": "vetted by counsel", "zh": "法制审核"}], transition=transitions)

    assert '    state "vetted by counsel" as s8' in draw(rules.lifecycle).splitlines()
