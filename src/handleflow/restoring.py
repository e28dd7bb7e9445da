"""Can a history from elsewhere be one, and is it the one that is there? Asked before anything of it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice, pairwise, takewhile
from operator import attrgetter

import attrs

from handleflow.backup_lines import End, History, Line, OldEnd, OldHistory, Positions
from handleflow.backup_proof import FeedInBackup
from handleflow.codec import Entropy, Unrepeated
from handleflow.engine import Engine
from handleflow.errors import BrokenBackup, BrokenHistory, StaleSuggestion
from handleflow.hash_chain import StoredEntry, faults_in_history
from handleflow.rulebooks import calendar_in
from handleflow.rules import Rulebook
from handleflow.store import Anchor, IdempotencyKey, StoredCalendar, StoredRulebook
from handleflow.unsalted import Digests, chained_anew, digests_of, fingerprint_now
from handleflow.unsalted import require_whole as require_old_whole
from handleflow.verification import named_in

_TRIES = 8


class Restoring:
    """Takes the lines of a backup into an *engine*'s store, one after another."""

    def __init__(self, engine: Engine, entropy: Entropy) -> None:
        self._engine, self._entropy = engine, Unrepeated(entropy)
        self._digests: dict[tuple[str, str], Digests] = {}
        self._rulebooks: dict[tuple[str, str, str], StoredRulebook] = {}
        self._calendars: dict[tuple[str, str, str], StoredCalendar] = {}
        self._further: list[StoredCalendar] = []
        self._seen: dict[str, int] = {}
        self._taken_in = 0
        self._feed = FeedInBackup()
        self._is_in_order = True
        self._anchors: list[Anchor] = []
        self._end: End | OldEnd | None = None

    def take(self, number: int, line: Line) -> None:
        """
        Take in what stands on line *number*.

        Raises:
            BrokenBackup: when it cannot be taken in, with what is wrong.
        """
        if self._end is not None:
            raise BrokenBackup("it stands after the end")
        if isinstance(line, History | OldHistory):
            self._require_new(line.id, number)
            history = line if isinstance(line, History) else self._chained_anew(line)
            self._taken_in += self._import(history, is_chained_anew=history is not line)
        else:
            self._keep(line)
        fault = next(self._feed.faults_in(line), None)
        if fault is not None:
            raise BrokenBackup(str(fault))
        if isinstance(line, Positions):
            self._number(line)
        elif isinstance(line, End | OldEnd):
            self._end = line

    def _keep(self, line: Line) -> None:
        """Texts in the store, and what is needed later."""
        if isinstance(line, StoredRulebook):
            self._keep_rulebook(line)
        elif isinstance(line, StoredCalendar):
            name = f"{line.name} {line.version}"
            if named_in(line) not in {name, ""}:
                raise BrokenBackup(f"calendar {name}: its text is that of {named_in(line)}")
            self._calendars[line.name, line.version, line.digest] = line
            self._further.append(line)
        elif isinstance(line, Anchor):
            self._anchors.append(line)

    def _keep_rulebook(self, line: StoredRulebook) -> None:
        calendar = calendar_in(line.document)
        self._digests[line.name, line.version] = digests_of(line.digest, calendar)
        self._rulebooks[line.name, line.version, line.digest] = line
        if calendar is not None:  # a backup of format 1 has no lines for calendars
            stored = StoredCalendar(calendar.name, calendar.version, calendar.digest, calendar.document)
            self._calendars[calendar.name, calendar.version, calendar.digest] = stored

    def _keep_texts_of(self, history: History) -> None:
        """Those that entries name, also where no engine holds them any more: evidence shows them."""
        for e in history.entries:
            rulebook = self._rulebooks.pop((e.rulebook_name, e.rulebook_version, e.rulebook_digest), None)
            calendar = self._calendars.pop((e.calendar_name, e.calendar_version, e.calendar_digest), None)
            if rulebook is not None:
                self._engine.store.add_rulebook(rulebook)
            if calendar is not None:
                self._engine.store.add_calendar(calendar)

    def ended(self) -> tuple[int, int]:
        """
        How many suggestions were taken in, and how many were there already.

        Raises:
            BrokenBackup: when the end is missing, or tells of others.
        """
        if self._end is None or self._end.suggestions != len(self._seen):
            counted = "nothing" if self._end is None else self._end.suggestions
            raise BrokenBackup(f"it ends after {len(self._seen)} suggestions, and says {counted} at its end")
        if self._end.digest.position:
            self._anchors.append(Anchor("backup", self._end.digest.position, self._end.digest.digest))
        known = {(kept.name, kept.version) for kept in self._engine.store.calendars()}
        for calendar in self._further:  # one that no entry names yet, such as next year's; never beside another text
            if (calendar.name, calendar.version) not in known:
                self._engine.store.add_calendar(calendar)
        for anchor in self._anchors:  # not before all else held: whoever signs the next digest answers for them
            self._engine.store.add_anchor(anchor)
        return self._taken_in, len(self._seen) - self._taken_in

    def _number(self, line: Positions) -> None:
        """
        Let entries stand at the positions they had, so that the digests of before are those of this store too.

        It ends where the store has a feed of its own, or an entry is not in the backup: then the anchor alone tells
        of what came after.
        """
        entries = [(id, n) for id, n, _ in takewhile(lambda each: self._feed.holds(*each[:2]), line.each)]
        self._is_in_order = self._is_in_order and bool(entries) and self._is_numbered(line.first, entries)

    def _is_numbered(self, first: int, entries: list[tuple[str, int]]) -> bool:
        """Whether *entries* have the positions from *first* on, now or since an earlier time it was restored."""
        store = self._engine.store
        there = [(each.suggestion_id, each.number) for each in islice(store.numbered(first - 1), len(entries))]
        rest = entries[len(there) :]
        return entries[: len(there)] == there and (not rest or store.number_as(first + len(there), rest))

    def _require_new(self, id: str, line: int) -> None:
        first = self._seen.setdefault(id, line)
        if first != line:
            raise BrokenBackup(f"suggestion {id} stands on line {first} already")

    def _chained_anew(self, old: OldHistory) -> History:
        try:
            require_old_whole(old.id, old.entries)
            entries = tuple(chained_anew(old.id, old.entries, self._digests, self._entropy))
            keys = tuple(attrs.evolve(key, digest=self._digest_now(key, old, entries)) for key in old.keys)
        except BrokenHistory as broken:
            raise BrokenBackup(str(broken)) from None
        except RecursionError:
            raise BrokenBackup(f"suggestion {old.id}: what it says is nested too deep to be read") from None
        return History(old.id, entries, keys)

    def _digest_now(self, key: IdempotencyKey, old: OldHistory, entries: tuple[StoredEntry, ...]) -> str:
        its = slice(max(key.first - 1, 0), key.last)
        return fingerprint_now(self._engine.store.codec, key.digest, old.entries[its], entries[its])

    def _import(self, history: History, *, is_chained_anew: bool) -> bool:
        """Whether it was taken in now; False where it is there already, perhaps since another one is restoring."""
        require_whole(history, self._engine.rulebooks)
        self._keep_texts_of(history)
        for last in reversed(range(_TRIES)):
            there = self._engine.store.entries(history.id)
            if there:
                require_same(history, there, is_chained_anew=is_chained_anew)
                return False
            try:
                self._engine.import_history(history.id, history.entries, history.keys)
                return True
            except StaleSuggestion:  # somebody else took it in just now
                if last == 0:
                    raise
        raise AssertionError("unreachable")  # pragma: no cover


