"""Restore: how is a backup taken into a store, line by line? What is taken in is looked at first."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from itertools import islice, takewhile
from typing import Any

import attrs

from handleflow.backup._parsed_lines import at_line, read
from handleflow.backup._proof import FeedInBackup
from handleflow.backup._record_lines import End, History, Line, OldEnd, OldHistory, Positions
from handleflow.backup._whole import require_same, require_whole
from handleflow.before_schema_3 import Digests, chained_anew, digests_of, fingerprint_now
from handleflow.before_schema_3 import require_whole as require_old_whole
from handleflow.codec import Entropy, Unrepeated
from handleflow.engine import Engine
from handleflow.errors import BrokenBackup, BrokenHistory, StaleSuggestion
from handleflow.hash_chain import StoredEntry
from handleflow.rulebooks import calendar_in
from handleflow.store import Anchor, IdempotencyKey, StoredCalendar, StoredRulebook
from handleflow.values import frozen
from handleflow.verification import named_in

_TRIES = 8


@frozen
class Restored:
    """How many suggestions were taken in, and how many were there already with the same history."""

    taken_in: int
    there_already: int


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
            first = self._seen.setdefault(line.id, number)
            if first != number:
                raise BrokenBackup(f"suggestion {line.id} stands on line {first} already")
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

    def ended(self) -> Restored:
        """
        What became of all suggestions.

        Raises:
            BrokenBackup: when the end is missing, or tells of others.
        """
        if self._end is None or self._end.suggestions != len(self._seen):
            told = "nothing" if self._end is None else self._end.suggestions
            raise BrokenBackup(f"it ends after {len(self._seen)} suggestions, and says {told} at its end")
        if self._end.digest.position:
            self._anchors.append(Anchor("backup", self._end.digest.position, self._end.digest.digest))
        known = {(kept.name, kept.version) for kept in self._engine.store.calendars()}
        for calendar in self._further:  # one that no entry names yet, such as next year's; never beside another text
            if (calendar.name, calendar.version) not in known:
                self._engine.store.add_calendar(calendar)
        for anchor in self._anchors:  # not before all else held: whoever signs the next digest answers for them
            self._engine.store.add_anchor(anchor)
        return Restored(self._taken_in, len(self._seen) - self._taken_in)

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
        tries = _TRIES
        while not (there := self._engine.store.entries(history.id)):
            tries -= 1
            try:
                self._engine.import_history(history.id, history.entries, history.keys)
                return True
            except StaleSuggestion:  # somebody else took it in just now
                if not tries:
                    raise
        require_same(history, there, is_chained_anew=is_chained_anew)
        return False


def restore(
    engine: Engine,
    lines: Iterable[str],
    on_each: Callable[[str], Any] = lambda _: None,
    *,
    entropy: Entropy = os.urandom,
) -> Restored:
    """
    Take the suggestions of a backup into *engine*'s store, each verified before it is written.

    Doing it again, after it was broken off, goes on where it ended; of several who do it at once each history is
    taken in by one. One that went on meanwhile in the store is there already. In a store without a feed of its own
    entries get the positions they had, up to the first one that is not in the backup, so that the digests of before
    are its own. What the old feed stood for is kept as an anchor. A backup of format 1 is chained anew, with salts
    from *entropy*.

    Raises:
        BrokenBackup: with the number of the line, when it cannot be read, its chain is broken or its history cannot
            be one, when the end is missing, or the store holds another history under the same id.
        UnknownRulebook: when a suggestion's rulebook is not held by *engine*.
        AlteredRulebook, AlteredCalendar: when the store keeps other content under the name and version of a text.
    """
    restoring = Restoring(engine, entropy)
    for number, line in read(lines):
        with at_line(number):
            restoring.take(number, line)
            if isinstance(line, History | OldHistory):
                on_each(line.id)
    return restoring.ended()
