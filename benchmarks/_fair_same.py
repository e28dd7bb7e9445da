"""Does the fair limit leave what the library leaves? The same lives by both, held side by side as plain data."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from benchmarks import _fair_values as fair
from benchmarks import _lives as lives
from benchmarks._fair_lives import lived
from benchmarks._fair_replay import StoredEntry
from handleflow import Act, Actor, Entry, Refused, Suggestion
from handleflow.acts import Accept, Assign, Evaluate, Receive, RecordContact, Reply
from handleflow.legal_time import Span
from handleflow.model import TermKey

WATER, ROADS, LATE = lives.WATER.name, "Roads Bureau", 6
AT = (*lives.AT, lives.AT[-1].add(months=3))
PLAIN_AT = (*lives.PLAIN_AT, lives.PLAIN_AT[-1] + datetime.timedelta(days=91))

Step = tuple[Act, fair.Act, Actor, int]
"""An act in the library's words and in the hand's, by whom, and on which of the days."""
Reasons = list[tuple[str, dict[str, str]]]
"""The rules that refused, in order, each with what was compared, as text."""


def _begun(*units: str) -> tuple[Step, ...]:
    received = (Receive(lives.TITLE, lives.DEPUTY.name), fair.Received(lives.TITLE, lives.DEPUTY.name))
    return (*received, lives.OFFICE, 0), _assigned(*units)


def _assigned(*units: str) -> Step:
    return Assign(units), fair.Assigned(units), lives.OFFICE, 1


def _accepted(unit: str) -> Step:
    return Accept(), fair.Accepted(), Actor("unit", unit), 2


def _heard(unit: str, stage: str = "during") -> Step:
    by_hand = fair.ContactRecorded(stage, "phone", lives.CALL)
    return RecordContact(stage, "phone", lives.CALL), by_hand, Actor("unit", unit), 3


def _replied(unit: str, outcome: str = "A", day: int = 4) -> Step:
    return Reply(outcome, lives.REPLY), fair.Replied(outcome, lives.REPLY), Actor("unit", unit), day


def _rated(unit: str, result: str = "satisfied", *, by: str = "Deputy A", on: datetime.date | None = None) -> Step:
    return Evaluate(unit, result, on=on), fair.Evaluated(unit, result, on=on), Actor("deputy", by), LATE


def _handled(*units: str) -> tuple[Step, ...]:
    return tuple(step(unit) for step in (_accepted, _heard, _replied) for unit in units)


ONE, TWO = (*_begun(WATER), *_handled(WATER)), (*_begun(WATER, ROADS), *_handled(WATER, ROADS))
GRANTED: dict[str, tuple[Step, ...]] = {
    "one lead": (*ONE, _rated(WATER)),
    "two leads": (*TWO, _rated(ROADS), _rated(WATER)),
    "one lead is rated before the other replies": (*TWO[:7], _rated(WATER), _replied(ROADS, day=LATE), _rated(ROADS)),
    "a reply that comes late": (*ONE[:4], _replied(WATER, day=LATE), _rated(WATER)),
}
"""Lives that both must grant."""
REFUSED: dict[str, tuple[Step, ...]] = {
    "in the wrong state": (*ONE[:1], _accepted(WATER)),
    "by the wrong role": (*ONE[:2], (Accept(), fair.Accepted(), lives.OFFICE, 2)),
    "by a stranger": (*ONE[:2], _accepted(ROADS)),
    "named twice": (*ONE[:1], _assigned(ROADS, ROADS)),
    "naming nobody": (*ONE[:1], _assigned()),
    "signed twice": (*ONE[:3], _accepted(WATER)),
    "unheard": (*ONE[:3], _replied(WATER)),
    "heard afterwards": (*ONE[:3], _heard(WATER, "after"), _replied(WATER)),
    "of no class": (*ONE[:4], _replied(WATER, "Q")),
    "unsigned": (*TWO[:3], _replied(ROADS)),
    "replied twice": (*TWO[:7], _replied(WATER)),
    "by no lead": (*TWO[:4], _replied("Parks Bureau")),
    "without a reply": (*ONE, _rated(ROADS)),
    "dissatisfied without a word": (*ONE, _rated(WATER, "dissatisfied")),
    "by another deputy": (*ONE, _rated(WATER, by="Deputy B")),
    "rated twice": (*TWO, _rated(WATER), _rated(WATER)),
    "before the reply": (*ONE, _rated(WATER, on=AT[2].date())),
    "in the future": (*ONE, _rated(WATER, on=AT[LATE].date().add(days=1))),
    "before it began": (*ONE, _rated(WATER, on=AT[0].date().subtract(days=1))),
}
"""Lives whose last act both must refuse for the same reasons, in whatever order."""


def plain(value: Any) -> Any:
    """A value of either as names and values, days as text, without what is empty or false."""
    if isinstance(value, TermKey):
        return attrs.astuple(value)
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat()
    if isinstance(value, datetime.date | Span):
        return str(value)
    if attrs.has(type(value)):
        found = {field.name: plain(getattr(value, field.name)) for field in attrs.fields(type(value))}
        return {name: each for name, each in found.items() if each not in (None, (), "", False)}
    return tuple(map(plain, value)) if isinstance(value, tuple) else value


def plain_entries(entries: Iterable[Entry]) -> list[tuple[Any, ...]]:
    """The library's."""
    return [
        (e.number, e.kind, plain(e.event), plain(e.by), plain(e.at), str(e.on), e.state, *_texts(e)) for e in entries
    ]


