"""Does a check note what a lifecycle shuts out, and an own act that loses what its base has?"""

from __future__ import annotations

from typing import Any

import pytest

from handleflow import Rulebook, load, load_preset
from handleflow.acts import Reply
from handleflow.core import check, notes
from handleflow.rulebooks import names
from handleflow.values import frozen

REMEDY = "add it to the sources of that act, or say source = 'open'"
REVIEW = {"name": "in_legal_review", "en": "in legal review", "zh": "法制审核"}
TO_REVIEW = {"act": "draft_reply", "source": ["handling"], "target": "in_legal_review", "who": ["unit"]}
BACK = {"act": "approve_draft", "source": ["in_legal_review"], "target": "handling", "who": ["congress_office"]}
HALF_TIME = {"id": "half_time", "term": "reply", "offset": "-15 days", "channel": "phone", "cite": "host"}


@frozen
class LongReply(Reply):
    """A reply of a host's own, made of the library's."""

    verb = "reply_at_length"
    kind = "replied_at_length"


@frozen
class CountedReply(Reply):
    """One that counts as the library's."""

    verb = "reply_and_count"
    kind = "replied_and_counted"
    counts_as = ("replied",)


def reviewed(*transitions: dict[str, Any], **more: Any) -> Rulebook:
    """The national rulebook with a state of review."""
    changes = {"name": "city", "version": "1", "state": [REVIEW], "transition": [TO_REVIEW, BACK, *transitions]}
    return load("cn.national", acts=[LongReply, CountedReply], changes=changes | more)


def said(rules: Rulebook, *words: str) -> list[str]:
    """The notes that hold one of some words."""
    assert check(rules) == ()
    return [note for note in notes(rules) if any(word in note for word in words)]


def test_a_state_in_which_the_clock_may_not_supervise_is_noted_with_the_rungs_that_are_silent() -> None:
    rules = reviewed(rung=[HALF_TIME, {**HALF_TIME, "id": "last_day", "offset": "0 days"}])

    (note,) = said(rules, "cannot speak")

    assert note == (
        "rung 'half_time', 'last_day' cannot speak in 'in_legal_review': "
        f"no transition lets the clock supervise there; {REMEDY}"
    )
    assert said(reviewed(), "cannot speak") == []


def test_a_state_in_which_nobody_can_correct_adopt_or_withdraw_is_noted() -> None:
    assert said(reviewed(), "nobody can") == [
        f"nobody can correct or adopt or withdraw in 'in_legal_review'; {REMEDY}"
    ]


def test_what_leaves_every_open_state_leaves_nothing_to_note() -> None:
    anywhere = [
        {"act": act, "source": "open", "target": "same", "who": ["congress_office", *more]}
        for act, more in (("supervise", ["clock"]), ("correct", []), ("adopt", []))
    ]

    assert said(reviewed(*anywhere, rung=[HALF_TIME]), "cannot speak", "nobody can") == []


@pytest.mark.parametrize("name", names())
def test_of_no_shipped_rulebook_is_there_anything_to_note(name: str) -> None:
    assert said(load_preset(name), "cannot speak", "nobody can", "is made of", "goes before it") == []


@pytest.mark.parametrize(
    ("verb", "remedy"),
    [
        pytest.param("reply_at_length", "give it counts_as = ('replied',) for its terms, and guards", id="no kind"),
        pytest.param("reply_and_count", "give it guards of its own, of = ['reply_and_count']", id="it counts as it"),
    ],
)
def test_an_own_act_made_of_one_of_the_librarys_is_noted_with_what_to_do(verb: str, remedy: str) -> None:
    own = {"act": verb, "source": ["handling"], "target": "replied", "who": ["unit"]}
    (note,) = said(reviewed(own), "is made of")

    assert note.startswith(f"act {verb!r} is made of 'reply' and is another one")
    assert remedy in note
