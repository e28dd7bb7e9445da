"""Ids through every store: who may act, what is found, and what is read back goes by id; people read names."""

from __future__ import annotations

import pytest

from handleflow import Actor, Engine, Party, Refused, Store, load_preset, verify
from handleflow.acts import Accept, Assign, Evaluate, Receive, RecordContact, Reply, Withdraw
from handleflow.party import name_of
from handleflow.store import Indexed, Query
from handleflow.views import board, board_lines, workload, workload_lines
from tests.beginnings import OFFICE

WATER = Party("u-17", "水务局")
UNIT = Actor("unit", "水务局", id="u-17")
ZHANG = Actor("deputy", "张伟", id="d-1")
OTHER_ZHANG = Actor("deputy", "张伟", id="d-2")


@pytest.fixture
def engine(any_store: Store) -> Engine:
    engine = Engine(any_store, [load_preset("cn.national")])
    engine.execute("1", Receive("Safe water", ZHANG.party), by=OFFICE)
    engine.execute("1", Assign((WATER,)), by=OFFICE)
    return engine


def test_a_namesake_did_not_make_it(engine: Engine) -> None:
    with pytest.raises(Refused) as refused:
        engine.execute("1", Withdraw("mine"), by=OTHER_ZHANG)

    assert refused.value.rules == ("not_its_deputy",)
    assert "d-1" not in refused.value.text("zh")


def test_a_unit_acts_by_its_id_whatever_it_is_called(engine: Engine) -> None:
    engine.execute("1", Accept(), by=Actor("unit", "水利局", id="u-17"))
    engine.execute("1", RecordContact("before", "phone"), by=UNIT)
    after = engine.execute("1", Reply("A", "Done."), by=UNIT)

    assert [name_of(reply.unit or "") for reply in after.replies] == ["水务局"]
    assert engine.execute("1", Evaluate(WATER, "satisfied", "satisfied"), by=ZHANG).state == "evaluated"
    names = {entry.kind: entry.by.name for entry in engine.history("1")}
    assert (names["accepted"], names["replied"]) == ("水利局", "水务局")


def test_the_name_alone_is_somebody_else(engine: Engine) -> None:
    assert [reason.rule for reason in engine.ask("1", Accept(), by=Actor("unit", "水务局"))] == ["not_its_unit"]


def test_what_is_read_back_knows_ids_and_names(engine: Engine) -> None:
    suggestion = engine.look_up("1")
    (unit,) = suggestion.units
    (term,) = suggestion.running_terms("reply")

    assert [(text, name_of(text)) for text in (suggestion.deputy or "", unit, term.key.unit)] == [
        ("d-1", "张伟"),
        ("u-17", "水务局"),
        ("u-17", "水务局"),
    ]
    assert not engine.rebuild("1")
    assert not tuple(verify(engine.store))


def test_suggestions_are_found_by_ids(engine: Engine) -> None:
    store = engine.store
    if not isinstance(store, Indexed):
        pytest.skip("it is not looked up in")

    assert [found.id for found in store.find(Query(unit=" u-17 ")).suggestions] == ["1"]
    assert store.find(Query(unit="水务局")).suggestions == ()
    assert store.count(Query(), "deputy") == {"d-1": 1}


def test_tables_show_names(engine: Engine) -> None:
    on = engine.today()
    (line,) = board_lines(board(engine.with_rulebooks(), on), "zh")
    (owing,) = workload_lines(workload(engine.with_rulebooks(), on))

    assert ("水务局" in line, owing[0]) == (True, "水务局")
