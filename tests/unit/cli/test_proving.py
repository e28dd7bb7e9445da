"""Can somebody at a terminal publish a digest, give evidence, and have both looked at by who trusts nobody?"""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from contextlib import closing, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from handleflow.acts import Receive
from handleflow.cli import main
from handleflow.evidence.digests import Published, read
from handleflow.stores.sql import SqlStore
from tests.beginnings import OFFICE
from tests.by_both import (
    CONFIDENTIAL,
    KEY,
    OPEN,
    OTHER_KEY,
    OURS,
    PHONE,
    by_the_other,
    engine_on,
    lived,
    private_pem,
    public_pem,
)
from tests.databases import fresh_postgres
from tests.markers import POSTGRES
from tests.promises import tampering

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in a folder with two pairs of keys."""
    for name, key in (("key", KEY), ("other", OTHER_KEY)):
        (tmp_path / f"{name}.pem").write_bytes(private_pem(key))
        (tmp_path / f"{name}.pub").write_bytes(public_pem(key))
    monkeypatch.chdir(tmp_path)

    def call(*argv: str) -> tuple[int, str, str]:
        code = main(argv)
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture(params=["sqlite", POSTGRES])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A store in which three suggestions were lived."""
    place = fresh_postgres() if request.param == "postgres" else f"sqlite:///{tmp_path / 'a.db'}"
    with closing(SqlStore(place)) as store:
        lived(store)
    return place


@pytest.fixture
def published(run: Run, where: str, tmp_path: Path) -> Path:
    """A file with one digest, signed."""
    path = tmp_path / "published.jsonl"
    path.write_text(run("digest", "--store", where, "--sign", "key.pem")[1], encoding="utf-8")
    return path


def in_line(out: str) -> Published:
    (found,) = read(out.split("\n"))
    return found


class TestDigest:
    """`handleflow digest`."""

    def test_it_is_one_line_that_stands_for_all_entries(self, run: Run, where: str) -> None:
        code, out, err = run("digest", "--store", where)

        assert (code, err, out.count("\n"), out[-1]) == (0, "", 1, "\n")
        assert (in_line(out).position, in_line(out).signature) == (8, "")

    def test_it_is_signed_with_the_key_that_is_named(self, run: Run, where: str) -> None:
        found = in_line(run("digest", "--store", where, "--sign", "key.pem")[1])

        assert found.is_signed_with(KEY.public_key())
        assert not found.is_signed_with(OTHER_KEY.public_key())

    def test_a_store_that_is_not_there_is_not_made(self, run: Run, tmp_path: Path) -> None:
        code, out, err = run("digest", "--store", "none.db")

        assert (code, out, "there is no store at none.db" in err) == (2, "", True)
        assert not (tmp_path / "none.db").exists()


