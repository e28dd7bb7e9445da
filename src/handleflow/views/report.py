"""Report rendering: what does the report at the end of a year say, as data and as lines of text?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from handleflow.views._counted import NO_CATEGORY
from handleflow.views.access import shown
from handleflow.views.summary import Figure, Summary
from handleflow.words import CATALOGUE, Message, MessageCatalogue

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


LINES = ("total", "key", "ordinary", "units", "key_resolved", "reply_rate", "satisfied_or_basically_rate")
LINES_OF_DAYS = ("late_replies", "replies_in_time", "deadlines_missed", "provisional")


def report_data(summary: Summary) -> dict[str, Any]:
    """
    The report as plain data: the same keys whatever was counted.

    A figure that cannot be known is null, and ``reasons`` says why under the same key, in both languages.
    ``known`` counts what is known all the same. Under ``reconstructed`` stands what rests on days; its
    ``suggestions`` is how many of them have days that were made up.
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
            "provisional": summary.provisional,
            "supervisions": attrs.asdict(summary.supervisions),
        },
        "reasons": {
            name: {lang: why.text(lang) for lang in ("en", "zh")}
            for name, why in _reasons(summary, (*_FIGURES, *days))
        },
    }


def _plain(figure: Figure[Any]) -> Any:
    if isinstance(figure.value, tuple):
        return [attrs.asdict(share) for share in figure.value]
    return figure.value


def _reasons(summary: Summary, names: tuple[str, ...]) -> Iterator[tuple[str, Message]]:
    for name in names:
        figure: Figure[Any] = getattr(summary, name)
        if figure.reason is not None:
            yield name, figure.reason


def report_lines(
    summary: Summary, lang: str = "en", words: MessageCatalogue = CATALOGUE
) -> Iterator[tuple[str, str, bool]]:
    """The report as (what, how much, whether it rests on reconstructed days), in *lang*."""
    words = words.naming(summary.labels)
    data = report_data(summary)
    reasons = dict(_reasons(summary, (*_FIGURES, "late_replies", "replies_in_time")))

    def line(name: str, value: Any, rests_on_days: bool = False) -> tuple[str, str, bool]:
        known = words.say("report-unknown", lang, why=reasons[name].text(lang)) if value is None else str(value)
        return words.say(f"report-{name}", lang), known, rests_on_days and summary.reconstructed > 0

    for name in LINES:
        yield line(name, data[name])
    for category, count in (data["categories"] or {}).items():
        named = words.say("report-no_category", lang) if category == NO_CATEGORY else shown(category, lang)
        yield f"  {named}", str(count), False
    for share in data["ordinary_outcomes"] or ():
        yield f"  {words.label(share['label'], lang, 'outcome')}", f"{share['count']} ({share['share']} %)", False
    days = data["reconstructed"]
    for name in LINES_OF_DAYS:
        yield line(name, days[name], True)
    for channel, count in days["supervisions"]["by_channel"].items():
        yield f"  {words.label(channel, lang, 'channel')}", str(count), summary.reconstructed > 0
    yield line("answered_late", days["supervisions"]["answered_late"], True)
