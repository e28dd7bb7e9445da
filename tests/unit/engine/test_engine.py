"""What does the one door promise? Versions, keys, the two times, refusals, listeners, rulebook versions."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any, cast

import pytest
from pendulum import DateTime

from handleflow import Engine, Entry, MemoryStore, Refused, Store, Suggestion
from handleflow.acts import (
    Accept,
    Adopt,
    Assign,
    Classify,
    Decline,
    MergeWith,
    Receive,
    RecordContact,
    Reply,
    TakeOver,
    Withdraw,
)
from handleflow.codec import Entropy
from handleflow.engine import Request
from handleflow.errors import (
    AlteredRulebook,
    KeyReused,
    NaiveInstant,
    NonsenseError,
    OutOfOrder,
    StaleSuggestion,
    StoreError,
    UnknownRulebook,
    UnknownSuggestion,
)
from handleflow.store import Batch
from handleflow.stores.sql import SqlStore
from tests.beginnings import DEPUTY, OFFICE, WATER, instant, later, rulebook

RULES = rulebook(rung=[{"id": "r", "term": "reply", "offset": "-15 days", "channel": "phone", "cite": "host"}])
RECEIVE, ASSIGN = Receive("Pipes", "Deputy A"), Assign(("Water Bureau",))


def noon(day: str) -> DateTime:
    return instant(day, 12)


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "memory":
        yield MemoryStore()
    else:
        database = SqlStore(str(tmp_path / "engine.db"))
        yield database
        database.close()


def raised(answers: tuple[Suggestion | Exception, ...]) -> None:
    """The first answer that is an error, raised."""
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer


@pytest.fixture
def engine(store: Store) -> Engine:
    return Engine(store, [RULES], clock=lambda: noon("2026-02-10"))


def test_execute_returns_the_suggestion_after_the_act(engine: Engine) -> None:
    assert engine.execute("1", RECEIVE, by=OFFICE) == engine.look_up("1")


def test_a_refusal_is_raised_and_records_nothing(engine: Engine) -> None:
    engine.execute("1", RECEIVE, by=OFFICE)
    with pytest.raises(Refused, match="a handling unit may not"):
        engine.execute("1", ASSIGN, by=WATER)

    assert len(engine.history("1")) == 1


def test_asking_records_nothing_and_tells_every_reason(engine: Engine) -> None:
    engine.execute("1", RECEIVE, by=OFFICE)
    rules = [reason.rule for reason in engine.ask("1", Assign(()), by=WATER)]

    assert (rules, len(engine.history("1"))) == (["wrong_role", "no_lead"], 1)


def test_asking_for_what_would_be_granted_meets_no_reason(engine: Engine) -> None:
    assert engine.ask("1", RECEIVE, by=OFFICE) == ()


def test_open_acts_are_what_this_actor_could_do_now(engine: Engine) -> None:
    engine.execute("1", RECEIVE, by=OFFICE)
    engine.execute("1", ASSIGN, by=OFFICE)
    open_before = {act.verb for act in engine.open_acts("1", by=WATER)}
    engine.execute("1", Accept(), by=WATER)
    open_after = {act.verb for act in engine.open_acts("1", by=WATER)}

    assert ("accept" in open_before, "accept" in open_after, "plan" in open_after) == (True, False, True)


def test_an_act_that_a_guard_forbids_whatever_it_would_say_is_not_open(engine: Engine) -> None:
    for act, by in ((RECEIVE, OFFICE), (ASSIGN, OFFICE), (Accept(), WATER)):
        engine.execute("1", act, by=by)
    before = engine.open_acts("1", by=WATER)
    engine.execute("1", RecordContact("before"), by=WATER)

    assert (Reply in before, Reply in engine.open_acts("1", by=WATER)) == (False, True)


def test_before_receipt_only_a_beginning_is_open(engine: Engine) -> None:
    assert [act.verb for act in engine.open_acts("1", by=OFFICE)] == ["receive", "take_over"]


@pytest.mark.parametrize("id", [None, 5, [], b"1", "", "\x00"])
def test_what_is_no_id_names_no_suggestion(engine: Engine, id: Any) -> None:
    for asked in (engine.look_up, engine.history):
        with pytest.raises(UnknownSuggestion, match="there is no suggestion"):
            asked(id)


def test_an_unknown_suggestion_is_named_whatever_is_asked_of_it(engine: Engine) -> None:
    with pytest.raises(UnknownSuggestion, match="'404'"):
        engine.look_up("404")
    with pytest.raises(UnknownSuggestion, match="'404'"):
        engine.history("404")
    with pytest.raises(UnknownSuggestion, match="'404'; one begins by receive, take over"):
        engine.execute("404", Accept(), by=WATER)


def test_a_suggestion_is_received_only_once(engine: Engine) -> None:
    engine.execute("1", RECEIVE, by=OFFICE)
    with pytest.raises(Refused, match="there is a suggestion 1 already since 20") as refused:
        engine.execute("1", RECEIVE, by=OFFICE)

    assert refused.value.rules == ("id_is_taken",)


def test_an_id_that_a_ledger_has_brought_is_taken_too(engine: Engine) -> None:
    engine.execute("1", TakeOver("Pipes"), by=OFFICE)
    (reason,) = engine.ask("1", RECEIVE, by=OFFICE)

    assert (reason.rule, reason.words()) == ("id_is_taken", "there is a suggestion 1 already")


class TestVersions:
    """Who wrote first?"""

    def test_an_expected_version_that_holds_is_granted(self, engine: Engine) -> None:
        version = engine.execute("1", RECEIVE, by=OFFICE).version

        assert engine.execute("1", ASSIGN, by=OFFICE, expect=version).state == "assigned"

    def test_an_expected_version_that_is_past_is_stale(self, engine: Engine) -> None:
        engine.execute("1", RECEIVE, by=OFFICE)
        engine.execute("1", Classify("roads"), by=OFFICE)
        with pytest.raises(StaleSuggestion, match="expected version 1, but it is at 2") as stale:
            engine.execute("1", ASSIGN, by=OFFICE, expect=1)

        assert stale.value.text("zh") == "建议 1：要求的是第 1 版，现为第 2 版"

    def test_a_lost_race_is_decided_again_on_the_fresh_suggestion(self, store: Store) -> None:
        racing = _Racing(store, times=3)
        engine = Engine(racing.as_store(), [RULES])
        engine.execute("1", RECEIVE, by=OFFICE)
        racing.starts = True

        assert engine.execute("1", ASSIGN, by=OFFICE).state == "assigned"

    def test_a_race_lost_again_and_again_is_stale(self, store: Store) -> None:
        racing = _Racing(store, times=1000)
        engine = Engine(racing.as_store(), [RULES])
        engine.execute("1", RECEIVE, by=OFFICE)
        racing.starts = True
        with pytest.raises(StaleSuggestion):
            engine.execute("1", ASSIGN, by=OFFICE)

    def test_who_loses_a_race_to_somebody_at_a_later_instant_is_stale_in_both_languages(self, store: Store) -> None:
        racing = _Racing(store, times=1, at=noon("2026-02-12"))
        engine = Engine(racing.as_store(), [RULES])
        engine.execute("1", RECEIVE, by=OFFICE, at=noon("2026-02-10"))
        racing.starts = True
        with pytest.raises(StaleSuggestion, match="somebody wrote meanwhile, at an instant after") as lost:
            engine.execute("1", ASSIGN, by=OFFICE, at=noon("2026-02-11"))

        assert "其间他人已有记录" in lost.value.text("zh")
        assert isinstance(lost.value.__cause__, OutOfOrder)

    def test_who_could_have_seen_what_is_later_is_out_of_order_though_a_race_goes_on(self, store: Store) -> None:
        racing = _Racing(store, times=1)
        engine = Engine(racing.as_store(), [RULES])
        engine.execute("1", RECEIVE, by=OFFICE, at=noon("2026-02-12"))
        racing.starts = True
        with pytest.raises(OutOfOrder):
            engine.execute("1", ASSIGN, by=OFFICE, at=noon("2026-02-11"))

    def test_a_sweep_skips_what_somebody_wrote_meanwhile(self, store: Store) -> None:
        racing = _Racing(store, times=1)
        engine = Engine(racing.as_store(), [RULES])
        engine.execute("1", RECEIVE, by=OFFICE, at=noon("2026-02-10"))
        engine.execute("1", ASSIGN, by=OFFICE, at=noon("2026-02-10"))
        racing.starts = True
        first = engine.sweep(at=noon("2026-04-27"))
        second = engine.sweep(at=noon("2026-04-27"))

        assert (first.said, first.stale, [e.kind for _, e in second.said]) == ((), ("1",), ["supervised"])


class _Racing:
    """A store in which somebody else classifies the suggestion just before each append, some times."""

    def __init__(self, store: Store, times: int, at: DateTime | None = None) -> None:
        self._store, self._times, self._at, self.starts = store, times, at, False

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def as_store(self) -> Store:
        """Itself; everything but ``append`` is handed on."""
        return cast("Store", self)

    def append(self, *batches: Batch) -> None:
        if self.starts and self._times:
            self._times -= 1
            self.starts = False
            present = self._store.load(batches[0].id)
            at = self._at or (present.last_at if present else None)
            Engine(self._store, [RULES]).execute(batches[0].id, Classify(f"c{self._times}"), by=OFFICE, at=at)
            self.starts = True
        self._store.append(*batches)


class TestKeys:
    """Asked twice, recorded once."""

    def test_the_same_request_under_a_key_is_recorded_once(self, engine: Engine) -> None:
        engine.execute("1", RECEIVE, by=OFFICE, key="k")
        again = engine.execute("1", RECEIVE, by=OFFICE, key="k")

        assert (again.version, len(engine.history("1"))) == (1, 1)

    def test_a_retry_gives_the_suggestion_as_it_is_now_and_the_entries_first_recorded(self, engine: Engine) -> None:
        engine.execute("1", RECEIVE, by=OFFICE)
        engine.execute("1", ASSIGN, by=OFFICE, key="k", expect=1)
        engine.execute("1", Accept(), by=WATER)
        again = engine.execute("1", ASSIGN, by=OFFICE, key="k", expect=1)
        recorded = engine.recorded_under("1", "k")

        assert again.state == "handling"
        assert [e.kind for e in recorded] == ["assigned", "term_set"]

    def test_a_key_used_for_another_act_is_refused_by_name(self, engine: Engine) -> None:
        engine.execute("1", RECEIVE, by=OFFICE, key="k")
        with pytest.raises(KeyReused, match="suggestion 1: key 'k' stands for another act or actor"):
            engine.execute("1", ASSIGN, by=OFFICE, key="k")

    def test_a_key_used_by_another_actor_is_refused(self, engine: Engine) -> None:
        engine.execute("1", RECEIVE, by=OFFICE)
        engine.execute("1", ASSIGN, by=OFFICE)
        engine.execute("1", Accept(), by=WATER, key="k")
        with pytest.raises(KeyReused):
            engine.execute("1", Accept(), by=DEPUTY, key="k")

    def test_a_refusal_does_not_consume_the_key(self, engine: Engine) -> None:
        engine.execute("1", RECEIVE, by=OFFICE)
        with pytest.raises(Refused):
            engine.execute("1", ASSIGN, by=WATER, key="k")

        assert engine.execute("1", ASSIGN, by=OFFICE, key="k").state == "assigned"

    def test_the_same_key_of_two_suggestions_stands_for_two_acts(self, engine: Engine) -> None:
        engine.execute("1", RECEIVE, by=OFFICE, key="k")

        assert engine.execute("2", RECEIVE, by=OFFICE, key="k").version == 1

    def test_nothing_is_recorded_under_a_key_never_used(self, engine: Engine) -> None:
        engine.execute("1", RECEIVE, by=OFFICE)

        assert (engine.recorded_under("1", "k"), engine.recorded_under("2", "k")) == ((), ())


def salted(seed: int) -> list[str]:
    """The hashes of a history whose salts come from such a seed."""
    engine = Engine(MemoryStore(), [RULES], clock=lambda: noon("2026-02-10"), entropy=Random(seed).randbytes)  # noqa: S311  so that they come again
    engine.execute("1", RECEIVE, by=OFFICE)
    engine.execute("1", ASSIGN, by=OFFICE)
    return [entry.hash for entry in engine.history("1")]


class TestChain:
    """Each entry is chained to the one before, with a salt of its own."""

    def test_the_same_randomness_gives_the_same_hashes_and_other_randomness_none_of_them(self) -> None:
        assert salted(1) == salted(1)
        assert set(salted(1)).isdisjoint(salted(2))

    @pytest.mark.parametrize(
        ("entropy", "said"),
        [
            pytest.param(bytes, "the randomness handed in repeats itself", id="the same again"),
            pytest.param(lambda size: bytes(size - 1), "16 bytes were asked for", id="too few bytes"),
            pytest.param(lambda size: "x" * size, "16 bytes were asked for", id="text"),
        ],
    )
    def test_randomness_that_is_none_is_refused_and_nothing_recorded(
        self, engine: Engine, entropy: Entropy, said: str
    ) -> None:
        engine.execute("1", RECEIVE, by=OFFICE)
        before = engine.history("1")
        with pytest.raises(StoreError, match=said):
            Engine(engine.store, [RULES], entropy=entropy).execute("1", ASSIGN, by=OFFICE)

        assert engine.history("1") == before

    def test_all_hear_of_the_hashes_that_entries_got(self, engine: Engine) -> None:
        heard: list[tuple[str, str]] = []
        engine.listen(lambda suggestion, entry: heard.append((entry.hash, suggestion.last_hash)))
        engine.execute("1", RECEIVE, by=OFFICE)
        after = engine.execute("1", ASSIGN, by=OFFICE)
        first, second, third = (entry.hash for entry in engine.history("1"))

        assert heard == [(first, first), (second, third), (third, third)]
        assert after.last_hash == third == engine.look_up("1").last_hash

    def test_entries_name_the_rulebook_and_the_calendar_by_the_digests_of_their_texts(self, engine: Engine) -> None:
        engine.execute("1", RECEIVE, by=OFFICE)
        (entry,) = engine.history("1")
        (rulebook,), (calendar,) = engine.store.rulebooks(), engine.store.calendars()

        assert (entry.rulebook, entry.calendar) == (RULES.ref, RULES.calendar_ref)
        assert (entry.rulebook.digest, entry.calendar.digest) == (rulebook.digest, calendar.digest)


class TestTwoTimes:
    """When was it told, and when did it happen?"""

    def test_a_history_never_runs_backwards(self, engine: Engine) -> None:
        engine.execute("1", RECEIVE, by=OFFICE, at=noon("2026-02-10"))
        with pytest.raises(OutOfOrder, match="suggestion 1: told at 2026-02-09"):
            engine.execute("1", ASSIGN, by=OFFICE, at=noon("2026-02-09"))

    def test_the_default_clock_takes_the_later_of_now_and_the_last_entry(self, engine: Engine) -> None:
        later(engine, noon("2026-03-01")).execute("1", RECEIVE, by=OFFICE)

        assert engine.execute("1", ASSIGN, by=OFFICE).last_at == noon("2026-03-01")

    def test_an_instant_without_a_zone_is_refused(self, engine: Engine) -> None:
        with pytest.raises(NaiveInstant):
            engine.execute("1", RECEIVE, by=OFFICE, at=datetime(2026, 2, 10))  # noqa: DTZ001  that is the point

    @pytest.mark.parametrize("at", ["2026-02-10", 1_770_000_000, date(2026, 2, 10), datetime(2026, 2, 10)])  # noqa: DTZ001  that is the point
    def test_what_is_no_instant_is_nonsense_wherever_one_is_asked_for(self, engine: Engine, at: Any) -> None:
        engine.execute("1", RECEIVE, by=OFFICE)
        doors: list[Callable[[], object]] = [
            lambda: engine.execute("1", ASSIGN, by=OFFICE, at=at),
            lambda: raised(engine.execute_many([Request("1", ASSIGN, OFFICE, at)])),
            lambda: engine.ask("1", ASSIGN, by=OFFICE, at=at),
            lambda: engine.adopt_calendar(RULES.name, RULES.version, by=OFFICE, at=at),
            lambda: engine.sweep(at=at),
            lambda: engine.health(at=at),
        ]
        for asking in doors:
            with pytest.raises(NonsenseError):
                asking()

        assert (engine.look_up("1").version, engine.store.last_sweep().at) == (1, None)

    def test_the_day_is_the_rulebooks_not_utcs(self, engine: Engine) -> None:
        late = noon("2026-02-10").in_timezone("UTC").replace(hour=20)
        later(engine, late).execute("1", RECEIVE, by=OFFICE)

        assert str(engine.history("1")[0].on) == "2026-02-11"

    def test_the_clock_of_the_engine_is_read_when_nobody_says_when(self, store: Store) -> None:
        """The only test that meets the real clock: it gives an aware instant."""
        found = Engine(store, [RULES]).execute("1", RECEIVE, by=OFFICE).last_at

        assert found is not None
        assert found.tzinfo is not None


class TestListeners:
    """Who hears what, and when?"""

    def test_a_listener_hears_each_entry_after_it_is_safe(self, engine: Engine) -> None:
        heard: list[tuple[str, int]] = []
        engine.listen(lambda suggestion, entry: heard.append((entry.kind, engine.look_up(suggestion.id).version)))
        engine.execute("1", RECEIVE, by=OFFICE)
        engine.execute("1", ASSIGN, by=OFFICE)

        assert heard == [("received", 1), ("assigned", 3), ("term_set", 3)]

    def test_a_listener_that_fails_stops_nobody_and_is_logged(
        self, store: Store, caplog: pytest.LogCaptureFixture
    ) -> None:
        heard: list[Entry] = []

        def fails(suggestion: Suggestion, entry: Entry) -> None:
            raise RuntimeError("mail server down")

        engine = Engine(store, [RULES], listeners=[fails, lambda _, entry: heard.append(entry)])
        with caplog.at_level(logging.ERROR):
            engine.execute("1", RECEIVE, by=OFFICE)

        assert (len(heard), "a listener failed on entry 1 of 1" in caplog.text) == (1, True)


class TestMerging:
    """Two histories, one transaction."""

    @pytest.fixture(autouse=True)
    def _two(self, engine: Engine) -> None:
        for id in ("1", "2"):
            engine.execute(id, RECEIVE, by=OFFICE)

    def test_each_side_records_the_other(self, engine: Engine) -> None:
        engine.execute("1", MergeWith("2"), by=OFFICE)

        assert (engine.look_up("1").merged_with, engine.look_up("2").merged_with) == (("2",), ("1",))

    def test_a_refusal_of_the_other_side_leaves_both_as_they_were(self, engine: Engine) -> None:
        engine.execute("2", Decline("no matter"), by=OFFICE)
        foretold = [reason.rule for reason in engine.ask("1", MergeWith("2"), by=OFFICE)]
        with pytest.raises(Refused, match="suggestion 2"):
            engine.execute("1", MergeWith("2"), by=OFFICE)

        assert (foretold, len(engine.history("1"))) == (["wrong_state"], 1)

    def test_merging_with_nobody_names_whom_there_is_not(self, engine: Engine) -> None:
        with pytest.raises(UnknownSuggestion, match="'404'"):
            engine.execute("1", MergeWith("404"), by=OFFICE)

    def test_asking_first_foretells_both_sides(self, engine: Engine) -> None:
        assert engine.ask("1", MergeWith("2"), by=OFFICE) == ()


class TestRulebookVersions:
    """Which version decides?"""

    NEWER = rulebook(version="2")

    def test_a_suggestion_stays_with_its_version_until_it_adopts_another(self, store: Store) -> None:
        old = Engine(store, [RULES])
        old.execute("1", RECEIVE, by=OFFICE)
        both = Engine(store, [self.NEWER, RULES])
        pinned = str(both.execute("1", ASSIGN, by=OFFICE).rulebook)
        adopted = str(both.execute("1", Adopt("test", "2"), by=OFFICE).rulebook)

        assert (pinned, adopted) == ("test 1", "test 2")

    def test_a_version_not_held_here_is_named(self, store: Store) -> None:
        Engine(store, [RULES]).execute("1", RECEIVE, by=OFFICE)
        with pytest.raises(UnknownRulebook, match="no rulebook test 1 is held here"):
            Engine(store, [self.NEWER]).execute("1", ASSIGN, by=OFFICE)

    def test_adopting_a_version_not_held_here_is_refused_by_name(self, engine: Engine) -> None:
        engine.execute("1", RECEIVE, by=OFFICE)
        with pytest.raises(UnknownRulebook, match="test 9"):
            engine.execute("1", Adopt("test", "9"), by=OFFICE)

    def test_the_same_name_and_version_with_other_content_is_refused(self, store: Store) -> None:
        Engine(store, [RULES])
        with pytest.raises(AlteredRulebook, match="test 1"):
            Engine(store, [rulebook()])

    def test_two_rulebooks_of_one_name_and_version_are_refused(self) -> None:
        with pytest.raises(AlteredRulebook, match="test 1"):
            Engine(MemoryStore(), [RULES, rulebook()])

    def test_an_engine_without_rulebooks_says_so(self) -> None:
        with pytest.raises(UnknownRulebook):
            Engine(MemoryStore(), []).execute("1", RECEIVE, by=OFFICE)

    def test_an_engine_without_rulebooks_has_nothing_to_sweep(self) -> None:
        assert Engine(MemoryStore(), []).sweep().said == ()


class TestSweep:
    """The clock takes the same road."""

    @pytest.fixture
    def engine(self, store: Store) -> Engine:
        return Engine(store, [RULES], clock=lambda: noon("2026-04-28"))

    @pytest.fixture(autouse=True)
    def _five(self, engine: Engine) -> None:
        for n in range(5):
            engine.execute(f"{n}", RECEIVE, by=OFFICE, at=noon("2026-02-10"))
            engine.execute(f"{n}", ASSIGN, by=OFFICE, at=noon("2026-02-10"))

    def test_it_says_what_is_due_once(self, engine: Engine) -> None:
        first, second = engine.sweep(at=noon("2026-04-27")), engine.sweep(at=noon("2026-04-27"))

        assert ([id for id, _ in first.said], second.said) == (["0", "1", "2", "3", "4"], ())

    def test_a_limit_leaves_the_rest_for_later_and_counts_it(self, engine: Engine) -> None:
        first = engine.sweep(at=noon("2026-04-27"), limit=2)
        second = engine.sweep(at=noon("2026-04-27"))

        assert (len(first.said), first.remaining, len(second.said)) == (2, 3, 3)

    def test_listeners_hear_the_clock_too(self, engine: Engine) -> None:
        heard: list[str] = []
        engine.listen(lambda _, entry: heard.append(entry.by.role))
        engine.sweep(at=noon("2026-04-27"))

        assert heard == ["clock"] * 5

    def test_the_clock_does_not_speak_of_what_is_over(self, engine: Engine) -> None:
        engine.execute("0", Withdraw("x"), by=DEPUTY)

        assert [id for id, _ in engine.sweep(at=noon("2026-04-27")).said] == ["1", "2", "3", "4"]

    def test_a_sweep_told_an_earlier_time_than_a_history_takes_the_later(self, engine: Engine) -> None:
        engine.execute("0", Classify("roads"), by=OFFICE, at=noon("2026-04-28"))
        said = dict(engine.sweep(at=noon("2026-04-27")).said)

        assert str(said["0"].on) == "2026-04-28"
