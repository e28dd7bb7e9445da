"""What can go wrong: the tree of exceptions, but for the refusal, which is an answer."""

from __future__ import annotations

from handleflow.words import CATALOGUE, Message, MessageCatalogue


class HandleflowError(Exception):
    """
    The root of everything this library raises.

    One that people meet is given a ``Message``, and is said in their language; the others are English.
    """

    def __reduce__(self) -> tuple[object, ...]:
        # Made of what stands in it, whatever its class asks for: an error that a pickle cannot make breaks the pool.
        return _made_of, (type(self), *self.args), vars(self)

    def text(self, lang: str = "en", words: MessageCatalogue = CATALOGUE) -> str:
        """What it says, in *lang* where the catalogue has it."""
        said = self.args[0] if self.args else None
        return said.text(lang, words) if isinstance(said, Message) else str(self)


def _made_of(kind: type[HandleflowError], *args: object) -> HandleflowError:
    return kind.__new__(kind, *args)


def in_words(error: BaseException) -> str:
    """
    What *error* says; of one that is not this library's its class too, since a ``KeyError`` says its key alone.

    Of one that cannot say anything, its class: a host's own may raise when it is asked.
    """
    name = type(error).__name__
    try:
        words = str(error)
    except Exception:
        return name
    return words if isinstance(error, HandleflowError) else f"{name}: {words}"


class NonsenseError(HandleflowError, ValueError):
    """A value that can mean nothing, wherever it came from."""


class ImpossibleDay(NonsenseError):
    """Not a day of the calendar, such as 2008-09-31."""


class NaiveInstant(NonsenseError):
    """An instant without a time zone, which could be any of 38 instants."""


class ImpossibleSpan(NonsenseError):
    """A span that is not a whole number of days, workdays or months."""


class EmptyWords(NonsenseError):
    """A reason, a title or a name that says nothing."""


class UnusableName(NonsenseError):
    """A name with a control character in it: two that look alike would be two."""


class TooLong(NonsenseError):
    """An id, a name or a code of more characters than every store keeps and looks for."""


class WrongType(NonsenseError):
    """A value of another type than its field's: what would be recorded as something else is never taken back."""


class UnknownChoice(NonsenseError):
    """A code that is none of those known; the nearest is named."""


class CalendarError(HandleflowError):
    """A calendar cannot answer."""


class BrokenCalendar(CalendarError):
    """A calendar that contradicts itself; every finding is named."""


class OutsideCalendar(CalendarError):
    """A day the calendar does not reach."""


class UnknownCalendar(CalendarError):
    """No calendar of that name ships, and no such file is there."""


class RulebookError(HandleflowError):
    """A rulebook cannot be used."""


class BrokenRulebook(RulebookError):
    """A rulebook with findings; all of them are reported at once."""

    def __init__(self, name: str, findings: tuple[str, ...]) -> None:
        self.name = name
        self.findings = findings
        lines = "".join(f"\n  - {finding}" for finding in findings)
        super().__init__(f"rulebook {name!r} cannot be used, {len(findings)} finding(s):{lines}")


class UnknownRulebook(RulebookError):
    """No rulebook of that name or version is held here."""


class AlteredRulebook(RulebookError):
    """A rulebook under a name and version that already stand for other content."""


class AlteredCalendar(RulebookError):
    """A rulebook new to a store counts by a calendar whose name and version stand for other content there."""


class HistoryError(HandleflowError):
    """A history would stop being one."""


class OutOfOrder(HistoryError):
    """Told at an instant earlier than what is already recorded."""


class FromTheFuture(HistoryError):
    """Told at an instant that has not come: every later act would be dated there, for good."""


class UnconfirmedDay(HistoryError):
    """A sweep so long after the last one, by no other clock than the host's, that a person must say the day it is."""


class BrokenHistory(HistoryError):
    """Nothing can be folded from a history: it was changed or cut off, or tells of what this store does not know."""


class StoreError(HandleflowError):
    """A store cannot do what was asked; nothing was half-written."""


class UnknownSuggestion(StoreError):
    """The store holds no such suggestion."""


class StaleSuggestion(StoreError):
    """Somebody wrote first; load again and decide again."""


class KeyReused(StoreError):
    """An idempotency key that already stands for another act or another actor."""


class UnknownKind(StoreError):
    """An event class the codec was not told of cannot be written."""


class NotAStore(StoreError):
    """A path or URL that is no store of this library, or one of another version."""


class CommitInDoubt(StoreError):
    """
    The connection was lost after a commit was asked for and before it was answered.

    It is not known whether anything was written; nothing was half-written. A request with an idempotency key is asked
    again under the same key: what was recorded is found by it, and what was not is recorded then. Without a key, look
    at the history before you ask again.
    """


class WrongSuggestion(StoreError):
    """
    The database was asked for one suggestion and answered with another; nothing was done with it.

    So it is where two processes use one connection, as after a fork, and where somebody changed a row behind a
    store's back.
    """


class NoTransaction(StoreError):
    """A host's connection that is in no transaction, or in autocommit mode: each write would stand at once."""


class BrokenBackup(StoreError):
    """A backup that cannot be read, whose chain is broken, or that tells another history than the store."""


class ProofError(HandleflowError):
    """Something that should stand for a record does not."""


class BrokenDigest(ProofError):
    """A published digest that cannot be read, or is asked of a position that is not there."""


class BrokenEvidence(ProofError):
    """Evidence of a suggestion that cannot be given or read."""


class UnusableKey(ProofError):
    """A file that holds no key to sign or to check signatures with."""


class LedgerError(HandleflowError):
    """A ledger cannot be taken in."""


class UnreadableLedger(LedgerError):
    """A ledger that cannot be read; names the line and the column where it can."""
