"""Can a history from elsewhere be one, and is it the one that is there? Asked before anything of it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from handleflow.backup_lines import History
from handleflow.errors import BrokenBackup
from handleflow.rules import Rulebook
from handleflow.sealing import Sealed, flaws_in_history


def require_new(id: str, line: int, seen: dict[str, int]) -> None:
    """
    Make sure that no line before told the history of *id*, and remember this one.

    Raises:
        BrokenBackup: when one did.
    """
    first = seen.setdefault(id, line)
    if first != line:
        raise BrokenBackup(f"suggestion {id} stands on line {first} already")


def require_whole(history: History, rulebooks: Iterable[Rulebook]) -> None:
    """
    Make sure that a history is whole, and could have been lived under rulebooks that are held.

    Raises:
        BrokenBackup: with the first thing that is wrong.
    """
    wrong = next(_wrong(history, {(rules.name, rules.version): rules for rules in rulebooks}), None)
    if wrong is not None:
        raise BrokenBackup(wrong)


def require_same(history: History, there: tuple[Sealed, ...]) -> None:
    """
    Make sure that a store holds a history, whether it went on there or not.

    Raises:
        BrokenBackup: when it holds another one, or less of it.
    """
    hashes = [entry.hash for entry in history.sealed]
    if [entry.hash for entry in there[: len(hashes)]] == hashes:
        return
    is_shorter = [entry.hash for entry in there] == hashes[: len(there)]
    other = f"only its first {len(there)} entries" if is_shorter else "another history"
    raise BrokenBackup(f"suggestion {history.id} is there with {other}; nothing of it was written")


def _wrong(history: History, held: dict[tuple[str, str], Rulebook]) -> Iterator[str]:
    if not history.sealed:
        yield f"suggestion {history.id}: it has no entry"
    yield from (str(flaw) for flaw in flaws_in_history(history.id, history.sealed))
    for before, after in pairwise(history.sealed):
        if after.at < before.at:
            yield f"suggestion {history.id}, entry {after.number}: it was told before the one before it"
    yield from _unknown_states(history, held)
    yield from _wrong_keys(history)


def _unknown_states(history: History, held: dict[tuple[str, str], Rulebook]) -> Iterator[str]:
    """States of entries that no rulebook knows; of a rulebook that is not held nobody can say which it knew."""
    known = {state for rules in held.values() for state in rules.lifecycle.states}
    for entry in history.sealed:
        if entry.state not in known and (entry.rulebook_name, entry.rulebook_version) in held:
            rulebook = f"{entry.rulebook_name} {entry.rulebook_version}"
            yield f"suggestion {history.id}, entry {entry.number}: rulebook {rulebook} has no state {entry.state!r}"


def _wrong_keys(history: History) -> Iterator[str]:
    seen = set[str]()
    for kept in history.keys:
        if not 1 <= kept.first <= kept.last <= len(history.sealed):
            yield f"suggestion {history.id}: key {kept.key!r} stands for entries that are not there"
        if kept.key in seen:
            yield f"suggestion {history.id}: key {kept.key!r} stands there twice"
        seen.add(kept.key)
