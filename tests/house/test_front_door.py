"""Does the front door open with the required packages alone, and show all it has before that is loaded?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import handleflow
from handleflow import rulebooks

pytestmark = pytest.mark.process


def printed(code: str) -> str:
    """What *code* prints in a process that has imported nothing."""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return run.stdout.strip()


def test_the_front_door_loads_no_optional_dependency() -> None:
    optional = ("orjson", "sqlalchemy", "rich", "pytest")
    loaded = f"import sys, handleflow; print([m for m in {optional} if m in sys.modules])"

    assert printed(loaded) == "[]"


def test_the_loader_of_rulebooks_is_loaded_when_it_is_asked_for() -> None:
    later = ("handleflow.rulebooks", "tomllib", "cattrs")
    before = f"import sys, handleflow; print([m for m in {later} if m in sys.modules])"
    after = "import sys, handleflow; handleflow.load_preset; print('handleflow.rulebooks' in sys.modules)"

    assert (printed(before), printed(after)) == ("[]", "True")


WORDS = ("fluent.syntax", "handleflow.words._fluent")
"""What is loaded when something is put into words."""


def test_words_are_loaded_when_somebody_reads_them_and_not_by_an_act_granted_or_refused() -> None:
    lived = """
import sys, handleflow
from handleflow import *
from handleflow.acts import Close, Receive
office, engine = Actor("congress_office", "Office"), Engine(MemoryStore(), [load_preset("cn.national")])
engine.execute("1", Receive("Pipes", "Deputy A"), by=office)
reasons = engine.ask("1", Close(), by=office)
try:
    engine.execute("1", Close(), by=office)
except Refused as refused:
    pass
"""
    loaded = f"print([m for m in {WORDS} if m in sys.modules])"

    assert printed(f"{lived}{loaded}; reasons[0].text('zh'); {loaded}").splitlines() == ["[]", str(list(WORDS))]


@pytest.mark.parametrize("name", ["load", "load_preset", "rulebooks"])
def test_what_is_loaded_later_is_there_however_it_is_asked_for(name: str) -> None:
    ways = (
        f"import handleflow; print(handleflow.{name})",
        f"from handleflow import {name}; print({name})",
        f"import handleflow; print(getattr(handleflow, {name!r}))",
        f"import handleflow.rulebooks; print(handleflow.{name})",
    )

    assert [" ".join(printed(way).split()[:2]) for way in ways] == [
        "<module 'handleflow.rulebooks'" if name == "rulebooks" else f"<function {name}"
    ] * len(ways)


def test_a_star_brings_every_name_and_no_other() -> None:
    names = printed("from handleflow import *; print(*sorted(n for n in dir() if not n.startswith('__')))")

    assert names.split() == sorted(handleflow.__all__)


def test_what_is_loaded_later_is_listed_before_it_is() -> None:
    listed = printed("import handleflow; print(*dir(handleflow))").split()

    assert [name for name in (*handleflow.__all__, "rulebooks", "__doc__") if name not in listed] == []
    assert len(listed) == len(set(listed))


def test_a_rulebooks_loader_is_pickled_by_its_name() -> None:
    there_and_back = (
        "import pickle, handleflow; load = pickle.loads(pickle.dumps(handleflow.load_preset));"
        "print(load is handleflow.load_preset, load('cn.national').ref)"
    )

    assert printed(there_and_back).startswith("True cn.national")


def test_a_value_pickled_in_one_process_is_read_in_another_that_loads_no_loader() -> None:
    found = printed("import pickle, handleflow; print(pickle.dumps(handleflow.Suggestion('1', title='Pipes')).hex())")
    title = f"pickle.loads(bytes.fromhex({found!r})).title"
    read = f"import pickle, sys; print({title}, 'handleflow.rulebooks' in sys.modules)"

    assert printed(read) == "Pipes False"


def test_a_name_that_is_not_there_is_named() -> None:
    with pytest.raises(AttributeError, match=r"^module 'handleflow' has no attribute 'nonsense'$"):
        getattr(handleflow, "nonsense")  # noqa: B009  checkers would refuse it
    refused = printed("try: from handleflow import nonsense\nexcept ImportError as error: print(error)")

    assert refused.startswith("cannot import name 'nonsense' from 'handleflow'")


def test_a_misspelt_name_gets_the_nearest_even_of_what_is_not_loaded_yet() -> None:
    """Python adds it to what it prints, out of what the module lists."""
    run = subprocess.run(
        [sys.executable, "-c", "import handleflow; handleflow.load_prest"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.stderr.rstrip().endswith("no attribute 'load_prest'. Did you mean: 'load_preset'?")


def test_the_names_are_those_of_the_loader() -> None:
    assert (handleflow.load, handleflow.load_preset) == (rulebooks.load, rulebooks.load_preset)


def test_what_ships_as_data_holds_no_code() -> None:
    presets = Path(handleflow.__file__).parent / "presets"

    assert {file.suffix for file in presets.rglob("*") if file.is_file()} == {".toml"}
