"""Audit trail of missed deadlines: when was the day of a term (期限) missed, and what rebutted that?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from handleflow.core.corrected_time import as_corrected
from handleflow.core.evolve import evolve, fold
from handleflow.legal_time import Day
from handleflow.model import Act, Entry, Suggestion, Term, TermKey

_NOTHING = Suggestion("any")


class JudgedMiss(NamedTuple):
    """An *entry* that a day was missed, or is no miss any more; *cause* is the act it follows."""

    missed_on: Day
    is_rebutted: bool
    entry: Entry
    cause: Entry


def judged_misses(history: Iterable[Entry], key: TermKey) -> Iterator[JudgedMiss]:
    """The misses of a term in a whole *history*, and what rebutted them, in order, whoever it was of then."""
    entries = as_corrected(tuple(history))
    place = next((place for place, term in enumerate(fold(_NOTHING, entries).terms) if term.key == key), None)
    if place is None:
        return
    suggestion, cause, judged = _NOTHING, entries[0], _judged(None)
    for entry in entries:
        cause = entry if isinstance(entry.event, Act) else cause
        suggestion = evolve(suggestion, entry)
        before, judged = judged, _judged(next(iter(suggestion.terms[place:]), None))
        if judged != before and judged[0] is not None:
            yield JudgedMiss(judged[0], judged[1], entry, cause)


def _judged(term: Term | None) -> tuple[Day | None, bool]:
    return (term.missed_on, term.is_rebutted) if term else (None, False)
