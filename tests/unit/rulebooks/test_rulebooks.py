"""Do rulebooks load as they are written, and is everything wrong with one said at once?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve, field, frozen

from handleflow import Act, Provenance, Reason, Rulebook, Suggestion, load, load_preset
from handleflow.acts import ACTS, Accept, Assign, Receive, RecordContact, Reply
from handleflow.core import check
from handleflow.errors import BrokenCalendar, BrokenRulebook, UnknownChoice, UnknownRulebook
from handleflow.legal_time import CIVIL_CODE, Span, day
from handleflow.model import Question, RulebookRef
from handleflow.rulebooks import from_document, load_calendar, names
from handleflow.rulebooks.own_names import own_names
from handleflow.rules import HOST, Citation, Source
from handleflow.testing import Scenario, given
from tests.beginnings import GOVERNMENT, OFFICE, WATER, rulebook

TERM = {"id": "reply", "of": "lead", "anchor": "assigned", "met_by": ["replied"], "span": "3 months"}
OWN = 'name = "cn.city"\nversion = "2026.1"\ntitle = "a city"\n'


def written(folder: Path, text: str, name: str = "city.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


class TestShipped:
    """The rulebooks that come with the library."""

    @pytest.mark.parametrize("name", names())
    def test_each_is_sound_under_its_own_name(self, name: str) -> None:
        rules = load(name)

        assert (rules.name, check(rules)) == (name, ())

    @pytest.mark.parametrize("name", names())
    def test_each_comes_back_the_same_from_what_a_store_keeps(self, name: str) -> None:
        rules = load_preset(name)
        again = from_document(rules.document)

        assert (again.digest, again.terms, again.rungs, again.outcomes, set(again.sources)) == (
            rules.digest,
            rules.terms,
            rules.rungs,
            rules.outcomes,
            set(rules.sources),
        )

    @pytest.mark.parametrize("name", names())
    def test_each_number_stands_on_a_source_or_is_the_offices_own(self, name: str) -> None:
        rules = load_preset(name)
        grounds = {source.key for source in rules.sources} | {HOST}
        cited = [
            *(term.citation for term in rules.terms),
            *(guard.citation for guard in rules.guards),
            *(outcome.citation for outcome in rules.outcomes),
            *(rung.citation for rung in rules.rungs),
        ]

        assert [citation for citation in cited if citation.source not in grounds] == []

    @pytest.mark.parametrize("name", [name for name in names() if name.startswith("cn.")])
    def test_each_chinese_one_counts_by_the_civil_code(self, name: str) -> None:
        assert load_preset(name).convention == CIVIL_CODE

    @pytest.mark.parametrize("name", names())
    def test_nothing_that_is_set_is_called_open(self, name: str) -> None:
        rules = load_preset(name)
        given = {rule.id for rule in rules.terms} | {guard.id for guard in rules.guards}

        assert given & {point.what for point in rules.open_points} == set()

    @pytest.mark.parametrize("name", names())
    def test_each_but_these_says_when_it_was_compared_with_its_sources(self, name: str) -> None:
        assert (load_preset(name).verified_on is None) == (name in {"cn.dehui.demo", "gb.foi"})

    def test_national_law_gives_three_months_and_six_for_a_broad_matter(self) -> None:
        (reply,) = load_preset("cn.national").terms

        assert (reply.span, reply.long_span, str(reply.citation), reply.extension) == (
            Span(3, "month"),
            Span(6, "month"),
            "DBF25 51",
            None,
        )

    def test_national_law_sets_no_rung_and_lets_nobody_tell_late(self) -> None:
        rules = load_preset("cn.national")

        assert (rules.rungs, rules.backdating) == ((), ())

    def test_dehui_adds_its_three_outcome_labels_and_not_one_number(self) -> None:
        national, dehui = load_preset("cn.national"), load_preset("cn.dehui")

        assert (dehui.terms, dehui.guards, dehui.rungs, [o.code for o in dehui.outcomes]) == (
            national.terms,
            national.guards,
            (),
            ["A", "B", "C"],
        )

    def test_the_demonstrations_ladder_is_its_own_and_no_law(self) -> None:
        rungs = load_preset("cn.dehui.demo").rungs_of("reply")

        assert [(r.id, str(r.trigger.offset), r.channel, r.citation.source) for r in rungs] == [
            ("reminded", "-15 days", "phone", "host"),
            ("urged", "1 day", "written", "host"),
            ("visited", "10 days", "on_site", "host"),
        ]

    def test_a_preset_is_read_once(self) -> None:
        assert load_preset("cn.national") is load_preset("cn.national")

    def test_no_preset_knows_a_stop_of_the_clock_or_a_term_of_publication(self) -> None:
        """Of the library's acts only these have no transition: no Chinese instrument that was read has numbers."""
        absent = {act.verb for act in ACTS} - {act.verb for act in load_preset("cn.national").lifecycle.acts}

        assert absent == {"suspend", "resume", "publish"}


