"""The life by the package ``django-fsm-2``: a model of Django that is never saved."""

from __future__ import annotations

from collections.abc import Sequence

import django
from django.conf import settings

if not settings.configured:
    settings.configure(INSTALLED_APPS=[])
    django.setup()

from django.db import models
from django_fsm import FSMField, transition


def _was_heard(matter: Matter) -> bool:
    return matter.is_heard


class Matter(models.Model):
    """A suggestion."""

    state = FSMField(default="new", protected=True)
    is_heard = False

    class Meta:
        """It belongs to no application."""

        app_label = "benchmarks"

    @transition(field=state, source="new", target="received")
    def receive(self) -> None:
        """It comes in."""

    @transition(field=state, source="received", target="assigned")
    def assign(self) -> None:
        """A unit gets it."""

    @transition(field=state, source="assigned", target="handling")
    def accept(self) -> None:
        """The unit signs for it."""

    @transition(field=state, source="handling", target="handling")
    def hear(self) -> None:
        """The unit speaks with the deputy."""
        self.is_heard = True

    @transition(field=state, source="handling", target="replied", conditions=[_was_heard])
    def reply(self) -> None:
        """The unit answers."""

    @transition(field=state, source="replied", target="evaluated")
    def evaluate(self) -> None:
        """The deputy judges."""


def lived(verbs: Sequence[str]) -> str:
    """A whole life."""
    matter = Matter()
    for verb in verbs:
        getattr(matter, verb)()
    return str(matter.state)


WAYS = {"django-fsm-2": (lived, "keeps states, guard; no history, terms, actors, reasons; not saved")}
