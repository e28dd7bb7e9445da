"""
Rendering of a history: what do its entries say, and what does a supervision, in the language of whoever reads it?

Entries hold codes and days. Their words are made here, from the catalogue and from the rulebook that decided the
entry: ``engine.words_of(entry)`` is both. What was recorded as text is shown as it was recorded.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from handleflow.acts import Supervise
from handleflow.events import (
    RungLapsed,
    RungSuppressed,
    TermDropped,
    TermMoved,
    TermUndated,
)
from handleflow.model import Entry, FiringKey, TermKey, UnknownEvent
from handleflow.model.nouns import OutcomeSnapshot
from handleflow.model.supervision import Supervision
from handleflow.model.why import WHY_DROPPED, WHY_LAPSED, WHY_MOVED
from handleflow.values import frozen
from handleflow.words import CATALOGUE, Bilingual, Message, MessageCatalogue
from handleflow.words.arguments import Amount

_LONGEST = 80
_CODE_OF: Mapping[str, str] = {
    "attitude": "grade",
    "channel": "contact",
    "colour": "light",
    "field": "field",
    "grade": "grade",
    "how": "how",
    "issuer": "role",
    "matter": "matter",
    "outcome": "outcome",
    "result": "grade",
    "stage": "stage",
    "to": "role",
    "treated_as": "matter",
    "visibility": "visibility",
}
"""The fields of events that hold codes, and what these are the codes of."""


_IN_A_REASON = ("corrected", "supervision", "urged_on")
"""Fields that stand in the words of why the core wrote it, and not beside them."""
_WHY = {*WHY_MOVED, *WHY_DROPPED, *WHY_LAPSED}


def supervision_text(said: Supervision | Supervise, lang: str = "en", words: MessageCatalogue = CATALOGUE) -> str:
    """
    What a supervision says: a person's own words as they wrote them, a rung's by the rulebook that decided it.

    *words* has that rulebook's: ``engine.words_of(supervision)``. Where it gives one language only, that is said.
    """
    if said.text is not None:
        return said.text
    own = words.labels.get(("rung", said.rung or ""), Bilingual())
    spoken = own.spoken(lang) if own.said(lang) else lang
    rung = words.label(said.rung or "", spoken, "rung")
    return words.say("rung-said", spoken, rung=rung, about=said.about)


def term_text(key: TermKey, lang: str = "en", words: MessageCatalogue = CATALOGUE) -> str:
    """Which term it is: its name, whose, in which round."""
    return words.say("term-named", lang, rule=key.rule, unit=key.unit, round=key.round, ref=key.ref)


def entry_text(entry: Entry, lang: str = "en", words: MessageCatalogue = CATALOGUE) -> str:
    """All that an entry says but its private fields, in one line; *words* has its rulebook's: ``engine.words_of``."""
    return _Details(lang, words).of_entry(entry)


@frozen
class _Details:
    """What the fields of an event are called and hold, in *lang*."""

    lang: str
    words: MessageCatalogue

    def of_entry(self, entry: Entry) -> str:
        event = entry.event
        if isinstance(event, UnknownEvent):
            body = json.loads(event.body)
            return self._line(body.items() if isinstance(body, dict) else [("body", body)])
        fields: dict[str, Any] = {
            a.name: getattr(event, a.name) for a in attrs.fields(type(event)) if not a.metadata.get("private")
        }
        codes = dict(_CODE_OF)
        if isinstance(event, Supervise):
            fields |= {"text": supervision_text(event, self.lang, self.words), "firing_key": None, "about": None}
            codes["channel"] = "channel"
        if (why := _why(entry)) is not None:
            fields |= {**dict.fromkeys(_IN_A_REASON), "reason": why.text(self.lang, self.words)}
        return self._line((name, self._coded(value, codes.get(name, ""))) for name, value in fields.items())

    def _coded(self, value: Any, of: str) -> Any:
        return self.words.label(value, self.lang, of) if of and isinstance(value, str) else value

    def _line(self, fields: Iterable[tuple[str, Any]]) -> str:
        told = ((name, value) for name, value in fields if value not in (None, (), [], "", False))
        return self.words.say("reasons-comma", self.lang).join(self._detail(*each) for each in told)

    def _detail(self, name: str, value: Any) -> str:
        what = self._shown(value)
        short = what if len(what) <= _LONGEST else f"{what[: _LONGEST - 1]}…"
        return self.words.say("entry-detail", self.lang, name=self.words.label(name, self.lang, "field"), what=short)

    def _shown(self, value: Any) -> str:
        if value is None or isinstance(value, str | int | datetime.date | Amount):
            return self.words.shown(value, self.lang)
        if isinstance(value, tuple):
            return self.words.shown(tuple(map(self._shown, value)), self.lang)
        if isinstance(value, TermKey):
            return term_text(value, self.lang, self.words)
        if isinstance(value, FiringKey):
            rung = self.words.label(value.rung, self.lang, "rung")
            return self.words.say("rung-named", self.lang, rung=rung, occurrence=value.occurrence)
        if isinstance(value, OutcomeSnapshot):
            own = self.words.labels.get(("outcome", value.code))
            return own.said(self.lang) if own else value.label
        return self._whole(value)

    def _whole(self, value: Any) -> str:
        """A value of several fields, or what a host's own act holds, as JSON would."""
        if attrs.has(type(value)):
            return self._line((a.name, getattr(value, a.name)) for a in attrs.fields(type(value)))
        return json.dumps(value, ensure_ascii=False, default=str)


def _why(entry: Entry) -> Message | None:
    """Why the core wrote it, where it recorded that as a code; None where it did not, or as words."""
    event = entry.event
    match event:
        case RungSuppressed(reason=None):
            return Message("why-suppressed", {"supervision": event.supervision, "on": event.urged_on})
        case TermMoved(reason="corrected"):
            return Message("why-corrected", {"entry": event.corrected})
        case TermMoved(reason="time_corrected"):
            return Message("why-time_corrected", {"entry": event.corrected})
        case TermUndated(corrected=entry_number):
            return Message("why-corrected", {"entry": entry_number})
        case TermMoved() | TermDropped() | RungLapsed() if event.reason in _WHY:
            return _by_code(event.reason, entry)
    return None


def _by_code(reason: str, entry: Entry) -> Message:
    if reason == "adopted":
        return Message("why-adopted", {"rulebook": str(entry.rulebook)})
    if reason == "unknown_rule":
        return Message("why-unknown_rule", {"rulebook": str(entry.rulebook)})
    return Message("why-over", {"state": entry.state}) if reason == "over" else Message(f"why-{reason}")