class TestIdentity:
    """A name and a version stand for one content."""

    def test_the_same_content_has_the_same_digest(self) -> None:
        assert rulebook().digest == rulebook().digest

    def test_a_changed_number_changes_the_digest(self) -> None:
        assert rulebook(term=[{"id": "reply", "span": "4 months"}]).digest != rulebook().digest

    def test_the_document_holds_what_it_inherits_and_its_calendar(self) -> None:
        document = json.loads(load_preset("cn.dehui").document)

        assert (document["calendar"]["zone"], document["lifecycle"]["name"], "extends" in document) == (
            "Asia/Shanghai",
            "deputy_suggestion",
            False,
        )

    def test_entries_carry_its_name_its_version_and_the_digest_of_its_text(self) -> None:
        rules = rulebook()

        assert rules.ref == RulebookRef("test", "1", rules.digest)

    def test_what_it_does_not_have_is_none(self) -> None:
        rules = rulebook()

        assert (rules.term_rule("opinion"), rules.outcome("Z"), rules.rungs_of("reply")) == (None, None, ())


class TestKept:
    """What a store kept is read again or refused."""

    def test_text_that_is_no_json_says_where(self) -> None:
        with pytest.raises(BrokenRulebook, match=r"it is not JSON: .*line 1 column 1") as caught:
            from_document("name = 'cn.city'")

        assert caught.value.name == "kept text"

    def test_it_says_on_what_ground_it_counts(self) -> None:
        assert str(from_document(rulebook().document).convention_citation) == "MFD 201-203"


