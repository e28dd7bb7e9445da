"""What does a codec read and write of a host's own types, by either JSON library, and of what somebody changed?"""

from __future__ import annotations

import enum
import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from operator import attrgetter
from pathlib import Path
from typing import Annotated, Any, Literal

import attrs
import pytest
from attrs import field, frozen
from cattrs import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handleflow import Act, Actor, Engine, Entry, Event, Provenance
from handleflow.acts import EVENTS, Accept, Assign, Correct, Receive
from handleflow.canonical_json import STANDARD, canonical, fastest
from handleflow.codec import Codec, Entropy
from handleflow.codec._by_cattrs import event_converter, snapshot_converter
from handleflow.core import replay
from handleflow.errors import StoreError
from handleflow.legal_time import Day, Span, day
from handleflow.model import RulebookRef, Suggestion, UnknownEvent
from handleflow.stores.sql import SqlStore
from handleflow.verification import verify
from tests.anything import in_full, values_of
from tests.beginnings import OFFICE, WATER, instant, rulebook

SLOW = settings(suppress_health_check=list(HealthCheck))
LIBRARIES = {"the standard library": STANDARD, "the fastest": fastest()}
BOTH = pytest.mark.parametrize("library", LIBRARIES)
CONVERTER, SNAPSHOT_CONVERTER = event_converter(), snapshot_converter()
PRIVATE = {"phone", "address"}
NO_ENTROPY: Entropy = bytes
"""Every salt is the same."""


class Colour(enum.Enum):
    """A host's own choice."""

    RED = "red"


class Tone(enum.StrEnum):
    """A host's own choice that is text."""

    LOUD = "loud"


@frozen
class Photo:
    """A host's own noun."""

    name: str
    size: float = 1e16


@frozen
class Film:
    """Another, which has a field that the first has not."""

    title: str
    seconds: int = 0


@frozen
class Folder:
    """One that holds itself."""

    name: str
    folders: tuple[Folder, ...] = ()


@frozen
class Plot:
    """One of types that the library has too."""

    number: int
    since: Day = field(converter=day)
    span: Span | None = None


def named(value: str | int) -> str:
    """A converter of a host's own."""
    return f"no. {value}" if isinstance(value, int) else value


def made(kind: str, **fields: Any) -> Any:
    """An own act of such a kind, with such fields: a type, or a type and what ``field`` has of it."""
    annotations = {name: each[0] if isinstance(each, tuple) else each for name, each in fields.items()}
    body = {name: field(**each[1]) for name, each in fields.items() if isinstance(each, tuple)}
    return frozen(type(kind, (Act,), {"__annotations__": annotations, "kind": kind, "verb": kind, **body}))


OF_ITS_NAME = {"default": attrs.Factory(attrgetter("name"), takes_self=True)}
OWN = [
    pytest.param(made("union", shown=Photo | Film)(Film("a", 2)), id="a union"),
    pytest.param(made("maybe", shown=Photo | None)(None), id="what may be unknown"),
    pytest.param(made("maybe_many", shown=tuple[int | None, ...])((1, None)), id="some of which may be unknown"),
    pytest.param(made("many", shown=tuple[Photo, ...])((Photo("a"), Photo("b", -0.0))), id="several nouns"),
    pytest.param(made("number", shown=float)(1e22), id="a number that is not whole"),
    pytest.param(made("choice", shown=Colour)(Colour.RED), id="a choice"),
    pytest.param(made("text_choice", shown=Tone)(Tone.LOUD), id="a choice that is text"),
    pytest.param(made("text_for", shown=str)(Tone.LOUD), id="a choice where text is declared"),
    pytest.param(made("literal", shown=Literal["a", "b"])("b"), id="a literal"),
    pytest.param(made("itself", folder=Folder)(Folder("a", (Folder("b"),))), id="a noun that holds itself"),
    pytest.param(made("plot", plot=Plot)(Plot(1, "2026-02-10", Span(3, "month"))), id="a noun of known types"),
    pytest.param(made("plots", plots=tuple[Plot, ...])((Plot(2**70, "2026-02-10"),)), id="a number past 64 bits"),
    pytest.param(made("pairs", pairs=tuple[tuple[str, int], ...])((("a", 1), ("b", 2))), id="pairs"),
    pytest.param(made("nothing", pairs=tuple[()])(()), id="a tuple of nothing"),
    pytest.param(made("converted", name=(str, {"converter": named}))(7), id="a converter"),
    pytest.param(
        made("converted_default", name=(str, {"converter": named, "default": 7}))(), id="a default that is converted"
    ),
    pytest.param(made("factory", names=(tuple[str, ...], {"factory": tuple}))(), id="a default from a factory"),
    pytest.param(made("of_itself", name=str, shown=(str, OF_ITS_NAME))("a"), id="a default made of the other fields"),
    pytest.param(
        made("renamed", name=(Annotated[str, override(rename="word")], {}))("a"), id="a field by another name on disk"
    ),
    pytest.param(made("aliased", _name=str)("a"), id="a field whose argument has another name"),
    pytest.param(made("counted", count=(int, {"init": False, "default": 3}))(), id="a field nobody may give"),
    pytest.param(made("shadowing", kind_=str, plain=str, value=str, known=str, new=str)(*"abcde"), id="odd names"),
]


