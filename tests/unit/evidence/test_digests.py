"""Does a published digest stand for a record, and for no other, whoever signs and whatever a file of them says?"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import attrs
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from handleflow import Engine, MemoryStore, Store
from handleflow.acts import Assign, Receive
from handleflow.cli import main
from handleflow.errors import BrokenDigest
from handleflow.evidence.digests import Published, digest_of, disagreements, newest_of, parsed, read
from handleflow.store import Anchor
from handleflow.stores.sql import SqlStore
from handleflow.tree_head import EMPTY, consistency_proof, entry_leaf, frontier, heads_of
from tests.beginnings import OFFICE, instant, rulebook

RULES = rulebook()
KEY, OTHER_KEY = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))
PUBLIC = KEY.public_key()
AT, LATER = instant("2026-02-10"), instant("2026-03-10")
MOST = 24


def hash_of(words: str) -> str:
    return sha256(words.encode()).hexdigest()


def lived() -> tuple[Store, dict[tuple[int, int], Published]]:
    """A store of so many entries, and what was published as it grew: at each position, going on from each before."""
    store = MemoryStore()
    engine, found = Engine(store, [RULES]), dict[tuple[int, int], Published]()
    for n in range(MOST):
        engine.execute(f"{n}", Receive(f"Pipes {n}", "Deputy A"), by=OFFICE, at=AT)
        found |= {(since, n + 1): digest_of(store, AT, since=since) for since in range(n + 2)}
    return store, found


STORE, PUBLISHED = lived()
HASHES = [each.hash or "" for each in STORE.numbered()]
OTHERS = [hash_of(f"another {n}") for n in range(MOST)]
POSITIONS = st.integers(1, MOST)


def published(since: int, position: int, **changes: Any) -> Published:
    return attrs.evolve(PUBLISHED[since, position], **changes)


def said(digests: list[Published], hashes: list[str] = HASHES, key: Ed25519PrivateKey | None = None) -> list[str]:
    """What is wrong, without the words that say whose digest it is."""
    return [fault.what for fault in disagreements(digests, hashes, key.public_key() if key else None)]


class TestGoingOn:
    """A digest that names an earlier one proves that it is of the same entries and more."""

    @given(n=POSITIONS, m=POSITIONS)
    def test_each_later_digest_is_proved_to_go_on_from_each_earlier_one(self, n: int, m: int) -> None:
        n, m = sorted((n, m))

        assert said([published(0, n), published(n, m)]) == []

    @given(n=POSITIONS, m=POSITIONS, data=st.data())
    def test_a_forged_proof_is_none(self, n: int, m: int, data: st.DataObject) -> None:
        n, m = sorted((n, m))
        later, at = published(n, m), data.draw(st.integers(0, len(PUBLISHED[n, m].proof)))
        added = (*later.proof[:at], hash_of("x"), *later.proof[at:])
        changed = (*later.proof[:at], hash_of("x"), *later.proof[at + 1 :])
        left_out = (*later.proof[:at], *later.proof[at + 1 :])
        for proof in {added, changed, left_out} - {later.proof}:
            forged = attrs.evolve(later, proof=proof)

            assert said([published(0, n), forged]) == [f"the digest at position {m} does not go on from that at {n}"]

    @given(positions=st.sets(POSITIONS, min_size=2, max_size=2), other=st.text(max_size=3))
    def test_a_digest_goes_on_from_no_other_one_of_that_position(self, positions: set[int], other: str) -> None:
        n, m = sorted(positions)
        forged = published(0, n, digest=hash_of(other))

        assert f"the digest at position {m} does not go on from that at {n}" in said([forged, published(n, m)])

    def test_two_of_one_position_are_told_apart_by_which_it_goes_on_from(self) -> None:
        foreign = published(0, 5, digest=hash_of("of the store before"))

        for digests in ([foreign, published(0, 5)], [published(0, 5), foreign]):
            assert [what for what in said([*digests, published(5, 9)]) if "go on" in what] == []

    def test_what_it_goes_on_from_need_not_be_in_the_same_file(self) -> None:
        assert said([published(5, 9)]) == []

    def test_no_digest_goes_on_from_a_later_position_or_one_before_all(self) -> None:
        for since in (-1, MOST + 1):
            with pytest.raises(BrokenDigest, match=f"there is no position {since}: the feed ends at {MOST}"):
                digest_of(STORE, AT, since=since)

    def test_a_store_without_entries_has_the_digest_of_nothing(self) -> None:
        found = digest_of(MemoryStore(), AT)

        assert (found.position, found.digest, said([found], [])) == (0, EMPTY.hex(), [])
        assert said([attrs.evolve(found, digest=hash_of("x"))], []) != []


class TestOfARecord:
    """A digest is of its first entries, in their order, and of nothing else."""

    @given(n=POSITIONS, place=st.integers(0, MOST - 1), data=st.data())
    def test_one_entry_changed_left_out_or_put_in_shows_up_to_its_position_and_not_after(
        self, n: int, place: int, data: st.DataObject
    ) -> None:
        rest = {"changed": place + 1, "left out": place + 1, "put in": place}
        how = data.draw(st.sampled_from(list(rest)))
        other = [] if how == "left out" else [hash_of("x")]
        record = [*HASHES[:place], *other, *HASHES[rest[how] :]]

        assert (said([published(0, n)], record) == []) == (place >= n)

    @given(n=POSITIONS, places=st.sets(st.integers(0, MOST - 1), min_size=2, max_size=2))
    def test_two_entries_changed_over_show_up_to_the_first_one(self, n: int, places: set[int]) -> None:
        record, (first, second) = list(HASHES), sorted(places)
        record[first], record[second] = record[second], record[first]

        assert (said([published(0, n)], record) == []) == (first >= n)

    @given(n=POSITIONS, cut=st.integers(0, MOST))
    def test_a_record_that_was_cut_off_has_no_digest_of_a_later_position(self, n: int, cut: int) -> None:
        what = f"a digest was published at position {n}, and the record ends at {cut}"
        expected = [f"{what}: something was cut off, or it is of another store"]

        assert said([published(0, n)], HASHES[:cut]) == (expected if cut < n else [])

    def test_another_store_has_none_of_them(self) -> None:
        what = "the first 7 entries are not those whose digest was published"

        assert said([published(0, 7)], OTHERS) == [f"{what}: the record was changed, or it is of another store"]

    @given(order=st.permutations(range(1, 7)))
    def test_they_may_be_given_in_any_order(self, order: list[int]) -> None:
        digests = [published(max(n - 1, 0), n) for n in order]

        assert said(digests) == []
        assert newest_of(digests, HASHES[:4]) == 4

    @pytest.mark.parametrize("hash", ["", "no hash at all", "ÿ" * 64, "ab", "\x00"])
    def test_what_is_no_hash_of_an_entry_is_of_no_digest_and_ends_no_comparison(self, hash: str) -> None:
        record = [*HASHES[:3], hash, *HASHES[4:]]

        assert said([published(0, 3)], record) == []
        assert len(said([published(0, n) for n in range(4, 9)], record)) == 5


class TestSigned:
    """Whoever has the public key knows what its owner published, byte by byte."""

    @given(since=st.integers(0, 5), position=st.integers(5, MOST))
    def test_what_was_signed_is_known_by_its_key_alone(self, since: int, position: int) -> None:
        signed = published(since, position).signed(KEY)

        assert said([signed], key=KEY) == []
        assert said([signed], key=OTHER_KEY) == [f"the digest at position {position} is not signed with this key"]

    def test_without_a_key_nobody_asks_for_signatures_and_with_one_everybody_does(self) -> None:
        digests = [published(0, 3), published(0, 4).signed(OTHER_KEY), published(0, 5).signed(KEY)]

        assert said(digests) == []
        assert said(digests, key=KEY) == [
            "the digest at position 3 is not signed",
            "the digest at position 4 is not signed with this key",
        ]

    @pytest.mark.parametrize(
        "change",
        [
            pytest.param({"position": 6}, id="its position"),
            pytest.param({"digest": hash_of("x")}, id="its digest"),
            pytest.param({"at": LATER}, id="its instant"),
            pytest.param({"anchors": ()}, id="an anchor less"),
            pytest.param({"anchors": (Anchor("backup", 3, hash_of("y")),)}, id="another anchor"),
            pytest.param({"since": 0}, id="what it goes on from"),
            pytest.param({"proof": ()}, id="its proof"),
            pytest.param({"signature": ""}, id="no signature"),
            pytest.param({"key": ""}, id="no key"),
            pytest.param({"signature": "0" * 128}, id="another signature"),
        ],
    )
    def test_whatever_is_changed_afterwards_is_not_signed(self, change: dict[str, Any]) -> None:
        signed = published(2, 5, anchors=(Anchor("backup", 3, hash_of("x")),)).signed(KEY)

        assert signed.is_signed_with(PUBLIC)
        assert not attrs.evolve(signed, **change).is_signed_with(PUBLIC)

    def test_signing_anew_takes_the_place_of_the_old_signature(self) -> None:
        again = published(0, 5).signed(OTHER_KEY).signed(KEY)

        assert again == published(0, 5).signed(KEY)


BEFORE = [hash_of(f"before {n}") for n in range(9)]


def of_before(position: int, since: int = 0, at: Any = AT) -> Published:
    """A digest of the store that the record came from."""
    leaves = [entry_leaf(each) for each in BEFORE[:position]]
    proof = consistency_proof(heads_of(leaves), since, position) if since else ()
    return Published(position, frontier(leaves).head.hex(), at, (), since, tuple(each.hex() for each in proof))


ANCHOR = Anchor("backup", 9, of_before(9).digest)


class TestAnchors:
    """A digest of the store that a record came from is answered for by a later one of the record that names it."""

    def test_a_later_digest_of_the_record_answers_for_the_one_it_names(self) -> None:
        assert said([of_before(9), published(0, 7, anchors=(ANCHOR,), at=LATER)]) == []

    def test_nobody_answers_for_one_that_is_named_nowhere(self) -> None:
        for anchor in (Anchor("backup", 8, ANCHOR.digest), Anchor("backup", 9, hash_of("x"))):
            (what,) = said([of_before(9), published(0, 7, anchors=(anchor,), at=LATER)])

            assert what.startswith("the first 9 entries are not those")

    def test_a_digest_that_is_not_of_the_record_answers_for_none(self) -> None:
        false = published(0, 7, digest=hash_of("x"), anchors=(ANCHOR,), at=LATER)

        assert len(said([of_before(9), false])) == 2

    def test_a_digest_answers_for_none_that_was_published_after_it(self) -> None:
        assert len(said([of_before(9, at=LATER), published(0, 7, anchors=(ANCHOR,))])) == 1

    @pytest.mark.parametrize("sign", [lambda digest: digest, lambda digest: digest.signed(OTHER_KEY)])
    def test_where_a_key_is_given_only_what_is_signed_with_it_answers(
        self, sign: Callable[[Published], Published]
    ) -> None:
        answer = published(0, 7, anchors=(ANCHOR,), at=LATER)
        before = of_before(9).signed(KEY)

        assert said([before, answer.signed(KEY)], key=KEY) == []
        assert len(said([before, sign(answer)], key=KEY)) == 2

    @given(first=st.integers(1, 9), second=st.integers(1, 9))
    def test_what_is_answered_for_answers_for_what_it_goes_on_from(self, first: int, second: int) -> None:
        first, second = sorted((first, second))
        chain = [of_before(first), of_before(second, first), of_before(9, second)]

        assert said([*chain, published(0, 7, anchors=(ANCHOR,), at=LATER)]) == []

    def test_a_chain_that_is_broken_answers_for_nothing_before_it(self) -> None:
        broken = attrs.evolve(of_before(6, 3), proof=())
        found = said([of_before(3), broken, of_before(9, 6), published(0, 7, anchors=(ANCHOR,), at=LATER)])

        assert [what.partition(" are not")[0] for what in found] == [
            "the first 3 entries",
            "the digest at position 6 does not go on from that at 3",
        ]

    def test_an_anchor_of_another_place_in_the_same_feed_excuses_no_changed_record(self) -> None:
        """Though a digest of a forger's own record names the true one, with a key nobody but its owner can say so."""
        forged = Published(3, digest_of_hashes(OTHERS[:3]), LATER, (Anchor("backup", 7, published(0, 7).digest),))
        true = published(0, 7).signed(KEY)

        assert said([true, forged], OTHERS) == []
        assert len(said([true, forged.signed(OTHER_KEY)], OTHERS, KEY)) == 2