class TestFiles:
    """An office writes its own file and says only what differs."""

    def test_a_file_says_only_what_differs(self, tmp_path: Path) -> None:
        text = (
            OWN + 'extends = "cn.national"\n\n[[term]]\nid = "opinion"\nof = "co"\nanchor = "assigned"\n'
            'met_by = ["opinion_given"]\nspan = "1 month"\ncite = "host"\n'
        )
        rules = load(written(tmp_path, text))

        assert [(term.id, str(term.span)) for term in rules.terms] == [
            ("reply", "3 months"),
            ("opinion", "1 month"),
        ]

    def test_a_file_may_be_named_by_text(self, tmp_path: Path) -> None:
        path = written(tmp_path, OWN + 'extends = "cn.national"\n')

        assert load(str(path)).ref.is_of("cn.city", "2026.1")

    def test_a_file_extends_one_beside_it(self, tmp_path: Path) -> None:
        written(tmp_path, OWN + 'extends = "cn.national"\ncoalesce = true\n', "base.toml")
        path = written(tmp_path, 'name = "cn.ward"\nversion = "1"\nextends = "base.toml"\n')
        rules = load(path)

        assert (rules.name, rules.title, rules.coalesce) == ("cn.ward", "a city", True)

    def test_a_calendar_may_lie_beside_it(self, tmp_path: Path) -> None:
        calendar = (
            'name = "city"\nversion = "1"\nzone = "Asia/Shanghai"\nrest_days = ["sun"]\n'
            'known_from = "2026-01-01"\nknown_through = "2026-12-31"\n'
            '[[year]]\nyear = 2026\nsource = "the city"\nholidays = ["2026-02-16/2026-02-17", "2026-05-01"]\n'
        )
        written(tmp_path, calendar, "calendar.toml")
        path = written(tmp_path, OWN + 'extends = "cn.national"\ncalendar = "calendar.toml"\n')
        days = ["2026-02-15", "2026-02-16", "2026-02-17", "2026-02-18", "2026-05-01", "2026-05-02"]
        works = load(path).calendar.is_working_day

        assert [works(day(d)) for d in days] == [False, False, False, True, False, True]

    def test_what_lies_beside_it_is_read_anew_each_time(self, tmp_path: Path) -> None:
        """What ships is the same for ever in one process; a file is somebody's, who may mend it meanwhile."""
        shipped = files("handleflow").joinpath("presets")
        for part, kind, name in (("calendar", "calendars", "cn"), ("lifecycle", "lifecycles", "deputy_suggestion")):
            text = shipped.joinpath(kind, f"{name}.toml").read_text(encoding="utf-8")
            written(tmp_path, text, f"{part}.toml")
        written(tmp_path, OWN + 'extends = "cn.national"\ncalendar = "calendar.toml"\n', "base.toml")
        own = 'name = "cn.ward"\nversion = "1"\nextends = "base.toml"\nlifecycle = "lifecycle.toml"\n'
        path = written(tmp_path, own)
        before = load(path)
        for name, old, new in (
            ("calendar.toml", '"2026-10-01/2026-10-07"', '"2026-10-01/2026-10-06"'),
            ("base.toml", "a city", "another city"),
            ("lifecycle.toml", 'zh = "受理"', 'zh = "收到"'),
        ):
            text = (tmp_path / name).read_text(encoding="utf-8")
            written(tmp_path, text.replace(old, new), name)
        after, days = load(path), day("2026-10-07")

        assert (before.calendar.is_working_day(days), after.calendar.is_working_day(days)) == (False, True)
        assert (before.title, after.title) == ("a city", "another city")
        assert [rules.lifecycle.labels["received"][1] for rules in (before, after)] == ["受理", "收到"]

    def test_a_source_added_stands_beside_those_inherited(self, tmp_path: Path) -> None:
        text = OWN + 'extends = "cn.national"\n[sources.CITY]\ntitle = "the city\'s rules"\n'
        sources = {source.key: source for source in load(written(tmp_path, text)).sources}

        assert (sources["CITY"], "DBF25" in sources) == (Source("CITY", "the city's rules"), True)

    def test_a_file_that_is_not_toml_says_where(self, tmp_path: Path) -> None:
        path = written(tmp_path, 'name = "cn.city"\nversion = \n')

        with pytest.raises(BrokenRulebook, match=r"it is not TOML: Invalid value \(at line 2"):
            load(path)

    def test_a_file_that_is_not_there_is_said_to_be_missing(self, tmp_path: Path) -> None:
        with pytest.raises(UnknownRulebook, match=r"there is no file .*city\.toml"):
            load(tmp_path / "city.toml")

    @pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-16-le", "utf-16-be"])
    def test_a_file_in_another_encoding_is_to_be_saved_as_utf_8(self, encoding: str, tmp_path: Path) -> None:
        path = tmp_path / "city.toml"
        path.write_bytes('name = "德惠"\n'.encode(encoding))

        with pytest.raises(BrokenRulebook, match="it is not UTF-8; open it in an editor and save it as UTF-8"):
            load(path)
        with pytest.raises(BrokenCalendar, match="it is not UTF-8; open it in an editor and save it as UTF-8"):
            load_calendar(path)

    def test_a_file_may_begin_with_the_mark_that_some_editors_write(self, tmp_path: Path) -> None:
        """Notepad and Excel put a byte order mark before UTF-8."""
        shipped = files("handleflow").joinpath("presets")
        for kind, name in (("calendars", "gb"), ("lifecycles", "information_request")):
            text = shipped.joinpath(kind, f"{name}.toml").read_text(encoding="utf-8")
            (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8-sig")
        own = 'extends = "gb.foi"\ncalendar = "gb.toml"\nlifecycle = "information_request.toml"\n'
        (tmp_path / "city.toml").write_text(OWN + own, encoding="utf-8-sig")
        rules, shipped_rules = load(tmp_path / "city.toml"), load_preset("gb.foi")

        assert (rules.name, rules.calendar.digest) == ("cn.city", shipped_rules.calendar.digest)
        assert (rules.lifecycle.name, rules.lifecycle.transitions) == (
            shipped_rules.lifecycle.name,
            shipped_rules.lifecycle.transitions,
        )
        assert load_calendar(tmp_path / "gb.toml").digest == shipped_rules.calendar.digest

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            pytest.param("city.toml", "city.toml", id="itself"),
            pytest.param("base.toml", "city.toml", id="each other"),
            pytest.param("base.toml", "base.toml", id="one that extends itself"),
        ],
    )
    def test_files_do_not_extend_each_other_in_a_circle(self, tmp_path: Path, first: str, second: str) -> None:
        written(tmp_path, OWN + f'extends = "{second}"\n', "base.toml")
        path = written(tmp_path, OWN + f'extends = "{first}"\n')

        with pytest.raises(BrokenRulebook, match=r"it cannot extend '\w+\.toml'"):
            load(path)

    def test_a_file_extends_what_has_a_name(self, tmp_path: Path) -> None:
        path = written(tmp_path, OWN + "extends = 5\n")
        with pytest.raises(BrokenRulebook) as caught:
            load(path)

        assert (caught.value.name, caught.value.findings) == ("cn.city", (f"{path}:4: it cannot extend 5",))

    def test_a_name_that_does_not_ship_meets_the_nearest_one(self) -> None:
        with pytest.raises(UnknownRulebook, match=r"no rulebook called 'cn\.natonal' ships; did you mean"):
            load("cn.natonal")

    def test_a_calendar_that_does_not_ship_is_called_a_calendar(self, tmp_path: Path) -> None:
        path = written(tmp_path, OWN + 'extends = "cn.national"\ncalendar = "cm"\n')

        with pytest.raises(UnknownRulebook, match="no calendar called 'cm' ships; known: cn"):
            load(path)

    def test_a_file_that_says_nothing_lacks_everything(self, tmp_path: Path) -> None:
        path = written(tmp_path, "")
        with pytest.raises(BrokenRulebook) as caught:
            load(path)

        assert (caught.value.name, set(caught.value.findings)) == (
            "without a name",
            {
                f"{path}: it needs {key!r}"
                for key in ("name", "version", "title", "lifecycle", "calendar", "convention")
            },
        )


