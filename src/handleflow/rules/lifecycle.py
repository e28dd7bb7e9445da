"""State machine definition: which acts are open in which state, to whom, and where do they lead or fork?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

import attrs
from attrs import field

from handleflow.model import Act, Suggestion
from handleflow.values import frozen, in_one_line

Condition = Callable[[Suggestion], bool]
"""A question about the suggestion an act leaves behind."""


OPEN, SAME = "open", "same"
"""What a transition says for its source where it leaves every state that is not final; for its target, to stay."""


@frozen
class Transition:
    """
    One transition: *act* leads from *source* to *target* and is open to *roles*.

    A lifecycle reads a *source* of ``open`` as each state that is not final, a *target* of ``same`` as its source.

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


@frozen
class Lifecycle:
    """
    States, the final ones among them, and the transitions between; ``""`` is before receipt.

    Where a transition of an act leaves a state by its name, one from all ``open`` states leaves it no more:
    *overridden* has such, each with the state.
    """

    name: str
    states: tuple[str, ...] = field(metadata={"key": "state"})
    final_states: tuple[str, ...]
    transitions: tuple[Transition, ...] = field(metadata={"key": "transition"})
    labels: dict[str, tuple[str, str]] = field(factory=dict)
    overridden: tuple[tuple[Transition, str], ...] = field(init=False, default=(), eq=False)

    def __attrs_post_init__(self) -> None:
        """Read a transition from all open states as one from each of them."""
        named = {(each.act, each.source) for each in self.transitions}
        spread = [(each, state) for each in self.transitions for state in self._sources_of(each)]
        taken = [each.source == OPEN and (each.act, state) in named for each, state in spread]
        overridden = tuple(pair for pair, is_taken in zip(spread, taken, strict=True) if is_taken)
        left = (pair for pair, is_taken in zip(spread, taken, strict=True) if not is_taken)
        object.__setattr__(self, "overridden", overridden)
        object.__setattr__(self, "transitions", tuple(_from(each, state) for each, state in left))

    def _sources_of(self, transition: Transition) -> tuple[str, ...]:
        return self.open_states if transition.source == OPEN else (transition.source,)

    @property
    def open_states(self) -> tuple[str, ...]:
        """The states that are not final, in order."""
        return tuple(state for state in self.states if state not in self.final_states)

    def __repr__(self) -> str:
        counted = f"{len(self.states)} states", f"{len(self.transitions)} transitions"
        return in_one_line(self, repr(self.name), *counted)

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        # Every sweep looks for its table by it, and the transitions are many.
        return hash((self.name, self.states, tuple((t.act, t.source, t.target) for t in self.transitions)))

    def leaving(self, state: str) -> Iterator[Transition]:
        """The transitions that leave *state*, in order."""
        return (transition for transition in self.transitions if transition.source == state)

    @property
    def acts(self) -> tuple[type[Act], ...]:
        """Every act that has a transition, once each."""
        return tuple(dict.fromkeys(transition.act for transition in self.transitions))


def _from(transition: Transition, state: str) -> Transition:
    target = state if transition.target == SAME else transition.target
    is_so = (transition.source, transition.target) == (state, target)
    return transition if is_so else attrs.evolve(transition, source=state, target=target)


def a_lead_has_accepted(after: Suggestion) -> bool:
    """A lead that still has a part in it has signed for it."""
    return any(a.is_accepted for a in after.leads)


def no_lead_is_left(after: Suggestion) -> bool:
    """Nobody would answer for it."""
    return not after.leads


def a_unit_is_assigned(after: Suggestion) -> bool:
    """Some unit has a part in it."""
    return bool(after.active())


def every_due_reply_is_in(after: Suggestion) -> bool:
    """There is a reply that stands, and no lead owes one. (``all()`` over no leads would be true.)"""
    return bool(after.current_replies) and not after.leads_without_reply


def every_reply_is_rated(after: Suggestion) -> bool:
    """No reply is due, and each one that stands has a verdict or the record that none came."""
    return every_due_reply_is_in(after) and all(after.ratings_of(r) for r in after.current_replies)


def every_deputy_has_rated(after: Suggestion) -> bool:
    """No reply is due, and each one that stands has the verdict of every deputy who made it."""
    if not every_due_reply_is_in(after):
        return False
    for reply in after.current_replies:
        ratings = after.ratings_of(reply)
        if any(r.is_no_response for r in ratings):
            continue
        if not ratings or not {r.rater for r in ratings}.issuperset(after.deputies):
            return False
    return True


def a_reply_dissatisfies(after: Suggestion) -> bool:
    """Some reply that stands was rated dissatisfied, itself or the unit's attitude."""
    ratings = (rating for reply in after.current_replies for rating in after.ratings_of(reply))
    return any("dissatisfied" in {rating.result, rating.attitude} for rating in ratings)


def it_is_public(after: Suggestion) -> bool:
    """Somebody said that all of it may be published, and it is not confidential."""
    return after.is_public


CONDITIONS: Mapping[str, Condition] = {
    "a_lead_has_accepted": a_lead_has_accepted,
    "no_lead_is_left": no_lead_is_left,
    "a_unit_is_assigned": a_unit_is_assigned,
    "every_due_reply_is_in": every_due_reply_is_in,
    "every_reply_is_rated": every_reply_is_rated,
    "every_deputy_has_rated": every_deputy_has_rated,
    "a_reply_dissatisfies": a_reply_dissatisfies,
    "it_is_public": it_is_public,
}
"""What a rulebook file may name in the ``when`` of a transition or a term; hosts hand in more."""
