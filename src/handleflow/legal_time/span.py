"""Period: how long is "three months", as the law says it?"""

from __future__ import annotations

import re

from attrs import field
from attrs.validators import instance_of

from handleflow.choices import OneOf
from handleflow.errors import ImpossibleSpan
from handleflow.values import frozen
from handleflow.words import Message

_MOST = 36525
UNITS = ("day", "workday", "month")
_WRITTEN = re.compile(r"([+-]?\d{1,18}) (day|workday|month)s?")


@frozen
class Span:
    """
    *n* of one *unit*: ``day``, ``workday`` or ``month``.

    Units never convert into one another: three months is not ninety days. Zero and negative spans
    are arithmetic (a rung 15 days before a due day); a term's own span is checked by the rulebook.
    """

    n: int = field(validator=instance_of(int))
    unit: str = field(validator=OneOf(*UNITS))

    def __attrs_post_init__(self) -> None:
        if abs(self.n) > _MOST:
            raise ImpossibleSpan(f"{self} is longer than a century; no law counts so far")

    @classmethod
    def of(cls, written: str | Span) -> Span:
        """
        A span from text: ``3 months``, ``10 workdays``, ``-15 days``.

        Raises:
            ImpossibleSpan: when the text is anything else.
        """
        if isinstance(written, Span):
            return written
        match = _WRITTEN.fullmatch(written.strip())
        if match is None:
            raise ImpossibleSpan(Message("error-no_span", {"written": written}))
        return cls(int(match[1]), match[2])

    def __str__(self) -> str:
        return f"{self.n} {self.unit}{'' if abs(self.n) == 1 else 's'}"
