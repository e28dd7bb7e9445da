"""Every act in its room; everything about an act stands there."""

from handleflow.acts.assigning import (
    AnswerAssignmentObjection,
    Assign,
    Distribute,
    ObjectToAssignment,
    Reassign,
)
from handleflow.acts.correcting import Adopt, Correct, MergeWith, Withdraw
from handleflow.acts.correcting_time import CorrectTime
from handleflow.acts.evaluating import Close, Evaluate, RecordNoResponse, Rehandle
from handleflow.acts.extending import (
    DeclareExtension,
    GrantExtension,
    RefuseExtension,
    RequestExtension,
    Resume,
    Suspend,
)
from handleflow.acts.following_up import FulfilCommitment, RateCommitment, ReportCommitment
from handleflow.acts.handling import GiveOpinion, Plan, RecordContact, RejectOpinion, ReportMeasure
from handleflow.acts.receiving import Classify, Decline, Receive, TakeOver
from handleflow.acts.replying import ApproveDraft, DraftReply, Publish, Regrade, Reply, ReturnDraft
from handleflow.acts.returning import GrantReturn, RefuseReturn, RequestReturn
from handleflow.acts.signing import Accept, RecordReceipt
from handleflow.acts.succeeding import Succeed
from handleflow.acts.supervising import AnswerSupervision, MarkProgress, RejectAnswer, Supervise
from handleflow.events import CONSEQUENCES
from handleflow.model import Act, Event

ACTS: tuple[type[Act], ...] = (
    Receive,
    TakeOver,
    Decline,
    Classify,
    Assign,
    Distribute,
    ObjectToAssignment,
    AnswerAssignmentObjection,
    RecordReceipt,
    Accept,
    RequestReturn,
    GrantReturn,
    RefuseReturn,
    Reassign,
    Plan,
    ReportMeasure,
    RecordContact,
    GiveOpinion,
    RejectOpinion,
    RequestExtension,
    GrantExtension,
    RefuseExtension,
    DeclareExtension,
    Suspend,
    Resume,
    DraftReply,
    ApproveDraft,
    ReturnDraft,
    Reply,
    Regrade,
    Publish,
    Evaluate,
    RecordNoResponse,
    Rehandle,
    ReportCommitment,
    FulfilCommitment,
    RateCommitment,
    Supervise,
    AnswerSupervision,
    RejectAnswer,
    MarkProgress,
    Succeed,
    MergeWith,
    Withdraw,
    Correct,
    CorrectTime,
    Adopt,
    Close,
)
"""Every act of the library, in the order of a life."""

EVENTS: tuple[type[Event], ...] = (*ACTS, *CONSEQUENCES)
"""Every event a history of the library may hold."""

__all__ = [
    "ACTS",
    "EVENTS",
    "Accept",
    "Adopt",
    "AnswerAssignmentObjection",
    "AnswerSupervision",
    "ApproveDraft",
    "Assign",
    "Classify",
    "Close",
    "Correct",
    "CorrectTime",
    "DeclareExtension",
    "Decline",
    "Distribute",
    "DraftReply",
    "Evaluate",
    "FulfilCommitment",
    "GiveOpinion",
    "GrantExtension",
    "GrantReturn",
    "MarkProgress",
    "MergeWith",
    "ObjectToAssignment",
    "Plan",
    "Publish",
    "RateCommitment",
    "Reassign",
    "Receive",
    "RecordContact",
    "RecordNoResponse",
    "RecordReceipt",
    "RefuseExtension",
    "RefuseReturn",
    "Regrade",
    "Rehandle",
    "RejectAnswer",
    "RejectOpinion",
    "Reply",
    "ReportCommitment",
    "ReportMeasure",
    "RequestExtension",
    "RequestReturn",
    "Resume",
    "ReturnDraft",
    "Succeed",
    "Supervise",
    "Suspend",
    "TakeOver",
    "Withdraw",
]
