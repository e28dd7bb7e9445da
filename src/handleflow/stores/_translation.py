"""What a database says went wrong, as this library says it: one translation around every connection."""

from __future__ import annotations

from contextlib import AbstractContextManager
from types import TracebackType
from typing import Generic, TypeVar

from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError

from handleflow.errors import StoreError

T = TypeVar("T")


class VersionConflict(Exception):
    """Somebody wrote first; nothing of the batches is kept."""


class translating_errors(Generic[T]):  # noqa: N801  a block, as contextlib's own
    """
    The block of *inner*; whatever the database says goes wrong is told under one name, when it was rolled back.

    Where it *may_conflict*, a number, key or firing key that somebody else wrote first is one. So is a deadlock that
    PostgreSQL broke, unless it *is_bound*: a host's transaction holds its locks while an act is decided again,
    and would meet the same deadlock until its tries are used up.
    """

    # Each act enters it twice: written as a generator it took six times as long.
    __slots__ = ("_inner", "_is_bound", "_may_conflict")

    def __init__(
        self, inner: AbstractContextManager[T], *, may_conflict: bool = False, is_bound: bool = False
    ) -> None:
        self._inner, self._may_conflict, self._is_bound = inner, may_conflict, is_bound

    def __enter__(self) -> T:
        """What *inner* gives."""
        try:
            return self._inner.__enter__()
        except Exception as error:
            self._translate(error)
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End *inner*, and translate what went wrong in it or at its end."""
        try:
            self._inner.__exit__(kind, error, trace)
        except Exception as late:
            self._translate(late)
            raise
        if error is not None:
            self._translate(error)

    def _translate(self, error: BaseException) -> None:
        if self._may_conflict and (is_taken(error) or (not self._is_bound and is_broken_off(error))):
            raise VersionConflict from None
        if isinstance(error, (SQLAlchemyError, OverflowError, UnicodeEncodeError)):  # two that drivers raise bare
            raise StoreError(f"the database refused, and nothing was written: {error}") from error


_KEYS = ("FOREIGNKEY", "PRIMARYKEY", "ROWID", "UNIQUE")
_TAKEN = {"23503", "23505", *(f"SQLITE_CONSTRAINT_{key}" for key in _KEYS)}


def is_taken(error: BaseException | None) -> bool:
    """Whether somebody wrote the same number, key or firing key first; a host's own trigger refuses otherwise."""
    origin = error.orig if isinstance(error, IntegrityError) else None
    return not _TAKEN.isdisjoint({getattr(origin, "sqlstate", None), getattr(origin, "sqlite_errorname", None)})


def is_broken_off(error: BaseException | None) -> bool:
    """Whether PostgreSQL broke a deadlock, or could not put two transactions in a row: decide again."""
    return isinstance(error, OperationalError) and getattr(error.orig, "sqlstate", "") in {"40P01", "40001"}
