"""What follows from a granted act: what its class means, what it promised, what becomes of terms."""

from __future__ import annotations

from handleflow.acts import CommitmentOpened, Reply, ReplyClassified
from handleflow.core._pen import Pen
from handleflow.core._plan import Plan
from handleflow.core._terms import write_terms
from handleflow.model import Act, Asked, Suggestion
from handleflow.model.parts import Answer, OutcomeSnapshot, Promise


def write_consequences(pen: Pen, before: Suggestion, act: Act, asked: Asked, plan: Plan) -> None:
    """Everything the rulebook contributes to *act*, written down so that replay needs no rulebook."""
    if pen.suggestion.replies is not before.replies or plan.adopts:
        _classify_replies(pen, act, asked)
    write_terms(pen, before, act, asked, plan)


def _classify_replies(pen: Pen, act: Act, asked: Asked) -> None:
    for reply in pen.suggestion.replies:
        outcome = pen.rules.outcome(reply.outcome) if reply.outcome and reply.snapshot is None else None
        if outcome is not None and reply.unit is not None:
            snapshot = outcome.snapshot
            pen.write(ReplyClassified(reply.unit, reply.round, snapshot), asked)
            _open_commitments(pen, reply.unit, reply, snapshot, act, asked)


def _open_commitments(pen: Pen, unit: str, reply: Answer, snapshot: OutcomeSnapshot, act: Act, asked: Asked) -> None:
    promises = act.commitments if isinstance(act, Reply) else ()
    if not promises and snapshot.is_commitment and not _has_promised(pen.suggestion, unit, reply.round):
        # A class that is a promise in itself is followed though the reply names no single one.
        promises = (Promise(reply.text or snapshot.label),)
    promised_on = reply.on or asked.on
    for promise in promises:
        number = len(pen.suggestion.commitments) + 1
        pen.write(CommitmentOpened(number, promised_on, unit, promise.text, reply.round, promise.due_on), asked)


def _has_promised(suggestion: Suggestion, unit: str, round_number: int) -> bool:
    return any((c.unit, c.round) == (unit, round_number) for c in suggestion.commitments)
