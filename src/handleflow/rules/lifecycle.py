"""Which acts are open in which state, to whom, and where do they lead?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from attrs import field

from handleflow.model import Act, Suggestion
from handleflow.values import frozen

Condition = Callable[[Suggestion], bool]
"""A question about the picture an act leaves behind."""


@frozen
class Arrow:
    """
    One transition: *act* leads from *source* to *target* and is open to *roles*.

    Of several arrows that leave *source* on *act* the first whose *when* holds is taken; *condition*
    is its name on disk.
    """

    act: type[Act]
    source: str
    target: str
    roles: tuple[str, ...]
    when: Condition | None = None
    condition: str = ""

    def lets(self, role: str, after: Suggestion) -> bool:
        """Whether *role* may take it, given the picture the act leaves."""
        return role in self.roles and (self.when is None or self.when(after))


@frozen(eq=False)
class Lifecycle:
    """States, the final ones among them, and the arrows between; ``""`` is before receipt."""

    name: str
    states: tuple[str, ...]
    final_states: tuple[str, ...]
    arrows: tuple[Arrow, ...]
    labels: dict[str, tuple[str, str]] = field(factory=dict)

    def leaving(self, state: str) -> Iterator[Arrow]:
        """The arrows that leave *state*, in order."""
        return (arrow for arrow in self.arrows if arrow.source == state)

    @property
    def acts(self) -> tuple[type[Act], ...]:
        """Every act that has an arrow, once each."""
        return tuple(dict.fromkeys(arrow.act for arrow in self.arrows))
