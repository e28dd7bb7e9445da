"""The life by the package ``python-statemachine``, version 3: an instance for each suggestion."""

from __future__ import annotations

from collections.abc import Sequence

from statemachine import State, StateMachine


class Matter(StateMachine):
    """A suggestion."""

    new = State(initial=True)
    received = State()
    assigned = State()
    handling = State()
    replied = State()
    evaluated = State(final=True)

    receive = new.to(received)
    assign = received.to(assigned)
    accept = assigned.to(handling)
    hear = handling.to.itself(internal=True, on="on_heard")
    reply = handling.to(replied, cond="was_heard")
    evaluate = replied.to(evaluated)

    is_heard = False

    def on_heard(self) -> None:
        """The unit spoke with the deputy."""
        self.is_heard = True

    def was_heard(self) -> bool:
        """The guard."""
        return self.is_heard


def lived(verbs: Sequence[str]) -> str:
    """A whole life."""
    matter = Matter()
    for verb in verbs:
        matter.send(verb)
    (state,) = matter.configuration
    return str(state.id)


WAYS = {"python-statemachine": (lived, "keeps states, guard; no history, terms, actors, reasons")}
