"""Is a backup that somebody wrote anew found by what was published of the record, before anything is taken in?"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handleflow import Engine, MemoryStore
from handleflow.backup import restore, rulebooks_in
from handleflow.cli import main
from handleflow.errors import BrokenBackup
from handleflow.rulebooks import from_document
from handleflow.stores.sql import SqlStore
from handleflow.verification import verify
from tests.promises import tampering
from tests.promises.backups import (
    HOSTILE,
    LINES,
    NEWEST,
    PUBLISHED,
    RULES,
    Change,
    Line,
    ended,
    found_in,
    histories,
    places,
    plain,
    positions,
    put,
    rechained,
    said,
    text_and_digest,
    written,
)


def rewritten(change: Change, *, whole: bool = True) -> list[str]:
    """The backup with a *change*; *whole* where everything in it was made to fit again."""
    lines = plain(LINES)
    change(lines)
    if whole:
        rechained(lines)
        ended(lines)
    return written(lines)


def retold(lines: list[Line]) -> None:
    entry = histories(lines)["1"]["entries"][1]
    entry[15] = entry[15].replace("Water Bureau", "Roads Bureau")


def backdated(lines: list[Line]) -> None:
    histories(lines)["2"]["entries"][0][3] = "2026-02-08"


def swapped(lines: list[Line]) -> None:
    there = positions(lines)
    first = next(n for n in range(len(there)) if there[n][0] != there[n + 1][0])
    there[first : first + 2] = [there[first + 1], there[first]]


def without_its_last(lines: list[Line]) -> None:
    line = histories(lines)["1"]
    line["entries"].pop()
    positions(lines).remove(next(each for each in reversed(positions(lines)) if each[0] == "1"))


def without_a_suggestion(lines: list[Line]) -> None:
    lines.remove(histories(lines)["3"])
    positions(lines)[:] = [each for each in positions(lines) if each[0] != "3"]


def with_another(lines: list[Line]) -> None:
    made_up = json.loads(json.dumps(histories(lines)["3"]))
    made_up["suggestion"] = "9"
    lines.insert(lines.index(histories(lines)["3"]), made_up)
    positions(lines)[:0] = [["9", n, "0" * 64] for n in range(1, len(made_up["entries"]) + 1)]


REWRITTEN = [
    pytest.param(retold, id="what an act said"),
    pytest.param(backdated, id="a day"),
    pytest.param(swapped, id="the order"),
    pytest.param(without_its_last, id="an entry left out with its position"),
    pytest.param(without_a_suggestion, id="a suggestion left out with its positions"),
    pytest.param(with_another, id="a suggestion made up"),
]


def nameless(lines: list[Line]) -> None:
    """As though what stood at the positions of suggestion 1 were withheld."""
    for each in positions(lines):
        each[:2] = ["", 0] if each[0] == "1" else each[:2]


class TestRewritten:
    """Whatever was published of a record, no other one passes for it; nothing is taken in before that is known."""

    def test_a_backup_that_nobody_touched_agrees_with_all_that_was_published(self) -> None:
        assert found_in(LINES, PUBLISHED) == []

    @pytest.mark.parametrize("change", REWRITTEN)
    def test_made_to_fit_it_is_found_by_what_was_published_and_by_nothing_else(self, change: Change) -> None:
        lines = rewritten(change)
        store = MemoryStore()
        restore(Engine(store, [RULES]), lines)

        assert (found_in(lines), list(verify(store))) == ([], [])
        assert found_in(lines, PUBLISHED) != []
        assert said(store, PUBLISHED) != []

    @pytest.mark.parametrize("change", REWRITTEN)
    def test_not_made_to_fit_it_is_found_whatever_was_published(self, change: Change) -> None:
        lines = rewritten(change, whole=False)
        with pytest.raises(BrokenBackup):
            restore(Engine(MemoryStore(), [RULES]), lines)

        assert found_in(lines) != []

    @pytest.mark.parametrize("change", REWRITTEN)
    def test_with_hashes_that_fit_it_still_needs_positions_that_do(self, change: Change) -> None:
        lines = plain(LINES)
        change(lines)
        rechained(lines)
        with pytest.raises(BrokenBackup, match=r"line \d+: .*(its positions|and tells of|it ends after)"):
            restore(Engine(MemoryStore(), [RULES]), written(lines))

    @given(place=st.integers(0, NEWEST.position - 1), other=st.integers(0, NEWEST.position - 1))
    def test_any_two_positions_changed_over_are_found(self, place: int, other: int) -> None:
        def change(lines: list[Line]) -> None:
            there = positions(lines)
            there[place], there[other] = there[other], there[place]

        assert (found_in(rewritten(change), PUBLISHED) != []) == (place != other)

    def test_what_was_published_earlier_finds_what_was_changed_before_it_and_nothing_after(self) -> None:
        first = [each for each in PUBLISHED if each.position <= 2]

        assert found_in(rewritten(without_its_last), first) == []
        assert found_in(rewritten(without_a_suggestion), first) != []

    def test_positions_without_a_name_hide_nothing_where_nothing_is_withheld(self) -> None:
        hashes = [each[2] for each in positions(plain(LINES))]

        def hidden(lines: list[Line]) -> None:
            nameless(lines)
            retold(lines)
            rechained(lines)

        lines = plain(LINES)
        hidden(lines)
        found = found_in(written(lines), PUBLISHED)

        assert [each[2] for each in positions(lines)] == hashes
        assert any("suggestion 1, entry 1: it has no position in the feed" in what for what in found)
        assert any("has no name, and nothing is withheld" in what for what in found)

    def test_neither_do_the_names_of_entries_that_are_not_there(self) -> None:
        def hidden(lines: list[Line]) -> None:
            for each in positions(lines):
                each[0] = "9" if each[0] == "3" else each[0]
            lines.remove(histories(lines)["3"])
            ended(lines)

        assert any("suggestion 9, entry 1: it stands at position 1" in what for what in self.judged(hidden))

    def test_who_says_that_something_is_withheld_may_hide_what_he_wrote_anew_and_has_to_say_so(self) -> None:
        """No hash can tell then what it stands for; how many are withheld is for the reader to believe."""

        def hidden(lines: list[Line]) -> None:
            old = [each[2] for each in positions(lines)]
            retold(lines)
            rechained(lines)
            for each, hash in zip(positions(lines), old, strict=True):
                each[2] = hash
            nameless(lines)
            entries = histories(lines)["1"]["entries"]
            positions(lines).extend(["1", n, entry[16]] for n, entry in enumerate(entries, 1))
            ended(lines)
            lines[-1]["withheld"] = 1

        assert self.judged(hidden) == []

    @staticmethod
    def judged(change: Change) -> list[str]:
        lines = plain(LINES)
        change(lines)
        return found_in(written(lines), PUBLISHED)

    @pytest.mark.parametrize(
        ("change", "what"),
        [
            pytest.param(lambda lines: [*lines[:3], lines[3], *lines[3:]], "it stands there twice", id="an id twice"),
            pytest.param(lambda lines: [*lines, lines[3]], "stands after its end", id="after the end"),
            pytest.param(lambda lines: lines[:-1], "it has no end", id="no end"),
            pytest.param(
                lambda lines: [*lines[:3], *lines[4:]],
                "it stands at position 3 of the feed alone",
                id="a history less",
            ),
            pytest.param(
                lambda lines: [*lines[:-1], lines[-1].replace('"end":3', '"end":4')],
                "it holds 3 suggestions, and tells of 4",
                id="another number of suggestions",
            ),
            pytest.param(
                lambda lines: [*lines[:-2], lines[-1]], "it holds 0 positions of the feed, and tells of", id="none"
            ),
            pytest.param(
                lambda lines: [*lines[:-2], lines[-2], lines[-2], lines[-1]],
                "of the feed is missing before 1",
                id="positions twice",
            ),
            pytest.param(
                lambda lines: [*lines[:-2], lines[-2].replace('"positions":1', '"positions":2'), lines[-1]],
                "position 1 of the feed is missing before 2",
                id="positions from the second on",
            ),
            pytest.param(
                lambda lines: [*lines[:-1], re.sub('"digest":"[^"]+"', f'"digest":"{"0" * 64}"', lines[-1])],
                "the digest at its end is not that of its positions",
                id="another digest",
            ),
        ],
    )
    def test_lines_that_do_not_go_together_are_found(
        self, change: Callable[[list[str]], list[str]], what: str
    ) -> None:
        lines = change(LINES)
        with pytest.raises(BrokenBackup):
            restore(Engine(MemoryStore(), [RULES]), lines)

        assert any(what in fault for fault in found_in(lines, PUBLISHED))

    @given(data=st.data())
    def test_a_line_with_one_value_changed_is_refused_or_found_or_is_of_no_hash(self, data: st.DataObject) -> None:
        """
        No hash holds idempotency keys, how many are withheld, whether private fields are there, and under which name
        a text is kept.
        """
        lines = plain(LINES)
        line = data.draw(st.sampled_from([line for line in lines if "anchor" not in line and "backup" not in line]))
        path = data.draw(st.sampled_from(list(places(line))))
        put(line, path, data.draw(HOSTILE))
        is_of_no_hash = path[0] in {"keys", "withheld", "rulebook", "calendar"} or (
            path[0] == "entries" and 17 in path[2:3]
        )
        try:
            found = found_in(written(lines), PUBLISHED)
        except (BrokenBackup, UnicodeEncodeError):
            return

        assert found != [] or is_of_no_hash or lines == plain(LINES)

    def test_at_a_terminal_nothing_of_it_is_taken_in(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "published.jsonl").write_text("".join(each.line() for each in PUBLISHED), encoding="utf-8")
        (tmp_path / "true.jsonl").write_text("".join(LINES), encoding="utf-8")
        (tmp_path / "false.jsonl").write_text("".join(rewritten(retold)), encoding="utf-8")

        def restoring(name: str) -> int:
            argv = ["restore", str(tmp_path / name), "--store", str(tmp_path / "new.db")]
            return main([*argv, "--published", str(tmp_path / "published.jsonl")])

        refused, is_there = restoring("false.jsonl"), (tmp_path / "new.db").exists()

        assert (refused, is_there, restoring("true.jsonl")) == (2, False, 0)
        assert "is not the record whose digests were published" in capsys.readouterr().err


class TestTexts:
    """A text stands under the hash of what was decided under it."""

    @staticmethod
    def other_text(lines: list[Line]) -> None:
        """The rulebook with another text and the digest of that."""
        (line,) = [line for line in lines if "rulebook" in line]
        text = line["rulebook"][3].replace("3 months", "9 months")
        line["rulebook"] = [*line["rulebook"][:2], *text_and_digest(text)]

    def test_a_history_is_not_taken_in_under_another_text_of_its_rulebook(self) -> None:
        lines, store = plain(LINES), MemoryStore()
        self.other_text(lines)
        held = [from_document(kept.document) for kept in rulebooks_in(written(lines))]
        with pytest.raises(BrokenBackup, match=r"suggestion 1, entry 1: .* another text of rulebook test 1 than is"):
            restore(Engine(store, held), written(lines))

        assert list(store.ids()) == []

    def test_nor_under_another_text_of_its_calendar(self) -> None:
        def change(lines: list[Line]) -> None:
            for entry in histories(lines)["2"]["entries"]:
                entry[13] = "0" * 64

        store = MemoryStore()
        with pytest.raises(BrokenBackup, match=r"suggestion 2, entry 1: .* another text of calendar cn 2026\.1 than"):
            restore(Engine(store, [RULES]), rewritten(change))

        assert list(store.ids()) == ["1"]

    def test_a_calendar_with_other_content_than_entries_were_recorded_under_is_not_taken_in(self) -> None:
        lines, store = plain(LINES), MemoryStore()
        (line,) = [line for line in lines if "calendar" in line]
        line["calendar"][2:] = text_and_digest("{}")
        restore(Engine(store, [RULES]), written(lines))

        assert [kept.digest for kept in store.calendars()] == [RULES.calendar.digest]
        assert tuple(verify(store)) == ()

    @pytest.mark.parametrize(
        ("what", "statement"),
        [
            ("rulebook", "UPDATE {p}rulebooks SET document = :text, digest = :digest"),
            ("calendar", "UPDATE {p}calendars SET document = :text, digest = :digest"),
        ],
    )
    def test_in_a_store_a_text_changed_together_with_its_digest_is_found_by_what_was_recorded_under_it(
        self, where: str, store: SqlStore, what: str, statement: str
    ) -> None:
        restore(Engine(store, [RULES]), LINES)
        (kept,) = store.rulebooks() if what == "rulebook" else store.calendars()
        digest, text = text_and_digest(kept.document.replace("2026-10-01", "2026-10-02"))
        tampering.forge(where, statement, text=text, digest=digest)
        found = [str(fault) for fault in verify(store) if "recorded under" in fault.what]
        named = f"entry 1: it was recorded under another text of {what} {kept.name} {kept.version} than is kept"

        assert found == [f"suggestion {id}, {named}" for id in "123"]
