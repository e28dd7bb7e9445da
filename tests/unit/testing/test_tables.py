"""Can a lawyer write what is meant, and is fields where it went wrong? Decision tables in CSV and TOML."""

from __future__ import annotations

import re
from enum import Enum
from pathlib import Path
from typing import Any, Literal

import pytest
from attrs import field, frozen

from handleflow import Act, Promise, load, load_preset
from handleflow.acts import Assign
from handleflow.errors import UnreadableLedger
from handleflow.legal_time import Day, Span
from handleflow.testing.tables import Case, Step, read_cases

RULES = load_preset("cn.national")
RECEIVED = "2026-02-09 | office | receive | title=Pipes | deputy=Deputy A"
ASSIGNED = f"{RECEIVED} ; 2026-02-10 | office | assign | leads=Water Bureau"
HANDLED = f"{ASSIGNED} ; | unit Water Bureau | accept ; | unit Water Bureau | record_contact | stage=before"
URGED = f"{HANDLED} ; 2026-03-02 | office | supervise | unit=Water Bureau | channel=phone | text=well"


class Colour(Enum):
    """An enumeration of a host."""

    RED = "red"


@frozen
class Note(Act):
    """A host's own act with a field of every type that can be fields."""

    verb = "note"
    kind = "city_noted"
    share: float
    colour: Colour
    span: Span
    days: tuple[Day, ...]
    pair: tuple[str, int] = ("a", 1)
    size: Literal["big", "small"] = "big"
    named: dict[str, int] = field(factory=dict)
    asked: bool | None = None


TRANSITION = {"act": "note", "source": ["received"], "target": "same", "who": ["legal_office"]}
CITY = load(
    "cn.national",
    acts=[Note],
    changes={"name": "placeholder.city", "version": "1", "roles": ["legal_office"], "transition": [TRANSITION]},
)


def csv_case(tmp_path: Path, given: str, when: str, **expected: str) -> Case:
    """The case in the second row of a CSV file; the first holds a sound one."""
    path = tmp_path / "cases.csv"
    columns, cells = ["id", "given", "when", *expected], ["tried", given, when, *expected.values()]
    sound = ["sound", "", RECEIVED, *("" for _ in expected)]
    rows = [columns, sound, cells]
    path.write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in rows), encoding="utf-8")
    return read_cases(path)[1]


def toml_case(tmp_path: Path, when: str, given: str = RECEIVED, more: str = "") -> Case:
    """A case of a TOML file, whose steps given are written as in CSV."""
    path = tmp_path / "cases.toml"
    steps = csv_case(tmp_path, given, RECEIVED).given
    fields = (
        f'{{ act = "{step.act}", by = "{step.by}"'
        + (f', on = "{step.on}"' if step.on else "")
        + f", fields = {{ {', '.join(f'{name} = {written(step, name)}' for name in step.fields)} }} }}"
        for step in steps
    )
    path.write_text(f'[[case]]\nid = "tried"\ngiven = [{", ".join(fields)}]\nwhen = {when}\n{more}', encoding="utf-8")
    return read_cases(path)[0]


def written(step: Step, name: str) -> str:
    return f'["{step.fields[name]}"]' if name == "leads" else f'"{step.fields[name]}"'


def act_of(case: Case) -> Any:
    """The act the last step of a case became."""
    (found,) = (event for event in case.played(RULES).events if isinstance(event, Act))
    return found


