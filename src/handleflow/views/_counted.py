"""Aggregation: what does one suggestion count for? Everything a report has a figure for, in one look at it."""

from __future__ import annotations

from collections.abc import Iterator

from handleflow.core.due_day import awaits_notice
from handleflow.errors import UnknownRulebook
from handleflow.legal_time import Day
from handleflow.model import Suggestion, Term
from handleflow.model.nouns import Answer
from handleflow.rules import Rulebook

Counted = tuple[str, ...]
"""What something counts for: ``("key",)``, or ``("state", "replied")`` where each name is counted apart."""

NO_CATEGORY = "(none)"
"""What stands in the data for the category of those that have none."""


def counted(rules: Rulebook | UnknownRulebook, s: Suggestion, on: Day | None) -> Iterator[Counted]:
    """Everything one suggestion counts for on a day; without one, what is recorded."""
    yield ("total",)
    yield "state", s.state
    if s.matter == "unclear":
        yield ("unclear",)
    if s.is_reconstructed:
        yield ("reconstructed",)
    for assignment in s.assignments:
        if assignment.ended is None:
            yield "unit", assignment.unit
    for commitment in s.commitments:
        if commitment.is_open:
            yield ("open_commitments",)
    replies = s.current_replies
    is_over = rules.is_over(s) if isinstance(rules, Rulebook) else None
    is_replied = bool(replies) and not s.leads_without_reply
    yield from _of_its_kind(s, replies, is_replied, is_over)
    yield from _of_replies(s, replies)
    yield from _of_what_is_due(s, is_replied, is_over)
    yield from _of_ratings(s)
    yield from _of_days(rules, s, on)
    yield from _of_supervisions(s)
    if s.taken_over_on is not None:
        yield from _of_a_take_over(rules, s)


def _of_its_kind(
    s: Suggestion, replies: tuple[Answer, ...], is_replied: bool, is_over: bool | None
) -> Iterator[Counted]:
    if s.is_key is None:
        yield ("keyless",)
    elif s.is_key:
        yield ("key",)
        if is_replied and all(reply.snapshot is not None and reply.snapshot.is_resolved for reply in replies):
            yield ("key_resolved",)
    else:
        yield ("ordinary",)
        yield "category", s.category or NO_CATEGORY
        if s.category is None and s.taken_over_on is not None:
            yield ("uncategorized",)
        if _is_open_question(s, is_over) or any(reply.snapshot is None for reply in replies):
            yield ("unclassified",)
        for reply in replies:
            if reply.snapshot is not None:
                yield "outcome", reply.snapshot.code, reply.snapshot.label


def _of_replies(s: Suggestion, replies: tuple[Answer, ...]) -> Iterator[Counted]:
    for reply in replies:
        if reply.mark:
            yield "mark", reply.mark
        verdict = _is_satisfied(s, reply)
        if verdict is not None:
            yield ("verdicts",)
        if verdict:
            yield ("satisfied",)


def _of_what_is_due(s: Suggestion, is_replied: bool, is_over: bool | None) -> Iterator[Counted]:
    """A reply is due unless the life was over without one; None where nobody knows whether it is over."""
    if is_replied:
        yield from (("due",), ("replied",))
    elif not is_over:
        yield ("due",)
        if is_over is None:
            yield ("unruled",)
        if _is_open_question(s, is_over):
            yield ("unanswered",)


def _of_ratings(s: Suggestion) -> Iterator[Counted]:
    for rating in s.ratings:
        yield ("no_response",) if rating.is_no_response else ("rated",)
        if rating.is_proxy:
            yield ("rated_by_proxy",)


def _of_days(rules: Rulebook | UnknownRulebook, s: Suggestion, on: Day | None) -> Iterator[Counted]:
    """A day that has passed by *on* counts, whether the clock has said so or not, unless a notice may move it."""
    waiting = [t for t in s.running_terms() if isinstance(rules, Rulebook) and awaits_notice(rules.calendar, t)]
    yield from (("provisional",) for _ in waiting)
    if s.terms and isinstance(rules, UnknownRulebook):
        yield ("unheld",)
    for term in _reply_terms(rules, s):
        is_missed = term.is_breached if on is None or term in waiting else term.is_missed_on(on)
        if term.is_late or (is_missed and term.is_running):
            yield ("late_replies",)
        elif term.end == "met":
            yield ("replies_in_time",)
        if is_missed:
            yield ("deadlines_missed",)


def _of_supervisions(s: Suggestion) -> Iterator[Counted]:
    for supervision in s.supervisions:
        yield "channel", supervision.channel
        if supervision.is_answered_late:
            yield ("answered_late",)


def _of_a_take_over(rules: Rulebook | UnknownRulebook, s: Suggestion) -> Iterator[Counted]:
    if not s.assignments:
        yield ("unitless",)
    if not s.ratings:
        yield ("unrated",)
    if isinstance(rules, Rulebook) and not _has_known_days(rules, s):
        yield ("dayless",)


def _is_open_question(suggestion: Suggestion, is_over: bool | None) -> bool:
    """Whether nobody here knows if it was replied before it was taken over."""
    return suggestion.taken_over_on is not None and not suggestion.replies and not is_over


def _is_satisfied(suggestion: Suggestion, reply: Answer) -> bool | None:
    """Whether everyone who rated it was at least basically satisfied; None when nobody rated it."""
    given = [rating for rating in suggestion.ratings_of(reply) if not rating.is_no_response]
    return all("dissatisfied" not in {r.result, r.attitude} for r in given) if given else None


def _has_known_days(rules: Rulebook, suggestion: Suggestion) -> bool:
    terms = _reply_terms(rules, suggestion)
    return bool(terms) and all(term.end not in {"not_computable", "unknown"} for term in terms)


def _reply_terms(rules: Rulebook | UnknownRulebook, suggestion: Suggestion) -> tuple[Term, ...]:
    """The terms that a unit's reply keeps; only the rulebook knows which."""
    if isinstance(rules, UnknownRulebook):
        return ()
    found = ((term, rules.term_rule(term.key.rule)) for term in suggestion.terms)
    return tuple(term for term, rule in found if rule is not None and rule.is_of_a_reply)
