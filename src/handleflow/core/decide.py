"""May this act be, and what does it bring about?"""

from __future__ import annotations

from collections.abc import Iterator

from handleflow.core._consequences import write_consequences
from handleflow.core._machine import table
from handleflow.core._misses import write_misses
from handleflow.core._pen import Pen
from handleflow.core.witness import tell
from handleflow.errors import Objection, Refused
from handleflow.model import Act, Actor, Asked, Entry, Suggestion
from handleflow.model.changing import changed
from handleflow.rules import Arrow, Question, Rulebook
from handleflow.rules.standing import STANDING, has_room_for, told_in_time
from handleflow.values import frozen
from handleflow.words import label
from handleflow.words import refusals as say


@frozen
class Settled:
    """What a granted act leaves: its entries in the history, and the picture after them."""

    entries: tuple[Entry, ...]
    suggestion: Suggestion


def decide(rules: Rulebook, suggestion: Suggestion, act: Act, asked: Asked) -> tuple[Entry, ...] | Refused:
    """The entries that *act*, granted, leaves in the history; or a refusal with every objection."""
    settled = settle(rules, suggestion, act, asked)
    return settled if isinstance(settled, Refused) else settled.entries


def settle(rules: Rulebook, suggestion: Suggestion, act: Act, asked: Asked) -> Settled | Refused:
    """
    What *act*, granted, leaves; or a refusal with every objection.

    First the misses up to that day, then the act, then its consequences. The lifecycle names the
    arrow: without one the state is the only objection.
    """
    arrows = table(rules.lifecycle).get((suggestion.state, type(act)), ())
    pen = Pen(rules, suggestion)
    write_misses(pen, asked)
    answers: list[tuple[str, bool]] = []
    objections = tuple(_objections(rules, pen.suggestion, act, asked, arrows, answers))
    if objections:
        tell(rules, suggestion, act, asked, objections=objections, answers=tuple(answers))
        return Refused(suggestion.id, act.verb, objections, label(act.verb, "zh"))
    before = pen.suggestion
    after = act.effect(before, asked)
    pen.write_down(act, asked, _target(arrows, asked.by.role, after), after)
    write_consequences(pen, before, act, asked)
    entries = tuple(pen.entries)
    tell(rules, suggestion, act, asked, entries, answers=tuple(answers))
    return Settled(entries, pen.suggestion)


def open_verbs(rules: Rulebook, suggestion: Suggestion, by: Actor) -> tuple[str, ...]:
    """What *by* could do from here; what anybody could, where that is nothing."""
    own = open_acts(rules, suggestion, by) or (arrow.act for arrow in rules.lifecycle.leaving(suggestion.state))
    return tuple(dict.fromkeys(act.verb for act in own))


def open_acts(rules: Rulebook, suggestion: Suggestion, by: Actor) -> tuple[type[Act], ...]:
    """The acts *by* could ask for now, as far as that can be said without knowing what they would say."""
    found = {
        arrow.act: None
        for arrow in rules.lifecycle.leaving(suggestion.state)
        if by.role in arrow.roles and has_room_for(rules, arrow.act) and not any(arrow.act.hindrances(suggestion, by))
    }
    return tuple(found)


def _target(arrows: tuple[Arrow, ...], role: str, after: Suggestion) -> str:
    return next(arrow.target for arrow in arrows if arrow.lets(role, after))


def _objections(
    rules: Rulebook,
    suggestion: Suggestion,
    act: Act,
    asked: Asked,
    arrows: tuple[Arrow, ...],
    answers: list[tuple[str, bool]],
) -> Iterator[Objection]:
    if not arrows:
        yield say.wrong_state(suggestion.state, open_verbs(rules, suggestion, asked.by))
        return
    if not any(asked.by.role in arrow.roles for arrow in arrows):
        yield say.wrong_role(asked.by.role, tuple(dict.fromkeys(role for arrow in arrows for role in arrow.roles)))
    yield from told_in_time(rules, suggestion, act, asked)
    yield from act.hindrances(suggestion, asked.by)
    yield from act.objections(suggestion, asked)
    question = Question(suggestion, act, asked, rules.calendar, rules.convention)
    for standing in STANDING.get(type(act), ()):
        yield from standing(rules, question)
    for rule in rules.guards:
        if type(act) in rule.acts:
            found = rule.guard.objection(question)
            answers.append((rule.id, found is None))
            if found is not None:
                yield changed(found, citation=found.citation or str(rule.citation))
