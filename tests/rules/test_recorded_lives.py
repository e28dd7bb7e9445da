"""Do the same acts still leave the same entries, under every shipped rulebook, but for what was renamed?"""

from __future__ import annotations

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from attrs import evolve

from handleflow import Actor, Rulebook, load
from handleflow.acts import ACTS, EVENTS
from handleflow.acts._common_checks import deputy_made_it
from handleflow.before_schema_3 import body_now, kind_now
from handleflow.codec._by_cattrs import event_converter
from handleflow.model import Act
from handleflow.rulebooks import names
from handleflow.testing import Outcome, Scenario, given
from tests.rules.recorded_lives import RECORDED, outcome_told

RULES_NOW = {"measure_is_known": "channel_is_known"}
"""Rules that refuse under another id than they did."""
WHY_NOW = {
    r"a later rung speaks for it": "coalesced",
    r"it is no longer so": "no_longer_so",
    r"its anchor became known": "anchor_known",
    r"its day had passed before it applied": "passed_before",
    r"its day lies before the take-over": "before_take_over",
    r"its term was met": "term_met",
    r"it is [a-z]+": "over",
    r".+ no longer handles it as it did": "relieved",
    r".+ knows no such term": "unknown_rule",
    r".+ adopted": "adopted",
    r"entry (?P<corrected>[0-9]+) was corrected": "corrected",
    r"extended": "extended",
    r"resumed": "resumed",
}
"""Why the core wrote an entry: a sentence then, a code now, with what was told in it beside it."""
FIELDS_SINCE: dict[str, dict[str, Any]] = {
    "term_moved": {"anchor_entry": None},
    "corrected": {"private_value": None},
    "suspended": {"until": None, "within": None},
    "extension_requested": {"within": None},
    "extension_declared": {"within": None},
}
"""Fields that acts have since, each with what it holds where nobody gave it."""
ROLLED = {"2026-11-28": "2026-11-30"}
"""Saturdays on which an extension that was drawn ended, and the working days to which it rolls now."""
OF_A_PAUSE_SINCE = {"is_announced": False}
"""Fields that a pause has since: none of those recorded named its end in advance."""
MORE_FOLLOWS = {"cn.chongqing": {4, 8, 9}}
"""
Lives in which more follows from a correction than did: whatever term an act met is judged by its right day, and a
term that was dropped by the right day of its anchor. They go as they went until then.
"""
SHIPPED_SINCE = {"cn.xiamen"}
"""Rulebooks that no life was recorded under."""
SIGNED = {"anchor": "accepted"}


def window_then(span: str, cite: str) -> dict[str, Any]:
    """A return window that ran from the day a unit signed."""
    return {"ask": "return_in_time", "of": ["request_return"], "cite": cite, "settings": {"span": span, **SIGNED}}


def waiting_then(cite: str) -> dict[str, Any]:
    """A lead that waited for a co unit's opinion for ever."""
    return {"ask": "co_opinions_are_in", "of": ["reply"], "cite": cite, "settings": {}}


def decided_then(id: str, of: str, *met_by: str) -> dict[str, Any]:
    """Henan's ten days for a request to return it, which the grant met."""
    whose = {"anchor": "return_requested", "owed_by": "congress_office", "span": "10 workdays", "cite": "HN17 14"}
    return {"id": id, "of": of, "met_by": ["return_granted", "return_refused", *met_by], **whose}