class TestEvidence:
    """`handleflow evidence` and `handleflow verify-evidence`."""

    def given(self, run: Run, where: str, *argv: str) -> Path:
        """A file of evidence of OURS."""
        assert run("evidence", OURS, "--store", where, "--out", "evidence.json", *argv) == (0, "", "")
        return Path("evidence.json")

    @pytest.mark.parametrize("way", ["--sign", "--published"])
    def test_what_was_given_holds_for_both_verifiers(self, run: Run, where: str, published: Path, way: str) -> None:
        file = self.given(run, where, way, str(published) if way == "--published" else "key.pem")
        code, out, err = run("verify-evidence", str(file), "--key", "key.pub")

        assert (code, err) == (0, "")
        assert "4 entries of suggestion 17 hold, up to the digest at position 8" in out
        assert by_the_other(file.read_bytes(), KEY) == ""

    def test_it_goes_up_to_the_newest_digest_that_was_signed(self, run: Run, where: str, published: Path) -> None:
        with closing(SqlStore(where)) as store:
            engine_on(store, seed=2).execute("20", Receive("Too late", "Deputy A"), by=OFFICE)
        with published.open("a", encoding="utf-8") as file:
            file.write(run("digest", "--store", where)[1])
        found = json.loads(self.given(run, where, "--published", str(published)).read_bytes())

        assert (found["digest"]["position"], found["digest"]["signature"] != "") == (8, True)

    def test_private_fields_are_in_it_where_they_are_asked_for_alone(
        self, run: Run, where: str, published: Path
    ) -> None:
        args = ("evidence", OURS, "--store", where, "--published", str(published))

        assert PHONE not in run(*args)[1]
        assert PHONE in run(*args, "--private")[1]

    def test_a_confidential_suggestion_stays_behind_unless_it_is_asked_for(
        self, run: Run, where: str, published: Path
    ) -> None:
        args = ("evidence", CONFIDENTIAL, "--store", where, "--published", str(published))
        code, out, err = run(*args)
        private = run(*args, "--private")

        assert (code, out, "secret 18 is confidential; with its private fields (--private)" in err) == (2, "", True)
        assert (private[0], by_the_other(private[1].encode(), KEY)) == (0, "")

    def test_a_file_of_it_can_be_read_by_its_owner_alone_and_takes_nobodys_place(
        self, run: Run, where: str, published: Path
    ) -> None:
        file = self.given(run, where, "--published", str(published))
        before = file.read_bytes()
        code, _, err = run("evidence", OPEN, "--store", where, "--sign", "key.pem", "--out", str(file))

        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert (code, "is there already" in err, file.read_bytes()) == (2, True, before)

    @pytest.mark.parametrize("encoding", ["utf-8", "ascii", "gbk", "utf-16"])
    def test_on_a_terminal_of_any_encoding_it_is_the_same_bytes(
        self, run: Run, where: str, published: Path, encoding: str
    ) -> None:
        file = self.given(run, where, "--published", str(published))
        with TextIOWrapper(BytesIO(), encoding=encoding, newline="\r\n") as out, redirect_stdout(out):
            code = main(["evidence", OURS, "--store", where, "--published", str(published)])
            out.flush()
            assert isinstance(out.buffer, BytesIO)
            said = out.buffer.getvalue()

        assert "饮水".encode() in file.read_bytes()
        assert (code, said) == (0, file.read_bytes())

    def test_what_was_forged_is_told_and_ends_with_1(self, run: Run, where: str, published: Path) -> None:
        file = self.given(run, where, "--published", str(published))
        file.write_bytes(file.read_bytes().replace(b"Deputy A", b"Deputy Z"))
        code, out, err = run("verify-evidence", str(file), "--key", "key.pub")
        in_json = run("verify-evidence", str(file), "--key", "key.pub", "--json")

        assert (code, err, out.splitlines()[-1]) == (1, "", "1 fault(s)")
        assert "it was changed since it was written: its checksum does not fit" in out
        assert [sorted(fault) for fault in json.loads(in_json[1])["faults"]] == [
            ["code", "en", "entry", "facts", "id", "zh"]
        ]
        assert in_json[0] == 1

    def test_what_holds_is_an_empty_list_for_machines(self, run: Run, where: str, published: Path) -> None:
        file = self.given(run, where, "--published", str(published))

        assert run("verify-evidence", str(file), "--key", "key.pub", "--json")[:2] == (0, '{\n  "faults": []\n}\n')

    def test_another_key_than_the_one_that_signed_ends_with_1(self, run: Run, where: str, published: Path) -> None:
        file = self.given(run, where, "--published", str(published))
        code, out, _ = run("verify-evidence", str(file), "--key", "other.pub")

        assert (code, "the digest at position 8 is not signed with this key" in out) == (1, True)

    @pytest.mark.parametrize(
        ("argv", "words"),
        [
            (("evidence", "17"), "either name the file of those that were published with --published, or sign"),
            (("evidence", "17", "--published", "published.jsonl", "--sign", "key.pem"), "either name the file"),
            (("evidence", "17", "--published", "none"), "none cannot be read"),
            (("evidence", "17", "--published", "unsigned.jsonl"), "no digest of unsigned.jsonl is signed"),
            (("evidence", "17", "--published", "key.pub"), "line 1 is no JSON"),
            (("evidence", "17", "--published", "empty"), "it holds no digest; `handleflow digest` writes one"),
            (("evidence", "17", "--sign", "key.pub"), "key.pub holds no private key"),
            (("evidence", "99", "--sign", "key.pem"), "stands for no entry of suggestion '99'"),
            (("evidence", "17", "--sign", "key.pem", "--out", "none/a.json"), "none/a.json cannot be written"),
        ],
        ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
    )
    def test_what_cannot_be_given_says_why_and_leaves_no_file(
        self, run: Run, where: str, published: Path, argv: tuple[str, ...], words: str, tmp_path: Path
    ) -> None:
        (tmp_path / "empty").touch()
        Path("unsigned.jsonl").write_text(run("digest", "--store", where)[1], encoding="utf-8")
        before = sorted(tmp_path.iterdir())
        code, out, err = run(*argv, "--store", where)

        assert (code, out, words in err) == (2, "", True), err
        assert sorted(tmp_path.iterdir()) == before

    @pytest.mark.parametrize(
        ("file", "key", "words"),
        [
            ("none", "key.pub", "none cannot be read: No such file"),
            (".", "key.pub", ". cannot be read: Is a directory"),
            ("evidence.json", "none", "none cannot be read"),
            ("evidence.json", "key.pem", "key.pem holds no public key that can be read"),
            ("evidence.json", "evidence.json", "evidence.json holds no public key"),
        ],
    )
    def test_what_cannot_be_looked_at_says_why(
        self, run: Run, where: str, published: Path, file: str, key: str, words: str
    ) -> None:
        self.given(run, where, "--published", str(published))
        code, out, err = run("verify-evidence", file, "--key", key)

        assert (code, out, words in err) == (2, "", True), err

    @pytest.mark.parametrize("content", [b"", b"\x00", b"[]", b"{}", b"\xff" * 99, b"[" * 99_999, b'{"checksum":1}'])
    def test_what_is_no_evidence_is_a_fault_and_no_crash(self, run: Run, content: bytes) -> None:
        Path("a.json").write_bytes(content)
        code, out, err = run("verify-evidence", "a.json", "--key", "key.pub")

        assert (code, err, out.splitlines()[-1]) == (1, "", "1 fault(s)")

    def test_a_digest_of_before_the_record_was_changed_gives_no_evidence(
        self, run: Run, where: str, published: Path
    ) -> None:
        tampering.forge(where, "UPDATE {p}entries SET hash = 'no hash' WHERE suggestion_id = '17' AND number = 1")
        code, out, err = run("evidence", OURS, "--store", where, "--published", str(published))

        assert (code, out, "the digest at position 8 is not one of this store" in err) == (2, "", True)


