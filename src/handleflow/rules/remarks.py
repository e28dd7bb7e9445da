"""Annotations: what does a rulebook say that no term can keep, leave open, or choose among sources?"""

from __future__ import annotations

from attrs import field

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
