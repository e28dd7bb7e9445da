"""
What is called otherwise since schema 3: kinds, fields of events, fields that a correction names, keys of rulebooks.

Stores of schema 1 and 2 and backups of format 1 hold the names on the left, and are read under those on the right.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from handleflow.canonical_json import canonical

_KINDS = {"term_passed": "term_outcome_unknown"}
_OF_A_STEP = {"claim": "firing_key"}
_FIELDS: Mapping[str, Mapping[str, str]] = {
    "received": {"place": "locality"},
    "taken_over": {"place": "locality"},
    "contact_recorded": {"means": "channel"},
    "supervised": {**_OF_A_STEP, "measure": "channel", "insisting": "override_reason"},
    "rung_lapsed": _OF_A_STEP,
    "rung_suppressed": _OF_A_STEP,
    "reply_classified": {"classified": "snapshot"},
}
_CORRECTED = {
    "place": "locality",
    "suggestion.place": "suggestion.locality",
    "means": "channel",
    "contact.means": "contact.channel",
}
_TERM_KEY = {"rule", "unit", "round", "generation"}
_RULEBOOK = {"arrow": "transition", "measures": "channels", "is_collapsing": "coalesce", "quiet": "cooldown"}
_ROWS: Mapping[str, Mapping[str, str]] = {
    "rung": {"measure": "channel", "only": "applies_to"},
    "term": {"only": "applies_to"},
    "leader": {"only": "applies_to"},
}


def kind_now(kind: str) -> str:
    """What a kind is called now."""
    return _KINDS.get(kind, kind)


def body_now(kind: str, body: bytes) -> bytes:
    """The body of an entry under the keys of now; the same bytes where nothing in it was called otherwise."""
    plain = json.loads(body)
    renamed = _under(_FIELDS.get(kind, {}), _terms_renamed(plain))
    if kind == "corrected" and renamed.get("field") in _CORRECTED:
        renamed["field"] = _CORRECTED[renamed["field"]]
    return body if renamed == plain else canonical(renamed)


def rulebook_now(document: str) -> str:
    """The text of a rulebook under the keys of now; the same text where nobody can read it."""
    try:
        plain = json.loads(document)
    except (ValueError, RecursionError):
        return document
    if not isinstance(plain, dict):
        return document
    found = _under(_RULEBOOK, plain)
    if isinstance(found.get("lifecycle"), dict):
        found["lifecycle"] = _under({"arrow": "transition"}, found["lifecycle"])
    for table, names in _ROWS.items():
        if isinstance(rows := found.get(table), list):
            found[table] = [_under(names, row) for row in rows]
    return document if found == plain else canonical(found).decode()


def _under(names: Mapping[str, str], plain: Any) -> Any:
    return {names.get(key, key): value for key, value in plain.items()} if isinstance(plain, dict) else plain


def _terms_renamed(value: Any) -> Any:
    if isinstance(value, list):
        return [_terms_renamed(each) for each in value]
    if not isinstance(value, dict):
        return value
    names = {"generation": "ref"} if value.keys() == _TERM_KEY else {}
    return {names.get(key, key): _terms_renamed(each) for key, each in value.items()}
