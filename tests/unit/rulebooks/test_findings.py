"""Is everything that is wrong with a rulebook said at once, where it stands and with what would have worked?"""

from __future__ import annotations

import json
from typing import Any

import pytest

from handleflow.errors import BrokenRulebook
from handleflow.rulebooks import from_document
from tests.beginnings import rulebook

TERM = {"id": "reply", "of": "lead", "anchor": "assigned", "met_by": ["replied"], "span": "3 months"}


def findings(**changes: Any) -> tuple[str, ...]:
    """What is found wrong with the national rulebook so changed."""
    with pytest.raises(BrokenRulebook) as caught:
        rulebook(**changes)
    return caught.value.findings


class TestFindings:
    """Everything wrong is said at once, with what would have worked."""

    def test_a_rulebook_wrong_in_every_way_is_told_every_way(self) -> None:
        found = findings(
            oddity=1,
            term=[{**TERM, "id": "plan", "spam": "4 months"}],
            guard=[
                {"ask": "deputy_was_herd", "of": ["reply"], "cite": "DBF25 51"},
                {"ask": "co_opinions_are_in", "of": ["replay"], "cite": "host"},
            ],
            transition=[
                {"act": "declin", "source": ["received"], "target": "declined", "who": ["unit"]},
                {"act": "decline", "source": ["received"], "target": "declined", "who": ["mayer"]},
                {"act": "plan", "source": ["asigned"], "target": "same", "who": ["unit"]},
            ],
            roles=["mayor"],
            backdating=[{"role": "unit", "within": "three days", "cite": "host"}],
        )

        assert [finding.split(";")[0] for finding in found] == [
            "unknown key 'oddity'",
            "transition 'declin', act: unknown act 'declin'",
            "transition 'decline', who 1: unknown role 'mayer'",
            "term 'plan': unknown key 'spam'",
            "term 'plan': it has no citation",
            "guard 'deputy_was_herd', ask: unknown guard 'deputy_was_herd'",
            "guard 'co_opinions_are_in', of 1: unknown act 'replay'",
            "backdating 'unit', within: 'three days' is not a span",
            "plan: unknown state 'asigned'",
        ]

    def test_an_unknown_condition_is_one_finding_and_not_two(self) -> None:
        """Without a condition the first transition would hide the second, which is not what the file says."""
        transition = {"act": "decline", "source": ["received"], "target": "declined", "who": ["congress_office"]}
        found = findings(
            transition=[{**transition, "when": "no_lead_is_lift"}, {**transition, "target": "withdrawn"}]
        )

        assert found == (
            "transition 'decline', when: unknown condition 'no_lead_is_lift'; did you mean 'no_lead_is_left'?",
        )

    @pytest.mark.parametrize(
        ("changes", "finding"),
        [
            pytest.param({"terms": []}, "unknown key 'terms'; did you mean 'term'?", id="a key of the rulebook"),
            pytest.param(
                {"sources": {"X": {"title": "x", "link": "y"}}},
                "sources, X: unknown key 'link'; known: title, url, verified_on",
                id="a key of a source",
            ),
            pytest.param(
                {"convention": {"name": "x", "cite": "host", "rolls_on": "none"}},
                "convention: unknown key 'rolls_on'; did you mean 'roll_on'?",
                id="a key of the convention",
            ),
            pytest.param(
                {
                    "term": [
                        {
                            **TERM,
                            "cite": "host",
                            "extension": {
                                "span": "1 month",
                                "base": "chained",
                                "mode": "consent",
                                "cite": "host",
                                "tims": 2,
                            },
                        }
                    ]
                },
                "term 'reply', extension: unknown key 'tims'; did you mean 'times'?",
                id="a key of an extension",
            ),
        ],
    )
    def test_an_unknown_key_is_found_however_deep(self, changes: dict[str, Any], finding: str) -> None:
        (found,) = findings(**changes)

        assert found.startswith(finding)

    @pytest.mark.parametrize(
        "changes",
        [
            pytest.param({"term": [{**TERM, "id": "plan"}]}, id="a term"),
            pytest.param(
                {"term": [{**TERM, "id": "plan", "cite": "host", "long_span": "6 months"}]}, id="a longer track"
            ),
            pytest.param(
                {
                    "term": [
                        {
                            **TERM,
                            "cite": "host",
                            "extension": {"span": "1 month", "base": "capped", "mode": "consent"},
                        }
                    ]
                },
                id="an extension",
            ),
            pytest.param(
                {"rung": [{"id": "urged", "term": "reply", "offset": "1 day", "channel": "phone"}]}, id="a rung"
            ),
            pytest.param({"outcome": [{"code": "A", "en": "solved", "zh": "已解决"}]}, id="an outcome class"),
            pytest.param({"guard": [{"ask": "deputy_was_heard", "of": ["reply"]}]}, id="a guard"),
            pytest.param({"convention": {"name": "x"}}, id="the way of counting"),
            pytest.param(
                {"backdating": [{"role": "unit", "within": "3 days", "cite": ""}]}, id="a leave to tell late"
            ),
        ],
    )
    def test_a_number_without_a_citation_is_found(self, changes: dict[str, Any]) -> None:
        (found,) = findings(**changes)

        assert "no citation" in found

    @pytest.mark.parametrize(
        ("changes", "finding"),
        [
            pytest.param({"coalesce": "yes"}, "coalesce", id="words for a yes or no"),
            pytest.param({"version": 1}, "version", id="a number for words"),
            pytest.param({"lifecycle": 5}, "lifecycle", id="a number for a lifecycle"),
            pytest.param({"roles": "mayor"}, "roles", id="one text for a list"),
            pytest.param({"roles": 5}, "roles", id="a number for a list"),
            pytest.param(
                {"term": [{**TERM, "cite": "host", "met_by": "replied"}]}, "met_by", id="one kind for a list"
            ),
            pytest.param({"sources": {"X": "the law"}}, "sources", id="words for a source"),
            pytest.param({"convention": "as the law says"}, "convention", id="words for a way of counting"),
            pytest.param({"guard": ["deputy_was_heard"]}, "guard 1", id="words for a guard"),
        ],
    )
    def test_a_value_of_the_wrong_type_is_found_where_it_stands(self, changes: dict[str, Any], finding: str) -> None:
        assert [finding in found for found in findings(**changes)] == [True]

    def test_a_wrong_type_does_not_hide_an_unknown_key(self) -> None:
        assert [found.split(";")[0] for found in findings(coalesce="yes", oddity=1)] == [
            "unknown key 'oddity'",
            "coalesce: 'yes' should be true or false",
        ]

    @pytest.mark.parametrize(
        ("settings", "said"),
        [
            pytest.param({"limit": 1, "then_en": "x", "then_zh": "y"}, [], id="as they should be"),
            pytest.param(
                {"limit": "one", "then_en": "x", "then_zh": "y"},
                ["guard 'rounds_are_left', settings, limit: 'one' should be a whole number"],
                id="a word for a number",
            ),
            pytest.param(
                {"limit": 1},
                [f"guard 'rounds_are_left', settings: it needs 'then_{lang}'" for lang in ("en", "zh")],
                id="two are missing",
            ),
            pytest.param(
                {"limit": 1, "then_en": "x", "then_zh": "y", "most": 2},
                ["guard 'rounds_are_left', settings: unknown key 'most'; known: limit, then_en, then_zh"],
                id="one too many",
            ),
        ],
    )
    def test_a_guards_settings_are_its_fields(self, settings: dict[str, Any], said: list[str]) -> None:
        guard = {"ask": "rounds_are_left", "of": ["rehandle"], "cite": "host", "settings": settings}
        try:
            rulebook(guard=[guard])
        except BrokenRulebook as broken:
            found = list(broken.findings)
        else:
            found = []

        assert found == said

    @pytest.mark.parametrize(
        ("change", "finding"),
        [
            pytest.param({"of": "leader"}, "'of' cannot be 'leader'", id="nobody's term"),
            pytest.param({"span": "a season"}, "'a season' is not a span", id="no span"),
            pytest.param({"cite": "DBF25"}, "'DBF25' cites no article", id="a law without an article"),
            pytest.param({"id": " "}, "needs words for 'id'", id="no name"),
        ],
    )
    def test_a_term_that_makes_no_sense_is_found(self, change: dict[str, Any], finding: str) -> None:
        (found,) = findings(term=[{**TERM, "cite": "host", **change}])

        assert finding in found

    @pytest.mark.parametrize(
        ("change", "finding"),
        [
            pytest.param({"known_from": "2027-01-01"}, "before it is known from", id="it contradicts itself"),
            pytest.param(
                {"known_through": "2026-02-30"}, "'2026-02-30' is no day of the calendar", id="an impossible day"
            ),
            pytest.param({"zone": "Asia/Dehui"}, "'Asia/Dehui' is no time zone", id="a zone nobody knows"),
            pytest.param(
                {"rest_days": ["sat", "sunn"]},
                "sunn is no day of the week; did you mean 'sun'?",
                id="a weekday nobody knows",
            ),
            pytest.param(
                {"year": [{"year": 2026, "source": "x", "holidays": ["2026-02-17/2026-02-16"]}]},
                "2026-02-17/2026-02-16 ends before it begins",
                id="a holiday that ends before it begins",
            ),
            pytest.param(
                {"year": [{"year": 2025, "source": "x", "holidays": ["2026-02-17"]}]},
                "2026-02-17 stands under 2025",
                id="a holiday under another year",
            ),
            pytest.param(
                {"year": [{"year": 2025, "source": "x", "holidays": [], "make_up_days": ["2026-02-14"]}]},
                "2026-02-14 stands under 2025",
                id="a make-up day under another year",
            ),
            pytest.param(
                {"year": [{"year": 2025, "source": "x", "holidays": ["2025-12-31/2026-01-02"]}]},
                "2026-01-01 stands under 2025",
                id="a holiday that runs into another year",
            ),
        ],
    )
    def test_a_calendar_that_makes_no_sense_is_found(self, change: dict[str, Any], finding: str) -> None:
        calendar = json.loads(rulebook().document)["calendar"]
        (found,) = findings(calendar={**calendar, "year": [], **change})

        assert found.startswith("calendar")
        assert finding in found

    def test_a_broken_calendar_does_not_hide_a_missing_citation(self) -> None:
        calendar = json.loads(rulebook().document)["calendar"]
        found = findings(calendar={**calendar, "known_through": "never"}, term=[{**TERM, "id": "plan"}])

        assert [finding.split(":")[0] for finding in found] == ["calendar, known_through", "term 'plan'"]

    def test_a_broken_calendar_or_way_of_counting_does_not_hide_what_the_whole_lacks(self) -> None:
        calendar = json.loads(rulebook().document)["calendar"]
        found = findings(
            calendar={**calendar, "known_through": "never"},
            convention={"name": "x", "roll_on": "sundays", "cite": "DBF52 1"},
            term=[{**TERM, "anchor": "assignd", "cite": "host"}],
        )

        assert [finding.split(";")[0] for finding in found] == [
            "calendar, known_through: 'never' is not a day",
            "convention: Convention: 'roll_on' cannot be 'sundays'",
            "term 'reply': no act of kind 'assignd' anchors it",
            "convention cites the unknown source 'DBF52'",
        ]


