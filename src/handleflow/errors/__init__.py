"""
What can go wrong, and what an answer of "no" is made of.

    HandleflowError
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
    │   ├── FromTheFuture        told at an instant that has not come
    │   ├── UnconfirmedDay       a sweep so long after the last one that a person must say which day it is
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
    ├── LedgerError
    │   └── UnreadableLedger     a ledger that cannot be read, with its line
    └── Refused                  an act was asked for and may not be; nothing was recorded
"""

from handleflow.errors._failures import (
    AlteredCalendar,
    AlteredRulebook,
    BrokenBackup,
    BrokenCalendar,
    BrokenDigest,
    BrokenEvidence,
    BrokenHistory,
    BrokenRulebook,
    CalendarError,
    CommitInDoubt,
    EmptyWords,
    FromTheFuture,
    HandleflowError,
    HistoryError,
    ImpossibleDay,
    ImpossibleSpan,
    KeyReused,
    LedgerError,
    NaiveInstant,
    NonsenseError,
    NotAStore,
    NoTransaction,
    OutOfOrder,
    OutsideCalendar,
    ProofError,
    RulebookError,
    StaleSuggestion,
    StoreError,
    TooLong,
    UnconfirmedDay,
    UnknownCalendar,
    UnknownChoice,
    UnknownKind,
    UnknownRulebook,
    UnknownSuggestion,
    UnreadableLedger,
    UnusableKey,
    UnusableName,
    WrongSuggestion,
    WrongType,
    in_words,
)
from handleflow.errors._refusal import REASON_KINDS, Reason, Refused, in_both, reason_outside

__all__ = [
    "REASON_KINDS",
    "AlteredCalendar",
    "AlteredRulebook",
    "BrokenBackup",
    "BrokenCalendar",
    "BrokenDigest",
    "BrokenEvidence",
    "BrokenHistory",
    "BrokenRulebook",
    "CalendarError",
    "CommitInDoubt",
    "EmptyWords",
    "FromTheFuture",
    "HandleflowError",
    "HistoryError",
    "ImpossibleDay",
    "ImpossibleSpan",
    "KeyReused",
    "LedgerError",
    "NaiveInstant",
    "NoTransaction",
    "NonsenseError",
    "NotAStore",
    "OutOfOrder",
    "OutsideCalendar",
    "ProofError",
    "Reason",
    "Refused",
    "RulebookError",
    "StaleSuggestion",
    "StoreError",
    "TooLong",
    "UnconfirmedDay",
    "UnknownCalendar",
    "UnknownChoice",
    "UnknownKind",
    "UnknownRulebook",
    "UnknownSuggestion",
    "UnreadableLedger",
    "UnusableKey",
    "UnusableName",
    "WrongSuggestion",
    "WrongType",
    "in_both",
    "in_words",
    "reason_outside",
]
