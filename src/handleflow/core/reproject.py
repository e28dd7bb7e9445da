"""What moves when a calendar grows?"""

from __future__ import annotations

from handleflow.acts import Adopt
from handleflow.core.decide import decide
from handleflow.errors import Refused
from handleflow.model import Asked, Entry, Suggestion
from handleflow.rules import Rulebook


def reproject(rules: Rulebook, suggestion: Suggestion, asked: Asked) -> tuple[Entry, ...]:
    """
    The entries by which *suggestion* adopts *rules*, a version with a newer calendar; empty when no day moves.

    A running term is reckoned anew with its anchor, extensions and pauses; it moves only when its day, or
    whether that day is provisional, really changes. Ask twice and the second answer is empty.
    """
    decided = decide(rules, suggestion, Adopt(rules.name, rules.version), asked)
    if isinstance(decided, Refused) or not any(entry.kind == "term_moved" for entry in decided):
        return ()
    return decided
