"""Static validation of a rulebook: is a rulebook sound?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

import attrs

from handleflow.acts import RecordReceipt
from handleflow.core import _check_ladders as ladders
from handleflow.core import _check_lifecycle as lifecycles
from handleflow.core._check_finding import Finding, about
from handleflow.core._plan import kinds_of
from handleflow.legal_time import Day
from handleflow.model import ROLES
from handleflow.model.fields import LONGEST_VERSION
from handleflow.rules import (
    HOST,
    Backdating,
    Citation,
    Cooldown,
    Disagreement,
    ExtensionRule,
    GuardRule,
    Lifecycle,
    NewerText,
    Rulebook,
    Source,
    TermRule,
)
from handleflow.rules.guards import CoOpinionsAreIn, DeputyIsDissatisfied
from handleflow.rules.term_rules import BUILTIN_TERMS
from handleflow.words import did_you_mean, listed, say

Check = Callable[..., Iterator[Finding]]


def check(rules: Rulebook) -> tuple[str, ...]:
    """Every finding about a rulebook, in words; none means that it is sound."""
    parts = {field.name: getattr(rules, field.name) for field in attrs.fields(Rulebook)}
    return tuple(finding.words for finding in check_parts(parts))


def check_parts(parts: Mapping[str, Any], incomplete: Collection[str] = ()) -> Iterator[Finding]:
    """
    Every finding about what could be read of a rulebook: *parts* by the names of its fields.

    Those *incomplete* are missing or lack rows. A check that looks through rows looks through those there are; one
    that needs a part whole, since it would find what is not there, is left out.
    """
    known = {**_DEFAULTS, **parts}
    for one, rows, whole in _CHECKS:
        if not set(whole).intersection(incomplete) and all(row in parts or row not in incomplete for row in rows):
            yield from one(*(known[part] for part in (*rows, *whole)))


def notes(rules: Rulebook, lang: str = "en") -> tuple[str, ...]:
    """
    On which text a sound rulebook stands and what replaced it, what it leaves open, where its sources disagree, what
    its lifecycle shuts out, and through which day its calendar is known: no findings, but worth knowing.
    """
    calendar = f"{rules.calendar.name} {rules.calendar.version}"
    return (
        *text_notes(rules, lang),
        *(say("note-open", lang, what=point.what, words=point.en) for point in rules.open_points),
        *lifecycles.overridden(rules.lifecycle),
        *lifecycles.silent_states(rules.lifecycle, rules.rungs),
        *lifecycles.closed_states(rules.lifecycle),
        *lifecycles.made_of_the_librarys(rules.lifecycle),
        *(
            say("note-disagreement", lang, term=d.term, words=d.en, citation=str(d.citation))
            for d in rules.disagreements
        ),
        say("note-calendar", lang, calendar=calendar, on=rules.calendar.known_through),
    )


def text_notes(rules: Rulebook, lang: str = "en") -> Iterator[str]:
    """On which text a rulebook stands, where it says so, and what is known to have replaced that."""
    since, until, newer = rules.in_force_from, rules.in_force_until, rules.superseded_by
    if rules.text_of or since or until:
        yield say("note-text", lang, text_of=rules.text_of, since=since, until=until)
    if newer is not None:
        text_of, since, source = newer.text_of, newer.in_force_from, newer.source
        yield say("note-superseded", lang, what=newer.what, text_of=text_of, since=since, source=source)


def _its_own(what: str, name: str) -> Iterator[Finding]:
    if not name.strip():
        yield Finding(f"it has no {what}", what)
    if len(name) > LONGEST_VERSION:
        yield Finding(f"its {what} is of {len(name)} characters, and {LONGEST_VERSION} are kept", what)


def _kinds(terms: Iterable[TermRule], lifecycle: Lifecycle) -> Iterator[Finding]:
    kinds = {kind for act in lifecycle.acts for kind in kinds_of(act)}
    for rule in terms:
        for kind, does in ((rule.anchor, "anchors"), *((kind, "meets") for kind in rule.met_by)):
            if kind not in kinds:
                yield about("term", rule, f": no act of kind {kind!r} {does} it{did_you_mean(kind, kinds)}")


def _terms(terms: Iterable[TermRule]) -> Iterator[Finding]:
    for rule in terms:
        if rule.id in {built_in.id for built_in in BUILTIN_TERMS}:
            yield about("term", rule, ": the library keeps that name for terms with a day of their own")
        if not rule.met_by:
            yield about("term", rule, ": nothing meets it")
        if (rule.of, rule.anchor) == ("whole", RecordReceipt.kind):
            yield about("term", rule, ": it is nobody's in particular, so no unit's receipt moves it; use 'assigned'")
        found = (*_spans(rule), *(_extension(rule, rule.extension) if rule.extension else ()))
        yield from (about("term", rule, f": {words}") for words in found)


def _spans(rule: TermRule) -> Iterator[str]:
    for span in (rule.span, rule.long_span, rule.extension.span if rule.extension else None):
        if span is not None and span.n < 1:
            yield f"a span of {span} is no time at all"
    if rule.long_span is not None and rule.long_citation is None:
        yield "its longer track has no citation"
    if rule.span is None and (rule.extension or rule.long_span or rule.counts_from or rule.is_pausable):
        yield "it has no span, so what begins it names its day, and nothing else moves it"


def _extension(rule: TermRule, extension: ExtensionRule) -> Iterator[str]:
    if extension.times < 1:
        yield f"it may be extended {extension.times} times, which is never"
    if rule.of == "whole":
        yield "it is nobody's in particular, so nobody can ask to extend it"
    own = rule.span
    if extension.base == "capped" and own and extension.span.unit == own.unit and extension.span.n <= own.n:
        yield f"an extension capped at {extension.span} adds nothing to {rule.span}"


def _disagreements(disagreements: Iterable[Disagreement], terms: Iterable[TermRule]) -> Iterator[Finding]:
    known = [rule.id for rule in terms]
    for other in disagreements:
        if other.term not in known:
            yield about("disagreement", other, f": unknown term{did_you_mean(other.term, known)}")


def _force(start: Day | None, end: Day | None) -> Iterator[Finding]:
    if start is not None and end is not None and end < start:
        yield Finding(f"it is in force until {end}, before it is from {start}", "in_force_until")


def _newer_text(newer: NewerText | None, own: Day | None, sources: Iterable[Source]) -> Iterator[Finding]:
    if newer is None:
        return
    if words := _unknown(Citation(newer.source, "whole"), sources):
        yield Finding(f"what supersedes it{words}", "superseded_by")
    if own is not None and newer.text_of <= own:
        yield Finding(f"its text is of {own}, and the one that supersedes it is of {newer.text_of}", "superseded_by")


def _cooldown(cooldown: Cooldown | None) -> Iterator[Finding]:
    if cooldown is not None and cooldown.span.n < 1:
        yield about("cooldown", cooldown, f": {cooldown.span} is no time at all")


def _doubles(part: str, name: str, rows: Iterable[Any]) -> Iterator[Finding]:
    times = Counter(getattr(row, name) for row in rows)
    doubled = sorted(each for each in times if times[each] > 1)
    if doubled:
        first = next(row for row in rows if getattr(row, name) == doubled[0])
        yield Finding(f"{part} named twice: {listed(doubled)}", part, first)


def _guards(guards: Iterable[GuardRule]) -> Iterator[Finding]:
    yield from (about("guard", rule, " is asked of nothing") for rule in guards if not rule.acts)


def _acts_of_guards(guards: Iterable[GuardRule], lifecycle: Lifecycle) -> Iterator[Finding]:
    for rule in guards:
        for act in rule.acts:
            if act not in lifecycle.acts:
                yield about("guard", rule, f" is asked of {act.verb!r}, which no transition knows")


def _names_in_guards(
    guards: Iterable[GuardRule], terms: Iterable[TermRule], lifecycle: Lifecycle
) -> Iterator[Finding]:
    """Terms and roles that a guard names in its settings."""
    known = [rule.id for rule in terms]
    roles = {role for transition in lifecycle.transitions for role in transition.roles} | set(ROLES)
    for rule in guards:
        for term in rule.guard.yields_after if isinstance(rule.guard, CoOpinionsAreIn) else ():
            if term not in known:
                yield about("guard", rule, f": unknown term {term!r}{did_you_mean(term, known)}")
        for role in rule.guard.not_asked_of if isinstance(rule.guard, DeputyIsDissatisfied) else ():
            if role not in roles:
                yield about("guard", rule, f": unknown role {role!r}{did_you_mean(role, roles)}")


def _backdating(backdating: Iterable[Backdating]) -> Iterator[Finding]:
    """How late a role may tell, and each act where a limit names some: once, and some time."""
    limits: dict[str, Backdating] = {}
    doubled: dict[str, Backdating] = {}
    for limit in backdating:
        if limit.within.n < 1:
            yield about("backdating", limit, f": {limit.within} is no time at all")
        for what in [f"{limit.role} {act.verb}" for act in limit.acts] or [limit.role]:
            (doubled if what in limits else limits)[what] = limit
    if doubled:
        yield Finding(f"backdating named twice: {listed(sorted(doubled))}", "backdating", doubled[min(doubled)])


def _backdating_roles(backdating: Iterable[Backdating], lifecycle: Lifecycle) -> Iterator[Finding]:
    roles = {role for transition in lifecycle.transitions for role in transition.roles} | set(ROLES)
    for limit in backdating:
        if limit.role not in roles:
            yield about("backdating", limit, f": unknown role{did_you_mean(limit.role, roles)}")


def _unknown(cited: Citation, sources: Iterable[Source]) -> str:
    keys = [source.key for source in sources]
    if cited.source in {HOST, *keys}:
        return ""
    return f" cites the unknown source {cited.source!r}{did_you_mean(cited.source, keys)}"


def _convention(ground: Citation, sources: Iterable[Source]) -> Iterator[Finding]:
    if words := _unknown(ground, sources):
        yield Finding(f"convention{words}", "convention")


def _citations(part: str, rows: Any, sources: Iterable[Source]) -> Iterator[Finding]:
    for row in rows if isinstance(rows, tuple) else filter(None, (rows,)):
        cited = [("", row.citation)]
        if isinstance(row, TermRule):
            longer = (", longer track", row.long_citation), (", extension", row.extension and row.extension.citation)
            cited += ((which, ground) for which, ground in longer if ground is not None)
        for which, ground in cited:
            if words := _unknown(ground, sources):
                yield about(part, row, which + words)


_FIELDS = attrs.fields(Rulebook)
_DEFAULTS = {field.name: field.default for field in _FIELDS if field.default is not attrs.NOTHING}
_PART = {field.name: field.metadata.get("key", field.name) for field in _FIELDS}
_NAMED_BY = {"terms": "id", "rungs": "id", "lights": "colour", "outcomes": "code", "guards": "id"}
_CITING = ("rungs", "lights", "cooldown", "outcomes", "guards", "backdating", "duties", "disagreements")
_CHECKS: tuple[tuple[Check, tuple[str, ...], tuple[str, ...]], ...] = (
    (partial(_its_own, "name"), ("name",), ()),
    (partial(_its_own, "version"), ("version",), ()),
    (lifecycles.states, ("lifecycle",), ()),
    (lifecycles.transitions, ("lifecycle",), ()),
    (lifecycles.forks, (), ("lifecycle",)),
    (lifecycles.ways_out, (), ("lifecycle",)),
    (_kinds, ("terms",), ("lifecycle",)),
    (_terms, ("terms",), ()),
    (_disagreements, ("disagreements",), ("terms",)),
    (_force, (), ("in_force_from", "in_force_until")),
    (_newer_text, (), ("superseded_by", "text_of", "sources")),
    *ladders.CHECKS,
    (_cooldown, ("cooldown",), ()),
    *((partial(_doubles, _PART[rows], name), (rows,), ()) for rows, name in _NAMED_BY.items()),
    (_guards, ("guards",), ()),
    (_acts_of_guards, ("guards",), ("lifecycle",)),
    (_names_in_guards, ("guards",), ("terms", "lifecycle")),
    (partial(_citations, "term"), ("terms",), ("sources",)),
    (_convention, ("convention_citation",), ("sources",)),
    *((partial(_citations, _PART[rows]), (rows,), ("sources",)) for rows in _CITING),
    (_backdating, ("backdating",), ()),
    (_backdating_roles, ("backdating",), ("lifecycle",)),
)
"""Each check, the parts whose rows it looks through, and those it needs whole."""