def require_whole(history: History, rulebooks: Iterable[Rulebook]) -> None:
    """
    Make sure that a history is whole, and could have been lived under rulebooks that are held.

    Raises:
        BrokenBackup: with the first thing that is wrong.
    """
    wrong = next(_wrong(history, {(rules.name, rules.version): rules for rules in rulebooks}), None)
    if wrong is not None:
        raise BrokenBackup(wrong)


def require_same(history: History, there: tuple[StoredEntry, ...], *, is_chained_anew: bool = False) -> None:
    """
    Make sure that a store holds a history, whether it went on there or not.

    One that *is_chained_anew* has new salts, and so other hashes each time: what it says must be the same.

    Raises:
        BrokenBackup: when it holds another one, or less of it.
    """
    tell = _said if is_chained_anew else attrgetter("hash")
    wanted, found = [tell(entry) for entry in history.entries], [tell(entry) for entry in there]
    if found[: len(wanted)] == wanted:
        return
    is_shorter = found == wanted[: len(found)]
    other = f"only its first {len(there)} entries" if is_shorter else "another history"
    raise BrokenBackup(f"suggestion {history.id} is there with {other}; nothing of it was written")


def _said(entry: StoredEntry) -> tuple[object, ...]:
    return (entry.header, entry.body)


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
