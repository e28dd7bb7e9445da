"""Did-you-mean suggestions: how does an error point to what would have worked?"""

from __future__ import annotations

from collections.abc import Iterable

_FEW = 12


def nearest(wrong: object, known: Iterable[str]) -> str | None:
    """The name nearest to *wrong*, where one is near."""
    from difflib import get_close_matches  # noqa: PLC0415  most processes come to no such error

    return next(iter(get_close_matches(str(wrong), sorted(known), n=1, cutoff=0.6)), None)


def likely(wrong: object, known: Iterable[str]) -> tuple[str, ...]:
    """The name nearest to *wrong* alone; else those known, in order, the first dozen of them."""
    near, names = nearest(wrong, known), sorted(set(known))
    return (near,) if near else tuple(names) if len(names) <= _FEW else (*names[:_FEW], "…")


def did_you_mean(wrong: object, known: Iterable[str]) -> str:
    """A tail for an error a developer reads: the name nearest to *wrong*, or all of them; else empty."""
    known = tuple(known)
    if near := nearest(wrong, known):
        return f"; did you mean {near!r}?"
    return f"; known: {', '.join(likely(wrong, known))}" if known else ""


def listed(names: Iterable[str]) -> str:
    """Names in one line, or the word for there being none."""
    return ", ".join(names) or "none"
