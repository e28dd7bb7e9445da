"""
What would a good hand write that reads nine whole entries from their rows, and folds them? The fair limit of replay.

Every column is read; each entry gets its event, actor, instant, day and hash; each is folded into a suggestion with
all that the life's events say. Left out: upcasting, kinds nobody knows, private fields, hosts' own events.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from attrs import frozen

from benchmarks import _fair_values as fair
from benchmarks._fair_effects import (
    accepted,
    assigned,
    begun,
    classified,
    evaluated,
    heard,
    met,
    missed,
    moved,
    received,
    replied,
)
from benchmarks._fair_values import Matter, Provenance

READ = (
    'SELECT number, kind, at, "on", by_role, by_id, by_name, state, rulebook_name, rulebook_version, '
    "rulebook_digest, calendar_name, calendar_version, calendar_digest, salt, body, hash "
    "FROM handleflow_entries WHERE suggestion_id = ? ORDER BY number"
)
Row = tuple[int, str, str, str, str, str, str, str, str, str, str, str, str, str, bytes, bytes, str]
Loads = Callable[[bytes], Any]
Day = datetime.date

# The same few stand in every history: to look them up takes a third of the time that making them anew takes.
_day = lru_cache(maxsize=8192)(Day.fromisoformat)
_actor = lru_cache(maxsize=1024)(fair.Actor)


@frozen
class StoredEntry:
    """A line of the history, with the hash it was stored under."""

    number: int
    event: fair.Event
    provenance: Provenance
    state: str
    rulebook: fair.Text
    calendar: fair.Text
    hash: str


def _key(key: dict[str, Any]) -> fair.TermKey:
    return key["rule"], key["unit"], key["round"], key["ref"]


def _on(body: dict[str, Any]) -> Day | None:
    on = body["on"]
    return None if on is None else _day(on)


def _term_set(body: dict[str, Any]) -> fair.TermSet:
    unrolled_on, due_on = _day(body["unrolled_on"]), _day(body["due_on"])
    return fair.TermSet(
        _key(body["key"]), body["anchor_entry"], _day(body["anchor_on"]), body["span"], unrolled_on, due_on
    )


def _reply_classified(body: dict[str, Any]) -> fair.ReplyClassified:
    meaning = body["snapshot"]
    outcome = fair.Outcome(meaning["code"], meaning["label"], meaning["is_resolved"])
    return fair.ReplyClassified(body["unit"], outcome, body["round"])


EVENTS: dict[str, Callable[[dict[str, Any]], fair.Event]] = {
    "received": lambda body: fair.Received(body["title"], body["deputy"], _on(body), body["matter"]),
    "assigned": lambda body: fair.Assigned(tuple(body["leads"]), _on(body)),
    "accepted": lambda body: fair.Accepted(_on(body)),
    "contact_recorded": lambda body: fair.ContactRecorded(body["stage"], body["channel"], body["text"], _on(body)),
    "replied": lambda body: fair.Replied(body["outcome"], body["text"], _on(body)),
    "evaluated": lambda body: fair.Evaluated(
        body["unit"], body["result"], body["reason"], _on(body), body["channel"]
    ),
    "term_set": _term_set,
    "deadline_missed": lambda body: fair.DeadlineMissed(_key(body["key"]), _day(body["due_on"])),
    "reply_classified": _reply_classified,
    "term_met": lambda body: fair.TermMet(_key(body["key"]), _day(body["on"]), body["days_late"]),
}
"""What each kind's body says."""


def entries(rows: Iterable[Row], loads: Loads) -> list[StoredEntry]:
    """The whole entries of one history."""
    found = []
    for row in rows:
        number, kind, at, on, role, by, name, state = row[:8]
        provenance = Provenance(_actor(role, name, by), datetime.datetime.fromisoformat(f"{at}+00:00"), _day(on))
        event = EVENTS[kind](loads(row[15]))
        found.append(StoredEntry(number, event, provenance, state, row[8:11], row[11:14], row[16]))
    return found


Folds = Callable[[Matter, StoredEntry, Any], Matter]


def _by_act(effect: Callable[[Matter, Any, Provenance, int, Day], Matter]) -> Folds:
    return lambda m, e, act: effect(m, act, e.provenance, e.number, act.on or e.provenance.on)


def _with_term(m: Matter, e: StoredEntry, event: Any, change: Callable[[fair.Term], fair.Term]) -> Matter:
    terms = tuple([change(term) if term.key == event.key else term for term in m.terms])
    return moved(m, e.state, e.number, m.replies, terms)


def _classified(m: Matter, e: StoredEntry, event: fair.ReplyClassified) -> Matter:
    replies = tuple([classified(reply, event) if reply.unit == event.unit else reply for reply in m.replies])
    return moved(m, e.state, e.number, replies, m.terms)


FOLDS: dict[type[fair.Event], Folds] = {
    fair.Received: _by_act(received),
    fair.Assigned: _by_act(assigned),
    fair.Accepted: _by_act(accepted),
    fair.ContactRecorded: _by_act(heard),
    fair.Replied: _by_act(replied),
    fair.Evaluated: _by_act(evaluated),
    fair.TermSet: lambda m, e, event: moved(m, e.state, e.number, m.replies, (*m.terms, begun(event))),
    fair.TermMet: lambda m, e, event: _with_term(m, e, event, lambda term: met(term, event.on)),
    fair.DeadlineMissed: lambda m, e, event: _with_term(m, e, event, missed),
    fair.ReplyClassified: _classified,
}
"""What each event makes of a suggestion."""


def folded(id: str, history: Iterable[StoredEntry]) -> Matter:
    """The suggestion after all of them."""
    m, state = Matter(id), ""
    for entry in history:
        m, state = FOLDS[type(entry.event)](m, entry, entry.event), entry.state
    return moved(m, state, m.version, m.replies, m.terms)


def replayed(id: str, rows: Iterable[Row], loads: Loads) -> Matter:
    """From the rows of one history to the suggestion."""
    return folded(id, entries(rows, loads))
