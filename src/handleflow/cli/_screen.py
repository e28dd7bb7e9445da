"""Terminal output: how does it look on a terminal?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from handleflow import words
from handleflow.legal_time import Day
from handleflow.words import Fact

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def say(id: str, lang: str, /, **facts: Fact) -> None:
    """Print the sentence *id* of the catalogue with its *facts*."""
    out.print(words.say(id, lang, **facts), markup=False, soft_wrap=True)


def warn(id: str, lang: str, /, **facts: Fact) -> None:
    """The same on standard error."""
    err.print(words.say(id, lang, **facts), markup=False, soft_wrap=True)


def warn_of_skew(skew: timedelta, lang: str) -> None:
    """That the clock of this host stands apart from the store's time, and to which side."""
    seconds = int(skew.total_seconds())
    warn("cli-clock_skew", lang, seconds=abs(seconds), is_behind=seconds < 0)


def warn_of_end(calendar: str, on: Day, days_left: int, lang: str) -> None:
    """That a *calendar*, by name and version, knows no day after *on*; *days_left* are below 0 where it is past."""
    warn("cli-calendar_ends", lang, calendar=calendar, on=on, days=abs(days_left), is_past=days_left < 0)


def print_json(data: Any) -> None:
    """*data* as JSON, and nothing else, on standard output."""
    print(json.dumps(data, ensure_ascii=False, indent=2))


@contextmanager
def progress(id: str, lang: str) -> Iterator[tuple[Progress, Any]]:
    """A progress bar on standard error, gone when it is done; none where that is no terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # Elsewhere it would leave an empty line before an error.
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        yield bar, bar.add_task(words.say(f"cli-doing_{id}", lang), total=None)


def print_table(title: str, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """A table under a title."""
    named = tuple(columns)
    table = Table(title=escape(title), title_justify="left", title_style="bold", show_header=any(named))
    for column in named:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row))
    out.print(table)
