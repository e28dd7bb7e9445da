"""Is what a host hands in taken under its own names alone, and refused in words where it cannot be?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import attrs
import pytest
from attrs import field, frozen
from attrs.validators import instance_of

from handleflow import Act, Reason, Suggestion, load
from handleflow.acts import Reply
from handleflow.errors import BrokenRulebook
from handleflow.legal_time import Day, day
from handleflow.model import Question
from handleflow.rulebooks import from_document
from handleflow.rules import Fact


@frozen
class OurReply(Act):
    """A host's act under a verb of the library's."""

    verb = "reply"
    kind = "our_reply"


@frozen
class Visit(Act):
    """A host's own act."""

    verb = "visit"
    kind = "visited"


@frozen
class Call(Act):
    """Another under the same verb."""

    verb = "visit"
    kind = "called"


@frozen
class Before:
    """A host's guard with a day among its settings, and a validator that reads another of its fields."""

    last: Day
    limit: int = field(validator=instance_of(int))
    most: int = field(default=3)

    @limit.validator
    def _is_within(self, attribute: object, value: int) -> None:
        if value > self.most:
            raise ValueError(f"{value} is more than {self.most}")

    def __call__(self, question: Question[Any]) -> Iterator[Reason]:
        yield from ()


@dataclass
class Bare:
    """A guard that is no attrs class."""

    limit: int

    def __call__(self, question: Question[Any]) -> Iterator[Reason]:
        yield from ()


class Plain:
    """A guard that is no class of values at all."""

    def __call__(self, question: Question[Any]) -> Iterator[Reason]:
        yield from ()


def never(after: Suggestion) -> bool:
    """A condition."""
    return False


def nothing(suggestion: Suggestion) -> Iterator[Fact]:
    """A fact."""
    yield from ()


def findings(**own: Any) -> tuple[str, ...]:
    with pytest.raises(BrokenRulebook) as caught:
        load("cn.national", **own)
    return caught.value.findings


def rules_of(guard: type, settings: dict[str, Any]) -> Any:
    row = {"ask": "own", "of": ["reply"], "cite": "host", "settings": settings}
    changes = {"name": "x", "version": "1", "guard": [row]}
    return load("cn.national", guards={"own": guard}, changes=changes)


class TestTaken:
    """No name is taken twice, so that none replaces another silently."""

    def test_an_act_of_a_verb_of_the_librarys_is_refused(self) -> None:
        both = f"handleflow.acts.replying.Reply and {__name__}.OurReply"

        assert findings(acts=[OurReply]) == (f"acts: {both} have the verb 'reply'; give yours another verb",)

    def test_so_are_two_acts_of_one_verb(self) -> None:
        assert findings(acts=[Visit, Call]) == (
            f"acts: {__name__}.Visit and {__name__}.Call have the verb 'visit'; give yours another verb",
        )

    def test_the_same_act_twice_is_one(self) -> None:
        assert load("cn.national", acts=[Visit, Visit, Reply]).name == "cn.national"

    @pytest.mark.parametrize(
        "own",
        [
            {"guards": {"deputy_was_heard": Before}},
            {"conditions": {"no_lead_is_left": never}},
            {"facts": {"assigned": nothing}},
        ],
        ids=lambda own: next(iter(own)),
    )
    def test_a_name_of_the_librarys_is_not_given_another_meaning(self, own: dict[str, dict[str, Any]]) -> None:
        ((what, table),) = own.items()
        (name,) = table

        assert findings(**own) == (f"{what}: {name!r} is a name of the library's; give yours another",)

    def test_it_is_told_beside_all_else_and_of_what_a_store_keeps_too(self) -> None:
        kept = load("cn.national").document.replace('"version":"2025.3"', '"version":5')
        with pytest.raises(BrokenRulebook) as caught:
            from_document(kept, acts=[OurReply])

        assert [finding.split(";")[0][-30:] for finding in caught.value.findings] == [
            f"acts: handleflow.acts.replying.Reply and {__name__}.OurReply have the verb 'reply'"[-30:],
            "version: 5 should be text",
        ]


class TestTypes:
    """What cannot be handed in is told in words."""

    @pytest.mark.parametrize(
        ("own", "said"),
        [
            ({"acts": Reply}, "acts should be a list of classes of acts, not <class"),
            ({"acts": None}, "acts should be a list of classes of acts, not None"),
            ({"acts": ["reply"]}, "acts should hold classes of acts, not 'reply'"),
            ({"acts": [Plain]}, "acts should hold classes of acts, not <class"),
            ({"guards": [Before]}, "guards should be a dict, from names to what they mean, not [<class"),
            ({"guards": {"own": 5}}, "guards: 'own' should be a name, and 5 something to be called"),
            ({"leaders": {5: never}}, "leaders: 5 should be a name, and <function"),
        ],
    )
    def test_what_is_of_no_use_is_a_finding(self, own: dict[str, Any], said: str) -> None:
        (found,) = findings(**own)

        assert found.startswith(said)


class TestSettings:
    """A guard's settings are the fields of its class, whichever class of values it is."""

    def test_they_are_read_by_their_types(self) -> None:
        rules = rules_of(Before, {"last": "2026-02-10", "limit": 2})

        assert attrs.asdict(rules.guards[-1])["guard"] == {"last": day("2026-02-10"), "limit": 2, "most": 3}
        assert rules_of(Bare, {"limit": 2}).guards[-1].guard == Bare(2)

    @pytest.mark.parametrize(
        ("guard", "settings", "said"),
        [
            (Before, {"last": "soon", "limit": 2}, ["'soon' is not a day"]),
            (Before, {"last": "2026-02-10", "limit": 5}, ["ValueError: 5 is more than 3"]),
            (Before, {"last": 1, "limit": 5, "most": 9}, ["1 should be text"]),
            (Bare, {}, ["KeyError: 'limit'"]),
            (Plain, {}, ["should be an attrs class, whose fields are its settings"]),
        ],
    )
    def test_what_their_class_does_not_take_is_found(
        self, guard: type, settings: dict[str, Any], said: list[str]
    ) -> None:
        with pytest.raises(BrokenRulebook) as caught:
            rules_of(guard, settings)

        assert [words in found for words, found in zip(said, caught.value.findings, strict=True)] == [True] * len(
            said
        )