def _texts(entry: Entry) -> Iterator[fair.Text]:
    """What it was decided and counted by."""
    return ((text.name, text.version, text.digest) for text in (entry.rulebook, entry.calendar))


def plain_entries_by_hand(entries: Iterable[fair.Entry | StoredEntry]) -> list[tuple[Any, ...]]:
    """The hand's; its classes are called as the kinds are."""
    found = []
    for e in entries:
        kind = "".join(f"_{c.lower()}" if c.isupper() else c for c in type(e.event).__name__).lstrip("_")
        p = e.provenance
        texts = (e.rulebook, e.calendar)
        found.append((e.number, kind, plain(e.event), plain(p.by), plain(p.at), str(p.on), e.state, *texts))
    return found


def plain_matter(matter: fair.Matter) -> Any:
    """What the hand knows of a suggestion, as the library would say it."""
    found = plain(matter)
    for each in found.get("assignments", ()):
        if "accepted_on" in each:
            each["acceptance"] = {"on": each.pop("accepted_on")}
    return found


def says(whole: Any, part: Any) -> bool:
    """Whether *whole* says all that *part* says."""
    if isinstance(part, dict):
        return all(says(whole.get(name), each) for name, each in part.items())
    if isinstance(part, tuple) and isinstance(whole, tuple):
        return len(whole) == len(part) and all(map(says, whole, part))
    return bool(whole == part)


def _by_core(steps: Iterable[Step]) -> tuple[Suggestion, list[Entry]]:
    return lives.told("1", ((act, by, AT[day]) for act, _, by, day in steps))


def _by_hand(steps: Iterable[Step]) -> tuple[fair.Matter, list[fair.Entry]]:
    return lived("1", ((act, fair.Actor(by.role, by.name, by.id), PLAIN_AT[day]) for _, act, by, day in steps))


def _reasons(steps: tuple[Step, ...]) -> Reasons:
    _by_core(steps[:-1])
    try:
        _by_core(steps)
    except Refused as refused:
        return _in_order((each.rule, {name: _text(fact) for name, fact in each.facts}) for each in refused.reasons)
    return []


def _in_order(reasons: Iterable[tuple[str, dict[str, str]]]) -> Reasons:
    return sorted(reasons, key=lambda reason: reason[0])


def _text(fact: object) -> str:
    return ", ".join(map(str, fact)) if isinstance(fact, tuple) else str(fact)


def _reasons_by_hand(steps: tuple[Step, ...]) -> Reasons:
    try:
        _by_hand(steps)
    except fair.RefusedByHand as refused:
        return _in_order((each.rule, dict(each.facts)) for each in refused.reasons)
    return []


def require_same() -> None:
    """Make sure that both leave the same entries and know the same, and that both refuse for the same reasons."""
    for name, steps in GRANTED.items():
        (suggestion, entries), (matter, by_hand) = _by_core(steps), _by_hand(steps)
        if plain_entries_by_hand(by_hand) != plain_entries(entries):
            raise RuntimeError(f"{name}: the hand leaves other entries: {plain_entries_by_hand(by_hand)}")
        if not says(plain(suggestion), plain_matter(matter)):
            raise RuntimeError(f"{name}: the hand knows other things: {plain_matter(matter)}")
    for name, steps in REFUSED.items():
        found, expected = _reasons_by_hand(steps), _reasons(steps)
        rules = [rule for rule, _ in expected]
        if not rules or rules != [rule for rule, _ in found] or not says(tuple(expected), tuple(found)):
            raise RuntimeError(f"{name}: the hand says {found}, the library {expected}")
