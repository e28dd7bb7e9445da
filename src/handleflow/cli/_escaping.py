"""Output encoding: what becomes of a character that the terminal's encoding does not have?"""

from __future__ import annotations

import codecs
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper

_ERRORS = "handleflow.escaped"


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """As JSON escapes it: two halves beyond the first 65,536, so that JSON stays JSON."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)), error.end


codecs.register_error(_ERRORS, _escaped)


@contextmanager
def escaping() -> Iterator[None]:
    r"""Within it standard output and error take any text; what their encoding lacks they show as ``\u4f8b``."""
    streams = [stream for stream in (sys.stdout, sys.stderr) if isinstance(stream, TextIOWrapper)]
    before = [(stream, stream.errors) for stream in streams]
    try:
        for stream in streams:
            stream.reconfigure(errors=_ERRORS)
        yield
    finally:
        for stream, errors in before:
            with suppress(OSError, ValueError):  # its reader went away, or it was closed meanwhile
                stream.reconfigure(errors=errors)
