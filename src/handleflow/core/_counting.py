"""What does one suggestion count for? Everything a report has a figure for, in one look at it."""

from __future__ import annotations

from collections.abc import Iterator

from handleflow.model import Suggestion, Term
from handleflow.model.nouns import Answer

Counted = tuple[str, ...]
"""What something counts for: ``("key",)``, or ``("state", "replied")`` where each name is counted apart."""

_UNCLASSIFIED = "(none)"


def counted(s: Suggestion) -> Iterator[Counted]:
    """Everything one suggestion counts for."""
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
    yield from _of_its_kind(s, replies)
    yield from _of_replies(s, replies)
    yield from _of_what_is_due(s, replies)
    yield from _of_ratings(s)
    yield from _of_days(s)
    yield from _of_supervisions(s)
    if s.taken_over_on is not None:
        yield from _of_a_take_over(s)


def _of_its_kind(s: Suggestion, replies: tuple[Answer, ...]) -> Iterator[Counted]:
    if s.is_key is None:
        yield ("keyless",)
    elif s.is_key:
        yield ("key",)
        if _is_resolved(s, replies):
            yield ("key_resolved",)
    else:
        yield ("ordinary",)
        yield "category", s.category or _UNCLASSIFIED
        if s.category is None and s.taken_over_on is not None:
            yield ("uncategorized",)
        if _is_open_question(s) or any(reply.snapshot is None for reply in replies):
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


def _of_what_is_due(s: Suggestion, replies: tuple[Answer, ...]) -> Iterator[Counted]:
    is_due = s.state not in {"withdrawn", "declined"}
    if is_due:
        yield ("due",)
        if _is_open_question(s):
            yield ("unanswered",)
    if _is_replied(s, replies):
        yield ("replied",)
        if is_due:
            yield ("due_replied",)


def _of_ratings(s: Suggestion) -> Iterator[Counted]:
    for rating in s.ratings:
        yield ("no_response",) if rating.is_no_response else ("rated",)
        if rating.is_proxy:
            yield ("rated_by_proxy",)


def _of_days(s: Suggestion) -> Iterator[Counted]:
    for term in _reply_terms(s):
        if term.is_late:
            yield ("late_replies",)
        elif term.end == "met":
            yield ("replies_in_time",)
        if term.is_breached:
            yield ("deadlines_missed",)


def _of_supervisions(s: Suggestion) -> Iterator[Counted]:
    for supervision in s.supervisions:
        yield "channel", supervision.channel
        if supervision.is_answered_late:
            yield ("answered_late",)


def _of_a_take_over(s: Suggestion) -> Iterator[Counted]:
    if not s.assignments:
        yield ("unitless",)
    if not s.ratings:
        yield ("unrated",)
    if not _has_known_days(s):
        yield ("dayless",)


def is_replied(suggestion: Suggestion) -> bool:
    """Whether every reply that is due is in."""
    return _is_replied(suggestion, suggestion.current_replies)


def is_resolved(suggestion: Suggestion) -> bool:
    """Whether every reply that stands says that the matter is resolved."""
    return _is_resolved(suggestion, suggestion.current_replies)


def _is_replied(suggestion: Suggestion, replies: tuple[Answer, ...]) -> bool:
    return bool(replies) and not suggestion.owing


def _is_resolved(suggestion: Suggestion, replies: tuple[Answer, ...]) -> bool:
    is_solved = all(reply.snapshot is not None and reply.snapshot.is_resolved for reply in replies)
    return is_solved and _is_replied(suggestion, replies)


def _is_open_question(suggestion: Suggestion) -> bool:
    """Whether nobody here knows if it was replied before it was taken over."""
    return suggestion.taken_over_on is not None and not suggestion.replies and not suggestion.is_final


def _is_satisfied(suggestion: Suggestion, reply: Answer) -> bool | None:
    """Whether everyone who rated it was at least basically satisfied; None when nobody rated it."""
    given = [rating for rating in suggestion.ratings_of(reply) if not rating.is_no_response]
    return all("dissatisfied" not in {r.result, r.attitude} for r in given) if given else None


def _has_known_days(suggestion: Suggestion) -> bool:
    terms = _reply_terms(suggestion)
    return bool(terms) and all(term.end not in {"not_computable", "unknown"} for term in terms)


def _reply_terms(suggestion: Suggestion) -> tuple[Term, ...]:
    return tuple(term for term in suggestion.terms if term.key.rule == "reply")
