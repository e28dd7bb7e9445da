"""What did the library send to the driver? Taken up statement by statement, to be sent again by other ways."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from types import SimpleNamespace
from typing import Any

import attrs
import sqlalchemy as sa
from attrs import frozen
from tests.driven import heard

from handleflow.stores import _single_statement

Script = list["Step"]


@frozen
class Step:
    """One statement as the driver got it, and in Core with its parameters where it can be; no text is a commit."""

    sql: str = ""
    params: Any = ()
    is_many: bool = False
    core: Any = None
    told: Any = None

    @property
    def reads(self) -> bool:
        """Whether it finds rows."""
        return self.sql.startswith("SELECT")


def native(value: Any, renamed: Callable[[str], str]) -> Any:
    """A captured value as a hand would write it, its text renamed to be another suggestion's."""
    if isinstance(value, Mapping):
        return {name: native(each, renamed) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(native(each, renamed) for each in value)
    if isinstance(value, str):
        return renamed(value)
    if isinstance(value, datetime.datetime):
        at = datetime.datetime.fromisoformat(value.isoformat())
        return at.astimezone(datetime.UTC).replace(tzinfo=None) if at.tzinfo else at
    if isinstance(value, datetime.date):
        return datetime.date(value.year, value.month, value.day)
    return bytes(getattr(value, "obj", value)) if type(value).__name__ in {"memoryview", "Binary"} else value


def for_another(script: Script, renamed: Callable[[str], str]) -> Script:
    """The same statements for another suggestion."""
    return [attrs.evolve(s, params=native(s.params, renamed), told=native(s.told, renamed)) for s in script]


def of_one(script: Script, id: str) -> Script:
    """Of statements for several suggestions those for one, each with its row alone."""
    return [one for step in script if (one := _of_one(step, id)) is not None]


def _of_one(step: Step, id: str) -> Step | None:
    if not step.params:
        return step
    if not step.is_many:
        return step if id in _values(step.params) else None
    place = next(n for n, row in enumerate(step.params) if id in _values(row))
    told = step.told[place] if step.told is not None else None
    return Step(step.sql, step.params[place], core=step.core, told=told)


def _values(params: Any) -> tuple[Any, ...]:
    return tuple(params.values()) if isinstance(params, Mapping) else tuple(params)


def commits_itself(script: Script) -> bool:
    """Whether the store sent it outside a transaction."""
    return all(step.sql for step in script)


@contextmanager
def captured(held: sa.Engine) -> Iterator[Script]:
    """Takes up every statement the driver is given meanwhile, and every commit."""
    script, tables = Script(), sa.MetaData()
    tables.reflect(held)  # with SQLAlchemy's own types, not with the store's

    def executed(_: Any, sql: str, params: Any) -> None:
        if not sql.startswith("PRAGMA"):
            script.append(Step(sql, params, isinstance(params, list), *in_core(tables.tables, sql, params)))

    def committing(connection: Any) -> None:
        if getattr(connection, "autocommit", False) is not True:
            script.append(Step())

    with heard(executed, committing, on=held):
        yield script


def in_core(tables: Mapping[str, sa.Table], sql: str, params: Any) -> tuple[Any, Any]:
    """The same statement built once by Core and its parameters; None for one that is not of a table."""
    if sql.startswith("WITH"):
        return at_once(tables, params), params
    found = re.search(r"(?:INTO|FROM|UPDATE) (\w+)", sql)
    if found is None:
        return None, None
    table, (changes, _, wheres) = tables[found[1]], sql.partition("WHERE")
    names = re.findall(r"(\w+)=", changes) or re.findall(r"\w+", changes.partition("(")[2].partition(")")[0])
    where = re.findall(r"\.(\w+) = ", wheres)
    is_maybe = "CASE WHEN" in sql  # the text of a suggestion that the store may hold already
    names = ["is_held"] if is_maybe else names
    binds = [*names, *(f"its_{name}" for name in where)]
    read: list[Any] = [table.c[name] for name in re.findall(r"\w\.(\w+)(?=,| \n)", changes)]
    if is_maybe:
        is_held = sa.bindparam("is_held", type_=sa.Boolean())
        read.append(sa.case((is_held, sa.null()), else_=table.c.snapshot))
    builds: dict[str, Callable[[], Any]]
    builds = {"SELECT": partial(sa.select, *read), "INSERT": table.insert, "UPDATE": table.update}
    core = builds.get(sql.split(maxsplit=1)[0], table.delete)()
    if not sql.startswith("SELECT"):
        core = core.values({name: sa.bindparam(name) for name in names}) if names else core
    core = core.where(*(table.c[name] == sa.bindparam(f"its_{name}") for name in where)) if where else core
    many = params if isinstance(params, list) else [params]
    told = [_named(each) if isinstance(each, Mapping) else dict(zip(binds, each, strict=True)) for each in many]
    return core, [as_typed(table, each) for each in told] if isinstance(params, list) else as_typed(table, told[0])


def _named(params: Mapping[str, Any]) -> dict[str, Any]:
    """What an UPDATE is given, under the names of the columns."""
    return {name.removeprefix("new_"): value for name, value in params.items()}


def at_once(tables: Mapping[str, sa.Table], params: Mapping[str, Any]) -> Any:
    """The statement that changes a suggestion and writes all that goes with it."""
    named = {name.removeprefix("handleflow_"): table for name, table in tables.items()}
    change = tuple(name.removeprefix("new_") for name in params if name.startswith("new_"))
    places = [re.fullmatch(r"([a-z_]+)_(\d+)_\w+", name) for name in params]
    rows = Counter(table for table, _ in {found.groups() for found in places if found})
    is_new = "its_version" not in params
    same: Any = SimpleNamespace(**named)
    return _single_statement.written(same, None if is_new else change, tuple(rows.items()))


def as_typed(table: sa.Table, told: Mapping[str, Any]) -> dict[str, Any]:
    """Values the driver was given, as Core's own types take them."""
    kinds = {name: table.c.get(name.removeprefix("its_")) for name in told}
    return {name: value if (c := kinds[name]) is None else _typed(c.type, value) for name, value in told.items()}


def _typed(kind: Any, value: Any) -> Any:
    reads: dict[type, Callable[[Any], Any]]
    reads = {sa.DateTime: datetime.datetime.fromisoformat, sa.Date: datetime.date.fromisoformat, sa.Boolean: bool}
    return next((read(value) for type, read in reads.items() if isinstance(kind, type) and _is_told(value)), value)


def _is_told(value: Any) -> bool:
    return isinstance(value, str | int)
