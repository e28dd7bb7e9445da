"""The life by the package ``transitions``: a machine for each suggestion, and one machine for all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from transitions import Machine

if TYPE_CHECKING:
    from transitions.core import TransitionConfigDict

STATES = ["new", "received", "assigned", "handling", "replied", "evaluated"]
TRANSITIONS: list[TransitionConfigDict] = [
    {"trigger": "receive", "source": "new", "dest": "received"},
    {"trigger": "assign", "source": "received", "dest": "assigned"},
    {"trigger": "accept", "source": "assigned", "dest": "handling"},
    {"trigger": "hear", "source": "handling", "dest": None, "after": "on_heard"},
    {"trigger": "reply", "source": "handling", "dest": "replied", "conditions": "was_heard"},
    {"trigger": "evaluate", "source": "replied", "dest": "evaluated"},
]


class Matter:
    """A suggestion as a model: its state, and whether the deputy was heard."""

    state: str
    is_heard = False

    def on_heard(self) -> None:
        """The unit spoke with the deputy."""
        self.is_heard = True

    def was_heard(self) -> bool:
        """The guard."""
        return self.is_heard


def machine(model: Matter | None) -> Machine:
    """The life's machine, bound to a model or to none."""
    return Machine(model=model, states=STATES, transitions=TRANSITIONS, initial="new", auto_transitions=False)


SHARED = machine(None)


def of_its_own(verbs: Sequence[str]) -> str:
    """A machine for each suggestion."""
    matter = Matter()
    machine(matter)
    for verb in verbs:
        getattr(matter, verb)()
    return matter.state


def bound(verbs: Sequence[str]) -> str:
    """One machine, to which each suggestion is added."""
    matter = Matter()
    SHARED.add_model(matter)
    for verb in verbs:
        getattr(matter, verb)()
    SHARED.remove_model(matter)
    return matter.state


def unbound(verbs: Sequence[str]) -> str:
    """One machine that never knows its suggestions, as the library builds its table from."""
    matter = Matter()
    matter.state = "new"
    for verb in verbs:
        SHARED.events[verb].trigger(matter)
    return matter.state


LACKS = "keeps states, guard; no history, terms, actors, reasons"
WAYS = {
    "transitions, a machine each": (of_its_own, LACKS),
    "transitions, shared": (bound, LACKS),
    "transitions, model-less": (unbound, LACKS),
}
