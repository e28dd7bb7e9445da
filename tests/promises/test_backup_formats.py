"""Does a backup carry a record with its order and its proofs, is a rewritten one found, and is an older one read?"""

from __future__ import annotations

import datetime
import json
import random
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handleflow import Engine, MemoryStore, Store
from handleflow.acts import Classify, Receive
from handleflow.backup import Restored, backup, restore, rulebooks_in
from handleflow.backup._parsed_lines import read
from handleflow.before_schema_3 import OldEntry
from handleflow.before_schema_3 import entry_hash as old_hash
from handleflow.before_schema_3 import genesis as old_genesis
from handleflow.errors import BrokenBackup, KeyReused, StoreError
from handleflow.evidence.digests import Published, digest_of
from handleflow.legal_time import day
from handleflow.legal_time import instant as as_instant
from handleflow.model import Actor
from handleflow.rulebooks import from_document
from handleflow.store import Anchor, StoredCalendar
from handleflow.stores.sql import SqlStore, upgrade
from handleflow.verification import verify
from tests.beginnings import OFFICE, instant
from tests.markers import POSTGRES
from tests.paths import DATA
from tests.promises.backups import (
    AT,
    KINDS,
    LATER,
    LINES,
    NEWEST,
    PUBLISHED,
    RULES,
    SCALARS,
    SOURCE,
    Line,
    Opening,
    backed_up,
    found_in,
    lived,
    order,
    places,
    plain,
    positions,
    put,
    said,
    stores_of,
    text_and_digest,
    vars_of,
    written,
)
from tests.promises.test_upgrading import old_store

SLOW = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


@pytest.fixture(params=KINDS)
def opening(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opening]:
    """How to open a new store of a kind."""
    with stores_of(request.param, tmp_path) as made:
        yield made


