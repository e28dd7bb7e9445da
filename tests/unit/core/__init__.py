"""Deciding, supervising, explaining."""
