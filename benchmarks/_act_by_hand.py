"""
What would a good hand write for one act on SQLite that leaves the same bytes? The fair limit of an act.

It reads the snapshot, asks what the library asks, changes it as plain data, chains the entry and writes the same rows
on a held connection, in one transaction that finds out who wrote first. Left out: every other act, rulebook and
database, columns that might have changed, terms that end, and values that know what they are.
"""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Callable
from contextlib import ExitStack, closing
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from benchmarks._accepted import AT, CONTACT, MEASURE, RULES, WATER, named
from benchmarks._settings import Setting, driven

NAME, NOTE = "fair limit: by hand, the same bytes", "JSON, checks, chain and rows of these two acts alone"

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_UTC = AT.astimezone(datetime.UTC).replace(tzinfo=None)
_ON, _INSTANT, _COLUMN = AT.date().isoformat(), f"{_UTC:%Y-%m-%dT%H:%M:%S.%f}+00:00", f"{_UTC:%Y-%m-%d %H:%M:%S.%f}"
_READ = "SELECT snapshot, last_hash FROM handleflow_suggestions WHERE id = ?"
_CHANGE = (
    "UPDATE handleflow_suggestions SET version = ?, last_hash = ?, snapshot_version = ?, snapshot = ? "
    "WHERE id = ? AND version = ? AND last_hash = ?"
)
_ENTRY = (
    'INSERT INTO handleflow_entries (suggestion_id, number, kind, at, "on", by_role, by_id, by_name, state, '
    "rulebook_name, rulebook_version, rulebook_digest, calendar_name, calendar_version, calendar_digest, "
    "salt, body, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_TEXTS = (
    *(RULES.name, RULES.version, RULES.digest),
    *(RULES.calendar.name, RULES.calendar.version, RULES.calendar.digest),
)
_OUTBOX = "INSERT INTO handleflow_outbox (suggestion_id, number) VALUES (?, ?)"

Known = dict[str, Any]
"""A snapshot as plain data."""


def _contact_recorded(known: Known, number: int) -> Known:
    said = {"channel": CONTACT.channel, "on": _ON, "stage": CONTACT.stage, "text": CONTACT.text}
    known.setdefault("contacts", []).append({**said, "entry": number, "unit": WATER.name})
    return {**said, "on": None}


def _measure_reported(known: Known, number: int) -> Known:
    said = {"measure": MEASURE.measure, "text": MEASURE.text}
    known.setdefault("measures", []).append({**said, "entry": number, "unit": WATER.name})
    return {**said, "is_done": True, "on": None}


_DONE = ((CONTACT.kind, _contact_recorded), (MEASURE.kind, _measure_reported))
"""The acts in turn: a kind, and what changes the snapshot and gives the entry's body."""


def _require_granted(known: Known) -> None:
    """It is being handled by the unit, nothing was said of it later, and no day has passed unmet."""
    if known["state"] != "handling" or known["last_at"] > _INSTANT:
        raise ValueError(f"not from {known['state']!r}, last told of at {known['last_at']}")
    if all(each["unit"] != WATER.name or each.get("ended") for each in known["assignments"]):
        raise ValueError(f"{WATER.name} has no part in it")
    for term in known["terms"]:
        if term.get("end", "running") == "running" and term["due_on"] < _ON:
            raise ValueError(f"the term of {term['due_on']} was missed")


def opened(
    setting: Setting, url: sa.URL, left: ExitStack, entropy: Callable[[int], bytes] = os.urandom
) -> Callable[[int], None]:
    """What does an act of the n-th suggestion, with salts from *entropy*."""
    connection = left.enter_context(closing(driven(setting, url)))
    cursor = connection.cursor()
    execute = cursor.execute

    def act(n: int) -> None:
        id, (kind, change) = named(n), _DONE[n % len(_DONE)]
        execute(_READ, (id,))
        text, last_hash = cursor.fetchone()
        known = json.loads(text)
        _require_granted(known)
        version, state = known["version"], known["state"]
        number = version + 1
        body = _encode(change(known, number)).encode()
        salt, header = entropy(16), (number, kind, _INSTANT, _ON, WATER.role, WATER.id, WATER.name, state, *_TEXTS)
        hash = sha256(_encode([last_hash, salt.hex(), *header]).encode() + b"\n" + body).hexdigest()
        known["version"], known["last_at"], known["last_hash"] = number, _INSTANT, hash
        execute("BEGIN IMMEDIATE")
        execute(_CHANGE, (number, hash, number, _encode(known), id, version, last_hash))
        if cursor.rowcount != 1:
            raise ValueError(f"somebody wrote to {id} first")
        execute(_ENTRY, (id, number, kind, _COLUMN, *header[3:], salt, body, hash))
        execute(_OUTBOX, (id, number))
        connection.commit()

    return act
