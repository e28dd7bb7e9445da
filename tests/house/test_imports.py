"""Do hidden imports keep to the layers too: those in functions, for types alone, or by a name?"""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.house.imports import PACKAGES, Import, circle, found, graph, imports, modules
from tests.paths import ROOT

LIBRARY, MEASURING = modules(PACKAGES[0]), modules(PACKAGES[1])
AT_RUN_TIME = {
    "handleflow.engine.app": "a host's engine, by --app package.module:engine",
    "handleflow.testing.life_as_test": "a host's rulebook by package.module:NAME, and what stands at a front door",
}
"""Who imports what only a host knows, and what that is."""


def hidden(texts: dict[str, str]) -> list[tuple[str, Import]]:
    """Every import that is not at the top of its module, with that module."""
    return [(name, each) for name, text in texts.items() for each in imports(text) if each.how != "top"]


TEXTS = {name: path.read_text(encoding="utf-8") for name, path in {**LIBRARY, **MEASURING}.items()}
HIDDEN = hidden(TEXTS)
DOWN = [(name, other) for name, each in HIDDEN for other in found(each, LIBRARY) if name in LIBRARY]


def layers() -> dict[str, int]:
    """How high each part of the library stands, by the contract; the front door above all."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    (contract,) = [each for each in contracts if each.get("containers") == ["handleflow"]]
    ranks = {name: -rank for rank, layer in enumerate(contract["layers"]) for name in re.findall(r"\w+", layer)}
    return {"": 1, **ranks}


def part(module: str) -> str:
    """The part of the library a module is in; nothing for the front door."""
    return module.removeprefix("handleflow").removeprefix(".").partition(".")[0]


@pytest.mark.parametrize(("name", "other"), DOWN)
def test_a_hidden_import_leads_to_a_lower_layer_or_stays_in_its_part(name: str, other: str) -> None:
    ranks = layers()

    assert part(name) == part(other) or ranks[part(name)] > ranks[part(other)]


def test_there_are_hidden_imports_to_judge() -> None:
    """Without this the one before would prove nothing."""
    assert {"handleflow.verification", "handleflow.evidence._file", "handleflow"} <= {name for name, _ in DOWN}


def test_what_is_imported_by_a_name_nobody_can_read_is_a_hosts() -> None:
    assert {name for name, each in HIDDEN if not each.module} == set(AT_RUN_TIME)


@pytest.mark.parametrize("known", [LIBRARY, MEASURING], ids=["the library", "the benchmarks"])
def test_no_import_goes_in_a_circle_hidden_or_not(known: dict[str, object]) -> None:
    edges = graph({name: path for name, path in {**LIBRARY, **MEASURING}.items() if name in known})
    # What stands in a package is not imported by its front door for its own sake.
    without_doors = {name: others - {"handleflow"} for name, others in edges.items() if name != "handleflow"}

    assert circle(without_doors) == []


def test_an_import_in_a_function_says_why_it_is_not_at_the_top() -> None:
    firsts = {(name, each.function): each.line for name, each in reversed(HIDDEN) if each.how == "function"}
    unsaid = [
        (name, line)
        for (name, _), line in firsts.items()
        if not re.search(r"# noqa: [A-Z0-9, ]+?  \S", TEXTS[name].splitlines()[line - 1])
    ]

    assert unsaid == []


class TestFinding:
    """Whether what is hidden is found at all."""

    @pytest.mark.parametrize(
        ("text", "how", "module"),
        [
            ("import a.b", "top", "a.b"),
            ("def f():\n    from a import b", "function", "a.b"),
            ("async def f():\n    import a", "function", "a"),
            ("if TYPE_CHECKING:\n    from a import b", "types", "a.b"),
            ("if TYPE_CHECKING:\n    pass\nelse:\n    import a", "top", "a"),
            ("import_module('a.b')", "name", "a.b"),
            ("importlib.import_module(f'a.{b}')", "name", "a.*"),
            ("def f():\n    return __import__(a)", "name", ""),
        ],
    )
    def test_an_import_is_found_with_how_it_is_written(self, text: str, how: str, module: str) -> None:
        assert [(each.how, each.module) for each in imports(text)] == [(how, module)]

    def test_what_is_imported_is_a_module_or_stands_in_one(self) -> None:
        known = dict.fromkeys(("a", "a.b", "a.c"))

        assert [found(Import(name, 1, "top"), known) for name in ("a.b", "a.value", "other", "a.*")] == [
            {"a.b"},
            {"a"},
            set(),
            {"a.b", "a.c"},
        ]

    def test_a_circle_is_told_in_order(self) -> None:
        assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == ["b", "c"]
        assert circle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []
