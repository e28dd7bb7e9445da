"""
Import validation: can a history from elsewhere be one, and is it the one that is there? Asked before anything of it
is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from operator import attrgetter

from handleflow.backup._record_lines import History
from handleflow.errors import BrokenBackup
from handleflow.hash_chain import StoredEntry, faults_in_history
from handleflow.rules import Rulebook


def require_whole(history: History, rulebooks: Iterable[Rulebook]) -> None:
    """
    Make sure that a history is whole, and could have been lived under rulebooks that are held.

    Raises:
        BrokenBackup: with the first thing that is wrong.
    """
    wrong = next(_wrong(history, {(rules.name, rules.version): rules for rules in rulebooks}), None)
    if wrong is not None:
        raise BrokenBackup(wrong)


def require_same(history: History, there: tuple[StoredEntry, ...], *, is_chained_anew: bool) -> None:
    """
    Make sure that a store holds a history, whether it went on there or not.

    One that *is_chained_anew* has new salts, and so other hashes each time: what it says must be the same.

    Raises:
        BrokenBackup: when it holds another one, or less of it.
    """
    tell = attrgetter("header", "body") if is_chained_anew else attrgetter("hash")
    wanted, found = [tell(entry) for entry in history.entries], [tell(entry) for entry in there]
    if found[: len(wanted)] == wanted:
        return
    is_shorter = found == wanted[: len(found)]
    other = f"only its first {len(there)} entries" if is_shorter else "another history"
    raise BrokenBackup(f"suggestion {history.id} is there with {other}; nothing of it was written")


def _wrong(history: History, held: dict[tuple[str, str], Rulebook]) -> Iterator[str]:
    if not history.entries:
        yield f"suggestion {history.id}: it has no entry"
    yield from (str(fault) for fault in faults_in_history(history.id, history.entries))
    for before, after in pairwise(history.entries):
        if after.at < before.at:
            yield f"suggestion {history.id}, entry {after.number}: it was told before the one before it"
    yield from _unknown_states(history, held)
    yield from _other_texts(history, held)
    yield from _wrong_keys(history)


def _unknown_states(history: History, held: dict[tuple[str, str], Rulebook]) -> Iterator[str]:
    """States of entries that no rulebook knows; of a rulebook that is not held nobody can say which it knew."""
    known = {state for rules in held.values() for state in rules.lifecycle.states}
    for entry in history.entries:
        if entry.state not in known and (entry.rulebook_name, entry.rulebook_version) in held:
            rulebook = f"{entry.rulebook_name} {entry.rulebook_version}"
            yield f"suggestion {history.id}, entry {entry.number}: rulebook {rulebook} has no state {entry.state!r}"


def _other_texts(history: History, held: dict[tuple[str, str], Rulebook]) -> Iterator[str]:
    """Rulebooks and calendars with other texts than those that are held under their names and versions."""
    calendars: dict[tuple[str, str], set[str]] = {}
    for rules in held.values():
        calendars.setdefault((rules.calendar.name, rules.calendar.version), {""}).add(rules.calendar.digest)
    for entry in history.entries:
        rulebook = held.get((entry.rulebook_name, entry.rulebook_version))
        where = f"suggestion {history.id}, entry {entry.number}"
        if rulebook is not None and entry.rulebook_digest not in {rulebook.digest, ""}:
            yield f"{where}: it was recorded under another text of rulebook {rulebook.ref} than is held here"
        named = (entry.calendar_name, entry.calendar_version)
        if entry.calendar_digest not in calendars.get(named, {entry.calendar_digest}):
            yield f"{where}: it was recorded under another text of calendar {' '.join(named)} than is held here"


def _wrong_keys(history: History) -> Iterator[str]:
    seen = set[str]()
    for kept in history.keys:
        if not 1 <= kept.first <= kept.last <= len(history.entries):
            yield f"suggestion {history.id}: key {kept.key!r} stands for entries that are not there"
        if kept.key in seen:
            yield f"suggestion {history.id}: key {kept.key!r} stands there twice"
        seen.add(kept.key)
