"""Read model of open work: how does every open suggestion stand today, and who holds it?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

import attrs
from attrs import field

from handleflow.core.due_day import awaits_notice
from handleflow.core.lights import light_of
from handleflow.core.term_status import TermStatus, term_status
from handleflow.errors import UnknownRulebook, in_words
from handleflow.legal_time import Day
from handleflow.model import Suggestion, Term, TermKey
from handleflow.model.changing import changed
from handleflow.model.supervision import Supervision
from handleflow.party import name_of, plain_party
from handleflow.rules import Rulebook, WithRulebook
from handleflow.rules.term_rules import COMMITMENT
from handleflow.values import frozen
from handleflow.views.access import MARK, WITHHELD, Level, Sees, nobody_sees, redacted, shown
from handleflow.views.entry_text import supervision_text
from handleflow.words import CATALOGUE, MessageCatalogue, say

BOARD_COLUMNS = ("id", "title", "unit", "leader", "state", "waits_for", "is", "light", "last_said")


@frozen
class BoardLine:
    """
    One unit's part in an open suggestion, or an open suggestion no unit has.

    *waits_for* is the term whose day comes first, of the unit or of the whole, with its day and where that
    stands; one whose clock stands, nobody knows until when, has no day and comes after those that have.
    *awaits_notice* is true where a holiday notice that has not come may still move that day. *light* is the colour of
    the days as the rulebook's lights say, *progress* the newest colour somebody gave the unit's work.
    *last_said* is the newest supervision of the unit.

    Of one that its reader may not see *title*, the words of *last_said* and *unjudged* are ``MARK``.

    *unjudged* says why the rulebook could not be asked (a day its calendar does not reach, a host's own leader table
    that raised): *leader*, *term_status* and *light* are not known then. It is empty where all is well. *rules* is
    the rulebook itself, whose words the line is shown in.
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
    term_status: TermStatus | None
    light: str
    progress: str
    last_said: Supervision | None
    unjudged: str = ""
    awaits_notice: bool = False
    rules: Rulebook | None = field(default=None, eq=False, repr=False)

    @property
    def is_overdue(self) -> bool:
        """Whether the day of what it waits for has passed."""
        return self.term_status is not None and self.term_status.status == "overdue"

    def words(self, words: MessageCatalogue = CATALOGUE) -> MessageCatalogue:
        """*words* with what the rulebook of the suggestion calls its codes."""
        return words.naming(self.rules.labels) if self.rules else words


def board(suggestions: Iterable[WithRulebook], on: Day, sees: Sees = nobody_sees) -> tuple[BoardLine, ...]:
    """
    Every open suggestion as it stands on a day, a line a unit, the most urgent first, as its reader *sees* it.

    Each is judged by itself: one that cannot be has its lines all the same, with the reason in ``unjudged``. So has
    one whose rulebook nobody holds, over or not: only the rulebook knows.
    """
    lines = [line for each in suggestions for line in _as_seen(_lines(*each, on), sees(each[1]))]
    return tuple(sorted(lines, key=lambda line: _urgency(line, on)))


def _as_seen(lines: Iterator[BoardLine], level: Level) -> Iterator[BoardLine]:
    """Judged by all that is known; withheld are the words, those of a host's own error among them."""
    for line in lines:
        why = MARK if line.unjudged else ""
        withheld = {"title": MARK, "last_said": redacted(line.last_said), "unjudged": why}
        yield changed(line, **withheld) if level == WITHHELD else line


def _urgency(line: BoardLine, on: Day) -> tuple[bool, Day, bool, str, str]:
    """What has the nearest day comes first, what waits for nothing last."""
    return line.due_on is None, line.due_on or on, line.waits_for is None, line.id, line.unit


def grouped(
    lines: Iterable[BoardLine], by: Callable[[BoardLine], str]
) -> tuple[tuple[str, tuple[BoardLine, ...]], ...]:
    """The lines of each unit or each leader together, in the order of their names; nobody's come last."""
    named = sorted(lines, key=lambda line: (not by(line), name_of(by(line)), by(line)))
    return tuple((name, tuple(group)) for name, group in groupby(named, by))


def _promised(suggestion: Suggestion, unit: str) -> TermKey | None:
    """What a unit promised without a day, which therefore has no term."""
    promised = next((c for c in suggestion.open_commitments if c.unit == unit), None)
    return TermKey(COMMITMENT.id, unit, promised.round, promised.number) if promised else None


