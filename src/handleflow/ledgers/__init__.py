"""Ledgers (台账) in: an older one is taken over."""

from handleflow.ledgers.taking_over import RefusedRow, TakenOver, take_over

__all__ = ["RefusedRow", "TakenOver", "take_over"]
