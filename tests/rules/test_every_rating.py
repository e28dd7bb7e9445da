"""Is a reply rated, a promise followed, a unit urged under every shipped rulebook? (评价、督办)"""

from __future__ import annotations

from handleflow import Act, Actor, Rulebook
from handleflow.acts import (
    Adopt,
    AnswerSupervision,
    Close,
    Correct,
    Distribute,
    Evaluate,
    FulfilCommitment,
    GrantReturn,
    MarkProgress,
    MergeWith,
    RateCommitment,
    RecordContact,
    RecordNoResponse,
    Rehandle,
    RejectAnswer,
    ReportCommitment,
    RequestReturn,
    Supervise,
    Withdraw,
)
from handleflow.testing import Scenario, deputy, government, leader, office
from tests.beginnings import ROADS, WATER
from tests.rules.lives import (
    BY_STATE,
    OFFICES,
    OPEN,
    RATED_ON,
    REPLIED_ON,
    earlier_version,
    evaluated,
    handling,
    heard,
    promising,
    rehandled,
    replied,
    solving,
    under,
)

URGING = (*OFFICES, leader())


def granted_story(act: Act, story: Scenario, by: tuple[Actor, ...] = OFFICES) -> Scenario:
    """The story with *act* in it; it stands where it stands whoever of *by* acts."""
    stories = [story.and_(act, by=who) for who in by]
    assert len({each.suggestion.state for each in stories}) == 1
    return stories[0]


def one_of_two_replied(rules: Rulebook) -> Scenario:
    """The Water Bureau has replied with a promise, the Roads Bureau owes its reply still."""
    return heard(rules, "Water Bureau", "Roads Bureau").and_(promising(rules), by=WATER, on=REPLIED_ON)


def only_a_helper_left(rules: Rulebook) -> Scenario:
    """The government's office has made a co unit of who owed the second reply; so nobody owes one."""
    helps = Distribute((), ("Schools Bureau",), instead_of="Roads Bureau")
    return one_of_two_replied(rules).and_(helps, by=government())


def with_a_promise(rules: Rulebook) -> dict[str, Scenario]:
    """A promise of the Water Bureau's, in each state in which one is followed."""
    return {
        "handling": one_of_two_replied(rules),
        "replied": replied(rules, reply=promising(rules)),
        "evaluated": evaluated(rules, reply=promising(rules)),
    }


def replied_again(rules: Rulebook) -> Scenario:
    """The Water Bureau heard the deputy again and replied a second time."""
    return rehandled(rules).and_(RecordContact("during"), by=WATER).and_(solving(rules), by=WATER)


def without_a_lead(rules: Rulebook) -> Scenario:
    """Its only lead gave it back; the Roads Bureau still helps, and it waits for a lead."""
    story = handling(rules, co_units=("Roads Bureau",)).and_(RequestReturn("It is no water."), by=WATER)
    return story.and_(GrantReturn("Water Bureau"), by=office())


def test_it_is_evaluated_once_every_reply_is_rated(rules: Rulebook) -> None:
    satisfied = Evaluate("Water Bureau", "satisfied")
    stories = (
        one_of_two_replied(rules),
        only_a_helper_left(rules),
        replied(rules, "Water Bureau", "Roads Bureau"),
        replied(rules),
    )
    found = [story.when(satisfied, by=deputy(), on=RATED_ON) for story in stories]

    assert [(o.story.suggestion.state, o.state) for o in found] == [
        ("handling", "handling"),
        ("handling", "evaluated"),
        ("replied", "replied"),
        ("replied", "evaluated"),
    ]


def test_no_response_ends_the_waiting_and_is_no_satisfaction(rules: Rulebook) -> None:
    silence = RecordNoResponse("Water Bureau", (RATED_ON,))
    stories = [
        story.and_the_clock_reads(RATED_ON)
        for story in (
            one_of_two_replied(rules),
            only_a_helper_left(rules),
            replied(rules, "Water Bureau", "Roads Bureau"),
            replied(rules),
        )
    ]
    found = [granted_story(silence, story).suggestion for story in stories]

    assert [s.state for s in found] == ["handling", "evaluated", "replied", "evaluated"]
    assert [(s.ratings[-1].result, s.ratings[-1].is_no_response) for s in found] == [(None, True)] * 4


