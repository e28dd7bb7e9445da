"""Temporal validity (施行与失效): does the text that a rulebook stands on hold on a day, as far as is known?"""

from __future__ import annotations

from collections.abc import Iterator

from handleflow.errors import Reason
from handleflow.legal_time import Day
from handleflow.rules.rulebook import Rulebook


def out_of_force(rules: Rulebook, on: Day) -> Iterator[Reason]:
    """A warning for each thing that says that *rules* do not hold on that day; none where nothing is known."""
    name, since, until, newer = str(rules.ref), rules.in_force_from, rules.in_force_until, rules.superseded_by
    if since is not None and on < since:
        yield Reason("not_yet_in_force", {"rulebook": name, "on": on, "since": since}, "warning")
    if until is not None and on > until:
        yield Reason("no_longer_in_force", {"rulebook": name, "on": on, "until": until}, "warning")
    if newer is not None and on >= newer.doubted_from:
        yield Reason(
            "superseded",
            {"rulebook": name, "on": on, "what": newer.what, "text_of": newer.text_of, "since": newer.in_force_from},
            "warning",
        )
