"""
Calculation trace: why is it due on that day? Step by step, each with its day, what it was about and its article.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from attrs import field

from handleflow.core._miss_history import judged_misses
from handleflow.core.due_day import compute_due_day
from handleflow.legal_time import Convention, Counted, Day, Note, Span, WorkCalendar, count
from handleflow.model import Entry, Term, TermKey
from handleflow.model.term import Extension
from handleflow.rules import Citation, Rulebook, TermRule
from handleflow.values import frozen
from handleflow.words import CATALOGUE, Bilingual, Facts, MessageCatalogue, as_facts, plain_facts
from handleflow.words.arguments import Given


@frozen
class Step:
    """
    One step of a reckoning: *what* was done, the day it led to, the *facts* of it, and its ground.

    *what* is ``calendar``, ``anchor``, ``counted``, ``clipped``, ``rolled``, ``granted``, ``extended``, ``kept``,
    ``longest``, ``not_longer``, ``paused``, ``standing``, ``notice``, ``late_notice``, ``fixed``, ``unknown``,
    ``missed``, ``rebutted`` or, last of all, ``result``. *own* are words of the rulebook's, in English and Chinese.
    """

    what: str
    on: Day | None
    facts: Facts = field(default=(), converter=as_facts)
    citation: str = ""
    own: tuple[str, str] = ("", "")

    def text(self, lang: str = "en", words: MessageCatalogue = CATALOGUE) -> str:
        """The step in *lang*, without its ground: in the rulebook's own words, where it has some."""
        own = Bilingual(*self.own).said(lang) if lang.partition("-")[0] in {"en", "zh"} else ""
        return own or words.words(f"step-{self.what}", (("on", self.on), *self.facts), lang)

    def as_dict(self) -> dict[str, object]:
        """All of it but its words, as JSON holds it: the day as ISO text, an absent citation as null."""
        on = self.on.isoformat() if self.on else None
        return {"what": self.what, "on": on, "facts": plain_facts(self.facts), "citation": self.citation or None}


def explain(rules: Rulebook, term: Term, history: Iterable[Entry] = ()) -> tuple[Step, ...]:
    """
    How the due day of *term* came about under *rules*; its last step is the recorded day.

    It is reckoned anew by the code that reckoned it, not read from the history. A term with a day of its
    own (a promise, an answer asked for) says so; one whose anchor nobody knows has no day. A whole *history*, where
    it is given, tells before that day what was missed, and by which entry a miss was rebutted and because of which.

    Raises:
        OutsideCalendar: when the calendar does not reach that far.
    """
    rule = rules.term_rule(term.key.rule)
    misses = tuple(_misses(history, term.key))
    if term.anchor_on is None or term.span is None:
        return _of_its_own(rule, term, misses)
    counting = partial(compute_due_day, rules, term.anchor_on, term.span, term)
    *steps, result = _traced(counting, rules.convention_citation, _grounds(rule, term) if rule else {})
    open_ones = [Step("standing", None, {"start": pause.start}) for pause in term.pauses if pause.end is None]
    return (_calendar(rules.calendar), *steps, *open_ones, *misses, result)


def _misses(history: Iterable[Entry], key: TermKey) -> Iterator[Step]:
    """What was missed, by which entry; and which one rebutted that, because of which act."""
    for miss in judged_misses(history, key):
        if miss.is_rebutted:
            number, cause, kind = miss.entry.number, miss.cause.number, miss.cause.kind
            yield Step("rebutted", miss.entry.on, {"entry": number, "cause": cause, "kind": kind})
        else:
            yield Step("missed", miss.missed_on, {"entry": miss.entry.number})


def explain_count(
    anchor: Day,
    span: Span,
    convention: Convention,
    calendar: WorkCalendar,
    citation: Citation | None = None,
    ground: Citation | None = None,
) -> tuple[Step, ...]:
    """
    How *span* from *anchor* comes to its last day, without any suggestion.

    *citation* is the convention's, *ground* that of the span.
    """
    return _traced(partial(count, anchor, span, convention, calendar), citation, {"counted": ground})


def _calendar(calendar: WorkCalendar) -> Step:
    version, known_through = calendar.version, calendar.known_through
    return Step("calendar", None, {"name": calendar.name, "version": version, "known_through": known_through})


def _grounds(rule: TermRule, term: Term) -> dict[str, Citation | None]:
    """The citations of the steps that a term's own rule stands behind."""
    is_long = rule.long_span is not None and term.span == rule.long_span
    extended = rule.extension.citation if rule.extension else None
    return {"counted": rule.long_citation if is_long else rule.citation, **dict.fromkeys(_EXTENDING, extended)}


def _traced(
    counting: Callable[[Note], Counted], convention: Citation | None, grounds: Mapping[str, Citation | None]
) -> tuple[Step, ...]:
    """The steps that *counting* notes, each with its ground, and the result."""
    grounds = {**dict.fromkeys(_COUNTING, convention), **grounds}
    steps: list[Step] = []

    def note(what: str, on: Day, about: object) -> None:
        if isinstance(about, Extension) and about.on is not None:
            steps.append(Step("granted", about.on, {"mode": _mode(about), "asked_on": about.asked_on}))
        steps.append(Step(what, on, STEP_FACTS[what](about), str(grounds.get(what) or "")))

    counted = counting(note)
    return (*steps, Step("result", counted.due_on, {"is_provisional": counted.is_provisional}))


def _mode(extension: Extension) -> str:
    return "consent" if extension.by_consent else "declaration"


_COUNTING = ("anchor", "clipped", "rolled")
_EXTENDING = ("extended", "kept", "longest", "not_longer")
STEP_FACTS: Mapping[str, Callable[[Any], Given]] = {
    "anchor": lambda first_day: {"first_day": first_day},
    "counted": lambda span: {"span": span},
    "clipped": lambda day: {"day": day},
    "rolled": lambda rest_days: {"rest_days": rest_days},
    "extended": lambda extension: {"mode": _mode(extension), "within": extension.within},
    "kept": lambda extension: {"within": extension.within},
    "longest": lambda rule: {"span": rule.span, "base": rule.base},
    "not_longer": lambda extension: {"until": extension.until},
    "paused": lambda pause: {"start": pause.start, "end": pause.end, "is_announced": pause.is_announced},
    "notice": lambda notice: {"notice": notice},
    "late_notice": lambda notice: {"notice": notice},
}
"""What is told of a step that was heard, by what it is about."""


def _of_its_own(rule: TermRule | None, term: Term, misses: tuple[Step, ...]) -> tuple[Step, ...]:
    result = Step("result", term.due_on, {"is_provisional": False})
    if term.due_on is None:
        return (Step("unknown", None), *misses, result)
    own = (rule.en, rule.zh) if rule else ("", "")
    return (Step("fixed", term.due_on, own=own), *misses, result)
