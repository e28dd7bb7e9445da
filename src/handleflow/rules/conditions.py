"""
Transition conditions: where does an outcome fork? Conditions on the suggestion an act leaves, by their names on
disk.
"""

from __future__ import annotations

from collections.abc import Mapping

from handleflow.model import Suggestion
from handleflow.rules.lifecycle import Condition


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


CONDITIONS: Mapping[str, Condition] = {
    "a_lead_has_accepted": a_lead_has_accepted,
    "no_lead_is_left": no_lead_is_left,
    "a_unit_is_assigned": a_unit_is_assigned,
    "every_due_reply_is_in": every_due_reply_is_in,
    "every_reply_is_rated": every_reply_is_rated,
    "every_deputy_has_rated": every_deputy_has_rated,
}
"""What a rulebook file may name in a transition's ``when``; hosts hand in more."""
