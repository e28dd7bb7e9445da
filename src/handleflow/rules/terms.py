"""What must be done by when, and what may lengthen it?"""

from __future__ import annotations

from attrs import field, frozen

from handleflow.legal_time import Span
from handleflow.model.fields import spoken
from handleflow.rules.citation import Citation
from handleflow.words.choices import OneOf


@frozen
class ExtensionRule:
    """
    How a term may be lengthened: by *span*, at most *times*.

    *base*: ``chained`` counts from the unrolled due day, ``capped`` from the anchor. *mode*:
    ``consent`` of the office on request, or the unit's own ``declaration`` with an explanation.
    """

    span: Span
    base: str = field(validator=OneOf("chained", "capped"))
    mode: str = field(validator=OneOf("consent", "declaration"))
    citation: Citation
    times: int = 1


@frozen
class TermRule:
    """
    A dated promise as a rule.

    *of* says whose it is: one for each ``lead``, each ``co`` unit, or one for the ``whole``.
    *anchor* is ``assigned`` (a unit got its part, whichever act gave it) or the kind of an event;
    *met_by* the kinds that fulfil it. *long_span* holds instead on the long track.
    """

    id: str = field(validator=spoken)
    of: str = field(validator=OneOf("lead", "co", "whole"))
    anchor: str = field(validator=spoken)
    met_by: tuple[str, ...]
    span: Span
    citation: Citation
    en: str = ""
    zh: str = ""
    long_span: Span | None = None
    long_citation: Citation | None = None
    extension: ExtensionRule | None = None
    is_pausable: bool = False


@frozen
class Backdating:
    """How long after the day it happened a *role* may still tell it."""

    role: str
    within: Span
    citation: Citation
