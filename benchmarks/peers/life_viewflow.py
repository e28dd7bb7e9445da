"""The life by ``viewflow.fsm`` of the package ``django-viewflow``, without Django's models."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import django
from django.conf import settings

if not settings.configured:
    settings.configure(INSTALLED_APPS=[])
    django.setup()

from viewflow import fsm


class Stage(Enum):
    """Where a suggestion stands."""

    NEW = "new"
    RECEIVED = "received"
    ASSIGNED = "assigned"
    HANDLING = "handling"
    REPLIED = "replied"
    EVALUATED = "evaluated"


class Matter:
    """A suggestion."""

    stage = fsm.State(Stage, default=Stage.NEW)
    is_heard = False

    def was_heard(self) -> bool:
        """The guard."""
        return self.is_heard

    @stage.transition(source=Stage.NEW, target=Stage.RECEIVED)
    def receive(self) -> None:
        """It comes in."""

    @stage.transition(source=Stage.RECEIVED, target=Stage.ASSIGNED)
    def assign(self) -> None:
        """A unit gets it."""

    @stage.transition(source=Stage.ASSIGNED, target=Stage.HANDLING)
    def accept(self) -> None:
        """The unit signs for it."""

    @stage.transition(source=Stage.HANDLING, target=Stage.HANDLING)
    def hear(self) -> None:
        """The unit speaks with the deputy."""
        self.is_heard = True

    @stage.transition(source=Stage.HANDLING, target=Stage.REPLIED, conditions=[was_heard])
    def reply(self) -> None:
        """The unit answers."""

    @stage.transition(source=Stage.REPLIED, target=Stage.EVALUATED)
    def evaluate(self) -> None:
        """The deputy judges."""


def lived(verbs: Sequence[str]) -> str:
    """A whole life."""
    matter = Matter()
    for verb in verbs:
        getattr(matter, verb)()
    return str(matter.stage.value)


WAYS = {"viewflow.fsm": (lived, "keeps states, guard; no history, terms, actors, reasons")}
