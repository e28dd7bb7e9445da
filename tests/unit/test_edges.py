"""Where nonsense meets the edges: what cannot be counted, written, spoken or named."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import pytest
from sqlalchemy import create_engine, text

from handleflow import (
    Accept,
    Assign,
    Correct,
    Engine,
    MemoryStore,
    Receive,
    RecordContact,
    Reply,
    RequestReturn,
    Supervise,
    TakeOver,
)
from handleflow.core import check, stands
from handleflow.errors import (
    BrokenRulebook,
    EmptyWords,
    ImpossibleSpan,
    OutsideCalendar,
    UnknownCalendar,
    UnknownKind,
    UnreadableLedger,
)
from handleflow.ledgers import DEHUI, Year, read_year, take_over
from handleflow.legal_time import CIVIL_CODE, Span, count, day
from handleflow.model import Claim, TermKey
from handleflow.presets import load_calendar, load_preset
from handleflow.stores import Codec
from handleflow.stores.sql import SqlStore
from tests.story import OFFICE, WATER, Story, accepted, assigned, instant, received, rulebook
from tests.unit.ledgers.test_ledgers import table, written

RULES = rulebook()


class TestCounting:
    """Beyond what any calendar reaches."""

    def test_a_span_longer_than_a_century_is_refused(self) -> None:
        with pytest.raises(ImpossibleSpan, match="longer than a century"):
            Span.of("99999999 months")

    def test_a_span_past_the_end_of_all_calendars_is_refused_by_name(self) -> None:
        with pytest.raises(OutsideCalendar, match="no calendar reaches 36525 months"):
            count(day("9990-02-10"), Span(36525, "month"), CIVIL_CODE, load_calendar("cn"))

    def test_an_unknown_calendar_is_named(self) -> None:
        with pytest.raises(UnknownCalendar, match="'atlantis'"):
            load_calendar("atlantis")

    def test_a_real_case_older_than_the_calendar_enters_and_is_not_computable(self) -> None:
        old = TakeOver("Pipes", leads=("Water Bureau",), assigned_on="1999-03-01", replied_on="1999-05-01")
        story = Story(RULES).then(old, OFFICE, "2026-02-10")

        assert [term.end for term in story.suggestion.terms] == ["not_computable"]

    def test_an_assignment_outside_the_calendar_is_refused_by_name(self) -> None:
        story = Story(RULES).then(Receive("Pipes", "Deputy A"), OFFICE, "2060-02-09")
        with pytest.raises(OutsideCalendar):
            story.ask(Assign(("Water Bureau",)), OFFICE, "2060-02-10")


class TestWords:
    """What cannot be written is not taken."""

    @pytest.mark.parametrize(
        "make",
        [
            pytest.param(lambda: Receive("half a \ud800", "Deputy A"), id="a title"),
            pytest.param(lambda: Receive("Pipes", "Deputy A", number="\ud800"), id="a number"),
            pytest.param(lambda: Assign(("\ud800",)), id="a unit"),
            pytest.param(lambda: TakeOver("Pipes", as_written=(("a", object()),)), id="a cell"),
            pytest.param(lambda: TakeOver("Pipes", as_written=7), id="no row at all"),
        ],
    )
    def test_it_is_refused_before_any_store_sees_it(self, make: Any) -> None:
        with pytest.raises(EmptyWords):
            make()


class TestGuards:
    """What a guard of time and of ended parts says."""

    WINDOW = rulebook(
        guard=[
            {
                "ask": "return_in_time",
                "of": ["request_return"],
                "cite": "host",
                "settings": {"span": "5 workdays", "anchor": "assigned"},
            }
        ]
    )

    @pytest.mark.parametrize(("on", "reasons"), [("2026-02-24", ()), ("2026-02-25", ("return_in_time",))])
    def test_a_return_is_asked_for_in_time(self, on: str, reasons: tuple[str, ...]) -> None:
        """Five working days after 2026-02-10: 11, 12, 13, 14 (make-up Saturday) and 24 February."""
        assert assigned(self.WINDOW).ask(RequestReturn("not ours"), WATER, on).reasons == reasons

    def test_counted_from_acceptance_it_waits_for_it(self) -> None:
        settings = {"span": "5 workdays", "anchor": "accepted"}
        guard = {"ask": "return_in_time", "of": ["request_return"], "cite": "host", "settings": settings}
        story = assigned(rulebook(guard=[guard]))

        assert story.ask(RequestReturn("not ours"), WATER, "2026-04-01").reasons == ()

    def test_a_stranger_has_no_window(self) -> None:
        story = assigned(self.WINDOW, "Roads Bureau").ask(RequestReturn("not ours"), WATER, "2026-02-25")

        assert story.reasons == ("not_its_unit",)

    def test_a_span_that_is_none_is_a_finding(self) -> None:
        settings = {"span": "ten moons", "anchor": "assigned"}
        with pytest.raises(BrokenRulebook, match="expected Span @ guard"):
            rulebook(
                guard=[{"ask": "return_in_time", "of": ["request_return"], "cite": "host", "settings": settings}]
            )

    def test_a_rung_is_the_clocks_to_speak(self) -> None:
        claim = Claim(TermKey("reply", "Water Bureau"), "reminded")
        story = assigned(RULES).ask(Supervise("Water Bureau", "phone", "hurry", claim=claim), OFFICE)

        assert story.reasons == ("rung_is_the_clocks",)

    def test_a_notice_is_not_set_for_a_day_gone_by(self) -> None:
        story = received(RULES).ask(Assign(("Water Bureau",), notice_on="2020-01-01"), OFFICE, "2026-02-10")

        assert story.reasons == ("day_too_early",)


class TestTerms:
    """Days a term counts from, and for whom."""

    TERM: ClassVar = {"id": "reply", "of": "lead", "anchor": "assigned", "met_by": ["replied"], "span": "2 months"}

    def test_a_term_may_count_from_the_close_of_the_session(self) -> None:
        rules = rulebook(term=[{**self.TERM, "cite": "host", "counts_from": "session_closed_on"}])
        story = Story(rules).then(Receive("Pipes", "Deputy A", session_closed_on="2026-01-20"), OFFICE, "2026-02-09")
        story = story.then(Assign(("Water Bureau",)), OFFICE, "2026-02-10")

        corrected = story.then(Correct(1, "session_closed_on", "2026-01-22", "typo"), OFFICE)
        unmoved = story.then(Correct(2, "assigned_on", "2026-02-09", "typo"), OFFICE)

        assert [str(term.due_on) for term in story.suggestion.terms] == ["2026-03-20"]
        assert [str(term.due_on) for term in corrected.suggestion.terms] == ["2026-03-23"]
        assert unmoved.suggestion.terms == story.suggestion.terms

    @pytest.mark.parametrize(("in_session", "terms"), [(True, 0), (False, 1), (None, 0)])
    def test_a_term_between_sessions_holds_only_there(self, in_session: bool | None, terms: int) -> None:
        rules = rulebook(term=[{**self.TERM, "cite": "host", "only": "between_sessions"}])
        story = Story(rules).then(Receive("Pipes", "Deputy A", in_session=in_session), OFFICE, "2026-02-09")

        assert len(story.then(Assign(("Water Bureau",)), OFFICE).suggestion.terms) == terms


class TestStanding:
    """Days left and days late, in the term's own unit and in calendar days."""

    def test_days_left_and_late_are_told_in_both_units(self) -> None:
        rules = rulebook(term=[{**TestTerms.TERM, "span": "10 workdays", "cite": "host"}])
        (term,) = assigned(rules).suggestion.terms
        told = [stands(rules.calendar, term, day(on)) for on in ("2026-02-24", "2026-03-02", "2026-03-04")]
        numbers = [(t.status, t.days_left, t.own_left, t.days_late, t.own_late) for t in told]

        assert (str(term.due_on), numbers) == (
            "2026-03-02",
            [("not_due", 6, 5, 0, 0), ("due_today", 0, 0, 0, 0), ("overdue", 0, 0, 2, 2)],
        )

    def test_a_term_met_in_time_or_without_a_day_is_neither(self) -> None:
        story = accepted(RULES).then(RecordContact("before"), WATER).then(Reply("A", "done"), WATER)
        taken = Story(RULES).then(TakeOver("Pipes", leads=("Water Bureau",)), OFFICE)
        told = [stands(RULES.calendar, s.suggestion.terms[0], day("2026-12-01")) for s in (story, taken)]

        assert [(t.status, t.days_late) for t in told] == [("met", 0), ("not_computable", 0)]