def entry_of(event: Event) -> Entry:
    """An entry of *event*."""
    provenance = Provenance(OFFICE, instant("2026-02-10"), day("2026-02-10"))
    return Entry(1, event, provenance, "handling", RulebookRef("test", "1"))


@BOTH
@pytest.mark.parametrize("event", OWN)
def test_a_hosts_own_types_are_written_and_read_as_cattrs_does(event: Act, library: str) -> None:
    codec, body = Codec([type(event)], LIBRARIES[library]), canonical(CONVERTER.unstructure(event))
    stored = codec.encode(entry_of(event), "", os.urandom)

    assert stored.body == body
    assert repr(codec.decode(stored).event) == repr(CONVERTER.structure(json.loads(body), type(event)))


def test_a_private_field_beside_a_hosts_own_types_is_kept_apart() -> None:
    hidden = made("hidden", photo=Photo, phone=(str | None, {"metadata": {"private": True}}))
    event, codec = hidden(Photo("a"), "placeholder number"), Codec([hidden])
    stored = codec.encode(entry_of(event), "", os.urandom)

    assert (codec.decode(stored).event, b"placeholder" in stored.body) == (event, False)
    assert codec.decode(attrs.evolve(stored, private=())).event == hidden(Photo("a"), None)


EVENT = st.sampled_from(EVENTS).flatmap(values_of)


@SLOW
@given(event=EVENT, by=st.sampled_from([OFFICE, Actor("unit", "水务局 \x1f\u2028")]))
def test_an_entry_is_the_same_by_either_json_library(event: Act, by: Actor) -> None:
    entry = entry_of(event)
    codecs = [Codec(library=library) for library in LIBRARIES.values()]
    provenance = attrs.evolve(entry.provenance, by=by)
    one, other = (codec.encode(attrs.evolve(entry, provenance=provenance), "", NO_ENTROPY) for codec in codecs)

    assert one == other
    assert [codec.decode(one).event for codec in codecs] == [event, event]
    assert codecs[0].fingerprint(event, by) == codecs[1].fingerprint(event, by)


@SLOW
@given(suggestion=values_of(Suggestion))
def test_a_snapshot_is_the_same_by_either_json_library_and_by_cattrs(suggestion: Suggestion) -> None:
    codecs = [Codec(library=library) for library in LIBRARIES.values()]
    text = canonical(SNAPSHOT_CONVERTER.unstructure(suggestion)).decode()

    assert [codec.snapshot_text(suggestion) for codec in codecs] == [text, text]
    for read in map(Codec.snapshot, codecs, (text, text)):
        assert (read, read and read.last_hash) == (suggestion, suggestion.last_hash)


@BOTH
def test_a_number_past_64_bits_is_read_as_it_was_written(library: str) -> None:
    codec, event = Codec(library=LIBRARIES[library]), Correct(2**70, "title", "Pipes", "a slip")

    assert codec.decode(codec.encode(entry_of(event), "", os.urandom)).event == event


@BOTH
def test_a_snapshot_with_half_a_surrogate_pair_cannot_be_written(library: str) -> None:
    with pytest.raises(StoreError, match="the snapshot of suggestion 1 cannot be written, and nothing was"):
        Codec(library=LIBRARIES[library]).snapshot_text(Suggestion("1", state="\ud800"))


def outcome(call: Callable[..., object], *args: object) -> str:
    """What came of it, as text: a value, or the kind of an error."""
    try:
        return in_full(call(*args))
    except Exception as error:
        return type(error).__name__


def event_as_before(kind: type[Event], body: bytes) -> Event:
    """What was read before anything was compiled; what cannot be read at all is kept as it is."""
    try:
        return CONVERTER.structure(json.loads(body.decode()), kind)
    except Exception:
        return UnknownEvent(kind.kind, body)


def snapshot_as_before(text: str) -> Suggestion | None:
    """What was read before anything was compiled."""
    try:
        return SNAPSHOT_CONVERTER.structure(json.loads(text), Suggestion)
    except Exception:
        return None


THERE = [b"", b'"', b"1", b"1.5", b"null", b",", b"NaN", b"\\ud800", b"\xff", b"9" * 20, b"[]", b" "]


