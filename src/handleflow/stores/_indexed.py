"""Secondary indexes: which suggestions does a database find by them, and what lies derived beside a history?"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping
from typing import Any

import attrs
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Dialect,
    Select,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
)

from handleflow.errors import UnknownChoice
from handleflow.hash_chain import IntegrityFault
from handleflow.model.fields import is_text, is_writable
from handleflow.store import COUNTED_BY, ORDERS, Batch, DerivedRows, Page, PageToken, Query
from handleflow.stores import _derived_rows, _feed
from handleflow.stores._alike import at_most
from handleflow.stores._histories import SqlHistories
from handleflow.stores._schema import Tables
from handleflow.stores._statements import snapshot_columns
from handleflow.words import did_you_mean

_FACETS = ("unit", "leader", "deputy", "outcome")


class SqlIndex(SqlHistories):
    """The protocol ``Indexed``, in a database."""

    def find(self, query: Query, *, order: str = "id", after: PageToken | None = None, limit: int = 50) -> Page:
        limit = max(at_most(limit), 1)
        rows = self._read(page(self._t, query, order, after, limit))
        found = tuple(self._shown(row) for row in rows[:limit] if is_text(row.id))
        last = rows[limit - 1] if len(rows) > limit else None
        return Page(found, PageToken(last.id, last.due_on if order == "due_on" else None) if last else None)

    def count(self, query: Query, by: str) -> dict[str, int]:
        with self._connect() as connection:
            rows = connection.execute(_counted(self._t, query, by, self._database.dialect)).all()
        return dict(sorted((str(value or ""), n) for value, n in rows if n))

    def derived_rows(self, id: str) -> DerivedRows | None:
        with self._connect() as connection:
            return _derived_rows.read(connection, self._t, self.codec, id)

    def derived(self, batch: Batch) -> Mapping[str, object]:
        return _derived_rows.derived(batch)

    def strays(self) -> Iterator[IntegrityFault]:
        with self._connect() as connection:
            found = list(_feed.strays(connection, self._t))
        yield from found


def _conditions(t: Tables, query: Query) -> Iterator[ColumnElement[bool]]:
    """What must be true of a row of suggestions."""
    # By another name: counted by units, the rows of those others are joined under the table's own.
    s, p = t.suggestions.c, t.facets.alias().c
    if not all(is_writable(text) for text in attrs.astuple(query) if isinstance(text, str)):
        yield false()  # it stands nowhere, and a database would refuse to look for it
        return
    for name in ("state", "category", "session", "is_key", "rulebook"):
        if getattr(query, name) is not None:
            yield s[name] == getattr(query, name)
    for kind in _FACETS:
        if getattr(query, kind) is not None:
            named = (p.suggestion_id == s.id) & (p.kind == kind) & (p.value == getattr(query, kind))
            yield exists(select(p.suggestion_id).where(named))
    yield from _due(s.due_on, query)
    if query.text is not None:
        yield s.title.icontains(query.text, autoescape=True)


def _due(due_on: ColumnElement[Any], query: Query) -> Iterator[ColumnElement[bool]]:
    for limit, within in ((query.due_from, operator.ge), (query.due_until, operator.le)):
        if limit is not None:
            lies: ColumnElement[bool] = within(due_on, limit)
            yield or_(lies, due_on.is_(None)) if query.include_undated else lies


def page(t: Tables, query: Query, order: str, after: PageToken | None, limit: int) -> Select[Any]:
    """The rows of one page, one more than its *limit*, so that the last page is known as such."""
    if order not in ORDERS:
        raise UnknownChoice(f"no order by {order!r}{did_you_mean(order, ORDERS)}")
    s = t.suggestions.c
    statement = select(s.id, s.due_on, *snapshot_columns(t)).where(*_conditions(t, query)).limit(limit + 1)
    if order == "id":
        beyond = [s.id > after.id] if after else []
        return statement.where(*beyond).order_by(s.id)
    # Where there is no day comes last, in both databases alike.
    if after is not None and after.due_on is not None:
        statement = statement.where(or_(tuple_(s.due_on, s.id) > (after.due_on, after.id), s.due_on.is_(None)))
    elif after is not None:
        statement = statement.where(s.due_on.is_(None), s.id > after.id)
    return statement.order_by(s.due_on.is_(null()), s.due_on, s.id)


def _counted(t: Tables, query: Query, by: str, dialect: Dialect) -> Select[Any] | CompoundSelect[Any]:
    """How many rows there are of each value; those without one may come with none."""
    if by not in COUNTED_BY:
        raise UnknownChoice(f"no counting by {by!r}{did_you_mean(by, COUNTED_BY)}")
    s, p = t.suggestions, t.facets
    wanted = _conditions(t, query)
    if by in _FACETS and query == Query():
        return _counted_all(t, by, dialect)
    if by in _FACETS:
        named = s.outerjoin(p, (p.c.suggestion_id == s.c.id) & (p.c.kind == by))
        return select(p.c.value, func.count()).select_from(named).where(*wanted).group_by(p.c.value)
    return select(s.c[by], func.count()).where(*wanted).group_by(s.c[by])


def _counted_all(t: Tables, by: str, dialect: Dialect) -> CompoundSelect[Any]:
    # Read off the index of names alone: joined with every suggestion it takes twice as long.
    p = t.facets.c
    each = select(p.value, func.count()).where(p.kind == by).group_by(p.value)
    return each.union_all((_looked_up if dialect.name == "sqlite" else _subtracted)(t, by))


def _looked_up(t: Tables, by: str) -> Select[Any, Any]:
    """Those without one, each looked for in the index: half the work of subtracting for SQLite, twice for others."""
    p, s = t.facets.c, t.suggestions.c
    has_one = exists(select(p.suggestion_id).where((p.suggestion_id == s.id) & (p.kind == by)))
    return select(literal(""), func.count()).select_from(t.suggestions).where(~has_one)


def _subtracted(t: Tables, by: str) -> Select[Any, Any]:
    """Those without one: all but those with one."""
    p = t.facets.c
    everything = select(func.count()).select_from(t.suggestions).scalar_subquery()
    having = select(func.count(p.suggestion_id.distinct())).where(p.kind == by).scalar_subquery()
    return select(literal(""), everything - having)
