"""Is a backup that somebody tampered with, or a disk, refused by name and line, with nothing of it half written?"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from contextlib import closing, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handleflow import Engine, HandleflowError, MemoryStore, Store
from handleflow.acts import Accept, Assign, Receive, TakeOver
from handleflow.backup import backup, restore, rulebooks_in
from handleflow.canonical_json import canonical
from handleflow.core import replay
from handleflow.errors import BrokenBackup
from handleflow.hash_chain import IntegrityFault, entry_hash, genesis
from handleflow.stores.sql import SqlStore
from handleflow.tree_head import entry_leaf, frontier
from handleflow.verification import verify
from tests.beginnings import OFFICE, WATER, instant, rulebook
from tests.promises.backups import places, put

RULES = rulebook()
FIRST, SECOND, POSITIONS = 3, 4, 5
"""Where in the list of lines the suggestions stand, and the positions of the feed; lines are counted from 1."""
STATE, RULEBOOK, SALT, BODY, HASH, PRIVATE = 7, 8, 14, 15, 16, 17
"""Where in an entry they stand."""

Line = dict[str, Any]
Change = Callable[[Line], object]


def backed_up() -> list[str]:
    """Two suggestions with private fields and keys."""
    engine, at = Engine(MemoryStore(), [RULES]), instant("2026-02-09")
    receive = Receive("Pipes", "Deputy A", phone="placeholder", address="placeholder street")
    engine.execute("1", receive, by=OFFICE, at=at, key="a")
    engine.execute("1", Assign(("Water Bureau",)), by=OFFICE, at=at, key="b")
    engine.execute("1", Accept(), by=WATER, at=instant("2026-02-10"))
    engine.execute("2", TakeOver("Schools", leads=("Schools Bureau",)), by=OFFICE, at=at)
    lines: list[str] = []
    backup(engine.store, lines.append, private=True)
    return lines


LINES = backed_up()


def changed(index: int, change: Change, *, rechained: bool = False) -> list[str]:
    """The lines with one of them changed, *rechained* so that its hashes fit again."""
    lines, line = list(LINES), json.loads(LINES[index])
    change(line)
    if rechained:
        rechain(line)
    lines[index] = json.dumps(line, ensure_ascii=True) + "\n"
    return refit(lines) if rechained else lines


def rechain(line: Line) -> None:
    """Give every entry the hash it would have had."""
    previous = genesis(line["suggestion"])
    for entry in line["entries"]:
        salt, header = bytes.fromhex(entry[SALT]), tuple(entry[:SALT])
        entry[HASH] = previous = entry_hash(previous, salt, header, entry[BODY].encode())


def refit(lines: list[str]) -> list[str]:
    """The lines of a whole backup, whose positions and end fit the hashes of the entries in it."""
    plain = [json.loads(line) for line in lines]
    histories_in = {
        line["suggestion"]: [entry[HASH] for entry in line["entries"]] for line in plain if "suggestion" in line
    }
    positions = plain[POSITIONS]["entries"]
    for each in positions:
        each[2] = histories_in[each[0]][each[1] - 1]
    plain[-1]["digest"] = frontier(entry_leaf(each[2]) for each in positions).head.hex()
    plain[-1]["position"] = len(positions)
    return [json.dumps(line) + "\n" for line in plain]


@pytest.fixture
def store(any_store: Store) -> Store:
    """A new store of each kind."""
    return any_store


def entry(number: int, place: int, there: object) -> Change:
    """Puts something else into the place of an entry."""

    def change(line: Line) -> None:
        line["entries"][number - 1][place] = there

    return change


def body(number: int, **there: object) -> Change:
    """Puts something else into the body of an entry."""

    def change(line: Line) -> None:
        plain = json.loads(line["entries"][number - 1][BODY])
        line["entries"][number - 1][BODY] = canonical({**plain, **there}).decode()

    return change


def salted(length: int) -> Change:
    """Another salt of so many bytes of each private field, and the digest made with it."""

    def change(line: Line) -> None:
        for field in line["entries"][0][PRIVATE]:
            field[1] = "00" * length
            digest = sha256(bytes(length) + field[2].encode()).hexdigest()
            body(1, **{field[0]: {"digest": digest}})(line)

    return change


def twice_private(line: Line) -> None:
    line["entries"][0][PRIVATE].append(line["entries"][0][PRIVATE][0])


def key(place: int, there: object) -> Change:
    def change(line: Line) -> None:
        line["keys"][0][place] = there

    return change


DEEP = "[" * 3000 + "]" * 3000
CHAIN_FITS = [
    pytest.param(
        entry(3, STATE, "no such state"), "entry 3: rulebook test 1 has no state 'no such state'", id="a state"
    ),
    pytest.param(
        entry(3, 2, "2026-02-08T01:00:00.000000+00:00"), "entry 3: it was told before", id="an instant before"
    ),
    pytest.param(entry(1, 2, "2026-02-09T09:00:00+08:00"), "instant .* is not written as", id="another zone"),
    pytest.param(entry(1, 2, "0001-01-01T00:00:00.000000+14:00"), "instant cannot be read", id="before the year 1"),
    pytest.param(entry(1, 3, "2026-02-31"), "day cannot be read", id="a day nobody has"),
    pytest.param(entry(1, 3, " 2026-02-09"), "day .* is not written as", id="a day with a blank"),
    pytest.param(entry(1, 4, " "), "role should be words", id="no role"),
    pytest.param(entry(1, 5, ""), "id should be words", id="no id of who told it"),
    pytest.param(entry(1, 6, "a\x00b"), "name should be words", id="a name with NUL"),
    pytest.param(entry(1, 13, " "), "digest of the calendar should be words", id="no calendar"),
    pytest.param(entry(1, STATE, ""), "state should be words", id="no state"),
    pytest.param(entry(1, BODY, "{"), "body is no JSON", id="half a body"),
    pytest.param(entry(1, BODY, "[]"), "body should be a JSON object, not a list", id="a body that is a list"),
    pytest.param(entry(1, BODY, DEEP), "body is no JSON", id="a deep body"),
    pytest.param(entry(1, BODY, f'{{"title":{"9" * 6000}}}'), "body is no JSON", id="6,000 digits in a body"),
    pytest.param(entry(1, BODY, '{"title":"\\udc00"}'), "body is no JSON", id="half of a surrogate pair in a body"),
    pytest.param(entry(1, 0, 2), "entry 2: entry 1 should stand here", id="another number"),
    pytest.param(
        entry(1, SALT, "00" * 15), "entry 1: its salt is of 15 bytes, not of 16", id="a shorter salt of an entry"
    ),
    pytest.param(salted(15), "the salt of the private field .* is of 15 bytes, not of 16", id="a shorter salt"),
    pytest.param(salted(17), "the salt of the private field .* is of 17 bytes, not of 16", id="a longer salt"),
    pytest.param(twice_private, "the private field .* stands there twice", id="a private field twice"),
    pytest.param(key(3, 99), "key 'a' stands for entries that are not there", id="a key of no entry"),
    pytest.param(key(2, 0), "key 'a' stands for entries that are not there", id="a key of entry 0"),
    pytest.param(key(2, 5), "key 'a' stands for entries that are not there", id="a key that runs backwards"),
    pytest.param(key(0, "b"), "key 'b' stands there twice", id="a key twice"),
]
WRONG_TYPES = [
    pytest.param(lambda line: line.update(suggestion=1), "id should be words, not 1", id="an id"),
    pytest.param(
        lambda line: line.update(suggestion="\ud800"), r"id should be words, not '\\ud800'", id="half an id"
    ),
    pytest.param(lambda line: line.update(entries={}), "entries should be a list, not a dict", id="entries"),
    pytest.param(lambda line: line.update(entries=[]), "it has no entry", id="no entries"),
    pytest.param(lambda line: line["entries"].append(7), "an entry should be a list, not 7", id="an entry"),
    pytest.param(
        lambda line: line["entries"][0].pop(), "an entry should be a list of 18, not of 17", id="a short one"
    ),
    pytest.param(entry(1, 0, True), "number should be a whole number, not True", id="a truth for a number"),
    pytest.param(entry(1, 0, 1.0), "number should be a whole number, not 1.0", id="a fraction for a number"),
    pytest.param(entry(1, 0, 2**63), "number should be a whole number, not a int", id="64 bits"),
    pytest.param(entry(1, PRIVATE, None), "private fields should be a list, not None", id="private fields"),
    pytest.param(entry(1, PRIVATE, [[1]]), "a private field should be a list of 3, not of 1", id="a private field"),
    pytest.param(entry(1, PRIVATE, [["phone", "xy", '""']]), "salt cannot be read", id="a salt that is none"),
    pytest.param(entry(1, SALT, "xy"), "salt cannot be read", id="an entry's salt that is none"),
    pytest.param(entry(1, SALT, "AB" * 16), "salt 'ABAB.*' is not written as handleflow", id="a salt in capitals"),
    pytest.param(entry(1, PRIVATE, [["phone", "00", "{"]]), "value is no JSON", id="a private value that is none"),
    pytest.param(
        entry(1, PRIVATE, [["phone", "00", 13]]),
        "value of the private field 'phone' should be words$",
        id="a private value that is a number",
    ),
    pytest.param(key(0, None), "key should be words, not None", id="a key"),
    pytest.param(lambda line: line.update(more=1), "there is no such line in a backup", id="something more"),
]


class TestRefused:
    """By name and line; nothing of that suggestion is written, and what stood before it is whole."""

    @pytest.mark.parametrize(("change", "said"), CHAIN_FITS)
    def test_what_nobody_lived_though_its_hashes_fit(self, store: Store, change: Change, said: str) -> None:
        with pytest.raises(BrokenBackup, match=rf"line 4: (?s:.*){said}"):
            restore(Engine(store, [RULES]), changed(FIRST, change, rechained=True))

        assert (list(store.ids()), store.digest().position) == ([], 0)

    @pytest.mark.parametrize(("change", "said"), WRONG_TYPES)
    def test_what_is_of_another_type(self, store: Store, change: Change, said: str) -> None:
        with pytest.raises(BrokenBackup, match=rf"line 4: (?s:.*){said}"):
            restore(Engine(store, [RULES]), changed(FIRST, change))

        assert (list(store.ids()), store.digest().position) == ([], 0)

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            pytest.param(DEEP, "this is no JSON", id="deep JSON"),
            pytest.param(f'{{"end":{"9" * 6000}}}', "this is no JSON", id="6,000 digits"),
            pytest.param('{"end":NaN}', "this is no JSON: NaN is no number", id="no number"),
            pytest.param("\ud800", "this is no JSON", id="half of a surrogate pair"),
            pytest.param('{"\\ud800":1}', "there is no such line in a backup", id="half of one as a key"),
            pytest.param("[" * 5_000_000, "this is no JSON", id="a huge line"),
            pytest.param(
                f'{{"suggestion":"{"x" * 5_000_000}"}}', "there is no such line in a backup", id="a huge word"
            ),
            pytest.param("\n", "this is no JSON", id="an empty line"),
            pytest.param('{"suggestion":"3","entries":[],"keys":[]}', "it has no entry", id="no entry"),
            pytest.param(LINES[FIRST], "suggestion 1 stands on line 4 already", id="an id twice"),
            pytest.param(LINES[-1], "it holds 0 positions of the feed, and tells of 6", id="an end before the end"),
            pytest.param('{"rulebook":["a","1","x","{}"]}', "rulebook a 1: its text is not", id="another text"),
            pytest.param('{"rulebook":["a","1","x","\\udc00"]}', "text should be words", id="half a text"),
            pytest.param('{"rulebook":[1,2,3]}', "a rulebook should be a list of 4", id="no rulebook"),
            pytest.param('{"calendar":["a","1","x","{}"]}', "calendar a 1: its text is not", id="another calendar"),
            pytest.param('{"calendar":[]}', "a calendar should be a list of 4", id="no calendar"),
            pytest.param('{"anchor":["backup",3]}', "an anchor should be a list of 3", id="no anchor"),
            pytest.param('{"anchor":["backup",-3,"x"]}', "position should be a whole number", id="an anchor below 0"),
            pytest.param('{"positions":1,"entries":7}', "entries should be a list", id="no positions"),
            pytest.param('{"positions":1,"entries":[["1",1]]}', "a position should be a list of 3", id="no position"),
            pytest.param('{"positions":1,"entries":[["1",1,"x"]]}', "hash should be 64 hex", id="no hash"),
        ],
    )
    def test_a_line_that_is_none(self, store: Store, text: str, said: str) -> None:
        with pytest.raises(BrokenBackup, match=rf"line [56]: (?s:.*){said}") as refused:
            restore(Engine(store, [RULES]), [*LINES[:SECOND], text, *LINES[SECOND:]])

        assert (list(store.ids()), list(verify(store)), len(str(refused.value)) < 400) == (["1"], [], True)

    @pytest.mark.parametrize(
        ("lines", "said"),
        [
            pytest.param([], "it ends after 0 suggestions, and says nothing at its end", id="nothing"),
            pytest.param(LINES[:-1], "it ends after 2 suggestions, and says nothing at its end", id="no end"),
            pytest.param(
                [*LINES[:SECOND], *LINES[SECOND + 1 :]], "it ends after 1 suggestions, and says 2", id="one left out"
            ),
            pytest.param(['{"backup":"handleflow backup","format":true}'], "line 1: this is no backup", id="truth"),
            pytest.param(['{"backup":"handleflow backup","format":1.0}'], "line 1: this is no backup", id="1.0"),
            pytest.param([*LINES, LINES[-1]], "line 8: it stands after the end", id="two ends"),
            pytest.param(
                [*LINES[:SECOND], LINES[POSITIONS], *LINES[SECOND:]],
                "line 7: .*position 7 of the feed is missing before 1",
                id="positions twice",
            ),
            pytest.param(
                [*LINES[:POSITIONS], LINES[-1]], "it holds 0 positions of the feed, and tells of 6", id="no positions"
            ),
            pytest.param([*LINES[:-1], '{"end":true}'], "line 7: there is no such line", id="an end without more"),
            pytest.param(
                [*LINES[:SECOND], '{"end":true,"withheld":0,"position":0,"digest":"x"}'],
                "line 5: end should be a whole number, not True",
                id="a truth that counts",
            ),
        ],
    )
    def test_a_backup_that_is_not_whole(self, lines: list[str], said: str) -> None:
        with pytest.raises(BrokenBackup, match=said):
            restore(Engine(MemoryStore(), [RULES]), lines)

    def test_a_rulebook_is_looked_at_before_a_store_is_opened_with_it(self) -> None:
        lines = [LINES[0], LINES[1].replace("3 months", "9 months")]
        with pytest.raises(BrokenBackup, match="line 2: rulebook test 1: its text is not the one"):
            list(rulebooks_in(lines))

    def test_a_file_in_another_encoding(self, tmp_path: Path) -> None:
        path = tmp_path / "a.jsonl"
        path.write_bytes("".join(LINES).encode()[:-20] + b"\xff\xff\n")
        with path.open(encoding="utf-8") as lines, pytest.raises(BrokenBackup, match="it is no text in UTF-8"):
            restore(Engine(MemoryStore(), [RULES]), lines)

    def test_what_cannot_be_folded(self, store: Store) -> None:
        """A forged history whose hashes fit, with a correction that could never have been granted."""

        def forged(line: Line) -> None:
            act = {"on": None, "entry": 1, "field": "none", "value": "x", "reason": "x"}
            line["entries"][1][1], line["entries"][1][BODY] = "corrected", canonical(act).decode()

        with pytest.raises(
            BrokenBackup, match="line 4: suggestion 1: its history cannot be folded: KeyError: 'none'"
        ):
            restore(Engine(store, [RULES]), changed(FIRST, forged, rechained=True))

        assert list(store.ids()) == []

    def test_numbers_no_column_holds(self, store: Store) -> None:
        """They fit their chain and are read; what is derived of them could not be written into a database."""

        def forged(line: Line) -> None:
            (term_set,) = [e for e in line["entries"] if e[1] == "term_set"]
            plain = json.loads(term_set[BODY])
            plain["key"]["round"] = 10**30
            term_set[BODY] = canonical(plain).decode()

        try:
            restore(Engine(store, [RULES]), changed(FIRST, forged, rechained=True))
        except HandleflowError:
            assert list(store.ids()) == []
        else:
            assert_whole(store)


def faults_of_what_hashes_hold(store: Store) -> list[IntegrityFault]:
    """What verify finds, but for idempotency keys: no hash holds them, so a backup may come with another's."""
    return [fault for fault in verify(store) if "idempotency key" not in fault.what]


