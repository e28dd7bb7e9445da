"""Policy registry: under which rulebook is this decided? Those an engine holds, by name and version."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import cast

from handleflow.acts import Adopt
from handleflow.errors import AlteredCalendar, AlteredRulebook, UnknownKind, UnknownRulebook, WrongType
from handleflow.model import Act, RulebookRef, Suggestion
from handleflow.rules import Rulebook, labels_in
from handleflow.rules.newer_calendar import (
    kept_calendar,
    newest_last,
    own_version,
    under_calendar,
    version_under,
)
from handleflow.store import Indexed, Query, Store, StoredCalendar, StoredRulebook, count
from handleflow.words import Labels, Message, listed

_log = logging.getLogger(__name__)


def _all_of(rulebooks: object) -> tuple[Rulebook, ...]:
    given = tuple(rulebooks) if isinstance(rulebooks, Iterable) and not isinstance(rulebooks, str) else (None,)
    if not all(isinstance(rules, Rulebook) for rules in given):
        raise WrongType(Message("error-no_rulebooks", {"given": f"{rulebooks!r:.80}"}))
    return cast("tuple[Rulebook, ...]", given)  # each was looked at


class HeldRulebooks:
    """
    Rulebooks by name and version; a new suggestion is handled under the first one.

    Raises:
        AlteredRulebook: when two of one name and version differ.
    """

    def __init__(self, rulebooks: Iterable[Rulebook]) -> None:
        self._by_version: dict[tuple[str, str], Rulebook] = {}
        self._kept: dict[tuple[str, str], str] = {}
        self._store: Store | None = None
        for rules in _all_of(rulebooks):
            same = self._by_version.setdefault((rules.name, rules.version), rules)
            if same.digest != rules.digest:
                raise AlteredRulebook(f"two rulebooks are called {rules.ref} and differ; version one of them anew")

    def __iter__(self) -> Iterator[Rulebook]:
        return iter(self._by_version.values())

    def __str__(self) -> str:
        more = f" and {len(self._by_version) - 1} more" if len(self._by_version) > 1 else ""
        return f"{self.first.ref}{more}" if self.first else "no rulebook"

    @property
    def first(self) -> Rulebook | None:
        """The one for new suggestions, if any is held."""
        return next(iter(self), None)

    def find(self, name: str, version: str) -> Rulebook:
        """
        The rulebook of that name and version; one under a calendar that was adopted meanwhile is taken up first.

        Raises:
            UnknownRulebook: when it is not held here.
        """
        if self._store is not None and "+" in version and (name, version) not in self._by_version:
            self.take_newer_calendars(self._store)
        found = self._by_version.get((name, version))
        if found is None:
            held = [f"{n} {v}" for n, v in self._by_version]
            wanted = f"{name} {version}"
            raise UnknownRulebook(Message("error-not_held", {"rulebook": wanted, "known": tuple(held)}))
        return found

    def deciding(self, suggestion: Suggestion, act: Act | None = None) -> Rulebook:
        """The one a suggestion is pinned to; the one adopted, where *act* adopts another; the first for a new one."""
        if isinstance(act, Adopt):
            return self.find(act.name, act.version)
        if suggestion.rulebook is None:
            return self.first or self.find("", "")
        return self.find(suggestion.rulebook.name, suggestion.rulebook.version)

    def labels_of(self, ref: RulebookRef | None, store: Store) -> Labels:
        """What a rulebook calls its codes; of one that is not held, by the text that *store* keeps of it."""
        version = (ref.name, ref.version) if ref else ("", "")
        if held := self._by_version.get(version):
            return held.labels
        if ref is not None and version not in self._kept:
            self._kept = {(kept.name, kept.version): kept.document for kept in store.rulebooks()}
        return labels_in(self._kept.get(version, ""))

    def left_by(self, suggestion: Suggestion, act: Act) -> Rulebook | None:
        """The rulebook that *act* leaves for another one; None where it stays under its own."""
        is_leaving = isinstance(act, Adopt) and suggestion.rulebook is not None
        return self.deciding(suggestion) if is_leaving else None

    def ruling(self, suggestion: Suggestion) -> Rulebook | UnknownRulebook:
        """The one a suggestion is pinned to, or the error that it is not held here: of many, one stops no other."""
        try:
            return self.deciding(suggestion)
        except UnknownRulebook as unknown:
            return unknown

    def not_held(self, store: Store) -> tuple[tuple[str, int], ...]:
        """The rulebooks that suggestions of *store* hang on and that are not held here, and how many hang on each."""
        held = {str(rules.ref) for rules in self}
        counted = count(store, Query(), "rulebook")
        return tuple((ref, many) for ref, many in counted.items() if ref not in held)

    def warn_of_those_not_held(self, store: Store) -> None:
        """
        Log what is missing, where an index can tell it: before a sweep, a board or a report meets it.

        An engine without any rulebook decides nothing, and one inside a host's transaction is made for each of them.
        """
        if not (self._by_version and store.commits and isinstance(store, Indexed)):
            return
        for ref, many in self.not_held(store):
            _log.warning("%s", Message("engine-not_held", {"rulebook": ref, "suggestions": many}))

    def require_known(self, store: Store) -> None:
        """
        Make sure that *store* can write every act of every rulebook.

        Raises:
            UnknownKind: when its class was not handed to the store; every such act is named.
        """
        for rules in self:
            unknown = [act.__name__ for act in rules.lifecycle.acts if not store.codec.knows(act)]
            if unknown:
                raise UnknownKind(
                    f"rulebook {rules.ref} knows acts that this store was not told of: {listed(unknown)}; "
                    "hand a host's own acts to the store when it is opened, own=[...]"
                )

    def keep_in(self, store: Store) -> None:
        """
        Let *store* keep the text of every rulebook and of its calendar.

        Raises:
            AlteredRulebook: when a name and version stand for other content there.
            AlteredCalendar: when a rulebook that is new there counts by a calendar whose name and version do. One
                that was kept before stays usable with the calendar it had.
        """
        self._store = store
        known = {(kept.name, kept.version, kept.digest) for kept in store.rulebooks()}
        calendars: dict[tuple[str, str], set[str]] = {}
        for kept in store.calendars():
            calendars.setdefault((kept.name, kept.version), set()).add(kept.digest)
        for rules in self:
            calendar, is_new = rules.calendar, (rules.name, rules.version, rules.digest) not in known
            texts = calendars.setdefault((calendar.name, calendar.version), set())
            if is_new and texts and calendar.digest not in texts:
                name = f"calendar {calendar.name} {calendar.version}, which rulebook {rules.ref} counts by,"
                raise AlteredCalendar(f"{name} is kept here with other content; give the changed one a new version")
            texts.add(calendar.digest)
            store.add_rulebook(StoredRulebook(rules.name, rules.version, rules.digest, rules.document))
            store.add_calendar(StoredCalendar(calendar.name, calendar.version, calendar.digest, calendar.document))
        if any("+" in version for _, version, _ in known):
            self.take_newer_calendars(store)

    def take_newer_calendars(self, store: Store) -> None:
        """
        Hold what ``adopt_calendars`` made of each rulebook in *store* under newer calendars, the newest before it.

        It is made anew of the rulebook and the calendar, so that a host's own guards come with it.
        """
        kept = {(text.name, text.version): text.digest for text in store.rulebooks() if "+" in text.version}
        held: dict[tuple[str, str], Rulebook] = {}
        for rules in tuple(self) if kept else ():
            for newer in _under_newer(rules, store.calendars(), kept):
                held.setdefault((newer.name, newer.version), newer)
            held.setdefault((rules.name, rules.version), rules)
        self._by_version = held or self._by_version

    @contextmanager
    def trying(self, rules: Rulebook) -> Iterator[None]:
        """Hold *rules* for a while, and for no new suggestion."""
        before = self._by_version
        self._by_version = {**before, (rules.name, rules.version): rules}
        try:
            yield
        finally:
            self._by_version = before


def _under_newer(
    rules: Rulebook, calendars: Iterable[StoredCalendar], kept: Mapping[tuple[str, str], str]
) -> Iterator[Rulebook]:
    """What *rules* are under each calendar under which they are *kept*, the newest first."""
    names = {(each.name, each.version): each for each in calendars if each.name == rules.calendar.name}
    known = [each for name, each in names.items() if (rules.name, version_under(rules.version, *name)) in kept]
    for calendar in sorted((kept_calendar(each.document) for each in known), key=newest_last, reverse=True):
        newer = under_calendar(rules, calendar)
        if kept[newer.name, newer.version] == newer.digest and own_version(rules.version) == rules.version:
            yield newer
