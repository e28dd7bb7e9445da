"""What can a lawyer read and write? Cases of a rulebook as rows of a file: given, when, expected."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import cattrs
from attrs import field, frozen

from handleflow.acts import ACTS
from handleflow.errors import HandleflowError, NonsenseError, UnreadableLedger
from handleflow.model import Act, Actor
from handleflow.rules import Rulebook
from handleflow.testing.scenario import Outcome, Scenario, given
from handleflow.words import did_you_mean

EXPECTED = ("state", "refused", "due", "supervised", "recorded")
_ROLES = {"office": "congress_office", "government": "government_office"}


@frozen
class Step:
    """One line of a case: who does what on which day; *act* is a verb, or ``clock`` to let the clock read the day."""

    act: str
    by: str = ""
    on: str | None = None
    told: dict[str, Any] = field(factory=dict)


@frozen
class Case:
    """
    A case: the steps *given*, the step *when*, and what is expected of it.

    *state* is where it stands, *refused* the ids of the rules that refuse it, *due* the days of terms by rule,
    *supervised* the measures spoken, *recorded* kinds that must be among those recorded.
    """

    id: str
    when: Step
    given: tuple[Step, ...] = ()
    state: str | None = None
    refused: tuple[str, ...] | None = None
    due: dict[str, str] | None = None
    supervised: tuple[str, ...] | None = None
    recorded: tuple[str, ...] | None = None

    def __str__(self) -> str:
        return self.id

    def played(self, rules: Rulebook, acts: tuple[type[Act], ...] = ()) -> Outcome:
        """What comes of it under *rules*; *acts* are the host's own."""
        story = given(rules)
        for step in self.given:
            story = _told(story, step, acts)
        if self.when.act == "clock":
            return story.when_the_clock_reads(self.when.on or "")
        return story.when(_act(self.when, acts), by=_actor(self.when.by), on=self.when.on)

    def differences(self, rules: Rulebook, acts: tuple[type[Act], ...] = ()) -> tuple[str, ...]:
        """What came otherwise than expected, in words; none when all is as the row says."""
        outcome = self.played(rules, acts)
        found = {
            "state": outcome.state,
            "refused": outcome.rules,
            "due": {
                rule: str(outcome.terms[rule].due_on) if rule in outcome.terms else "" for rule in self.due or {}
            },
            "supervised": tuple(supervision.measure for supervision in outcome.supervisions),
            "recorded": tuple(kind for kind in self.recorded or () if kind in outcome.kinds),
        }
        wanted = {name: getattr(self, name) for name in EXPECTED if getattr(self, name) is not None}
        return tuple(
            f"{name}: expected {value!r}, found {found[name]!r}"
            for name, value in wanted.items()
            if found[name] != value
        )


def _told(story: Scenario, step: Step, acts: tuple[type[Act], ...]) -> Scenario:
    if step.act == "clock":
        return story.and_the_clock_reads(step.on or "")
    return story.and_(_act(step, acts), by=_actor(step.by), on=step.on)


def _actor(written: str) -> Actor:
    """A role and a name: ``unit Water Bureau``, ``deputy Deputy A``; the role stands for the name where none is."""
    role, _, name = written.partition(" ")
    return Actor(_ROLES.get(role, role), name or role)


def _act(step: Step, acts: tuple[type[Act], ...]) -> Act:
    known = {act.verb: act for act in (*ACTS, *acts)}
    if step.act not in known:
        raise UnreadableLedger(f"unknown act {step.act!r}{did_you_mean(step.act, known)}")
    fields = attrs.fields_dict(known[step.act])
    strangers = [name for name in step.told if name not in fields]
    if strangers:
        raise UnreadableLedger(f"{step.act}: unknown field {strangers[0]!r}{did_you_mean(strangers[0], fields)}")
    try:
        return known[step.act](**{name: tuple(v) if isinstance(v, list) else v for name, v in step.told.items()})
    except (NonsenseError, TypeError) as wrong:
        raise UnreadableLedger(f"{step.act}: {wrong}") from None


def read_cases(path: str | Path) -> tuple[Case, ...]:
    """
    The cases of a file: TOML with ``[[case]]``, or CSV with a row a case.

    In CSV the columns are ``id``, ``given``, ``when`` and those of what is expected; a step is written
    ``2026-02-10 | office | assign | leads=Water Bureau+Roads Bureau``, several are parted by ``;``.

    Raises:
        UnreadableLedger: when it cannot be read, with the case and what is wrong.
    """
    found = Path(path)
    try:
        text = found.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableLedger(f"{path} cannot be read: {error}") from None
    rows = _from_toml(text, found) if found.suffix == ".toml" else list(_from_csv(text.splitlines()))
    cases = tuple(_case(path, place, row) for place, row in enumerate(rows, 1))
    doubled = {case.id for case in cases if sum(other.id == case.id for other in cases) > 1}
    if doubled:
        raise UnreadableLedger(f"{path}: two cases are called {min(doubled)!r}")
    return cases


def _from_toml(text: str, path: Path) -> list[dict[str, Any]]:
    try:
        rows = tomllib.loads(text).get("case", [])
    except tomllib.TOMLDecodeError as error:
        raise UnreadableLedger(f"{path} is no TOML: {error}") from None
    return [dict(row) for row in rows]


def _from_csv(lines: list[str]) -> Iterator[dict[str, Any]]:
    for row in csv.DictReader(lines):
        told: dict[str, Any] = {
            name: value.strip() for name, value in row.items() if name and value and value.strip()
        }
        told["given"] = [_step(step) for step in told.get("given", "").split(";") if step.strip()]
        told["when"] = _step(told.get("when", ""))
        for name in ("refused", "supervised", "recorded"):
            if name in told:
                told[name] = [] if told[name] == "-" else told[name].split("+")
        if "due" in told:
            told["due"] = dict(pair.split("=", 1) for pair in told["due"].split("+"))
        yield told


def _step(written: str) -> dict[str, Any]:
    """``2026-02-10 | unit Water Bureau | accept | stage=before``; several values are joined by ``+``."""
    on, by, *rest = (part.strip() for part in f"{written}|".rstrip().split("|"))
    if by == "clock":
        return {"act": "clock", "on": on}
    verb, *told = [part for part in rest if part] or [""]
    fields = {name: value for name, _, value in (pair.partition("=") for pair in told)}
    many = {name: value.split("+") if name in _MANY else value for name, value in fields.items()}
    return {"act": verb, "by": by, "on": on, "told": many}


_MANY = ("leads", "co_units", "co_signers", "agreed_by", "reminded_on")


def _case(path: str | Path, place: int, row: dict[str, Any]) -> Case:
    try:
        return _CONVERTER.structure(row, Case)
    except (cattrs.BaseValidationError, HandleflowError) as wrong:
        findings = (
            cattrs.transform_error(wrong, path="case") if isinstance(wrong, cattrs.BaseValidationError) else [wrong]
        )
        raise UnreadableLedger(f"{path}, case {row.get('id', place)}: {'; '.join(map(str, findings))}") from None


_CONVERTER = cattrs.Converter(forbid_extra_keys=True)
