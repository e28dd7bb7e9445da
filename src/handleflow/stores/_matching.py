"""Which suggestions is a query true of, and in what order do they come, where no database looks for them?"""

from __future__ import annotations

from handleflow.model import Suggestion
from handleflow.store import COUNTED_BY, Place, Query


def values(picture: Suggestion, leaders: tuple[str, ...], by: str) -> tuple[str, ...]:
    """What a suggestion counts under; several where it has several units, leaders, deputies or classes of outcome."""
    if by == "rulebook":
        return (str(picture.rulebook),)
    many = {
        "unit": picture.units,
        "deputy": picture.deputies,
        "leader": leaders,
        "outcome": picture.outcomes,
    }
    if by in many:
        return tuple(dict.fromkeys(many[by]))
    value = getattr(picture, by)
    return (value,) if value else ()


def fits(picture: Suggestion, leaders: tuple[str, ...], query: Query) -> bool:
    """Whether the query is true of a suggestion."""
    named = ((by, getattr(query, by)) for by in COUNTED_BY)
    if any(wanted is not None and wanted not in values(picture, leaders, by) for by, wanted in named):
        return False
    if query.is_key is not None and picture.is_key is not query.is_key:
        return False
    return _is_titled(picture, query.text) and _is_due_within(picture, query)


def _is_titled(picture: Suggestion, text: str | None) -> bool:
    return text is None or text.lower() in (picture.title or "").lower()


def _is_due_within(picture: Suggestion, query: Query) -> bool:
    due, first, last = picture.first_due, query.due_from, query.due_until
    if first is None and last is None:
        return True
    if due is None:
        return query.or_no_day
    return (first is None or due >= first) and (last is None or due <= last)


def placed(picture: Suggestion, order: str) -> tuple[bool, str, str]:
    """Where a suggestion stands in an order: what has no day comes last."""
    due = picture.first_due if order == "due_on" else None
    return (due is None, str(due), picture.id)


def placed_after(after: Place, order: str) -> tuple[bool, str, str]:
    """Where a page ended, in the same order."""
    due = after.due_on if order == "due_on" else None
    return (due is None, str(due), after.id)
