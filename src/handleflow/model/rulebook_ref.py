"""Policy reference: which rulebook decided, in which version?"""

from __future__ import annotations

from attrs import field

from handleflow.model.fields import named, not_blank
from handleflow.values import frozen


@frozen
class RulebookRef:
    """Which rulebook, in which version; *digest* is that of its text, empty where nobody recorded it."""

    name: str = field(validator=named)
    version: str = field(validator=not_blank)
    digest: str = field(default="", repr=False)

    def is_of(self, name: str, version: str) -> bool:
        """Whether it is that version of that rulebook."""
        return (self.name, self.version) == (name, version)

    def __str__(self) -> str:
        return f"{self.name} {self.version}"
