"""How is a lifecycle's table built, and does it agree with the state machine it comes from?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from transitions import EventData, Machine

from handleflow.model import Act, Suggestion
from handleflow.rules import Arrow, Lifecycle

_NOTHING = "(nothing)"  # the machine wants a name for the state before receipt

Table = Mapping[tuple[str, type[Act]], tuple[Arrow, ...]]


class _Passage:
    """An arrow as the machine's condition: it is asked with the role and the picture the act leaves."""

    def __init__(self, arrow: Arrow) -> None:
        self.arrow = arrow

    def __call__(self, event: EventData) -> bool:
        return self.arrow.lets(event.kwargs["role"], event.kwargs["after"])


class _Standing:
    """Where one walk through the machine stands; the machine itself is never bound to a suggestion."""

    def __init__(self, state: str) -> None:
        self.state = state


@lru_cache(maxsize=256)
def machine(lifecycle: Lifecycle) -> Machine:
    """The one shared, flat, model-less machine of a lifecycle."""
    built = Machine(
        model=None,
        states=[state or _NOTHING for state in ("", *lifecycle.states)],
        initial=_NOTHING,
        auto_transitions=False,
        send_event=True,
        queued=False,
    )
    for arrow in lifecycle.arrows:
        built.add_transition(arrow.act.verb, arrow.source or _NOTHING, arrow.target, conditions=_Passage(arrow))
    return built


@lru_cache(maxsize=256)
def table(lifecycle: Lifecycle) -> Table:
    """
    The arrows of each (state, act), in order, compiled from the machine: what the hot path walks.

    Iterates the machine's own dictionaries; indexing them would make a state a legal source.
    """
    compiled: dict[tuple[str, type[Act]], tuple[Arrow, ...]] = {}
    for event in machine(lifecycle).events.values():
        for found in event.transitions.values():
            asked: list[object] = [c.func for transition in found for c in transition.conditions]
            arrows = tuple(passage.arrow for passage in asked if isinstance(passage, _Passage))
            compiled[arrows[0].source, arrows[0].act] = arrows
    return compiled


def walk(lifecycle: Lifecycle, state: str, act: type[Act], role: str, after: Suggestion) -> str | None:
    """Where the machine itself goes, or None: what the table is held against."""
    built = machine(lifecycle)
    event = built.events.get(act.verb)
    if event is None or (state or _NOTHING) not in event.transitions:
        return None
    standing = _Standing(state or _NOTHING)
    moved = event.trigger(standing, role=role, after=after)
    return standing.state if moved else None
