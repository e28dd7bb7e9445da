"""``handleflow due`` and ``explain``: which day is it, and why?"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from typing import Any

from handleflow.cli import _screen
from handleflow.cli._opening import open_engine
from handleflow.core import explain, explain_count
from handleflow.core.explain import Step
from handleflow.errors import UnknownChoice
from handleflow.legal_time import Convention, Span, WorkCalendar, count, day
from handleflow.model import Suggestion, Term
from handleflow.rulebooks import load, load_calendar
from handleflow.rules import Citation
from handleflow.views import explanation_data, explanation_markdown, explanation_text, term_text
from handleflow.words import Message


def due(args: Namespace) -> int:
    """Print the day a span ends on, and the steps to it."""
    start, span = day(args.start), Span.of(args.span)
    convention, calendar, citation = _counting(args)
    steps = explain_count(start, span, convention, calendar, citation)
    counted = count(start, span, convention, calendar)
    if args.json:
        _screen.print_json(
            {
                "due": counted.due_on.isoformat(),
                "unrolled": counted.unrolled_on.isoformat(),
                "provisional": counted.is_provisional,
                "steps": explanation_data(steps),
            }
        )
    else:
        print(counted.due_on)
        print(explanation_text(steps, args.lang))
    return 0


def _counting(args: Namespace) -> tuple[Convention, WorkCalendar, Citation | None]:
    """How days are counted: as a rulebook does, with whatever was said otherwise."""
    rules = load(args.rulebook or "cn.national")
    calendar = load_calendar(args.calendar) if args.calendar else rules.calendar
    given = args.first_day or args.roll or args.direction
    convention = Convention(
        "given" if given else rules.convention.name,
        args.first_day or rules.convention.first_day,
        args.roll or rules.convention.roll_on,
        args.direction or rules.convention.direction,
    )
    return convention, calendar, None if given else rules.convention_citation


def explain_terms(args: Namespace) -> int:
    """Print how the due days of a suggestion came about, all or those of one term rule."""
    engine = open_engine(args.store, args.app)
    suggestion = engine.look_up(args.id)
    terms = _terms(suggestion, args.term)
    explained = [(term, explain(engine.rulebook_of(suggestion), term)) for term in terms]
    if args.json:
        _screen.print_json([_data(term, steps) for term, steps in explained])
        return 0
    words = engine.words_of(suggestion)
    for term, steps in explained:
        title = term_text(term.key, args.lang, words)
        as_words = explanation_markdown(title, steps, args.lang)
        print(as_words if args.markdown else f"{title}\n{explanation_text(steps, args.lang)}")
    return 0


def _terms(suggestion: Suggestion, rule: str | None) -> tuple[Term, ...]:
    known = {term.key.rule for term in suggestion.terms}
    if rule is not None and rule not in known:
        raise UnknownChoice(
            Message("cli-no_term", {"id": suggestion.id, "term": rule, "known": tuple(sorted(known))})
        )
    return tuple(term for term in suggestion.terms if rule in {None, term.key.rule})


def _data(term: Term, steps: Iterable[Step]) -> dict[str, Any]:
    key = {"rule": term.key.rule, "unit": term.key.unit, "round": term.key.round, "ref": term.key.ref}
    return {
        **key,
        "due": term.due_on.isoformat() if term.due_on else None,
        "end": term.end,
        "steps": explanation_data(steps),
    }
