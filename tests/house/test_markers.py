"""Is a test that starts a process without saying so stopped, and is it said what each marker cost?"""

from __future__ import annotations

import pytest

from tests.paths import ROOT

pytestmark = pytest.mark.process

TESTS = """
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

def start():
    subprocess.run([sys.executable, "-c", ""], check=True)

def test_without_a_mark():
    start()

@pytest.mark.process
def test_with_its_mark():
    start()

@pytest.mark.database
def test_with_that_of_a_server():
    start()

@given(st.booleans())
def test_a_law(value):
    pass
"""


@pytest.fixture
def result(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.RunResult:
    """What pytest says of those tests under the plugin."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makepyfile(TESTS)
    return pytester.runpytest_subprocess("-p", "tests.markers", "--strict-markers")


def test_only_a_test_that_says_so_may_start_a_process(result: pytest.RunResult) -> None:
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(["*UnmarkedProcess: *test_without_a_mark starts a process*"])


def test_every_test_is_counted_under_its_marker_and_laws_are_marked_by_themselves(result: pytest.RunResult) -> None:
    result.stdout.re_match_lines(
        [r"plain +1 tests", r"law +1 tests", r"process +1 tests", r"database +1 tests", r"all +4 tests"]
    )