def digest_of_hashes(hashes: list[str]) -> str:
    return frontier(map(entry_leaf, hashes)).head.hex()


WHOLE = published(3, 7, anchors=(ANCHOR,)).signed(KEY)
SCALARS: list[Any] = [None, True, False, 0, 1, -1, 2**63, 10**400, 1.0, 1e400, "", " ", "x", "\x00", "\ud800", "7"]
WORDS = ["2026-02-10", "2026-02-10T09:00:00", "0001-01-01T00:00:00+14:00", "A" * 64, "é" * 64, "0" * 63, [], {}, [[]]]
HOSTILE = st.sampled_from([*SCALARS, *WORDS, "0" * 64, ["0" * 64], [["x", 1, "0" * 64]], {"a": 1}])


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inner:
        yield (*path, name)
        yield from places(each, (*path, name))


class TestReading:
    """A line is what handleflow wrote, or refused with its number."""

    def test_a_line_is_read_as_it_was_written(self) -> None:
        digests = (published(0, 3), WHOLE, published(5, 9))

        assert read([digests[2].line(), "\n", digests[0].line(), digests[1].line()]) == digests

    def test_the_line_of_a_digest_is_this_for_ever(self) -> None:
        digest = Published(2, "ab" * 32, AT, (Anchor("backup", 1, "cd" * 32),), 1, ("ef" * 32,))

        assert digest.line() == (
            f'{{"anchors":[["backup",1,"{"cd" * 32}"]],"at":"2026-02-10T01:00:00.000000+00:00",'
            f'"digest":"{"ab" * 32}","format":1,"handleflow":"digest","key":"","position":2,'
            f'"proof":["{"ef" * 32}"],"signature":"","since":1}}\n'
        )
        assert digest.signed_bytes() == digest.line().replace('"signature":"",', "").strip().encode()

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            pytest.param("{", "line 2 is no JSON", id="half a line"),
            pytest.param("[" * 100_000, "line 2 is no JSON", id="deep"),
            pytest.param("9" * 6000, "line 2 is no JSON", id="6,000 digits"),
            pytest.param("[]", "line 2: this is no digest that handleflow published", id="a list"),
            pytest.param("{}", "line 2: this is no digest that handleflow published", id="nothing"),
            pytest.param(WHOLE.line()[:-2] + ',"more":1}', "line 2: this is no digest", id="something more"),
            pytest.param(WHOLE.line().replace('"format":1', '"format":2'), "line 2: this is a digest of format 2"),
            pytest.param(WHOLE.line().replace('"format":1', '"format":true'), "of format True, and 1 is known"),
            pytest.param(WHOLE.line().replace("2026-02-10T01", "yesterday"), "line 2: this is no digest"),
            pytest.param(WHOLE.line().replace(".000000", ""), "line 2: .* is not written as handleflow writes"),
            pytest.param(WHOLE.line().replace("T01", "T09").replace("+00:00", "+08:00"), "line 2: .* is not written"),
            pytest.param(
                WHOLE.line().replace("backup", "\\ud800"), r"line 2: .*origin should be words, not '\\ud800'"
            ),
        ],
    )
    def test_a_line_that_is_none_is_refused_with_its_number(self, line: str, said: str) -> None:
        with pytest.raises(BrokenDigest, match=said) as refused:
            read([published(0, 3).line(), line])

        assert len(str(refused.value)) < 400

    @pytest.mark.parametrize("lines", [[], ["", " \n"]])
    def test_a_file_without_a_digest_says_what_writes_one(self, lines: list[str]) -> None:
        with pytest.raises(BrokenDigest, match="it holds no digest; `handleflow digest` writes one"):
            read(lines)

    @given(there=HOSTILE, place=st.sampled_from(list(places(json.loads(WHOLE.line())))))
    def test_a_line_with_another_value_in_it_is_refused_or_can_be_compared_and_written(
        self, there: Any, place: tuple[Any, ...]
    ) -> None:
        plain = json.loads(WHOLE.line())
        value = plain
        for name in place[:-1]:
            value = value[name]
        value[place[-1]] = there
        try:
            found = parsed(plain)
        except BrokenDigest:
            return

        assert read([found.line()]) == (found,)
        assert found == WHOLE or said([found], key=KEY) != []

    @given(
        at=st.integers(0, len(WHOLE.line()) - 2), there=st.sampled_from(["", "0", "f", '"', "{", "\ud800", "\n", "9"])
    )
    def test_a_line_with_a_character_changed_is_refused_or_not_signed(self, at: int, there: str) -> None:
        line = WHOLE.line()
        changed = line[:at] + there + line[at + 1 :]
        try:
            (found,) = read([changed])
        except BrokenDigest:
            return

        assert (found == WHOLE) == found.is_signed_with(PUBLIC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a store, and keys."""
    with closing(SqlStore(str(tmp_path / "a.db"))) as store:
        engine = Engine(store, [rulebook("cn.national")])
        for id in ("1", "2", "3"):
            engine.execute(id, Receive("Pipes", "Deputy A"), by=OFFICE, at=AT)
            engine.execute(id, Assign(("Water Bureau",)), by=OFFICE, at=AT)
        store.digest()
    for name, key in (("key", KEY), ("other", OTHER_KEY)):
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (tmp_path / f"{name}.pem").write_bytes(pem)
        pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (tmp_path / f"{name}.pub").write_bytes(pem)
    return tmp_path


class TestAtATerminal:
    """As somebody does it who keeps a record, and as somebody who does not believe it."""

    @staticmethod
    def run(folder: Path, *argv: str) -> int:
        names = {path.name for path in folder.iterdir()} | {"a.db"}
        return main([str(folder / each) if each in names else each for each in argv])

    def digest(self, folder: Path, capsys: pytest.CaptureFixture[str], *argv: str) -> Published:
        assert self.run(folder, "digest", "--store", "a.db", *argv) == 0
        line = capsys.readouterr().out
        with (folder / "published.jsonl").open("a", encoding="utf-8") as file:
            file.write(line)
        return read([line])[0]

    def test_what_was_published_and_signed_holds_later(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        first = self.digest(folder, capsys, "--sign", "key.pem")
        with closing(SqlStore(str(folder / "a.db"))) as store:
            Engine(store, [RULES]).execute("4", Receive("Schools", "Deputy B"), by=OFFICE, at=AT)
        second = self.digest(folder, capsys, "--sign", "key.pem", "--since", f"{first.position}")
        verify = ("verify", "--store", "a.db", "--published", "published.jsonl", "--key")

        assert (second.since, len(second.proof) > 0, second.is_signed_with(PUBLIC)) == (first.position, True, True)
        assert self.run(folder, *verify, "key.pub") == 0
        assert self.run(folder, *verify, "other.pub") == 1
        assert "is not signed with this key" in capsys.readouterr().out

    def test_a_record_that_somebody_wrote_anew_with_hashes_that_fit_is_found(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.digest(folder, capsys)
        (folder / "a.db").unlink()
        with closing(SqlStore(str(folder / "a.db"))) as store:
            engine = Engine(store, [RULES])
            for id in ("1", "2", "3"):
                engine.execute(id, Receive("Gates", "Deputy A"), by=OFFICE, at=AT)
                engine.execute(id, Assign(("Water Bureau",)), by=OFFICE, at=AT)
            store.digest()

        assert self.run(folder, "verify", "--store", "a.db") == 0
        assert self.run(folder, "verify", "--store", "a.db", "--published", "published.jsonl") == 1
        assert "are not those whose digest was published" in capsys.readouterr().out

    @pytest.mark.parametrize("hash", ["", "no hash", "ÿ"])
    def test_a_hash_that_is_none_ends_neither_verifying_nor_publishing_in_a_crash(
        self, folder: Path, hash: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.digest(folder, capsys)
        with closing(sqlite3.connect(folder / "a.db")) as database:
            database.execute(
                "UPDATE handleflow_entries SET hash = ? WHERE suggestion_id = '2' AND number = 1", (hash,)
            )
            database.commit()

        assert self.run(folder, "verify", "--store", "a.db", "--published", "published.jsonl") == 1
        assert "are not those whose digest was published" in capsys.readouterr().out
        assert self.run(folder, "digest", "--store", "a.db", "--since", "2") == 2
        assert "the feed's tree is not one of its entries" in capsys.readouterr().err

    def test_an_anchor_with_an_end_of_a_line_in_its_name_is_published_and_read(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with closing(SqlStore(str(folder / "a.db"))) as store:
            store.add_anchor(Anchor("a\u2028b\x0bc", 3, hash_of("x")))
        self.digest(folder, capsys)

        assert self.run(folder, "verify", "--store", "a.db", "--published", "published.jsonl") == 0

    @pytest.mark.parametrize(
        ("argv", "said"),
        [
            (("digest", "--store", "a.db", "--sign", "no.pem"), "no.pem cannot be read"),
            (("digest", "--store", "a.db", "--sign", "key.pub"), "holds no private key"),
            (("digest", "--store", "a.db", "--since", "99"), "there is no position 99"),
            (("verify", "--store", "a.db", "--key", "key.pub"), "name their file with --published"),
            (("verify", "--store", "a.db", "--published", "no.jsonl"), "no.jsonl cannot be read"),
            (("verify", "--store", "a.db", "--published", "key.pub"), "line 1 is no JSON"),
            (("verify", "--store", "a.db", "--published", "a.db"), "cannot be read"),
        ],
    )
    def test_what_cannot_be_done_says_why(
        self, folder: Path, argv: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert self.run(folder, *argv) == 2
        assert said in capsys.readouterr().err