class TestRulebooks:
    """Findings about names."""

    @pytest.mark.parametrize(
        ("change", "finding"),
        [
            pytest.param({"name": " "}, "it has no name", id="no name"),
            pytest.param({"version": ""}, "it has no version", id="no version"),
            pytest.param(
                {"backdating": [{"role": "unit", "within": "3 days"}]}, "no citation", id="uncited lateness"
            ),
            pytest.param(
                {"state": [{"name": "(nothing)", "en": "x", "zh": "x"}]},
                "no name for a state",
                id="nothing",
            ),
            pytest.param(
                {"term": [{**TestTerms.TERM, "id": "commitment", "cite": "host"}]}, "keeps that name", id="reserved"
            ),
            pytest.param(
                {"disagreement": [{"term": "none", "en": "x", "cite": "host"}]}, "unknown term 'none'", id="a remark"
            ),
            pytest.param(
                {"in_force_from": "2026-02-01", "in_force_until": "2026-01-01"}, "in force until", id="backwards"
            ),
            pytest.param(
                {"lifecycle": {"name": "none", "state": [], "arrow": []}, "guard": []}, "no transition", id="no arrow"
            ),
        ],
    )
    def test_what_cannot_be_is_found(self, change: dict[str, Any], finding: str) -> None:
        with pytest.raises(BrokenRulebook, match=finding):
            rulebook(**change)

    def test_every_shipped_rulebook_is_sound(self) -> None:
        assert check(load_preset("cn.national")) == ()