class TestOrder:
    """A complete backup in an empty store is the same record, and what was published of it is proved there too."""

    @pytest.mark.parametrize("source", KINDS)
    def test_positions_and_digest_are_kept_and_what_was_published_holds(
        self, source: str, opening: Opening, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        with stores_of(source, tmp_path_factory.mktemp("source")) as opening_first:
            first, second = opening_first(), opening()
            _, published = lived(first)
            done = restore(Engine(second, [RULES]), backed_up(first))

            assert (done, second.digest(), order(second)) == (Restored(3, 0), first.digest(), order(first))
            assert (said(second, published), list(verify(second))) == ([], [])
            assert second.anchors() == (Anchor("backup", *vars_of(first.digest())),)

    def test_what_is_published_there_goes_on_from_what_was_published_before(self, opening: Opening) -> None:
        engine = Engine(opening(), [RULES])
        restore(engine, LINES)
        engine.execute("4", Receive("Buses", "Deputy C"), by=OFFICE, at=LATER)
        later = digest_of(engine.store, LATER, since=NEWEST.position)

        assert (later.position, said(engine.store, [*PUBLISHED, later])) == (NEWEST.position + 1, [])

    def test_texts_and_anchors_go_with_it_from_store_to_store(self, opening: Opening) -> None:
        first, second = opening(), opening()
        first.add_calendar(StoredCalendar("own", "1", *text_and_digest("{}")))
        first.add_anchor(Anchor("schema 2", 9, "ab" * 32))
        lived(first)
        restore(Engine(second, [RULES]), backed_up(first))
        third = Engine(opening(), [RULES])
        restore(third, backed_up(second))

        assert set(third.store.calendars()) == set(first.calendars()) == set(second.calendars())
        assert set(third.store.anchors()) == {
            Anchor("schema 2", 9, "ab" * 32),
            Anchor("backup", *vars_of(first.digest())),
        }

    def test_restored_twice_it_is_there_once(self, opening: Opening) -> None:
        engine = Engine(opening(), [RULES])
        restore(engine, LINES)
        anchors = engine.store.anchors()

        assert restore(engine, LINES) == Restored(0, 3)
        assert (engine.store.digest(), engine.store.anchors(), list(verify(engine.store))) == (NEWEST, anchors, [])

    def test_a_store_with_a_feed_of_its_own_goes_on_with_it_and_names_the_other(self, opening: Opening) -> None:
        engine = Engine(opening(), [RULES])
        engine.execute("own", Receive("Gates", "Deputy D"), by=OFFICE, at=AT)
        own = digest_of(engine.store, AT)
        restore(engine, LINES)
        digest = engine.store.digest()

        assert (digest.position, sorted(order(engine.store)[1:])) == (
            NEWEST.position + 1,
            sorted(order(SOURCE.store)),
        )
        assert (said(engine.store, [own]), len(said(engine.store, PUBLISHED))) == ([], len(PUBLISHED))
        assert said(engine.store, [own, *PUBLISHED, digest_of(engine.store, LATER)]) == []
        assert list(verify(engine.store)) == []

    def test_what_waits_for_a_position_in_the_store_gets_a_later_one(self, opening: Opening) -> None:
        engine = Engine(opening(), [RULES])
        engine.execute("own", Receive("Gates", "Deputy D"), by=OFFICE, at=AT)
        restore(engine, LINES)
        digest = engine.store.digest()

        assert (digest.position, order(engine.store)[-1]) == (NEWEST.position + 1, ("own", 1))
        assert said(engine.store, PUBLISHED) == []

    def test_a_later_backup_of_the_same_record_goes_on_where_the_earlier_one_ended(self, opening: Opening) -> None:
        first, second = lived(MemoryStore())[0], Engine(opening(), [RULES])
        restore(second, backed_up(first.store))
        first.execute("0", Receive("Buses", "Deputy C"), by=OFFICE, at=LATER)
        first.execute("5", Receive("Benches", "Deputy C"), by=OFFICE, at=LATER)

        assert restore(second, backed_up(first.store)) == Restored(2, 3)
        assert second.store.digest() == first.store.digest()

    def test_an_empty_record_is_restored_to_one_and_anchors_nothing(self, opening: Opening) -> None:
        engine = Engine(opening(), [RULES])

        assert restore(engine, backed_up(MemoryStore())) == Restored(0, 0)
        assert (engine.store.digest().position, engine.store.anchors()) == (0, ())


class TestWithheld:
    """Where something is left out, the order is kept up to it, and of the rest the anchor alone tells."""

    LEFT_OUT = 1 + order(SOURCE.store).index(("2", 1))
    """The first position of what is left out."""

    @staticmethod
    def restored(opening: Opening) -> tuple[list[Published], Engine, list[str]]:
        first, published = lived(MemoryStore())
        first.execute("2", Classify(is_confidential=True), by=OFFICE, at=AT)
        published.append(digest_of(first.store, AT, since=published[-1].position))
        engine, lines = Engine(opening(), [RULES]), backed_up(first.store, private=False)
        restore(engine, lines)
        engine.store.digest()
        return published, engine, lines

    def test_verifying_says_so_until_a_digest_is_published_that_answers_for_it(self, opening: Opening) -> None:
        published, engine, _ = self.restored(opening)
        found, kept = said(engine.store, published), [each for each in published if each.position < self.LEFT_OUT]

        assert len(found) == len(published) - len(kept) > 0
        assert all("not those whose digest was published" in what or "was cut off" in what for what in found)
        assert said(engine.store, [*published, digest_of(engine.store, LATER)]) == []
        assert list(verify(engine.store)) == []

    def test_what_was_published_before_the_first_that_is_left_out_still_holds(self, opening: Opening) -> None:
        published, engine, _ = self.restored(opening)
        kept = [each for each in published if each.position < self.LEFT_OUT]

        assert order(engine.store)[: self.LEFT_OUT - 1] == order(SOURCE.store)[: self.LEFT_OUT - 1]
        assert (len(kept), said(engine.store, kept)) == (2, [])

    def test_the_backup_itself_still_agrees_with_what_was_published(self, opening: Opening) -> None:
        published, _, lines = self.restored(opening)

        assert (found_in(lines, published), "Lamps" in "".join(lines), '"2"' in lines[-2]) == ([], False, False)
        assert json.loads(lines[-1])["withheld"] == 1

    def test_a_second_restoring_of_all_of_it_brings_the_rest(self, opening: Opening) -> None:
        _, engine, _ = self.restored(opening)
        first, _ = lived(MemoryStore())
        with pytest.raises(BrokenBackup, match="another history"):
            restore(engine, backed_up(first.store))  # the same words, told again, have other salts


class TestTakenWhileOthersWrite:
    """What is recorded when its place in a backup has gone by is in none, and nothing else suffers by it."""

    @staticmethod
    def taken(store: Store, *, private: bool = True) -> tuple[list[str], list[Published]]:
        engine, published = lived(store)
        lines: list[str] = []

        def write(line: str) -> None:
            if '"suggestion":"2"' in line:
                engine.execute("1", Classify("water"), by=OFFICE, at=LATER)
                engine.execute("0", Receive("Secret", "Deputy C"), by=OFFICE, at=LATER)
                engine.execute("0", Classify(is_confidential=True), by=OFFICE, at=LATER)
                engine.execute("3", Classify("schools"), by=OFFICE, at=LATER)
            lines.append(line)

        backup(store, write, private=private)
        return lines, published

    @pytest.mark.parametrize("private", [True, False])
    def test_it_agrees_with_all_that_was_published_before(self, opening: Opening, private: bool) -> None:
        lines, published = self.taken(opening(), private=private)
        second = Engine(opening(), [RULES])
        restore(second, lines)

        assert found_in(lines, published) == []
        assert said(second.store, published) == []
        assert "0" not in {each[0] for each in positions(plain(lines))}

    def test_a_digest_published_since_says_what_is_missing(self, opening: Opening) -> None:
        store = opening()
        lines, _ = self.taken(store)
        found = found_in(lines, [digest_of(store, LATER)])

        assert [what for what in found if "suggestion 1, entry" in what] != []
        assert any(what.endswith("of the feed has no name, and nothing is withheld") for what in found)


def broken_off(engine: Engine, text: str) -> None:
    with pytest.raises(BrokenBackup):
        restore(engine, text.splitlines(keepends=True))


class TestCutOff:
    """A backup that ends too early is refused; whole, it then goes on to the same record."""

    def test_at_every_line(self, opening: Opening) -> None:
        engine = Engine(opening(), [RULES])
        for end in range(len(LINES)):
            with pytest.raises(BrokenBackup, match="and says nothing at its end"):
                restore(engine, LINES[:end])
            assert (engine.store.anchors(), list(verify(engine.store))) == ((), [])
        done = restore(engine, LINES)

        assert (done, engine.store.digest(), list(verify(engine.store))) == (Restored(0, 3), NEWEST, [])

    @SLOW
    @given(data=st.data())
    def test_at_any_byte(self, data: st.DataObject) -> None:
        engine, whole = Engine(MemoryStore(), [RULES]), "".join(LINES).encode()
        end = data.draw(st.integers(0, len(whole) - 2))
        broken_off(engine, whole[:end].decode(errors="surrogateescape"))

        assert list(verify(engine.store)) == []
        assert (restore(engine, LINES).there_already <= 3, engine.store.digest()) == (True, NEWEST)

    @pytest.mark.parametrize("end", range(0, len(LINES[-2]) + len(LINES[-1]) - 1, 97))
    def test_among_the_positions_or_the_end(self, opening: Opening, end: int) -> None:
        engine = Engine(opening(), [RULES])
        broken_off(engine, ("".join(LINES[:-2])) + "".join(LINES[-2:])[:end])
        restore(engine, LINES)

        assert (engine.store.digest(), order(engine.store)) == (NEWEST, order(SOURCE.store))

    def test_between_two_lines_of_positions(self, opening: Opening) -> None:
        first, second = Engine(MemoryStore(), [RULES]), Engine(opening(), [RULES])
        for number in range(520):
            first.execute(f"{999 - number}", Receive("Pipes", "Deputy A"), by=OFFICE, at=AT)
        lines = backed_up(first.store)
        with pytest.raises(BrokenBackup, match="it ends after 520 suggestions, and says nothing"):
            restore(second, lines[:-2])
        there = len(order(second.store))
        restore(second, lines)

        assert (there, second.store.digest()) == (500, first.store.digest())

    def test_cut_off_it_is_not_what_was_published(self) -> None:
        for end in range(1, len(LINES)):
            assert "suggestion (backup): it has no end" in found_in(LINES[:end], PUBLISHED[:1])


# format 1

OLD = (DATA / "backup_1.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
OLD_RULEBOOKS = [from_document(kept.document) for kept in rulebooks_in(OLD)]
OLD_OFFICE = Actor("congress_office", "Standing Committee Office (placeholder)")
OLD_ENTRIES = {line["suggestion"]: line["entries"] for line in plain(OLD) if "suggestion" in line}


def on_old(store: Store) -> Engine:
    """An engine that holds the rulebooks of that backup."""
    clock = datetime.datetime(2026, 12, 1, tzinfo=datetime.UTC)
    return Engine(store, OLD_RULEBOOKS, clock=lambda: as_instant(clock))


def old_rechained(line: Line) -> None:
    """Every entry gets the hash it would have had."""
    previous = old_genesis(line["suggestion"])
    for entry in line["entries"]:
        number, kind, at, on, role, name, state, rulebook, version, body, _, _ = entry
        when = (as_instant(datetime.datetime.fromisoformat(at)), day(on))
        found = OldEntry(number, kind, *when, role, name, state, rulebook, version, body.encode(), "")
        entry[10] = previous = old_hash(previous, found)


class TestFormat1:
    """A real one of 23 November 2026 is read, and chained anew with salts."""

    def test_it_tells_the_same_histories_and_has_no_fault(self, opening: Opening) -> None:
        engine = on_old(opening())
        done = restore(engine, OLD)
        columns = {
            id: [
                [e.number, e.at.isoformat(), e.on.isoformat(), e.by.role, e.by.name, e.state]
                for e in engine.history(id)
            ]
            for id in engine.store.ids()
        }
        found = {
            id: [
                [n, at.replace(".000000", ""), on, role, name, state]
                for n, _, at, on, role, name, state, *_ in entries
            ]
            for id, entries in OLD_ENTRIES.items()
        }

        assert (done, columns, list(verify(engine.store, OLD_RULEBOOKS))) == (Restored(4, 0), found, [])

    def test_every_entry_gets_a_salt_of_its_own_and_the_digests_of_its_texts(self, opening: Opening) -> None:
        engine = on_old(opening())
        restore(engine, OLD)
        stored = [entry for id in engine.store.ids() for entry in engine.store.entries(id)]
        rulebooks = {(rules.name, rules.version): rules for rules in OLD_RULEBOOKS}

        assert len({entry.salt for entry in stored}) == len(stored)
        assert all(
            (e.rulebook_digest, e.calendar_digest) == (rules.digest, rules.calendar.digest)
            for e in stored
            for rules in [rulebooks[e.rulebook_name, e.rulebook_version]]
        )

    def test_private_fields_come_with_it(self, opening: Opening) -> None:
        engine = on_old(opening())
        restore(engine, OLD)
        received = engine.history("2026-001")[0].event

        assert isinstance(received, Receive)
        assert (received.phone, received.address) == ("placeholder number", "placeholder street")

    def test_its_keys_are_known_and_stand_for_the_same_acts(self, opening: Opening) -> None:
        engine = on_old(opening())
        restore(engine, OLD)
        received = Receive(
            "Pipes", "Deputy A (placeholder)", phone="placeholder number", address="placeholder street"
        )
        engine.execute("2026-001", received, by=OLD_OFFICE, key="k1")
        with pytest.raises(KeyReused):
            engine.execute("2026-001", Classify("other"), by=OLD_OFFICE, key="k1")

        assert len(engine.history("2026-001")) == len(OLD_ENTRIES["2026-001"])

    def test_the_head_of_its_feed_is_an_anchor(self, opening: Opening) -> None:
        store, end = opening(), json.loads(OLD[-1])
        restore(on_old(store), OLD)

        assert store.anchors() == (Anchor("backup", end["position"], end["head"]),)

    def test_restored_twice_it_is_there_once_though_salts_are_never_the_same(self, opening: Opening) -> None:
        engine = on_old(opening())
        restore(engine, OLD)
        digest, anchors = engine.store.digest(), engine.store.anchors()

        assert restore(engine, OLD) == Restored(0, 4)
        assert (engine.store.digest(), engine.store.anchors()) == (digest, anchors)
        assert len({restored_digest(seed) for seed in (1, 1, 2)}) == 2

    def test_one_that_went_on_meanwhile_is_there_already(self, opening: Opening) -> None:
        engine = on_old(opening())
        restore(engine, OLD)
        engine.execute("2026-001", Classify("roads"), by=OLD_OFFICE)

        assert restore(engine, OLD) == Restored(0, 4)

    @pytest.mark.parametrize("kind", ["sqlite", POSTGRES])
    def test_in_a_store_that_was_upgraded_from_the_same_record_it_is_there_already(
        self, kind: str, tmp_path: Path
    ) -> None:
        where = old_store(2, kind, tmp_path)
        upgrade(where)
        with closing(SqlStore(where)) as store:
            digest = store.digest()

            assert (restore(on_old(store), OLD), store.digest()) == (Restored(0, 4), digest)
            assert [anchor.origin for anchor in store.anchors()] == ["schema 2", "backup"]

    def test_chained_anew_in_two_places_it_is_two_records(self) -> None:
        first, second = on_old(MemoryStore()), on_old(MemoryStore())
        restore(first, OLD)
        restore(second, OLD)
        with pytest.raises(BrokenBackup, match="is there with another history"):
            restore(second, backed_up(first.store))

    def test_another_history_under_the_same_id_is_refused(self, opening: Opening) -> None:
        engine = on_old(opening())
        engine.execute("2026-001", Receive("Gates", "Deputy A"), by=OLD_OFFICE, at=instant("2026-02-09"))
        with pytest.raises(BrokenBackup, match="line 5: suggestion 2026-001 is there with another history"):
            restore(engine, OLD)

    @pytest.mark.parametrize(
        ("place", "there"),
        [
            (1, "withdrawn"),
            (2, "2026-02-09T02:00:00.000000+00:00"),
            (3, "2026-02-08"),
            (4, "government"),
            (5, "Somebody else"),
            (6, "closed"),
            (7, "cn.national"),
            (8, "9"),
            (9, "{}"),
            (10, "0" * 64),
        ],
    )
    def test_an_entry_that_is_not_what_its_hash_stands_for_is_not_made_whole(
        self, opening: Opening, place: int, there: str
    ) -> None:
        lines, engine = plain(OLD), on_old(opening())
        lines[5]["entries"][1][place] = there
        with pytest.raises(BrokenBackup, match=r"line 6: suggestion 2026-002, entry 2: its hash does not fit"):
            restore(engine, written(lines))

        assert list(engine.store.ids()) == ["2026-001"]

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            pytest.param(lambda line: line["entries"].pop(3), "entry 4: its hash does not fit", id="one left out"),
            pytest.param(
                lambda line: line["entries"].insert(1, line["entries"][0]), "entry 2: its hash", id="one put in"
            ),
            pytest.param(
                lambda line: line.update(suggestion="2026-009"), "2026-009, entry 1: its hash", id="another id"
            ),
            pytest.param(
                lambda line: line["entries"][0][11][0].__setitem__(2, '"another"'),
                "entry 1: the private field 'address' is not what was sealed",
                id="a private field",
            ),
            pytest.param(lambda line: line["entries"].clear(), "it has no entry", id="no entries"),
            pytest.param(
                lambda line: line["keys"][0].__setitem__(3, 99), "stands for entries that are not there", id="a key"
            ),
        ],
    )
    def test_a_history_that_was_tampered_with_is_refused_by_line(
        self, opening: Opening, change: Callable[[Line], object], said: str
    ) -> None:
        lines, engine = plain(OLD), on_old(opening())
        change(lines[4])
        with pytest.raises(BrokenBackup, match=f"line 5: (?s:.*){said}"):
            restore(engine, written(lines))

        assert list(engine.store.ids()) == []

    def test_cut_off_at_every_line_it_is_refused_and_goes_on_whole(self, opening: Opening) -> None:
        engine = on_old(opening())
        for end in range(len(OLD)):
            with pytest.raises(BrokenBackup, match="and says nothing at its end"):
                restore(engine, OLD[:end])
            assert engine.store.anchors() == ()

        assert (restore(engine, OLD), list(verify(engine.store, OLD_RULEBOOKS))) == (Restored(0, 4), [])

    def test_what_is_nested_too_deep_is_refused_by_line(self) -> None:
        lines = plain(OLD)
        line = lines[4]
        line["entries"][0][1] = "a kind nobody knows"
        line["entries"][0][9] = '{"a":' + "[" * 700 + "]" * 700 + "}"
        old_rechained(line)
        engine = on_old(MemoryStore())
        with pytest.raises(BrokenBackup, match="line 5: suggestion 2026-001: what it says is nested too deep"):
            restore(engine, written(lines))

        assert list(engine.store.ids()) == []

    def test_it_holds_no_positions_and_so_proves_nothing_to_whoever_has_a_published_digest(self) -> None:
        with pytest.raises(BrokenBackup, match=r"line 5: it is of format 1, which holds no positions of the feed"):
            found_in(OLD, PUBLISHED)
        with pytest.raises(BrokenBackup, match=r"line 2: it is of format 1, which holds no positions of the feed"):
            found_in([OLD[0], OLD[-1]], PUBLISHED)

    @pytest.mark.parametrize(
        ("entropy", "said"),
        [
            pytest.param(bytes, "the randomness handed in repeats itself", id="the same again"),
            pytest.param(lambda size: b"x", "and 16 bytes were asked for", id="too few"),
            pytest.param(lambda size: "x" * size, "and 16 bytes were asked for", id="text"),
        ],
    )
    def test_randomness_that_is_none_gives_no_salts(
        self, entropy: Callable[[int], bytes], said: str, tmp_path: Path
    ) -> None:
        engine = on_old(MemoryStore())
        with pytest.raises(StoreError, match=said):
            restore(engine, OLD, entropy=entropy)
        with pytest.raises(StoreError, match=said):
            upgrade(old_store(2, "sqlite", tmp_path), entropy=entropy)

        assert list(engine.store.ids()) == []


