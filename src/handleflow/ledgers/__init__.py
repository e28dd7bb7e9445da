"""Ledgers (台账) in: a year's ledger to play, an older ledger to take over."""

from handleflow.ledgers.taking_over import RefusedRow, TakenOver, take_over
from handleflow.ledgers.year import DEHUI, Played, Year, YearRow, read_year

__all__ = ["DEHUI", "Played", "RefusedRow", "TakenOver", "Year", "YearRow", "read_year", "take_over"]
