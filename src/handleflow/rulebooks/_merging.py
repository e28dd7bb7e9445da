"""Inheritance: what does a document say together with the one it extends?"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

from handleflow.rulebooks._line_numbers import Table, location_in
from handleflow.rules import HOST

_KEYS = {
    "term": ("id",),
    "guard": ("id", "ask"),
    "rung": ("id",),
    "state": ("name",),
    "transition": ("act",),
    "duty": ("id",),
    "open": ("what",),
    "light": ("colour",),
}
_GROUNDS = {"span": "cite", "long_span": "long_cite"}
"""The keys of a term that hold numbers, each with that of the article it stands on."""
_OF_A_TEXT = ("text_of", "in_force_from", "in_force_until", "superseded_by")
_ADDED = ("label", "year")
OF_A_LIFECYCLE = ("state", "transition", "roles")


def merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> Table:
    """
    *base* with what *own* says instead.

    Terms are, key by key, and what a term names under ``without`` is not inherited. Guards, rungs, states and
    sources are replaced one by one, by their names; transitions act by act; everything else whole, but for labels
    and the years of a calendar, which are added: of two labels of one code the later holds. Of which day
    its text is, when it is in force and what replaced it goes where a file names a text of its own, by its day or by
    that from which it is in force; when it was compared with its sources always goes. What a file sets is no longer
    open. What should be rows and is not stays, to be found.
    """
    dropped = {"verified_on", *(_OF_A_TEXT if "text_of" in own or "in_force_from" in own else ())}
    kept = {key: value for key, value in base.items() if key not in dropped}
    if isinstance(kept.get("open"), list):
        kept["open"] = _still_open(kept["open"], own)
    result = {**kept, **own}
    for part, keys in _KEYS.items():
        if part in kept and part in own:
            result[part] = _rows(kept[part], own[part], keys, part == "term")
    for part in _ADDED:
        if isinstance(kept.get(part), list) and isinstance(own.get(part), list):
            result[part] = [*kept[part], *own[part]]
    if isinstance(base.get("sources"), Mapping) and isinstance(own.get("sources"), Mapping):
        result["sources"] = {**base["sources"], **own["sources"]}
    locations = {key: location_in(own if key in own else base) for key in result}
    return Table(result, lambda key: locations.get(key, location_in(own))(key))


def with_whole_lifecycle(document: Mapping[str, Any]) -> Table:
    """The document, with the states, transitions and roles that it adds within its lifecycle."""
    rest = {key: value for key, value in document.items() if key not in OF_A_LIFECYCLE}
    lifecycle = document.get("lifecycle")
    if isinstance(lifecycle, Mapping):
        own = {key: document[key] for key in OF_A_LIFECYCLE if key in document}
        whole = rest["lifecycle"] = merged(lifecycle, Table(own, location_in(document)))
        roles = [part["roles"] for part in (lifecycle, own) if "roles" in part]
        odd = [each for each in roles if not isinstance(each, list)]
        whole["roles"] = odd[0] if odd else [*chain(*roles)]
    return Table(rest, location_in(document))


def _still_open(points: list[Any], own: Mapping[str, Any]) -> list[Any]:
    """The open points of a base that *own* sets nothing for, in a term, a guard or a part of that name."""
    parts = [own[part] for part in ("term", "guard") if isinstance(own.get(part), list)]
    rows = [row for part in parts for row in part if isinstance(row, Mapping)]
    # A list, since nothing has been looked at yet: what stands under a key may be anything, a table too.
    filled: list[Any] = [
        part for part in ("rung", "backdating", "outcome", "convention", *_OF_A_TEXT) if own.get(part)
    ]
    filled += [row.get(key) for row in rows for key in ("id", "ask")]
    filled += [f"{row.get('id')}.extension" for row in rows if row.get("extension")]
    filled += [f"{row.get('id')}.pause" for row in rows if row.get("is_pausable")]
    return [point for point in points if not (isinstance(point, Mapping) and point.get("what") in filled)]


def _rows(base: Any, own: Any, keys: tuple[str, ...], by_key: bool) -> Any:
    for rows in (own, base):
        if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
            return rows
    replaced = [_key(row, keys) for row in own]
    inherited = {str(_key(row, keys)): row for row in base} if by_key else {}
    rows = [_over(inherited[name], row) if (name := str(_key(row, keys))) in inherited else row for row in own]
    return [*(row for row in base if _key(row, keys) not in replaced), *rows]


def _over(base: Mapping[str, Any], own: Mapping[str, Any]) -> Table:
    """
    A row with what another says instead, key by key.

    What it leaves out by name goes. A number that is another than the inherited one does not stand on the article of
    that one: where no ground is given, it is the office's own rule.
    """
    without = own.get("without", ())
    left_out = without if isinstance(without, list) and {*map(str, without)} <= base.keys() - own.keys() else ()
    kept = {key: value for key, value in base.items() if key not in left_out}
    for number, ground in _GROUNDS.items():
        if ground in kept and number in own and own[number] != base.get(number):
            kept[ground] = HOST
    said = {key: value for key, value in own.items() if key != "without" or not left_out}
    return Table({**kept, **said}, lambda key: location_in(base if key in kept.keys() - said else own)(key))


def _key(row: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    return next((row[key] for key in keys if row.get(key)), None)
