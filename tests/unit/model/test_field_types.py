"""Is every act recorded as what it says, or refused when it is made?"""

from __future__ import annotations

import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handleflow import Act, Actor, Engine, HandleflowError, MemoryStore, Part, Promise, Suggestion, load_preset
from handleflow.acts import (
    ACTS,
    Accept,
    Assign,
    Classify,
    Correct,
    FulfilCommitment,
    Receive,
    Reply,
)
from handleflow.engine import Request
from handleflow.errors import NaiveInstant, NonsenseError, WrongType
from handleflow.model.field_types import checks_of, require_types
from handleflow.store import Query, count, find
from handleflow.stores.sql import SqlStore
from handleflow.values import frozen
from tests.beginnings import OFFICE, WATER

RULES = load_preset("cn.national")


@frozen
class Kinds(Act):
    """A host's act with fields of many types."""

    verb = "kinds"
    kind = "host_kinds"
    choice: Literal["a", 1] = "a"
    one_of: int | str | None = None
    pair: tuple[str, int] | None = None
    anything: Any = None
    parts: tuple[Part, ...] = ()
    amount: float = 0.0
    mixed: tuple[Any, ...] = ()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Assign(("W",), is_long_track="no"), "is_long_track: bool ≠ 'no'"),  # type: ignore[arg-type]
        (lambda: Classify(is_confidential="false"), "is_confidential: bool | None ≠ 'false'"),  # type: ignore[arg-type]
        (lambda: Receive("Pipes", "Deputy A", is_key="no"), "is_key: bool ≠ 'no'"),  # type: ignore[arg-type]
        (lambda: Reply("A", "done", ("x",)), "commitments: tuple[Promise, ...] ≠ ('x',)"),  # type: ignore[arg-type]
        (lambda: Assign(("W",), parts=({"unit": "W"},)), "parts: tuple[Part, ...] ≠ "),  # type: ignore[arg-type]
        (lambda: Correct("1", "title", "x", "wrong"), "entry: int ≠ '1'"),  # type: ignore[arg-type]
        (lambda: Correct(1.0, "title", "x", "wrong"), "entry: int ≠ 1.0"),  # type: ignore[arg-type]
        (lambda: Correct(True, "title", "x", "wrong"), "entry: int ≠ True"),
        (lambda: FulfilCommitment("1", "done"), "commitment: int ≠ '1'"),  # type: ignore[arg-type]
        (lambda: Kinds(choice="b"), "choice: typing.Literal['a', 1] ≠ 'b'"),  # type: ignore[arg-type]
        (lambda: Kinds(choice=True), "choice: typing.Literal['a', 1] ≠ True"),  # type: ignore[arg-type]
        (lambda: Kinds(one_of=1.5), "one_of: int | str | None ≠ 1.5"),  # type: ignore[arg-type]
        (lambda: Kinds(pair=("a",)), "pair: tuple[str, int] | None ≠ ('a',)"),  # type: ignore[arg-type]
        (lambda: Kinds(parts=[Part("W")]), "parts: tuple[Part, ...] ≠ "),  # type: ignore[arg-type]
        (lambda: Kinds(amount="1"), "amount: float ≠ '1'"),  # type: ignore[arg-type]
    ],
)
def test_a_value_of_another_type_is_refused_when_the_act_is_made(make: Any, said: str) -> None:
    with pytest.raises(WrongType) as caught:
        make()

    assert said in str(caught.value)
    assert str(caught.value) == caught.value.text("en")


def test_every_field_that_is_wrong_is_named_in_both_languages() -> None:
    with pytest.raises(WrongType) as caught:
        Assign(("W",), is_long_track="no", parts=(1,))  # type: ignore[arg-type]

    english, chinese = caught.value.text("en"), caught.value.text("zh")
    assert all(name in words for name in ("is_long_track", "parts") for words in (english, chinese))
    assert chinese == "Assign 的内容与各项的类型不符：parts: tuple[Part, ...] ≠ (1,)、is_long_track: bool ≠ 'no'"