def assert_whole(store: Store) -> None:
    """What is there is whole: read, folded, fed and backed up again without a fault."""
    for id in store.ids():
        assert replay(id, store.history(id)) == store.load(id)
    again: list[str] = []
    backup(store, again.append, private=True)
    restore(Engine(MemoryStore(), [RULES]), again)
    store.feed(private=True)

    assert faults_of_what_hashes_hold(store) == []


class TestTakenIn:
    """What only looks odd."""

    def test_a_state_of_a_rulebook_that_is_not_held_is_nobodys_to_judge(self) -> None:
        engine, at = Engine(MemoryStore(), [RULES]), instant("2026-02-09")
        engine.execute("1", Receive("Pipes", "Deputy A"), by=OFFICE, at=at)
        lines: list[str] = []
        backup(engine.store, lines.append)
        line = json.loads(lines[FIRST])
        line["entries"].insert(0, copy.deepcopy(line["entries"][0]))
        line["entries"][0][STATE : RULEBOOK + 2] = ["an older state", "older", "1"]
        line["entries"][1][0] = 2
        rechain(line)
        positions, store = {"positions": 1, "entries": [["1", 1, ""], ["1", 2, ""]]}, MemoryStore()
        two = refit([*lines[:FIRST], json.dumps(line), "{}", json.dumps(positions), lines[-1]])
        restore(Engine(store, [RULES]), [each for each in two if each != "{}\n"])

        assert [entry.state for entry in store.history("1")] == ["an older state", "received"]

    def test_lines_that_end_as_on_windows(self) -> None:
        done = restore(Engine(MemoryStore(), [RULES]), [line.replace("\n", "\r\n") for line in LINES])

        assert done.taken_in == 2


