"""Does what a host hands to another process, or copies, come back as it was?"""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from multiprocessing import get_context
from pkgutil import walk_packages
from typing import Any

import attrs
import pytest

import handleflow
from handleflow import Engine, MemoryStore, Reason, Refused, Rulebook, Suggestion, load, load_preset
from handleflow.acts import Assign, Receive
from handleflow.core._machine import table
from handleflow.errors import BrokenRulebook, HandleflowError
from handleflow.legal_time import WorkCalendar, day
from handleflow.model import Question
from handleflow.rulebooks import from_document, load_calendar, names
from handleflow.words import Message
from tests.beginnings import WATER, assigned, received, rulebook

Again = Callable[[Any], Any]

GIVEN: dict[type[HandleflowError], tuple[object, ...]] = {
    Refused: ("2026-017", "reply", (Reason("own_rule", {"unit": "A", "last": day("2026-05-10")}, en="not yet"),)),
    BrokenRulebook: ("cn.city", ("line 3: no such act", "line 9: no such state")),
}
"""What an error is made of, where that is more than its words."""


def below(kind: type[HandleflowError]) -> Iterator[type[HandleflowError]]:
    """A class of errors and all that are below it."""
    yield kind
    for each in kind.__subclasses__():
        yield from below(each)


def errors_of_the_library() -> list[type[HandleflowError]]:
    """Every class of errors, wherever it stands; those that only an extra brings, where it is installed."""
    for module in walk_packages(handleflow.__path__, "handleflow."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    found = {each for each in below(HandleflowError) if each.__module__.startswith("handleflow.")}
    return sorted(found, key=lambda kind: kind.__qualname__)


ERRORS = errors_of_the_library()


def made(kind: type[HandleflowError]) -> HandleflowError:
    """An error of a class, with a note and with something its catcher has written on it."""
    words = Message("cli-no_store", {"where": "a.db"})
    error = kind(*GIVEN.get(kind, (words,)))
    error.add_note("seen at the counter")
    vars(error)["seen_by"] = ("Office",)
    return error


def pickled(value: Any) -> Any:
    """The value as another process would have it."""
    return pickle.loads(pickle.dumps(value))  # noqa: S301  the test's own


def pickled_as_of_old(value: Any) -> Any:
    """The same in the oldest protocol there is."""
    return pickle.loads(pickle.dumps(value, protocol=0))  # noqa: S301  the test's own


again = pytest.mark.parametrize("again", [pickled, pickled_as_of_old, copy.copy, copy.deepcopy])


def said(error: HandleflowError) -> tuple[object, ...]:
    """All that can be read of an error."""
    return type(error), error.args, vars(error), str(error), error.text("zh")


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
class TestErrors:
    """Whatever goes wrong, and the answer no."""

    @again
    def test_comes_back_with_its_words_and_all_that_was_written_on_it(
        self, kind: type[HandleflowError], again: Again
    ) -> None:
        error = made(kind)

        assert said(again(error)) == said(error)

    def test_a_copy_is_written_on_alone(self, kind: type[HandleflowError]) -> None:
        error = made(kind)
        copied = copy.copy(error)
        vars(copied)["seen_by"] = ()

        assert vars(error)["seen_by"] == ("Office",)


class DeskIsClosed(HandleflowError):
    """A host's own, which is made of something else than its words."""

    def __init__(self, desk: int, *, until: str) -> None:
        super().__init__(f"desk {desk} is closed until {until}")
        self.desk = desk


class TestRefused:
    """A refusal alone."""

    @again
    def test_keeps_its_reasons_and_what_they_are_about(self, again: Again) -> None:
        reasons = received(rulebook()).when(Assign(("Water Bureau",)), by=WATER).reasons
        refused = Refused("2026-017", "assign", reasons)
        found = again(refused)

        assert (found.rules, found.kinds, found.verb, found.reasons) == (refused.rules, ("who",), "assign", reasons)
        assert [reason.as_dict() for reason in found.reasons] == [reason.as_dict() for reason in refused.reasons]

    @again
    def test_a_hosts_own_needs_no_word_about_pickling(self, again: Again) -> None:
        own = DeskIsClosed(4, until="noon")

        assert (again(own).desk, str(again(own))) == (4, "desk 4 is closed until noon")


def refuse_first(rules: Rulebook) -> Suggestion:
    """A worker's job: something that may not be."""
    return Engine(MemoryStore(), [rules]).execute("2026-017", Receive("Pipes", "Deputy A"), by=WATER)


def fail_with(error: HandleflowError) -> None:
    """A worker's job: to fail."""
    raise error


@pytest.mark.process
def test_no_error_breaks_a_process_pool() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        refused = pool.submit(refuse_first, load_preset("cn.national")).exception()
        raised = [pool.submit(fail_with, made(kind)).exception() for kind in ERRORS]

    assert isinstance(refused, Refused)
    assert refused.verb == "receive"
    assert [type(error) for error in raised] == ERRORS
    assert [str(error) for error in raised] == [str(made(kind)) for kind in ERRORS]


@attrs.define
class IsOpen:
    """A host's guard whose class has no hash."""

    desks: tuple[str, ...] = ()

    def __call__(self, _: Question[Any]) -> Iterator[Reason]:
        yield from ()


class IsOpenToo(IsOpen):
    """Another of the same settings."""


def own_rulebook(guard: type[IsOpen] = IsOpen) -> Rulebook:
    """One with a guard and a leader of a host's own."""
    guards = [{"ask": "is_open", "of": ["reply"], "settings": {"desks": ["1"]}, "cite": "DBF25 art. 51"}]
    changes = {"name": "test", "version": "1", "guard": guards, "leader_by": "by_unit"}
    return load("cn.national", guards={"is_open": guard}, leaders={"by_unit": leader_of}, changes=changes)


def leader_of(_: Suggestion, unit: str) -> str:
    """A host's leader of each unit."""
    return f"Vice Mayor for {unit}"


def used(rules: Rulebook) -> Rulebook:
    """A rulebook that something was decided by, so that it holds what was worked out of it."""
    assert assigned(rules).suggestion.state == "assigned"
    assert rules.compiled
    assert rules.digest
    return rules


class TestRulebooks:
    """A rulebook that a worker is given."""

    @again
    @pytest.mark.parametrize("name", names())
    def test_every_shipped_one_comes_back_equal(self, name: str, again: Again) -> None:
        rules = load_preset(name)
        found = again(rules)

        assert (found == rules, hash(found) == hash(rules), found.ref) == (True, True, rules.ref)
        assert (found.calendar, found.lifecycle) == (rules.calendar, rules.lifecycle)

    @pytest.mark.parametrize("name", names())
    def test_one_that_a_store_kept_is_equal_to_the_file_it_came_from(self, name: str) -> None:
        assert from_document(load_preset(name).document) == load_preset(name)

    @again
    def test_one_that_was_used_comes_back_without_what_was_worked_out_of_it(self, again: Again) -> None:
        rules = used(rulebook())
        found = again(rules)

        assert (found == rules, found == rulebook(), found.compiled) == (True, True, {})
        assert assigned(found).suggestion == assigned(rulebook()).suggestion

    @again
    def test_one_with_a_hosts_own_comes_back_with_it(self, again: Again) -> None:
        rules = own_rulebook()
        found = again(rules)

        assert (found == rules, hash(found) == hash(rules)) == (True, True)
        assert found.leader_of(assigned(rules).suggestion, "Water Bureau") == "Vice Mayor for Water Bureau"

    def test_two_are_equal_by_what_they_say_and_by_what_its_names_mean(self) -> None:
        rules = rulebook()

        assert {rules: 1}[rulebook()] == 1
        assert rules != rulebook(version="2")
        assert rules != rulebook(title="Otherwise")
        assert own_rulebook() == own_rulebook()
        assert own_rulebook() != own_rulebook(IsOpenToo)

    def test_an_engine_takes_one_twice_whether_or_not_it_is_the_same_object(self) -> None:
        assert Engine(MemoryStore(), [rulebook(), pickled(rulebook())]).rulebooks == (rulebook(),)


def shifted(calendar: WorkCalendar, **changes: Any) -> WorkCalendar:
    """A calendar with something else in it."""
    given = {field.name: getattr(calendar, field.name) for field in attrs.fields(WorkCalendar) if field.init}
    return WorkCalendar(**{**given, **changes})


class TestCalendars:
    """A calendar that a worker is given."""

    @again
    @pytest.mark.parametrize("name", ["cn", "gb"])
    def test_comes_back_equal_and_counts_the_same_days(self, name: str, again: Again) -> None:
        calendar = load_calendar(name)
        found = again(calendar)
        start = day("2026-02-10")

        assert (found == calendar, hash(found) == hash(calendar)) == (True, True)
        assert found.working_day_after(start, 10) == calendar.working_day_after(start, 10)
        assert found.digest == calendar.digest

    def test_carries_no_day_that_can_be_worked_out(self) -> None:
        assert len(pickle.dumps(load_calendar("cn"))) < 10_000

    def test_two_are_equal_when_they_are_of_one_text(self) -> None:
        calendar = load_calendar("cn")
        others = [shifted(calendar, version="x"), shifted(calendar, make_up_days=frozenset())]

        assert shifted(calendar) == calendar
        assert [other == calendar for other in others] == [False, False]
        assert [other.document == calendar.document for other in others] == [False, False]


class TestLifecycles:
    """The states and transitions of a rulebook."""

    def test_equal_ones_share_the_table_that_was_compiled_for_one(self) -> None:
        lifecycle = rulebook().lifecycle

        assert pickled(lifecycle) == lifecycle
        assert table(pickled(lifecycle)) is table(lifecycle)

    def test_one_with_other_words_is_another(self) -> None:
        lifecycle = rulebook().lifecycle
        other = attrs.evolve(lifecycle, labels={})

        assert (other == lifecycle, hash(other) == hash(lifecycle)) == (False, True)