class TestValuesInCsv:
    """A cell is read by the type of the act's field."""

    @pytest.mark.parametrize(
        ("value", "due"),
        [
            *((word, "2026-08-10") for word in ("true", "yes", "是", "True")),
            *((word, "2026-05-11") for word in ("false", "no", "否", "FALSE")),
        ],
    )
    def test_yes_and_no_say_what_they_say(self, tmp_path: Path, value: str, due: str) -> None:
        when = f"2026-02-10 | office | assign | leads=Water Bureau | is_long_track={value}"
        case = csv_case(tmp_path, RECEIVED, when, due=f"reply={due}")

        assert case.differences(RULES) == ()

    def test_a_number_is_a_number(self, tmp_path: Path) -> None:
        when = "2026-03-03 | unit Water Bureau | answer_supervision | supervision=1 | text=on it"
        case = csv_case(tmp_path, URGED, when, refused="-", recorded="supervision_answered")

        assert case.differences(RULES) == ()

    def test_days_and_several_days_are_days(self, tmp_path: Path) -> None:
        replied = f"{HANDLED} ; 2026-03-02 | unit Water Bureau | reply | outcome=A | text=done"
        when = "2026-06-01 | office | record_no_response | unit=Water Bureau | reminded_on=2026-05-01 + 2026-05-15"

        assert act_of(csv_case(tmp_path, replied, when)).reminded_on == (Day(2026, 5, 1), Day(2026, 5, 15))

    def test_every_field_of_several_texts_is_parted_by_plus(self, tmp_path: Path) -> None:
        when = "| unit Water Bureau | plan | text=the plan | measures=dig+lay"

        assert act_of(csv_case(tmp_path, HANDLED, when)).measures == ("dig", "lay")

    def test_what_is_left_out_is_unknown_where_it_may_be(self, tmp_path: Path) -> None:
        given = "2026-02-09 | office | take_over | title=Pipes | deputy=Deputy A | mark=A"

        assert act_of(csv_case(tmp_path, given, "| deputy Deputy A | evaluate | result=satisfied")).unit is None

    @pytest.mark.parametrize(
        ("given", "when", "said"),
        [
            pytest.param(
                RECEIVED,
                "2026-02-10 | office | assign | leads=Water Bureau | is_long_track=maybe",
                "when, assign: is_long_track: 'maybe' is neither true nor false; write true, yes or 是, or else",
                id="yes or no",
            ),
            pytest.param(
                URGED,
                "| unit Water Bureau | answer_supervision | supervision=one | text=on it",
                "when, answer_supervision: supervision: 'one' is no whole number; write one such as 3",
                id="a number",
            ),
            pytest.param(
                f"{RECEIVED} ; | office | assign | leads=Water Bureau | notice_on=soon",
                "| unit Water Bureau | accept",
                "step 2 of given, assign: notice_on: 'soon' is no day; write one such as 2026-02-10",
                id="a day",
            ),
            pytest.param(
                HANDLED,
                "| unit Water Bureau | reply | outcome=B | text=soon | commitments=pipes",
                "when, reply: commitments[1]: 'pipes' is text, and this has fields of its own; write the case in "
                "TOML: { text = …, due_on = … }",
                id="a promise",
            ),
            pytest.param(
                RECEIVED,
                "| office | assign",
                "when, assign: 'leads' is left out; tell at least leads",
                id="nothing fields",
            ),
            pytest.param(
                RECEIVED,
                "| office | assign | leads=A+",
                "when, assign: a name must say something, not ''",
                id="no name",
            ),
        ],
    )
    def test_what_cannot_be_read_is_said_with_row_step_field_and_what_would_work(
        self, tmp_path: Path, given: str, when: str, said: str
    ) -> None:
        case = csv_case(tmp_path, given, when)
        with pytest.raises(UnreadableLedger, match=re.escape(f"cases.csv, row 3, case tried, {said}")):
            case.played(RULES)


