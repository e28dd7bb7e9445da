"""A name that is nearly another one in use is told as a warning: by ``ask``, by the log and by ``health``."""

from __future__ import annotations

import logging

import pytest

from handleflow import Engine, Party, Store, load_preset
from handleflow.acts import Assign, Receive
from tests.beginnings import OFFICE


@pytest.fixture
def engine(any_store: Store) -> Engine:
    engine = Engine(any_store, [load_preset("cn.national")])
    for id in "12":
        engine.execute(id, Receive("Safe water", "张伟"), by=OFFICE)
    engine.execute("1", Assign(("水务局（市）",)), by=OFFICE)
    return engine


def test_ask_warns_and_does_not_refuse(engine: Engine) -> None:
    (warning,) = engine.ask("2", Assign(("水务局(市)",)), by=OFFICE)

    assert (warning.rule, warning.kind, warning.refuses) == ("near_twin", "warning", False)
    assert warning.text("zh") == "“水务局(市)”与已有名称“水务局（市）”几乎相同；若为同一单位或同一人，请统一写法"


def test_the_log_and_health_tell_it(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        engine.execute("2", Assign(("水务局(市)",)), by=OFFICE)
        engine.execute("3", Receive("Safe water", "张 伟"), by=OFFICE)

    assert [record.getMessage().partition(":")[0] for record in caplog.records] == [
        "suggestion 2, assign",
        "suggestion 3, receive",
    ]
    assert engine.health().near_twins == (("张 伟", "张伟"), ("水务局(市)", "水务局（市）"))


def test_the_same_name_and_one_with_an_id_are_no_twins(engine: Engine) -> None:
    assert engine.ask("2", Assign(("水务局（市）",)), by=OFFICE) == ()
    assert engine.ask("2", Assign((Party("u-17", "水务局(市)"),)), by=OFFICE) == ()
    assert engine.health().near_twins == ()


def test_a_name_of_signs_alone_is_like_itself_alone(engine: Engine) -> None:
    engine.execute("2", Assign(("—",)), by=OFFICE)

    assert engine.ask("2", Assign(("…",)), by=OFFICE)[0].rule != "near_twin"
