"""Event, command and metadata: what can stand in a history, and what may be asked for?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import copy
from functools import wraps
from typing import Any, ClassVar, Generic, TypeVar

from attrs import field
from pendulum import DateTime

from handleflow.errors import Reason
from handleflow.legal_time import Convention, Day, WorkCalendar
from handleflow.model.actors import Actor
from handleflow.model.bearing import NO_BEARING, Bearing
from handleflow.model.changing import changed
from handleflow.model.corrections import RightTime
from handleflow.model.field_types import require_types
from handleflow.model.fields import day_or_none, private_fields
from handleflow.model.rulebook_ref import RulebookRef
from handleflow.model.suggestion import Suggestion
from handleflow.values import frozen, in_one_line, shown


@frozen
class Provenance:
    """By whom and when; *on* is the day of *at* where the rulebook lives, worked out once."""

    by: Actor
    at: DateTime
    on: Day


@frozen
class Event:
    """
    A fact that can stand in a history.

    *kind* is permanent: it is what disks hold, never the name of the class. An effect depends on the
    suggestion and the entry alone, so replay needs no rulebook.
    """

    kind: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        """Show a host's own class, made by ``attrs``, as the library's are shown: without its private fields."""
        super().__init_subclass__()
        if "__repr__" not in vars(cls):
            cls.__repr__ = shown  # type: ignore[method-assign]  # attrs writes none where there is one

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        """The suggestion as this event leaves it: *suggestion*, or one made of it."""
        return suggestion

    def units(self, provenance: Provenance) -> tuple[str, ...]:
        """The units this is about, the one that asks by default: terms that its kind begins or meets are theirs."""
        return (provenance.by.party,) if provenance.by.role == "unit" else ()

    @property
    def right_times(self) -> tuple[RightTime, ...]:
        """The instants of earlier entries that it sets right."""
        return ()

    def bearing(self, suggestion: Suggestion, provenance: Provenance) -> Bearing:
        """
        What it does to terms, told from *suggestion* as it leaves it.

        Where rules name its kind it begins and meets terms without a word here; what else it does it says.
        """
        return NO_BEARING


@frozen
class Act(Event):
    """
    An event that somebody may ask for: asked for, a request; granted, its own fact.

    It is one frozen class in one place: its fields, its *verb* and *kind*, the *checks* that can refuse it under any
    rulebook, its ``effect``, and its ``bearing`` on terms: what it begins, meets, extends, pauses and resumes.
    *counts_as* are other kinds that it is one of: rules that name these begin and meet terms by it too.
    *reads_history* gives its checks, and what follows from it, the entries so far. *on* is the day it happened, where
    that is not the day it was told.
    """

    verb: ClassVar[str] = ""
    checks: ClassVar[tuple[Check, ...]] = ()
    counts_as: ClassVar[tuple[str, ...]] = ()
    reads_history: ClassVar[bool] = False
    on: Day | None = field(default=None, converter=day_or_none, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Refuse what is not of the types its fields declare, in every store alike."""
        require_types(self)

    def mirrored_act(self, suggestion: Suggestion) -> tuple[str, Act] | None:
        """Another suggestion and the act it must take in the same transaction, if there is one."""
        return None

    def stands_in(self, suggestion: Suggestion) -> bool:
        """Whether *suggestion* says it already: then it is not added there as the counterpart of another's act."""
        return False

    def happened_on(self, provenance: Provenance) -> Day:
        """The day it happened: the act's own, else the day it was told."""
        return self.on or provenance.on


A = TypeVar("A", bound=Act)


@frozen
class Question(Generic[A]):
    """
    May this be? What a check is asked about.

    *act* is None where only its class is known yet, as when a button is drawn: a check that reads its words is silent
    then (``reads_the_act``). *calendar* and *convention* are those of the rulebook that decides, *history* the
    entries so far, for an act that reads them.
    """

    suggestion: Suggestion
    act_class: type[A]
    act: A | None
    provenance: Provenance
    calendar: WorkCalendar
    convention: Convention
    history: tuple[Entry, ...] = ()

    @property
    def by(self) -> Actor:
        """Who asks."""
        return self.provenance.by

    @property
    def happened_on(self) -> Day | None:
        """The day it happened; None where the act is not known yet, for it may be told later than it happened."""
        return self.act.happened_on(self.provenance) if self.act is not None else None


Check = Callable[[Question[Any]], Iterable[Reason]]
"""Asks one thing and gives the reasons to refuse; none when all is well. There is no second way to say no."""


def reads_the_act(check: Callable[[A, Question[A]], Iterable[Reason]]) -> Check:
    """A check that reads what the act says; where only its class is known it has no reason to give."""

    @wraps(check)
    def asked_of_the_act(question: Question[A]) -> Iterable[Reason]:
        return check(question.act, question) if question.act is not None else ()

    return asked_of_the_act


E = TypeVar("E", bound=Event)


def without_private(event: E) -> E:
    """*event* with every private field None, whatever type it is of: as if they had been erased."""
    kind: Any = type(event)
    told = [name for name in private_fields(kind) if getattr(event, name) is not None]
    if not told:
        return event
    bare = copy(event)
    for name in told:
        object.__setattr__(bare, name, None)  # nobody else holds it yet, and None is not for its validators
    return bare


@frozen
class UnknownEvent(Event):
    """An event of a kind this version does not know: kept and shown, never dropped, without effect."""

    unknown_kind: str
    body: bytes


@frozen
class CalendarRef:
    """Which calendar its days were counted by, in which version; all empty where nobody recorded it."""

    name: str = ""
    version: str = ""
    digest: str = field(default="", repr=False)


NO_CALENDAR = CalendarRef()


@frozen
class Entry:
    """
    One numbered line of a history.

    *state* is the state after it, *rulebook* the version that decided it, *calendar* the one that its days were
    counted by. *hash* is empty until the engine chains the entry to the one before.
    """

    number: int
    event: Event
    provenance: Provenance
    state: str
    rulebook: RulebookRef
    hash: str = ""
    calendar: CalendarRef = NO_CALENDAR

    def __repr__(self) -> str:
        by = f"by {self.by.role} {self.by.name!r}"
        return in_one_line(self, self.number, self.kind, by, self.on, f"state={self.state!r}")

    def without_private(self) -> Entry:
        """The entry as those get it who did not ask for private fields: each of them None."""
        bare = without_private(self.event)
        return self if bare is self.event else changed(self, event=bare)

    @property
    def kind(self) -> str:
        """The permanent kind of its event."""
        return self.event.unknown_kind if isinstance(self.event, UnknownEvent) else self.event.kind

    @property
    def at(self) -> DateTime:
        """When the system was told."""
        return self.provenance.at

    @property
    def on(self) -> Day:
        """The day of that instant where the rulebook lives."""
        return self.provenance.on

    @property
    def by(self) -> Actor:
        """Who told it."""
        return self.provenance.by

    @property
    def happened_on(self) -> Day:
        """The day it happened."""
        return self.event.happened_on(self.provenance) if isinstance(self.event, Act) else self.on
