"""Does a command come to a host's own engine, and does it say why where it does not?"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import pytest
from attrs import frozen

from handleflow import Act, Engine, MemoryStore, Reason, Suggestion, load
from handleflow.cli import main
from handleflow.engine.app import engine_at, rulebook_of
from handleflow.errors import BrokenRulebook, NotAStore, UnknownRulebook
from handleflow.model import Question
from handleflow.rulebooks import from_document
from handleflow.rulebooks.own_names import own_names
from handleflow.rules import Fact
from handleflow.rules.facts import due
from tests.beginnings import rulebook

NUMBERS = count(1)


@frozen
class Inspect(Act):
    """An act of the host's."""

    verb = "inspect"
    kind = "city_inspected"


@frozen
class IsOpen:
    """A guard of the host's."""

    desk: str = ""

    def __call__(self, _: Question[Any]) -> Iterator[Reason]:
        yield from ()


def has_units(after: Suggestion) -> bool:
    """A condition of the host's."""
    return bool(after.units)


def inspected(_: Suggestion) -> Iterator[Fact]:
    """A fact of the host's."""
    yield from ()


def cleared(_: Suggestion) -> Iterator[Fact]:
    """Another, that keeps a rung silent."""
    yield from ()


def by_unit(_: Suggestion, unit: str) -> str:
    """Leaders of the host's."""
    return f"Vice Mayor for {unit}"


OWN: dict[str, Any] = {
    "acts": (Inspect,),
    "guards": {"is_open": IsOpen},
    "conditions": {"has_units": has_units},
    "facts": {"inspected": inspected, "cleared": cleared},
    "leaders": {"by_unit": by_unit},
}
WHO = ["congress_office"]
CITY = load(
    "cn.national",
    **OWN,
    changes={
        "name": "placeholder.own",
        "version": "1",
        "transition": [
            {"act": "inspect", "source": ["assigned"], "target": "handling", "who": WHO, "when": "has_units"},
            {"act": "inspect", "source": ["assigned"], "target": "same", "who": WHO},
        ],
        "guard": [{"ask": "is_open", "of": ["inspect"], "settings": {"desk": "4"}, "cite": "DBF25 51"}],
        "rung": [
            {"id": "own", "after": "inspected", "unless": "cleared", "channel": "written", "cite": "DBF25 51"},
            {"id": "due", "term": "reply", "offset": "1 day", "channel": "written", "cite": "DBF25 51"},
        ],
        "leader_by": "by_unit",
    },
)
ENGINE = Engine(MemoryStore(own=[Inspect]), [CITY, rulebook()])


class Written(Protocol):
    """Writes a host's module into the current folder and gives its name."""

    def __call__(self, text: str) -> str: ...


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Written:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))

    def write(text: str) -> str:
        name = f"host_app_{next(NUMBERS)}"
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
        return name

    return write


def unfit(app: str) -> str:
    """Why an app is not taken, without its own name."""
    with pytest.raises(NotAStore) as raised:
        engine_at(app)
    return str(raised.value).removeprefix(f"{app} names no engine: ")


