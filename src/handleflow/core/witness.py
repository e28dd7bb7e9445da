"""
Who looks on when something is decided?

The one state below the shell: a tuple that is empty unless somebody looks on, such as a measure of what the tests of
a rulebook have tried, or a host that wants to hear of refusals too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from handleflow.errors import Reason
from handleflow.model import Act, Entry, Provenance, Suggestion
from handleflow.rules import Rulebook
from handleflow.values import frozen

Answers = tuple[tuple[str, bool], ...]
"""The ids of guards, each with whether it let the act pass."""


@frozen
class Witnessed:
    """
    One decision: what stood *before*, the *act* (None where the clock spoke), and what came of it.

    *answers* are the ids of the guards that were asked, each with whether it let the act pass.
    """

    rules: Rulebook
    before: Suggestion
    act: Act | None
    provenance: Provenance
    entries: tuple[Entry, ...] = ()
    reasons: tuple[Reason, ...] = ()
    answers: Answers = ()


Witness = Callable[[Witnessed], None]

_witnesses: tuple[Witness, ...] = ()


@contextmanager
def witnessing(witness: Witness) -> Iterator[None]:
    """Let *witness* look on at every decision of this process while the block runs, in whatever thread."""
    global _witnesses  # noqa: PLW0603  see above
    _witnesses = (*_witnesses, witness)
    try:
        yield
    finally:
        _witnesses = tuple(other for other in _witnesses if other is not witness)


def tell(
    rules: Rulebook,
    before: Suggestion,
    act: Act | None,
    provenance: Provenance,
    entries: tuple[Entry, ...] = (),
    reasons: tuple[Reason, ...] = (),
    answers: Callable[[], Answers] = tuple,
) -> None:
    """Tell whoever looks on of one decision; *answers* are asked for only where somebody does."""
    for witness in _witnesses:
        witness(Witnessed(rules, before, act, provenance, entries, reasons, answers()))
