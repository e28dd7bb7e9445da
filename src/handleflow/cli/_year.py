"""Sample data: how does a ledger of one year become a year of acts? What ``handleflow demo`` plays."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
from attrs import field
from pendulum import DateTime

from handleflow.acts import (
    Accept,
    AnswerSupervision,
    ApproveDraft,
    Assign,
    Close,
    DraftReply,
    Evaluate,
    Plan,
    Receive,
    RecordContact,
    Reply,
)
from handleflow.choices import OneOf
from handleflow.engine import Engine
from handleflow.errors import HandleflowError, LedgerError, NonsenseError, OutsideCalendar, UnreadableLedger
from handleflow.ledgers.reading import Row, read_rows
from handleflow.legal_time import Day, WorkCalendar, day
from handleflow.model import Act, Actor, Entry
from handleflow.model.fields import day_or_none, not_blank
from handleflow.model.nouns import GRADES
from handleflow.stores import MemoryStore
from handleflow.values import frozen

DEHUI = Path(__file__).parent / "data" / "dehui.csv"
"""The ledger of Dehui (德惠市), reconstructed from what the city published; examples/dehui says how."""

OFFICE = Actor("congress_office", "市人大常委会办事机构")
GOVERNMENT = Actor("government_office", "市政府办公室")


def _number(value: str | None) -> int:
    if value is None or not value.isdecimal() or len(value) > 4:
        raise NonsenseError(f"{value!r} is not a number of days")
    return int(value)


@frozen
class YearRow:
    """
    One suggestion of a year's ledger, every day of its life among it.

    On *closes_on* the office closes it, unless a commitment is still open.
    """

    line: int
    number: str = field(validator=not_blank)
    title: str = field(validator=not_blank)
    title_is: str = field(validator=OneOf("published", "placeholder"))
    kind: str = field(validator=OneOf("key", "ordinary"))
    deputy: str = field(validator=not_blank)
    lead_unit: str = field(validator=not_blank)
    received_on: Day = field(converter=day)
    assigned_on: Day = field(converter=day)
    accepted_on: Day = field(converter=day)
    contacted_before_on: Day = field(converter=day)
    drafted_on: Day = field(converter=day)
    replied_on: Day = field(converter=day)
    outcome: str = field(validator=not_blank)
    rated_on: Day = field(converter=day)
    result: str = field(validator=OneOf(*GRADES))
    days_are: str = field(validator=OneOf("invented", "recorded"))
    answer_days: int = field(converter=_number)
    attitude: str | None = field(default=None, validator=OneOf(*GRADES, or_none=True))
    reason: str | None = None
    category: str | None = None
    plan: str | None = None
    contacted_during_on: Day | None = field(default=None, converter=day_or_none)
    contacted_after_on: Day | None = field(default=None, converter=day_or_none)
    closes_on: Day | None = field(default=None, converter=day_or_none)

    def acts(self) -> Iterator[tuple[Day, Actor, Act]]:
        """What was done, by whom and on which day, in the order it is asked for within a day."""
        unit = Actor("unit", self.lead_unit)
        yield self.received_on, OFFICE, self._receipt()
        yield self.assigned_on, OFFICE, Assign((self.lead_unit,))
        yield self.accepted_on, unit, Accept()
        if self.plan:
            yield self.accepted_on, unit, Plan(self.plan, tuple(re.split("[；;]", self.plan)))
        yield self.contacted_before_on, unit, RecordContact("before", "phone")
        if self.contacted_during_on:
            yield self.contacted_during_on, unit, RecordContact("during", "meeting")
        text = f"关于“{self.title}”的答复"
        yield self.drafted_on, unit, DraftReply(self.outcome, text)
        yield self.drafted_on, GOVERNMENT, ApproveDraft(self.lead_unit)
        yield self.replied_on, unit, Reply(self.outcome, text)
        if self.contacted_after_on:
            yield self.contacted_after_on, unit, RecordContact("after", "visit")
        yield (
            self.rated_on,
            Actor("deputy", self.deputy),
            Evaluate(self.lead_unit, self.result, self.attitude, self.reason),
        )
        if self.closes_on:
            yield self.closes_on, OFFICE, Close()

    def _receipt(self) -> Receive:
        return Receive(
            self.title,
            self.deputy,
            number=self.number,
            category=self.category,
            is_key=self.kind == "key",
            is_reconstructed=self.days_are == "invented",
        )


COLUMNS = tuple(a.name for a in attrs.fields(YearRow) if a.name != "line")
_OPTIONAL = tuple(a.name for a in attrs.fields(YearRow) if a.default is not attrs.NOTHING)


def read_year(path: str | Path) -> tuple[YearRow, ...]:
    """
    A year's ledger.

    Raises:
        UnreadableLedger: naming the line and what is wrong with it, before anything is played.
    """
    required = tuple(name for name in COLUMNS if name not in _OPTIONAL)
    rows = [_year_row(path, row) for row in read_rows(path, required, _OPTIONAL)]
    seen: dict[str, int] = {}
    for row in rows:
        if row.number in seen:
            raise UnreadableLedger(
                f"{path}, line {row.line}: number {row.number} stands on line {seen[row.number]} already"
            )
        seen[row.number] = row.line
    return tuple(rows)


def _year_row(path: str | Path, row: Row) -> YearRow:
    try:
        return YearRow(row.line, **{name: row.cell(name) for name in COLUMNS})  # type: ignore[arg-type]  # converters take what cells hold
    except NonsenseError as nonsense:
        raise UnreadableLedger(f"{path}, line {row.line}: {nonsense}") from None


@frozen
class Played:
    """A year that was played: the supervisions and misses the clock wrote, in order."""

    said: tuple[tuple[str, Entry], ...]


class Year:
    """
    Plays a ledger through an engine, day by day, the clock speaking each working morning.

    The present is the day that is played. Supervisions are answered the row's *answer_days* working days after they
    were spoken.
    """

    def __init__(self, engine: Engine, rows: tuple[YearRow, ...], calendar: WorkCalendar) -> None:
        self._now = engine.now()
        self._engine = Engine(engine.store, engine.rulebooks, clock=lambda: self._now)
        self._rows = {row.number: row for row in rows}
        self._calendar = calendar
        self._planned: dict[Day, list[tuple[str, Actor, Act]]] = {}
        for row in rows:
            for on, by, act in row.acts():
                self._planned.setdefault(on, []).append((row.number, by, act))

    def days(self) -> tuple[Day, ...]:
        """Every day something is planned and every working day between, in order."""
        if not self._planned:
            return ()
        first, last = min(self._planned), max(self._planned)
        every = (day(Day.fromordinal(n)) for n in range(first.toordinal(), last.toordinal() + 1))
        return tuple(d for d in every if d in self._planned or self._calendar.is_working_day(d))

    def play(self, on_day: Callable[[Day], None] = lambda _: None) -> Played:
        """
        Play every day; *on_day* hears of each one that is over.

        The year is rehearsed in memory first: a row that is refused leaves nothing behind.

        Raises:
            LedgerError: when the store holds one of the suggestions; nothing is recorded.
            UnreadableLedger: when an act of a row is refused, with the line and the refusal.
        """
        self._require_absent()
        rehearsal = Year(Engine(MemoryStore(), self._engine.rulebooks), tuple(self._rows.values()), self._calendar)
        rehearsal._play(lambda _: None)
        return self._play(on_day)

    def _require_absent(self) -> None:
        there = [id for id in self._rows if self._engine.store.load(id) is not None]
        if there:
            raise LedgerError(f"the store holds suggestion {there[0]} already; play the year into a new one")

    def _play(self, on_day: Callable[[Day], None]) -> Played:
        said: list[tuple[str, Entry]] = []
        for today in self.days():
            self._now = self._instant(today, 8)
            swept = self._engine.sweep()
            said.extend(swept.said)
            for id, entry in swept.said:
                self._plan_answer(id, entry)
            self._now = self._instant(today, 9)
            for id, by, act in self._planned.get(today, ()):
                self._execute(id, by, act, today)
            on_day(today)
        return Played(tuple(said))

    def _plan_answer(self, id: str, entry: Entry) -> None:
        if entry.kind != "supervised" or id not in self._rows:
            return
        row = self._rows[id]
        supervision = next(s for s in self._engine.look_up(id).supervisions if s.entry == entry.number)
        try:
            answered_on = self._calendar.working_day_after(entry.on, row.answer_days)
        except OutsideCalendar as outside:
            raise UnreadableLedger(f"line {row.line}: {outside}") from None
        answer = AnswerSupervision(supervision.number, "已加快办理")
        self._planned.setdefault(answered_on, []).append((id, Actor("unit", row.lead_unit), answer))

    def _execute(self, id: str, by: Actor, act: Act, today: Day) -> None:
        suggestion = self._engine.store.load(id)
        if isinstance(act, Close) and suggestion is not None and suggestion.open_commitments:
            return
        try:
            self._engine.execute(id, act, by=by)
        except HandleflowError as error:
            line = self._rows[id].line
            raise UnreadableLedger(f"line {line}, {today}: {error}") from error

    def _instant(self, on: Day, hour: int) -> DateTime:
        return DateTime(on.year, on.month, on.day, hour, tzinfo=self._calendar.zone)