class TestReprojecting:
    """When a calendar grows."""

    @staticmethod
    def grown(**year: Any) -> Any:
        known: dict[str, Any] = {"name": "cn", "zone": "Asia/Shanghai", "rest_days": ["sat", "sun"]}
        known |= {"known_from": "2026-01-01", "known_through": "2027-12-31", "version": "2027"}
        return rulebook(version="2", calendar={**known, "year": [{"year": 2027, "source": "host", **year}]})

    @pytest.mark.parametrize(
        ("holidays", "due"),
        [
            pytest.param(["2027-02-08"], "2027-02-09", id="moved by a holiday"),
            pytest.param([], "2027-02-08", id="confirmed"),
        ],
    )
    def test_a_provisional_day_moves_or_becomes_certain_once(self, holidays: list[str], due: str) -> None:
        grown = self.grown(holidays=holidays)
        engine = Engine(MemoryStore(), [RULES, grown])
        engine.execute("1", Receive("Pipes", "Deputy A"), by=OFFICE, at=instant("2026-11-05"))
        engine.execute("1", Assign(("Water Bureau",)), by=OFFICE, at=instant("2026-11-06"))
        moved = engine.reproject("test", "2", by=OFFICE, at=instant("2026-11-10"))
        again = engine.reproject("test", "2", by=OFFICE, at=instant("2026-11-11"))
        (term,) = engine.look_up("1").terms

        assert ([entry.kind for _, entry in moved], again) == (["adopted", "term_moved"], ())
        assert (str(term.due_on), term.is_provisional) == (due, False)

    def test_where_nothing_moves_nothing_is_written(self) -> None:
        engine = Engine(MemoryStore(), [RULES, rulebook(version="2")])
        engine.execute("1", Receive("Pipes", "Deputy A"), by=OFFICE, at=instant("2026-02-10"))
        engine.execute("1", Assign(("Water Bureau",)), by=OFFICE, at=instant("2026-02-10"))

        assert engine.reproject("test", "2", by=OFFICE, at=instant("2026-02-11")) == ()

    def test_other_rulebooks_are_left_alone(self) -> None:
        other = rulebook(name="other")
        engine = Engine(MemoryStore(), [other, RULES])
        engine.execute("1", Receive("Pipes", "Deputy A"), by=OFFICE, at=instant("2026-02-10"))

        assert engine.reproject("test", "1", by=OFFICE) == ()


