"""Boards and summaries as data and as text."""

from handleflow.reports.board import board_data
from handleflow.reports.closing import report_data, report_lines

__all__ = ["board_data", "report_data", "report_lines"]