class TestValuesInToml:
    """What stands in TOML has a type already, and nouns within an act are tables."""

    def test_promises_are_tables_of_their_fields(self, tmp_path: Path) -> None:
        promised = '[{ text = "pipes", due_on = 2026-09-01 }, { text = "wells" }]'
        fields = f'{{ outcome = "B", text = "soon", commitments = {promised} }}'
        case = toml_case(tmp_path, f'{{ act = "reply", by = "unit Water Bureau", fields = {fields} }}', HANDLED)

        assert act_of(case).commitments == (Promise("pipes", "2026-09-01"), Promise("wells"))

    def test_what_is_one_already_stays_as_it_is(self) -> None:
        given = (Step("receive", "office", "2026-02-09", {"title": "Pipes", "deputy": "Deputy A"}),)
        fields = {"leads": ("Water Bureau",), "notice_on": Day(2026, 6, 1)}

        assert act_of(Case("x", Step("assign", "office", None, fields), given)) == Assign(
            ("Water Bureau",), notice_on="2026-06-01"
        )

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            (
                'is_long_track = "false"',
                "is_long_track: 'false' is neither true nor false; write true or false, without",
            ),
            ("notice_on = 5", "notice_on: 5 is no day; write one such as 2026-02-10"),
            ('parts = ["pipes"]', "parts[1]: 'pipes' is no table; write { unit = …, text = …, section"),
            ('parts = [{ unitt = "Water Bureau" }]', "parts[1]: unknown field 'unitt'; did you mean 'unit'?"),
            ('parts = [{ text = "pipes" }]', "parts[1]: 'unit' is left out; tell at least unit"),
            ('parts = [{ unit = "" }]', "parts[1]: Part needs words for 'unit', not ''"),
            ("parts = [{ unit = 5 }]", 'parts[1].unit: 5 is no text; write it in quotes, "5"'),
            ("parts = 5", "give values as a tuple, in TOML a list: parts = […], not 5"),
        ],
    )
    def test_another_type_is_never_taken_for_it(self, tmp_path: Path, fields: str, said: str) -> None:
        when = f'{{ act = "assign", by = "office", fields = {{ leads = ["Water Bureau"], {fields} }} }}'
        case = toml_case(tmp_path, when)
        with pytest.raises(UnreadableLedger, match=re.escape(f"cases.toml, case tried, when, assign: {said}")):
            case.played(RULES)

    @pytest.mark.parametrize("value", ["true", '"1"', "1.0"])
    def test_a_number_is_a_whole_number_without_quotes(self, tmp_path: Path, value: str) -> None:
        fields = f'{{ supervision = {value}, text = "on it" }}'
        case = toml_case(
            tmp_path, f'{{ act = "answer_supervision", by = "unit Water Bureau", fields = {fields} }}', URGED
        )
        with pytest.raises(UnreadableLedger, match="is no whole number; write one such as 3"):
            case.played(RULES)


NOTE = 'share = 0.5, colour = "red", span = "3 days", days = [2026-02-10]'


class TestActsOfAHost:
    """A host's own fields are read by their types as well."""

    def test_in_csv(self, tmp_path: Path) -> None:
        fields = "share=0.5 | colour=red | span=3 days | days=2026-02-10 | pair=b+2 | size=small | asked=否"
        case = csv_case(tmp_path, RECEIVED, f"| legal_office | note | {fields}")

        assert case.played(CITY, (Note,)).events == (
            Note(0.5, Colour.RED, Span(3, "day"), (Day(2026, 2, 10),), ("b", 2), "small", {}, False),
        )

    def test_in_toml(self, tmp_path: Path) -> None:
        case = toml_case(
            tmp_path, f'{{ act = "note", by = "legal_office", fields = {{ {NOTE}, named = {{ a = 1 }} }} }}'
        )

        assert case.played(CITY, (Note,)).events == (
            Note(0.5, Colour.RED, Span(3, "day"), (Day(2026, 2, 10),), named={"a": 1}),
        )

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            (NOTE.replace("0.5", '"much"'), "share: 'much' is no float"),
            (NOTE.replace('"red"', '"rot"'), "colour: 'rot' is no Colour"),
            (NOTE.replace("3 days", "3 moons"), "span: '3 moons' is not a span; write a whole number and a unit"),
            (f"{NOTE}, pair = []", "pair: [] is 0 values; write 2"),
            (f"{NOTE}, named = 3", "named: 3 is no table; write { name = … }"),
            (f'{NOTE}, named = {{ a = "b" }}', "named.a: 'b' is no whole number"),
        ],
    )
    def test_what_cannot_be_read_names_its_field(self, tmp_path: Path, fields: str, said: str) -> None:
        case = toml_case(tmp_path, f'{{ act = "note", by = "legal_office", fields = {{ {fields} }} }}')
        with pytest.raises(UnreadableLedger, match=re.escape(said)):
            case.played(CITY, (Note,))

    def test_what_csv_cannot_hold_belongs_into_toml(self, tmp_path: Path) -> None:
        case = csv_case(tmp_path, RECEIVED, "| legal_office | note | share=much")
        with pytest.raises(UnreadableLedger, match=r"share: 'much' is no float .*; write the case in TOML"):
            case.played(CITY, (Note,))


