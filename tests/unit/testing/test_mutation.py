"""Which change of a rule would no test notice? Is that told truly?"""

from __future__ import annotations

import json
import sys

import pytest

from handleflow import load_preset
from handleflow.errors import BrokenRulebook
from handleflow.testing.mutation import mutants, passes, try_mutants

pytestmark = pytest.mark.process

RULES = load_preset("cn.national")
DEMO = load_preset("cn.dehui.demo")
TRYING = """
from handleflow import load_preset
from handleflow.acts import Receive
from handleflow.testing import given, office

def test_it():
    given(load_preset("cn.national")).and_(Receive("Pipes", "Deputy A"), by=office(), on="2026-02-09")
"""
SPANS = """
from handleflow import load_preset

RULES = load_preset("cn.national")

def test_span():
    assert str(RULES.terms[0].span)[0] in "39"
"""
MUTATE = (sys.executable, "-m", "handleflow.testing", "mutate", "cn.national")


class TestMutation:
    """Which change of a rule would no test notice?"""

    DOCUMENT = json.loads(RULES.document)

    def test_every_mutant_differs_in_one_rule_and_is_sound(self) -> None:
        found = list(mutants(self.DOCUMENT))
        what = {mutant.what for mutant in found}

        assert len(what) == len(found)
        assert {
            "term reply: span 3 months -> 4 months",
            "term reply: long_span 6 months -> 7 months",
            "guard deputy_was_heard dropped",
            "outcome B: is_commitment turned",
        } <= what
        assert all(mutant.document != self.DOCUMENT for mutant in found)

    def test_what_a_place_inherits_is_changed_as_well_and_what_it_replaces_is_not(self) -> None:
        what = {mutant.what for mutant in mutants(json.loads(load_preset("cn.beijing").document))}
        demo = {mutant.what for mutant in mutants(json.loads(DEMO.document))}

        assert {
            "guard deputy_was_heard dropped",
            "extension of reply: times 1 -> 2",
            "extension of reply: base capped -> chained",
            "term rating: span 15 workdays -> 15 days",
            "transition evaluate to evaluated when every_reply_is_rated: target evaluated -> received",
            "transition supervise to same: clock taken away",
            "transition withdraw to withdrawn: also from assigned",
        } <= what
        assert "transition withdraw to withdrawn: not from assigned" not in what
        assert {
            "term reply: long_span 6 months -> 5 months",
            "rung urged: channel written -> on_site",
            "rung urged: answer_within left out",
            "light red: offset 1 day -> 2 days",
        } <= demo

    def test_of_a_transition_its_source_its_target_and_its_roles_are_changed(self) -> None:
        transition = "transition regrade to same"
        found = [mutant.what for mutant in mutants(self.DOCUMENT) if mutant.what.startswith(transition)]

        assert found == [
            f"{transition} dropped",
            f"{transition}: target same -> received",
            f"{transition}: not from handling",
            f"{transition}: not from replied",
            f"{transition}: not from evaluated",
            f"{transition}: also from received",
            f"{transition}: congress_office taken away",
            f"{transition}: government_office taken away",
            f"{transition}: deputy added",
        ]

    def test_what_a_test_notices_and_what_none_does_is_told(self, pytester: pytest.Pytester) -> None:
        pytester.makepyfile(test_city=SPANS)
        run = pytester.run(*MUTATE, "--tests", "test_city.py", "--only", "span 3", "--jobs", "2")
        longer = pytester.run(*MUTATE, "--tests", "test_city.py", "--only", "long_span 6 months -> 7", "--json")

        assert (run.ret, run.outlines) == (
            1,
            [
                "1/3  noticed   term reply: span 3 months -> 4 months",
                "2/3  noticed   term reply: span 3 months -> 2 months",
                "3/3  SURVIVED  term reply: span 3 months -> 90 days",
                "3 changes, 2 noticed, 1 noticed by no test",
                "  term reply: span 3 months -> 90 days",
            ],
        )
        assert (longer.ret, json.loads(longer.stdout.str()), longer.errlines) == (
            1,
            {"tried": 1, "noticed": 0, "survivors": ["term reply: long_span 6 months -> 7 months"]},
            [],
        )

    def test_a_rulebook_that_a_conftest_loads_is_the_mutant_too(self, pytester: pytest.Pytester) -> None:
        pytester.makeconftest("from handleflow import load_preset\n\nload_preset('cn.national')\n")
        path = pytester.makepyfile(test_city=SPANS)
        (longer,) = mutants(self.DOCUMENT, "span 3 months -> 4")

        assert not passes(longer.document, [str(path)])

    @pytest.mark.parametrize("path", ["'my_city.toml'", "Path(__file__).parent / 'my_city.toml'"])
    def test_a_hosts_own_file_is_the_mutant_by_whatever_path_it_is_loaded(
        self, pytester: pytest.Pytester, path: str
    ) -> None:
        pytester.makefile(".toml", my_city='extends = "cn.national"\nname = "my.city"\nversion = "1"\n')
        spans = SPANS.replace('load_preset("cn.national")', f"load({path})").replace("load_preset", "load")
        pytester.makepyfile(test_city=f"from pathlib import Path\n{spans}")
        only = ("--tests", "test_city.py", "--only", "span 3 months -> 4")

        assert pytester.run(*MUTATE[:-1], "my_city.toml", *only).ret == 0

    def test_only_some_of_the_tests_may_be_asked(self, pytester: pytest.Pytester) -> None:
        pytester.makepyfile(test_city=SPANS + "\n\ndef test_other():\n    assert RULES\n")
        runs = [
            pytester.run(*MUTATE, "--tests", "test_city.py", "-k", k, "--only", "span 3 months -> 4")
            for k in ("other", "span")
        ]

        assert [run.ret for run in runs] == [1, 0]

    def test_less_than_one_job_does_nothing_and_is_refused(self, pytester: pytest.Pytester) -> None:
        run = pytester.run(*MUTATE, "--tests", "test_city.py", "--jobs", "0")

        assert run.ret == 2
        run.stderr.fnmatch_lines(["*'0' is no number of jobs; 1 or more"])

    def test_a_threshold_of_coverage_is_not_what_notices_a_mutant(self, pytester: pytest.Pytester) -> None:
        pytester.makeini("[pytest]\naddopts = --cov=handleflow --cov-fail-under=100 --rulebook-cov=cn.national")
        path = pytester.makepyfile(TRYING)

        assert passes(self.DOCUMENT, [str(path)])

    def test_a_mutant_that_never_comes_to_an_end_is_noticed(self, pytester: pytest.Pytester) -> None:
        path = pytester.makepyfile("def test_it():\n    while True:\n        pass\n")

        assert not passes(self.DOCUMENT, [str(path)], patience=2)

    def test_tests_that_fail_anyway_tell_nothing(self, pytester: pytest.Pytester) -> None:
        path = pytester.makepyfile("def test_it():\n    assert False\n")
        with pytest.raises(BrokenRulebook, match=r"its tests fail without any change.*pytest says: 1 failed"):
            try_mutants(self.DOCUMENT, [str(path)])
