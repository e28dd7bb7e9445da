"""Is what was called otherwise read under the names of now, and everything else left as it was?"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handleflow import load
from handleflow.before_schema_3 import body_now, kind_now, rulebook_now
from handleflow.rulebooks import from_document

OLD_RUNG = {
    "id": "reminded",
    "term": "reply",
    "offset": "-15 days",
    "measure": "phone",
    "only": "key",
    "cite": "host",
}
RUNG = {
    "id": "reminded",
    "term": "reply",
    "offset": "-15 days",
    "channel": "phone",
    "applies_to": "key",
    "cite": "host",
}
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=3)
ANYTHING = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["x", "y"]), inner))
RULES = load(
    "cn.national",
    changes={
        "name": "city",
        "version": "1",
        "rung": [RUNG],
        "channels": ["phone"],
        "coalesce": True,
        "cooldown": {"span": "3 days", "cite": "host"},
        "leader": [{"name": "Leader for key matters (placeholder)", "applies_to": "key"}],
    },
)


def under_old_names(document: str) -> str:
    """The text of those rules as it was written before."""
    plain = json.loads(document)
    plain["measures"], plain["is_collapsing"] = plain.pop("channels"), plain.pop("coalesce")
    plain["quiet"], plain["rung"] = plain.pop("cooldown"), [OLD_RUNG]
    plain["lifecycle"]["arrow"] = plain["lifecycle"].pop("transition")
    plain["leader"][0]["only"] = plain["leader"][0].pop("applies_to")
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def test_a_rulebook_kept_under_old_keys_is_the_one_that_its_file_holds_under_those_of_now() -> None:
    assert from_document(rulebook_now(under_old_names(RULES.document))).digest == RULES.digest


@pytest.mark.parametrize(
    ("kind", "then", "now"),
    [
        ("received", {"place": "Old Town"}, {"locality": "Old Town"}),
        ("taken_over", {"place": "Old Town"}, {"locality": "Old Town"}),
        ("contact_recorded", {"means": "visit"}, {"channel": "visit"}),
        (
            "supervised",
            {"measure": "phone", "insisting": "it burns", "claim": {"rung": "a"}},
            {"channel": "phone", "override_reason": "it burns", "firing_key": {"rung": "a"}},
        ),
        ("rung_lapsed", {"claim": {"rung": "a"}}, {"firing_key": {"rung": "a"}}),
        ("rung_suppressed", {"claim": {"rung": "a"}}, {"firing_key": {"rung": "a"}}),
        ("reply_classified", {"classified": {"code": "A"}}, {"snapshot": {"code": "A"}}),
        ("measure_reported", {"measure": "pipes"}, {"measure": "pipes"}),
        ("corrected", {"field": "suggestion.place"}, {"field": "suggestion.locality"}),
        ("corrected", {"field": "means"}, {"field": "channel"}),
        ("corrected", {"field": "title"}, {"field": "title"}),
        (
            "term_met",
            {"key": {"rule": "reply", "unit": "", "round": 1, "generation": 2}},
            {"key": {"rule": "reply", "unit": "", "round": 1, "ref": 2}},
        ),
        ("hosts_own", {"place": "there", "measure": 1}, {"place": "there", "measure": 1}),
    ],
)
def test_a_field_that_was_called_otherwise_is_read_under_its_name_of_now(
    kind: str, then: dict[str, Any], now: dict[str, Any]
) -> None:
    assert json.loads(body_now(kind, json.dumps(then).encode())) == now


def test_a_kind_that_was_called_otherwise_has_its_name_of_now_and_another_keeps_its() -> None:
    assert [kind_now("term_passed"), kind_now("received"), kind_now("hosts_own")] == [
        "term_outcome_unknown",
        "received",
        "hosts_own",
    ]


@pytest.mark.parametrize(
    "document", ["", "no JSON", "[1]", "1", "[" * 100_000], ids=["nothing", "words", "a list", "1", "deep"]
)
def test_a_text_that_is_no_rulebook_stays_as_it_is(document: str) -> None:
    assert rulebook_now(document) == document


@given(plain=st.dictionaries(st.sampled_from(["lifecycle", "rung", "term", "leader", "x"]), ANYTHING))
def test_whatever_stands_in_a_rulebook_is_kept(plain: dict[str, Any]) -> None:
    document = json.dumps(plain)

    assert json.loads(rulebook_now(document)) == json.loads(document)
