"""Feed subscription: where do the entries go, and how often is each of them tried?"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from attrs import field
from attrs.validators import ge, gt

from handleflow.store import FeedItem
from handleflow.values import frozen

if TYPE_CHECKING:
    from dbos import StepOptions


@frozen
class Delivery:
    """
    Where the feed goes: *deliver* gets each item in order, at least once, and knows it again by its ``key``.

    *name* is its cursor in the store. One that raises is asked up to *attempts* times, again after *pause* seconds,
    then after twice as many; then the delivery rests at that item until the next round. *private* lets it see private
    fields and confidential (涉密) suggestions.
    """

    name: str
    deliver: Callable[[FeedItem], object]
    private: bool = False
    attempts: int = field(default=5, validator=ge(1))
    pause: float = field(default=1.0, validator=gt(0))

    def hand_over(self, item: FeedItem) -> None:
        """Deliver one item; what the host's function returns is not kept."""
        self.deliver(item)

    def step(self, item: FeedItem) -> StepOptions:
        """How DBOS calls and repeats the delivery of one item."""
        return {
            "name": f"deliver {item.key}",
            "retries_allowed": self.attempts > 1,
            "interval_seconds": self.pause,
            "max_attempts": self.attempts,
            "backoff_rate": 2.0,
        }
