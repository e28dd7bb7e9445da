"""A new file: whole or not there at all, and for its owner alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp
from typing import TextIO

from handleflow.cli._ending import ending_in_order
from handleflow.errors import NotAStore
from handleflow.words import Message


@contextmanager
def new_file(path: Path) -> Iterator[TextIO]:
    """
    Text that is written beside *path*, and becomes it when all went well; else nothing of it stays, SIGTERM or not.

    It can be read by its owner alone (0600) from its first byte on: there may be private fields in it.

    Raises:
        NotAStore: when *path* is there already, or cannot be written.
    """
    if os.path.lexists(path):
        raise _there_already(path)
    try:
        with ending_in_order(), _beside(path) as (number, beside):
            with os.fdopen(number, "w", encoding="utf-8", newline="\n") as file:
                yield file
                file.flush()
                os.fsync(number)
            _become(beside, path)
    except OSError as error:
        raise NotAStore(
            Message("cli-not_written", {"path": str(path), "why": error.strerror or str(error)})
        ) from None


@contextmanager
def _beside(path: Path) -> Iterator[tuple[int, str]]:
    number, beside = mkstemp(prefix=".handleflow-", suffix=".part", dir=path.parent)
    try:
        yield number, beside
    finally:
        Path(beside).unlink(missing_ok=True)


def _become(beside: str, path: Path) -> None:
    try:
        os.link(beside, path)  # unlike a renaming it takes nobody's place who came meanwhile
    except FileExistsError:
        raise _there_already(path) from None
    except OSError:
        Path(beside).replace(path)  # a file system without links


def _there_already(path: Path) -> NotAStore:
    return NotAStore(Message("cli-there_already", {"path": str(path)}))
