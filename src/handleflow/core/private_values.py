"""Personal data: what does a history say of persons, in the fields that are kept apart, once it was set right?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from handleflow.acts import Correct
from handleflow.model import Entry
from handleflow.model.fields import private_fields


def private_values(history: Iterable[Entry]) -> dict[tuple[int, str], object]:
    """
    The private fields of *history*, by the number of the entry and the name of the field, as corrected last.

    What nobody told, what was cleared and what was erased is not among them; so is all of it to a reader who may not
    see it.
    """
    found: dict[tuple[int, str], object] = {}
    for entry in history:
        event = entry.event
        if isinstance(event, Correct):
            field = event.field.rpartition(".")[2]
            if (event.entry, field) in found or event.private_value is not None:
                found[event.entry, field] = event.private_value
        else:
            kind: Any = type(event)
            found |= {(entry.number, name): getattr(event, name) for name in private_fields(kind)}
    return {where: value for where, value in found.items() if value is not None}
