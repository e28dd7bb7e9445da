"""Is a rulebook sound?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from handleflow.core._check_ladders import ladders, lights
from handleflow.core._plan import kinds_of
from handleflow.model import ROLES
from handleflow.model.fields import LONGEST_CODE, LONGEST_VERSION
from handleflow.rules import HOST, Citation, Rulebook, TermRule, Transition
from handleflow.rules.terms import BUILTIN_TERMS
from handleflow.words import did_you_mean, listed


def check(rules: Rulebook) -> tuple[str, ...]:
    """Every finding about a rulebook, in words; none means that it is sound."""
    return (
        *_names(rules),
        *_too_long(rules),
        *_states(rules),
        *_forks(rules),
        *_ways_out(rules),
        *_terms(rules),
        *_remarks(rules),
        *ladders(rules),
        *lights(rules),
        *_doubles(rules),
        *_citations(rules),
    )


def notes(rules: Rulebook) -> tuple[str, ...]:
    """What a sound rulebook leaves open, and where its sources disagree: no findings, but worth knowing."""
    return (
        *(f"open: {point.what}: {point.en}" for point in rules.open_points),
        *(f"disagreement on {d.term!r}: {d.en} [{d.citation}]" for d in rules.disagreements),
    )


def _names(rules: Rulebook) -> Iterator[str]:
    for what, name in (("name", rules.name), ("version", rules.version)):
        if not name.strip():
            yield f"it has no {what}"
    if not rules.lifecycle.transitions:
        yield "its lifecycle has no transition"
    for state in rules.lifecycle.states:
        if not state.strip() or state.startswith("("):
            yield f"{state!r} is no name for a state"
    for reserved in {rule.id for rule in BUILTIN_TERMS}.intersection(rule.id for rule in rules.terms):
        yield f"term {reserved!r}: the library keeps that name for terms with a day of their own"


def _too_long(rules: Rulebook) -> Iterator[str]:
    its_own = (("its name", rules.name, LONGEST_VERSION), ("its version", rules.version, LONGEST_VERSION))
    states = ((f"state {state!r}", state, LONGEST_CODE) for state in rules.lifecycle.states)
    for what, name, limit in (*its_own, *states):
        if len(name) > limit:
            yield f"{what} is of {len(name)} characters, and {limit} are kept"


def _states(rules: Rulebook) -> Iterator[str]:
    lifecycle = rules.lifecycle
    for transition in lifecycle.transitions:
        for state in {transition.source, transition.target}.difference({"", *lifecycle.states}):
            yield f"{transition.act.verb}: unknown state {state!r}{did_you_mean(state, lifecycle.states)}"
        if not transition.target:
            yield f"{transition.act.verb} from {transition.source!r} leads nowhere; '' is where a life comes from"
        if not transition.roles:
            yield f"{transition.act.verb} from {transition.source!r} is open to nobody"
        if transition.source in lifecycle.final_states and transition.target != transition.source:
            yield f"{transition.source!r} is final, yet {transition.act.verb} leads on to {transition.target!r}"


def _forks(rules: Rulebook) -> Iterator[str]:
    forks: dict[tuple[str, str, str], list[Transition]] = {}
    for transition in rules.lifecycle.transitions:
        for role in transition.roles:
            forks.setdefault((transition.source, transition.act.verb, role), []).append(transition)
    said = set()
    for (source, verb, _), transitions in forks.items():
        unguarded = [place for place, transition in enumerate(transitions) if transition.when is None]
        if unguarded and unguarded[0] < len(transitions) - 1:
            said.add(
                f"of the transitions that leave {source!r} on {verb!r} one without a condition comes before "
                "another; the later one could never be taken"
            )
        if not unguarded:
            said.add(f"the transitions that leave {source!r} on {verb!r} all have conditions; a default is needed")
    yield from sorted(said)


def _reached(rules: Rulebook, start: Iterable[str], is_backward: bool = False) -> set[str]:
    reached, fresh = set(start), set(start)
    while fresh:
        steps = (((a.target, a.source) if is_backward else (a.source, a.target)) for a in rules.lifecycle.transitions)
        fresh = {end for begin, end in steps if begin in reached} - reached
        reached |= fresh
    return reached


def _ways_out(rules: Rulebook) -> Iterator[str]:
    lifecycle = rules.lifecycle
    reachable = _reached(rules, {""})
    ending = _reached(rules, lifecycle.final_states, is_backward=True)
    for state in lifecycle.states:
        if state not in reachable:
            yield f"state {state!r} can never be reached"
        elif state not in ending:
            yield f"from state {state!r} no final state can be reached"


def _terms(rules: Rulebook) -> Iterator[str]:
    kinds = {kind for act in rules.lifecycle.acts for kind in kinds_of(act)}
    for rule in rules.terms:
        if rule.anchor not in kinds:
            hint = did_you_mean(rule.anchor, kinds)
            yield f"term {rule.id!r}: no act of kind {rule.anchor!r} anchors it{hint}"
        if not rule.met_by:
            yield f"term {rule.id!r}: nothing meets it"
        for kind in rule.met_by:
            if kind not in kinds:
                yield f"term {rule.id!r}: no act of kind {kind!r} meets it{did_you_mean(kind, kinds)}"
        for span in (rule.span, rule.long_span, rule.extension.span if rule.extension else None):
            if span is not None and span.n < 1:
                yield f"term {rule.id!r}: a span of {span} is no time at all"
        yield from _extension(rule)


def _remarks(rules: Rulebook) -> Iterator[str]:
    known = [rule.id for rule in rules.terms]
    for disagreement in rules.disagreements:
        if disagreement.term not in known:
            yield f"disagreement on an unknown term {disagreement.term!r}{did_you_mean(disagreement.term, known)}"
    start, end = rules.in_force_from, rules.in_force_until
    if start is not None and end is not None and end < start:
        yield f"it is in force until {end}, before it is from {start}"


def _extension(rule: TermRule) -> Iterator[str]:
    extension = rule.extension
    if rule.span is None:
        if extension or rule.long_span or rule.counts_from or rule.is_pausable:
            yield f"term {rule.id!r}: it has no span, so what begins it names its day, and nothing else moves it"
        return
    if extension is None:
        return
    if extension.times < 1:
        yield f"term {rule.id!r}: it may be extended {extension.times} times, which is never"
    if rule.of == "whole":
        yield f"term {rule.id!r}: it is nobody's in particular, so nobody can ask to extend it"
    is_same_unit = extension.span.unit == rule.span.unit
    if extension.base == "capped" and is_same_unit and extension.span.n <= rule.span.n:
        yield f"term {rule.id!r}: an extension capped at {extension.span} adds nothing to {rule.span}"


def _doubles(rules: Rulebook) -> Iterator[str]:
    for what, ids in (
        ("term", [rule.id for rule in rules.terms]),
        ("rung", [rung.id for rung in rules.rungs]),
        ("light", [light.colour for light in rules.lights]),
        ("outcome class", [outcome.code for outcome in rules.outcomes]),
        ("state", list(rules.lifecycle.states)),
        ("guard", [guard.id for guard in rules.guards]),
        ("backdating", [" ".join(limit) for limit in _backdating(rules)]),
    ):
        doubled = sorted(id for id, times in Counter(ids).items() if times > 1)
        if doubled:
            yield f"{what} named twice: {listed(doubled)}"
    for rule in rules.guards:
        if not rule.acts:
            yield f"guard {rule.name!r} is asked of nothing"
        for act in rule.acts:
            if act not in rules.lifecycle.acts:
                yield f"guard {rule.name!r} is asked of {act.verb!r}, which no transition knows"


def _backdating(rules: Rulebook) -> Iterator[tuple[str, ...]]:
    """Who may tell late, and which act where a limit names some."""
    for backdating in rules.backdating:
        yield from ((backdating.role, act.verb) for act in backdating.acts)
        if not backdating.acts:
            yield (backdating.role,)


def _cited(rules: Rulebook) -> Iterator[tuple[str, Citation]]:
    for term in rules.terms:
        yield f"term {term.id!r}", term.citation
        if term.long_citation is not None:
            yield f"term {term.id!r}, longer track", term.long_citation
        if term.extension is not None:
            yield f"term {term.id!r}, extension", term.extension.citation
    yield f"convention {rules.convention.name!r}", rules.convention_citation
    yield from ((f"rung {rung.id!r}", rung.citation) for rung in rules.rungs)
    yield from ((f"light {light.colour!r}", light.citation) for light in rules.lights)
    if rules.cooldown is not None:
        yield "cooldown", rules.cooldown.citation
    yield from ((f"outcome class {outcome.code!r}", outcome.citation) for outcome in rules.outcomes)
    yield from ((f"guard {guard.name!r}", guard.citation) for guard in rules.guards)
    yield from ((f"backdating by {backdating.role!r}", backdating.citation) for backdating in rules.backdating)
    yield from ((f"duty {duty.id!r}", duty.citation) for duty in rules.duties)
    yield from ((f"disagreement on {other.term!r}", other.citation) for other in rules.disagreements)


def _citations(rules: Rulebook) -> Iterator[str]:
    keys = [source.key for source in rules.sources]
    for what, citation in _cited(rules):
        if citation.source != HOST and citation.source not in keys:
            yield f"{what} cites the unknown source {citation.source!r}{did_you_mean(citation.source, keys)}"
    for rule in rules.terms:
        if rule.long_span is not None and rule.long_citation is None:
            yield f"term {rule.id!r}: its longer track has no citation"
    roles = {role for transition in rules.lifecycle.transitions for role in transition.roles} | set(ROLES)
    for backdating in rules.backdating:
        if backdating.within.n < 1:
            yield f"backdating by {backdating.role!r}: {backdating.within} is no time at all"
        if backdating.role not in roles:
            yield f"backdating by an unknown role {backdating.role!r}{did_you_mean(backdating.role, roles)}"
