"""What must never happen, whatever people do and however the days fall?"""

from __future__ import annotations

from hypothesis import settings
from stories import handling, replied

from city_rules import RULES
from handleflow import Entry, Suggestion
from handleflow.acts import Close, Reply
from handleflow.testing.monitors import library_monitors, monitor, never, watch
from handleflow.testing.strategies import rulebook_machine


@monitor("nothing is closed while a promise is open")
def nothing_closed_while_promised(before: Suggestion, entry: Entry, after: Suggestion) -> bool:
    return not isinstance(entry.event, Close) or not before.open_commitments


@monitor("only a unit that signed replies")
def only_who_signed_replies(before: Suggestion, entry: Entry, after: Suggestion) -> bool:
    part = before.assignment_of(entry.by.name)
    return not isinstance(entry.event, Reply) or (part is not None and part.is_accepted)


NEVER = (
    *library_monitors(RULES),
    nothing_closed_while_promised,
    only_who_signed_replies,
    never("replied", before="accepted"),
)

TestRandomLives = rulebook_machine(RULES, *NEVER).TestCase
TestRandomLives.settings = settings(max_examples=40, stateful_step_count=25, deadline=None, derandomize=True)


def test_an_ordinary_life_breaks_no_monitor() -> None:
    assert watch(replied(), *NEVER) == ()


def test_a_monitor_tells_which_entry_broke_it() -> None:
    breaches = watch(handling(), never("contact_recorded", before="replied"))

    assert [str(breach) for breach in breaches] == [
        "no contact_recorded before replied: broken by entry 7 (contact_recorded, 2026-03-09)"
    ]
