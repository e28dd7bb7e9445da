"""Is a rulebook told what is wrong with its ladders before it goes live?"""

from __future__ import annotations

from typing import Any

import pytest

from handleflow.errors import BrokenRulebook
from tests.beginnings import rulebook

PHONE = {"channel": "phone", "cite": "host"}
URGED = {"id": "urged", "term": "reply", "offset": "1 day", **PHONE}
LIGHTS = [{"colour": "green", "cite": "host"}, {"colour": "red", "offset": "1 day", "cite": "host"}]


def findings(*rungs: dict[str, Any], **more: Any) -> list[str]:
    """What is found wrong with a rulebook of these rungs."""
    try:
        rulebook(rung=list(rungs), **more)
    except BrokenRulebook as broken:
        return list(broken.findings)
    return []


@pytest.mark.parametrize(
    ("rung", "finding"),
    [
        pytest.param(
            {"term": "reply", "offset": "-7 months"},
            "-7 months from its day lies before the term of 3 months begins",
            id="longer before than the term is long",
        ),
        pytest.param(
            {"term": "reply", "offset": "-200 days"},
            "-200 days from its day lies before the term of 3 months begins",
            id="longer before in another unit",
        ),
        pytest.param(
            {"term": "reply", "offset": "1 day", "every": "0 days", "until": "9 days"},
            "every 0 days would never come to an end",
        ),
        pytest.param(
            {"term": "reply", "offset": "1 day", "until": "9 days"},
            "until 9 days needs an every, and time after the first time",
            id="an end without repeating",
        ),
        pytest.param(
            {"term": "reply", "offset": "1 day", "every": "1 day", "until": "0 days"},
            "until 0 days needs an every, and time after the first time",
            id="an end at once",
        ),
        pytest.param(
            {"term": "reply", "offset": "1 day", "issuer": "mayor"},
            "issued by an unknown role 'mayor'",
            id="an issuer",
        ),
        pytest.param(
            {"term": "reply", "offset": "1 day", "recipient": "leader"},
            "nobody says who the leader is; name leaders in [[leader]] or a leader_by",
            id="a leader nobody names",
        ),
        pytest.param(
            {"term": "supervision_answer", "offset": "1 day", "answer_within": "3 days"},
            "it would climb upon itself for ever",
            id="a rung that climbs upon itself",
        ),
        pytest.param(
            {"after": "supervision_unanswered", "answer_within": "3 days"},
            "it would climb upon itself for ever; give a count",
            id="a fact that climbs upon itself",
        ),
        pytest.param(
            {"after": "dissatisfied", "every": "1 day"},
            "every 1 day after 'dissatisfied' has no end; give until",
            id="a fact without end",
        ),
        pytest.param(
            {"after": "assigned", "unless": "accepted", "every": "1 day"},
            "every 1 day after 'assigned' has no end; give until",
            id="a silence that somebody may break, or nobody",
        ),
        pytest.param(
            {"after": "deadline_missed", "every": "1 day"},
            "every 1 day after 'deadline_missed' has no end; give until",
            id="a day that somebody may meet, or nobody",
        ),
        pytest.param(
            {"term": "reply", "offset": "1 day", "every": "1 day"},
            "every 1 day about the term 'reply' has no end; give until",
            id="a term that somebody may meet, or nobody",
        ),
        pytest.param(
            {"term": "reply", "offset": "1 day", "every": "2 days", "until": "9 days", "answer_within": "3 days"},
            "gives 3 days to answer, and speaks again after 2 days",
            id="an answer longer than until it speaks again",
        ),
        pytest.param(
            {"after": "assigned", "offset": "-1 day"}, "-1 day after a fact is before it is known", id="before a fact"
        ),
        pytest.param({"after": "assigned", "count": -1}, "the -1th of something never comes", id="a count below one"),
        pytest.param(
            {"after": "progress_marked", "colour": "rot"}, "unknown colour 'rot'", id="a colour nobody can give"
        ),
        pytest.param(
            {"after": "assigned", "colour": "red"},
            "'red' tells one progress_marked from another, and it comes after 'assigned'",
            id="a colour of something colourless",
        ),
        pytest.param(
            {"after": "assigned", "term": "reply"},
            "'reply' tells one deadline_missed from another, and it comes after 'assigned'",
            id="a term of something else",
        ),
        pytest.param(
            {"after": "deadline_missed", "term": "repli"}, "unknown term 'repli'; did you mean 'reply'?", id="no term"
        ),
    ],
)
def test_a_rung_that_could_not_work_is_found(rung: dict[str, Any], finding: str) -> None:
    (found,) = findings({"id": "r", **PHONE, **rung}, light=LIGHTS)

    assert found.startswith(f"rung 'r': {finding}")


