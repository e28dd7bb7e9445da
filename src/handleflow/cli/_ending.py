"""A process that is told to end: does it clean up before?"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from typing import NoReturn

_TOLD = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


@contextmanager
def ending_in_order() -> Iterator[None]:
    """
    Within it SIGTERM and SIGHUP end the program as an exit does, with 128 and their number: what cleans up does so.

    A signal that somebody ignores or hears already stays theirs; outside the main thread nobody may change it.
    """
    is_ours = current_thread() is main_thread()
    heard = [number for number in _TOLD if is_ours and signal.getsignal(number) is signal.SIG_DFL]

    def end(number: int, _: object) -> NoReturn:
        for each in heard:
            signal.signal(each, signal.SIG_IGN)  # a second one would break off the cleaning up
        raise SystemExit(128 + number)

    try:
        for number in heard:
            signal.signal(number, end)
        yield
    finally:
        for number in heard:
            signal.signal(number, signal.SIG_DFL)
