"""What follows from a granted act: what its class means, what it promised, what becomes of terms."""

from __future__ import annotations

from handleflow.acts import Reply
from handleflow.core._plan import Plan
from handleflow.core._recorder import Recorder
from handleflow.core._terms import write_terms
from handleflow.events import CommitmentOpened, ReplyClassified
from handleflow.model import Act, Provenance, Suggestion
from handleflow.model.nouns import Answer, OutcomeSnapshot, Promise


def write_consequences(recorder: Recorder, before: Suggestion, act: Act, provenance: Provenance, plan: Plan) -> None:
    """Everything the rulebook contributes to *act*, written down so that replay needs no rulebook."""
    if recorder.suggestion.replies is not before.replies or plan.adopts:
        _classify_replies(recorder, act, provenance)
    write_terms(recorder, before, act, provenance, plan)


def _classify_replies(recorder: Recorder, act: Act, provenance: Provenance) -> None:
    for reply in recorder.suggestion.replies:
        outcome = recorder.rules.outcome(reply.outcome) if reply.outcome and reply.snapshot is None else None
        if outcome is not None and reply.unit is not None:
            snapshot = outcome.snapshot
            recorder.append(ReplyClassified(reply.unit, reply.round, snapshot), provenance)
            _open_commitments(recorder, reply.unit, reply, snapshot, act, provenance)


def _open_commitments(
    recorder: Recorder, unit: str, reply: Answer, snapshot: OutcomeSnapshot, act: Act, provenance: Provenance
) -> None:
    promises = act.commitments if isinstance(act, Reply) else ()
    if not promises and snapshot.is_commitment and not _has_promised(recorder.suggestion, unit, reply.round):
        # A class that is a promise in itself is followed though the reply names no single one.
        promises = (Promise(reply.text or snapshot.label),)
    promised_on = reply.on or provenance.on
    for promise in promises:
        number = len(recorder.suggestion.commitments) + 1
        recorder.append(
            CommitmentOpened(number, promised_on, unit, promise.text, reply.round, promise.due_on), provenance
        )


def _has_promised(suggestion: Suggestion, unit: str, round_number: int) -> bool:
    return any((c.unit, c.round) == (unit, round_number) for c in suggestion.commitments)
