"""Legal basis: on what ground does a number or a rule stand?"""

from __future__ import annotations

from attrs import field

from handleflow.errors import UnknownChoice
from handleflow.model.fields import not_blank
from handleflow.values import frozen

HOST = "host"
"""The source of what an office chose for itself: never to be shown as law."""

UNCITED = "it has no citation; give cite = 'DBF25 51', or 'host' for the office's own rule"

CITE = {"key": "cite"}
"""Metadata of a field that a rulebook file writes under another *key* than the field's name: here ``cite``."""


@frozen
class Source:
    """An instrument: its *key*, its title, where it was read, and the day somebody last looked."""

    key: str = field(validator=not_blank)
    title: str = field(validator=not_blank)
    url: str = ""
    verified_on: str = ""


@frozen
class Citation:
    """
    A source's key and the article, ``DBF25`` and ``51``; the host's own choice has the key ``host``.

    Its text is what a rulebook writes, ``DBF25 51``; people read what ``CITED`` makes of that in their language.
    """

    source: str = field(validator=not_blank)
    article: str = ""

    def __attrs_post_init__(self) -> None:
        if self.source != HOST and not self.article:
            raise UnknownChoice(f"{self.source!r} cites no article; write it as 'DBF25 51', or 'host'")

    @classmethod
    def of(cls, written: str) -> Citation:
        """
        A citation from text: ``DBF25 51``, or ``host`` alone.

        Raises:
            UnknownChoice: when a source other than the host is cited without an article.
        """
        source, _, article = written.strip().partition(" ")
        if not source:
            raise UnknownChoice(UNCITED)
        return cls(source, article.strip())

    def __str__(self) -> str:
        return f"{self.source} {self.article}".rstrip()