class TestRows:
    """One row is told all that is wrong with it, and what is wrong with it is told once."""

    def test_a_row_wrong_in_every_field_is_told_of_each(self) -> None:
        extension = {"span": "soon", "base": "free", "mode": "wish", "times": "often"}
        term = {"id": " ", "of": "leader", "met_by": "replied", "span": 3, "cite": "DBF25", "extension": extension}

        assert [
            finding.split(";")[0] for finding in findings(term=[{**term, "owed_by": "mayor", "long_cite": ""}])
        ] == [
            "term 2: it needs 'anchor'",
            "term 2, met_by: 'replied' should be a list",
            "term 2, span: 3 should be text",
            "term 2, cite: 'DBF25' cites no article",
            "term 2, long_cite: it has no citation",
            "term 2, extension, span: 'soon' is not a span",
            "term 2, extension: it has no citation",
            "term 2, extension, times: 'often' should be a whole number",
            "term 2, extension: ExtensionRule: 'base' cannot be 'free'",
            "term 2, extension: ExtensionRule: 'mode' cannot be 'wish'",
            "term 2: TermRule needs words for 'id', not ' '",
            "term 2: TermRule: 'of' cannot be 'leader'",
            "term 2: TermRule: 'owed_by' cannot be 'mayor'",
        ]

    def test_so_is_a_rung(self) -> None:
        rung = {"id": "r", "after": "asigned", "count": "two", "unless": 5, "every": "1 moon", "recipient": "mayor"}

        assert [finding.split(";")[0] for finding in findings(rung=[rung])] == [
            "rung 'r': it needs 'channel'",
            "rung 'r': it has no citation",
            "rung 'r', every: '1 moon' is not a span",
            "rung 'r': Rung: 'recipient' cannot be 'mayor'",
            "rung 'r', after: unknown fact 'asigned'",
            "rung 'r', count: 'two' should be a whole number",
            "rung 'r', unless: 5 should be text",
            "rung 'r', unless: unknown fact 5",
        ]

    def test_so_is_a_transition(self) -> None:
        transition = {"act": "declin", "source": "received", "who": ["mayer", 5], "when": "no_lead_is_lift"}

        assert [finding.split(";")[0] for finding in findings(transition=[transition])] == [
            "transition 'declin', act: unknown act 'declin'",
            "transition 'declin', source: 'received' should be a list",
            "transition 'declin': it needs 'target'",
            "transition 'declin', who 1: unknown role 'mayer'",
            "transition 'declin', who 2: unknown role 5",
            "transition 'declin', when: unknown condition 'no_lead_is_lift'",
        ]

    def test_a_row_that_cannot_be_read_makes_no_second_finding_elsewhere(self) -> None:
        """The rung's term is there, though its row cannot be read; what else is wrong is found all the same."""
        rung = {"id": "r", "term": "own", "offset": "1 day", "channel": "fone", "cite": "XY 1"}

        assert [finding.split(";")[0] for finding in findings(term=[{**TERM, "id": "own"}], rung=[rung])] == [
            "term 'own': it has no citation",
            "rung 'r': unknown channel 'fone'",
            "rung 'r' cites the unknown source 'XY'",
        ]

    def test_what_is_no_row_at_all_does_not_hide_the_rows_beside_it(self) -> None:
        nowhere = {"act": "close", "source": ["evaluated"], "target": "closd", "who": ["unit"]}

        assert [
            finding.split(";")[0] for finding in findings(transition=[5, nowhere], term=["x", {**TERM, "span": 1}])
        ] == [
            "transition 1: 5 should be a table",
            "term 1: 'x' should be a table",
            "term 'reply', span: 1 should be text",
            "term 'reply': it has no citation",
            "close: unknown state 'closd'",
        ]

    def test_a_part_that_is_missing_is_one_finding(self) -> None:
        document = json.loads(rulebook("cn.dehui.demo").document)
        del document["lifecycle"], document["sources"], document["version"]

        with pytest.raises(BrokenRulebook) as caught:
            from_document(json.dumps({**document, "sources": 5, "channels": [5]}))
        assert caught.value.findings == (
            "it needs 'version'",
            "it needs 'lifecycle'",
            "sources: 5 should be tables, [sources.KEY]",
            "channels 1: 5 should be text",
        )

    @pytest.mark.parametrize(
        ("lifecycle", "said"),
        [
            ({"name": 5, "state": [], "transition": []}, ["lifecycle, name: 5 should be text"]),
            ({"name": "x", "transition": []}, ["lifecycle: it needs 'state'"]),
            ({"name": "x", "state": [{"name": "a", "en": "a"}]}, ["lifecycle: it needs 'transition'", "state 'a'"]),
            ({"name": "x", "state": [], "transition": [], "roles": "mayor"}, ["roles: 'mayor' should be a list"]),
            ({"name": "x", "state": [], "transition": [], "end": 1}, ["lifecycle: unknown key 'end'"]),
        ],
        ids=["its name", "no states", "half a state", "a role", "an unknown key"],
    )
    def test_a_lifecycle_that_cannot_be_read_is_not_held_against_the_rest(
        self, lifecycle: dict[str, Any], said: list[str]
    ) -> None:
        found = findings(lifecycle=lifecycle)

        assert sorted(each.split(": it needs 'zh'")[0].split(";")[0] for each in found) == sorted(said)

    def test_a_rung_of_a_term_takes_nothing_of_one_of_a_fact(self) -> None:
        rung = {"id": "r", "term": "reply", "offset": "1 day", "channel": "phone", "cite": "host"}
        assert rulebook(rung=[{**rung, "count": 0, "per": "suggestion", "unless": "", "colour": ""}]).rungs

        for key, value in (("count", 1), ("per", "unit"), ("unless", "accepted"), ("colour", "red")):
            assert findings(rung=[{**rung, key: value}]) == (
                "rung 'r': count, per, unless and colour belong to a rung that comes after a fact",
            )
