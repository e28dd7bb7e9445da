"""Boards and figures."""
