"""What does the report at the end of a year say, as data and as lines of text?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from handleflow.core.summarize import Figure, Summary
from handleflow.words import label

_FIGURES = (
    "key",
    "ordinary",
    "units",
    "key_resolved",
    "categories",
    "reply_rate",
    "satisfied_or_basically_rate",
    "ordinary_outcomes",
)
_KNOWN = (
    "replied",
    "units_known",
    "rated",
    "no_response",
    "rated_by_proxy",
    "unclear",
    "marks",
    "open_commitments",
)


def report_data(summary: Summary) -> dict[str, Any]:
    """
    The report as plain data: the same keys whatever was counted.

    A figure that cannot be known is null, and ``reasons`` says why under the same key. ``known`` counts
    what is known all the same. Under ``reconstructed`` stands what rests on days; its ``suggestions``
    is how many of them have days that were made up.
    """
    figures = {name: _plain(getattr(summary, name)) for name in _FIGURES}
    days = {name: getattr(summary, name) for name in ("late_replies", "replies_in_time")}
    return {
        "total": summary.total,
        **figures,
        "states": summary.states,
        "known": {name: getattr(summary, name) for name in _KNOWN},
        "reconstructed": {
            "suggestions": summary.reconstructed,
            **{name: figure.value for name, figure in days.items()},
            "deadlines_missed": summary.deadlines_missed,
            "supervisions": attrs.asdict(summary.supervisions),
        },
        "reasons": dict(_reasons(summary, (*_FIGURES, *days))),
    }


def _plain(figure: Figure[Any]) -> Any:
    if isinstance(figure.value, tuple):
        return [attrs.asdict(share) for share in figure.value]
    return figure.value


def _reasons(summary: Summary, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for name in names:
        figure: Figure[Any] = getattr(summary, name)
        if figure.value is None:
            yield name, figure.reason


_WORDS = {
    "total": ("suggestions", "件数"),
    "key": ("key suggestions", "重要建议"),
    "ordinary": ("ordinary suggestions", "一般建议"),
    "units": ("handling units", "承办单位"),
    "key_resolved": ("key suggestions solved", "重要建议已解决"),
    "reply_rate": ("replied, percent", "答复率（%）"),
    "satisfied_or_basically_rate": ("satisfied or basically satisfied, percent", "满意和基本满意率（%）"),
    "late_replies": ("late replies", "逾期答复"),
    "replies_in_time": ("replies in time", "按期答复"),
    "deadlines_missed": ("days missed", "逾期次数"),
    "answered_late": ("supervisions answered late", "逾期答复的督办"),
}


def report_lines(summary: Summary, lang: str = "en") -> Iterator[tuple[str, str, bool]]:
    """The report as (what, how much, whether it rests on reconstructed days), in *lang*."""
    data = report_data(summary)
    reasons = data["reasons"]
    side = 1 if lang == "zh" else 0

    def line(name: str, value: Any, rests_on_days: bool = False) -> tuple[str, str, bool]:
        shown = f"— ({reasons[name]})" if value is None else str(value)
        return _WORDS[name][side], shown, rests_on_days and summary.reconstructed > 0

    for name in (
        "total",
        "key",
        "ordinary",
        "units",
        "key_resolved",
        "reply_rate",
        "satisfied_or_basically_rate",
    ):
        yield line(name, data[name])
    for category, count in (data["categories"] or {}).items():
        yield f"  {category}", str(count), False
    for share in data["ordinary_outcomes"] or ():
        yield f"  {share['label']}", f"{share['count']} ({share['share']} %)", False
    days = data["reconstructed"]
    for name in ("late_replies", "replies_in_time", "deadlines_missed"):
        yield line(name, days[name], True)
    for channel, count in days["supervisions"]["by_channel"].items():
        yield f"  {label(channel, lang)}", str(count), summary.reconstructed > 0
    yield line("answered_late", days["supervisions"]["answered_late"], True)
