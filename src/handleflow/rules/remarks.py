"""Annotations: what does a rulebook say that no term can keep, leave open, choose from, or know to be newer?"""

from __future__ import annotations

from attrs import field

from handleflow.legal_time import Day
from handleflow.model.fields import not_blank
from handleflow.rules.citation import CITE, Citation
from handleflow.values import frozen


@frozen
class Duty:
    """What the law asks of an office by a day or within a span, outside a single suggestion's life."""

    id: str = field(validator=not_blank)
    en: str = field(validator=not_blank)
    zh: str = field(validator=not_blank)
    citation: Citation = field(metadata=CITE)


@frozen
class OpenPoint:
    """What the rulebook leaves open: looked for in its sources and not found, so nothing is set."""

    what: str = field(validator=not_blank)
    en: str = field(validator=not_blank)


@frozen
class Disagreement:
    """Another source that says something else about a term than the one the rulebook follows."""

    term: str = field(validator=not_blank)
    en: str = field(validator=not_blank)
    citation: Citation = field(metadata=CITE)


@frozen
class NewerText:
    """
    The text that replaced the one a rulebook stands on: *what* it is, the day of it, and the *source* that says so.

    *in_force_from* is the day of effect, None where it is not known: then the old text is doubted from *text_of* on.
    """

    what: str = field(validator=not_blank)
    text_of: Day
    source: str = field(validator=not_blank)
    in_force_from: Day | None = None

    @property
    def doubted_from(self) -> Day:
        """From when the old text can no longer be relied on."""
        return self.in_force_from or self.text_of
