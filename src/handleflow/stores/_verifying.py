"""
Is what stands in a store what its histories derive? Verification: it writes nothing and judges each by itself.

Others may write meanwhile, and what they add is no flaw: what stands beside a history is read in one statement, and
whatever looks wrong is looked at again before it is called so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Protocol

from handleflow.core import replay
from handleflow.deriving import derived_anew, unknown_to_store
from handleflow.errors import HandleflowError, in_words
from handleflow.model import Entry, Suggestion
from handleflow.model.fields import says_something
from handleflow.rules import Rulebook
from handleflow.sealing import BEFORE_ALL, Flaw, Sealed, flaws_in_history, headed
from handleflow.store import Batch, KeptKey, KeptRulebook
from handleflow.values import frozen

_OF_A_RULEBOOK = frozenset({"waking day", "undated terms", "leaders"})
"""What of all that is derived no history tells without its rulebook."""


@frozen
class Stored:
    """What stands beside a history at one moment: the version and hash it has come to, and what is derived of it."""

    version: int
    head: str
    derived: Mapping[str, object]


@frozen
class Numbered:
    """One position of the feed, and the *hash* of the entry it names; None when there is no such entry."""

    position: int
    id: str
    number: int
    head: str
    hash: str | None


class Verifiable(Protocol):
    """What of a store is looked at."""

    def ids(self) -> Iterator[str]:
        """Every id that a suggestion or a history stands under."""

    def stored(self, id: str) -> Stored | None:
        """What stands beside a history, all of it as it was at one moment."""

    def derived(self, batch: Batch) -> Mapping[str, object]:
        """What should stand there, by the same names."""

    def sealed(self, id: str) -> tuple[Sealed, ...]: ...
    def unsealed(self, sealed: Iterable[Sealed]) -> tuple[Entry, ...]: ...
    def keys(self, id: str) -> tuple[KeptKey, ...]: ...
    def fingerprint_in(self, sealed: Sealed) -> str | None: ...
    def kept_rulebooks(self) -> tuple[KeptRulebook, ...]: ...

    def numbered(self) -> Iterator[Numbered]:
        """Every position of the feed in order; it numbers none."""

    def strays(self) -> Iterator[Flaw]:
        """Entries that neither have a position nor wait for one, and what waits for one and never should."""


def flaws(store: Verifiable, handed_in: Iterable[Rulebook] = ()) -> Iterator[Flaw]:
    """
    Whatever is not as the histories say: in them, beside them and in the feed.

    What it cannot see before a head was published elsewhere: docs/explanation/stores.md lists it.
    """
    rulebooks = {str(rules.ref): rules for rules in handed_in}
    yield from _altered(store, rulebooks)
    verification = _Verification(store, rulebooks | _built(store.kept_rulebooks(), rulebooks))
    for id in store.ids():
        if verification.look(id):
            yield from verification.look(id)
    yield from verification.not_compared()
    try:
        yield from _flaws_in_feed(store)
    except Exception as error:  # as with a suggestion
        yield Flaw("(feed)", 0, f"it cannot be read: {in_words(error)}")


def _altered(store: Verifiable, rulebooks: Mapping[str, Rulebook]) -> Iterator[Flaw]:
    for kept in store.kept_rulebooks():
        name = f"{kept.name} {kept.version}"
        own = rulebooks.get(name)
        if sha256(kept.document.encode()).hexdigest() != kept.digest:
            yield Flaw(f"(rulebook {name})", 0, "its text is not the one it was kept with")
        elif own is not None and own.digest != kept.digest:
            yield Flaw(f"(rulebook {name})", 0, "its text is not that of the rulebook handed in")
        elif _named_in(kept) not in {name, ""}:
            yield Flaw(f"(rulebook {name})", 0, f"its text is that of {_named_in(kept)}")


def _named_in(kept: KeptRulebook) -> str:
    """The name and version a kept text gives itself; nothing where it cannot be read."""
    try:
        document = json.loads(kept.document)
        return f"{document['name']} {document['version']}"
    except (ValueError, TypeError, KeyError):
        return ""


def _built(kept: Iterable[KeptRulebook], rulebooks: Mapping[str, Rulebook]) -> dict[str, Rulebook]:
    """The rulebooks that are kept whole and need nothing of a host's own."""
    from handleflow.presets import from_document  # noqa: PLC0415  the loader is loaded when it is asked for

    found = {}
    for one in kept:
        name = f"{one.name} {one.version}"
        is_whole = sha256(one.document.encode()).hexdigest() == one.digest
        if is_whole and name not in rulebooks:
            try:
                found[name] = from_document(one.document)
            except HandleflowError:
                continue  # what is missing is told of when a suggestion asks for it
    return found


