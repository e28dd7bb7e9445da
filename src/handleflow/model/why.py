"""Reason codes: why did a term (期限) move or end, why does a rung say nothing?"""

from __future__ import annotations

WHY_MOVED = (
    "adopted",
    "anchor_known",
    "corrected",
    "extended",
    "notice_corrected",
    "received",
    "resumed",
    "suspended",
    "time_corrected",
)
WHY_DROPPED = ("handled_again", "no_longer_so", "over", "relieved", "unknown_rule")
WHY_LAPSED = ("before_take_over", "coalesced", "no_longer_so", "over", "passed_before", "relieved", "term_met")
"""
Why a term moved or was dropped and why a rung lapsed, as codes: the words are made when they are shown.

What was recorded before stands there as text, and is shown as it was recorded.
"""