AGAIN = {"act": "rehandle", "source": ["evaluated"], "target": "handling"}
ASKED_OF_ALL: dict[str, list[dict[str, Any]]] = {
    "guard": [{"ask": "deputy_is_dissatisfied", "of": ["rehandle"], "cite": "NPC-YSGZ 32", "settings": {}}],
    "transition": [{**AGAIN, "who": ["congress_office", "government_office"]}],
}
RULES_THEN: dict[str, dict[str, Any]] = {
    "cn.beijing": ASKED_OF_ALL,
    "cn.zhejiang": {
        "term": [{"id": "opinion", **SIGNED}, {"id": "reply", **SIGNED}],
        "guard": [window_then("10 days", "ZJ16 14"), waiting_then("ZJ16 18")],
    },
    "cn.henan": {
        "term": [
            decided_then("reassignment", "lead", "replied"),
            decided_then("co_reassignment", "co"),
            {"id": "opinion", **SIGNED},
            {"id": "reply", **SIGNED},
        ],
        "guard": [waiting_then("HN17 18")],
    },
    "cn.shanghai": {
        "term": [{"id": "opinion", **SIGNED}],
        "guard": [window_then("7 workdays", "SH15 14"), waiting_then("SH15 17")],
    },
    "cn.shandong": {
        "term": [{"id": "opinion", **SIGNED}],
        "guard": [window_then("5 days", "SD17 12"), waiting_then("SD17 21")],
    },
    "cn.qingdao": {
        "term": [{"id": "opinion", **SIGNED}],
        "guard": [window_then("5 workdays", "QD21 19"), waiting_then("QD21 24"), *ASKED_OF_ALL["guard"]],
        "transition": ASKED_OF_ALL["transition"],
    },
    "cn.chongqing": {"term": [{"id": "first_contact", "of": "lead", **SIGNED}]},
}
"""What rulebooks said when the lives were recorded and say otherwise now: the lives go under the rules of then."""
CLASSES: dict[str, Any] = {event.kind: event for event in EVENTS}
OF_ITS_DEPUTY = {act for act in ACTS if deputy_made_it in act.checks}


@cache
def recorded() -> dict[str, list[list[dict[str, Any]]]]:
    """The steps of each recorded life, by its rulebook."""
    found: dict[str, list[list[dict[str, Any]]]] = defaultdict(list)
    for line in gzip.decompress(RECORDED.read_bytes()).splitlines():
        life = json.loads(line)
        found[life["rulebook"]].append(life["steps"])
    return dict(found)


