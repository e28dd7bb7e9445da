"""What is asked for, and what became of it: single acts, and many of which one stops no other."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable, Iterator, Sequence
from typing import ParamSpec, TypeVar

from handleflow.errors import HandleflowError, NonsenseError, StaleSuggestion, WrongType, in_words
from handleflow.model import Act, Actor, Entry, Suggestion
from handleflow.model.field_types import require_types
from handleflow.model.fields import is_text
from handleflow.store import Batch, Store
from handleflow.store.projection import unknown_suggestion
from handleflow.values import frozen
from handleflow.words import Message

P = ParamSpec("P")
T = TypeVar("T")

_log = logging.getLogger(__name__)
_MOST = 10_000


@frozen
class Request:
    """An act asked of a suggestion, with what ``Engine.execute`` takes beside them."""

    id: str
    act: Act
    by: Actor
    at: datetime.datetime | None = None
    expect: int | None = None
    key: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse what is no act, nobody, or no instant; an id that is none is an answer, and not refused here."""
        if isinstance(self.act, type):
            raise WrongType(Message("error-class_for_act", {"act": self.act.__name__}))
        require_types(self, "id")


def size_of_group(together: int) -> int:
    """
    How many go together: one at least, and no more than others can wait for while one transaction writes them.

    Raises:
        NonsenseError: when it is anything else.
    """
    if not 1 <= together <= _MOST:
        raise NonsenseError(Message("error-no_group", {"given": together, "most": _MOST}))
    return together


def rounds(requests: Sequence[Request]) -> Iterator[dict[int, Request]]:
    """
    *requests* by their positions, one act a suggestion in each round; its next one waits for the next round.

    What is asked under no id, or is no request, is in none of them.
    """
    left = {position: request for position, request in enumerate(requests) if _has_id(request)}
    while left:
        first_of = {request.id: position for position, request in reversed(left.items())}
        current = {position: left[position] for position in sorted(first_of.values())}
        yield current
        left = {position: request for position, request in left.items() if position not in current}


def _has_id(request: object) -> bool:
    return isinstance(request, Request) and is_text(request.id)


def attempted(attempt: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T | Exception:
    """What *attempt* gives, or the error it met, a host's own code's too: of many, one stops no other."""
    try:
        return attempt(*arguments, **named)
    except Exception as error:
        return error


class Outcomes:
    """What became of many suggestions, one after another: what was written, what was stale, what failed and why."""

    def __init__(self) -> None:
        self.written: list[tuple[str, Entry]] = []
        self.stale: list[str] = []
        self.failed: list[tuple[str, str]] = []
        self.error = ""

    def add(self, id: str, outcome: list[Batch] | Exception) -> bool:
        """Note what was written of *id*, or why it could not be; whether anything was."""
        if isinstance(outcome, StaleSuggestion):
            self.stale.append(id)
        elif isinstance(outcome, Exception):
            self.failed.append((id, in_words(outcome)))
            log_foreign(outcome, f"suggestion {id}")
        else:
            self.written.extend((id, entry) for batch in outcome for entry in batch.entries)
        return isinstance(outcome, list) and bool(outcome)

    def break_off(self, error: Exception) -> None:
        """Note what stood in the way of all that was left."""
        self.error = "; ".join(filter(None, (self.error, in_words(error))))
        _log.error("broken off: %s", in_words(error), exc_info=error)


def log_foreign(error: Exception, about: str) -> None:
    """Log an error that is not this library's with its traceback: it shows where in a host's code it arose."""
    if not isinstance(error, HandleflowError):
        _log.error("%s: %s", about, in_words(error), exc_info=error)


def look_up(store: Store, id: str) -> Suggestion:
    """
    The suggestion of one suggestion.

    Raises:
        UnknownSuggestion: when there is none.
    """
    suggestion = store.load(id) if is_text(id) else None
    if suggestion is None:
        raise unknown_suggestion(id)
    return suggestion