class TestMerging:
    """What a file says replaces what it inherits: row by row where rows have names, else whole."""

    def test_a_term_of_the_same_id_is_replaced_key_by_key(self) -> None:
        (reply,) = rulebook(term=[{"id": "reply", "span": "2 months", "cite": "host"}]).terms
        (inherited,) = rulebook().terms

        assert (reply.span, reply.long_span, reply.citation.source) == (Span(2, "month"), Span(6, "month"), "host")
        assert evolve(reply, span=inherited.span, citation=inherited.citation) == inherited

    def test_a_number_that_is_another_does_not_stand_on_the_inherited_article(self) -> None:
        (shorter,) = rulebook(term=[{"id": "reply", "span": "2 months", "long_span": "5 months"}]).terms
        (same,) = rulebook(term=[{"id": "reply", "span": "3 months", "en": "answer"}]).terms

        assert [c and c.source for c in (shorter.citation, shorter.long_citation)] == ["host", "host"]
        assert (str(same.citation), same.en) == ("DBF25 51", "answer")

    def test_a_key_is_left_out_by_its_name(self) -> None:
        (reply,) = rulebook(term=[{"id": "reply", "without": ["long_span", "long_cite"]}]).terms

        assert (reply.span, reply.long_span, reply.long_citation) == (Span(3, "month"), None, None)
        assert "without" not in rulebook(term=[{"id": "reply", "without": ["long_span", "long_cite"]}]).document

    @pytest.mark.parametrize(
        "row",
        [
            pytest.param({"id": "reply", "without": ["lnog_span"]}, id="what is not inherited"),
            pytest.param({"id": "reply", "span": "2 months", "without": ["span"]}, id="what it gives"),
            pytest.param({"id": "reply", "without": "long_span"}, id="no list"),
            pytest.param({**TERM, "id": "plan", "cite": "host", "without": ["long_span"]}, id="a term of its own"),
        ],
    )
    def test_nothing_else_is_left_out(self, row: dict[str, Any]) -> None:
        with pytest.raises(BrokenRulebook, match="without: it leaves out what is not inherited"):
            rulebook(term=[row])

    def test_a_guard_of_the_same_name_is_replaced_and_the_others_stay(self) -> None:
        changed = {"ask": "deputy_was_heard", "of": ["draft_reply"], "cite": "host"}
        guards = rulebook(guard=[changed]).guards

        assert [(g.name, [act.verb for act in g.acts]) for g in guards] == [
            ("matter_is_accepted", ["receive", "take_over"]),
            ("deputy_is_dissatisfied", ["rehandle"]),
            ("deputy_was_heard", ["draft_reply"]),
        ]

    def test_a_guard_of_another_id_stands_beside_the_one_of_its_name(self) -> None:
        changed = {"id": "heard_early", "ask": "deputy_was_heard", "of": ["draft_reply"], "cite": "host"}
        guards = rulebook(guard=[changed]).guards

        assert [(g.id, g.name) for g in guards if g.name == "deputy_was_heard"] == [
            ("deputy_was_heard", "deputy_was_heard"),
            ("heard_early", "deputy_was_heard"),
        ]

    def test_a_guard_of_the_same_id_is_replaced_whatever_it_asks(self, tmp_path: Path) -> None:
        guard = '[[guard]]\nid = "own"\nask = "{}"\nof = ["reply"]\ncite = "host"\n'
        base = OWN + 'extends = "cn.national"\n' + guard.format("co_opinions_are_in")
        written(tmp_path, base, "base.toml")
        path = written(tmp_path, OWN + 'extends = "base.toml"\n' + guard.format("draft_was_approved"))

        assert [g.name for g in load(path).guards if g.id == "own"] == ["draft_was_approved"]

    @pytest.mark.parametrize(
        ("changes", "finding"),
        [
            pytest.param({"term": [{**TERM, "cite": "host"}] * 2}, "term named twice: reply", id="a term"),
            pytest.param(
                {"guard": [{"ask": "deputy_was_heard", "of": ["reply"], "cite": "host"}] * 2},
                "guard named twice: deputy_was_heard",
                id="a guard",
            ),
            pytest.param(
                {"state": [{"name": "handling", "en": "in hand", "zh": "正在办理"}] * 2},
                "state named twice: handling",
                id="a state",
            ),
            pytest.param(
                {"backdating": [{"role": "unit", "within": "3 days", "cite": "host"}] * 2},
                "backdating named twice: unit",
                id="a leave to tell late",
            ),
        ],
    )
    def test_what_one_file_says_twice_is_found_and_not_merged(self, changes: dict[str, Any], finding: str) -> None:
        with pytest.raises(BrokenRulebook) as caught:
            rulebook(**changes)

        assert caught.value.findings == (finding,)

    @pytest.mark.parametrize(
        ("part", "value", "finding"),
        [
            pytest.param(
                "term", TERM, "should be a list of tables, each with a header in [[double brackets]]", id="one"
            ),
            pytest.param(
                "guard", "deputy_was_heard", "guard: 'deputy_was_heard' should be a list of tables", id="words"
            ),
            pytest.param("rung", ["urged"], "rung 1: 'urged' should be a table", id="a list of words"),
            pytest.param("transition", TERM, "transition: {'id': 'reply'", id="one in the lifecycle"),
        ],
    )
    def test_a_list_that_is_no_list_of_tables_is_found(self, part: str, value: object, finding: str) -> None:
        with pytest.raises(BrokenRulebook) as caught:
            rulebook("cn.dehui.demo", **{part: value})

        assert [finding in found for found in caught.value.findings] == [True]

    def test_a_file_without_sources_may_be_extended_by_one_that_has_some(self, tmp_path: Path) -> None:
        base = 'lifecycle = "deputy_suggestion"\ncalendar = "cn"\n[convention]\nname = "x"\ncite = "host"\n'
        written(tmp_path, OWN + base, "base.toml")
        own = OWN + 'extends = "base.toml"\n[sources.CITY]\ntitle = "the city\'s rules"\n'

        assert load(written(tmp_path, own)).sources == (Source("CITY", "the city's rules"),)

    def test_the_transitions_of_an_act_are_replaced_together_and_others_stay(self) -> None:
        transition = {"act": "withdraw", "source": ["received"], "target": "withdrawn", "who": ["deputy"]}
        before, after = rulebook().lifecycle.transitions, rulebook(transition=[transition]).lifecycle.transitions

        assert (
            [a.source for a in after if a.act.verb == "withdraw"],
            [a for a in after if a.act.verb != "withdraw"],
        ) == (["received"], [a for a in before if a.act.verb != "withdraw"])

    def test_transitions_are_replaced_act_by_act_over_several_files(self, tmp_path: Path) -> None:
        transition = '[[transition]]\nact = "{}"\nsource = ["{}"]\ntarget = "{}"\nwho = ["leader"]\n'
        base = OWN + 'extends = "cn.national"\n' + transition.format("withdraw", "received", "withdrawn")
        written(tmp_path, base + transition.format("decline", "received", "declined"), "base.toml")
        own = OWN + 'extends = "base.toml"\n' + transition.format("withdraw", "assigned", "withdrawn")
        transitions = load(written(tmp_path, own)).lifecycle.transitions

        assert [(a.act.verb, a.source) for a in transitions if a.roles == ("leader",)] == [
            ("decline", "received"),
            ("withdraw", "assigned"),
        ]

    def test_a_file_that_extends_another_needs_a_name_and_a_version_of_its_own(self, tmp_path: Path) -> None:
        with pytest.raises(BrokenRulebook, match="needs a name and version of its own"):
            load(written(tmp_path, 'extends = "cn.national"\n'))

    def test_outcome_classes_are_replaced_all_together(self) -> None:
        """The same letter means different things in different places, so no letter is inherited singly."""
        own = {"code": "1", "en": "done", "zh": "已办", "cite": "host"}

        assert [o.code for o in rulebook(outcome=[own]).outcomes] == ["1"]

    def test_a_states_words_may_be_replaced(self) -> None:
        rules = rulebook(state=[{"name": "handling", "en": "in hand", "zh": "正在办理"}])

        assert rules.lifecycle.labels["handling"] == ("in hand", "正在办理")

    def test_a_transition_to_the_same_state_stays_where_it_is(self) -> None:
        transitions = [a for a in rulebook().lifecycle.transitions if a.act.verb == "classify"]

        assert [a.source for a in transitions] == [a.target for a in transitions]

    def test_roles_are_added_to_those_of_the_lifecycle(self) -> None:
        lifecycle = json.loads(load_preset("cn.national").document)["lifecycle"] | {"roles": ["party_committee"]}
        who = ["party_committee", "mayor"]
        transition = {"act": "decline", "source": ["received"], "target": "declined", "who": who}
        rules = rulebook(lifecycle=lifecycle, roles=["mayor"], transition=[transition])

        assert [a.roles for a in rules.lifecycle.transitions if a.act.verb == "decline"] == [tuple(who)]

    def test_a_role_of_its_own_may_act(self) -> None:
        transition = {"act": "decline", "source": ["received"], "target": "declined", "who": ["party_committee"]}
        transitions = rulebook(roles=["party_committee"], transition=[transition]).lifecycle.transitions

        assert [a.roles for a in transitions if a.act.verb == "decline"] == [("party_committee",)]