def restored_digest(seed: int) -> str:
    """What the feed comes to with that randomness."""
    engine = on_old(MemoryStore())
    restore(engine, OLD, entropy=random.Random(seed).randbytes)  # noqa: S311  for the same salts twice
    return engine.store.digest().digest


# wrong shapes


def anchored() -> list[str]:
    """Lines of every kind."""
    store = MemoryStore()
    store.add_anchor(Anchor("schema 2", 9, "ab" * 32))
    lived(store)
    return backed_up(store)


EVERY = anchored()
AT_LINE = {
    next(iter(set(line) & {"rulebook", "calendar", "anchor", "suggestion", "positions", "end"}), "backup"): n
    for n, line in enumerate(plain(EVERY))
}


class TestShapes:
    """A line that is not what a backup's should be is refused with its number."""

    @pytest.mark.parametrize(
        ("kind", "path", "there", "said"),
        [
            ("backup", ("format",), 3, "this is no backup of format 2, nor of format 1"),
            ("backup", ("format",), "2", "this is no backup of format 2, nor of format 1"),
            ("backup", ("backup",), "a backup", "this is no backup of format 2, nor of format 1"),
            ("rulebook", ("rulebook", 3), "{}", "rulebook test 1: its text is not the one it was kept with"),
            ("calendar", ("calendar",), {}, "a calendar should be a list, not a dict"),
            ("calendar", ("calendar",), ["cn"], "a calendar should be a list of 4, not of 1"),
            ("calendar", ("calendar", 0), 7, "name should be words, not 7"),
            ("calendar", ("calendar", 1), "", "version should be words, not ''"),
            ("calendar", ("calendar", 1), "1" * 256, "version is of 256 characters, and 255 are kept"),
            ("calendar", ("calendar", 2), "0" * 64, "calendar cn 2026.1: its text is not the one it was kept with"),
            ("calendar", ("calendar", 3), None, "text should be words, not None"),
            ("anchor", ("anchor",), "x", "an anchor should be a list, not 'x'"),
            ("anchor", ("anchor",), [1, 2], "an anchor should be a list of 3, not of 2"),
            ("anchor", ("anchor", 0), " ", "origin should be words, not ' '"),
            ("anchor", ("anchor", 0), "x" * 65, "origin is of 65 characters, and 64 are kept"),
            ("anchor", ("anchor", 1), -1, "position should be a whole number, not -1"),
            ("anchor", ("anchor", 1), True, "position should be a whole number, not True"),
            ("anchor", ("anchor", 2), "ab", "digest should be 64 hex digits, not 'ab'"),
            ("anchor", ("anchor", 2), "AB" * 32, "digest should be 64 hex digits"),
            ("suggestion", ("suggestion",), "1" * 256, "id is of 256 characters, and 255 are kept"),
            ("suggestion", ("entries", 0, 1), "k" * 65, "kind is of 65 characters, and 64 are kept"),
            ("suggestion", ("entries", 0, 6), "n" * 256, "name is of 256 characters, and 255 are kept"),
            ("suggestion", ("entries", 0, 7), "s" * 65, "state is of 65 characters, and 64 are kept"),
            ("suggestion", ("entries", 0, 10), None, "digest of the rulebook should be words, not None"),
            ("suggestion", ("entries", 0, 10), "x", "digest of the rulebook should be 64 hex digits, not 'x'"),
            ("suggestion", ("entries", 0, 11), [], "calendar should be words, not a list"),
            ("suggestion", ("entries", 0, 12), 0, "version of the calendar should be words, not 0"),
            ("suggestion", ("entries", 0, 13), False, "digest of the calendar should be words, not False"),
            ("suggestion", ("entries", 0, 16), "xyz", "hash should be 64 hex digits, not 'xyz'"),
            ("suggestion", ("keys",), [["k", "x", 1, 1]], "digest should be 64 hex digits, not 'x'"),
            ("suggestion", ("keys",), [["k" * 256, "0" * 64, 1, 1]], "256 characters"),
            ("positions", ("positions",), -1, "positions should be a whole number, not -1"),
            ("positions", ("positions",), 2, "position 1 of the feed is missing before 2"),
            ("positions", ("entries",), {}, "entries should be a list, not a dict"),
            ("positions", ("entries",), [], "there are no positions in it"),
            ("positions", ("entries", 0), ["1", 1], "a position should be a list of 3, not of 2"),
            ("positions", ("entries", 0, 0), None, "id should be words, not None"),
            ("positions", ("entries", 0, 0), [], "id should be words, not a list"),
            ("positions", ("entries", 0, 0), 0, "id should be words, not 0"),
            ("positions", ("entries", 0, 0), "", "id should be words, not ''"),
            ("positions", ("entries", 0, 1), 0, "suggestion 3: at position 1 of the feed its entry 1 should stand"),
            ("positions", ("entries", 0, 1), 2**40, "at position 1 of the feed its entry 1 should stand"),
            ("positions", ("entries", 0, 1), 1.0, "number should be a whole number, not 1.0"),
            ("positions", ("entries", 0, 2), "no hash", "hash should be 64 hex digits, not 'no hash'"),
            ("positions", ("entries", 0, 2), None, "hash should be words, not None"),
            ("positions", ("entries", 0, 2), "0" * 64, "it is not the entry that stands at position 1"),
            ("end", ("end",), "3", "end should be a whole number, not '3'"),
            ("end", ("withheld",), None, "withheld should be a whole number, not None"),
            ("end", ("position",), 1.5, "position should be a whole number, not 1.5"),
            ("end", ("position",), 3, "positions of the feed, and tells of 3"),
            ("end", ("digest",), "x", "digest should be 64 hex digits, not 'x'"),
            ("end", ("digest",), "0" * 64, "the digest at its end is not that of its positions"),
            ("end", ("head",), "0" * 64, "there is no such line in a backup"),
        ],
    )
    def test_a_value_that_should_be_another(
        self, opening: Opening, kind: str, path: tuple[Any, ...], there: Any, said: str
    ) -> None:
        lines, store = plain(EVERY), opening()
        put(lines[AT_LINE[kind]], path, there)
        with pytest.raises(BrokenBackup, match=f"^line {AT_LINE[kind] + 1}: .*{re.escape(said)}"):
            restore(Engine(store, [RULES]), written(lines))

        assert (store.anchors(), list(verify(store))) == ((), [])

    @pytest.mark.parametrize("kind", AT_LINE)
    @pytest.mark.parametrize("lines", [EVERY, OLD], ids=["format 2", "format 1"])
    def test_whatever_stands_in_a_line_it_is_read_or_refused_with_its_number(
        self, kind: str, lines: list[str]
    ) -> None:
        """Every place of a line of each kind, and every hostile value in it."""
        for n, line in enumerate(plain(lines)):
            paths = [path for path in places(line) if len(path) < 3 or path[1] == 0] if kind in line else []
            for path in paths:
                for there in [*SCALARS, [], {}, [[]], "0" * 64]:
                    changed = json.loads(lines[n])
                    put(changed, path, there)
                    try:
                        list(read([*lines[: min(n, 1)], json.dumps(changed)]))
                    except BrokenBackup as refused:
                        found = str(refused)
                        assert found.startswith(f"line {min(n, 1) + 1}: ")
                        assert len(found.encode()) < 500

    @pytest.mark.parametrize(
        ("lines", "said"),
        [
            pytest.param([OLD[0], EVERY[-1]], "there is no such line", id="an end of today under format 1"),
            pytest.param([EVERY[0], OLD[-1]], "there is no such line", id="an end of format 1 under today's"),
            pytest.param([OLD[0], EVERY[-2]], "there is no such line", id="positions under format 1"),
            pytest.param([OLD[0], EVERY[AT_LINE["anchor"]]], "there is no such line", id="an anchor under format 1"),
            pytest.param(
                [EVERY[0], OLD[4]], "an entry should be a list of 18, not of 12", id="a history of format 1"
            ),
            pytest.param(
                [OLD[0], EVERY[AT_LINE["suggestion"]]], "an entry should be a list of 12", id="and under it"
            ),
            pytest.param([EVERY[0], EVERY[0]], "there is no such line", id="two headings"),
        ],
    )
    def test_the_lines_of_one_format_do_not_stand_in_the_other(self, lines: list[str], said: str) -> None:
        with pytest.raises(BrokenBackup, match=f"line 2: .*{said}"):
            restore(Engine(MemoryStore(), [RULES]), lines)

    def test_an_anchor_of_a_backup_can_be_published_and_read(self, opening: Opening) -> None:
        from handleflow.evidence.digests import read as read_digests  # noqa: PLC0415

        engine = Engine(opening(), [RULES])
        restore(engine, EVERY)
        digest = digest_of(engine.store, LATER)

        assert read_digests([digest.line()])[0].anchors == engine.store.anchors() != ()