class TestVerify:
    """`handleflow verify --published FILE --key PUB`."""

    def test_a_record_agrees_with_what_was_published_and_goes_on(self, run: Run, where: str, published: Path) -> None:
        with closing(SqlStore(where)) as store:
            engine_on(store, seed=2).execute("20", Receive("More pipes", "Deputy A"), by=OFFICE)
        args = ("verify", "--store", where, "--published", str(published))

        assert run(*args)[0] == 0
        assert run(*args, "--key", "key.pub")[0] == 0

    def test_a_record_that_was_written_anew_is_whole_and_not_what_was_published(
        self, run: Run, where: str, published: Path, tmp_path: Path
    ) -> None:
        other = str(tmp_path / "other.db")
        with closing(SqlStore(other)) as store:
            lived(store, seed=2)
            store.digest()
        code, out, _ = run("verify", "--store", other, "--published", str(published), "--key", "key.pub")

        assert run("verify", "--store", other)[0] == 0
        assert (code, "the first 8 entries are not those whose digest was published" in out) == (1, True)

    def test_a_key_is_for_digests_that_are_named(self, run: Run, where: str, published: Path) -> None:
        without = run("verify", "--store", where, "--key", "key.pub")
        other = run("verify", "--store", where, "--published", str(published), "--key", "other.pub", "--json")

        assert (without[0], "name their file with --published" in without[2]) == (2, True)
        assert [fault["en"] for fault in json.loads(other[1])["faults"]] == [
            "the digest at position 8 is not signed with this key"
        ]
        assert other[0] == 1


class TestRestore:
    """`handleflow restore --published FILE --key PUB`."""

    @pytest.fixture
    def backup(self, run: Run, where: str, published: Path) -> Path:
        assert run("backup", "b.jsonl", "--store", where, "--private")[0] == 0
        return Path("b.jsonl")

    def restored(self, run: Run, published: Path, key: str = "key.pub") -> tuple[int, str]:
        code, _, err = run("restore", "b.jsonl", "--store", "new.db", "--published", str(published), "--key", key)
        return code, err

    def test_a_backup_of_what_was_published_is_taken_in_and_proves_the_same(
        self, run: Run, backup: Path, published: Path
    ) -> None:
        assert self.restored(run, published) == (0, "")
        assert run("verify", "--store", "new.db", "--published", str(published), "--key", "key.pub")[0] == 0
        evidence = run("evidence", OURS, "--store", "new.db", "--published", str(published))
        assert (evidence[0], by_the_other(evidence[1].encode(), KEY)) == (0, "")

    def test_one_that_was_written_anew_is_not_and_nothing_of_it_is(
        self, run: Run, backup: Path, published: Path, tmp_path: Path
    ) -> None:
        with closing(SqlStore(str(tmp_path / "other.db"))) as store:
            lived(store, seed=2)
        backup.unlink()
        run("backup", "b.jsonl", "--store", "other.db", "--private")
        code, err = self.restored(run, published)

        assert (code, "b.jsonl is not the record whose digests were published" in err) == (2, True)
        assert not (tmp_path / "new.db").exists()

    def test_one_whose_digests_another_signed_is_not(self, run: Run, backup: Path, published: Path) -> None:
        code, err = self.restored(run, published, "other.pub")

        assert (code, "is not signed with this key" in err) == (2, True)

    @pytest.mark.parametrize("hash", ["no hash", "0" * 64, "A" * 64])
    def test_one_with_other_hashes_at_its_positions_is_not(
        self, run: Run, backup: Path, published: Path, hash: str
    ) -> None:
        lines = backup.read_text(encoding="utf-8").splitlines(keepends=True)
        (place,) = [n for n, line in enumerate(lines) if '"positions"' in line]
        plain = json.loads(lines[place])
        plain["entries"][0][2] = hash
        lines[place] = json.dumps(plain, ensure_ascii=False) + "\n"
        backup.write_text("".join(lines), encoding="utf-8")
        code, err = self.restored(run, published)

        assert (code, "Traceback" in err, Path("new.db").exists()) == (2, False, False)