@frozen
class Vet(Act):
    """A host's own act: counsel looks at a draft before it goes out."""

    verb = "vet"
    kind = "vetted"
    counsel: str = field(default="Counsel A")

    def effect(self, suggestion: Suggestion, days: Provenance) -> Suggestion:
        return suggestion.with_own("counsel", self.counsel)


@frozen
class CounselVetted:
    """A host's own guard."""

    remedy: str

    def __call__(self, question: Question[Any]) -> Iterator[Reason]:
        if not question.suggestion.own("counsel"):
            yield Reason("counsel_vetted", en="counsel has not vetted it", zh="未经法制审核", remedy_en=self.remedy)


def is_vetted(after: Suggestion) -> bool:
    """A host's own condition."""
    return after.own("counsel") is not None


CHANGES: dict[str, Any] = {
    "name": "city",
    "version": "1",
    "state": [{"name": "vetted", "en": "vetted", "zh": "已审"}],
    "transition": [
        {
            "act": "vet",
            "source": ["handling"],
            "target": "vetted",
            "who": ["government_office"],
            "when": "is_vetted",
        },
        {"act": "vet", "source": ["handling"], "target": "same", "who": ["government_office"]},
        {"act": "reply", "source": ["handling", "vetted"], "target": "replied", "who": ["unit"]},
    ],
    "guard": [{"ask": "counsel_vetted", "of": ["reply"], "cite": "host", "settings": {"remedy": "ask counsel"}}],
}


