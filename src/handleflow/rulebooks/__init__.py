"""Rulebooks and calendars as data, and their strict loader."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from handleflow.core import check_parts
from handleflow.errors import BrokenRulebook
from handleflow.legal_time import WorkCalendar
from handleflow.model import Act
from handleflow.rulebooks._calendars import build_calendar
from handleflow.rulebooks._documents import canonical, is_path, names, read_calendar, read_document, require_shipped
from handleflow.rulebooks._findings import findings_of_rules, found_in
from handleflow.rulebooks._merging import merged, with_whole_lifecycle
from handleflow.rulebooks._plain_data import name_of, require_plain
from handleflow.rulebooks._rule_rows import RuleReader
from handleflow.rulebooks._structuring import keys_of
from handleflow.rulebooks._toml_writer import to_toml
from handleflow.rulebooks._vocabulary import Vocabulary
from handleflow.rules import Condition, FactOf, Guard, LeaderOf, Rulebook

__all__ = ["as_toml", "calendar_in", "from_document", "load", "load_calendar", "load_preset", "names"]


def load(
    where: str | Path,
    *,
    acts: Iterable[type[Act]] = (),
    guards: Mapping[str, type[Guard]] | None = None,
    conditions: Mapping[str, Condition] | None = None,
    facts: Mapping[str, FactOf] | None = None,
    leaders: Mapping[str, LeaderOf] | None = None,
    changes: Mapping[str, Any] | None = None,
) -> Rulebook:
    """
    A rulebook from a TOML file, or a shipped one by name; the rest is the host's own vocabulary.

    *changes* is merged over the document as a file that extends it would be.

    Raises:
        UnknownRulebook: when there is no such file or name.
        BrokenRulebook: with every finding at once.
    """
    document = read_document(where)
    if changes is not None:
        require_plain(name_of(document), changes)
    if changes:
        document = merged(document, changes)
    return _build(document, Vocabulary.with_own(acts, guards, conditions, facts, leaders))


def from_document(
    text: str,
    *,
    acts: Iterable[type[Act]] = (),
    guards: Mapping[str, type[Guard]] | None = None,
    conditions: Mapping[str, Condition] | None = None,
    facts: Mapping[str, FactOf] | None = None,
    leaders: Mapping[str, LeaderOf] | None = None,
) -> Rulebook:
    """
    A rulebook from the canonical text a store keeps.

    Raises:
        BrokenRulebook: when it names acts, guards or conditions that were not handed in.
    """
    try:
        document = json.loads(text)
    except (TypeError, ValueError, RecursionError) as error:  # no text, no JSON, or a number of thousands of digits
        raise BrokenRulebook("kept text", (f"it is not JSON: {error}",)) from None
    if not isinstance(document, dict):
        raise BrokenRulebook("kept text", ("it is JSON but no rulebook",))
    return _build(document, Vocabulary.with_own(acts, guards, conditions, facts, leaders))


def _build(document: Mapping[str, Any], vocabulary: Vocabulary) -> Rulebook:
    """
    A rulebook from its whole document; none is made where anything is wrong.

    Raises:
        BrokenRulebook: with every finding at once: unknown keys, names, states, missing citations.
    """
    name = name_of(document)
    require_plain(name, document)
    whole = with_whole_lifecycle(document)
    parts, faults = RuleReader(vocabulary).rulebook(whole)
    faulty = {fault.path[0] for fault in faults}
    incomplete = {field.name for field, key in keys_of(Rulebook).items() if key in faulty}
    findings = (
        *vocabulary.findings,
        *(found_in(whole, fault) for fault in faults),
        *(findings_of_rules(whole, finding) for finding in check_parts(parts, incomplete)),
    )
    if findings:
        raise BrokenRulebook(name, findings)
    return Rulebook(**parts, document=canonical(document))


def as_toml(where: str | Path) -> str:
    """
    What a rulebook holds, with all that it inherits, its lifecycle and its calendar, as the TOML of an equal one.

    Raises:
        UnknownRulebook: when there is no such file or name.
        BrokenRulebook: when it cannot be read.
    """
    return to_toml(read_document(where))


def load_calendar(where: str | Path) -> WorkCalendar:
    """
    A calendar from a TOML file, read anew each time, or a shipped one by name (``cn``), the same object each time.

    Raises:
        UnknownCalendar: when there is no such file or name.
        BrokenCalendar: with what contradicts what.
    """
    return build_calendar(read_calendar(where)) if is_path(where) else _calendar(str(where))


def calendar_in(document: str) -> WorkCalendar | None:
    """The calendar that a rulebook's text holds; None where it cannot be read."""
    try:
        return build_calendar(json.loads(document)["calendar"])
    except Exception:  # whatever somebody may have put in the place of a text
        return None


def load_preset(name: str) -> Rulebook:
    """
    A shipped rulebook by name, such as ``cn.national``; the same object each time. A file is read by ``load``.

    Raises:
        UnknownRulebook: when none of that name ships; a path is no name.
    """
    return _preset(str(name))


# What ``lru_cache`` makes of a function takes anything, as checkers and editors see it; so it stands behind one.


@lru_cache(maxsize=64)
def _calendar(name: str) -> WorkCalendar:
    return build_calendar(read_calendar(name))


@lru_cache(maxsize=64)
def _preset(name: str) -> Rulebook:
    require_shipped("rulebooks", name)
    return load(name)
