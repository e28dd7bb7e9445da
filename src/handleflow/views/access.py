"""
Access control of reading: what may a reader see of a suggestion? One function says so, and every door asks it.

What is confidential (涉密) is withheld with a mark and never dropped, so that counts stay whole. What of a
suggestion is published, its ``visibility``, is another thing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Literal, TypeVar, get_args

import attrs

from handleflow.model import OFFICES, Actor, Entry, FiringKey, RulebookRef, Suggestion, Term, TermKey, UnknownEvent
from handleflow.model.changing import changed
from handleflow.model.nouns import OutcomeSnapshot
from handleflow.rules import Rulebook
from handleflow.words import say

Level = Literal["everything", "without_private", "withheld"]
"""How much: private fields too; all but those; or that it is there and how it stands, without a word of it."""

LEVELS: tuple[Level, ...] = get_args(Level)
EVERYTHING: Final = "everything"
WITHOUT_PRIVATE: Final = "without_private"
WITHHELD: Final = "withheld"

MaySee = Callable[[Actor | None, Suggestion, Rulebook | None], Level]
"""What a reader may see; the reader is None where nobody knows who reads, the rulebook where it is not held."""

Sees = Callable[[Suggestion], Level]
"""The same of one reader."""

MARK = "■■■"
"""What stands in the place of words that are withheld."""

T = TypeVar("T")


def may_see(reader: Actor | None, suggestion: Suggestion, rules: Rulebook | None = None) -> Level:
    """
    What *reader* may see of *suggestion*, unless a host has a function of its own.

    An office sees everything. What is confidential those see beside it who have a part in it: its units, its deputies
    and the leaders in charge. Of what is not, everybody sees all but private fields.
    """
    if reader is not None and reader.role in OFFICES:
        return EVERYTHING
    if not suggestion.is_confidential or (reader is not None and _has_a_part(reader, suggestion, rules)):
        return WITHOUT_PRIVATE
    return WITHHELD


def nobody_sees(suggestion: Suggestion) -> Level:
    """What somebody may see of whom nothing is known: what a door shows where no reader is named."""
    return may_see(None, suggestion)


def _has_a_part(reader: Actor, suggestion: Suggestion, rules: Rulebook | None) -> bool:
    if reader.role == "leader":
        return reader.id in leaders_of(suggestion, rules)
    return reader.id in {"unit": suggestion.units, "deputy": suggestion.deputies}.get(reader.role, ())


def leaders_of(suggestion: Suggestion, rules: Rulebook | None) -> tuple[str, ...]:
    """The leaders in charge of its units; those that its assignments name where no rulebook can say who they are."""
    try:
        named = [rules.leader_of(suggestion, a.unit, a) for a in suggestion.active()] if rules is not None else None
    except Exception:  # whatever a host's own register raises: nobody sees more because of it
        named = None
    found = [a.leader for a in suggestion.active()] if named is None else named
    return tuple(leader for leader in found if leader)


def suggestion_as_seen(suggestion: Suggestion, level: Level) -> Suggestion:
    """*suggestion* at a level: withheld it stands as it stood, and ``MARK`` in the place of every word of it."""
    return redacted(suggestion) if level == WITHHELD else suggestion


def entry_as_seen(entry: Entry, level: Level, salt: bytes) -> Entry:
    """
    *entry* at a level: withheld it tells by whom, when and of which kind it is, and nothing of what was said.

    Its hash is told where it has a *salt*: nobody can try out then what it may say.
    """
    if level == WITHHELD:
        return changed(entry, event=UnknownEvent(entry.kind, b"{}"), hash=entry.hash if salt else "")
    return entry if level == EVERYTHING else entry.without_private()


_WHOLE = (FiringKey, OutcomeSnapshot, RulebookRef, Term, TermKey)
"""Values that hold codes, days, units and a rulebook's own words alone."""

_KEPT = frozenset(
    {
        *("id", "state", "matter", "number", "locality", "session", "visibility", "merged_with"),
        *("unit", "units", "role", "leader", "issuer", "to", "ended", "decision", "verdict", "stage"),
        *("outcome", "attitude", "result", "grade", "rung", "colour", "last_hash"),
        "Supervision.channel",  # a rulebook's code; elsewhere it is anybody's words
    }
)
"""The fields that say how it stands and who handles it. A field that is not named here is withheld."""


def redacted(value: T) -> T:
    """A suggestion, or a part of one, with ``MARK`` in the place of its words and of who made it."""
    marked: T = _redacted(value)
    return marked


def _redacted(value: Any) -> Any:
    if isinstance(value, str):
        return MARK
    if isinstance(value, tuple):
        return tuple(map(_redacted, value))
    if isinstance(value, Actor):
        return Actor("deputy", MARK) if value.role == "deputy" else value
    if isinstance(value, _WHOLE) or not attrs.has(type(value)):
        return value
    kind = type(value)
    hidden = [a.name for a in attrs.fields(kind) if _KEPT.isdisjoint({a.name, f"{kind.__name__}.{a.name}"})]
    return changed(value, **{name: _redacted(getattr(value, name)) for name in hidden})


def shown(words: str, lang: str = "en") -> str:
    """*words* as people read them: where they are withheld, that they are."""
    return say("board-withheld", lang) if words == MARK else words
