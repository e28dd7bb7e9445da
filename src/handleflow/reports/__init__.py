"""Boards and summaries as data and as text."""

from handleflow.reports.board import board_data
from handleflow.reports.closing import report_data, report_lines
from handleflow.reports.explanation import as_data, as_markdown, as_text

__all__ = ["as_data", "as_markdown", "as_text", "board_data", "report_data", "report_lines"]
