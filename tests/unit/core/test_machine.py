"""Does the table that decides agree with the machine it comes from, and leave that machine as it was?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from handleflow.acts import ACTS, Accept, Assign, Close, Receive, Reply, Suspend
from handleflow.core._machine import machine, table, walk
from handleflow.legal_time import day
from handleflow.model import ROLES, Act, Suggestion
from handleflow.model.nouns import PARTS, Acceptance, Answer, Assignment, Rating
from handleflow.rulebooks import load_preset, names
from handleflow.rules import Lifecycle
from tests.beginnings import OFFICE, rulebook

UNITS = ("Water Bureau", "Roads Bureau", "Schools Bureau")
EVERY_DEPUTY = [
    {
        "act": "evaluate",
        "source": ["replied"],
        "target": "evaluated",
        "who": ["deputy"],
        "when": "every_deputy_has_rated",
    },
    {"act": "evaluate", "source": ["handling", "replied"], "target": "same", "who": ["deputy"]},
]
LIFECYCLES = {name: load_preset(name).lifecycle for name in names()} | {
    "every deputy rates": rulebook(transition=EVERY_DEPUTY).lifecycle
}

rounds = some.integers(1, 2)
assignments = some.builds(
    Assignment,
    some.just(2),
    some.sampled_from(UNITS),
    some.sampled_from(PARTS),
    rounds,
    acceptance=some.none() | some.just(Acceptance(3, day("2026-02-11"))),
    ended=some.sampled_from([None, None, "returned"]),
)
replies = some.builds(Answer, some.just(4), some.none() | some.sampled_from(UNITS), rounds)
ratings = some.builds(
    Rating,
    some.just(5),
    some.just(OFFICE),
    some.none() | some.sampled_from(UNITS),
    rounds,
    some.sampled_from(["Deputy A", "Deputy B"]),
    is_no_response=some.booleans(),
)
suggestions = some.builds(
    Suggestion,
    some.just("2026-017"),
    deputy=some.just("Deputy A"),
    co_signers=some.sampled_from([(), ("Deputy B",)]),
    round=rounds,
    assignments=some.lists(assignments, max_size=4).map(tuple),
    replies=some.lists(replies, max_size=3).map(tuple),
    ratings=some.lists(ratings, max_size=4).map(tuple),
)


def taken(lifecycle: Lifecycle, state: str, act: type[Act], role: str, after: Suggestion) -> str | None:
    """Where the table leads: along the first transition that lets *role* through."""
    transitions = table(lifecycle).get((state, act), ())
    return next((transition.target for transition in transitions if transition.lets(role, after)), None)


@pytest.mark.parametrize("lifecycle", LIFECYCLES.values(), ids=LIFECYCLES.keys())
@given(after=suggestions)
def test_table_and_machine_agree_on_every_state_act_and_role(lifecycle: Lifecycle, after: Suggestion) -> None:
    args = [(state, act, role) for state in ("", *lifecycle.states) for act in ACTS for role in ROLES]
    apart = [
        (state, act.verb, role)
        for state, act, role in args
        if taken(lifecycle, state, act, role, after) != walk(lifecycle, state, act, role, after)
    ]

    assert apart == []


@pytest.mark.parametrize("lifecycle", LIFECYCLES.values(), ids=LIFECYCLES.keys())
def test_the_table_holds_every_transition_once_and_in_its_order(lifecycle: Lifecycle) -> None:
    held = {key: tuple(a for a in lifecycle.transitions if (a.source, a.act) == key) for key in table(lifecycle)}

    assert (dict(table(lifecycle)), sum(map(len, held.values()))) == (held, len(lifecycle.transitions))


@pytest.mark.parametrize("lifecycle", LIFECYCLES.values(), ids=LIFECYCLES.keys())
@given(after=suggestions)
def test_whoever_an_act_is_open_to_always_gets_somewhere(lifecycle: Lifecycle, after: Suggestion) -> None:
    """A fork has a default, so no suggestion leaves a role that may act without a transition."""
    stranded = [
        (state, act.verb, role)
        for (state, act), transitions in table(lifecycle).items()
        for role in {role for transition in transitions for role in transition.roles}
        if taken(lifecycle, state, act, role, after) is None
    ]

    assert stranded == []


@pytest.mark.parametrize("lifecycle", LIFECYCLES.values(), ids=LIFECYCLES.keys())
def test_every_state_is_reached_and_every_life_can_end(lifecycle: Lifecycle) -> None:
    onward = {s: {a.target for a in lifecycle.leaving(s)} for s in ("", *lifecycle.states)}

    def reached_from(start: str) -> set[str]:
        seen, fresh = set[str](), {start}
        while fresh:
            seen |= fresh
            fresh = {target for state in fresh for target in onward[state]} - seen
        return seen

    unreached = set(lifecycle.states) - reached_from("")
    stuck = [s for s in lifecycle.states if not reached_from(s) & set(lifecycle.final_states)]

    assert (unreached, stuck) == (set(), [])


@pytest.mark.parametrize("lifecycle", LIFECYCLES.values(), ids=LIFECYCLES.keys())
def test_nothing_leads_out_of_a_final_state(lifecycle: Lifecycle) -> None:
    assert [
        transition
        for state in lifecycle.final_states
        for transition in lifecycle.leaving(state)
        if transition.target != state
    ] == []


class TestSharing:
    """One machine is shared by every suggestion under a rulebook version; nobody may change it by asking."""

    LIFECYCLE = load_preset("cn.national").lifecycle

    def sources(self) -> dict[str, dict[str, int]]:
        """What the machine holds legal: of each verb the sources, and how many transitions leave them."""
        events = machine(self.LIFECYCLE).events
        return {verb: {s: len(ts) for s, ts in event.transitions.items()} for verb, event in events.items()}

    @pytest.mark.parametrize(
        ("state", "act", "role"),
        [
            pytest.param("closed", Assign, "congress_office", id="a source the act never has"),
            pytest.param("nowhere", Assign, "congress_office", id="a state there is not"),
            pytest.param("", Reply, "unit", id="before receipt"),
            pytest.param("received", Receive, "congress_office", id="received twice"),
            pytest.param("handling", Suspend, "congress_office", id="an act the lifecycle lacks"),
            pytest.param("evaluated", Close, "deputy", id="a role that may not"),
        ],
    )
    def test_asking_for_the_impossible_gets_no_answer_and_changes_nothing(
        self, state: str, act: type[Act], role: str
    ) -> None:
        before = self.sources()
        answers = [f(self.LIFECYCLE, state, act, role, Suggestion("2026-017")) for f in (walk, taken)]

        assert (answers, self.sources()) == ([None, None], before)

    def test_walking_leaves_no_trace_of_where_somebody_stood(self) -> None:
        suggestion = Suggestion("2026-017")
        first = walk(self.LIFECYCLE, "", Receive, "congress_office", suggestion)
        walk(self.LIFECYCLE, "assigned", Accept, "unit", suggestion)

        assert (first, walk(self.LIFECYCLE, "", Receive, "congress_office", suggestion)) == ("received",) * 2

    def test_the_machine_and_its_table_are_built_once(self) -> None:
        assert machine(self.LIFECYCLE) is machine(self.LIFECYCLE)
        assert table(self.LIFECYCLE) is table(self.LIFECYCLE)

    def test_the_machine_is_bound_to_no_suggestion(self) -> None:
        assert machine(self.LIFECYCLE).models == []
