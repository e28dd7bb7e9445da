"""Boards and summaries as data and as text."""

from handleflow.reports.board import board_columns, board_data, board_lines, unit_columns, unit_lines, units_data
from handleflow.reports.closing import report_data, report_lines
from handleflow.reports.explanation import as_data, as_markdown, as_text

__all__ = [
    "as_data",
    "as_markdown",
    "as_text",
    "board_columns",
    "board_data",
    "board_lines",
    "report_data",
    "report_lines",
    "unit_columns",
    "unit_lines",
    "units_data",
]
