"""Decision tables: what can a lawyer read and write? Cases of a rulebook as rows of a file: given, when, expected."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
from attrs import field

from handleflow.acts import ACTS
from handleflow.errors import NonsenseError, OutOfOrder, UnreadableLedger
from handleflow.ledgers.reading import cells_by_row
from handleflow.model import ROLES, Act, Actor
from handleflow.rules import Rulebook
from handleflow.testing._cells import NOT_READ, Cell, build
from handleflow.testing.scenario import Outcome, Scenario, given
from handleflow.values import frozen
from handleflow.words import did_you_mean

EXPECTED = ("state", "refused", "due", "supervised", "recorded")
_COLUMNS = ("id", "given", "when", *EXPECTED)
_ROLES = {"office": "congress_office", "government": "government_office"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SYNTAX = "write DAY | WHO | VERB | FIELD=VALUE, without a day for that of the last step: | WHO | VERB"


@frozen
class Step:
    """One line of a case: who does what on which day; *act* is a verb, or ``clock`` to let the clock read the day."""

    act: str
    by: str = ""
    on: str | None = None
    fields: dict[str, Any] = field(factory=dict)


@frozen
class Case:
    """
    A case: the steps *given*, the step *when*, and what is expected of it.

    *state* is where it stands, *refused* the ids of the rules that refuse it, *due* the days of terms by rule,
    *supervised* the measures spoken, *recorded* kinds that must be among those recorded. *where* is the place it
    was read from, for errors.
    """

    id: str
    when: Step
    given: tuple[Step, ...] = ()
    state: str | None = None
    refused: tuple[str, ...] | None = None
    due: dict[str, str] | None = None
    supervised: tuple[str, ...] | None = None
    recorded: tuple[str, ...] | None = None
    where: str = field(default="", eq=False, kw_only=True, metadata=NOT_READ)

    def __str__(self) -> str:
        return self.id

    def played(self, rules: Rulebook, acts: tuple[type[Act], ...] = ()) -> Outcome:
        """
        What comes of it under *rules*; *acts* are the host's own.

        Raises:
            UnreadableLedger: when a step says nothing, with its place, its field and what would work.
            AssertionError: when a step given is refused, with the story so far.
        """
        story = given(rules)
        for number, step in enumerate(self.given, 1):
            with self._placed(f"step {number} of given", step):
                story = _with_step(story, step, acts)
        with self._placed("when", self.when):
            if self.when.act == "clock":
                return story.when_the_clock_reads(_read_by_the_clock(self.when))
            return story.when(_act(self.when, acts), by=_actor(self.when.by, rules), on=self.when.on)

    @contextmanager
    def _placed(self, what: str, step: Step) -> Iterator[None]:
        """Says of which step it is that nothing can be made of it."""
        try:
            yield
        except (UnreadableLedger, NonsenseError, OutOfOrder) as wrong:
            n = ", ".join(filter(None, (self.where or f"case {self.id}", what, step.act)))
            raise UnreadableLedger(f"{n}: {wrong}") from None

    def differences(self, rules: Rulebook, acts: tuple[type[Act], ...] = ()) -> tuple[str, ...]:
        """What came otherwise than expected, in words; none when all is as the row says."""
        outcome = self.played(rules, acts)
        found = {
            "state": outcome.state,
            "refused": outcome.rules,
            "due": {
                rule: str(outcome.terms[rule].due_on) if rule in outcome.terms else "" for rule in self.due or {}
            },
            "supervised": tuple(supervision.channel for supervision in outcome.supervisions),
            "recorded": tuple(kind for kind in self.recorded or () if kind in outcome.kinds),
        }
        wanted = {name: getattr(self, name) for name in EXPECTED if getattr(self, name) is not None}
        return tuple(
            f"{name}: expected {value!r}, found {found[name]!r}"
            for name, value in wanted.items()
            if found[name] != value
        )


def _with_step(story: Scenario, step: Step, acts: tuple[type[Act], ...]) -> Scenario:
    if step.act == "clock":
        return story.and_the_clock_reads(_read_by_the_clock(step))
    return story.and_(_act(step, acts), by=_actor(step.by, story.rules), on=step.on)


def _read_by_the_clock(step: Step) -> str:
    if step.on is None:
        raise UnreadableLedger("the clock reads a day; write one such as 2026-05-12")
    return step.on


def _actor(written: str, rules: Rulebook) -> Actor:
    """A role and a name: ``unit Water Bureau``, ``deputy Deputy A``; the role stands for the name where none is."""
    role, _, name = written.strip().partition(" ")
    if not role:
        raise UnreadableLedger("nobody does it; write a role and a name: unit Water Bureau")
    known = {*ROLES, *_ROLES, *(role for transition in rules.lifecycle.transitions for role in transition.roles)}
    if role not in known:
        raise UnreadableLedger(f"unknown role {role!r}{did_you_mean(role, known)}")
    return Actor(_ROLES.get(role, role), name.strip() or role)


def _act(step: Step, acts: tuple[type[Act], ...]) -> Act:
    known = {act.verb: act for act in (*ACTS, *acts)}
    if step.act not in known:
        raise UnreadableLedger(f"unknown act {step.act!r}{did_you_mean(step.act, [*known, 'clock'])}")
    return build(known[step.act], step.fields)


def read_cases(path: str | Path) -> tuple[Case, ...]:
    """
    The cases of a file: TOML with ``[[case]]``, or CSV with a row a case.

    In CSV the columns are ``id``, ``given``, ``when`` and those of what is expected; a step is written
    ``2026-02-10 | office | assign | leads=Water Bureau+Roads Bureau``, several are parted by ``;``. Without a day,
    ``| office | assign``, it is that of the last step.

    Raises:
        UnreadableLedger: when it cannot be read, with the case and what is wrong.
    """
    found = Path(path)
    try:
        text = found.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        hint = "; save it as UTF-8" if isinstance(error, UnicodeDecodeError) else ""
        raise UnreadableLedger(f"{path} cannot be read: {error}{hint}") from None
    cases = tuple(_from_toml(text, path) if found.suffix == ".toml" else _from_csv(text, path))
    doubled = {case.id for case in cases if sum(other.id == case.id for other in cases) > 1}
    if doubled:
        raise UnreadableLedger(f"{path}: two cases are called {min(doubled)!r}; give each an id of its own")
    if not cases:
        raise UnreadableLedger(f"{path} holds no case; a case is a table [[case]] in TOML, or a row in CSV")
    return cases


def _case(where: str, row: dict[str, Any]) -> Case:
    try:
        return attrs.evolve(build(Case, row), where=where)
    except UnreadableLedger as wrong:
        raise UnreadableLedger(f"{where}: {wrong}") from None


def _from_toml(text: str, path: str | Path) -> Iterator[Case]:
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of thousands of digits is told as no error of TOML's
        raise UnreadableLedger(f"{path} is no TOML: {error}") from None
    for name in document:
        if name != "case":
            raise UnreadableLedger(f"{path}: unknown key {name!r}; a case begins with [[case]]")
    rows = document.get("case", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UnreadableLedger(f"{path}: 'case' is no list of tables; a case begins with [[case]], in two brackets")
    for n, row in enumerate(rows, 1):
        yield _case(f"{path}, case {row.get('id', n)}", row)


def _from_csv(text: str, path: str | Path) -> Iterator[Case]:
    header, *rows = [cells for _, cells in cells_by_row(path, text)] or [[]]
    columns = [name.strip() for name in header]
    for name in filter(None, columns):
        if name not in _COLUMNS:
            raise UnreadableLedger(f"{path}, row 1: unknown column {name!r}{did_you_mean(name, _COLUMNS)}")
    for number, row in enumerate(rows, 2):
        cells = [cell.strip() for cell in row]
        if any(cells[len(columns) :]) or any(cells[i] for i, name in enumerate(columns[: len(cells)]) if not name):
            raise UnreadableLedger(
                f"{path}, row {number}: there are more cells than columns; put a cell that holds a comma in quotes"
            )
        found = {name: cell for name, cell in zip(columns, cells, strict=False) if cell}
        if found:
            where = f"{path}, row {number}, case {found.get('id', number)}"
            yield _case(where, _parsed(where, found))


def _parsed(where: str, cells: dict[str, str]) -> dict[str, Any]:
    """The cells of a row as a case of TOML has them."""
    try:
        case: dict[str, Any] = dict(cells)
        if "given" in cells:
            case["given"] = [_step(step) for step in cells["given"].split(";") if step.strip()]
        if "when" in cells:
            case["when"] = _step(cells["when"])
        for name in ("refused", "supervised", "recorded"):
            if name in cells:
                case[name] = [] if cells[name] == "-" else [each.strip() for each in cells[name].split("+")]
        if "due" in cells:
            case["due"] = dict(_pair(pair, "due", "reply=2026-05-11") for pair in cells["due"].split("+"))
    except UnreadableLedger as wrong:
        raise UnreadableLedger(f"{where}: {wrong}") from None
    return case


def _step(written: str) -> dict[str, Any]:
    """``2026-02-10 | unit Water Bureau | accept | stage=before``; several values are joined by ``+``."""
    on, *rest = (part.strip() for part in written.split("|"))
    rest = [part for part in rest if part]
    if on and not _DAY.fullmatch(on):
        raise UnreadableLedger(f"{written.strip()!r} begins with no day; {_SYNTAX}")
    if rest == ["clock"]:
        return {"act": "clock", **({"on": on} if on else {})}
    if len(rest) < 2:
        raise UnreadableLedger(f"{written.strip()!r} is no step; {_SYNTAX}")
    by, verb, *pairs = rest
    fields: dict[str, Cell] = {}
    for pair in pairs:
        name, value = _pair(pair, f"{verb} in {written.strip()!r}", "FIELD=VALUE")
        if name in fields:
            raise UnreadableLedger(f"{verb}: {name!r} is told twice; join several values by +, {name}=A+B")
        fields[name] = Cell(value)
    return {"act": verb, "by": by, "fields": fields, **({"on": on} if on else {})}


def _pair(written: str, where: str, example: str) -> tuple[str, str]:
    name, is_told, value = (part.strip() for part in written.partition("="))
    if not is_told or not name:
        raise UnreadableLedger(f"{where}: {written.strip()!r} is no pair; write {example}")
    return name, value
