"""Whose terms does an act begin and meet? The units it is about."""

from __future__ import annotations

import pytest

from handleflow import Act, Actor
from handleflow.acts import (
    Accept,
    ApproveDraft,
    Assign,
    GrantExtension,
    GrantReturn,
    MarkProgress,
    Publish,
    RefuseExtension,
    Regrade,
    Rehandle,
    Reply,
    ReturnDraft,
    Supervise,
    TakeOver,
)
from handleflow.legal_time import day
from handleflow.model import Provenance
from tests.beginnings import OFFICE, WATER, instant

ROADS = ("Roads Bureau",)
CASES: list[tuple[Act, Actor, tuple[str, ...]]] = [
    (Accept(), WATER, ("Water Bureau",)),
    (Accept(), OFFICE, ()),
    (Reply("A", "done"), WATER, ("Water Bureau",)),
    (Assign(ROADS, ("Schools Bureau",)), OFFICE, ("Roads Bureau", "Schools Bureau")),
    (TakeOver("Pipes", leads=ROADS, co_units=("Schools Bureau",)), OFFICE, ("Roads Bureau", "Schools Bureau")),
    (Rehandle(ROADS, "again"), OFFICE, ROADS),
    (GrantReturn("Roads Bureau"), OFFICE, ROADS),
    (GrantExtension("Roads Bureau"), OFFICE, ROADS),
    (RefuseExtension("Roads Bureau", reason="no"), OFFICE, ROADS),
    (ApproveDraft("Roads Bureau"), OFFICE, ROADS),
    (ReturnDraft("Roads Bureau", reason="unclear"), OFFICE, ROADS),
    (Regrade("Roads Bureau", "B", "as it is"), OFFICE, ROADS),
    (Publish("Roads Bureau"), OFFICE, ROADS),
    (Supervise("Roads Bureau", "phone", "please"), OFFICE, ROADS),
    (MarkProgress("Roads Bureau", "red"), OFFICE, ROADS),
]


@pytest.mark.parametrize(("act", "by", "units"), CASES, ids=lambda value: getattr(value, "verb", ""))
def test_an_act_is_about_the_units_it_names_or_else_the_one_that_asks(
    act: Act, by: Actor, units: tuple[str, ...]
) -> None:
    assert act.units(Provenance(by, instant("2026-02-10"), day("2026-02-10"))) == units
