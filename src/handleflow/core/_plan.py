"""
Decision plan: what is asked of acts of one class in one state, and what may follow from them?

A plan is compiled once for each rulebook, state and class of acts, and kept by the rulebook itself: what cannot
refuse is not asked, and what cannot follow is not looked for. That is a third of what an act costs in memory.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import partial
from typing import Any, cast

from handleflow.acts import RecordReceipt
from handleflow.core._machine import table
from handleflow.errors import Reason
from handleflow.model import CLOCK, Act, Check, Question, Suggestion
from handleflow.rules import Rulebook, TermRule, Transition
from handleflow.rules.builtin_checks import BUILTIN_CHECKS, recorded_in_time
from handleflow.values import frozen

ASSIGNED = "assigned"
AT_ASSIGNMENT = (ASSIGNED, RecordReceipt.kind)
"""The anchors that a unit's getting its part brings about, whichever act gave it: assignment, and receipt by it."""


@frozen
class Plan:
    """
    The *transitions* of a class of acts from a state, and all *checks* that can refuse one, in the order of reasons.

    *meets* are the rules whose terms it may meet, by their ids, *begins* those whose terms it may begin. *is_anchor*
    says that one of these names its kind, *has_bearing* that it is to be asked for its bearing.
    """

    transitions: tuple[Transition, ...]
    checks: tuple[Check, ...]
    meets: Mapping[str, TermRule]
    begins: tuple[TermRule, ...]
    is_anchor: bool
    has_bearing: bool

    def reasons(self, question: Question[Any]) -> list[Reason]:
        """Every reason of all checks; none that refuses when the act may be. Time asks for nothing, it is swept."""
        if question.by.role == CLOCK.role:
            return [Reason("nobody_is_the_clock", kind="who")]
        found: list[Reason] = []
        for check in self.checks:
            found.extend(check(question))
        return found

    def target(self, role: str, after: Suggestion) -> str:
        """Where the first transition leads that lets *role* pass, given the suggestion the act leaves."""
        return next(transition.target for transition in self.transitions if transition.lets(role, after))


def plan_of(rules: Rulebook, state: str, act: type[Act]) -> Plan:
    """What is asked of acts of the class *act* in *state*, and what may follow from them."""
    found = rules.compiled.get((state, act))
    if found is None:
        found = rules.compiled[state, act] = _compiled(rules, state, act)
    return cast("Plan", found)  # the rulebook holds it without knowing what it is


def _compiled(rules: Rulebook, state: str, act: type[Act]) -> Plan:
    transitions, kinds = table(rules.lifecycle).get((state, act), ()), kinds_of(act)
    meets = {id: rule for id, rule in rules.term_rules.items() if not set(kinds).isdisjoint(rule.met_by)}
    is_anchor = bool(begun_by(rules, kinds))
    return Plan(
        transitions,
        _checks(rules, state, act, transitions),
        meets,
        begun_by(rules, (*AT_ASSIGNMENT, *kinds)),
        is_anchor,
        bool(meets) or is_anchor or act.bearing is not Act.bearing,
    )


def kinds_of(act: type[Act]) -> tuple[str, ...]:
    """The kinds by which rules of terms name *act*: its own, and those it counts as."""
    return (act.kind, *act.counts_as)


def begun_by(rules: Rulebook, kinds: Collection[str]) -> tuple[TermRule, ...]:
    """The rules whose terms an event of one of these *kinds* begins."""
    return tuple(rule for rule in rules.term_rules.values() if rule.anchor in kinds)


def _checks(rules: Rulebook, state: str, act: type[Act], transitions: tuple[Transition, ...]) -> tuple[Check, ...]:
    """Without a transition the state is the only reason: nothing else can be said sensibly of such an act."""
    if not transitions:
        begins = state != "" and any(transition.act is act for transition in rules.lifecycle.leaving(""))
        return (_id_is_free if begins else partial(_state_fits, rules),)
    roles = dict.fromkeys(role for transition in transitions for role in transition.roles)
    return (
        partial(_role_fits, roles),
        partial(recorded_in_time, rules),
        *act.checks,
        *(partial(check, rules) for check in BUILTIN_CHECKS.get(act, ())),
        *(rule for rule in rules.guards if act in rule.acts),
    )


def _id_is_free(question: Question[Any]) -> Iterable[Reason]:
    suggestion = question.suggestion
    return (Reason("id_is_taken", {"id": suggestion.id, "received_on": suggestion.received_on}, "race"),)


def _state_fits(rules: Rulebook, question: Question[Any]) -> Iterable[Reason]:
    return (Reason("wrong_state", {"state": question.suggestion.state, "open": _open_verbs(rules, question)}),)


def _role_fits(roles: dict[str, None], question: Question[Any]) -> Iterable[Reason]:
    role = question.by.role
    return () if role in roles else (Reason("wrong_role", {"role": role, "roles": tuple(roles)}, "who"),)


def open_acts(rules: Rulebook, question: Question[Any]) -> tuple[type[Act], ...]:
    """The acts that whoever asks could ask for instead, as far as that can be said without knowing their words."""
    found = []
    for act in dict.fromkeys(transition.act for transition in rules.lifecycle.leaving(question.suggestion.state)):
        question_of_class = Question(
            question.suggestion, act, None, question.provenance, question.calendar, question.convention
        )
        reasons = plan_of(rules, question.suggestion.state, act).reasons(question_of_class)
        if not any(reason.refuses for reason in reasons):
            found.append(act)
    return tuple(found)


def _open_verbs(rules: Rulebook, question: Question[Any]) -> tuple[str, ...]:
    """What whoever asks could do from here; what anybody could, where that is nothing."""
    own = open_acts(rules, question) or (
        transition.act for transition in rules.lifecycle.leaving(question.suggestion.state)
    )
    return tuple(dict.fromkeys(act.verb for act in own))
