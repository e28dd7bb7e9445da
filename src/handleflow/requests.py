"""What is asked for: single acts, and many of them in groups."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import ParamSpec, TypeVar

from handleflow.errors import HandleflowError, NonsenseError
from handleflow.model import Act, Actor
from handleflow.values import frozen

P = ParamSpec("P")
T = TypeVar("T")


@frozen
class Request:
    """An act asked of a suggestion, with what ``Engine.execute`` takes beside them."""

    id: str
    act: Act
    by: Actor
    at: datetime.datetime | None = None
    expect: int | None = None
    key: str | None = None


def at_least_one(together: int) -> int:
    """
    How many go together, which is one at least.

    Raises:
        NonsenseError: when it is less.
    """
    if together < 1:
        raise NonsenseError(f"together={together}: give how many go into one transaction, 1 or more")
    return together


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """*items* in lists of *size*, the last one shorter."""
    waiting = iter(items)
    while batch := list(islice(waiting, size)):
        yield batch


def rounds(requests: Sequence[Request]) -> Iterator[dict[int, Request]]:
    """*requests* by their positions, one act a suggestion in each round; its next one waits for the next round."""
    left = dict(enumerate(requests))
    while left:
        first_of = {request.id: position for position, request in reversed(left.items())}
        current = {position: left[position] for position in sorted(first_of.values())}
        yield current
        left = {position: request for position, request in left.items() if position not in current}


def attempted(attempt: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T | HandleflowError:
    """What *attempt* gives, or the error of this library that it met: of many, one stops no other."""
    try:
        return attempt(*arguments, **named)
    except HandleflowError as error:
        return error