class _Verification:
    """Looks at one suggestion after another."""

    def __init__(self, store: Verifiable, rulebooks: Mapping[str, Rulebook]) -> None:
        self._store = store
        self._rulebooks = dict(rulebooks)
        self._missing = dict[str, tuple[int, str]]()

    def look(self, id: str) -> list[Flaw]:
        """What is wrong with one suggestion now."""
        try:
            return list(self._flaws(id))
        except Exception as error:  # whatever was written there, it is a flaw and not the end of looking
            return [Flaw(id, 0, f"it cannot be read: {in_words(error)}")]

    def not_compared(self) -> Iterator[Flaw]:
        """Under which rulebooks something could not be judged."""
        for name, (many, _) in sorted(self._missing.items()):
            what = f"the waking days and leaders of {many} suggestion(s) were not compared"
            way = "hand it in (`flaws(engine.rulebooks)`, or `handleflow verify --app`)"
            yield Flaw(f"(rulebook {name})", 0, f"{what}: it is not kept here, or not whole without a host; {way}")

    def _flaws(self, id: str) -> Iterator[Flaw]:
        stored, keys, sealed = self._store.stored(id), self._store.keys(id), self._store.sealed(id)
        broken = tuple(flaws_in_history(id, sealed))
        if not says_something(id):
            yield Flaw(id, 0, "a row without an id; somebody inserted it")
        elif broken:
            yield from broken
        elif stored is None and not sealed:
            yield Flaw(id, 0, "rows that are derived of a history stand here without one; somebody inserted them")
        elif stored is None:
            yield Flaw(id, 0, "its history is there, and it itself was removed; `handleflow rebuild` sets that right")
        elif not sealed or stored.version > len(sealed):
            yield Flaw(id, len(sealed), f"the history ends here, yet entry {stored.version} was recorded")
        elif stored.version < 1 or sealed[stored.version - 1].hash != stored.head:
            yield Flaw(id, stored.version, "its hash is not the one recorded beside the snapshot")
        else:
            yield from self._behind(id, stored, sealed)
            entries = self._store.unsealed(sealed)
            yield from self._flaws_in_keys(id, keys, sealed)
            yield from self._flaws_beside(id, stored, entries[: stored.version])

    def _behind(self, id: str, stored: Stored, sealed: tuple[Sealed, ...]) -> Iterator[Flaw]:
        """Entries that are there and count for nothing; what was added since it was read counts by now."""
        if len(sealed) == stored.version:
            return
        now = self._store.stored(id)
        if now is None or now.version < len(sealed):
            recorded = f"it stands behind version {stored.version}, the newest that was recorded"
            yield Flaw(id, stored.version + 1, f"{recorded}: somebody inserted it, or put an older snapshot back")

    def _flaws_in_keys(self, id: str, keys: Iterable[KeptKey], sealed: tuple[Sealed, ...]) -> Iterator[Flaw]:
        for kept in keys:
            under = sealed[kept.first - 1 : kept.last] if 1 <= kept.first <= kept.last <= len(sealed) else ()
            if not any(self._store.fingerprint_in(entry) in {kept.digest, None} for entry in under):
                yield Flaw(id, kept.first, f"the idempotency key {kept.key!r} stands for no act that was recorded so")

    def _flaws_beside(self, id: str, stored: Stored, entries: tuple[Entry, ...]) -> Iterator[Flaw]:
        try:
            picture = replay(id, entries)
            wanted, left_out = self._derived(picture, entries)
        except Exception as error:  # as an event, or a host's own function, says
            yield Flaw(id, 0, f"it cannot be folded: {in_words(error)}")
            return
        names = [name for name in wanted if name not in left_out and wanted[name] != stored.derived.get(name)]
        unknown = unknown_to_store(entries) if names else ""
        if unknown:
            yield Flaw(id, 0, f"it cannot be folded: {unknown}")
        elif names:
            is_not = (
                f"its stored {', '.join(names)} {'is' if len(names) == 1 else 'are'} not what its history derives"
            )
            yield Flaw(id, 0, f"{is_not}; `handleflow rebuild` sets that right")

    def _derived(
        self, picture: Suggestion, entries: tuple[Entry, ...]
    ) -> tuple[Mapping[str, object], frozenset[str]]:
        """What should stand beside a history, and the names of what cannot be said of it."""
        rules = self._rulebooks.get(str(picture.rulebook)) or self._kept_since(str(picture.rulebook))
        if rules is None:
            self._miss(str(picture.rulebook), picture.id)
            return self._store.derived(Batch(picture.id, 0, entries, picture)), _OF_A_RULEBOOK
        # Whom a host's own function names today, it need not have named then.
        left_out = frozenset({"leaders"}) if rules.leader_by is not None else frozenset[str]()
        return self._store.derived(derived_anew(rules, picture, entries)), left_out

    def _kept_since(self, rulebook: str) -> Rulebook | None:
        """A rulebook that came into the store after this verification began."""
        if rulebook not in self._missing:
            self._rulebooks = _built(self._store.kept_rulebooks(), self._rulebooks) | self._rulebooks
        return self._rulebooks.get(rulebook)

    def _miss(self, rulebook: str, id: str) -> None:
        """One more suggestion whose rulebook is not at hand; what is looked at again counts once."""
        many, last = self._missing.get(rulebook, (0, None))
        self._missing[rulebook] = (many + (id != last), id)


def _flaws_in_feed(store: Verifiable) -> Iterator[Flaw]:
    head, expected = BEFORE_ALL, 1
    for each in store.numbered():
        if each.position != expected:
            yield Flaw(each.id, each.number, f"position {expected} of the feed is missing before {each.position}")
        if each.hash is None:
            what = f"position {each.position} of the feed names an entry that is not there"
            yield Flaw(each.id, each.number, what)
        elif headed(head, each.position, each.id, each.number, each.hash) != each.head:
            yield Flaw(each.id, each.number, f"the head at position {each.position} does not fit")
        head, expected = each.head, each.position + 1
    yield from store.strays()
