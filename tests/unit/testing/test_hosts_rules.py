"""Does the kit measure and change the rules of a host that has acts and guards of its own, by its engine?"""

from __future__ import annotations

import json
import sys

import pytest

from handleflow.testing.__main__ import main

pytestmark = pytest.mark.process

HOST = """
from attrs import frozen
from handleflow import Act, Engine, MemoryStore, load
from handleflow.acts import Receive
from handleflow.testing import office

@frozen
class Inspect(Act):
    verb = "inspect"
    kind = "city_inspected"

@frozen
class IsOpen:
    desk: str = ""
    def __call__(self, question):
        return ()

def loaded():
    return load("city.toml", acts=[Inspect], guards={"is_open": IsOpen})

engine = Engine(MemoryStore(own=[Inspect]), [loaded()])
engine.execute("7", Receive("Pipes", "Deputy A"), by=office())
engine.execute("7", Inspect(), by=office())
"""
CITY = """
extends = "cn.national"
name = "placeholder.host"
version = "1"

[[transition]]
act = "inspect"
source = ["received"]
target = "same"
who = ["congress_office"]

[[guard]]
ask = "is_open"
of = ["inspect"]
cite = "DBF25 51"
[guard.settings]
desk = "4"
"""
TEST = """
from handleflow.acts import Receive
from handleflow.testing import given, office
from city_host import Inspect, loaded

def test_it():
    story = given(loaded()).and_(Receive("Pipes", "Deputy A"), by=office(), on="2026-02-09")
    assert story.when(Inspect(), by=office()).state == "received"
"""
BROKEN = CITY.replace('act = "inspect"', 'act = "inspct"')
OF_THE_HOST = ("placeholder.host", "--app", "city_host:engine")
MUTATE = (sys.executable, "-m", "handleflow.testing", "mutate")


@pytest.fixture
def host(pytester: pytest.Pytester) -> pytest.Pytester:
    """A folder with a host's module, its rulebook and its test."""
    pytester.makepyfile(city_host=HOST, test_city=TEST)
    pytester.makefile(".toml", city=CITY)
    return pytester


class TestCoverage:
    """``--rulebook-cov`` with ``--rulebook-cov-app``"""

    def test_rules_of_an_engine_are_measured_with_its_own_acts_and_guards(self, host: pytest.Pytester) -> None:
        cov = ("--rulebook-cov=placeholder.host", "--rulebook-cov-app=city_host:engine")
        result = host.runpytest_subprocess(*cov, "--rulebook-cov-json=a.json")
        told = json.loads((host.path / "a.json").read_text(encoding="utf-8"))

        result.assert_outcomes(passed=1)
        assert (told["rulebook"], told["transitions"]["covered"]) == ("placeholder.host 1", 2)
        assert "is_open: no" in told["guards"]["missing"]
        assert "is_open: yes" not in told["guards"]["missing"]

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            pytest.param(
                ("--rulebook-cov=placeholder.host", "--rulebook-cov-app=no_such_host:engine"),
                "*--rulebook-cov=placeholder.host: no_such_host:engine names no engine: there is no module*",
                id="no such app",
            ),
            pytest.param(
                ("--rulebook-cov=placeholder.hst", "--rulebook-cov-app=city_host:engine"),
                "*holds no rulebook 'placeholder.hst'; did you mean 'placeholder.host'*",
                id="no such rulebook",
            ),
            pytest.param(
                ("--rulebook-cov-app=city_host:engine",),
                "*--rulebook-cov-app needs --rulebook-cov*",
                id="no rulebook",
            ),
        ],
    )
    def test_what_cannot_be_measured_is_said(
        self, host: pytest.Pytester, options: tuple[str, ...], words: str
    ) -> None:
        result = host.runpytest_subprocess(*options)

        assert result.ret == pytest.ExitCode.USAGE_ERROR
        result.stderr.fnmatch_lines([words])

    def test_an_app_whose_rulebook_is_broken_tells_every_finding(self, host: pytest.Pytester) -> None:
        host.makefile(".toml", city=BROKEN)
        cov = ("--rulebook-cov=placeholder.host", "--rulebook-cov-app=city_host:engine")
        result = host.runpytest_subprocess(*cov)

        assert result.ret == pytest.ExitCode.USAGE_ERROR
        result.stderr.fnmatch_lines(["*rulebook 'placeholder.host' cannot be used*", "*unknown act 'inspct'*"])


class TestMutation:
    """``mutate`` with ``--app``"""

    def test_rules_of_an_engine_are_changed_with_its_own_acts_and_guards(self, host: pytest.Pytester) -> None:
        only = ("--tests", "test_city.py", "--only", "inspect", "--json")
        run = host.run(*MUTATE, *OF_THE_HOST, *only)
        told = json.loads(run.stdout.str())

        assert run.ret == 1
        assert told == {
            "tried": 3,
            "noticed": 1,
            "survivors": [
                "transition inspect to same: also from assigned",
                "transition inspect to same: deputy added",
            ],
        }

    def test_an_app_whose_rulebook_is_broken_tells_every_finding(self, host: pytest.Pytester) -> None:
        host.makefile(".toml", city=BROKEN)
        run = host.run(*MUTATE, *OF_THE_HOST, "--tests", "test_city.py")

        assert run.ret == 2
        run.stderr.fnmatch_lines(["*rulebook 'placeholder.host' cannot be used*", "*unknown act 'inspct'*"])


class TestToTest:
    """``to-test`` with ``--app``"""

    def test_a_life_in_the_store_of_an_engine_becomes_a_test(
        self, pytester: pytest.Pytester, capsys: pytest.CaptureFixture[str]
    ) -> None:
        pytester.makepyfile(city_of_one_life=f"{HOST}\nRULES = engine.rulebooks[0]")
        pytester.makefile(".toml", city=CITY)
        code = main(["to-test", "7", "--app", "city_of_one_life:engine", "--rulebook", "city_of_one_life:RULES"])
        pytester.makepyfile(test_life=capsys.readouterr().out)

        assert code == 0
        pytester.runpytest_subprocess("test_life.py").assert_outcomes(passed=1)

    def test_neither_a_store_nor_an_app_is_nothing_to_look_into(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["to-test", "7"]) == 2
        assert "name a store with --store PATH|URL, or a host's own engine with --app" in capsys.readouterr().err
