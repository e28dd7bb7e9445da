"""
How does an entry become bytes, and bytes an entry?

The format is fixed from the first entry on (docs/adr/0002): upcasting happens on reading only.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from hashlib import sha256
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

import attrs
import cattrs
from cattrs.gen import make_dict_unstructure_fn, override
from pendulum import DateTime

from handleflow.acts import EVENTS
from handleflow.canonical_json import canonical
from handleflow.errors import UnknownKind
from handleflow.legal_time import Day, Span, day, utc
from handleflow.model import Act, Actor, Asked, Entry, Event, RulebookRef, Suggestion, UnknownEvent
from handleflow.sealing import Private, Sealed, as_instant, entry_hash, header, written

_actor, _ref = lru_cache(maxsize=1024)(Actor), lru_cache(maxsize=1024)(RulebookRef)
"""The same few actors and rulebooks stand in every entry; histories share them."""


def _converter(**settings: Any) -> cattrs.Converter:
    """A converter that knows days, instants and spans."""
    # What cannot be read is kept or folded anew, so nobody reads which fields did not fit.
    quick: dict[str, Any] = {"detailed_validation": False, "prefer_attrib_converters": True}
    converter = cattrs.Converter(forbid_extra_keys=True, **quick, **settings)
    converter.register_unstructure_hook(Day, lambda value: value.isoformat())
    converter.register_structure_hook(Day, lambda value, _: day(value))
    converter.register_unstructure_hook(DateTime, written)
    converter.register_structure_hook(DateTime, lambda value, _: as_instant(value))
    converter.register_unstructure_hook(Span, str)
    converter.register_structure_hook(Span, lambda value, _: Span.of(value))
    # cattrs looks up the type of what may be None anew for every value: a tenth of a picture's reading.
    converter.register_structure_hook_factory(_is_maybe, partial(_maybe_read, converter))
    converter.register_unstructure_hook_factory(_is_maybe, partial(_maybe_written, converter))
    return converter


def _is_maybe(kind: Any) -> bool:
    return get_origin(kind) in {Union, UnionType} and len(get_args(kind)) == 2 and NoneType in get_args(kind)


def _known(maybe: Any) -> Any:
    return next(each for each in get_args(maybe) if each is not NoneType)


def _maybe_read(converter: cattrs.Converter, kind: Any) -> Callable[[Any, Any], Any]:
    known = _known(kind)
    read = converter.get_structure_hook(known)
    return lambda value, _: None if value is None else read(value, known)


def _maybe_written(converter: cattrs.Converter, kind: Any) -> Callable[[Any], Any]:
    write = converter.get_unstructure_hook(_known(kind))
    return lambda value: None if value is None else write(value)


def _picture_converter() -> cattrs.Converter:
    # What nobody told is left out: of a young suggestion that is most of its picture, and half the time.
    converter = _converter(omit_if_default=True)
    without_head = make_dict_unstructure_fn(
        Suggestion, converter, _cattrs_omit_if_default=True, head=override(omit=True)
    )
    converter.register_unstructure_hook(Suggestion, without_head)
    return converter


def _private_fields(event: type[Event]) -> tuple[str, ...]:
    return tuple(a.name for a in attrs.fields(event) if a.metadata.get("private"))


class Codec:
    """
    Writes and reads events by their permanent kinds.

    *events* are the classes it knows: the library's, and a host's own handed in. An event of a kind it
    does not know, written by a newer version, is read as ``UnknownEvent`` and kept as it is.
    """

    def __init__(self, own: Iterable[type[Event]] = ()) -> None:
        self._classes: dict[str, type[Event]] = {event.kind: event for event in EVENTS}
        for event in own:
            if not event.kind or self._classes.setdefault(event.kind, event) is not event:
                raise UnknownKind(f"{event.__name__} needs a kind of its own, not {event.kind!r}")
        self._private = {kind: _private_fields(event) for kind, event in self._classes.items()}
        self._converter = _converter()
        self._pictures = _picture_converter()

    def seal(self, entry: Entry, previous: str) -> Sealed:
        """
        *entry* as it is stored, chained to *previous*.

        Raises:
            UnknownKind: when its event's class was not handed in.
        """
        body, private = self._body(entry.event)
        columns = (
            entry.number,
            entry.kind,
            utc(entry.at),
            entry.on,
            entry.by.role,
            entry.by.name,
            entry.state,
            entry.rulebook.name,
            entry.rulebook.version,
        )
        return Sealed(*columns, body, entry_hash(previous, header(*columns), body), private)

    def unseal(self, sealed: Sealed) -> Entry:
        """The entry that was stored."""
        return Entry(
            sealed.number,
            self._event(sealed.kind, sealed.body, sealed.private),
            Asked(_actor(sealed.by_role, sealed.by_name), sealed.at, sealed.on),
            sealed.state,
            _ref(sealed.rulebook_name, sealed.rulebook_version),
            sealed.hash,
        )

    def picture_text(self, suggestion: Suggestion) -> str:
        """The picture as JSON text; private fields never entered it, and its head stands beside it."""
        return canonical(self._pictures.unstructure(suggestion)).decode()

    def picture(self, text: str, head: str) -> Suggestion | None:
        """The picture from its text; None when it cannot be read, and the history must be folded."""
        try:
            return self._pictures.structure({**json.loads(text), "head": head}, Suggestion)
        except Exception:  # whatever is wrong with it, the history is the truth
            return None

    def fingerprint(self, act: Act, by: Actor) -> str:
        """
        A digest of act and actor. Private fields have no part in it: an unsalted digest would give them away.
        """
        public = {name: value for name, value in self._plain(act).items() if name not in self._private[act.kind]}
        said = {"kind": act.kind, "by": [by.role, by.name], "act": public}
        return sha256(canonical(said)).hexdigest()

    def require(self, event: Event) -> None:
        """
        Make sure that *event* can be written.

        Raises:
            UnknownKind: when its class was not handed in.
        """
        if self._classes.get(event.kind) is not type(event) and not isinstance(event, UnknownEvent):
            raise UnknownKind(
                f"{type(event).__name__} (kind {event.kind!r}) is not known to this store; "
                "hand a host's own acts to the store when it is opened"
            )

    def _plain(self, event: Event) -> dict[str, Any]:
        self.require(event)
        plain: dict[str, Any] = self._converter.unstructure(event)
        return plain

    def _body(self, event: Event) -> tuple[bytes, tuple[Private, ...]]:
        if isinstance(event, UnknownEvent):
            return event.body, ()
        plain = self._plain(event)
        private = []
        for name in self._private[event.kind]:
            if plain[name] is not None:
                kept = Private(name, secrets.token_bytes(16), json.dumps(plain[name], ensure_ascii=False))
                plain[name] = {"digest": sha256(kept.salt + kept.value.encode()).hexdigest()}
                private.append(kept)
        return canonical(plain), tuple(private)

    def _event(self, kind: str, body: bytes, private: Iterable[Private]) -> Event:
        known = self._classes.get(kind)
        if known is None:
            return UnknownEvent(kind, body)
        plain: dict[str, Any] = json.loads(body.decode())
        if hidden := self._private[kind]:
            kept = {p.field: json.loads(p.value) for p in private}
            plain |= {name: kept.get(name) for name in hidden}
        try:
            return self._converter.structure(plain, known)
        except Exception:  # a newer version gave this kind fields this one does not know; it is shown, not guessed at
            return UnknownEvent(kind, body)
