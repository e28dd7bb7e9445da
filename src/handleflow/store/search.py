"""
Query evaluation in memory: which suggestions is a query true of, and how many are there?

A store that is ``Indexed`` says so itself; of any other all suggestions are walked through.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from operator import itemgetter

from handleflow.errors import UnknownChoice
from handleflow.legal_time import Day
from handleflow.model import Suggestion
from handleflow.model.field_types import checks_arguments
from handleflow.store.protocols import Indexed, Store
from handleflow.store.queries import COUNTED_BY, ORDERS, Page, PageToken, Query
from handleflow.words import did_you_mean

Led = tuple[Suggestion, tuple[str, ...]]
"""A suggestion, and the leaders in charge of it."""


@checks_arguments()
def find(store: Store, query: Query, *, order: str = "id", after: PageToken | None = None, limit: int = 50) -> Page:
    """
    Suggestions of *store* that *query* is true of, by id or by their nearest day, a page at a time.

    Raises:
        UnknownChoice: when the order is none of ``ORDERS``, or leaders are asked for of a store that is not indexed:
            only it keeps them beside its histories.
    """
    if isinstance(store, Indexed):
        return store.find(query, order=order, after=after, limit=limit)
    return find_among(_walk(store, query.leader is not None), query, order, after, limit)


@checks_arguments()
def count(store: Store, query: Query, by: str) -> dict[str, int]:
    """
    How many suggestions of *store* *query* is true of, by one of ``COUNTED_BY``; those without are under ``""``.

    Raises:
        UnknownChoice: when there is no counting by that, or leaders are asked for of a store that is not indexed.
    """
    if isinstance(store, Indexed):
        return store.count(query, by)
    return count_among(_walk(store, query.leader is not None or by == "leader"), query, by)


def _walk(store: Store, asks_for_leaders: bool) -> Iterator[Led]:
    if asks_for_leaders:
        raise UnknownChoice(f"{type(store).__name__} keeps no leaders to look for; an indexed store does")
    return ((suggestion, ()) for suggestion in store.snapshots())


def find_among(each: Iterable[Led], query: Query, order: str, after: PageToken | None, limit: int) -> Page:
    """A page of those that *query* is true of."""
    if order not in ORDERS:
        raise UnknownChoice(f"no order by {order!r}{did_you_mean(order, ORDERS)}")
    limit = max(limit, 1)
    found = (suggestion for suggestion, leaders in each if _fits(suggestion, leaders, query))
    in_order = sorted(((_rank(one.first_due, one.id, order), one) for one in found), key=itemgetter(0))
    beyond = _rank(after.due_on, after.id, order) if after else None
    left = [one for rank, one in in_order if beyond is None or rank > beyond]
    last = left[limit - 1] if len(left) > limit else None
    following = PageToken(last.id, last.first_due if order == "due_on" else None) if last else None
    return Page(tuple(left[:limit]), following)


def count_among(each: Iterable[Led], query: Query, by: str) -> dict[str, int]:
    """How many there are of each value."""
    if by not in COUNTED_BY:
        raise UnknownChoice(f"no counting by {by!r}{did_you_mean(by, COUNTED_BY)}")
    found = (_values(*one, by) or ("",) for one in each if _fits(*one, query))
    return dict(sorted(Counter(value for some in found for value in some).items()))


def _values(suggestion: Suggestion, leaders: tuple[str, ...], by: str) -> tuple[str, ...]:
    """What a suggestion counts under; several where it has several units, leaders, deputies or classes of outcome."""
    if by == "rulebook":
        return (str(suggestion.rulebook),)
    many = {
        "unit": suggestion.units,
        "deputy": suggestion.deputies,
        "leader": leaders,
        "outcome": suggestion.outcomes,
    }
    if by in many:
        return tuple(dict.fromkeys(many[by]))
    value = getattr(suggestion, by)
    return (value,) if value else ()


def _fits(suggestion: Suggestion, leaders: tuple[str, ...], query: Query) -> bool:
    """Whether the query is true of a suggestion."""
    named = ((by, getattr(query, by)) for by in COUNTED_BY)
    if any(wanted is not None and wanted not in _values(suggestion, leaders, by) for by, wanted in named):
        return False
    if query.is_key is not None and suggestion.is_key is not query.is_key:
        return False
    if query.text is not None and query.text.lower() not in (suggestion.title or "").lower():
        return False
    return _is_due_within(suggestion, query)


def _is_due_within(suggestion: Suggestion, query: Query) -> bool:
    due, first, last = suggestion.first_due, query.due_from, query.due_until
    if first is None and last is None:
        return True
    if due is None:
        return query.include_undated
    return (first is None or due >= first) and (last is None or due <= last)


def _rank(due_on: Day | None, id: str, order: str) -> tuple[bool, str, str]:
    """Where a suggestion stands in an order: what has no day comes last."""
    due = due_on if order == "due_on" else None
    return (due is None, str(due), id)
