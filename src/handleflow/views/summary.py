"""Statistics: what came of it all? Figures counted over suggestions, each known or with the reason why it is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Generic, TypeVar

from attrs import field

from handleflow.legal_time import Day
from handleflow.model.changing import changed
from handleflow.rules import CHANNELS, Rulebook, WithRulebook
from handleflow.values import frozen
from handleflow.views._counted import Counted, counted
from handleflow.views.access import Sees, nobody_sees, suggestion_as_seen
from handleflow.words import Bilingual, Labels, Message

T = TypeVar("T")

UNKNOWN = {
    "keyless": "total",
    "unitless": "total",
    "uncategorized": "ordinary",
    "unclassified": "ordinary",
    "unruled": "due",
    "unanswered": "due",
    "unrated": "total",
    "dayless": "total",
    "unheld": "total",
}
"""What may be unknown of a suggestion, and counted among which of them."""


@frozen
class Figure(Generic[T]):
    """A figure, or None and the reason why it cannot be known."""

    value: T | None
    reason: Message | None = None


@frozen
class Share:
    """How many replies have one label, and their share in percent, rounded half up to one decimal."""

    label: str
    count: int
    share: float


@frozen
class Supervised:
    """Supervisions by channel, and how many were answered after the day they asked for."""

    by_channel: dict[str, int]
    answered_late: int


@frozen
class Summary:
    """
    The figures of a report; ``key`` suggestions are those marked so, the others are ordinary.

    Rates are percentages with one decimal. *replied*, *units_known* and the like count what is known
    where a figure as a whole is not. *reconstructed* counts the suggestions whose days were made up:
    the figures from *late_replies* on rest on days; *provisional* counts the running terms whose day a holiday notice
    that has not come may still move, no miss among them. *labels* are what the rulebooks call their codes, the
    first that does: a class of outcome is found by the label that was recorded with the reply.
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
    provisional: int = 0
    labels: Labels = field(factory=dict, eq=False, repr=False)


def percent(part: int, whole: int) -> float:
    """*part* of *whole* in percent, rounded half up to one decimal."""
    return float((Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP))


def summarize(suggestions: Iterable[WithRulebook], sees: Sees = nobody_sees, on: Day | None = None) -> Summary:
    """
    The figures over all suggestions. Nothing is typed in and nothing assumed: the unknown stays unknown.

    A reply's day that has passed by *on* is missed, whether the clock has said so or not; without *on*, where it has.

    They are the same for every reader; the categories and marks of what a reader who *sees* them may not are counted
    together under ``MARK``. Each is counted and let go: what is held does not grow with how many there are.
    """
    # Keeping them all, the garbage collector walked them again and again: half of the time over 20,000.
    met: dict[str, Rulebook] = {}

    def things() -> Iterator[Counted]:
        for rules, suggestion in suggestions:
            if isinstance(rules, Rulebook):
                met.setdefault(rules.digest, rules)
            yield from counted(rules, suggestion_as_seen(suggestion, sees(suggestion)), on)

    return changed(_summary(_Counts(things())), labels=_labels(met.values()))


def _labels(rulebooks: Iterable[Rulebook]) -> Labels:
    found: dict[tuple[str, str], Bilingual] = {}
    for rules in rulebooks:
        outcomes = {("outcome", each.zh): Bilingual(each.en, each.zh) for each in rules.outcomes}
        found = {**rules.labels, **outcomes, **found}
    return found


class _Counts:
    """How often each was counted, and which figures that makes known."""

    def __init__(self, things: Iterable[Counted]) -> None:
        self._times = Counter(things)

    def of(self, what: str) -> int:
        """How often *what* was counted."""
        return self._times[(what,)]

    def by_name(self, what: str) -> dict[str, int]:
        """How often *what* was counted under each name, in the order in which the names first came."""
        return {key[1]: times for key, times in self._times.items() if key[0] == what}

    def shares(self, what: str) -> tuple[Share, ...]:
        """The share of each (code, label) *what* was counted under, in the order of the codes."""
        found = sorted((key, times) for key, times in self._times.items() if key[0] == what)
        whole = sum(times for _, times in found)
        return tuple(Share(label, times, percent(times, whole)) for (_, _, label), times in found)

    def unknown(self, *what: str) -> Message | None:
        """The first reason why a figure that needs all of *what* to be known is not."""
        for each in what:
            if count := self.of(each):
                return Message(f"unknown-{each}", {"count": count, "whole": self.of(UNKNOWN[each])})
        return None

    def figure(self, value: T, *what: str) -> Figure[T]:
        """*value*, unless *what* it needs to be known is not."""
        reason = self.unknown(*what)
        return Figure(None, reason) if reason else Figure(value)


def _summary(counts: _Counts) -> Summary:
    return Summary(
        total=counts.of("total"),
        key=counts.figure(counts.of("key"), "keyless"),
        ordinary=counts.figure(counts.of("ordinary"), "keyless"),
        units=counts.figure(len(counts.by_name("unit")), "unitless"),
        key_resolved=counts.figure(counts.of("key_resolved"), "keyless"),
        categories=counts.figure(counts.by_name("category"), "keyless", "uncategorized"),
        reply_rate=_reply_rate(counts),
        satisfied_or_basically_rate=_satisfied_rate(counts),
        ordinary_outcomes=counts.figure(counts.shares("outcome"), "keyless", "unclassified"),
        states=counts.by_name("state"),
        replied=counts.of("replied"),
        units_known=len(counts.by_name("unit")),
        rated=counts.of("rated"),
        no_response=counts.of("no_response"),
        rated_by_proxy=counts.of("rated_by_proxy"),
        unclear=counts.of("unclear"),
        marks=counts.by_name("mark"),
        open_commitments=counts.of("open_commitments"),
        reconstructed=counts.of("reconstructed"),
        late_replies=counts.figure(counts.of("late_replies"), "unheld", "dayless"),
        replies_in_time=counts.figure(counts.of("replies_in_time"), "unheld", "dayless"),
        deadlines_missed=counts.of("deadlines_missed"),
        supervisions=_supervised(counts),
        provisional=counts.of("provisional"),
    )


def _reply_rate(counts: _Counts) -> Figure[float]:
    due = counts.of("due")
    if not due:
        return Figure(None, Message("unknown-nothing_to_reply_to"))
    return counts.figure(percent(counts.of("replied"), due), "unruled", "unanswered")


def _satisfied_rate(counts: _Counts) -> Figure[float]:
    verdicts = counts.of("verdicts")
    if not verdicts:
        return Figure(None, counts.unknown("unrated") or Message("unknown-nothing_rated"))
    return counts.figure(percent(counts.of("satisfied"), verdicts), "unrated")


def _supervised(counts: _Counts) -> Supervised:
    channels = {**dict.fromkeys(CHANNELS, 0), **counts.by_name("channel")}
    return Supervised(channels, counts.of("answered_late"))
