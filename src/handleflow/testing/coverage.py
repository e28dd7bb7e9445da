"""Policy coverage: what of a rulebook has a suite tried, and what not?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import define, field

from handleflow.acts import Supervise
from handleflow.core._machine import table
from handleflow.core.evolve import fold
from handleflow.engine.observer import Observed
from handleflow.events import DeadlineMissed, ReplyClassified, TermMet, TermMoved, TermPaused
from handleflow.model import Act, Entry
from handleflow.rules import Rulebook, Transition
from handleflow.rules.builtin_checks import supports
from handleflow.values import frozen

PARTS = ("transitions", "guards", "terms", "rungs", "outcomes")


@frozen
class Tried:
    """One part of a rulebook: all it has, and what of it ran."""

    part: str
    every: tuple[str, ...]
    ran: frozenset[str]

    @property
    def covered(self) -> int:
        """How many ran."""
        return sum(name in self.ran for name in self.every)

    @property
    def missing(self) -> tuple[str, ...]:
        """What nothing has tried, in the rulebook's order."""
        return tuple(name for name in self.every if name not in self.ran)


@define
class RulebookCoverage:
    """
    An observer that keeps what of *rules* really ran, under whatever version of that name.

    Guards count by both answers, terms by what became of them: met in time, late, missed, and extended or paused
    where the rule lets them.
    """

    rules: Rulebook
    _ran: dict[str, set[str]] = field(factory=lambda: {part: set() for part in PARTS})
    reasons: set[str] = field(factory=set)

    def __call__(self, observed: Observed) -> None:
        if observed.rules.name != self.rules.name:
            return
        self.reasons.update(reason.rule for reason in observed.reasons)
        self._ran["guards"].update(_answered(*answer) for answer in observed.answers)
        if observed.act is not None and observed.entries:
            self._ran["transitions"].add(_taken(observed))
        for entry in observed.entries:
            for part, name in _of(entry):
                self._ran[part].add(name)

    def ran(self) -> dict[str, list[str]]:
        """What of each part ran, and the ``reasons`` heard, as plain data that another process can ``add``."""
        return {**{part: sorted(names) for part, names in self._ran.items()}, "reasons": sorted(self.reasons)}

    def add(self, ran: Mapping[str, Iterable[str]]) -> None:
        """Count what another process has tried as well."""
        for part in PARTS:
            self._ran[part].update(ran[part])
        self.reasons.update(ran["reasons"])

    def tried(self) -> tuple[Tried, ...]:
        """Every part with what it has and what of it ran."""
        every = {
            "transitions": tuple(_named(a) for a in self.rules.lifecycle.transitions if supports(self.rules, a.act)),
            "guards": tuple(_answered(rule.id, answer) for rule in self.rules.guards for answer in (True, False)),
            "terms": tuple(_fates(self.rules)),
            "rungs": tuple(rung.id for rung in self.rules.rungs),
            "outcomes": tuple(outcome.code for outcome in self.rules.outcomes),
        }
        return tuple(Tried(part, every[part], frozenset(self._ran[part])) for part in PARTS)

    @property
    def percent(self) -> float:
        """The share of everything that ran; 100 where there is nothing to try."""
        total = sum(len(part.every) for part in self.tried())
        return 100 * sum(part.covered for part in self.tried()) / total if total else 100.0

    def as_data(self) -> dict[str, Any]:
        """The same as plain data, with ``covered``, ``total`` and ``missing`` of each part."""
        parts = {
            tried.part: {"covered": tried.covered, "total": len(tried.every), "missing": list(tried.missing)}
            for tried in self.tried()
        }
        ref = {"rulebook": str(self.rules.ref), "percent": round(self.percent, 1)}
        return {**ref, **parts, "reasons": sorted(self.reasons)}

    def as_lines(self) -> Iterator[str]:
        """The same as a table, and below it what nothing has tried."""
        yield f"{'':<10}{'covered':>9}{'total':>7}"
        for tried in self.tried():
            yield f"{tried.part:<10}{tried.covered:>9}{len(tried.every):>7}"
        yield f"{'all':<10}{self.percent:>8.1f}%"
        yield from self.untried()
        yield f"  reasons heard: {', '.join(sorted(self.reasons)) or 'none'}"

    def untried(self) -> Iterator[str]:
        """A line for each thing that nothing has tried."""
        for tried in self.tried():
            yield from (f"  {tried.part[:-1]} untried: {name}" for name in tried.missing)


