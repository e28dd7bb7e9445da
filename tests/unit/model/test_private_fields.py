"""Where can the value of a private field get out? Not by a repr, an error, a listener, an observer or a log."""

from __future__ import annotations

import logging
from collections.abc import Callable

import attrs
import pytest
from attrs import field

from handleflow import Engine, Entry, MemoryStore
from handleflow.acts import EVENTS, Assign, Receive
from handleflow.choices import OneOf
from handleflow.codec import Codec
from handleflow.engine import Request
from handleflow.engine.observer import Observed
from handleflow.errors import NonsenseError, StoreError
from handleflow.model import Act, Provenance, Question
from handleflow.model.event import without_private
from handleflow.model.fields import PRIVATE, named, names, not_blank
from handleflow.testing import given
from tests.beginnings import OFFICE, instant, rulebook

RULES = rulebook()
PHONE, STREET = "placeholder number", "placeholder street"
ACT = Receive("Pipes", "Deputy A", phone=PHONE, address=STREET)


@attrs.frozen
class Register(Act):
    """A host's own act with private fields of many kinds, made as a host makes it."""

    verb = "register"
    kind = "host_registered"
    phone: str = field(default="", validator=not_blank, metadata=PRIVATE)
    card: str = field(default="card", validator=named, metadata=PRIVATE)
    group: str = field(default="a", validator=OneOf("a", "b"), metadata=PRIVATE)
    age: int = field(default=1, metadata=PRIVATE)


def engine_of(**settings: object) -> Engine:
    return Engine(MemoryStore(), [RULES], clock=lambda: instant("2026-02-10"), **settings)  # type: ignore[arg-type]


class TestShown:
    """No value of the library shows one."""

    def test_it_stands_in_the_repr_of_nothing_that_carries_it(self) -> None:
        engine = engine_of()
        engine.execute("1", ACT, by=OFFICE)
        stored, entry = engine.store.entries("1"), engine.history("1")[0]
        provenance = Provenance(OFFICE, instant("2026-02-10"), entry.on)
        question = Question(
            engine.look_up("1"), Receive, ACT, provenance, RULES.calendar, RULES.convention
        )  # what a check is asked
        shown = repr((ACT, entry, stored, stored[0].private, Request("1", ACT, OFFICE), question))

        assert [word for word in (PHONE, STREET, repr(stored[0].private[0].salt)) if word in shown] == []
        assert "Pipes" in shown

    def test_it_stands_in_no_repr_of_a_hosts_own_act_that_plain_attrs_made(self) -> None:
        assert repr(Register(PHONE)) == "Register(on=None)"

    def test_it_stands_in_no_story_that_a_failed_test_shows(self) -> None:
        story = given(RULES).and_(ACT, by=OFFICE, on="2026-02-09")

        assert PHONE not in f"{story}{story!r}{story.last}{story.last!r}"


WRONG: list[tuple[Callable[[], Act], str]] = [
    (lambda: Receive("Pipes", "Deputy A", phone=13_000_000_000), "not <int>"),  # type: ignore[arg-type]
    (lambda: Receive("Pipes", "Deputy A", address=f"{STREET}\x00"), "not <str>"),
    (lambda: Register(f"{PHONE}\ud800"), "not <str>"),
    (lambda: Register("1", PHONE * 20), "'card' is of 360 characters"),
    (lambda: Register("1", group="placeholder group"), "cannot be <str>; known: a, b"),
    (lambda: Register("1", age=PHONE), "age: int ≠ str"),  # type: ignore[arg-type]
]


class TestErrors:
    """An error names the field, and of its value the type alone."""

    @pytest.mark.parametrize(("made", "words"), WRONG, ids=range(len(WRONG)))
    def test_what_is_wrong_with_it_is_said_without_it(self, made: Callable[[], Act], words: str) -> None:
        with pytest.raises(NonsenseError) as raised:
            made()

        assert words in str(raised.value)
        assert [said for said in ("placeholder", "13", "\x00") if said in str(raised.value)] == []

    def test_an_act_that_is_none_is_named_by_its_type_whatever_it_holds(self) -> None:
        with pytest.raises(NonsenseError, match="act: Act ≠ dict") as raised:
            Request("1", {"phone": PHONE}, OFFICE)  # type: ignore[arg-type]

        assert PHONE not in str(raised.value)

    def test_a_value_that_cannot_be_written_is_not_told(self) -> None:
        event = attrs.evolve(ACT)
        object.__setattr__(event, "phone", {1, PHONE})
        (entry,) = given(RULES).and_(ACT, by=OFFICE, on="2026-02-09").history
        with pytest.raises(StoreError) as raised:
            Codec().encode(attrs.evolve(entry, event=event), "", lambda size: b"0" * size)

        assert PHONE not in str(raised.value)

    def test_no_private_field_of_the_library_has_a_converter_which_would_name_it(self) -> None:
        private = [a for event in EVENTS for a in attrs.fields(event) if a.metadata.get("private")]

        assert [a.name for a in private] == ["phone", "address", "private_value"]
        assert [a.name for a in private if a.converter is not None] == []


class TestHeard:
    """A listener gets it where it asks, an observer never."""

    def test_a_listener_hears_none_unless_it_asks(self) -> None:
        heard: list[Entry] = []
        engine = engine_of(listeners=[lambda _, entry: heard.append(entry)])
        engine.listen(lambda _, entry: heard.append(entry))
        engine.listen(lambda _, entry: heard.append(entry), private=True)
        engine.execute("1", ACT, by=OFFICE)
        told = [(getattr(entry.event, "title", ""), getattr(entry.event, "phone", "")) for entry in heard]

        assert told == [("Pipes", None), ("Pipes", None), ("Pipes", PHONE)]
        assert heard[2] == engine.history("1")[0]
        assert {entry.hash for entry in heard} == {heard[2].hash}

    def test_an_observer_hears_none_in_the_act_nor_in_the_entries(self) -> None:
        seen: list[Observed] = []
        engine = engine_of(observers=[seen.append])
        engine.execute("1", ACT, by=OFFICE)
        given(RULES, observers=[seen.append]).when(ACT, by=OFFICE, on="2026-02-09")

        assert [(getattr(each.act, "phone", ""), each.entries[0].event) for each in seen] == [
            (None, Receive("Pipes", "Deputy A"))
        ] * 2
        assert getattr(engine.history("1")[0].event, "phone", None) == PHONE

    def test_a_listener_that_fails_is_logged_without_it(self, caplog: pytest.LogCaptureFixture) -> None:
        def fails(_: object, entry: Entry) -> None:
            raise LookupError(repr(entry))

        engine = engine_of(listeners=[fails], observers=[lambda observed: fails(None, observed.entries[0])])
        engine.listen(fails, private=True)
        with caplog.at_level(logging.DEBUG):
            engine.execute("1", ACT, by=OFFICE)

        assert (caplog.text.count("LookupError: Entry"), PHONE in caplog.text) == (3, False)

    def test_a_private_field_that_may_not_be_unknown_is_none_all_the_same(self) -> None:
        bare = without_private(Register(PHONE))

        assert attrs.asdict(bare) == {"on": None, "phone": None, "card": None, "group": None, "age": None}
        assert Register(PHONE).phone == PHONE

    def test_what_holds_none_is_the_same_object(self) -> None:
        assert without_private(act := Assign(("Water Bureau",))) is act


def test_a_converter_does_not_know_whose_value_it_reads() -> None:
    with pytest.raises(NonsenseError, match="placeholder"):
        names("placeholder")  # type: ignore[arg-type]  # so a private field takes a validator: see PRIVATE
