"""Name resolution: what do names on disk mean? By tables handed in, never by import path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from inspect import isclass
from typing import Any, TypeVar

from handleflow.acts import ACTS
from handleflow.errors import UnknownChoice
from handleflow.model import Act
from handleflow.rules import CONDITIONS, FACTS, GUARDS, Condition, FactOf, Guard, LeaderOf
from handleflow.values import frozen
from handleflow.words import did_you_mean

T = TypeVar("T")


@frozen
class Vocabulary:
    """
    What names on disk may mean: the library's own acts, guards, conditions and facts, and a host's beside them.

    *findings* say what of the host's cannot be, above all a name that is taken: nothing replaces another silently.
    """

    acts: Mapping[str, type[Act]]
    guards: Mapping[str, type[Guard]]
    conditions: Mapping[str, Condition]
    facts: Mapping[str, FactOf]
    leaders: Mapping[str, LeaderOf]
    findings: tuple[str, ...]

    @classmethod
    def with_own(
        cls,
        acts: Iterable[type[Act]] = (),
        guards: Mapping[str, type[Guard]] | None = None,
        conditions: Mapping[str, Condition] | None = None,
        facts: Mapping[str, FactOf] | None = None,
        leaders: Mapping[str, LeaderOf] | None = None,
    ) -> Vocabulary:
        """The library's vocabulary and a host's own beside it."""
        findings: list[str] = []
        return cls(
            _acts(acts, findings),
            _beside("guards", GUARDS, guards, findings),
            _beside("conditions", CONDITIONS, conditions, findings),
            _beside("facts", FACTS, facts, findings),
            _beside("leaders", {}, leaders, findings),
            tuple(findings),
        )


# What a host hands in may be of any type, whatever is asked for; so it is looked at.


def _acts(own: Any, findings: list[str]) -> Mapping[str, type[Act]]:
    known = {act.verb: act for act in ACTS}
    if not isinstance(own, Iterable):
        findings.append(f"acts should be a list of classes of acts, not {own!r:.80}")
        return known
    for act in own:
        if not (isclass(act) and issubclass(act, Act)):
            findings.append(f"acts should hold classes of acts, not {act!r:.80}")
        elif known.setdefault(act.verb, act) is not act:
            both = " and ".join(f"{kind.__module__}.{kind.__qualname__}" for kind in (known[act.verb], act))
            findings.append(f"acts: {both} have the verb {act.verb!r}; give yours another verb")
    return known


def _beside(what: str, known: Mapping[str, T], own: Any, findings: list[str]) -> Mapping[str, T]:
    table = dict(known)
    if own is not None and not isinstance(own, Mapping):
        findings.append(f"{what} should be a dict, from names to what they mean, not {own!r:.80}")
        return table
    for name, meaning in (own or {}).items():
        if not isinstance(name, str) or not callable(meaning):
            findings.append(f"{what}: {name!r:.80} should be a name, and {meaning!r:.80} something to be called")
        elif table.setdefault(name, meaning) is not meaning:
            findings.append(f"{what}: {name!r} is a name of the library's; give yours another")
    return table


def meaning(what: str, name: object, table: Mapping[str, T]) -> T:
    """
    What *name* means in *table*.

    Raises:
        UnknownChoice: when it means nothing there; the nearest name is named.
    """
    if not isinstance(name, str) or name not in table:
        raise UnknownChoice(f"unknown {what} {name!r}{did_you_mean(name, table)}")
    return table[name]
