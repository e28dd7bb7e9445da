"""State machine definition: which acts are open in which state, to whom, and where do they lead?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from attrs import field

from handleflow.model import Act, Suggestion
from handleflow.values import frozen

Condition = Callable[[Suggestion], bool]
"""A question about the suggestion an act leaves behind."""


@frozen
class Transition:
    """
    One transition: *act* leads from *source* to *target* and is open to *roles*.

    Of several transitions that leave *source* on *act* the first whose *when* holds is taken; *condition*
    is its name on disk.
    """

    act: type[Act]
    source: str
    target: str
    roles: tuple[str, ...] = field(metadata={"key": "who"})
    when: Condition | None = None
    condition: str = field(default="", metadata={"key": "when"})

    def lets(self, role: str, after: Suggestion) -> bool:
        """Whether *role* may take it, given the suggestion the act leaves."""
        return role in self.roles and (self.when is None or self.when(after))


@frozen
class State:
    """A state and its words, as a rulebook file gives them."""

    name: str
    en: str
    zh: str
    is_final: bool = False


@frozen(eq=False)
class Lifecycle:
    """States, the final ones among them, and the transitions between; ``""`` is before receipt."""

    name: str
    states: tuple[str, ...] = field(metadata={"key": "state"})
    final_states: tuple[str, ...]
    transitions: tuple[Transition, ...] = field(metadata={"key": "transition"})
    labels: dict[str, tuple[str, str]] = field(factory=dict)

    def leaving(self, state: str) -> Iterator[Transition]:
        """The transitions that leave *state*, in order."""
        return (transition for transition in self.transitions if transition.source == state)

    @property
    def acts(self) -> tuple[type[Act], ...]:
        """Every act that has a transition, once each."""
        return tuple(dict.fromkeys(transition.act for transition in self.transitions))
