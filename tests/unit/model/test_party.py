"""Who is who: ids beside names, and names as they are compared."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from hypothesis import given

from handleflow import Actor, Party
from handleflow.acts import Assign, Receive
from handleflow.errors import EmptyWords, TooLong, UnusableName
from handleflow.model.fields import normalised, party, party_or_none
from handleflow.party import name_of, party_from, plain_party
from tests.anything import NAMES


class TestParty:
    def test_two_of_one_name_are_two_and_one_renamed_is_the_same(self) -> None:
        first, second = Party("d-1", "张伟"), Party("d-2", "张伟")

        assert first != second
        assert first == Party("d-1", "张三") == "d-1"
        assert dict[str, int]({first: 1})["d-1"] == 1

    def test_people_read_the_name(self) -> None:
        assert (name_of(Party("w", "水务局")), name_of("水务局")) == ("水务局", "水务局")
        assert repr(Party("w", "水务局")) == "Party('w', '水务局')"

    def test_it_survives_copies_and_pickle(self) -> None:
        water = Party("w", "水务局")

        for again in (copy.copy(water), copy.deepcopy(water), pickle.loads(pickle.dumps(water))):  # noqa: S301  ours
            assert (again, again.name, type(again)) == ("w", "水务局", Party)

    def test_it_never_changes(self) -> None:
        with pytest.raises(AttributeError, match="never changes"):
            Party("w", "水务局").name = "水利局"  # type: ignore[misc]

    def test_json_holds_both_only_where_they_differ(self) -> None:
        assert plain_party("水务局") == "水务局"
        assert plain_party(Party("w", "水务局")) == {"id": "w", "name": "水务局"}

    @pytest.mark.parametrize("plain", [{"id": "w"}, {"id": 1, "name": "x"}, {"id": "w", "name": "x", "more": ""}, 7])
    def test_what_is_nobody_is_left_as_it_is(self, plain: object) -> None:
        assert party_from(plain) is plain


class TestNames:
    @pytest.mark.parametrize(
        "twin",
        ["水务局 ", "\u3000水务局", "水\u200b务局", "\ufeff水务局", "水务\u2060局", "\t水务局\n"],
        ids=[
            "blank after",
            "wide blank before",
            "zero-width space",
            "byte order mark",
            "word joiner",
            "tab and line",
        ],
    )
    def test_what_cannot_be_told_apart_is_one(self, twin: str) -> None:
        assert Assign((twin,)).leads == ("水务局",)
        assert Actor("unit", twin) == Actor("unit", "水务局")

    def test_composed_and_decomposed_letters_are_one(self) -> None:
        assert normalised("Bu\u0308ro") == normalised("B\u00fcro")

    def test_inner_runs_of_blanks_are_one_blank(self) -> None:
        assert normalised("Water \u3000  Bureau") == "Water Bureau"
        assert normalised("Water  Bureau") == "Water Bureau"

    def test_a_control_character_is_refused_by_its_number(self) -> None:
        with pytest.raises(UnusableName, match=r"WaterBureau cannot be .*U\+0007"):
            Assign(("Water\x07Bureau",))

    def test_an_id_and_its_name_are_both_looked_at(self) -> None:
        assert party({"id": " w ", "name": "水务局\u3000"}) == Party("w")
        assert name_of(party(Party("w", "水务局\u3000"))) == "水务局"
        with pytest.raises(EmptyWords):
            party(Party("w", "\u200b"))
        with pytest.raises(TooLong):
            party(Party("w", "x" * 256))

    def test_where_id_and_name_are_one_it_is_plain_text(self) -> None:
        assert type(party(Party("水务局", "水务局 "))) is str
        assert party_or_none(None) is None

    def test_what_is_no_text_is_named_by_its_field(self) -> None:
        with pytest.raises(EmptyWords, match="deputy"):
            Receive("Safe water", 7)  # type: ignore[arg-type]
        with pytest.raises(EmptyWords, match="name"):
            Actor("unit", 7)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        "told", [(None, "水务局"), (17, "水务局"), (17,), (True,), (b"w",), ("w", 17), ("w", None)]
    )
    def test_nobody_is_called_none_or_by_a_number(self, told: tuple[Any, ...]) -> None:
        somebody = Party(*told)

        assert (somebody, somebody.name) == ("", "")
        with pytest.raises(EmptyWords):
            Assign((somebody,))
        with pytest.raises(EmptyWords):
            Receive("Safe water", somebody)
        with pytest.raises(EmptyWords):
            Actor("unit", "水务局", id=somebody)

    @given(name=NAMES)
    def test_a_name_that_was_looked_at_stays_as_it_is(self, name: str) -> None:
        assert normalised(normalised(name)) == normalised(name)


class TestActor:
    def test_role_and_id_say_who_it_is(self) -> None:
        assert Actor("deputy", "张伟", id="d-1") != Actor("deputy", "张伟", id="d-2")
        assert Actor("unit", "水利局", id="w") == Actor("unit", "水务局", id="w")

    def test_facts_hold_the_id_that_knows_the_name(self) -> None:
        assert Actor("unit", "水务局").party == "水务局"
        assert repr(Actor("unit", "水务局", id="w").party) == "Party('w', '水务局')"
