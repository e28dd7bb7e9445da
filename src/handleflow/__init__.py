"""
handleflow carries a people's-congress deputy's suggestion from receipt to evaluation.

People ask, time asks; the rulebook answers; the history remembers.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from handleflow.acts import (
    Accept,
    Adopt,
    AnswerAssignmentObjection,
    AnswerSupervision,
    ApproveDraft,
    Assign,
    Classify,
    Close,
    CommitmentOpened,
    Correct,
    DeadlineMissed,
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
    MissRebutted,
    ObjectToAssignment,
    Plan,
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
    ReplyClassified,
    ReportCommitment,
    ReportMeasure,
    RequestExtension,
    RequestReturn,
    Resume,
    ReturnDraft,
    RungLapsed,
    RungSuppressed,
    Supervise,
    Suspend,
    SuspensionEnded,
    TakeOver,
    TermDropped,
    TermMet,
    TermMoved,
    TermOutcomeUnknown,
    TermPaused,
    TermSet,
    Withdraw,
)
from handleflow.adopting import Reprojection
from handleflow.engine import Engine
from handleflow.errors import HandleflowError, Reason, Refused
from handleflow.health import Health
from handleflow.model import CLOCK, Act, Actor, Asked, Entry, Event, Suggestion, Term
from handleflow.model.parts import Part, Promise
from handleflow.optimistic_writer import Listener
from handleflow.requests import Request
from handleflow.rules import Rulebook
from handleflow.store import Store
from handleflow.stores import MemoryStore
from handleflow.sweeping import Sweep
from handleflow.verification import verify

if TYPE_CHECKING:
    from handleflow.presets import load, load_preset
else:
    # Hidden from type checkers, for which a module with __getattr__ has every name that anybody misspells.
    def __getattr__(name):
        """
        ``load``, ``load_preset`` and ``presets``, loaded when first asked for (PEP 562).

        The strict loader and what it needs take a sixth of the import, and whoever is given a rulebook needs neither.
        """
        if name not in {"load", "load_preset", "presets"}:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        presets = import_module("handleflow.presets")
        globals().update(load=presets.load, load_preset=presets.load_preset)
        return globals()[name]

    def __dir__():
        return sorted({*globals(), *__all__, "presets"})


__all__ = [
    "CLOCK",
    "Accept",
    "Act",
    "Actor",
    "Adopt",
    "AnswerAssignmentObjection",
    "AnswerSupervision",
    "ApproveDraft",
    "Asked",
    "Assign",
    "Classify",
    "Close",
    "CommitmentOpened",
    "Correct",
    "DeadlineMissed",
    "DeclareExtension",
    "Decline",
    "Distribute",
    "DraftReply",
    "Engine",
    "Entry",
    "Evaluate",
    "Event",
    "FulfilCommitment",
    "GiveOpinion",
    "GrantExtension",
    "GrantReturn",
    "HandleflowError",
    "Health",
    "Listener",
    "MarkProgress",
    "MemoryStore",
    "MergeWith",
    "MissRebutted",
    "ObjectToAssignment",
    "Part",
    "Plan",
    "Promise",
    "RateCommitment",
    "Reason",
    "Reassign",
    "Receive",
    "RecordContact",
    "RecordNoResponse",
    "RefuseExtension",
    "RefuseReturn",
    "Refused",
    "Regrade",
    "Rehandle",
    "RejectAnswer",
    "RejectOpinion",
    "Reply",
    "ReplyClassified",
    "ReportCommitment",
    "ReportMeasure",
    "Reprojection",
    "Request",
    "RequestExtension",
    "RequestReturn",
    "Resume",
    "ReturnDraft",
    "Rulebook",
    "RungLapsed",
    "RungSuppressed",
    "Store",
    "Suggestion",
    "Supervise",
    "Suspend",
    "SuspensionEnded",
    "Sweep",
    "TakeOver",
    "Term",
    "TermDropped",
    "TermMet",
    "TermMoved",
    "TermOutcomeUnknown",
    "TermPaused",
    "TermSet",
    "Withdraw",
    "load",
    "load_preset",
    "verify",
]
