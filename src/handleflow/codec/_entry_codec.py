"""
Serialization of events and snapshots: how does an entry become bytes, and bytes an entry?

The format is fixed from the first entry on (docs/adr/0002): upcasting happens on reading only.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from handleflow.acts import ACTS, EVENTS
from handleflow.canonical_json import JsonLibrary, canonical, fastest
from handleflow.codec._by_cattrs import event_converter, snapshot_converter
from handleflow.codec._compiled import Readers, Uncompiled, Writers
from handleflow.codec._fingerprints import differing, fingerprint_without, private_digest
from handleflow.codec._readable_types import require_readable
from handleflow.codec._salts import Entropy, salt_from
from handleflow.errors import HandleflowError, StoreError, UnknownKind, WrongType, in_words
from handleflow.hash_chain import Private, StoredEntry, entry_hash, header
from handleflow.legal_time import utc
from handleflow.model import Act, Actor, CalendarRef, Entry, Event, Provenance, RulebookRef, Suggestion, UnknownEvent
from handleflow.model.fields import LONGEST_CODE, private_fields
from handleflow.words import Message

_few = lru_cache(maxsize=1024)
_actor, _rulebook, _calendar = _few(Actor), _few(RulebookRef), _few(CalendarRef)
"""The same few actors, rulebooks and calendars stand in every entry; histories share them."""

# Of the process, not of a codec: to compile what stands in a snapshot takes 15 ms, and tests open many stores.
_EVENT_WRITERS, _EVENT_READERS = Writers(), Readers()
# What nobody told is left out: of a young suggestion that is most of its snapshot, and half the time.
_SNAPSHOT_WRITERS, _SNAPSHOT_READERS = Writers(omits_defaults=True), Readers(fills=True)


_KINDS = frozenset(event.kind for event in EVENTS)


def _with_own(own: Iterable[type[Event]]) -> dict[str, type[Event]]:
    """Every class by its kind: nothing of a host's own takes the place of another, or is not read back as itself."""
    by_kind: dict[str, type[Event]] = {event.kind: event for event in EVENTS}
    by_verb: dict[str, type[Event]] = {act.verb: act for act in ACTS}
    for event in _classes_of(own):
        _require_free("kind", event.kind, by_kind, event)
        if issubclass(event, Act):
            _require_free("verb", event.verb, by_verb, event)
        require_readable(event)
    return by_kind


def _classes_of(own: Any) -> tuple[type[Event], ...]:
    given = tuple(own) if isinstance(own, Iterable) and not isinstance(own, str) else (own,)
    if wrong := [each for each in given if not (isinstance(each, type) and issubclass(each, Event))]:
        raise WrongType(Message("error-no_event_classes", {"given": f"{wrong[0]!r:.80}"}))
    return given


def _require_free(what: str, word: str, taken: dict[str, type[Event]], event: type[Event]) -> None:
    act = event.__name__
    if not word:
        raise UnknownKind(Message("error-no_word", {"what": what, "act": act}))
    if len(word) > LONGEST_CODE:
        raise UnknownKind(Message("error-long_word", {"what": what, "act": act, "word": word, "limit": LONGEST_CODE}))
    if (other := taken.setdefault(word, event)) is not event:
        whose = f"{other.__module__}.{other.__qualname__}"
        raise UnknownKind(Message("error-taken_word", {"what": what, "act": act, "word": word, "other": whose}))


def _unwritable(what: str, error: Exception) -> StoreError:
    return StoreError(f"{what} cannot be written, and nothing was: {in_words(error)}")


