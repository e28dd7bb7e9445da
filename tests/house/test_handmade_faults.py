"""Is a fault that no test notices named, and one that stands nowhere?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house import handmade_faults
from tests.house.handmade_faults import HandmadeFault
from tests.paths import ROOT

pytestmark = pytest.mark.process

TEST = "tests/unit/words/test_words.py"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A folder of sources that holds a module nobody imports."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "unused.py").write_text("one = 1\ntwo = 2\ntwo = 2\n", encoding="utf-8")
    return tmp_path / "src"


def fault(find: str) -> HandmadeFault:
    return HandmadeFault("a fault", "unused.py", find, "three = 3", f"{TEST}::TestReason")


def test_what_no_test_notices_is_missed(sources: Path) -> None:
    verdict = handmade_faults.try_out(fault("one = 1"), sources)

    assert verdict.problem == f"{TEST}::TestReason passed with it"
    assert str(verdict).split()[2:4] == ["MISSED", "a"]


@pytest.mark.parametrize(("find", "times"), [("four = 4", 0), ("two = 2", 2)])
def test_a_text_that_does_not_stand_there_once_is_named(sources: Path, find: str, times: int) -> None:
    verdict = handmade_faults.try_out(fault(find), sources)

    assert verdict.problem == f"unused.py: the text to change stands there {times} times, not once"


def test_the_checkout_is_not_touched(sources: Path) -> None:
    before = (sources / "unused.py").read_text(encoding="utf-8")
    handmade_faults.try_out(fault("one = 1"), sources)

    assert (sources / "unused.py").read_text(encoding="utf-8") == before


def test_every_fault_of_the_list_can_be_put_in(tmp_path: Path) -> None:
    for number, each in enumerate(handmade_faults.read()):
        sources = tmp_path / str(number)
        (sources / each.file).parent.mkdir(parents=True)
        original = ROOT / "src" / each.file
        (sources / each.file).write_text(original.read_text(encoding="utf-8"), encoding="utf-8")
        each.put_into(sources)

        assert (sources / each.file).read_text(encoding="utf-8") != original.read_text(encoding="utf-8")
