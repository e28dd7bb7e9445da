"""The life as an aggregate of the package ``eventsourcing``; states and guard are written by hand in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from benchmarks import _lives as lives


class Matter(Aggregate):
    """A suggestion with an event for each fact."""

    @event("Received")
    def __init__(self, title: str, deputy: str) -> None:
        self.title, self.deputy, self.state, self.is_heard = title, deputy, "received", False

    def _require(self, state: str) -> None:
        if self.state != state:
            raise ValueError(f"not from {self.state!r}")

    @event("Assigned")
    def assign(self, unit: str) -> None:
        """A unit gets it."""
        self._require("received")
        self.unit, self.state = unit, "assigned"

    @event("Accepted")
    def accept(self) -> None:
        """The unit signs for it."""
        self._require("assigned")
        self.state = "handling"

    @event("Heard")
    def hear(self, means: str, text: str) -> None:
        """The unit speaks with the deputy."""
        self._require("handling")
        self.is_heard, self.means, self.text = True, means, text

    @event("Replied")
    def reply(self, outcome: str, text: str) -> None:
        """The unit answers."""
        self._require("handling")
        if not self.is_heard:
            raise ValueError("the deputy was not heard")
        self.outcome, self.answer, self.state = outcome, text, "replied"

    @event("Evaluated")
    def evaluate(self, result: str) -> None:
        """The deputy judges."""
        self._require("replied")
        self.result, self.state = result, "evaluated"


RECORDED_AT: dict[str, tuple[str, ...]] = {
    "assign": (lives.WATER.name,),
    "accept": (),
    "hear": ("phone", lives.CALL),
    "reply": ("A", lives.REPLY),
    "evaluate": ("satisfied",),
}
"""What is said with each verb after the first."""


def lived(verbs: Sequence[str] = lives.VERBS) -> Matter:
    """A whole life."""
    matter = Matter(lives.TITLE, lives.DEPUTY.name)
    for verb in verbs[1:]:
        getattr(matter, verb)(*RECORDED_AT[verb])
    return matter


def kept(app: Application[Any], verbs: Sequence[str]) -> Matter:
    """A whole life, loaded and saved around each act."""
    matter = Matter(lives.TITLE, lives.DEPUTY.name)
    app.save(matter)
    for verb in verbs[1:]:
        matter = app.repository.get(matter.id)
        getattr(matter, verb)(*RECORDED_AT[verb])
        app.save(matter)
    return matter