@pytest.mark.parametrize(
    ("rung", "finding"),
    [
        pytest.param({}, "it speaks of nothing; give a term and an offset", id="a rung of nothing"),
        pytest.param({"term": "reply"}, "it speaks of nothing", id="no offset"),
        pytest.param(
            {"term": "reply", "offset": "1 day", "count": 2},
            "count, per, unless and colour belong to",
            id="a count of a term",
        ),
        pytest.param({"after": "asigned"}, "unknown fact 'asigned'; did you mean 'assigned'?", id="an unknown fact"),
        pytest.param(
            {"after": "assigned", "unless": "acepted"},
            "unknown fact 'acepted'; did you mean 'accepted'?",
            id="unless",
        ),
        pytest.param(
            {"term": "reply", "offset": "1 day", "recipient": "mayor"}, "'mayor'", id="an unknown recipient"
        ),
        pytest.param({"term": "reply", "offset": "1 day", "applies_to": "small"}, "'small'", id="an unknown kind"),
    ],
)
def test_a_row_that_means_nothing_is_found(rung: dict[str, Any], finding: str) -> None:
    (found,) = findings({"id": "r", **PHONE, **rung})

    assert finding in found


@pytest.mark.parametrize(
    "rung",
    [
        {"after": "deadline_missed", "every": "1 day", "until": "9 days"},
        {"after": "assigned", "unless": "accepted", "every": "1 day", "until": "9 days"},
        {"after": "dissatisfied", "every": "1 day", "until": "9 days"},
        {"after": "supervision_unanswered", "count": 2, "answer_within": "3 days"},
        {"term": "reply", "offset": "1 day", "every": "3 days", "until": "9 days", "answer_within": "3 days"},
    ],
    ids=["a day long past", "a silence that is broken", "an end", "a count", "as long as until it speaks again"],
)
def test_what_comes_to_an_end_is_sound(rung: dict[str, Any]) -> None:
    assert findings({"id": "r", **PHONE, **rung}) == []


class TestTogether:
    """What two rungs say against each other."""

    def test_two_at_one_moment_by_one_measure_say_the_same(self) -> None:
        assert findings(URGED, {**URGED, "id": "again"}) == [
            "rungs 'urged' and 'again' say the same at the same moment"
        ]

    def test_by_another_measure_or_of_other_suggestions_they_may(self) -> None:
        assert findings(URGED, {**URGED, "id": "also", "channel": "written"}) == []
        assert findings({**URGED, "applies_to": "key"}, {**URGED, "id": "also", "applies_to": "ordinary"}) == []

    @pytest.mark.parametrize(
        ("within", "offset", "is_found"),
        [
            pytest.param("5 days", "4 days", True, id="longer than until the next"),
            pytest.param("3 days", "4 days", False, id="until the next"),
            pytest.param("1 month", "4 days", True, id="a month is longer than any three days"),
            pytest.param("3 workdays", "4 days", False, id="three working days may be three days"),
            pytest.param("4 workdays", "4 days", True, id="four working days are never three days"),
        ],
    )
    def test_an_answer_is_due_before_the_next_rung_speaks(self, within: str, offset: str, is_found: bool) -> None:
        later = {**URGED, "id": "later", "offset": offset}
        found = findings({**URGED, "answer_within": within}, later)

        assert found == [f"rung 'urged' gives {within} to answer, yet 'later' speaks before"] * is_found

    @pytest.mark.parametrize(("span", "is_found"), [("3 days", False), ("4 days", True)])
    def test_a_cooldown_longer_than_until_the_next_rung_would_silence_it(self, span: str, is_found: bool) -> None:
        later = {**URGED, "id": "later", "offset": "4 days"}
        found = findings(URGED, later, cooldown={"span": span, "cite": "host"})
        words = f"rung 'later' would never speak: a unit is left in peace for {span} after 'urged'"

        assert found == [words] * is_found

    def test_offsets_in_other_units_are_compared_as_far_as_they_can_be(self) -> None:
        before = {**URGED, "id": "before", "offset": "-10 workdays", "answer_within": "2 days"}
        between = {**URGED, "id": "between", "offset": "-5 days"}

        assert findings(before, between, URGED) == []

    def test_a_lifecycle_that_never_lets_the_clock_speak_is_found(self) -> None:
        transition = {"act": "supervise", "source": ["assigned"], "target": "same", "who": ["congress_office"]}

        assert findings(URGED, transition=[transition]) == [
            "no transition lets the clock supervise, so its rungs would never speak"
        ]


class TestTheRest:
    """Lights, cooldown, leaders."""

    def test_lights_stand_in_the_order_of_their_days(self) -> None:
        early = {"colour": "yellow", "offset": "-3 days", "cite": "host"}

        assert findings(light=[*LIGHTS, early]) == ["light 'yellow' at -3 days comes before 'red' at 1 day"]

    def test_a_light_named_twice_is_found(self) -> None:
        assert findings(light=[*LIGHTS, {"colour": "red", "cite": "host"}]) == ["light named twice: red"]

    def test_what_is_cited_must_be_known(self) -> None:
        found = findings(light=[{"colour": "green", "cite": "XY 1"}], cooldown={"span": "3 days", "cite": "XY 1"})

        assert [words.split(" cites")[0] for words in found] == ["light 'green'", "cooldown"]

    def test_a_cooldown_of_no_time_is_found(self) -> None:
        assert findings(cooldown={"span": "0 days", "cite": "host"}) == ["cooldown: 0 days is no time at all"]

    def test_a_way_to_name_a_leader_must_be_handed_in(self) -> None:
        assert findings(leader_by="by_field") == ["leader_by: unknown way to name a leader 'by_field'"]