def test_what_dissatisfies_the_deputy_is_handled_again_by_the_unit_that_replied(rules: Rulebook) -> None:
    story = evaluated(rules, "Water Bureau", "Roads Bureau", result="dissatisfied")
    again = granted_story(Rehandle(("Water Bureau",), "The deputy is dissatisfied."), story)

    assert (again.suggestion.state, again.suggestion.round) == ("handling", 2)
    assert [a.unit for a in again.suggestion.leads_without_reply] == ["Water Bureau"]


def test_what_nobody_rated_is_handled_again_where_the_congresss_office_may_ask_for_it(rules: Rulebook) -> None:
    """BJ14 27: handled perfunctorily. QD21 31: after the assessment. Nobody owes a rating of that reply any more."""
    again = Rehandle(("Water Bureau",), "It says nothing.")
    outcome, by_government = (replied(rules).when(again, by=by) for by in OFFICES)
    runs = {term.key.rule for term in outcome.suggestion.running_terms()}

    assert (outcome.state, by_government.is_granted, "rating" in runs) == (
        "handling" if rules.name in {"cn.beijing", "cn.qingdao"} else "replied",
        False,
        rules.name in {"cn.chongqing", "cn.henan", "cn.xiamen"},
    )


def test_what_is_rated_is_closed_and_nothing_runs_any_more(rules: Rulebook) -> None:
    over = granted_story(Close(), evaluated(rules))

    assert (over.suggestion.state, list(over.suggestion.running_terms())) == ("closed", [])


def test_a_promise_is_followed_until_it_is_kept_and_rated(rules: Rulebook) -> None:
    found = {}
    for state, story in with_a_promise(rules).items():
        kept = story.and_(ReportCommitment(1, "Half of it."), by=WATER).and_(FulfilCommitment(1, "Laid."), by=WATER)
        rated = kept.and_(RateCommitment(1, "satisfied"), by=deputy()).suggestion
        found[state] = (rated.state, str(rated.commitments[0].fulfilled_on), rated.commitments[0].grade)

    assert found == {
        "handling": ("handling", REPLIED_ON, "satisfied"),
        "replied": ("replied", REPLIED_ON, "satisfied"),
        "evaluated": ("evaluated", RATED_ON, "satisfied"),
    }


def test_it_is_not_closed_while_a_promise_is_open(rules: Rulebook) -> None:
    story = evaluated(rules, reply=promising(rules))
    refused = story.when(Close(), by=office())

    assert (refused.rules, refused.state) == (("commitments_open",), "evaluated")
    assert story.and_(FulfilCommitment(1, "Laid."), by=WATER).when(Close(), by=office()).state == "closed"


def test_a_unit_is_urged_wherever_it_stands_and_answers(rules: Rulebook) -> None:
    urging = Supervise("Water Bureau", "phone", "The river is brown.", "2026-03-31")
    urged = {state: granted_story(urging, BY_STATE[state](rules), URGING) for state in OPEN}
    answered = {state: story.when(AnswerSupervision(1, "We are on it."), by=WATER) for state, story in urged.items()}

    assert [o.state for o in answered.values()] == list(OPEN)
    assert [str(story.suggestion.terms[-1].due_on) for story in urged.values()] == ["2026-03-31"] * 5
    assert [o.suggestion.terms[-1].end for o in answered.values()] == ["met"] * 5


