"""How does every open suggestion stand today, and who holds it?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from handleflow.core.standing import TermStanding, stands
from handleflow.errors import UnknownRulebook, in_words
from handleflow.legal_time import Day, Span, days_later
from handleflow.legal_time.convention import shift
from handleflow.model import Suggestion, Term, TermKey
from handleflow.model.changing import changed
from handleflow.model.supervision import Supervision
from handleflow.rules import Rulebook
from handleflow.rules.terms import COMMITMENT
from handleflow.values import frozen

WithRulebook = tuple[Rulebook | UnknownRulebook, Suggestion]
"""A suggestion with the rulebook it is pinned to, or with the error that nobody holds that one."""


@frozen
class BoardLine:
    """
    One unit's part in an open suggestion, or an open suggestion no unit has.

    *waits_for* is the term whose day comes first, of the unit or of the whole, with its day and where that
    stands. *light* is the colour of the days as the rulebook's lights say, *progress* the newest colour
    somebody gave the unit's work. *last_said* is the newest supervision of the unit.

    *unjudged* says why the rulebook could not be asked (a day its calendar does not reach, a host's own leader table
    that raised): *leader*, *standing* and *light* are not known then. It is empty where all is well.
    """

    id: str
    title: str
    state: str
    is_key: bool
    unit: str
    role: str
    leader: str
    waits_for: TermKey | None
    due_on: Day | None
    standing: TermStanding | None
    light: str
    progress: str
    last_said: Supervision | None
    unjudged: str = ""


def board(ruled: Iterable[WithRulebook], on: Day) -> tuple[BoardLine, ...]:
    """
    Every open suggestion as it stands on a day, a line a unit, the most urgent first.

    Each is judged by itself: one that cannot be has its lines all the same, with the reason in ``unjudged``.
    """
    lines = [line for rules, suggestion in ruled for line in _lines(rules, suggestion, on)]
    return tuple(sorted(lines, key=lambda line: _urgency(line, on)))


def _urgency(line: BoardLine, on: Day) -> tuple[bool, Day, bool, str, str]:
    """What has the nearest day comes first, what waits for nothing last."""
    return line.due_on is None, line.due_on or on, line.waits_for is None, line.id, line.unit


def grouped(
    lines: Iterable[BoardLine], by: Callable[[BoardLine], str]
) -> tuple[tuple[str, tuple[BoardLine, ...]], ...]:
    """The lines of each unit or each leader together, in the order of their names; nobody's come last."""
    named = sorted(lines, key=lambda line: (not by(line), by(line)))
    return tuple((name, tuple(group)) for name, group in groupby(named, by))


def light_of(rules: Rulebook, terms: Iterable[Term], on: Day) -> str:
    """
    The colour the days of *terms* have on a day: the last light any of them has come to.

    Before any, it is the first light, if that is lit by no day of its own.
    """
    reached = [0] if rules.lights and rules.lights[0].offset is None else []
    for term in terms:
        if term.due_on is not None and not term.is_paused:
            reached.extend(
                place
                for place, light in enumerate(rules.lights)
                if light.offset is not None and shift(term.due_on, light.offset, rules.calendar) <= on
            )
    return rules.lights[max(reached)].colour if reached else ""


def days_of_light(rules: Rulebook, colour: str, on: Day) -> tuple[Day | None, Day | None] | None:
    """
    From when to when a nearest day must lie for the light to have *colour* on *on*, None where it is open.

    None where no day gives that colour: people alone do. A suggestion without any day has the first light.
    """
    dated = [light for light in rules.lights if light.offset is not None]
    latest = [_latest_due(rules, light.offset, on) for light in dated if light.offset is not None]
    colours = [light.colour for light in dated]
    if colour in colours:
        place = colours.index(colour)
        after = latest[place + 1] if place + 1 < len(latest) else None
        return (days_later(after) if after else None), latest[place]
    is_first = bool(rules.lights) and rules.lights[0].offset is None and rules.lights[0].colour == colour
    return (days_later(latest[0]) if latest else None, None) if is_first else None


def _latest_due(rules: Rulebook, offset: Span, on: Day) -> Day:
    """The latest due day whose light at *offset* is lit on *on*."""
    found = shift(on, Span(-offset.n, offset.unit), rules.calendar)
    while shift(found, offset, rules.calendar) > on:
        found = days_later(found, -1)
    while shift(days_later(found), offset, rules.calendar) <= on:
        found = days_later(found)
    return found


def is_over(rules: Rulebook, suggestion: Suggestion) -> bool:
    """Whether the suggestion stands where its rulebook's lifecycle ends."""
    return suggestion.state in rules.lifecycle.final_states


def _promised(suggestion: Suggestion, unit: str) -> TermKey | None:
    """What a unit promised without a day, which therefore has no term."""
    promised = next((c for c in suggestion.open_commitments if c.unit == unit), None)
    return TermKey(COMMITMENT.id, unit, promised.round, promised.number) if promised else None


def _lines(rules: Rulebook | UnknownRulebook, suggestion: Suggestion, on: Day) -> Iterator[BoardLine]:
    known = None if isinstance(rules, UnknownRulebook) else rules
    # Where nobody holds its rulebook, the states of the library's own lifecycles say whether a life is over.
    if suggestion.is_final if known is None else is_over(known, suggestion):
        return
    for unit, role in [(a.unit, a.role) for a in suggestion.active()] or [("", "")]:
        running = [t for t in suggestion.running_terms() if t.key.unit in {"", unit} and t.due_on is not None]
        first = min(running, key=lambda term: (term.due_on or on, term.key.rule), default=None)
        line = _unjudged(suggestion, unit, role, first)
        try:
            yield _judged(line, rules, suggestion, running, first, on)
        except Exception as error:  # whatever a host's leader table raises: one line stops no other
            yield changed(line, unjudged=in_words(error))


def _unjudged(suggestion: Suggestion, unit: str, role: str, first: Term | None) -> BoardLine:
    """What is known of a unit's part without asking a rulebook."""
    said = [s for s in suggestion.supervisions if s.unit == unit or not unit]
    marks = [mark for mark in suggestion.progress_marks if mark.unit == unit]
    return BoardLine(
        id=suggestion.id,
        title=suggestion.title or "",
        state=suggestion.state,
        is_key=bool(suggestion.is_key),
        unit=unit,
        role=role,
        leader="",
        waits_for=first.key if first else _promised(suggestion, unit),
        due_on=first.due_on if first else None,
        standing=None,
        light="",
        progress=marks[-1].colour if marks else "",
        last_said=said[-1] if said else None,
    )


def _judged(
    line: BoardLine,
    rules: Rulebook | UnknownRulebook,
    suggestion: Suggestion,
    running: Iterable[Term],
    first: Term | None,
    on: Day,
) -> BoardLine:
    """
    *line* with what the rulebook says of it.

    Raises:
        Exception: whatever keeps it from saying so.
    """
    if isinstance(rules, UnknownRulebook):
        raise rules
    return changed(
        line,
        leader=rules.leader_of(suggestion, line.unit) or "",
        standing=stands(rules.calendar, first, on) if first else None,
        light=light_of(rules, running, on),
    )
