"""What is found in a database by its indexes, and what lies derived beside a history?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handleflow.hash_chain import Flaw
from handleflow.model.fields import says_something
from handleflow.store import Batch, DerivedRows, Page, PageToken, Query
from handleflow.stores import _connecting, _derived_rows, _feed, _finding
from handleflow.stores._asking import at_most
from handleflow.stores._histories import SqlHistories


class SqlIndex(SqlHistories):
    """The protocol ``Indexed``, in a database."""

    def find(self, query: Query, *, order: str = "id", after: PageToken | None = None, limit: int = 50) -> Page:
        limit = max(at_most(limit), 1)
        rows = self._read(_finding.page(self._t, query, order, after, limit))
        found = tuple(self._shown(row) for row in rows[:limit] if says_something(row.id))
        last = rows[limit - 1] if len(rows) > limit else None
        return Page(found, PageToken(last.id, last.due_on if order == "due_on" else None) if last else None)

    def count(self, query: Query, by: str) -> dict[str, int]:
        with _connecting.named(), self._connect() as connection:
            rows = connection.execute(_finding.counted(self._t, query, by, self._database.dialect)).all()
        return dict(sorted((str(value or ""), n) for value, n in rows if n))

    def derived_rows(self, id: str) -> DerivedRows | None:
        with _connecting.named(), self._connect() as connection:
            return _derived_rows.read(connection, self._t, self.codec, id)

    def derived(self, batch: Batch) -> Mapping[str, object]:
        return _derived_rows.derived(batch)

    def strays(self) -> Iterator[Flaw]:
        with _connecting.named(), self._connect() as connection:
            found = [Flaw(*stray) for stray in _feed.strays(connection, self._t)]
        yield from found
