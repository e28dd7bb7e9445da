"""
Is what lies on disk what schema 3 says? Every kind with its fields, every table with its columns.

Schema 3 is open until legal time is settled (docs/adr/0023): until then whoever changes something here extends the
one upgrade from schema 2, and this list. From then on nothing of it changes any more.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import attrs
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from handleflow.acts import EVENTS
from handleflow.backup._record_lines import FORMAT as BACKUP_FORMAT
from handleflow.evidence import FORMAT as EVIDENCE_FORMAT
from handleflow.evidence.digests import FORMAT as DIGEST_FORMAT
from handleflow.hash_chain import HEADER, SALT_BYTES, StoredEntry
from handleflow.model import Suggestion
from handleflow.model.fields import LONGEST_CODE, LONGEST_NAME, LONGEST_VERSION
from handleflow.stores._schema import SCHEMA_VERSION, tables
from tests.paths import DATA

FROZEN = DATA / "schema_3.json"


def fields_of(kind: type[Any], seen: dict[str, list[str]]) -> None:
    """The fields of a class that is written as JSON, and those of the classes they hold."""
    if kind.__name__ in seen or not attrs.has(kind):
        return
    seen[kind.__name__] = []
    for name, hint in get_type_hints(kind).items():
        if name in {field.name for field in attrs.fields(kind)}:
            seen[kind.__name__].append(name)
            for part in parts_of(hint):
                fields_of(part, seen)


def parts_of(hint: Any) -> list[type[Any]]:
    """The classes that a type speaks of."""
    within = [part for argument in get_args(hint) for part in parts_of(argument)]
    return [*within, *([hint] if isinstance(hint, type) else [])]


def made() -> Iterator[Any]:
    """What makes the tables and their indexes."""
    for table in tables().metadata.sorted_tables:
        yield CreateTable(table)
        yield from map(CreateIndex, sorted(table.indexes, key=lambda index: str(index.name)))


def on_disk() -> dict[str, Any]:
    """All that is permanent once it is frozen."""
    nouns: dict[str, list[str]] = {}
    fields_of(Suggestion, nouns)
    kinds = {event.kind: [field.name for field in attrs.fields(event)] for event in EVENTS}
    for event in EVENTS:
        for field in attrs.fields(event):
            for part in parts_of(get_type_hints(event)[field.name]):
                fields_of(part, nouns)
    made_by: dict[str, Any] = {"sqlite": sqlite.dialect, "postgresql": postgresql.dialect}
    ddl = {
        name: [" ".join(str(statement.compile(dialect=dialect())).split()) for statement in made()]
        for name, dialect in made_by.items()
    }
    files = {"backup": BACKUP_FORMAT, "digest": DIGEST_FORMAT, "evidence": EVIDENCE_FORMAT}
    limits = {"name": LONGEST_NAME, "code": LONGEST_CODE, "version": LONGEST_VERSION, "salt": SALT_BYTES}
    under_the_hash = ["previous", "salt", *HEADER, "body"]
    return {
        "formats": {"schema": SCHEMA_VERSION, **files},
        "limits": limits,
        "kinds": kinds,
        "nouns": dict(sorted(nouns.items())),
        "under the hash": under_the_hash,
        "tables": ddl,
    }


def test_what_lies_on_disk_is_what_schema_3_says() -> None:
    assert on_disk() == json.loads(FROZEN.read_text(encoding="utf-8"))


def test_all_of_an_entry_but_its_private_fields_stands_under_its_hash() -> None:
    fields = [field.name for field in attrs.fields(StoredEntry)]

    assert fields == [*HEADER, "salt", "body", "hash", "private"]