SCALARS = [None, True, False, 0, 1, -1, 2, 2**63, 10**30, 1.5, float("nan"), float("inf"), "", " ", "x", "\x00"]
WORDS = ["\ud800", "1", "2026-02-09", "received", "test", "closed", "merged", "9" * 6000, "{}", "[]", "{"]
INSTANTS = ["0001-01-01T00:00:00.000000+00:00", "9999-12-31T23:59:59.999999+00:00"]
HOSTILE: st.SearchStrategy[Any] = st.sampled_from(
    [*SCALARS, *WORDS, *INSTANTS, '{"title":1}', [], [[]], {}, {"a": 1}, [1] * 18]
)
BYTES = st.sampled_from(
    ["", "{", "}", "[", "]", '"', "\\", ",", "0", "9" * 5000, "\n", "\x00", "\ud800", "NaN", "null"]
)
SLOW = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


def judged(store: Store, lines: list[str]) -> bool:
    """Whether a backup was taken in; where it is refused it has a name, whatever was done to it."""
    engine = Engine(store, [RULES])
    try:
        restore(engine, lines)
    except HandleflowError as refused:
        return not str(refused).encode()  # which can be shown
    return True


def histories_in(store: Store) -> list[tuple[str, list[tuple[object, ...]]]]:
    """All that a store's hashes stand for."""
    return [(id, [(*one.header, one.salt, one.body, one.hash) for one in store.entries(id)]) for id in store.ids()]


