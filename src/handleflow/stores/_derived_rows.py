"""What lies beside a history in a database, derived of it: read in one statement, compared, and written anew."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Dialect, Row, ScalarSelect, Select, Table, bindparam, func, insert, select, update

from handleflow.errors import BrokenHistory
from handleflow.legal_time import Day
from handleflow.store import Batch
from handleflow.stores import _rows, _writing
from handleflow.stores._codec import Codec
from handleflow.stores._tables import Tables
from handleflow.stores._verifying import Stored

Rows = Iterable[tuple[Any, ...]]

_COLUMNS = ("waking day", *_rows.LOOKED_FOR)
_PARTY = ("part", "name")
_TERM = ("rule", "unit", "round", "generation", "due_on")
_CLAIM = ("rule", "unit", "round", "generation", "rung", "occurrence", "entry")


def read(connection: Connection, t: Tables, codec: Codec, id: str) -> Stored | None:
    """What stands beside the history of one suggestion, all of it at one moment."""
    row = connection.execute(_statement(t, connection.dialect), {"its_id": id}).mappings().one_or_none()
    if row is None:
        return None
    rows = [_tuples(row[name]) for name in ("its_parties", "its_terms", "its_claims")]
    columns = dict(zip(_COLUMNS, _values(row["its_columns"]), strict=True))
    found = {"snapshot": codec.picture(row["picture"], row["head"]), **columns}
    return Stored(row["version"], row["head"], found | _sets(*rows))


def derived(batch: Batch) -> dict[str, object]:
    """What should stand there."""
    columns = {"waking day": batch.wakes_on, **_rows.looked_for(batch.picture)}
    found = {"snapshot": batch.picture, **{name: _written(value) for name, value in columns.items()}}
    parties = (tuple(row[name] for name in _PARTY) for row in _rows.party_rows(batch))
    terms = ((*(row[name] for name in _TERM[:4]), _written(row["due_on"])) for row in _rows.term_rows(batch))
    claims = (tuple(_rows.claim_row(batch.id, *taken)[name] for name in _CLAIM) for taken in batch.claims)
    return found | _sets(parties, terms, claims)


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, Day) else value


def _sets(parties: Rows, terms: Rows, claims: Rows) -> dict[str, object]:
    names, days = frozenset(parties), frozenset(terms)
    return {
        "facets": frozenset(name for name in names if name[0] != "leader"),
        "leaders": frozenset(name for name in names if name[0] == "leader"),
        "terms": frozenset(term for term in days if term[-1] is not None),
        "undated terms": frozenset(term for term in days if term[-1] is None),
        "firing keys": frozenset(claims),
    }


def _tuples(value: Any) -> Rows:
    return [tuple(row) for row in _values(value)]


def _values(value: Any) -> list[Any]:
    """A JSON array as a database gives it: SQLite as text, PostgreSQL's driver as a list, or as nothing."""
    return json.loads(value) if isinstance(value, str) else value or []


def _statement(t: Tables, dialect: Dialect) -> Select[Any]:
    s = t.suggestions
    parties = _together(t, t.parties, _PARTY, dialect).label("its_parties")
    terms = _together(t, t.terms, _TERM, dialect).label("its_terms")
    claims = _together(t, t.claims, _CLAIM, dialect).label("its_claims")
    # As they lie there: SQLite keeps what it is given, reads '2026-W07-2' as a day and sorts it elsewhere.
    _, each = _arrays(dialect)
    columns = each(s.c.wakes_on, *(s.c[name] for name in _rows.LOOKED_FOR)).label("its_columns")
    found = (s.c.version, s.c.head, s.c.picture, columns, parties, terms, claims)
    return select(*found).where(s.c.id == bindparam("its_id"))


def _arrays(dialect: Dialect) -> tuple[Any, Any]:
    """What makes one JSON array of many rows, and what of several values."""
    if dialect.name == "sqlite":
        return func.json_group_array, func.json_array
    return func.json_agg, func.json_build_array


def _together(t: Tables, table: Table, names: Iterable[str], dialect: Dialect) -> ScalarSelect[Any]:
    """A suggestion's rows of another table as one value: a statement of their own would be of another moment."""
    all_of, each = _arrays(dialect)
    rows = select(all_of(each(*(table.c[name] for name in names)))).where(table.c.suggestion_id == t.suggestions.c.id)
    return rows.correlate(t.suggestions).scalar_subquery()


def rewrite(connection: Connection, t: Tables, codec: Codec, batch: Batch) -> bool:
    """
    Put what *batch* derives of a whole history in the place of what stands beside it; whether that was another.

    Raises:
        LostRace: when the history goes on by now, or is not there.
        BrokenHistory: when more was recorded than it holds.
    """
    s, e = t.suggestions, t.entries.c
    # Whoever writes an act changes this row first: from here to the commit nobody adds an entry.
    row = connection.execute(select(s.c.version).where(s.c.id == batch.id).with_for_update()).one_or_none()
    last = select(e.number, e.hash).where(e.suggestion_id == batch.id).order_by(e.number.desc()).limit(1)
    newest = connection.execute(last).one_or_none()
    if newest is None or newest.number != batch.expected:
        raise _writing.LostRace
    if _goes_on(connection, t, batch, row):
        raise BrokenHistory(f"suggestion {batch.id}: the history ends at {batch.expected}, yet more was recorded")
    if row is None:
        put = insert(s).values(id=batch.id, state=batch.picture.state, version=0, head="", picture="")
        connection.execute(put)
    elif _is_so(connection, t, codec, batch, newest.hash):
        return False
    connection.execute(update(s).where(s.c.id == batch.id).values(version=batch.expected, head=newest.hash))
    _writing.write_derived(connection, t, codec, batch, newest.hash)
    return True


def _goes_on(connection: Connection, t: Tables, batch: Batch, row: Row[Any] | None) -> bool:
    """Whether a later entry was recorded, and is gone: a version is lowered only where nothing else tells of one."""
    # The outbox has no index by suggestions; it is asked where there is a doubt.
    tables = (t.feed, t.outbox) if row is not None and row.version > batch.expected else (t.feed,)
    later = (select(x).where((x.c.suggestion_id == batch.id) & (x.c.number > batch.expected)) for x in tables)
    return any(connection.execute(query.limit(1)).first() is not None for query in later)


def _is_so(connection: Connection, t: Tables, codec: Codec, batch: Batch, head: str) -> bool:
    try:
        return read(connection, t, codec, batch.id) == Stored(batch.expected, head, derived(batch))
    except Exception:  # a value that is none of its kind: SQLite keeps whatever is written into it
        return False
