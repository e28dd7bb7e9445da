"""
What can go wrong, and what an answer of "no" is made of.

    HandleflowError
    ├── Refused                  an act was asked for and may not be; nothing was recorded
    ├── NonsenseError            a value that can mean nothing (also a ValueError)
    │   ├── ImpossibleDay        2008-09-31
    │   ├── NaiveInstant         an instant without a zone
    │   ├── ImpossibleSpan       "three moons"
    │   ├── EmptyWords           a reason, a title or a name that says nothing
    │   ├── UnusableName         a name that holds what nobody can see
    │   ├── TooLong              an id or a name of more characters than a store can look for
    │   ├── WrongType            a value of another type than its field's: text for a yes or no
    │   └── UnknownChoice        a code that is none of those known
    ├── CalendarError
    │   ├── BrokenCalendar       a calendar that contradicts itself
    │   ├── OutsideCalendar      a day the calendar does not reach
    │   └── UnknownCalendar      no calendar of that name ships, and no such file is there
    ├── RulebookError
    │   ├── BrokenRulebook       every finding at once
    │   ├── UnknownRulebook      no such name or version is held here
    │   ├── AlteredRulebook      the same name and version with other content
    │   └── AlteredCalendar      the same of a calendar
    ├── HistoryError
    │   ├── OutOfOrder           told earlier than what is already recorded
    │   └── BrokenHistory        a history nothing can be folded from, with what is wrong
    ├── StoreError
    │   ├── UnknownSuggestion    the store holds no such suggestion
    │   ├── StaleSuggestion      somebody wrote first
    │   ├── KeyReused            an idempotency key that stands for another act
    │   ├── UnknownKind          an event class the codec was not told of
    │   ├── NotAStore            a place that is no store of ours, or of another version
    │   ├── CommitInDoubt        the answer to a commit was lost: it may be written, or not
    │   ├── WrongSuggestion      a database that answers with another suggestion than it was asked for
    │   ├── NoTransaction        a host's connection on which nothing would wait for the host's commit
    │   └── BrokenBackup         a backup that cannot be taken in, with what is wrong
    ├── ProofError
    │   ├── BrokenDigest         a published digest that is none, or asks for what is not there
    │   ├── BrokenEvidence       evidence that cannot be given or read, with what is wrong
    │   └── UnusableKey          a file without a key that can sign or check, or the extra that is missing
    └── LedgerError
        └── UnreadableLedger     a ledger that cannot be read, with its line
"""

from __future__ import annotations

from typing import Any

from attrs import Attribute, field

from handleflow.values import frozen
from handleflow.words import CATALOGUE, Facts, Message, MessageCatalogue, as_facts, plain_facts

REASON_KINDS = ("who", "state", "value", "race", "warning")
"""
What stands in the way of an act: who asks, how far the life is, what was said, or that somebody was first; or, of a
warning, nothing.
"""


def _is_a_kind(instance: object, attribute: Attribute[Any], value: str) -> None:
    if value not in REASON_KINDS:
        raise UnknownChoice(f"a reason is of one of the kinds {', '.join(REASON_KINDS)}, not of {value!r}")


@frozen
class Reason:
    """
    One reason why an act may not be.

    *rule* is a permanent id; *facts* are what was compared, as (name, value). Its words are made of both when
    somebody reads them, in each language of the catalogue. *citation* names the source and article, or is empty.

    A reason of a host's own brings its words, *en* and *zh*, and those of what would make it pass, *remedy_en* and
    *remedy_zh*; or they stand under its rule in a text that ``CATALOGUE.adding`` was given.

    *kind* says what stands in the way: ``who`` asks, another could; the ``state``, which does not allow it now; a
    ``value``, other words or days could pass; a ``race``, since what is asked for has been done already, by somebody
    who was first: load the suggestion anew and look. A ``warning`` is told, and the act is granted.

    Raises:
        UnknownChoice: when *kind* is none of ``REASON_KINDS``.
    """

    rule: str
    facts: Facts = field(default=(), converter=as_facts)
    kind: str = field(default="state", validator=_is_a_kind)
    citation: str = ""
    _en: str = field(default="", kw_only=True, repr=False, alias="en")  # type checkers strip no underscore
    _zh: str = field(default="", kw_only=True, repr=False, alias="zh")
    _remedy_en: str = field(default="", kw_only=True, repr=False, alias="remedy_en")
    _remedy_zh: str = field(default="", kw_only=True, repr=False, alias="remedy_zh")

    @property
    def refuses(self) -> bool:
        """Whether it stands in the way; a warning does not."""
        return self.kind != "warning"

    def words(self, lang: str = "en", words: MessageCatalogue = CATALOGUE) -> str:
        """Why not, in *lang*, fit for the person refused."""
        return _own(lang, self._en, self._zh) or words.words(self.rule, self.facts, lang)

    def remedy(self, lang: str = "en", words: MessageCatalogue = CATALOGUE) -> str:
        """What would make it pass, in *lang*; empty where nothing simple would."""
        own = _own(lang, self._remedy_en, self._remedy_zh)
        return own or words.find(f"{self.rule}.remedy", self.facts, lang) or ""

    def text(self, lang: str = "en", words: MessageCatalogue = CATALOGUE) -> str:
        """The reason as one line in *lang*, with its remedy and citation."""
        text = self.words(lang, words)
        if remedy := self.remedy(lang, words):
            text = words.words("reason-remedy", (("words", text), ("remedy", remedy)), lang)
        return (
            words.words("reason-cited", (("words", text), ("citation", self.citation)), lang)
            if self.citation
            else text
        )

    def as_dict(self) -> dict[str, object]:
        """All of it as JSON holds it: the words in both languages, and the facts."""
        return {
            "rule": self.rule,
            "kind": self.kind,
            "facts": plain_facts(self.facts),
            "citation": self.citation,
            **{lang: self.words(lang) for lang in ("en", "zh")},
            **{f"remedy_{lang}": self.remedy(lang) for lang in ("en", "zh")},
        }


def _own(lang: str, en: str, zh: str) -> str:
    return (zh or en) if lang.startswith("zh") else (en or zh)


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


class Refused(HandleflowError):
    """
    An act was asked for and may not be. An answer, not a failure: nothing was recorded.

    Carries every reason at once. The same object serves the API, a disabled button, an audit
    line and a test.
    """

    def __init__(self, suggestion_id: str, verb: str, reasons: tuple[Reason, ...]) -> None:
        super().__init__(suggestion_id, verb, reasons)
        self.suggestion_id = suggestion_id
        self.verb = verb
        self.reasons = reasons

    def __str__(self) -> str:
        return self.text()

    @property
    def rules(self) -> tuple[str, ...]:
        """The rule ids of the reasons, in order."""
        return tuple(reason.rule for reason in self.reasons)

    @property
    def kinds(self) -> tuple[str, ...]:
        """What stands in the way, by each reason, in order: ``who``, ``state``, ``value`` or ``race``."""
        return tuple(reason.kind for reason in self.reasons)

    def text(self, lang: str = "en", words: MessageCatalogue = CATALOGUE) -> str:
        """What the person refused should read, in *lang*: a language of *words*, else English."""
        reasons = words.words("reasons-comma", (), lang).join(reason.text(lang, words) for reason in self.reasons)
        return words.words("refused", (("verb", self.verb), ("id", self.suggestion_id), ("reasons", reasons)), lang)


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
