"""How long may a unit say that it is not the one? The guard of a window in time."""

from __future__ import annotations

import pytest

from handleflow.acts import RequestReturn
from handleflow.errors import BrokenRulebook
from tests.beginnings import WATER, assigned, rulebook

WINDOW = rulebook(
    guard=[
        {
            "ask": "return_in_time",
            "of": ["request_return"],
            "cite": "host",
            "settings": {"span": "5 workdays", "anchor": "assigned"},
        }
    ]
)


@pytest.mark.parametrize(("on", "reasons"), [("2026-02-24", ()), ("2026-02-25", ("return_in_time",))])
def test_a_return_is_asked_for_in_time(on: str, reasons: tuple[str, ...]) -> None:
    """Five working days after 2026-02-10: 11, 12, 13, 14 (make-up Saturday) and 24 February."""
    assert assigned(WINDOW).when(RequestReturn("not ours"), by=WATER, on=on).rules == reasons


def test_counted_from_acceptance_it_waits_for_it() -> None:
    settings = {"span": "5 workdays", "anchor": "accepted"}
    guard = {"ask": "return_in_time", "of": ["request_return"], "cite": "host", "settings": settings}
    story = assigned(rulebook(guard=[guard]))

    assert story.when(RequestReturn("not ours"), by=WATER, on="2026-04-01").rules == ()


def test_a_stranger_has_no_window() -> None:
    outcome = assigned(WINDOW, "Roads Bureau").when(RequestReturn("not ours"), by=WATER, on="2026-02-25")

    assert outcome.rules == ("not_its_unit",)


def test_a_span_that_is_none_is_a_finding() -> None:
    settings = {"span": "ten moons", "anchor": "assigned"}
    with pytest.raises(BrokenRulebook, match="guard 'return_in_time', settings, span: 'ten moons' is not a span"):
        rulebook(guard=[{"ask": "return_in_time", "of": ["request_return"], "cite": "host", "settings": settings}])
