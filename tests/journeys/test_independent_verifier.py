"""Does the example's verifier hold what handleflow gives, find what was forged, and do without handleflow?"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from handleflow.cli import main
from handleflow.stores.sql import SqlStore
from tests.by_both import KEY, OTHER_KEY, OURS, lived, private_pem, public_pem
from tests.paths import EXAMPLES

pytestmark = pytest.mark.process

EXAMPLE = EXAMPLES / "independent_verifier"
SCRIPT = EXAMPLE / "verify_evidence.py"
WITHOUT_HANDLEFLOW = """
import runpy, sys
sys.modules["handleflow"] = None
del sys.argv[0]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
"""Runs a program to which whatever imports handleflow is an error."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with keys, a digest that was published, and evidence up to it, as the page has it made."""
    store, key, published = (str(tmp_path / name) for name in ("city.db", "key.pem", "published.jsonl"))
    with closing(SqlStore(store)) as opened:
        lived(opened)
    Path(key).write_bytes(private_pem(KEY))
    for name, each in (("key", KEY), ("other", OTHER_KEY)):
        (tmp_path / f"{name}.pub").write_bytes(public_pem(each))
    with Path(published).open("wb") as out:
        digest = [sys.executable, "-m", "handleflow.cli", "digest", "--store", store, "--sign", key]
        subprocess.run(digest, stdout=out, check=True)
    args = ["evidence", OURS, "--store", store, "--published", published, "--private"]
    assert main([*args, "--out", str(tmp_path / "evidence.json")]) == 0
    return tmp_path


def run(folder: Path, *names: str) -> subprocess.CompletedProcess[str]:
    """The program in a process that has no handleflow, on files of the folder."""
    command = [sys.executable, "-I", "-c", WITHOUT_HANDLEFLOW, str(SCRIPT), *(str(folder / name) for name in names)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


def test_what_handleflow_gives_holds(folder: Path) -> None:
    done = run(folder, "evidence.json", "key.pub")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("4 entries of suggestion '17' hold, up to digest '")


def test_what_was_forged_is_named_and_ends_with_1(folder: Path) -> None:
    file = folder / "evidence.json"
    (folder / "forged.json").write_bytes(file.read_bytes().replace(b"Deputy A", b"Deputy Z"))
    forged, other = run(folder, "forged.json", "key.pub"), run(folder, "evidence.json", "other.pub")

    assert (forged.returncode, forged.stdout) == (1, "the checksum does not fit\n")
    assert (other.returncode, other.stdout) == (1, "the digest is not signed with this key\n")


def test_what_cannot_be_read_ends_with_1_and_says_how_it_is_run(folder: Path) -> None:
    for done in (run(folder, "none.json", "key.pub"), run(folder), run(folder, "key.pub", "key.pub", "key.pub")):
        assert (done.returncode, done.stdout) == (1, "")
        assert "python verify_evidence.py FILE PUB.pem" in done.stderr


def test_its_own_tests_pass_where_nothing_of_this_checkout_is(tmp_path: Path) -> None:
    copy = shutil.copytree(EXAMPLE, tmp_path / "verifier", ignore=shutil.ignore_patterns(".*", "__pycache__"))
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "PYTHONPATH"))}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:handleflow"]
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, encoding="utf-8", check=False)

    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert " passed" in done.stdout.splitlines()[-1]
