"""
Optimistic concurrency: who writes first, and who decides again? Optimistic concurrency: load, decide without a
lock, append, retry.

What was decided on a version is appended to that version alone. A lost race is decided again on the newest one; what
several decided together is written by one transaction, and each by itself where that fails.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from handleflow.engine.chainer import Chainer
from handleflow.engine.present import Present, PresentReader
from handleflow.engine.requests import attempted
from handleflow.errors import CommitInDoubt, OutOfOrder, StaleSuggestion
from handleflow.model import Entry, Suggestion
from handleflow.model.fields import is_text
from handleflow.store import Batch, Store
from handleflow.words import Message

Listener = Callable[[Suggestion, Entry], None]
"""Hears each entry after it is safe, with the suggestion as it is then; private fields only where it asked."""

Decide = Callable[[Suggestion, Present], list[Batch]]
"""What to write, given the newest suggestion and the instant it is: its own batch first; nothing to say, none."""

_log = logging.getLogger(__name__)


def without_private(listener: Listener) -> Listener:
    """*listener*, which then hears no private fields."""
    return lambda suggestion, entry: listener(suggestion, entry.without_private())


class OptimisticWriter:
    """
    Writes what is decided into *store*, chained by *chainer*, and lets *listeners* hear of it when it is safe.

    It is decided on what *reader* loads, by the present it is loaded with.
    """

    def __init__(self, store: Store, reader: PresentReader, chainer: Chainer, listeners: list[Listener]) -> None:
        self._store, self._reader, self._chainer = store, reader, chainer
        self.listeners = listeners

    def newest(self, id: str) -> tuple[Suggestion, Present]:
        """
        The newest suggestion of *id*, or a new one, with the present it was read at.

        An id that says nothing is refused before a store is asked.
        """
        found, present = self._reader.load(id) if is_text(id) else (None, self._reader.by_clock())
        return found or Suggestion(id), present

    def write(self, id: str, decide: Decide, tries: int, *, is_again: bool = False) -> list[Batch]:
        """
        Write what is decided on the newest suggestion; a lost race is decided again, *tries* times in all.

        It *is_again* decided where a race was lost before: what somebody wrote meanwhile, at an instant after the
        one that was asked for, was not there to be seen when it was.

        Raises:
            StaleSuggestion: when every race was lost, or it would now be told before what was written meanwhile.
            CommitInDoubt: when it is not known whether it was written.
        """
        while True:
            newest = self.newest(id)
            batches = self._chained(_decided_again(decide, *newest) if is_again else decide(*newest))
            tries -= 1
            try:
                self._append(batches)
                return batches
            except StaleSuggestion:
                if not tries:
                    raise
                is_again = True

    def write_together(self, ids: Sequence[str], decide: Decide) -> list[list[Batch] | Exception]:
        """For each of *ids* what was decided and written, or why not: by one transaction, else one by one."""
        if len(ids) == 1:
            return [attempted(self.write, ids[0], decide, 1)]
        read = attempted(self._reader.load_many, filter(is_text, ids))
        if isinstance(read, Exception):
            return [attempted(self.write, id, decide, 1) for id in ids]
        found, present = read
        outcomes = [
            attempted(lambda name: self._chained(decide(found.get(name) or Suggestion(name), present)), id)
            for id in ids
        ]
        try:
            self._append([batch for outcome in outcomes if isinstance(outcome, list) for batch in outcome])
        except StaleSuggestion:
            was_decided = [isinstance(outcome, list) for outcome in outcomes]
            each = zip(ids, was_decided, strict=True)
            return [attempted(self.write, id, decide, 1, is_again=is_again) for id, is_again in each]
        except Exception as error:
            return [self._write_unless_moved(*each, decide, error) for each in zip(ids, outcomes, strict=True)]
        return outcomes

    def _write_unless_moved(
        self, id: str, outcome: list[Batch] | Exception, decide: Decide, error: Exception
    ) -> list[Batch] | Exception:
        """What a group could not write, by itself; *error* where it may have been written though nobody heard so."""
        if isinstance(outcome, Exception):
            return outcome
        read = attempted(self.newest, id)
        if isinstance(read, Exception):
            return _in_doubt_or(read, error)
        # A connection that is lost while it commits says nothing of what became of the transaction. It may commit
        # even now: then the next append waits for it and comes too late, and what it meets is no news of the act.
        is_as_it_was = not outcome or read[0].version == outcome[0].expected
        again = attempted(self.write, id, decide, 1) if is_as_it_was else error
        return _in_doubt_or(again, error) if isinstance(again, Exception) else again

    def _chained(self, batches: list[Batch]) -> list[Batch]:
        return [self._chainer.chained(batch) for batch in batches]

    def _append(self, batches: list[Batch]) -> None:
        if batches:
            self._store.append(*batches)
            for batch in batches:
                self._announce(batch)

    def _announce(self, batch: Batch) -> None:
        if not self._store.commits:
            return  # the host's transaction decides whether it ever was
        for listener in self.listeners:
            for entry in batch.entries:
                try:
                    listener(batch.suggestion, entry)
                except Exception:
                    _log.exception("a listener failed on entry %s of %s", entry.number, batch.id)


def _decided_again(decide: Decide, newest: Suggestion, present: Present) -> list[Batch]:
    try:
        return decide(newest, present)
    except OutOfOrder as error:
        raise StaleSuggestion(Message("error-overtaken", {"id": newest.id})) from error


def _in_doubt_or(later: Exception, error: Exception) -> Exception:
    """*error* where it left in doubt what was written, which no *later* one settles."""
    return error if isinstance(error, CommitInDoubt) else later
