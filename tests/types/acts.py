"""How is everything that can stand in a history written, and what can be read of it?"""

from __future__ import annotations

import datetime
from typing import assert_type

from handleflow import Act, Entry, Event, Part, Party, Promise, Provenance
from handleflow.acts import (
    ACTS,
    EVENTS,
    Accept,
    Adopt,
    AnswerAssignmentObjection,
    AnswerSupervision,
    ApproveDraft,
    Assign,
    Classify,
    Close,
    Correct,
    DeclareExtension,
    Decline,
    Distribute,
    DraftReply,
    Evaluate,
    FulfilCommitment,
    GiveOpinion,
    GrantExtension,
    GrantReturn,
    MarkProgress,
    MergeWith,
    ObjectToAssignment,
    Plan,
    Publish,
    RateCommitment,
    Reassign,
    Receive,
    RecordContact,
    RecordNoResponse,
    RefuseExtension,
    RefuseReturn,
    Regrade,
    Rehandle,
    RejectAnswer,
    RejectOpinion,
    Reply,
    ReportCommitment,
    ReportMeasure,
    RequestExtension,
    RequestReturn,
    Resume,
    ReturnDraft,
    Supervise,
    Suspend,
    TakeOver,
    Withdraw,
)
from handleflow.events import (
    CommitmentOpened,
    DeadlineMissed,
    MissRebutted,
    ReplyClassified,
    RungLapsed,
    RungSuppressed,
    SuspensionEnded,
    TermDropped,
    TermMet,
    TermMoved,
    TermOutcomeUnknown,
    TermPaused,
    TermSet,
    TermUndated,
)
from handleflow.legal_time import Day

MAY_BE_ASKED_FOR: tuple[type[Act], ...] = (
    Accept,
    Adopt,
    AnswerAssignmentObjection,
    AnswerSupervision,
    ApproveDraft,
    Assign,
    Classify,
    Close,
    Correct,
    DeclareExtension,
    Decline,
    Distribute,
    DraftReply,
    Evaluate,
    FulfilCommitment,
    GiveOpinion,
    GrantExtension,
    GrantReturn,
    MarkProgress,
    MergeWith,
    ObjectToAssignment,
    Plan,
    Publish,
    RateCommitment,
    Reassign,
    Receive,
    RecordContact,
    RecordNoResponse,
    RefuseExtension,
    RefuseReturn,
    Regrade,
    Rehandle,
    RejectAnswer,
    RejectOpinion,
    Reply,
    ReportCommitment,
    ReportMeasure,
    RequestExtension,
    RequestReturn,
    Resume,
    ReturnDraft,
    Supervise,
    Suspend,
    TakeOver,
    Withdraw,
)
FOLLOW_FROM_IT: tuple[type[Event], ...] = (
    CommitmentOpened,
    DeadlineMissed,
    MissRebutted,
    ReplyClassified,
    RungLapsed,
    RungSuppressed,
    SuspensionEnded,
    TermDropped,
    TermMet,
    TermMoved,
    TermOutcomeUnknown,
    TermPaused,
    TermSet,
    TermUndated,
)
assert_type(ACTS, tuple[type[Act], ...])
assert_type(EVENTS, tuple[type[Event], ...])

received = Receive("Safe drinking water", "Deputy A", ("Deputy B",), in_session=True, on="2026-02-10")
assert_type(received, Receive)
assert_type(received.title, str)
assert_type(received.co_signers, tuple[str, ...])
assert_type(received.number, str | None)
assert_type(received.on, Day | None)
assert_type(received.kind, str)
assert_type(Receive.verb, str)
Receive("Safe drinking water", "Deputy A", on=datetime.date(2026, 2, 10))

assigned = Assign(("Water Bureau",), co_units=("Finance Bureau",), parts=(Part("Water Bureau"),))
assert_type(assigned.leads, tuple[str, ...])
assert_type(assigned.parts, tuple[Part, ...])
assert_type(Party("u-17", "Water Bureau").name, str)
assert_type(Assign((Party("u-17", "Water Bureau"),)).leads, tuple[str, ...])

replied = Reply("B", "New pipes by autumn.", (Promise("new pipes", "2026-09-01"),))
assert_type(replied.commitments, tuple[Promise, ...])
assert_type(replied.commitments[0].due_on, Day | None)


def read(entry: Entry, provenance: Provenance) -> None:
    """A line of a history."""
    assert_type(entry.number, int)
    assert_type(entry.event, Event)
    assert_type(entry.kind, str)
    assert_type(entry.on, Day)
    assert_type(entry.happened_on, Day)
    assert_type(received.units(provenance), tuple[str, ...])
    if isinstance(entry.event, TermSet):
        assert_type(entry.event, TermSet)


def refused() -> None:
    """What nobody may write."""
    Receive("Safe drinking water")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    Receive(2026, "Deputy A")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Receive("Water", "Deputy A", head="?")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    Accept("2026-02-10")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    Receive("Water", "Deputy A", on=2026)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Assign("Water Bureau")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Reply("B", "By autumn.", Promise("new pipes"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    received.title = "Pipes"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    Entry()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
