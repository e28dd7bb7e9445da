"""What came of it all? Figures folded from pictures, each known or with the reason why it is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Generic, TypeVar

from handleflow.model import Suggestion, Term
from handleflow.model.parts import Answer
from handleflow.rules import MEASURES
from handleflow.values import frozen

T = TypeVar("T")
_UNCLASSIFIED = "(none)"


@frozen
class Figure(Generic[T]):
    """A figure, or None and the reason why it cannot be known."""

    value: T | None
    reason: str = ""


@frozen
class Share:
    """How many replies have one label, and their share in percent, rounded half up to one decimal."""

    label: str
    count: int
    share: float


@frozen
class Supervised:
    """Supervisions by measure, and how many were answered after the day they asked for."""

    by_measure: dict[str, int]
    answered_late: int


@frozen
class Summary:
    """
    The figures of a report; ``key`` suggestions are those marked so, the others are ordinary.

    Rates are percentages with one decimal. *replied*, *units_known* and the like count what is known
    where a figure as a whole is not. *reconstructed* counts the suggestions whose days were made up:
    the figures from *late_replies* on rest on days.
    """

    total: int
    key: Figure[int]
    ordinary: Figure[int]
    units: Figure[int]
    key_resolved: Figure[int]
    categories: Figure[dict[str, int]]
    reply_rate: Figure[float]
    satisfied_or_basically_rate: Figure[float]
    ordinary_outcomes: Figure[tuple[Share, ...]]
    states: dict[str, int]
    replied: int
    units_known: int
    rated: int
    no_response: int
    rated_by_proxy: int
    unclear: int
    marks: dict[str, int]
    open_commitments: int
    reconstructed: int
    late_replies: Figure[int]
    replies_in_time: Figure[int]
    deadlines_missed: int
    supervisions: Supervised


def percent(part: int, whole: int) -> float:
    """*part* of *whole* in percent, rounded half up to one decimal."""
    return float((Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP))


def summarize(pictures: Iterable[Suggestion]) -> Summary:
    """The figures over *pictures*. Nothing is typed in and nothing assumed: the unknown stays unknown."""
    all_ = tuple(pictures)
    ordinary = tuple(s for s in all_ if s.is_key is False)
    ratings = [rating for s in all_ for rating in s.ratings]
    replies = [term for s in all_ for term in _reply_terms(s)]
    return Summary(
        total=len(all_),
        key=_unless(_keyless(all_), lambda: sum(bool(s.is_key) for s in all_)),
        ordinary=_unless(_keyless(all_), lambda: len(ordinary)),
        units=_unless(_unitless(all_), lambda: len(_units(all_))),
        key_resolved=_unless(_keyless(all_), lambda: sum(is_resolved(s) for s in all_ if s.is_key)),
        categories=_unless(
            _keyless(all_) or _uncategorized(ordinary),
            lambda: dict(Counter(s.category or _UNCLASSIFIED for s in ordinary)),
        ),
        reply_rate=_reply_rate(all_),
        satisfied_or_basically_rate=_satisfied_rate(all_),
        ordinary_outcomes=_unless(_keyless(all_) or _unclassified(ordinary), lambda: _outcomes(ordinary)),
        states=dict(Counter(s.state for s in all_)),
        replied=sum(is_replied(s) for s in all_),
        units_known=len(_units(all_)),
        rated=sum(not r.is_no_response for r in ratings),
        no_response=sum(r.is_no_response for r in ratings),
        rated_by_proxy=sum(r.is_proxy for r in ratings),
        unclear=sum(s.matter == "unclear" for s in all_),
        marks=dict(Counter(r.mark for s in all_ for r in s.current_replies if r.mark)),
        open_commitments=sum(len(s.open_commitments) for s in all_),
        reconstructed=sum(s.is_reconstructed for s in all_),
        late_replies=_unless(_dayless(all_), lambda: sum(t.is_late for t in replies)),
        replies_in_time=_unless(_dayless(all_), lambda: sum(t.end == "met" and not t.is_late for t in replies)),
        deadlines_missed=sum(t.is_breached for t in replies),
        supervisions=_supervised(all_),
    )


def is_replied(suggestion: Suggestion) -> bool:
    """Whether every reply that is due is in."""
    return bool(suggestion.current_replies) and not suggestion.owing


def is_resolved(suggestion: Suggestion) -> bool:
    """Whether every reply that stands says that the matter is resolved."""
    replies = suggestion.current_replies
    return is_replied(suggestion) and all(r.classified is not None and r.classified.is_resolved for r in replies)


def _unless(reason: str, known: Callable[[], T]) -> Figure[T]:
    return Figure(None, reason) if reason else Figure(known())


def _counted(count: int, whole: int, what: str) -> str:
    return f"{count} of {whole} {what}" if count else ""


def _keyless(all_: tuple[Suggestion, ...]) -> str:
    unknown = sum(s.is_key is None for s in all_)
    return _counted(unknown, len(all_), "do not say whether they are key suggestions")


def _unitless(all_: tuple[Suggestion, ...]) -> str:
    unknown = sum(s.taken_over_on is not None and not s.assignments for s in all_)
    return _counted(unknown, len(all_), "were taken over without the name of a handling unit")


def _uncategorized(ordinary: tuple[Suggestion, ...]) -> str:
    unknown = sum(s.taken_over_on is not None and s.category is None for s in ordinary)
    return _counted(unknown, len(ordinary), "were taken over without a category")


def _unclassified(ordinary: tuple[Suggestion, ...]) -> str:
    unknown = sum(_is_open_question(s) or any(_is_unclassified(r) for r in s.current_replies) for s in ordinary)
    return _counted(unknown, len(ordinary), "were taken over without a reply or a class whose scheme is known")


def _is_unclassified(reply: Answer) -> bool:
    return reply.classified is None


def _is_open_question(suggestion: Suggestion) -> bool:
    """Whether nobody here knows if it was replied before it was taken over."""
    return suggestion.taken_over_on is not None and not suggestion.replies and not suggestion.is_final


def _reply_rate(all_: tuple[Suggestion, ...]) -> Figure[float]:
    due = tuple(s for s in all_ if s.state not in {"withdrawn", "declined"})
    if not due:
        return Figure(None, "there is no suggestion to reply to")
    unknown = sum(_is_open_question(s) for s in due)
    reason = _counted(unknown, len(due), "were taken over and nothing says whether they were replied to")
    return _unless(reason, lambda: percent(sum(is_replied(s) for s in due), len(due)))


def _satisfied_rate(all_: tuple[Suggestion, ...]) -> Figure[float]:
    unrated = sum(s.taken_over_on is not None and not s.ratings for s in all_)
    reason = _counted(unrated, len(all_), "were taken over and nothing says how they were rated")
    verdicts = [_is_satisfied(s, reply) for s in all_ for reply in s.current_replies]
    given = [verdict for verdict in verdicts if verdict is not None]
    if not reason and not given:
        return Figure(None, "no reply was rated")
    return _unless(reason, lambda: percent(sum(given), len(given)))


def _is_satisfied(suggestion: Suggestion, reply: Answer) -> bool | None:
    """Whether everyone who rated it was at least basically satisfied; None when nobody rated it."""
    given = [rating for rating in suggestion.ratings_of(reply) if not rating.is_no_response]
    return all("dissatisfied" not in {r.result, r.attitude} for r in given) if given else None


def _outcomes(ordinary: tuple[Suggestion, ...]) -> tuple[Share, ...]:
    classes = [r.classified for s in ordinary for r in s.current_replies if r.classified is not None]
    counts = Counter((c.code, c.label) for c in classes)
    return tuple(Share(label, n, percent(n, len(classes))) for (_, label), n in sorted(counts.items()))


def _units(all_: tuple[Suggestion, ...]) -> set[str]:
    return {a.unit for s in all_ for a in s.assignments if a.ended is None}


def _dayless(all_: tuple[Suggestion, ...]) -> str:
    unknown = sum(s.taken_over_on is not None and not _has_known_days(s) for s in all_)
    return _counted(unknown, len(all_), "were taken over without the days that tell a late reply from a timely one")


def _has_known_days(suggestion: Suggestion) -> bool:
    terms = _reply_terms(suggestion)
    return bool(terms) and all(term.end not in {"not_computable", "passed"} for term in terms)


def _reply_terms(suggestion: Suggestion) -> tuple[Term, ...]:
    return tuple(term for term in suggestion.terms if term.key.rule == "reply")


def _supervised(all_: tuple[Suggestion, ...]) -> Supervised:
    said = [supervision for s in all_ for supervision in s.supervisions]
    measures = {**dict.fromkeys(MEASURES, 0), **Counter(s.measure for s in said)}
    return Supervised(measures, sum(s.is_answered_late for s in said))
