"""State machine: how is a lifecycle's table built, and does it agree with the state machine it comes from?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from transitions import EventData, Machine

from handleflow.model import Act, Suggestion
from handleflow.rules import Lifecycle, Transition

_NOTHING = "(nothing)"  # the machine wants a name for the state before receipt

Table = Mapping[tuple[str, type[Act]], tuple[Transition, ...]]


class _Passage:
    """A transition as the machine's condition: it is asked with the role and the suggestion the act leaves."""

    def __init__(self, transition: Transition) -> None:
        self.transition = transition

    def __call__(self, event: EventData) -> bool:
        return self.transition.lets(event.kwargs["role"], event.kwargs["after"])


class _Walk:
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
    for transition in lifecycle.transitions:
        built.add_transition(
            transition.act.verb, transition.source or _NOTHING, transition.target, conditions=_Passage(transition)
        )
    return built


@lru_cache(maxsize=256)
def table(lifecycle: Lifecycle) -> Table:
    """
    The transitions of each (state, act), in order, compiled from the machine: what the hot path walks.

    Iterates the machine's own dictionaries; indexing them would make a state a legal source.
    """
    compiled: dict[tuple[str, type[Act]], tuple[Transition, ...]] = {}
    for event in machine(lifecycle).events.values():
        for found in event.transitions.values():
            conditions: list[object] = [c.func for one in found for c in one.conditions]
            ways = tuple(passage.transition for passage in conditions if isinstance(passage, _Passage))
            compiled[ways[0].source, ways[0].act] = ways
    return compiled


def walk(lifecycle: Lifecycle, state: str, act: type[Act], role: str, after: Suggestion) -> str | None:
    """Where the machine itself goes, or None: what the table is held against."""
    built = machine(lifecycle)
    event = built.events.get(act.verb)
    if event is None or (state or _NOTHING) not in event.transitions:
        return None
    position = _Walk(state or _NOTHING)
    moved = event.trigger(position, role=role, after=after)
    return position.state if moved else None
