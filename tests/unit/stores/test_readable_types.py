"""Is whatever a host's act may hold read back from the record as what it was, or is the act not known to a store?"""

from __future__ import annotations

import enum
import os
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, NewType, TypeVar, Union, get_type_hints

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendulum import DateTime

from handleflow import Act, Engine, HandleflowError, MemoryStore, Part, Promise, Store, load
from handleflow.acts import EVENTS, Accept, Receive, Reply
from handleflow.canonical_json import STANDARD, fastest
from handleflow.codec import Codec
from handleflow.codec._readable_types import is_readable
from handleflow.errors import StoreError, UnknownKind, WrongType
from handleflow.legal_time import Day, Span
from handleflow.model.fields import PRIVATE
from handleflow.stores.sql import SqlStore
from handleflow.values import frozen
from tests.anything import of_type
from tests.beginnings import OFFICE, instant
from tests.databases import fresh_postgres
from tests.markers import POSTGRES
from tests.unit.stores.test_codec import Colour, Film, Folder, Photo, Tone, entry_of, made

T = TypeVar("T")


class Level(enum.IntEnum):
    """A host's own choice that is a number."""

    LOW = 1


class Pairs(enum.Enum):
    """A host's own choice of what JSON cannot hold."""

    ONE = (1, 1)


@frozen
class Pair(Generic[T]):
    """A host's own generic."""

    first: T


@frozen
class Loose:
    """A host's own noun that holds anything."""

    value: Any = None


class Plain:
    """A host's own class that says nothing of its fields."""


@frozen
class Twin:
    """One that looks like a ``Photo``."""

    name: str
    size: float = 1.0


NAMED = NewType("NAMED", str)
LEAVES: list[Any] = [str, int, float, bool, Day, DateTime, Span, None, Photo, Film, Promise]
LEAVES += [Colour, Tone, Level, Literal["a", "b"], Literal["a", 1, True], Literal[1, None]]
NEVER: list[Any] = [
    Any,
    object,
    set[str],
    dict[str, int],
    list[str],
    tuple,
    dict,
    set,
    frozenset[int],
    bytes,
    complex,
]
NEVER += [Pairs, Pair[int], Pair, Loose, Plain, Twin | Photo, Mapping[str, int], NAMED, Literal[b"a"], str | Day]