class TestEngine:
    """The engine that an app names."""

    def test_is_found_in_the_current_folder(self, written: Written, tmp_path: Path) -> None:
        app = written("from handleflow import Engine, MemoryStore\nengine = Engine(MemoryStore(), [])")

        assert (engine_at(f"{app}:engine").rulebooks, sys.path[0]) == ((), str(tmp_path))
        assert engine_at(f"{app}:engine") is engine_at(f"{app}:engine")
        assert sys.path.count(str(tmp_path)) == 1

    @pytest.mark.parametrize("app", ["", "host", ":engine", "host:", "host.:engine", ".host:engine", "a b:engine"])
    def test_has_to_be_spelt_as_a_module_and_a_name(self, app: str) -> None:
        assert unfit(app) == "write it as package.module:engine"

    def test_a_module_that_is_not_there_is_named(self, written: Written) -> None:
        app = written("")

        assert unfit("no_such_host:engine").startswith("there is no module no_such_host in this folder")
        assert unfit("no_such_host.city:engine").startswith("there is no module no_such_host in this folder")
        assert unfit(f"{app}.city:engine").startswith(f"there is no module {app}.city in this folder")

    def test_what_a_module_cannot_import_is_told_with_the_line_that_wants_it(
        self, written: Written, tmp_path: Path
    ) -> None:
        inner = written("\nimport no_such_library")
        outer = written(f"import {inner}")

        line = tmp_path / f"{inner}.py"
        cause = "ModuleNotFoundError: No module named 'no_such_library'"
        assert unfit(f"{outer}:engine") == f"importing {outer} fails at {line}:2: {cause}"

    def test_a_module_that_cannot_be_parsed_says_its_own_line(self, written: Written) -> None:
        app = written("engine = (")

        assert (
            unfit(f"{app}:engine") == f"importing {app} fails: SyntaxError: '(' was never closed ({app}.py, line 1)"
        )

    def test_whatever_a_module_raises_is_told(self, written: Written, tmp_path: Path) -> None:
        asked = written("def __getattr__(name):\n    raise KeyError(name)")
        refused = written("from handleflow import load\nload('cn.natonal')")

        assert unfit(f"{asked}:engine") == f"importing {asked} fails at {tmp_path / asked}.py:2: KeyError: 'engine'"
        assert unfit(f"{refused}:engine").endswith("did you mean 'cn.national'?")

    def test_so_is_one_that_lacks_what_it_reads_itself(self, written: Written) -> None:
        app = written("import json\njson.no_such_name")

        assert "AttributeError: module 'json' has no attribute 'no_such_name'" in unfit(f"{app}:engine")

    def test_a_name_that_is_not_in_it_is_told_with_the_nearest_engine(self, written: Written) -> None:
        app = written("from handleflow import Engine, MemoryStore\nENGINE = Engine(MemoryStore(), [])\nENGINES = 1")

        assert unfit(f"{app}:ENGIN") == f"module {app} has no ENGIN; did you mean 'ENGINE'?"

    def test_a_thing_that_is_no_engine_is_told_with_its_type(self) -> None:
        assert unfit(f"{__name__}:CITY") == "CITY is of the type Rulebook"

    def test_a_module_that_ends_the_program_ends_nothing(self, written: Written) -> None:
        app = written("raise SystemExit('no settings')")

        assert unfit(f"{app}:engine") == f"importing {app} ends the program with no settings"

    def test_a_broken_rulebook_in_it_comes_with_every_finding(self, written: Written) -> None:
        app = written("from handleflow import load\nload('cn.national', changes={'coalesce': 1, 'channels': 2})")

        with pytest.raises(BrokenRulebook) as broken:
            engine_at(f"{app}:engine")
        assert len(broken.value.findings) == 2


class TestRulebook:
    """The rulebook a command speaks of."""

    APP = f"{__name__}:ENGINE"

    def test_is_one_that_the_engine_holds_or_one_that_ships(self) -> None:
        assert rulebook_of("placeholder.own", self.APP) is CITY
        assert rulebook_of("test", self.APP) == rulebook()
        assert rulebook_of("cn.national").name == "cn.national"

    def test_of_two_versions_is_the_one_for_new_suggestions(self, written: Written) -> None:
        app = written(
            "from handleflow import Engine, MemoryStore, load\n"
            "rules = [load('cn.national', changes={'version': version}) for version in ('b', 'a')]\n"
            "engine = Engine(MemoryStore(), rules)"
        )

        assert rulebook_of("cn.national", f"{app}:engine").version == "b"

    def test_of_a_name_that_the_engine_does_not_hold_is_told_with_the_nearest(self) -> None:
        with pytest.raises(
            UnknownRulebook, match=r"holds no rulebook 'placeholder.one'; did you mean 'placeholder.own'"
        ):
            rulebook_of("placeholder.one", self.APP)

    def test_in_a_file_is_read_with_the_names_that_the_engine_uses(self, tmp_path: Path) -> None:
        path = tmp_path / "next.toml"
        path.write_text(
            'extends = "cn.national"\nname = "next"\nversion = "2"\n'
            '[[transition]]\nact = "inspect"\nsource = ["assigned"]\ntarget = "same"\nwho = ["congress_office"]\n',
            encoding="utf-8",
        )

        assert Inspect in rulebook_of(str(path), self.APP).lifecycle.acts
        with pytest.raises(BrokenRulebook, match="unknown act 'inspect'"):
            rulebook_of(str(path))