WHOLE = MemoryStore()
restore(Engine(WHOLE, [RULES]), LINES)


@SLOW
@given(index=st.integers(0, len(LINES) - 1), data=st.data())
def test_a_line_whose_text_was_changed_is_refused_by_name_or_makes_no_difference(
    index: int, data: st.DataObject
) -> None:
    line, store = LINES[index], MemoryStore()
    at = data.draw(st.integers(0, len(line)))
    until = at + data.draw(st.integers(0, 40))
    lines = [*LINES[:index], line[:at] + data.draw(BYTES) + line[until:], *LINES[index + 1 :]]

    assert not judged(store, lines) or histories_in(store) == histories_in(WHOLE)
    assert faults_of_what_hashes_hold(store) == []


@SLOW
@given(index=st.integers(0, len(LINES) - 1), there=HOSTILE, data=st.data())
def test_a_line_with_another_value_in_it_is_refused_by_name_or_makes_no_difference(
    index: int, there: Any, data: st.DataObject
) -> None:
    line, store = json.loads(LINES[index]), MemoryStore()
    put(line, data.draw(st.sampled_from(list(places(line)))), there)
    lines = [*LINES[:index], json.dumps(line), *LINES[index + 1 :]]

    assert not judged(store, lines) or histories_in(store) == histories_in(WHOLE)
    assert faults_of_what_hashes_hold(store) == []