@pytest.mark.parametrize(
    ("make", "chinese"),
    [
        (lambda: Receive("", "Deputy A"), "Receive 的“title”须有内容，不能是 ''"),
        (lambda: Receive("Pipes", "Deputy A", text=""), "Receive 的“text”不明时写 None，不能是 ''"),
        (lambda: Receive("Pipes", "Deputy A", phone=""), "Receive 的“phone”不明时写 None，不能是 <str>"),
        (lambda: Receive("Pipes", "Deputy A", matter="motions"), "“matter”不能是 'motions'；是否应为“motion”？"),
        (lambda: Assign("W"), "多个名称请写作元组 `('W',)`，而不是 'W'"),  # type: ignore[arg-type]
        (lambda: Assign((" ",)), "名称须有内容，不能是 ''"),
        (lambda: Assign(("W" * 256,)), "名称有256个字符，最多可存255个"),
        (lambda: Actor("unit", "W" * 256), "Actor 的“name”有256个字符，最多可存255个"),
        (lambda: Accept(on="2026"), "'2026' 不是日期；请提供日期，或写作“2026-02-10”"),
    ],
)
def test_a_value_that_means_nothing_is_refused_in_both_languages(make: Any, chinese: str) -> None:
    with pytest.raises(NonsenseError) as caught:
        make()

    assert chinese in caught.value.text("zh")
    assert str(caught.value) == caught.value.text("en")


def test_a_truth_is_no_whole_number() -> None:
    with pytest.raises(WrongType, match="entry: int ≠ True"):
        Correct(True, "title", "x", "wrong")


def test_values_of_their_types_are_taken_whatever_stands_beside_them() -> None:
    taken = Kinds(1, "b", ("a", 2), object(), (Part("W"),), 1.5, (1, "a"))

    assert (taken.choice, taken.one_of, taken.pair, taken.amount) == (1, "b", ("a", 2), 1.5)


def test_a_class_whose_types_nobody_can_look_up_takes_everything() -> None:
    @attrs.frozen
    class Lost:
        value: NoSuchName  # type: ignore[name-defined]  # noqa: F821

    assert checks_of(Lost) == ()
    require_types(Lost(1))


VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
JSON = st.recursive(
    VALUES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2)
)


@given(kind=st.sampled_from(ACTS), data=st.data())
def test_any_json_for_any_field_is_held_as_itself_or_refused(kind: type[Act], data: st.DataObject) -> None:
    names = [field.alias for field in attrs.fields(kind)]
    given = data.draw(st.dictionaries(st.sampled_from(names), JSON, max_size=3))
    needed: dict[str, Any] = {f.alias: "x" for f in attrs.fields(kind) if f.default is attrs.NOTHING}
    try:
        act = kind(**(needed | given))
    except HandleflowError:
        return

    for name, value in given.items():
        held = getattr(act, name)
        as_told = tuple(value) if isinstance(value, list) else value
        assert held == as_told or (isinstance(held, datetime.date) and str(held) == value)
        assert type(held) is type(as_told) or isinstance(held, datetime.date)


class TestDoor:
    """What comes to the engine is what it should be."""

    def test_who_asks_is_an_actor_and_not_a_name(self) -> None:
        with pytest.raises(WrongType, match="by: Actor ≠ 'water'"):
            Engine(MemoryStore(), [RULES]).execute("1", Receive("Pipes", "Deputy A"), by="water")  # type: ignore[arg-type]

    def test_a_class_of_acts_is_no_act(self) -> None:
        with pytest.raises(WrongType, match=r"Accept is a class of acts, and no act; write Accept\(...\)"):
            Request("1", Accept, WATER)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        "rulebooks", [["cn.national"], RULES, "cn.national", [None]], ids=["names", "one", "a name", "none"]
    )
    def test_rulebooks_are_a_list_of_rulebooks(self, rulebooks: Any) -> None:
        with pytest.raises(WrongType, match="is no list of rulebooks"):
            Engine(MemoryStore(), rulebooks)

    @pytest.mark.parametrize("at", ["2026-02-10", 3, datetime.date(2026, 2, 10)], ids=["text", "number", "day"])
    def test_an_instant_is_no_text_no_number_and_no_day(self, at: Any) -> None:
        engine = Engine(MemoryStore(), [RULES])

        with pytest.raises(WrongType, match=r"at: datetime \| None ≠ "):
            engine.execute("1", Receive("Pipes", "Deputy A"), by=OFFICE, at=at)
        with pytest.raises(WrongType, match=r"Engine.sweep does not take .* at: datetime \| None ≠ "):
            engine.sweep(at=at)

    def test_of_nothing_that_is_refused_is_anything_recorded(self) -> None:
        store = MemoryStore()
        engine = Engine(store, [RULES])
        with pytest.raises(WrongType):
            engine.execute("1", Receive("Pipes", "Deputy A"), by=Actor, expect="2")  # type: ignore[arg-type]

        assert list(store.ids()) == []