class TestOwnNames:
    """What a host handed in."""

    def test_is_found_again_in_what_was_made_with_it(self) -> None:
        assert own_names([CITY]) == OWN
        assert from_document(CITY.document, **own_names([CITY])) == CITY

    def test_is_nothing_where_nothing_was(self) -> None:
        assert not any(own_names([rulebook(), load("cn.dehui.demo")]).values())
        assert due not in own_names([CITY])["facts"].values()


class TestCommands:
    """The command line."""

    def run(self, capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
        code = main(argv)
        return code, *capsys.readouterr()

    def test_check_prints_the_findings_of_an_app_that_cannot_be_made(
        self, written: Written, capsys: pytest.CaptureFixture[str]
    ) -> None:
        app = written("from handleflow import load\nload('cn.national', changes={'name': 'mine', 'coalesce': 1})")
        code, out, err = self.run(capsys, "check", "any", "--app", f"{app}:engine")

        assert (code, "coalesce" in out, "mine: 1 finding(s)" in err) == (1, True, True)

    @pytest.mark.parametrize("command", [("board",), ("show", "1"), ("draw", "any"), ("report",), ("health",)])
    def test_any_other_says_them_and_cannot_go_on(
        self, written: Written, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
    ) -> None:
        app = written("from handleflow import load\nload('cn.national', changes={'name': 'mine', 'coalesce': 1})")
        code, out, err = self.run(capsys, *command, "--app", f"{app}:engine")

        assert (code, out) == (2, "")
        assert err.startswith("handleflow: rulebook 'mine' cannot be used, 1 finding(s):")
        assert "coalesce" in err

    def test_check_and_draw_take_what_the_app_holds(self, capsys: pytest.CaptureFixture[str]) -> None:
        app = f"{__name__}:ENGINE"

        assert "placeholder.own 1: sound" in self.run(capsys, "check", "placeholder.own", "--app", app)[1]
        assert "inspect" in self.run(capsys, "draw", "placeholder.own", "--app", app)[1]

    @pytest.mark.process
    def test_the_installed_program_looks_in_the_current_folder(self, written: Written, tmp_path: Path) -> None:
        app = written("from handleflow import Engine, MemoryStore\nengine = Engine(MemoryStore(), [])")
        program = Path(sys.executable).with_name("handleflow")
        ran = subprocess.run(
            [program, "report", "--json", "--app", f"{app}:engine"], cwd=tmp_path, capture_output=True, check=False
        )

        assert (ran.returncode, b'"total": 0' in ran.stdout) == (0, True)

    def test_health_names_a_rulebook_that_the_app_does_not_hold(
        self, written: Written, capsys: pytest.CaptureFixture[str]
    ) -> None:
        app = written(
            "from handleflow import Engine, MemoryStore, load_preset\n"
            "from handleflow.acts import Receive\n"
            "from handleflow.testing import office\n"
            "store = MemoryStore()\n"
            "Engine(store, [load_preset('cn.henan')]).execute('7', Receive('Pipes', 'Deputy A'), by=office())\n"
            "engine = Engine(store, [load_preset('cn.national')])"
        )
        missing = str(load("cn.henan").ref)
        code, out, _ = self.run(capsys, "health", "--app", f"{app}:engine")
        told = json.loads(self.run(capsys, "health", "--json", "--app", f"{app}:engine")[1])

        assert (code, f"rulebook {missing} is not held here, and 1 suggestion(s) hang on it" in out) == (1, True)
        assert (told["not_held"], told["is_behind"]) == ([{"rulebook": missing, "suggestions": 1}], False)
