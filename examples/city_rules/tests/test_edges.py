"""Is every day at the edge of a term on its right side?"""

from __future__ import annotations

import pytest
from stories import WATER, assigned, handling

from city_rules import RULES
from handleflow.acts import Reply
from handleflow.testing.boundaries import BoundaryDay, boundary_days

(ASSIGNMENT, REPLY) = assigned().suggestion.terms
EDGES = boundary_days(RULES, REPLY)


def test_every_edge_of_the_reply_is_known() -> None:
    assert [str(edge) for edge in EDGES][:8] == [
        "the anchor 2026-03-04",
        "the day after the anchor 2026-03-05",
        "the day before rung reminded 2026-05-19",
        "rung reminded 2026-05-20",
        "the day before the due day 2026-06-03",
        "the day before rung urged and the due day 2026-06-04",
        "rung urged and the day after the due day and the first working day after the due day 2026-06-05",
        "the end of the month 2026-06-30",
    ]


@pytest.mark.parametrize("edge", [edge for edge in EDGES if str(edge.on) >= "2026-03-09"], ids=str)
def test_a_reply_is_late_on_exactly_the_days_after_its_own(edge: BoundaryDay) -> None:
    outcome = handling().when(Reply("A", "New pipes are laid."), by=WATER, on=edge.on)

    assert outcome.terms["reply"].is_late is (str(edge.on) > "2026-06-04")
