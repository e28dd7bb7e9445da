"""
What may stand in a rulebook's document? Its shape, before names are given their meaning.

A citation may be missing here and nowhere else: that is a finding beside the others, not the end of reading.
"""

from __future__ import annotations

from typing import Any

from attrs import field

from handleflow.values import frozen


@frozen
class CalendarYear:
    """One yearly notice: holidays as days or ``first/last`` ranges, make-up days as days."""

    year: int
    source: str
    holidays: tuple[str, ...]
    make_up_days: tuple[str, ...] = ()
    url: str = ""


@frozen
class CalendarShape:
    """A calendar as it lies on disk."""

    name: str
    version: str
    zone: str
    rest_days: tuple[str, ...]
    known_from: str
    known_through: str
    year: tuple[CalendarYear, ...] = ()


@frozen
class ConventionShape:
    """A way of counting, with its ground."""

    name: str
    cite: str = ""
    first_day: str = "next_day"
    roll_on: str = "any_rest_day"
    direction: str = "following"


@frozen
class TransitionShape:
    """One act from one or several states to one; ``same`` stays where it is."""

    act: str
    source: tuple[str, ...]
    target: str
    who: tuple[str, ...]
    when: str = ""


@frozen
class StateShape:
    """A state and its words."""

    name: str
    en: str
    zh: str
    is_final: bool = False


@frozen
class LifecycleShape:
    """States and transitions under a name; roles beyond the library's are named here."""

    name: str
    state: tuple[StateShape, ...]
    transition: tuple[TransitionShape, ...]
    roles: tuple[str, ...] = ()


@frozen
class SourceShape:
    """An instrument."""

    title: str
    url: str = ""
    verified_on: str = ""


@frozen
class ExtensionShape:
    """How a term is lengthened."""

    span: str
    base: str
    mode: str
    cite: str = ""
    times: int = 1


@frozen
class TermShape:
    """A dated promise."""

    id: str
    of: str
    anchor: str
    met_by: tuple[str, ...]
    span: str | None = None
    cite: str = ""
    en: str = ""
    zh: str = ""
    long_span: str | None = None
    long_cite: str | None = None
    extension: ExtensionShape | None = None
    is_pausable: bool = False
    owed_by: str = "unit"
    counts_from: str = ""
    applies_to: str = ""


@frozen
class GuardShape:
    """A guard by its name, the acts it is asked of, its settings and its ground."""

    ask: str
    of: tuple[str, ...]
    cite: str = ""
    id: str = ""
    settings: dict[str, Any] = field(factory=dict)


@frozen
class RungShape:
    """One thing the clock says, of a ``term`` or ``after`` a fact."""

    id: str
    channel: str
    cite: str = ""
    term: str = ""
    offset: str | None = None
    after: str = ""
    count: int = 0
    per: str = "suggestion"
    unless: str = ""
    colour: str = ""
    answer_within: str | None = None
    every: str | None = None
    until: str | None = None
    issuer: str = ""
    recipient: str = "unit"
    applies_to: str = ""
    en: str = ""
    zh: str = ""


@frozen
class LeaderShape:
    """A leader and the field."""

    name: str
    categories: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    applies_to: str = ""


@frozen
class CooldownShape:
    """How long a unit is left in peace."""

    span: str
    cite: str = ""


@frozen
class LightShape:
    """A colour on the board."""

    colour: str
    cite: str = ""
    offset: str | None = None
    en: str = ""
    zh: str = ""


@frozen
class WorkingHoursShape:
    """When somebody may be disturbed."""

    opens: str
    closes: str


@frozen
class OutcomeShape:
    """A class of outcome."""

    code: str
    en: str
    zh: str
    cite: str = ""
    is_resolved: bool = False
    is_commitment: bool = False
    needs_day: bool = False
    is_sent_upward: bool = False


@frozen
class BackdatingShape:
    """How late a role may tell."""

    role: str
    within: str
    cite: str = ""
    of: tuple[str, ...] = ()


@frozen
class DutyShape:
    """What the law asks outside a single suggestion's life."""

    id: str
    en: str
    zh: str
    cite: str = ""


@frozen
class OpenShape:
    """What is left open."""

    what: str
    en: str


@frozen
class DisagreementShape:
    """Another source that says something else about a term."""

    term: str
    en: str
    cite: str = ""


@frozen
class RulebookShape:
    """A whole rulebook, what it inherits and its calendar included."""

    name: str
    version: str
    title: str
    lifecycle: LifecycleShape
    calendar: CalendarShape
    convention: ConventionShape
    sources: dict[str, SourceShape] = field(factory=dict)
    state: tuple[StateShape, ...] = ()
    transition: tuple[TransitionShape, ...] = ()
    roles: tuple[str, ...] = ()
    term: tuple[TermShape, ...] = ()
    guard: tuple[GuardShape, ...] = ()
    rung: tuple[RungShape, ...] = ()
    outcome: tuple[OutcomeShape, ...] = ()
    backdating: tuple[BackdatingShape, ...] = ()
    duty: tuple[DutyShape, ...] = ()
    open: tuple[OpenShape, ...] = ()
    disagreement: tuple[DisagreementShape, ...] = ()
    in_force_from: str | None = None
    in_force_until: str | None = None
    verified_on: str | None = None
    channels: tuple[str, ...] = ()
    coalesce: bool = False
    leader: tuple[LeaderShape, ...] = ()
    leader_by: str = ""
    cooldown: CooldownShape | None = None
    light: tuple[LightShape, ...] = ()
    working_hours: WorkingHoursShape | None = None
