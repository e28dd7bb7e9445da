"""What is taken for words? What no disk could keep is refused before an act exists."""

from __future__ import annotations

from typing import Any

import pytest

from handleflow.acts import Assign, Receive, TakeOver
from handleflow.errors import EmptyWords


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: Receive("half a \ud800", "Deputy A"), id="a title"),
        pytest.param(lambda: Receive("Pipes", "Deputy A", number="\ud800"), id="a number"),
        pytest.param(lambda: Assign(("\ud800",)), id="a unit"),
        pytest.param(lambda: TakeOver("Pipes", as_written=(("a", object()),)), id="a cell"),
        pytest.param(lambda: TakeOver("Pipes", as_written=7), id="no row at all"),
    ],
)
def test_what_cannot_be_written_is_refused_before_any_store_sees_it(make: Any) -> None:
    with pytest.raises(EmptyWords):
        make()
