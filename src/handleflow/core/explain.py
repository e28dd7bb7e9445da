"""
Calculation trace: why is it due on that day? Step by step, each with its day, what it was about and its article.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from attrs import field

from handleflow.core.due_day import compute_due_day
from handleflow.legal_time import Convention, Day, Span, WorkCalendar, count
from handleflow.model import Term
from handleflow.rules import Citation, Rulebook, TermRule
from handleflow.values import frozen
from handleflow.words import CATALOGUE, Facts, MessageCatalogue, as_facts, plain_facts
from handleflow.words.arguments import Given

TraceStep = tuple[str, Day, object]


@frozen
class Step:
    """
    One step of a reckoning: *what* was done, the day it led to, the *facts* of it, and its ground.

    *what* is ``anchor``, ``counted``, ``clipped``, ``rolled``, ``extended``, ``paused``, ``notice``,
    ``late_notice``, ``fixed``, ``unknown`` or, last of all, ``result``. *own* are words of the rulebook's, in English
    and Chinese.
    """

    what: str
    on: Day | None
    facts: Facts = field(default=(), converter=as_facts)
    citation: str = ""
    own: tuple[str, str] = ("", "")

    def text(self, lang: str = "en", words: MessageCatalogue = CATALOGUE) -> str:
        """The step in *lang*, without its ground: in the rulebook's own words, where it has some."""
        if said := dict(zip(("en", "zh"), self.own, strict=True)).get(lang):
            return said
        return words.words(f"step-{self.what}", (("on", self.on), *self.facts), lang)

    def as_dict(self) -> dict[str, object]:
        """All of it but its words, as JSON holds it: the day as ISO text, an absent citation as null."""
        on = self.on.isoformat() if self.on else None
        return {"what": self.what, "on": on, "facts": plain_facts(self.facts), "citation": self.citation or None}


def explain(rules: Rulebook, term: Term) -> tuple[Step, ...]:
    """
    How the due day of *term* came about under *rules*; its last step is the recorded day.

    It is reckoned anew by the code that reckoned it, not read from the history. A term with a day of its
    own (a promise, an answer asked for) says so; one whose anchor nobody knows has no day.

    Raises:
        OutsideCalendar: when the calendar does not reach that far.
    """
    rule = rules.term_rule(term.key.rule)
    if term.anchor_on is None or term.span is None:
        return _of_its_own(rule, term)
    heard: list[TraceStep] = []
    counted = compute_due_day(
        rules,
        term.anchor_on,
        term.span,
        term.notice_on,
        term.extensions,
        term.pauses,
        lambda what, on, about: heard.append((what, on, about)),
    )
    return steps_of(heard, counted.due_on, counted.is_provisional, rules.convention_citation, _grounds(rule, term))


def explain_count(
    anchor: Day, span: Span, convention: Convention, calendar: WorkCalendar, citation: Citation | None = None
) -> tuple[Step, ...]:
    """How *span* from *anchor* comes to its last day, without any suggestion; *citation* is the convention's."""
    heard: list[TraceStep] = []
    counted = count(anchor, span, convention, calendar, lambda what, on, about: heard.append((what, on, about)))
    return steps_of(heard, counted.due_on, counted.is_provisional, citation, {})


def _grounds(rule: object, term: Term) -> dict[str, str]:
    """The citations of the steps that a term's own rule stands behind."""
    long_span, long_citation = getattr(rule, "long_span", None), getattr(rule, "long_citation", None)
    extension, citation = getattr(rule, "extension", None), getattr(rule, "citation", None)
    counted = long_citation if long_span is not None and term.span == long_span else citation
    return {
        "counted": str(counted) if counted else "",
        "extended": str(extension.citation) if extension else "",
    }


def steps_of(
    heard: Iterable[TraceStep],
    due_on: Day,
    is_provisional: bool,
    convention: Citation | None,
    grounds: dict[str, str],
) -> tuple[Step, ...]:
    """What was heard, step by step, and the result."""
    by_convention = str(convention) if convention else ""
    steps = [
        Step(what, on, STEP_FACTS[what](about), grounds.get(what, by_convention if what in _COUNTING else ""))
        for what, on, about in heard
    ]
    return (*steps, Step("result", due_on, {"is_provisional": is_provisional}))


_COUNTING = {"anchor", "clipped", "rolled"}
STEP_FACTS: Mapping[str, Callable[[Any], Given]] = {
    "anchor": lambda first_day: {"first_day": first_day},
    "counted": lambda span: {"span": span},
    "clipped": lambda day: {"day": day},
    "rolled": lambda rest_days: {"rest_days": rest_days},
    "extended": lambda extension: {"mode": "consent" if extension.by_consent else "declaration"},
    "paused": lambda pause: {"start": pause.start, "end": pause.end},
    "notice": lambda notice: {"notice": notice},
    "late_notice": lambda notice: {"notice": notice},
}
"""What is told of a step that was heard, by what it is about."""


def _of_its_own(rule: TermRule | None, term: Term) -> tuple[Step, ...]:
    result = Step("result", term.due_on, {"is_provisional": False})
    if term.due_on is None:
        return (Step("unknown", None), result)
    own = (rule.en, rule.zh) if rule else ("", "")
    return (Step("fixed", term.due_on, own=own), result)
