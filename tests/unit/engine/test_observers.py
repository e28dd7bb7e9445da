"""Does whoever looks on at an engine or a story hear of all that is decided, and stand in nobody's way?"""

from __future__ import annotations

import logging
from threading import Thread

import pytest

from handleflow import Engine, MemoryStore, Refused, Store
from handleflow.acts import Assign, Close, Receive, Reply
from handleflow.engine.observer import Observed, observing
from handleflow.testing import given
from tests.beginnings import OFFICE, WATER, accepted, assigned, instant, rulebook

RUNG = {"id": "r", "term": "reply", "offset": "-15 days", "channel": "phone", "cite": "host"}
RULES = rulebook(rung=[RUNG])


class Eye:
    """An observer that keeps what it was told."""

    def __init__(self) -> None:
        self.seen: list[Observed] = []

    def __call__(self, observed: Observed) -> None:
        self.seen.append(observed)

    @property
    def words(self) -> list[str]:
        """What was asked for, in order."""
        return [each.act.verb if each.act else "clock" for each in self.seen]


@pytest.fixture
def eye() -> Eye:
    return Eye()


def engine_of(*observers: Eye, store: Store | None = None, today: str = "2026-02-10") -> Engine:
    return Engine(store or MemoryStore(), [RULES], clock=lambda: instant(today), observers=observers)


def begin(engine: Engine) -> None:
    engine.execute("1", Receive("Pipes", "Deputy A"), by=OFFICE)
    engine.execute("1", Assign((WATER.name,)), by=OFFICE)


class TestEngine:
    """Those that hang on an engine."""

    def test_they_hear_of_acts_refusals_questions_and_the_clock_in_order(self, eye: Eye) -> None:
        engine = engine_of(eye)
        begin(engine)
        with pytest.raises(Refused):
            engine.execute("1", Close(), by=OFFICE)
        engine.ask("1", Close(), by=OFFICE)
        engine_of(eye, store=engine.store, today="2026-04-26").sweep()

        assert eye.words == ["receive", "assign", "close", "close", "clock"]
        assert [len(each.entries) for each in eye.seen] == [1, 2, 0, 0, 1]
        assert [reason.rule for each in eye.seen for reason in each.reasons] == ["wrong_state"] * 2

    def test_what_they_hear_of_is_what_is_written(self, eye: Eye) -> None:
        engine = engine_of(eye)
        begin(engine)
        found = [(entry.number, entry.event) for each in eye.seen for entry in each.entries]

        assert found == [(entry.number, entry.event) for entry in engine.history("1")]
        assert [(each.before.version, each.provenance.by) for each in eye.seen] == [(0, OFFICE), (1, OFFICE)]

    def test_they_hear_by_which_answers_of_guards_an_act_was_refused(self, eye: Eye) -> None:
        story = accepted(rulebook())
        outcome = given(story.rules, observers=[eye]).after(story.last).when(Reply("A", "done"), by=WATER)

        assert outcome.rules == ("deputy_was_heard",)
        assert dict(eye.seen[-1].answers)["deputy_was_heard"] is False

    def test_an_adoption_for_a_new_calendar_is_heard_of(self, eye: Eye) -> None:
        store, newer = MemoryStore(), rulebook(version="2")
        begin(Engine(store, [RULES], clock=lambda: instant("2026-02-10")))
        engine = Engine(store, [RULES, newer], clock=lambda: instant("2026-02-11"), observers=[eye])

        assert engine.adopt_calendar("test", "2", by=OFFICE).entries == ()
        assert eye.words == ["adopt"]

    def test_one_that_fails_is_logged_and_stops_neither_the_act_nor_the_others(
        self, eye: Eye, caplog: pytest.LogCaptureFixture
    ) -> None:
        def failing(observed: Observed) -> None:
            raise LookupError(observed.before.id)

        engine = Engine(MemoryStore(), [RULES], clock=lambda: instant("2026-02-10"), observers=[failing, eye])
        with caplog.at_level(logging.ERROR, logger="handleflow.engine.observer"):
            begin(engine)

        assert engine.look_up("1").state == "assigned"
        assert eye.words == ["receive", "assign"]
        assert [record.getMessage() for record in caplog.records] == [
            "an observer failed on what was decided of 1"
        ] * 2

    def test_of_two_engines_each_has_its_own(self, eye: Eye) -> None:
        begin(engine_of())
        begin(engine_of(eye))

        assert len(eye.seen) == 2


class TestStories:
    """Those that hang on a story."""

    def test_they_go_on_with_it(self, eye: Eye) -> None:
        story = given(RULES, observers=[eye]).and_(Receive("Pipes", "Deputy A"), by=OFFICE, on="2026-02-09")
        story.and_(Assign((WATER.name,)), by=OFFICE).when_the_clock_reads("2026-04-26")

        assert eye.words == ["receive", "assign", "clock"]

    def test_a_story_is_the_same_with_and_without_them(self, eye: Eye) -> None:
        assert given(RULES, observers=[eye]) == given(RULES)


class TestProcess:
    """Those that hang on nothing: a plugin of pytest reaches no engine and no story."""

    def test_they_hear_of_every_engine_in_every_thread_and_of_every_story_while_they_look(self, eye: Eye) -> None:
        engine = engine_of()
        with observing(eye):
            other = Thread(target=begin, args=(engine,))
            other.start()
            other.join()
            assigned(RULES)
        assigned(RULES)

        assert eye.words == ["receive", "assign"] * 2