def test_an_answer_that_is_not_enough_is_wanted_again_by_a_new_day(rules: Rulebook) -> None:
    stories = {state: BY_STATE[state](rules) for state in OPEN[1:]}
    urging = Supervise("Water Bureau", "phone", "The river is brown.", "2026-03-31")
    found = {}
    for state, story in stories.items():
        answered = granted_story(urging, story, URGING).and_(AnswerSupervision(1, "Soon."), by=WATER)
        again = granted_story(RejectAnswer(1, "When?", "2026-04-30"), answered, URGING).suggestion
        found[state] = (again.state, again.supervisions[-1].follows, str(again.terms[-1].due_on))

    assert found == {state: (state, 1, "2026-04-30") for state in OPEN[1:]}


def test_a_helper_is_urged_and_answers_again_while_it_waits_for_a_lead(rules: Rulebook) -> None:
    story = without_a_lead(rules).and_(Supervise("Roads Bureau", "phone", "Your opinion?"), by=office())
    story = story.and_(AnswerSupervision(1, "Soon."), by=ROADS)
    again = granted_story(RejectAnswer(1, "When?", "2026-04-30"), story, URGING).suggestion

    assert (again.state, [s.unit for s in again.supervisions]) == ("received", ["Roads Bureau", "Roads Bureau"])


def test_a_units_progress_has_the_colours_the_place_has(rules: Rulebook) -> None:
    marking = MarkProgress("Water Bureau", "red", "Nothing was laid.")
    outcomes = [BY_STATE[state](rules).when(marking, by=by) for state in OPEN[1:] for by in URGING]
    has_lights = bool(rules.lights)

    assert {o.rules for o in outcomes} == {() if has_lights else ("colour_is_known",)}
    assert [len(o.suggestion.progress_marks) for o in outcomes] == [int(has_lights)] * 12
    assert [o.state for o in outcomes] == [state for state in OPEN[1:] for _ in URGING]


def test_two_suggestions_on_one_matter_are_merged_until_there_is_a_reply(rules: Rulebook) -> None:
    stories = {state: granted_story(MergeWith("2"), BY_STATE[state](rules)) for state in OPEN[:3]}

    assert {state: (s.suggestion.state, s.suggestion.merged_with) for state, s in stories.items()} == {
        state: (state, ("2",)) for state in OPEN[:3]
    }


def test_its_deputy_takes_it_back_before_the_reply_or_where_the_place_says_so_before_it_is_assigned(
    rules: Rulebook,
) -> None:
    taken_back = Withdraw("It is solved.")
    found = {state: BY_STATE[state](rules).when(taken_back, by=deputy()) for state in OPEN}
    allowed = ("received",) if rules.name in {"cn.beijing", "cn.xiamen"} else ("received", "assigned", "handling")

    assert tuple(state for state, outcome in found.items() if outcome.state == "withdrawn") == allowed
    assert {o.rules for state, o in found.items() if state not in allowed} == {("wrong_state",)}


def test_what_was_written_wrong_is_set_right_also_when_all_is_over(rules: Rulebook) -> None:
    typo = Correct(1, "title", "Safe drinking water for all", "A word was left out.")
    found = {state: granted_story(typo, start(rules)).suggestion for state, start in BY_STATE.items()}

    assert {state: (s.state, s.title) for state, s in found.items()} == {
        state: (state, "Safe drinking water for all") for state in BY_STATE
    }


def test_another_version_decides_from_the_day_it_is_adopted(rules: Rulebook) -> None:
    earlier = earlier_version(rules.name)
    adopting = Adopt(rules.name, rules.version)
    found = {state: granted_story(adopting, under(rules, BY_STATE[state](earlier))).suggestion for state in OPEN}

    assert {state: (s.state, s.rulebook) for state, s in found.items()} == {
        state: (state, rules.ref) for state in OPEN
    }


def test_a_second_reply_is_rated_by_itself(rules: Rulebook) -> None:
    story = replied_again(rules)
    outcome = story.when(Evaluate("Water Bureau", "satisfied"), by=deputy())

    assert (story.suggestion.state, outcome.state) == ("replied", "evaluated")
    assert [(r.round, r.result) for r in outcome.suggestion.ratings] == [(1, "dissatisfied"), (2, "satisfied")]
