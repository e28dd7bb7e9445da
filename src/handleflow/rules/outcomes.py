"""Outcome classification: what may a reply say came of it?"""

from __future__ import annotations

from functools import cached_property

from attrs import field

from handleflow.model.fields import named, not_blank
from handleflow.model.nouns import OutcomeSnapshot
from handleflow.rules.citation import CITE, Citation
from handleflow.values import frozen


@frozen
class OutcomeClass:
    """
    A class of outcome as data: the same letter means different things in different places.

    *is_commitment*: something is promised and followed. *needs_day*: the promise names its day.
    *is_sent_upward*: a matter of a higher organ, reported there.
    """

    code: str = field(validator=named)
    en: str = field(validator=not_blank)
    zh: str = field(validator=not_blank)
    citation: Citation = field(metadata=CITE)
    is_resolved: bool = False
    is_commitment: bool = False
    needs_day: bool = False
    is_sent_upward: bool = False

    @cached_property
    def snapshot(self) -> OutcomeSnapshot:
        """What of it is recorded with a reply, so that replay needs no rulebook; one value for all replies."""
        return OutcomeSnapshot(
            self.code, self.zh, self.is_resolved, self.is_commitment, self.needs_day, self.is_sent_upward
        )
