"""The life by the package ``automat``: a machine built once, an instance for each suggestion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from attrs import define
from automat import TypeMachineBuilder


class Matter(Protocol):
    """What may be told."""

    def receive(self) -> None:
        """It comes in."""

    def assign(self) -> None:
        """A unit gets it."""

    def accept(self) -> None:
        """The unit signs for it."""

    def hear(self) -> None:
        """The unit speaks with the deputy."""

    def reply(self) -> None:
        """The unit answers."""

    def evaluate(self) -> str:
        """The deputy judges; where it ended."""


@define
class Known:
    """What is known beside the state."""

    is_heard: bool = False


def _built() -> TypeMachineBuilder[Matter, Known]:
    builder = TypeMachineBuilder(Matter, Known)
    new, received, assigned = builder.state("new"), builder.state("received"), builder.state("assigned")
    handling, heard, replied = builder.state("handling"), builder.state("heard"), builder.state("replied")
    evaluated = builder.state("evaluated")
    new.upon(Matter.receive).to(received).returns(None)
    received.upon(Matter.assign).to(assigned).returns(None)
    assigned.upon(Matter.accept).to(handling).returns(None)
    handling.upon(Matter.hear).to(heard).returns(None)
    heard.upon(Matter.reply).to(replied).returns(None)
    replied.upon(Matter.evaluate).to(evaluated).returns("evaluated")
    return builder


MACHINE = _built().build()


def lived(verbs: Sequence[str]) -> str:
    """A whole life."""
    matter = MACHINE(Known())
    for verb in verbs:
        ended = getattr(matter, verb)()
    return str(ended)


WAYS = {"automat": (lived, "keeps states, the guard as a state of its own; no history, terms, actors, reasons")}
