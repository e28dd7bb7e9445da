"""
Is anything lost, doubled, hidden or falsely alarmed while a crowd of processes does everything at once?

Writers send twice, clocks sweep, hosts roll back, processes fork and are killed, while the store is rebuilt,
verified, backed up and restored into. What each was told is held against what lies there at the end.
"""

from __future__ import annotations

import logging
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from random import Random
from time import monotonic
from typing import Any

import pytest

from handleflow import Engine, Entry
from handleflow.acts import RecordContact
from handleflow.engine import Rebuilt, rebuild
from handleflow.stores.sql import SqlStore
from handleflow.tree_head import EMPTY, Frontier, entry_leaf
from handleflow.verification import verify
from tests.databases import fresh_postgres
from tests.markers import POSTGRES
from tests.promises.faults.children import Start, family, fill
from tests.promises.faults.crowd import AN_ARCHIVE, MANY, RULES, Place, counted, goes_on, notes
from tests.sizes import STRESS_SECONDS

pytestmark = pytest.mark.process

CROWD = ["writer-1", "writer-2", "merger", "host", "forker", "clock-1", "clock-2", "rebuilder", "verifier", "keeper"]
CROWD += ["archivist-1", "archivist-2", "reader-1", "reader-2"]


@pytest.fixture(params=["sqlite", POSTGRES], scope="module")
def where(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database."""
    if request.param == "postgres":
        return fresh_postgres()
    return str(tmp_path_factory.mktemp("stress") / "stress.db")


@pytest.fixture(scope="module")
def place(where: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A store, when the crowd has been there."""
    folder = tmp_path_factory.mktemp("diaries")
    with closing(SqlStore(where)) as store:
        fill(store, MANY, RULES)
    found = Place(where, str(folder), monotonic(), STRESS_SECONDS)
    with family() as start:
        crowd = [_joins(start, found, name, seed) for seed, name in enumerate(CROWD)]
        kills = _kills(start, found)
        for child in crowd:
            list(child.lines_before_it_ended())
            assert child.ended() == 0
    logging.getLogger(__name__).info("%s killed, %s", kills, dict(sorted(counted(found).items())))
    yield found
    shutil.rmtree(folder)


def _joins(start: Start, place: Place, name: str, seed: int) -> Any:
    return start(goes_on, place, name, seed)


def _kills(start: Start, place: Place) -> int:
    """One writer after another is killed, after so many acts and wherever it stands."""
    chance, killed = Random(1), 0  # noqa: S311  no secret
    while not place.is_over():
        victim = _joins(start, place, f"victim-{killed}", killed)
        list(islice(victim.lines_before_it_ended(), chance.randrange(1, 30)))
        victim.killed()
        killed += 1
    return killed


@pytest.fixture(scope="module")
def engine(place: Place) -> Iterator[Engine]:
    """An engine on what is left."""
    with closing(SqlStore(place.where)) as store:
        yield Engine(store, [RULES])


@pytest.fixture(scope="module")
def histories(engine: Engine) -> dict[str, tuple[Entry, ...]]:
    """Every history that is left."""
    return {suggestion.id: engine.store.history(suggestion.id) for suggestion in engine.store.snapshots()}


def contacts(histories: dict[str, tuple[Entry, ...]]) -> Counter[tuple[str, str]]:
    """How often each contact of the crowd was recorded, by its suggestion and its key."""
    said = ((id, entry.event) for id, entries in histories.items() for entry in entries)
    return Counter((id, event.text or "") for id, event in said if isinstance(event, RecordContact))


def noted(place: Place, what: str) -> list[dict[str, Any]]:
    """What was noted of one kind."""
    return [note for note in notes(place) if note["what"] == what]


def test_nobody_was_told_anything_that_is_not_so(place: Place) -> None:
    assert noted(place, "wrong") == []


def test_everybody_came_to_do_what_they_came_for(place: Place) -> None:
    wanted = {
        "done",
        "undone",
        "received",
        "merged",
        "forked",
        "swept",
        "rebuilt",
        "verified",
        "backed up",
        "restored",
    }

    assert wanted | {"read"} <= set(counted(place))


def test_what_was_acknowledged_is_recorded_once_under_its_key(
    place: Place, engine: Engine, histories: dict[str, tuple[Entry, ...]]
) -> None:
    done = [(note["id"], note["key"]) for note in noted(place, "done")]
    found = contacts(histories)

    assert [each for each in done if found[each] != 1] == []
    assert all(engine.recorded_under(*each) for each in done)


def test_what_nobody_acknowledged_is_recorded_at_most_once_and_what_was_rolled_back_never(
    place: Place, histories: dict[str, tuple[Entry, ...]]
) -> None:
    found = contacts(histories)
    undone = [(note["id"], note["key"]) for note in noted(place, "undone")]

    assert [each for each, times in found.items() if times > 1] == []
    assert [each for each in undone if each in found] == []


def test_each_chance_of_a_rung_was_taken_once(histories: dict[str, tuple[Entry, ...]]) -> None:
    entries = ((id, entry) for id, history in histories.items() for entry in history)
    taken = Counter(
        (id, firing_key) for id, entry in entries if (firing_key := getattr(entry.event, "firing_key", None))
    )

    assert taken
    assert set(taken.values()) == {1}


def test_both_sides_of_a_merge_know_of_it(place: Place, engine: Engine) -> None:
    for note in noted(place, "merged"):
        one, other = engine.look_up(note["id"]), engine.look_up(note["other"])

        assert (one.merged_with, other.merged_with) == ((other.id,), (one.id,))


def test_every_archive_is_there_whole(place: Place, histories: dict[str, tuple[Entry, ...]]) -> None:
    taken = {note["archive"] for note in noted(place, "restored")}

    assert {f"archive-{number}.{n}" for number in taken for n in range(AN_ARCHIVE)} <= set(histories)


def test_the_feed_tells_everything_once_in_an_order_that_no_reader_saw_otherwise(
    place: Place, engine: Engine, histories: dict[str, tuple[Entry, ...]]
) -> None:
    told = list(_feed(engine))
    written = [f"{id}/{entry.number}" for id, entries in histories.items() for entry in entries]
    read = [(note["position"], note["key"]) for note in noted(place, "read")]

    assert [position for position, _ in told] == list(range(1, len(told) + 1))
    assert sorted(key for _, key in told) == sorted(written)
    assert set(read) <= set(told)


def test_every_digest_that_somebody_saw_stands_for_the_entries_that_are_there(place: Place, engine: Engine) -> None:
    tree, heads = Frontier(), {0: EMPTY.hex()}
    for each in engine.store.numbered():
        tree = tree.appended(entry_leaf(each.hash or ""))
        heads[each.position] = tree.head.hex()
    seen = {(note["position"], note["digest"]) for note in noted(place, "digest")}

    assert len(seen) > 1
    assert seen <= set(heads.items())


def _feed(engine: Engine) -> Iterator[tuple[int, str]]:
    after = 0
    while items := engine.store.feed(after):
        yield from ((item.position, item.key) for item in items)
        after = items[-1].position


def test_the_record_is_whole_and_every_snapshot_is_its_history_folded(engine: Engine) -> None:
    assert list(verify(engine.store)) == []
    assert rebuild(engine) == Rebuilt(())
