"""Near duplicates: which names are so much like one another that one of them is perhaps a slip?"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from handleflow.errors import Reason
from handleflow.model import Suggestion
from handleflow.party import Party
from handleflow.store import Indexed, Query, Store

_NAMED_BY = ("unit", "deputy")


class NamesInUse:
    """
    The units and deputies of *store* that have no id beside their name, by what their names look like.

    They are read off its index when first needed; what this engine records is added, what others do meanwhile is not.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._alike: dict[str, set[str]] | None = None

    def twins(self, before: Suggestion, after: Suggestion) -> Iterator[Reason]:
        """A warning for each name new in *after* that is nearly, and not quite, one in use."""
        if before.assignments is after.assignments and before.deputies == after.deputies:
            return
        known = {*before.units, *before.deputies}
        for name in dict.fromkeys((*after.units, *after.deputies)):
            if name not in known and not isinstance(name, Party):
                for twin in sorted(self._known(name) - {name}):
                    yield Reason("near_twin", {"name": name, "twin": twin}, "warning")

    def add(self, suggestion: Suggestion) -> None:
        """Remember the names in *suggestion*, which is recorded."""
        if self._alike is not None:
            self._put(self._alike, (*suggestion.units, *suggestion.deputies))

    def near_twins(self) -> tuple[tuple[str, str], ...]:
        """The names in use that are nearly another one in use, as pairs, read anew."""
        groups = (sorted(names) for names in self._read().values())
        return tuple(sorted((first, other) for first, *others in groups for other in others))

    def _known(self, name: str) -> set[str]:
        if self._alike is None:
            self._alike = self._read()
        return self._alike.get(_look(name), set())

    def _read(self) -> dict[str, set[str]]:
        alike: dict[str, set[str]] = {}
        if isinstance(self._store, Indexed):
            for kind in _NAMED_BY:
                self._put(alike, filter(None, self._store.count(Query(), kind)))
        return alike

    def _put(self, alike: dict[str, set[str]], names: Iterable[str]) -> None:
        for name in names:
            if not isinstance(name, Party):
                alike.setdefault(_look(name), set()).add(name)


@lru_cache(maxsize=8192)
def _look(name: str) -> str:
    """What is left of a name without width, case, blanks and punctuation."""
    wide = unicodedata.normalize("NFKC", name).casefold()
    return "".join(letter for letter in wide if unicodedata.category(letter)[0] in "LMN") or wide
