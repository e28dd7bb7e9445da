"""
Observers: who looks on when something is decided? A measure of what tests tried, or an audit of refusals.

They hang on an engine or on a story. A tool that cannot reach those, like a plugin of pytest, observes the process.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial

from handleflow.core import Decision, guard_answers
from handleflow.errors import Reason, Refused
from handleflow.model import Act, Entry, Provenance, Suggestion
from handleflow.model.event import without_private
from handleflow.rules import Rulebook
from handleflow.values import frozen

Answers = tuple[tuple[str, bool], ...]
"""The ids of guards, each with whether it let an act pass."""


@frozen
class Observed:
    """
    One decision: what stood *before*, the *act* (None where the clock spoke), and what came of it.

    *answers* are the ids of the guards that were asked, each with whether it let the act pass. Private fields are
    None, in the act and in the entries.
    """

    rules: Rulebook
    before: Suggestion
    act: Act | None
    provenance: Provenance
    entries: tuple[Entry, ...] = ()
    reasons: tuple[Reason, ...] = ()
    answers: Answers = ()


Observer = Callable[[Observed], None]

_of_the_process: list[Observer] = []
_log = logging.getLogger(__name__)


@contextmanager
def observing(observer: Observer) -> Iterator[None]:
    """Let *observer* look on at every engine and every story of this process while the block runs, in any thread."""
    _of_the_process.append(observer)
    try:
        yield
    finally:
        _of_the_process.remove(observer)


def notify(
    own: Iterable[Observer],
    rules: Rulebook,
    before: Suggestion,
    act: Act | None,
    provenance: Provenance,
    decided: Decision | Refused,
    answers: Callable[[], Answers] | None = None,
) -> None:
    """
    Let an engine's or a story's *own* ones, and those of the process, know what was *decided* before it is written.

    *answers* gives what the guards answered, where more bore on that than is told here.
    One that fails is logged and stops nobody.
    """
    observers = (*own, *_of_the_process)
    if not observers:
        return
    entries, reasons = ((), decided.reasons) if isinstance(decided, Refused) else (decided.entries, ())
    answered = answers or partial(_answers, rules, before, act, provenance)
    asked = None if act is None else without_private(act)
    told = tuple(entry.without_private() for entry in entries)
    observed = Observed(rules, before, asked, provenance, told, reasons, answered())
    for observer in observers:
        try:
            observer(observed)
        except Exception:
            _log.exception("an observer failed on what was decided of %s", before.id)


def _answers(rules: Rulebook, before: Suggestion, act: Act | None, provenance: Provenance) -> Answers:
    return () if act is None else guard_answers(rules, before, act, provenance)