def several(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Tuples and unions of types."""
    many: Any = tuple
    either: Any = Union
    union = st.lists(inner, min_size=2, max_size=4).map(lambda hints: either[tuple(hints)])
    return union | inner.map(lambda hint: many[hint, ...]) | st.tuples(inner, inner).map(lambda two: many[two])


HINTS = st.recursive(st.sampled_from(LEAVES) | st.sampled_from(NEVER), several, max_leaves=5)


@given(hint=HINTS, data=st.data(), library=st.sampled_from([STANDARD, fastest()]))
def test_whatever_a_known_act_holds_is_read_back_as_itself(hint: Any, data: st.DataObject, library: Any) -> None:
    kind = made("any_type", held=hint)
    try:
        codec = Codec([kind], library)
    except WrongType:
        return
    event = kind(data.draw(of_type(hint)))
    stored = codec.encode(entry_of(event), "", os.urandom)
    read = codec.decode(stored).event

    assert (read, type(read)) == (event, kind)
    assert codec.encode(entry_of(read), "", os.urandom).body == stored.body


@pytest.mark.parametrize("hint", LEAVES, ids=str)
def test_these_types_are_taken(hint: Any) -> None:
    assert is_readable(hint)
    assert Codec([made("taken", held=hint, many=tuple[hint, ...], pair=tuple[str, hint])]).knows(Accept)


@pytest.mark.parametrize(
    "hint", [Folder, int | str, bool | int | str | None, Span | tuple[int, ...] | Photo | float, Photo | Film]
)
def test_what_holds_itself_and_types_that_look_unlike_in_json_are_taken(hint: Any) -> None:
    assert is_readable(hint)


@pytest.mark.parametrize("hint", NEVER, ids=str)
def test_these_types_are_not_and_the_store_is_not_opened(hint: Any) -> None:
    with pytest.raises(WrongType, match=r"refused_type: not read back as what they were: held: .*Fields may be"):
        MemoryStore([made("refused_type", held=hint)])
    with pytest.raises(WrongType, match="refused_type"):
        MemoryStore([made("refused_type", held=tuple[hint, ...])])


def test_every_such_field_is_named_with_its_type_in_both_languages() -> None:
    kind = made("wrong_twice", fine=str, one=set[str], other=str | Day)
    with pytest.raises(WrongType) as caught:
        MemoryStore([kind])
    english, chinese = caught.value.text("en"), caught.value.text("zh")

    assert "what they were: one: set[str], other: str | Date. Fields may be of str" in english
    assert "不再是原来的内容：one: set[str]、other: str | Date。可用的类型：str" in chinese


def test_a_note_on_a_type_changes_nothing() -> None:
    assert Codec([made("noted", held=Annotated[str, "a note"])]).knows(Accept)


def test_a_type_that_nobody_can_look_up_is_not_taken() -> None:
    with pytest.raises(WrongType, match="held: Any"):
        MemoryStore([made("lost", held="NoSuchName")])


def test_a_private_field_may_be_unknown_for_it_is_when_it_was_erased() -> None:
    private = {"metadata": PRIVATE}
    with pytest.raises(WrongType, match=r"phone: str \(PRIVATE\)\. .* X .* None .every PRIVATE one"):
        MemoryStore([made("hidden_text", phone=(str, private))])

    assert MemoryStore([made("hidden_maybe", phone=(str | None, private))]).codec.knows(Receive)


def test_every_field_of_the_library_is_read_back() -> None:
    fields = [
        hint for kind in EVENTS for name, hint in get_type_hints(kind).items() if name in attrs.fields_dict(kind)
    ]

    assert [hint for hint in fields if not is_readable(hint)] == []


@pytest.mark.parametrize("held", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_json_has_not_is_refused_when_the_act_is_made(held: float) -> None:
    with pytest.raises(WrongType, match="held: float ≠ "):
        made("number", held=float)(held)


@pytest.mark.parametrize(
    ("hint", "held"),
    [
        pytest.param(Day, instant("2026-02-10"), id="an instant for a day"),
        pytest.param(DateTime, instant("2026-02-10").naive(), id="an instant without a zone"),
        pytest.param(Photo, type("Larger", (Photo,), {})("a"), id="a noun of a class beneath"),
    ],
)
def test_what_would_be_read_as_something_else_is_refused_when_the_act_is_made(hint: Any, held: Any) -> None:
    with pytest.raises(WrongType, match="held: "):
        made("other", held=hint)(held)


def test_what_a_converter_makes_anew_each_time_is_not_written() -> None:
    kind = made("again", words=(str, {"converter": lambda words: f"again {words}"}))
    with pytest.raises(StoreError, match=r"entry 1 \(again\) cannot be written, and nothing was: its own converters"):
        Codec([kind]).encode(entry_of(kind("a")), "", os.urandom)


class TestNames:
    """An act of a host's own has a kind and a verb of its own."""

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            ({"kind": "replied"}, "cannot have the kind 'replied', which is that of handleflow.acts.replying.Reply"),
            ({"kind": "term_set"}, "cannot have the kind 'term_set', which is that of handleflow.events.TermSet"),
            ({"verb": "reply"}, "cannot have the verb 'reply', which is that of handleflow.acts.replying.Reply"),
            ({"kind": ""}, "has no kind; give it one of its own"),
            ({"verb": ""}, "has no verb; give it one of its own"),
            ({"verb": "v" * 65}, "the verb of .* is longer than 64 characters: 'vvv"),
            ({"kind": "k" * 65}, "the kind of .* is longer than 64 characters: 'kkk"),
        ],
    )
    def test_of_none_that_is_taken_is_any_store_opened(self, words: dict[str, str], said: str) -> None:
        kind = frozen(type("Own", (Act,), {"kind": "own_kind", "verb": "own_verb"} | words))
        with pytest.raises(UnknownKind, match=said) as caught:
            MemoryStore([kind])

        assert caught.value.text("zh") != caught.value.text("en")

    @pytest.mark.parametrize("word", ["kind", "verb"])
    def test_two_of_a_hosts_own_do_not_share_one(self, word: str) -> None:
        one, other = (
            frozen(type(name, (Act,), {"kind": name.lower(), "verb": name.lower()} | {word: "shared"}))
            for name in ("One", "Other")
        )
        with pytest.raises(UnknownKind, match=f"Other cannot have the {word} 'shared', which is that of .*One"):
            MemoryStore([one, other])

        assert MemoryStore([one, one]).codec.knows(one)

    def test_a_class_made_of_one_of_the_librarys_takes_its_place_nowhere(self) -> None:
        own = frozen(type("OwnReply", (Reply,), {}))
        with pytest.raises(UnknownKind, match="OwnReply cannot have the kind 'replied'"):
            MemoryStore([own])


@frozen
class Mixed(Act):
    """A host's act whose fields take several types."""

    verb = "mix"
    kind = "mixed"
    one: int | str | None = None
    several: tuple[bool | int | str, ...] = ()
    noun: Part | tuple[int, ...] | float | None = None


MIXING = {"act": "mix", "source": ["received"], "target": "same", "who": ["congress_office"]}


@pytest.fixture(params=["memory", "sqlite", POSTGRES])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store that knows ``Mixed``."""
    if request.param == "memory":
        yield MemoryStore([Mixed])
        return
    where = fresh_postgres() if request.param == "postgres" else str(tmp_path / "a.db")
    with closing(SqlStore(where, own=[Mixed])) as opened:
        yield opened


def test_what_an_act_says_in_several_types_is_read_from_every_store(store: Store) -> None:
    rules = load("cn.national", acts=[Mixed], changes={"name": "host", "version": "1", "transition": [MIXING]})
    engine, acts = Engine(store, [rules]), [Mixed(1, (True, 1, "1")), Mixed("1", (), Part("W")), Mixed(None, (), 1.0)]
    engine.execute("1", Receive("Pipes", "Deputy A"), by=OFFICE)
    for act in acts:
        engine.execute("1", act, by=OFFICE)
    with pytest.raises(HandleflowError):
        Mixed(1.5)  # type: ignore[arg-type]

    read = [entry.event for entry in engine.history("1")[1:]]
    assert [repr(event) for event in read] == [repr(act) for act in acts]