def under_todays_names(kind: str, body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A kind and a body as an upgrade would write them."""
    now = json.loads(body_now(kind, json.dumps(body).encode())) | FIELDS_SINCE.get(kind, {})
    if kind == "term_paused":
        now["pause"] |= OF_A_PAUSE_SINCE
    if kind == "term_moved":
        now["pauses"] = [pause | OF_A_PAUSE_SINCE for pause in now["pauses"]]
    return kind_now(kind), now


def without_sentences(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """A body whose sentences of ours are codes and days, as they are recorded now."""
    if kind == "supervised":
        *_, about = re.findall(r"\(([0-9-]{10})\)$", body["text"]) if body["firing_key"] else [None]
        return {**body, "text": None if about else body["text"], "about": about}
    if kind == "rung_suppressed":
        return {**body, "reason": None, "urged_on": body["reason"].rpartition(" was urged on ")[2]}
    if kind in {"term_moved", "term_dropped", "rung_lapsed"}:
        found = ((code, match) for said, code in WHY_NOW.items() if (match := re.fullmatch(said, body["reason"])))
        code, match = next(found)
        corrected = match.groupdict().get("corrected")
        beside = {"corrected": int(corrected) if corrected else None} if kind == "term_moved" else {}
        return {**body, "reason": code, **beside}
    return body


def by_extensions_now(body: dict[str, Any], on: str, asked_on: Mapping[str, str]) -> dict[str, Any]:
    """
    A move, or a miss, as it is now: an extension says the day it was granted or declared, and its end rolls.

    It says the day of the request as well, and that it was given as no span.
    """
    rolled = {"due_on": ROLLED[body["due_on"]]} if body.get("due_on") in ROLLED else {}
    if not body.get("extension"):
        return {**body, **rolled}
    asked = asked_on[body["key"]["unit"]] if body["extension"]["by_consent"] else None
    return {**body, **rolled, "extension": {**body["extension"], "on": on, "within": None, "asked_on": asked}}


def entry_now(asked_on: Mapping[str, str], number: int, kind: str, *header_and_body: Any) -> list[Any]:
    """An entry that was recorded, under today's names."""
    *header, body = header_and_body
    renamed, now = under_todays_names(kind, body)
    return [number, renamed, *header, by_extensions_now(without_sentences(renamed, now), header[1], asked_on)]


def left_now(step: dict[str, Any], asked_on: Mapping[str, str]) -> dict[str, Any]:
    """What a step left, under today's names; units asked for longer time on those days."""
    if "refused" in step:
        return {"refused": [RULES_NOW.get(rule, rule) for rule in step["refused"]]}
    return {"entries": [entry_now(asked_on, *told) for told in step["entries"]]}


def asked_again(story: Scenario, step: dict[str, Any]) -> Outcome:
    """The same step asked anew: the clock reads the day, or somebody asks for the same act."""
    if "clock" in step:
        return story.when_the_clock_reads(step["on"])
    kind, body = under_todays_names(*step["act"])
    act: Act = event_converter().structure(body, CLASSES[kind])
    by = Actor(*step["by"])
    if by.role == "deputy" and story.suggestion.version and not story.suggestion.deputies:
        return asked_as_a_signer(story, act, by, step["on"])
    return story.when(act, by=by, on=step["on"])


def asked_as_a_signer(story: Scenario, act: Act, by: Actor, on: str) -> Outcome:
    """
    The act of a deputy where nobody knows who made it: any deputy could speak for it then, and none can today.

    It is asked for as by one who signed it, for this step alone; as it stands it is refused.
    """
    assert "deputy_unknown" in story.when(act, by=by, on=on).rules or type(act) not in OF_ITS_DEPUTY
    signed = evolve(story, suggestion=evolve(story.suggestion, co_signers=(by.id,)))
    outcome = signed.when(act, by=by, on=on)
    return evolve(outcome, story=story, suggestion=evolve(outcome.suggestion, co_signers=()))


def relieves_now(step: dict[str, Any], outcome: Outcome) -> bool:
    """A co unit could not be relieved with nobody in its place, and can be; the life goes on as if it still were."""
    ended = {assignment.ended for assignment in outcome.suggestion.assignments}
    return step.get("refused") == ["nobody_named"] and outcome.is_granted and "relieved" in ended


def first_difference(rules: Rulebook, steps: list[dict[str, Any]]) -> tuple[str, Any, Any] | None:
    """Where a life goes otherwise than it did: the story, what was left then, and now."""
    story, asked_on = given(rules), dict[str, str]()
    for step in steps:
        outcome = asked_again(story, step)
        if relieves_now(step, outcome):
            continue
        if "act" in step and step["act"][0] == "extension_requested" and "refused" not in step:
            asked_on[step["by"][1]] = step["act"][1].get("on") or step["on"]
        then, now = left_now(step, asked_on), json.loads(json.dumps(outcome_told(outcome)))
        if then != now:
            return str(outcome), then, now
        story = outcome.and_then()
    return None


@pytest.mark.parametrize("name", sorted({*names()} - SHIPPED_SINCE))
def test_every_recorded_life_goes_as_it_went(name: str) -> None:
    rules = load(name, changes=RULES_THEN.get(name, {}))

    found = {number: first_difference(rules, steps) for number, steps in enumerate(recorded()[name])}
    differing = {number: each for number, each in found.items() if each is not None}

    assert {n: each for n, each in differing.items() if n not in MORE_FOLLOWS.get(name, ())} == {}
    for _, then, now in differing.values():
        more = now["entries"][len(then["entries"]) :]
        assert (now["entries"][: len(then["entries"])], then["entries"][-1][1]) == (then["entries"], "corrected")
        assert {entry[1] for entry in more} <= {"term_moved", "term_met", "deadline_missed"}


def test_a_thousand_lives_are_recorded_under_all_shipped_rulebooks() -> None:
    then = sorted({*names()} - SHIPPED_SINCE)

    assert (len(then) * 77, sorted(recorded())) == (sum(map(len, recorded().values())), then)
