"""Execution of requests: what becomes of acts that are asked for, of one and of many in groups?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from handleflow.chunks import batched
from handleflow.engine.decider import Decider
from handleflow.engine.optimistic_writer import OptimisticWriter
from handleflow.engine.requests import Request, attempted, look_up, rounds, size_of_group
from handleflow.errors import StaleSuggestion, WrongType
from handleflow.model import Suggestion
from handleflow.store import Store
from handleflow.words import Message

_TRIES = 8


class Execution:
    """Asks *decider* for what requests add, lets *writer* write it, and answers by what *store* holds then."""

    def __init__(self, store: Store, writer: OptimisticWriter, decider: Decider) -> None:
        self._store, self._writer, self._decider = store, writer, decider

    def one(self, request: Request, *, is_again: bool = False) -> Suggestion:
        """The suggestion after one act; it *is_again* asked for where a race was lost before."""
        decide = partial(self._decider.requested, request=request)
        batches = self._writer.write(request.id, decide, _TRIES, is_again=is_again)
        return batches[0].suggestion if batches else look_up(self._store, request.id)

    def many(self, requests: Iterable[Request], together: int) -> tuple[Suggestion | Exception, ...]:
        """For each of *requests* the suggestion after it, or why not, so many *together* in one transaction."""
        answers: list[Suggestion | Exception] = []
        for chunk in batched(requests, size_of_group(together)):
            found: dict[int, Suggestion | Exception] = {}
            for group in rounds(chunk):
                found |= zip(group, self._together(list(group.values())), strict=True)
            for n, request in enumerate(chunk):
                answers.append(found[n] if n in found else attempted(self._alone, request))
        return tuple(answers)

    def _alone(self, request: object) -> Suggestion:
        if isinstance(request, Request):
            return self.one(request)
        wrong = (f"requests: Request ≠ {request!r:.80}",)
        raise WrongType(Message("error-wrong_argument", {"what": "execute_many", "arguments": wrong}))

    def _together(self, group: list[Request]) -> Iterator[Suggestion | Exception]:
        by_id = {request.id: request for request in group}
        outcomes = self._writer.write_together(
            list(by_id), lambda each, present: self._decider.requested(each, present, by_id[each.id])
        )
        for request, outcome in zip(group, outcomes, strict=True):
            if isinstance(outcome, StaleSuggestion):
                yield attempted(self.one, request, is_again=True)
            elif isinstance(outcome, Exception):
                yield outcome
            else:
                yield outcome[0].suggestion if outcome else attempted(look_up, self._store, request.id)