class TestWho:
    """A role that nobody has is a mistake in the table, and no refusal."""

    @pytest.mark.parametrize(
        ("by", "said"),
        [
            ("ofice", "unknown role 'ofice'; did you mean 'office'?"),
            ("units Water Bureau", "unknown role 'units'; did you mean 'unit'?"),
            ("legal_office", "unknown role 'legal_office'"),
        ],
    )
    def test_a_role_nobody_has_is_refused_with_the_nearest(self, tmp_path: Path, by: str, said: str) -> None:
        case = csv_case(tmp_path, RECEIVED, f"| {by} | assign | leads=Water Bureau", refused="wrong_role")
        with pytest.raises(UnreadableLedger, match=re.escape(f"case tried, when, assign: {said}")):
            case.differences(RULES)

    def test_a_role_of_the_rulebooks_own_is_known(self, tmp_path: Path) -> None:
        case = csv_case(tmp_path, RECEIVED, "| legal_office | assign | leads=Water Bureau", refused="wrong_role")

        assert case.differences(CITY) == ()

    def test_somebody_must_do_it(self, tmp_path: Path) -> None:
        case = toml_case(tmp_path, '{ act = "assign", fields = { leads = ["Water Bureau"] } }')
        with pytest.raises(UnreadableLedger, match="nobody does it; write a role and a name: unit Water Bureau"):
            case.played(RULES)

    @pytest.mark.parametrize(
        ("when", "said"),
        [
            ("| office | asign | leads=A", "when, asign: unknown act 'asign'; did you mean 'assign'?"),
            ("| office | assign | leeds=A", "when, assign: unknown field 'leeds'; did you mean 'leads'?"),
            ("| office | clocks", "when, clocks: unknown act 'clocks'; did you mean 'clock'?"),
        ],
    )
    def test_an_act_or_a_field_that_is_none_is_refused_with_the_nearest(
        self, tmp_path: Path, when: str, said: str
    ) -> None:
        case = csv_case(tmp_path, RECEIVED, when)
        with pytest.raises(UnreadableLedger, match=re.escape(said)):
            case.played(RULES)


class TestDays:
    """A step without a day is on the day of the last one, in both kinds of file."""

    def test_a_step_of_csv_without_a_day_takes_that_of_the_last(self, tmp_path: Path) -> None:
        case = csv_case(tmp_path, ASSIGNED, "| unit Water Bureau | accept", state="handling")

        assert (str(case.played(RULES).on), case.differences(RULES)) == ("2026-02-10", ())

    @pytest.mark.parametrize("when", ["| clock", "| clock |"])
    def test_the_clock_reads_a_day(self, tmp_path: Path, when: str) -> None:
        case = csv_case(tmp_path, ASSIGNED, when)
        with pytest.raises(
            UnreadableLedger, match="when, clock: the clock reads a day; write one such as 2026-05-12"
        ):
            case.played(RULES)

    @pytest.mark.parametrize(
        ("given", "when", "said"),
        [
            ("", "| office | receive | title=Pipes | deputy=Deputy A", "the first step of a story needs a day"),
            (ASSIGNED, "2026-02-09 | unit Water Bureau | accept", "2026-02-09 is before it"),
            (ASSIGNED, "2026-02-30 | unit Water Bureau | accept", "'2026-02-30' is no day of the calendar"),
        ],
    )
    def test_a_day_that_cannot_be_is_said_with_its_place(
        self, tmp_path: Path, given: str, when: str, said: str
    ) -> None:
        case = csv_case(tmp_path, given, when)
        with pytest.raises(UnreadableLedger, match=rf"row 3, case tried, when, \w+: .*{said}"):
            case.played(RULES)