class TestStores:
    """What a store meets that it did not write."""

    def test_a_picture_of_a_newer_version_is_folded_from_the_history(self, tmp_path: Path) -> None:
        path = tmp_path / "a.db"
        engine = Engine(SqlStore(str(path)), [RULES])
        kept = engine.execute("1", Receive("Pipes", "Deputy A"), by=OFFICE)
        with create_engine(f"sqlite:///{path}").begin() as connection:
            connection.execute(text("""UPDATE handleflow_suggestions SET picture = '{"new": 1}'"""))

        assert (engine.look_up("1"), list(engine.store.pictures())) == (kept, [kept])

    def test_a_key_does_not_give_a_private_field_away(self) -> None:
        codec = Codec()
        prints = {codec.fingerprint(Receive("Pipes", "Deputy A", phone=phone), OFFICE) for phone in ("1", "2", None)}

        assert len(prints) == 1

    def test_a_hosts_act_needs_a_kind_of_its_own(self) -> None:
        class Mine(Accept):
            kind = "replied"

        with pytest.raises(UnknownKind, match="'replied'"):
            MemoryStore(own=[Mine])


def test_a_suggestion_under_a_rulebook_not_held_here_does_not_stop_the_sweep() -> None:
    store, newer = MemoryStore(), rulebook(version="2")
    for id, rules in (("a", RULES), ("b", newer)):
        engine = Engine(store, [rules])
        engine.execute(id, Receive("Pipes", "Deputy A"), by=OFFICE, at=instant("2026-02-10"))
        engine.execute(id, Assign(("Water Bureau",)), by=OFFICE, at=instant("2026-02-10"))
    swept = Engine(store, [newer]).sweep(at=instant("2026-06-01"))

    assert ([id for id, _ in swept.said], [id for id, _ in swept.failed]) == (["b"], ["a"])
    assert "no rulebook test 1 is held here" in swept.failed[0][1]


class TestLedgers:
    """A ledger that breaks in the middle."""

    def test_a_year_that_breaks_in_the_middle_leaves_nothing_behind(self, tmp_path: Path) -> None:
        rows = table(DEHUI)
        rows[3]["outcome"] = "Z"
        rules = load_preset("cn.dehui.demo")
        engine = Engine(MemoryStore(), [rules])
        with pytest.raises(UnreadableLedger, match="line 5"):
            Year(engine, read_year(written(tmp_path / "a.csv", rows)), rules.calendar).play()

        assert list(engine.store.pictures()) == []

    def test_a_dissatisfied_rating_has_its_reason_in_the_ledger(self, tmp_path: Path) -> None:
        rows = [{**row, "reason": ""} for row in table(DEHUI)[:2]]
        rows[1] |= {"result": "dissatisfied", "reason": "nothing was done"}
        rules = load_preset("cn.dehui.demo")
        engine = Engine(MemoryStore(), [rules])
        Year(engine, read_year(written(tmp_path / "a.csv", rows)), rules.calendar).play()

        assert [r.reason for r in engine.look_up("02").ratings] == ["nothing was done"]

    def test_a_cell_too_large_for_any_ledger_is_named(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text("kind,title\n建议," + "桥" * 140_000, encoding="utf-8")
        with pytest.raises(UnreadableLedger, match="is no CSV"):
            take_over(Engine(MemoryStore(), [RULES]), path)