class TestHostsOwn:
    """A host adds states, acts, guards and conditions without touching the library."""

    def rules(self) -> Rulebook:
        return load(
            "cn.national",
            acts=[Vet],
            guards={"counsel_vetted": CounselVetted},
            conditions={"is_vetted": is_vetted},
            changes=CHANGES,
        )

    def stories(self) -> Iterator[Scenario]:
        story = given(self.rules()).and_(Receive("Pipes", "Deputy A"), by=OFFICE, on="2026-02-09")
        story = story.and_(Assign(("Water Bureau",)), by=OFFICE).and_(Accept(), by=WATER)
        yield story.and_(RecordContact("before"), by=WATER)
        yield story.and_(RecordContact("before"), by=WATER).and_(Vet(), by=GOVERNMENT)

    def test_its_guard_holds_until_its_act_was_done(self) -> None:
        before, after = self.stories()

        assert (before.when(Reply("A", "done"), by=WATER).rules, after.when(Reply("A", "done"), by=WATER).rules) == (
            ("counsel_vetted",),
            (),
        )

    def test_its_condition_decides_the_way(self) -> None:
        before, after = self.stories()

        assert (before.state, after.state) == ("handling", "vetted")

    def test_it_comes_back_from_a_store_with_its_own_handed_in(self) -> None:
        rules = self.rules()
        again = from_document(
            rules.document,
            acts=[Vet],
            guards={"counsel_vetted": CounselVetted},
            conditions={"is_vetted": is_vetted},
        )

        assert again.digest == rules.digest

    def test_its_condition_begins_a_term_and_none_where_it_does_not_hold(self) -> None:
        term = {"id": "vetted", "of": "whole", "anchor": "assigned", "met_by": ["replied"], "span": "2 months"}
        changes = {**CHANGES, "term": [{**term, "when": "is_key", "cite": "host"}]}
        rules = load(
            "cn.national",
            acts=[Vet],
            guards={"counsel_vetted": CounselVetted},
            conditions={"is_vetted": is_vetted, "is_key": lambda after: after.is_key is True},
            changes=changes,
        )
        stories = (
            given(rules).and_(Receive("Pipes", "Deputy A", is_key=is_key), by=OFFICE, on="2026-02-09")
            for is_key in (True, False)
        )
        begun = [story.and_(Assign(("Water Bureau",)), by=OFFICE).suggestion.terms for story in stories]

        assert [[term.key.rule for term in terms] for terms in begun] == [["reply", "vetted"], ["reply"]]
        assert set(own_names([rules])["conditions"]) == {"is_vetted", "is_key"}

    def test_without_its_own_handed_in_every_missing_name_is_found(self) -> None:
        with pytest.raises(BrokenRulebook) as caught:
            from_document(self.rules().document)

        assert {finding.split(";")[0] for finding in caught.value.findings} >= {
            "transition 'vet', act: unknown act 'vet'",
            "transition 'vet', when: unknown condition 'is_vetted'",
            "guard 'counsel_vetted', ask: unknown guard 'counsel_vetted'",
        }


