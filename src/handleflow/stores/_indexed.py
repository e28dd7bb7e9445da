"""Secondary indexes: what is found in a database by its indexes, and what lies derived beside a history?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handleflow.hash_chain import IntegrityFault
from handleflow.model.fields import is_text
from handleflow.store import Batch, DerivedRows, Page, PageToken, Query
from handleflow.stores import _derived_rows, _feed_statements, _indexed_statements
from handleflow.stores._alike import at_most
from handleflow.stores._histories import SqlHistories


class SqlIndex(SqlHistories):
    """The protocol ``Indexed``, in a database."""

    def find(self, query: Query, *, order: str = "id", after: PageToken | None = None, limit: int = 50) -> Page:
        limit = max(at_most(limit), 1)
        rows = self._read(_indexed_statements.page(self._t, query, order, after, limit))
        found = tuple(self._shown(row) for row in rows[:limit] if is_text(row.id))
        last = rows[limit - 1] if len(rows) > limit else None
        return Page(found, PageToken(last.id, last.due_on if order == "due_on" else None) if last else None)

    def count(self, query: Query, by: str) -> dict[str, int]:
        with self._connect() as connection:
            rows = connection.execute(_indexed_statements.counted(self._t, query, by, self._database.dialect)).all()
        return dict(sorted((str(value or ""), n) for value, n in rows if n))

    def derived_rows(self, id: str) -> DerivedRows | None:
        with self._connect() as connection:
            return _derived_rows.read(connection, self._t, self.codec, id)

    def derived(self, batch: Batch) -> Mapping[str, object]:
        return _derived_rows.derived(batch)

    def strays(self) -> Iterator[IntegrityFault]:
        with self._connect() as connection:
            found = list(_feed_statements.strays(connection, self._t))
        yield from found
