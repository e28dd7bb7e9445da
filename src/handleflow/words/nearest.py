"""How does an error point to what would have worked?"""

from __future__ import annotations

from collections.abc import Iterable

_FEW = 12


def did_you_mean(wrong: object, known: Iterable[str]) -> str:
    """A tail for an error: the name nearest to *wrong*, which may be none at all, or all of them; else empty."""
    from difflib import get_close_matches  # noqa: PLC0415  most processes come to no such error

    names = sorted(set(known))
    near = get_close_matches(str(wrong), names, n=1, cutoff=0.6)
    if near:
        return f"; did you mean {near[0]!r}?"
    if len(names) > _FEW:
        names = [*names[:_FEW], "…"]
    return f"; known: {', '.join(names)}" if names else ""


def listed(names: Iterable[str], empty: str = "none") -> str:
    """Names in one line, or the word for there being none."""
    return ", ".join(names) or empty


def listed_zh(names: Iterable[str]) -> str:
    """Names in one line of Chinese."""
    return "、".join(names) or "无"