@st.composite
def overwritten(draw: st.DrawFn, written: bytes) -> bytes:
    """*written* with a few bytes of it replaced, as somebody with an editor would, or a disk."""
    at = draw(st.integers(0, len(written)))
    there = draw(st.sampled_from(THERE))
    return written[:at] + there + written[at + draw(st.integers(0, 6)) :]


@BOTH
@SLOW
@given(data=st.data(), event=EVENT.filter(lambda event: not PRIVATE & set(attrs.fields_dict(type(event)))))
def test_an_entry_whose_bytes_were_changed_is_read_as_it_was_before(
    library: str, data: st.DataObject, event: Act
) -> None:
    codec = Codec(library=LIBRARIES[library])
    stored = codec.encode(entry_of(event), "", os.urandom)
    changed = data.draw(overwritten(stored.body))

    def read() -> Event:
        return codec.decode(attrs.evolve(stored, body=changed)).event

    assert outcome(read) == outcome(event_as_before, type(event), changed)


@BOTH
@SLOW
@given(data=st.data(), suggestion=values_of(Suggestion))
def test_a_snapshot_whose_bytes_were_changed_is_read_as_it_was_before(
    library: str, data: st.DataObject, suggestion: Suggestion
) -> None:
    codec = Codec(library=LIBRARIES[library])
    changed = data.draw(overwritten(codec.snapshot_text(suggestion).encode())).decode(errors="replace")

    assert outcome(codec.snapshot, changed) == outcome(snapshot_as_before, changed)


NOTHING: tuple[str, ...] = ()
TOLD_OTHERWISE = ("its stored snapshot is not what its history derives; `handleflow rebuild` sets that right",)
CHANGED_ENTRY = ("it was changed, or one before it was: its hash does not fit",)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        pytest.param(("snapshot", '"Pipes"', '"Roads"'), TOLD_OTHERWISE, id="another word in the snapshot"),
        pytest.param(("snapshot", '"state":"handling"', '"state":"closed"'), TOLD_OTHERWISE, id="another state"),
        pytest.param(("snapshot", '"version":4', '"version":3'), TOLD_OTHERWISE, id="another version"),
        pytest.param(("snapshot", '"version":4', '"version":4.0'), NOTHING, id="the same version as a fraction"),
        pytest.param(("snapshot", '"version":4', '"version":"4"'), NOTHING, id="the same version as text"),
        pytest.param(("snapshot", '"Pipes"', '" "'), TOLD_OTHERWISE, id="a word that says nothing"),
        pytest.param(("snapshot", '"title":', '"titel":'), TOLD_OTHERWISE, id="a field there is not"),
        pytest.param(("body", '"Pipes"', '"Roads"'), CHANGED_ENTRY, id="another word in an entry"),
        pytest.param(("body", '"Pipes"', "7"), CHANGED_ENTRY, id="a number for a word in an entry"),
        pytest.param(("body", '"title":', '"titel":'), CHANGED_ENTRY, id="a field there is not in an entry"),
        pytest.param(("body", ':"Pipes"', ' : "Pipes"'), CHANGED_ENTRY, id="the same entry in other bytes"),
    ],
)
def test_what_was_changed_behind_the_stores_back_is_found(
    change: tuple[str, str, str], found: tuple[str, ...], tmp_path: Path
) -> None:
    with closing(changed_behind_its_back(tmp_path, *change)) as store:
        assert tuple(fault.what for fault in verify(store)) == found


@pytest.mark.parametrize("change", [('"Pipes"', '" "'), ('"title":', '"titel":')])
def test_a_snapshot_that_cannot_be_read_is_folded_from_its_history(change: tuple[str, str], tmp_path: Path) -> None:
    with closing(changed_behind_its_back(tmp_path, "snapshot", *change)) as store:
        assert store.load("1") == replay("1", store.history("1"))


def changed_behind_its_back(tmp_path: Path, column: str, old: str, new: str) -> SqlStore:
    """A store in which somebody changed the snapshot, or an entry, before it was opened."""
    acts = ((Receive("Pipes", "Deputy A"), OFFICE), (Assign(("Water Bureau",)), OFFICE), (Accept(), WATER))
    with closing(SqlStore(str(tmp_path / "a.db"))) as lived:
        engine = Engine(lived, [rulebook()])
        for act, by in acts:
            engine.execute("1", act, by=by, at=instant("2026-02-10"))
    table = "handleflow_suggestions" if column == "snapshot" else "handleflow_entries"
    kind = "TEXT" if column == "snapshot" else "BLOB"
    there = f"replace(CAST({column} AS TEXT), ?1, ?2)"
    query = f"UPDATE {table} SET {column} = CAST({there} AS {kind}) WHERE CAST({column} AS TEXT) <> {there}"  # noqa: S608
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection, connection:
        changed = connection.execute(query, (old, new)).rowcount

    assert changed == 1
    return SqlStore(str(tmp_path / "a.db"))