EVERY_STORE = [
    pytest.param(lambda folder: MemoryStore(), id="memory"),
    pytest.param(lambda folder: SqlStore(str(folder / "a.db")), id="sqlite"),
]
UNTYPED: Any = SimpleNamespace(Engine=Engine, MemoryStore=MemoryStore, Query=Query, count=count, find=find)
"""What no type checker watches over."""
ASKED: list[Any] = [
    lambda engine: engine.ask("1", Accept(), by="water"),
    lambda engine: engine.ask("1", Accept, by=WATER),
    lambda engine: engine.ask("1", Accept(), by=WATER, at="2026-02-10"),
    lambda engine: engine.open_acts("1", by="water"),
    lambda engine: engine.succeed("Water Bureau", "Lakes Bureau", "renamed", by="office"),
    lambda engine: engine.adopt_calendar("cn.national", RULES.version, by="office"),
    lambda engine: engine.health(at="2026-02-10"),
    lambda engine: engine.set_last_sweep_back("2026-02-10"),
    lambda engine: engine.sweep(limit="all"),
    lambda engine: engine.sweep(together="many"),
    lambda engine: engine.listen("water"),
    lambda engine: engine.seen_by("water"),
    lambda engine: engine.recorded_under("1", 5),
    lambda engine: engine.rulebook_of("1"),
    lambda engine: engine.rebuild(1),
    lambda engine: engine.execute_many(5),
    lambda engine: UNTYPED.find(engine.store, "water"),
    lambda engine: UNTYPED.find(engine.store, Query(), limit="all"),
    lambda engine: UNTYPED.count(engine.store, "water", "unit"),
    lambda engine: UNTYPED.Query(unit=5),
    lambda engine: UNTYPED.Engine(None, [RULES]),
    lambda engine: UNTYPED.Engine(engine.store, [RULES], clock="now"),
    lambda engine: UNTYPED.Engine(engine.store, [RULES], tolerance=2),
    lambda engine: UNTYPED.Engine(engine.store, [RULES], may_see="all"),
    lambda engine: UNTYPED.Engine(engine.store, [RULES], observers=5),
    lambda engine: UNTYPED.MemoryStore(own=["visit"]),
    lambda engine: UNTYPED.MemoryStore(own=[int]),
    lambda engine: UNTYPED.MemoryStore(own="visit"),
]


@pytest.mark.parametrize("opened", EVERY_STORE)
@pytest.mark.parametrize("ask", ASKED)
def test_whatever_comes_to_the_door_is_refused_by_a_nonsense_error(tmp_path: Path, opened: Any, ask: Any) -> None:
    engine = Engine(opened(tmp_path), [RULES])
    engine.execute("1", Receive("Pipes", "Deputy A"), by=OFFICE)

    with pytest.raises(NonsenseError) as caught:
        ask(engine)

    assert all(caught.value.text(lang) for lang in ("en", "zh"))


def test_what_is_no_request_is_an_answer_and_stops_no_other() -> None:
    engine = Engine(MemoryStore(), [RULES])
    received, refused = engine.execute_many([Request("1", Receive("Pipes", "Deputy A"), OFFICE), "2"])  # type: ignore[list-item]

    assert isinstance(received, Suggestion)
    assert str(refused) == "execute_many does not take what it is given: requests: Request ≠ '2'"


def test_a_clock_tells_an_instant_with_its_zone() -> None:
    naive = Engine(MemoryStore(), [RULES], clock=lambda: datetime.datetime(2026, 2, 10, 9))  # noqa: DTZ001  on purpose
    plain = Engine(MemoryStore(), [RULES], clock=lambda: datetime.datetime(2026, 2, 10, 9, tzinfo=datetime.UTC))

    with pytest.raises(NaiveInstant, match="has no time zone"):
        naive.sweep()
    assert plain.execute("1", Receive("Pipes", "Deputy A"), by=OFFICE).last_at == plain.now()


def test_a_promise_is_looked_into_as_well() -> None:
    @frozen
    class Held(Act):
        verb = "held"
        kind = "host_held"
        promise: Promise

    with pytest.raises(WrongType, match="promise: Promise ≠ "):
        Held({"text": "pipes"})  # type: ignore[arg-type]
