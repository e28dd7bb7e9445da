"""``handleflow due`` and ``explain``: which day is it, and why?"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from typing import Any

from handleflow.cli import _screen
from handleflow.cli._opening import open_engine
from handleflow.core import explain, explain_count
from handleflow.core.due_day import awaits_notice
from handleflow.core.explain import Step
from handleflow.errors import UnknownChoice
from handleflow.legal_time import Convention, Span, WorkCalendar, count, day
from handleflow.model import Suggestion, Term
from handleflow.rulebooks import load, load_calendar
from handleflow.rules import Citation, Rulebook, TermRule
from handleflow.views import explanation_data, explanation_markdown, explanation_text, term_text
from handleflow.words import CATALOGUE, Message, say


def due(args: Namespace) -> int:
    """Print the day a span ends on, and the steps to it."""
    start, (span, ground, rule) = day(args.start), _asked_for(args)
    convention, calendar, citation = _counting(args)
    steps = explain_count(start, span, convention, calendar, citation, ground)
    counted = count(start, span, convention, calendar)
    if args.json:
        _screen.print_json(
            {
                "due": counted.due_on.isoformat(),
                "unrolled": counted.unrolled_on.isoformat(),
                "provisional": counted.is_provisional,
                **({"term": rule.id, "span": str(span), "citation": str(ground)} if rule else {}),
                "steps": explanation_data(steps),
            }
        )
    else:
        print(say("board-due", args.lang, on=counted.due_on, is_provisional=counted.is_provisional))
        if rule is not None:
            print(_named(args, rule))
        print(explanation_text(steps, args.lang))
    return 0


def _asked_for(args: Namespace) -> tuple[Span, Citation | None, TermRule | None]:
    """The span that was given; or that of a term of the rulebook, with its ground, on its track."""
    if (args.span is None) == (args.term is None):
        raise UnknownChoice(Message("cli-span_or_term"))
    if args.term is None:
        return Span.of(args.span), None, None
    rules = _rules(args)
    known = tuple(rule.id for rule in rules.terms if rule.span is not None)
    rule = rules.term_rule(args.term)
    if rule is None or rule.span is None:
        raise UnknownChoice(Message("cli-no_rule", {"rulebook": rules.name, "term": args.term, "known": known}))
    if args.long and rule.long_span is not None:
        return rule.long_span, rule.long_citation, rule
    return rule.span, rule.citation, rule


def _named(args: Namespace, rule: TermRule) -> str:
    """What the rulebook calls the term."""
    return CATALOGUE.naming(_rules(args).labels).label(rule.id, args.lang, "term")


def _rules(args: Namespace) -> Rulebook:
    return load(args.rulebook or "cn.national")


def _counting(args: Namespace) -> tuple[Convention, WorkCalendar, Citation | None]:
    """How days are counted: as a rulebook does, with whatever was said otherwise."""
    rules = _rules(args)
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
    rules = engine.rulebook_of(suggestion)
    history = engine.history(args.id)
    explained = [(term, explain(rules, term, history)) for term in terms]
    if args.json:
        _screen.print_json(
            [{**_data(term, steps), "provisional": awaits_notice(rules.calendar, term)} for term, steps in explained]
        )
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
