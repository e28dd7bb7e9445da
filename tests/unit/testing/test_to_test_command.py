"""Does the command write a test wherever the rulebook and the acts come from, or say what would let it?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import pytest

from handleflow import Act, Actor, Engine, Rulebook, Suggestion, load, load_preset
from handleflow.acts import Assign, Receive, Reply
from handleflow.legal_time import Day, Span
from handleflow.stores.sql import SqlStore
from handleflow.testing import given, office
from handleflow.testing.__main__ import main
from handleflow.testing.life_as_test import life_as_test
from tests.beginnings import instant
from tests.unit.testing.test_to_test import CITY, names_of

pytestmark = pytest.mark.process

RULES = load_preset("cn.national")
DAY = Day(2026, 2, 9)
HOST = '''
from attrs import field, frozen
from handleflow import Act, load
from handleflow.legal_time import Day, Span
from handleflow.model.fields import PRIVATE
from handleflow.model import Question

@frozen
class Reading:
    page: int
    within: Span

@frozen
class Reply(Act):
    """A host's own act, called as one of the library's is."""

    verb = "read_it"
    kind = "city_read"
    finding: str
    until: Day
    reader: str | None = field(metadata=PRIVATE)
    readings: tuple[Reading, ...] = ()

@frozen
class AnyHour:
    def __call__(self, question: Question) -> tuple[()]:
        return ()

TRANSITION = {"act": "read_it", "source": ["received"], "target": "same", "who": ["legal_office"]}
GUARD = {"ask": "any_hour", "of": ["read_it"], "cite": "host"}
CHANGES = {"name": "placeholder.host", "version": "1", "roles": ["legal_office"]}
CHANGES |= {"transition": [TRANSITION], "guard": [GUARD]}
RULES = load("cn.national", acts=[Reply], guards={"any_hour": AnyHour}, changes=CHANGES)
'''


class TestCommand:
    """``python -m handleflow.testing to-test``"""

    @staticmethod
    def begun(store: Path, *rules: Rulebook, own: tuple[type[Act], ...] = (), more: tuple[Any, ...] = ()) -> None:
        kept = SqlStore(str(store), own=own)
        engine = Engine(kept, rules)
        for act, by in ((Receive("Pipes", "Deputy A"), office()), *more, (Assign(("Water Bureau",)), office())):
            engine.execute("7", act, by=by, at=instant("2026-02-10"))
        engine.sweep(at=instant("2026-04-27"))
        kept.close()

    def test_a_rulebook_from_a_file_is_named(
        self, pytester: pytest.Pytester, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (pytester.path / "city.toml").write_text(CITY, encoding="utf-8")
        self.begun(pytester.path / "a.db", load("city.toml"))

        assert main(["to-test", "7", "--store", "a.db"]) == 2
        assert "placeholder.city 1 does not ship with the library; say where the test finds it, by --rulebook" in (
            capsys.readouterr().err
        )
        assert main(["to-test", "7", "--store", "a.db", "--rulebook", "city.toml"]) == 0
        pytester.makepyfile(capsys.readouterr().out)
        pytester.runpytest_subprocess().assert_outcomes(passed=1)

    def test_what_shipped_under_its_name_is_found_by_it(
        self, pytester: pytest.Pytester, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.begun(pytester.path / "a.db", load_preset("cn.dehui.demo"))
        assert main(["to-test", "7", "--store", "a.db"]) == 0
        pytester.makepyfile(capsys.readouterr().out)

        pytester.runpytest_subprocess().assert_outcomes(passed=1)

    def test_another_rulebook_under_a_shipped_name_is_not_taken_for_it(
        self, pytester: pytest.Pytester, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.begun(pytester.path / "a.db", load("cn.national", changes={"title": "Another"}))

        assert main(["to-test", "7", "--store", "a.db"]) == 2
        assert "--rulebook city.toml" in capsys.readouterr().err

    def test_an_act_of_a_host_is_imported_from_its_own_module(
        self, pytester: pytest.Pytester, capsys: pytest.CaptureFixture[str]
    ) -> None:
        pytester.makepyfile(city_host=HOST)
        pytester.syspathinsert()
        host: Any = __import__("city_host")
        read = host.Reply("sound", DAY, "Reader A", (host.Reading(3, Span(2, "day")),))
        self.begun(
            pytester.path / "a.db",
            host.RULES,
            own=(host.Reply,),
            more=((read, Actor("legal_office", "Legal Office")),),
        )
        assert main(["to-test", "7", "--store", "a.db", "--rulebook", "city_host:RULES"]) == 0
        text = capsys.readouterr().out
        pytester.makepyfile(text)

        pytester.runpytest_subprocess().assert_outcomes(passed=1)
        assert "from city_host import RULES, Reading, Reply\n" in text
        assert 'Reply(finding="sound", until=day("2026-02-09"), reader="reader", readings=(Reading(page=3' in text

    def test_two_acts_of_one_name_are_told_apart(self, pytester: pytest.Pytester) -> None:
        pytester.makepyfile(city_host=HOST)
        pytester.syspathinsert()
        host: Any = __import__("city_host")
        (entry,) = given(RULES).and_(Receive("Pipes", "Deputy A"), by=office(), on=DAY).history
        both = (host.Reply("sound", DAY, "Reader A"), Reply("A", "done"))
        text = life_as_test(Suggestion("7"), tuple(attrs.evolve(entry, event=event) for event in both), "cn.national")

        assert "story.and_(Reply(finding=" in text
        assert 'story.and_(Reply_2(outcome="A"' in text
        assert names_of(text)["Reply_2"] is Reply

    def test_what_is_not_known_here_is_said_with_what_would_help(
        self, pytester: pytest.Pytester, capsys: pytest.CaptureFixture[str]
    ) -> None:
        pytester.makepyfile(city_host=HOST)
        pytester.syspathinsert()
        host: Any = __import__("city_host")
        read = host.Reply("sound", DAY, "Reader A")
        legal = Actor("legal_office", "Legal Office")
        self.begun(pytester.path / "a.db", host.RULES, own=(host.Reply,), more=((read, legal),))

        assert main(["to-test", "7", "--store", "a.db", "--rulebook", "cn.national"]) == 2
        assert "entry 2 is of kind 'city_read', which is not known here; name a rulebook that knows it" in (
            capsys.readouterr().err
        )

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (["--rulebook", "cn.natonal"], "did you mean 'cn.national'"),
            (["--rulebook", "city.toml"], "there is no file city.toml"),
            (["--rulebook", "no_such_city:RULES"], "write it as package.module:NAME"),
            (["--rulebook", "handleflow:load"], "handleflow:load is a function; name a Rulebook of that module"),
            (["--rulebook", "cn.national", "--rulebook", "cn.dehui"], "name a rulebook for each, in this order"),
            (["--store", "none.db"], "there is no store at none.db; name the file of one, or its URL"),
        ],
    )
    def test_what_cannot_be_told_is_said_with_what_would_work(
        self, pytester: pytest.Pytester, capsys: pytest.CaptureFixture[str], options: list[str], said: str
    ) -> None:
        self.begun(pytester.path / "a.db", RULES)

        assert main(["to-test", "7", "--store", "a.db", *options]) == 2
        assert said in capsys.readouterr().err
        assert not (pytester.path / "none.db").exists()