class TestCitations:
    """On what ground a number stands."""

    @pytest.mark.parametrize(
        ("text", "source", "article", "said"),
        [
            pytest.param("DBF25 51", "DBF25", "51", "DBF25 51", id="an article"),
            pytest.param("MFD 201-203", "MFD", "201-203", "MFD 201-203", id="several articles"),
            pytest.param("NPC05 digest", "NPC05", "digest", "NPC05 digest", id="a place that is no article"),
            pytest.param(" DBF25  51 ", "DBF25", "51", "DBF25 51", id="space around it"),
            pytest.param("host", "host", "", "host", id="the office's own"),
        ],
    )
    def test_a_citation_is_read_and_said(self, text: str, source: str, article: str, said: str) -> None:
        cited = Citation.of(text)

        assert (cited, str(cited)) == (Citation(source, article), said)

    @pytest.mark.parametrize("article", ["", None], ids=["nothing", "unknown"])
    def test_a_law_as_a_whole_is_no_ground_however_it_is_built(self, article: Any) -> None:
        with pytest.raises(UnknownChoice, match="'DBF25' cites no article; write it as 'DBF25 51', or 'host'"):
            Citation("DBF25", article)

    def test_the_offices_own_rule_needs_no_article(self) -> None:
        assert Citation(HOST) == Citation.of("host")

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            pytest.param("", "it has no citation", id="nothing"),
            pytest.param("  ", "it has no citation", id="space"),
            pytest.param("DBF25", "'DBF25' cites no article", id="a law as a whole"),
        ],
    )
    def test_no_ground_is_no_citation(self, text: str, said: str) -> None:
        with pytest.raises(UnknownChoice, match=said):
            Citation.of(text)
