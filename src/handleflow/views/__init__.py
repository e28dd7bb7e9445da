"""Read models: what boards, workloads, reports, explanations and diagrams show, and what who may see of it."""

from handleflow.views.access import (
    EVERYTHING,
    MARK,
    WITHHELD,
    WITHOUT_PRIVATE,
    Level,
    MaySee,
    Sees,
    may_see,
    nobody_sees,
    suggestion_as_seen,
)
from handleflow.views.board import BoardLine, board, board_columns, board_data, board_lines, grouped
from handleflow.views.diagram import draw
from handleflow.views.entry_text import entry_text, supervision_text, term_text
from handleflow.views.explanation import explanation_data, explanation_markdown, explanation_text
from handleflow.views.report import report_data, report_lines
from handleflow.views.summary import Figure, Share, Summary, Supervised, percent, summarize
from handleflow.views.workload import UnitWorkload, workload, workload_columns, workload_data, workload_lines

__all__ = [
    "EVERYTHING",
    "MARK",
    "WITHHELD",
    "WITHOUT_PRIVATE",
    "BoardLine",
    "Figure",
    "Level",
    "MaySee",
    "Sees",
    "Share",
    "Summary",
    "Supervised",
    "UnitWorkload",
    "board",
    "board_columns",
    "board_data",
    "board_lines",
    "draw",
    "entry_text",
    "explanation_data",
    "explanation_markdown",
    "explanation_text",
    "grouped",
    "may_see",
    "nobody_sees",
    "percent",
    "report_data",
    "report_lines",
    "suggestion_as_seen",
    "summarize",
    "supervision_text",
    "term_text",
    "workload",
    "workload_columns",
    "workload_data",
    "workload_lines",
]