class Codec:
    """
    Writes and reads events by their permanent kinds.

    *events* are the classes it knows: the library's, and a host's own handed in. An event of a kind it
    does not know, written by a newer version, is read as ``UnknownEvent`` and kept as it is. *library* writes and
    reads JSON, the fastest one that is installed when None.

    Raises:
        UnknownKind: when a host's own has no kind or verb of its own.
        WrongType: when it has a field whose values are not all read back as what they were.
    """

    def __init__(self, own: Iterable[type[Event]] = (), library: JsonLibrary | None = None) -> None:
        self._classes = _with_own(own)
        classes: dict[str, Any] = self._classes
        self._private = {kind: private_fields(event) for kind, event in classes.items()}
        self._json = library or fastest()

    def encode(self, entry: Entry, previous: str, entropy: Entropy) -> StoredEntry:
        """
        *entry* as it is stored, chained to *previous*; its salts come from *entropy*.

        Raises:
            UnknownKind: when its event's class was not handed in.
            StoreError: when what it says cannot be written as JSON text.
        """
        try:
            return self._encoded(entry, previous, entropy)
        except HandleflowError:
            raise
        except Exception as error:  # whatever a value of a host's own raises when it is written
            raise _unwritable(f"entry {entry.number} ({entry.kind})", error) from error

    def _encoded(self, entry: Entry, previous: str, entropy: Entropy) -> StoredEntry:
        body, private = self._body(entry.event, entropy)
        if self.is_own(entry.event):
            self._require_read_back(entry, body, private)
        salt, by, rulebook, calendar = salt_from(entropy), entry.by, entry.rulebook, entry.calendar
        columns = (
            entry.number,
            entry.kind,
            utc(entry.at),
            entry.on,
            by.role,
            by.id,
            by.name,
            entry.state,
            rulebook.name,
            rulebook.version,
            rulebook.digest,
            calendar.name,
            calendar.version,
            calendar.digest,
        )
        return StoredEntry(*columns, salt, body, entry_hash(previous, salt, header(*columns), body), private)

    def _require_read_back(self, entry: Entry, body: bytes, private: tuple[Private, ...]) -> None:
        """What the checks and converters of a host's own make of what is stored, no look at its types can tell."""
        read = self._event(entry.kind, body, private)
        if type(read) is not type(entry.event) or self._plain(read)[0] != self._plain(entry.event)[0]:
            raise StoreError(
                f"entry {entry.number} ({entry.kind}) cannot be written, and nothing was: "
                f"its own converters or checks would make something else of it when it is read: {body!r:.200}"
            )

    def decode(self, stored: StoredEntry) -> Entry:
        """The entry that was stored."""
        return Entry(
            stored.number,
            self._event(stored.kind, stored.body, stored.private),
            Provenance(_actor(stored.by_role, stored.by_name, stored.by_id), stored.at, stored.on),
            stored.state,
            _rulebook(stored.rulebook_name, stored.rulebook_version, stored.rulebook_digest),
            stored.hash,
            _calendar(stored.calendar_name, stored.calendar_version, stored.calendar_digest),
        )

    def snapshot_text(self, suggestion: Suggestion) -> str:
        """
        The snapshot of *suggestion* as JSON text; private fields never entered it.

        Raises:
            StoreError: when what it says cannot be written as JSON text.
        """
        try:
            return self._snapshot_text(suggestion)
        except Exception as error:  # an effect of a host's own act may put there what it likes
            raise _unwritable(f"the snapshot of suggestion {suggestion.id}", error) from error

    def _snapshot_text(self, suggestion: Suggestion) -> str:
        try:
            plain = _SNAPSHOT_WRITERS.convert(suggestion, Suggestion)
        except Uncompiled:
            return canonical(snapshot_converter().unstructure(suggestion)).decode()
        return self._json.encode(plain).decode()

    def snapshot(self, text: str) -> Suggestion | None:
        """The suggestion from its snapshot; None when it cannot be read, and the history must be folded."""
        try:
            compiled: Suggestion = _SNAPSHOT_READERS.convert(self._json.decode(text), Suggestion)
        except Exception:  # whatever is wrong with it, the history is the truth
            return self._snapshot_by_cattrs(text)
        return compiled

    def _snapshot_by_cattrs(self, text: str) -> Suggestion | None:
        try:
            return snapshot_converter().structure(json.loads(text), Suggestion)
        except Exception:
            return None

    def fingerprint(self, act: Act, by: Actor) -> str:
        """
        A digest of act and actor. Private fields have no part in it, since whoever reads a digest without a secret
        tries out every telephone number: they are told apart by ``private_differences``.

        Raises:
            UnknownKind: when its class was not handed in.
            StoreError: when what it says cannot be written as JSON text.
        """
        try:
            plain, _ = self._plain(act)
            return self._digest(act.kind, by.role, by.id, plain)
        except HandleflowError:
            raise
        except Exception as error:  # as when it is sealed
            raise _unwritable(act.kind, error) from error

    def has_private(self, act: Act) -> bool:
        """Whether there are private fields of such an act."""
        return bool(self._private[act.kind])

    def private_differences(self, act: Act, by: Actor, recorded: Iterable[StoredEntry]) -> tuple[str, ...]:
        """The private fields in which *act* differs from what *by* *recorded* with the same fingerprint."""
        return differing(self._private[act.kind], self._plain(act)[0], (act.kind, by.role, by.id), recorded)

    def fingerprint_in(self, stored: StoredEntry) -> str | None:
        """The fingerprint of the act in an entry, by its bytes; None where its class is not known."""
        return self.fingerprint_of(stored.kind, stored.by_role, stored.by_id, stored.body)

    def fingerprint_of(self, kind: str, role: str, by: str, body: bytes) -> str | None:
        """The same, of its columns."""
        # Not of the act that is read from them: today's class may have more fields, and turn a 1 into a truth.
        return self._digest(kind, role, by, json.loads(body)) if kind in self._classes else None

    def _digest(self, kind: str, role: str, by: str, plain: dict[str, Any]) -> str:
        return fingerprint_without(self._private[kind], kind, role, by, plain)

    def is_own(self, event: Event) -> bool:
        """Whether *event* is of a host's own class, whose effect may be anything."""
        return event.kind not in _KINDS

    def knows(self, event: type[Event]) -> bool:
        """Whether events of that class can be written."""
        return self._classes.get(event.kind) is event

    def require(self, event: Event) -> None:
        """
        Make sure that *event* can be written.

        Raises:
            UnknownKind: when its class was not handed in.
        """
        if not self.knows(type(event)) and not isinstance(event, UnknownEvent):
            raise UnknownKind(
                f"{type(event).__name__} (kind {event.kind!r}) is not known to this store; "
                "hand a host's own acts to the store when it is opened"
            )

    def _plain(self, event: Event) -> tuple[dict[str, Any], Callable[[object], bytes]]:
        """*event* as plain data, and what writes that."""
        self.require(event)
        try:
            return _EVENT_WRITERS.convert(event, type(event)), self._json.encode
        except Uncompiled:
            return event_converter().unstructure(event), canonical

    def _body(self, event: Event, entropy: Entropy) -> tuple[bytes, tuple[Private, ...]]:
        if isinstance(event, UnknownEvent):
            return event.body, ()
        plain, encode = self._plain(event)
        private = []
        for name in self._private[event.kind]:
            if plain[name] is not None:
                kept = Private(name, salt_from(entropy), json.dumps(plain[name], ensure_ascii=False))
                plain[name] = private_digest(kept.salt, kept.value)
                private.append(kept)
        return encode(plain), tuple(private)

    def _event(self, kind: str, body: bytes, private: Iterable[Private]) -> Event:
        known = self._classes.get(kind)
        if known is None:
            return UnknownEvent(kind, body)
        try:
            plain = self._with_private(self._json.decode(body), kind, private)
            compiled: Event = _EVENT_READERS.convert(plain, known)
        except Exception:  # no class for a compiled reader, or not what a compiled writer wrote
            return self._event_by_cattrs(known, body, private)
        return compiled

    def _with_private(self, plain: dict[str, Any], kind: str, private: Iterable[Private]) -> dict[str, Any]:
        if hidden := self._private[kind]:
            kept = {p.field: json.loads(p.value) for p in private}
            plain |= {name: kept.get(name) for name in hidden}
        return plain

    def _event_by_cattrs(self, known: type[Event], body: bytes, private: Iterable[Private]) -> Event:
        try:
            plain = self._with_private(json.loads(body.decode()), known.kind, private)
            return event_converter().structure(plain, known)
        except Exception:  # a newer version gave this kind fields this one does not know; it is shown, not guessed at
            return UnknownEvent(known.kind, body)