def _lines(rules: Rulebook | UnknownRulebook, suggestion: Suggestion, on: Day) -> Iterator[BoardLine]:
    if isinstance(rules, Rulebook) and rules.is_over(suggestion):
        return
    for unit, role in [(a.unit, a.role) for a in suggestion.active()] or [("", "")]:
        running = [t for t in suggestion.running_terms() if t.key.unit in {"", unit} and t.due_on is not None]
        first = min(
            running, key=lambda term: (term.awaited_on is None, term.due_on or on, term.key.rule), default=None
        )
        line = _unjudged(rules, suggestion, unit, role, first)
        try:
            yield _judged(line, rules, suggestion, running, first, on)
        except Exception as error:  # whatever a host's leader table raises: one line stops no other
            yield changed(line, unjudged=in_words(error))


def _unjudged(
    rules: Rulebook | UnknownRulebook, suggestion: Suggestion, unit: str, role: str, first: Term | None
) -> BoardLine:
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
        due_on=first.awaited_on if first else None,
        term_status=None,
        light="",
        progress=marks[-1].colour if marks else "",
        last_said=said[-1] if said else None,
        rules=rules if isinstance(rules, Rulebook) else None,
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
        term_status=term_status(rules.calendar, first, on) if first else None,
        light=light_of(rules, running, on),
        awaits_notice=first is not None and awaits_notice(rules.calendar, first),
    )


WordsOf = Callable[[Supervision], MessageCatalogue]
"""Where the words of a supervision are: ``engine.words_of``."""


def board_data(lines: Iterable[BoardLine], words_of: WordsOf | None = None) -> list[dict[str, Any]]:
    """
    The board as plain data, days as ISO text, what is unknown as None.

    What was said last has its words in both languages, by *words_of*; without it, by the rulebook of the line alone.
    """
    return [_line_data(line, words_of) for line in lines]


def _said_data(line: BoardLine, said: Supervision, words_of: WordsOf | None) -> dict[str, Any]:
    is_its_own = line.rules is not None and line.rules.ref == said.rulebook
    words = words_of(said) if words_of else line.words() if is_its_own else CATALOGUE
    texts = {lang: supervision_text(said, lang, words) for lang in ("en", "zh")}
    return {"on": said.on.isoformat(), "channel": said.channel, "rung": said.rung, "text": said.text, **texts}


def _line_data(line: BoardLine, words_of: WordsOf | None) -> dict[str, Any]:
    said = line.last_said
    return {
        "id": line.id,
        "title": line.title,
        "state": line.state,
        "is_key": line.is_key,
        "unit": plain_party(line.unit) or None,
        "role": line.role or None,
        "leader": plain_party(line.leader) or None,
        "waits_for": line.waits_for.rule if line.waits_for else None,
        "due_on": line.due_on.isoformat() if line.due_on else None,
        "provisional": line.awaits_notice,
        "term_status": attrs.asdict(line.term_status) if line.term_status else None,
        "light": line.light or None,
        "progress": line.progress or None,
        "last_said": _said_data(line, said, words_of) if said else None,
        "unjudged": line.unjudged or None,
    }


def board_lines(
    lines: Iterable[BoardLine], lang: str = "en", words: MessageCatalogue = CATALOGUE
) -> Iterator[tuple[str, ...]]:
    """The board as rows of words, under ``BOARD_COLUMNS``: *words*, and what the rulebooks call their codes."""
    for line in lines:
        label = line.words(words).label
        due = words.say("board-due", lang, on=line.due_on, is_provisional=line.awaits_notice) if line.due_on else ""
        waits = f"{label(line.waits_for.rule, lang, 'term')} {due}".strip() if line.waits_for else ""
        said = f"{line.last_said.on} {label(line.last_said.channel, lang, 'channel')}" if line.last_said else ""
        colours = " / ".join(label(colour, lang, "light") for colour in (line.light, line.progress) if colour)
        title = f"★ {shown(line.title, lang)}" if line.is_key else shown(line.title, lang)
        yield (
            line.id,
            title,
            name_of(line.unit),
            name_of(line.leader),
            label(line.state, lang, "state"),
            waits,
            _days_in_words(line, lang, words),
            colours,
            said,
        )


def _days_in_words(line: BoardLine, lang: str, words: MessageCatalogue) -> str:
    found = line.term_status
    if line.unjudged:
        return words.say("board-unjudged", lang)
    if found is None:
        return ""
    if found.status == "overdue":
        late = words.say("board-days_late", lang, days=found.days_late)
        return words.say("board-awaits_notice", lang) if line.awaits_notice else late
    if found.status == "paused" and line.due_on is not None:
        return words.say("board-paused", lang, days=found.days_left)
    if found.status == "not_due":
        return words.say("board-days_left", lang, days=found.days_left)
    return words.label(found.status, lang)


def board_columns(lang: str = "en") -> tuple[str, ...]:
    """The heads of the board's columns."""
    return tuple(say(f"board-column_{name}", lang) for name in BOARD_COLUMNS)