@frozen
class Coverages:
    """An observer for several rulebooks at once; of each decision only the rulebook that took it hears."""

    _by_name: dict[str, RulebookCoverage]

    @classmethod
    def of(cls, rulebooks: Iterable[Rulebook]) -> Coverages:
        """A measure of each of *rulebooks*; one named twice is measured once."""
        return cls({rules.name: RulebookCoverage(rules) for rules in rulebooks})

    def __call__(self, observed: Observed) -> None:
        coverage = self._by_name.get(observed.rules.name)
        if coverage is not None:
            coverage(observed)

    def ran(self) -> dict[str, dict[str, list[str]]]:
        """What of each rulebook ran, by its name."""
        return {name: coverage.ran() for name, coverage in self._by_name.items()}

    def add(self, ran: Mapping[str, Mapping[str, Iterable[str]]]) -> None:
        """Count what another process has tried as well."""
        for name, parts in ran.items():
            self._by_name[name].add(parts)

    @property
    def each(self) -> tuple[RulebookCoverage, ...]:
        """The measure of each rulebook, in the order they were named."""
        return tuple(self._by_name.values())

    def __str__(self) -> str:
        return f"rulebook {self.each[0].rules.ref}" if len(self.each) == 1 else f"{len(self.each)} rulebooks"

    def as_data(self) -> dict[str, Any]:
        """One rulebook's data as they are; those of several by name, under ``rulebooks``."""
        if len(self.each) == 1:
            return self.each[0].as_data()
        return {"rulebooks": {name: coverage.as_data() for name, coverage in self._by_name.items()}}

    def as_lines(self) -> Iterator[str]:
        """One rulebook's own table; of several a table with a row each, and below it what nothing has tried."""
        if len(self.each) == 1:
            yield from self.each[0].as_lines()
            return
        wide = max(map(len, self._by_name))
        yield f"{'':<{wide}}" + "".join(f"{part:>10}" for part in PARTS) + f"{'all':>9}"
        for name, coverage in self._by_name.items():
            counts = (f"{tried.covered}/{len(tried.every)}" for tried in coverage.tried())
            yield f"{name:<{wide}}" + "".join(f"{count:>10}" for count in counts) + f"{coverage.percent:>8.1f}%"
        for name, coverage in self._by_name.items():
            untried = tuple(coverage.untried())
            yield from (name, *untried) if untried else ()


def _answered(guard: str, answer: bool) -> str:
    return f"{guard}: {'yes' if answer else 'no'}"


def _named(transition: Transition) -> str:
    condition = f" when {transition.condition}" if transition.condition else ""
    way = f"{transition.source or '(nothing)'} -> {transition.target}"
    return f"{transition.act.verb}: {way}{condition} by {'|'.join(transition.roles)}"


def _taken(observed: Observed) -> str:
    """The transition a granted act took: the first that lets its role, asked of the suggestion the act left."""
    before, act = observed.before, observed.act
    index = next(n for n, entry in enumerate(observed.entries) if entry.event is act)
    after = fold(before, observed.entries[: index + 1])
    transitions = table(observed.rules.lifecycle)[before.state, type(act) if isinstance(act, Act) else Act]
    return next(
        _named(transition) for transition in transitions if transition.lets(observed.provenance.by.role, after)
    )


def _fates(rules: Rulebook) -> Iterator[str]:
    for rule in rules.terms:
        yield from (f"{rule.id}: {fate}" for fate in ("met", "late", "missed"))
        if rule.extension is not None:
            yield f"{rule.id}: extended"
        if rule.is_pausable:
            yield f"{rule.id}: paused"


def _of(entry: Entry) -> Iterator[tuple[str, str]]:
    """What of the rulebook one entry shows to have run."""
    event = entry.event
    if isinstance(event, TermMet):
        yield "terms", f"{event.key.rule}: {'late' if event.days_late else 'met'}"
    elif isinstance(event, DeadlineMissed):
        yield "terms", f"{event.key.rule}: missed"
    elif isinstance(event, TermMoved) and event.extension is not None:
        yield "terms", f"{event.key.rule}: extended"
    elif isinstance(event, TermPaused):
        yield "terms", f"{event.key.rule}: paused"
    elif isinstance(event, Supervise) and event.firing_key is not None:
        yield "rungs", event.firing_key.rung
    elif isinstance(event, ReplyClassified):
        yield "outcomes", event.snapshot.code
