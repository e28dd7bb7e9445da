"""What do days, spans and calendars give, and the boards and reports made of them?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, assert_type

from handleflow import Engine, MemoryStore, Suggestion, load_preset
from handleflow.core import Step, check, explain_count
from handleflow.legal_time import CIVIL_CODE, Counted, Day, Span, count, day, days_later
from handleflow.rulebooks import load_calendar
from handleflow.views import (
    BoardLine,
    Summary,
    UnitWorkload,
    board,
    board_data,
    board_lines,
    draw,
    explanation_data,
    explanation_text,
    report_data,
    report_lines,
    summarize,
    workload,
    workload_data,
)
from handleflow.words import label

CN, RULES = load_calendar("cn"), load_preset("cn.national")
start = day("2026-02-10")
assert_type(start, Day)
assert_type(days_later(start, 3), Day)
assert_type(Span.of("3 months"), Span)
assert_type(CN.is_working_day(start), bool)
assert_type(CN.working_day_after(start, 5), Day)
assert_type(CN.working_days_between(start, days_later(start)), int)
assert_type(count(start, Span.of("3 months"), CIVIL_CODE, CN), Counted)
assert_type(count(start, Span.of("3 months"), CIVIL_CODE, CN).due_on, Day)

steps = explain_count(start, Span.of("3 months"), CIVIL_CODE, CN)
assert_type(steps, tuple[Step, ...])
assert_type(explanation_data(steps), list[dict[str, Any]])
assert_type(explanation_text(steps, "zh"), str)

engine = Engine(MemoryStore(), [RULES])
lines = board(engine.with_rulebooks(), start)
assert_type(lines, tuple[BoardLine, ...])
assert_type(board_data(lines), list[dict[str, Any]])
assert_type(board_data(lines, engine.words_of), list[dict[str, Any]])
assert_type(board_lines(lines), Iterator[tuple[str, ...]])
assert_type(workload(engine.with_rulebooks(), start), tuple[UnitWorkload, ...])
assert_type(workload_data(()), list[dict[str, Any]])
assert_type(summarize([(RULES, Suggestion("1"))]), Summary)
assert_type(report_data(summarize(engine.with_rulebooks())), dict[str, Any])
assert_type(report_lines(summarize([])), Iterator[tuple[str, str, bool]])
assert_type(check(RULES), tuple[str, ...])
assert_type(draw(RULES.lifecycle), str)
assert_type(label("replied", "zh"), str)


def refused() -> None:
    """What nobody may write."""
    CN.is_working_day("2026-02-10")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    day(2026)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    count(start, "3 months", CIVIL_CODE, CN)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Span.of(3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    board(engine, start)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    summarize([Suggestion("1")])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    explanation_text("steps")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
