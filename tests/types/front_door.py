"""What do the loaders, the errors and the nouns of ``import handleflow`` give?"""

from __future__ import annotations

from typing import assert_type

import handleflow
from handleflow import (
    CLOCK,
    Actor,
    HandleflowError,
    Reason,
    Refused,
    Rulebook,
    Suggestion,
    Term,
    acts,
    events,
    load,
    load_preset,
)
from handleflow.errors import BrokenRulebook, EmptyWords
from handleflow.legal_time import Day, WorkCalendar
from handleflow.rulebooks import from_document, load_calendar, names
from handleflow.rules import GuardRule, TermRule, Transition

RULES = load_preset("cn.national")
assert_type(RULES, Rulebook)
assert_type(load("cn.national"), Rulebook)
assert_type(handleflow.load("cn.national"), Rulebook)
assert_type(load("cn.national", changes={"version": "2"}), Rulebook)
assert_type(from_document(RULES.document), Rulebook)
assert_type(load_calendar("cn"), WorkCalendar)
assert_type(names(), tuple[str, ...])

assert_type(RULES.name, str)
assert_type(RULES.terms, tuple[TermRule, ...])
assert_type(RULES.term_rule("reply"), TermRule | None)
assert_type(RULES.guards, tuple[GuardRule, ...])
assert_type(RULES.lifecycle.transitions, tuple[Transition, ...])

assert_type(CLOCK, Actor)
assert_type(Actor("unit", "Water Bureau").name, str)

said_no = Refused("1", "reply", (Reason("too_late", {"days": 3}, en="it is too late", zh="已逾期"),))
assert_type(said_no.reasons, tuple[Reason, ...])
assert_type(said_no.rules, tuple[str, ...])
assert_type(said_no.reasons[0].text("zh"), str)
assert_type(BrokenRulebook("mine", ("a finding",)).findings, tuple[str, ...])
ours: HandleflowError = said_no
a_wrong_value: ValueError = EmptyWords("a title says nothing")

suggestion = Suggestion("1")
assert_type(suggestion.state, str)
assert_type(suggestion.version, int)
assert_type(suggestion.terms, tuple[Term, ...])
assert_type(suggestion.received_on, Day | None)


def refused() -> None:
    """What nobody may write."""
    handleflow.load_prest  # type: ignore[attr-defined]  # noqa: B018  # pyright: ignore
    load_preset("cn.national", "1")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    load(RULES)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    load("cn.national", acts=[Suggestion])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    Actor("unit")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    RULES.name = "mine"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    suggestion.state = "closed"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]


assert_type(acts.Reply("A", "done"), acts.Reply)
assert_type(events.SuspensionEnded("2026-02-10"), events.SuspensionEnded)
