"""A process that holds many living suggestions and tells some more when it is asked to."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.connection import Connection
from time import process_time

from benchmarks import _lives as lives
from benchmarks._rounds import ROUNDS, Times
from handleflow import Engine, MemoryStore


def live(n: int, connection: Connection) -> None:
    """
    Hold *n* lives; for each number that is asked for, tell as many more and answer with the seconds.

    The collector stays on: whether it costs more where more live is the question.
    """
    engine = Engine(MemoryStore(), [lives.RULES])
    for number in range(n):
        lives.by_engine(engine, f"held-{number}")
    connection.send(0.0)
    place = 0
    while more := connection.recv():
        gc.collect()
        begun = process_time()
        for number in range(place, place + more):
            lives.by_engine(engine, f"more-{number}")
        connection.send(process_time() - begun)
        place += more


@contextmanager
def among(n: int) -> Iterator[Connection]:
    """A process that holds *n* lives."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=live, args=(n, theirs), daemon=True)
    process.start()
    theirs.close()
    ours.recv()
    try:
        yield ours
    finally:
        ours.send(0)
        process.join()


def interleaved(processes: Mapping[str, Connection], n: int) -> Times:
    """Microseconds a life in each, in turn."""
    times: Times = {name: [] for name in processes}
    for number in range(ROUNDS + 1):
        for name, process in processes.items():
            process.send(n)
            took = process.recv()
            if number:
                times[name].append(took * 1e6 / n)
    return times