@SLOW
@given(first=st.integers(0, len(LINES) - 1), second=st.integers(0, len(LINES) - 1), how=st.sampled_from("dxc"))
def test_lines_left_out_doubled_or_in_another_order_are_refused_by_name_or_make_no_difference(
    first: int, second: int, how: str
) -> None:
    lines, store = list(LINES), MemoryStore()
    if how == "x":
        lines[first], lines[second] = lines[second], lines[first]
    elif how == "d":
        lines.insert(second, lines[first])
    else:
        del lines[first]

    assert not judged(store, lines) or histories_in(store) == histories_in(WHOLE)


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
@SLOW
@given(index=st.sampled_from([FIRST, SECOND]), there=HOSTILE, data=st.data())
def test_a_history_forged_with_hashes_that_fit_is_refused_by_name_or_is_whole(
    kind: str, index: int, there: Any, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    line = json.loads(LINES[index])
    entry = data.draw(st.sampled_from(line["entries"]))
    if data.draw(st.booleans()):
        plain = json.loads(entry[BODY])
        put(plain, data.draw(st.sampled_from(list(places(plain)))), there)
        entry[BODY] = json.dumps(plain)
    else:
        put(entry, data.draw(st.sampled_from([(place,) for place in range(BODY)])), there)
    for field in entry[PRIVATE]:
        plain = json.loads(entry[BODY])
        if isinstance(plain, dict) and field[0] in plain:
            plain[field[0]] = {"digest": sha256(bytes.fromhex(field[1]) + field[2].encode()).hexdigest()}
            entry[BODY] = json.dumps(plain)
    try:
        rechain(line)
    except (TypeError, ValueError):
        return  # what nobody can hash stays as it was, and the chain refuses it
    lines = [*LINES[:index], json.dumps(line), *LINES[index + 1 :]]
    with suppress(TypeError, ValueError, KeyError):  # what has no hash fits no position either
        lines = refit(lines)
    if kind == "memory":
        store: Store = MemoryStore()
        judged(store, lines)
        assert_whole(store)
        return
    with closing(SqlStore(str(tmp_path_factory.mktemp("forged") / "a.db"))) as on_disk:
        judged(on_disk, lines)
        assert_whole(on_disk)
