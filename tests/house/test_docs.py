"""Do the docs still say what the library is? Names, drawings and links are held against the code."""

from __future__ import annotations

import argparse
import re
import tomllib
from collections.abc import Iterator
from importlib.util import find_spec
from inspect import signature
from pathlib import Path

import attrs
import pytest

import handleflow
from handleflow import errors, rules
from handleflow.acts import ACTS
from handleflow.cli import _commands
from handleflow.cli._shipped import shipped_page
from handleflow.errors import REASON_KINDS
from handleflow.events import CONSEQUENCES
from handleflow.legal_time import Convention, WorkCalendar, WorkingHours
from handleflow.model import Act
from handleflow.rulebooks import load_preset, names
from handleflow.rulebooks._calendars import Year
from handleflow.rulebooks._structuring import keys_of
from handleflow.rules import CHANNELS, CONDITIONS, GUARDS, Citation, Fact
from handleflow.views import draw
from tests.paths import DOCS, ROOT
from tests.sentences import reasons, said_in

PAGES = (*(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")), *sorted(DOCS.rglob("*.md")))
ROWS = (*(kind for kind in vars(rules).values() if attrs.has(kind) and kind not in {Citation, Fact}),)
ROWS += (Convention, WorkCalendar, WorkingHours, Year)
NO_KEYS = {"document", "trigger", "final_states", "labels", "outlives_its_part"}
"""Fields of rules that no key of a file fills by itself."""


def read(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def rows(page: str) -> Iterator[str]:
    """The lines of a page's tables."""
    return (line for line in read(page).splitlines() if line.startswith("|"))


def links(page: Path) -> Iterator[str]:
    """The relative links of a page, without the place within the page; code is left out."""
    prose = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", prose):
        if "://" not in target and not target.startswith(("#", "mailto:")):
            yield target.partition("#")[0]


def errors_below(branch: type[errors.HandleflowError]) -> Iterator[str]:
    for leaf in branch.__subclasses__():
        if leaf.__module__.startswith(errors.__name__):
            yield leaf.__name__
            yield from errors_below(leaf)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.verb)
def test_every_act_has_its_row_with_its_kind_and_its_fields(act: type[Act]) -> None:
    (row,) = [row for row in rows("reference/acts.md") if row.startswith(f"| `{act.verb}` |")]
    fields = [field.name for field in attrs.fields(act) if field.name != "on"]

    assert [name for name in (act.kind, act.__name__, *fields) if f"`{name}`" not in row] == []


def test_every_consequence_has_its_row() -> None:
    listed = [row.split("|")[1].strip(" `") for row in rows("reference/acts.md")]

    assert [event.kind for event in CONSEQUENCES if event.kind not in listed] == []


def test_the_drawings_are_those_the_command_line_prints() -> None:
    lifecycle = load_preset("cn.national").lifecycle
    drawn = re.findall(r"^```mermaid\n(.*?)^```", read("reference/lifecycle.md"), re.MULTILINE | re.DOTALL)

    assert drawn == [draw(lifecycle, "en"), draw(lifecycle, "zh")]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_of_shipped_rulebooks_names_each_with_its_text_and_all_that_is_open(lang: str) -> None:
    page = shipped_page([load_preset(name) for name in names()], lang)
    shipped = [load_preset(name) for name in names()]
    said = [words for rules in shipped for words in (rules.title, *(point.en for point in rules.open_points))]

    assert [words for words in said if words not in page] == []
    assert [rules.name for rules in shipped if rules.text_of is None] == ["cn.shanghai", "gb.foi"]


def test_the_page_of_shipped_rulebooks_is_the_one_the_command_line_prints() -> None:
    assert read("reference/shipped-rulebooks.md") == shipped_page([load_preset(name) for name in names()], "en")


def test_every_state_and_fork_of_the_lifecycle_is_named() -> None:
    lifecycle, page = load_preset("cn.national").lifecycle, read("reference/lifecycle.md")
    forks = [
        name
        for transition in lifecycle.transitions
        if transition.condition
        for name in (transition.act.verb, transition.condition)
    ]

    assert [name for name in (*lifecycle.states, *forks) if f"`{name}`" not in page] == []


def test_every_key_of_a_rulebook_file_is_named() -> None:
    page = read("reference/rulebook-file.md")
    keys = [key for kind in ROWS for field, key in keys_of(kind).items() if field.name not in NO_KEYS]

    assert [key for key in (*keys, "extends", "roles") if f"`{key}`" not in page and f"[{key}" not in page] == []


def test_every_guard_with_its_settings_and_every_condition_is_named() -> None:
    page = read("reference/rulebook-file.md")
    settings = [name for guard in GUARDS.values() for name in signature(guard).parameters]

    assert [name for name in (*GUARDS, *settings, *CONDITIONS, *CHANNELS) if f"`{name}`" not in page] == []


def test_every_reason_for_a_refusal_has_its_row_with_its_kinds() -> None:
    cells = [[cell.strip(" `") for cell in row.split("|")] for row in rows("reference/refusals.md")]
    listed = {(rule, kind) for _, rule, kinds, *_ in cells for kind in kinds.split(", ") if kind in REASON_KINDS}

    assert sorted(listed ^ reasons()) == []
    assert sorted(set(GUARDS) - {rule for rule, _ in listed}) == []


def test_a_sentence_is_read_off_the_place_that_says_it(tmp_path: Path) -> None:
    (tmp_path / "made.py").write_text(
        """
first = Reason("one", {"unit": unit}, "who")
second = Reason("two", kind="value", citation="host")
third = errors.Reason("three", {"unit": unit, "on": on})
others = Message("four", {"n": 4}), say("five", lang, n=5), say(f"seven_{n}", lang)
fault = IntegrityFault(id, 0, "six", {"n": 6})
unread = Reason(rule, facts), text.words()
""",
        encoding="utf-8",
    )

    assert reasons(tmp_path) == {("one", "who"), ("two", "value"), ("three", "state")}
    assert {(each.id, *sorted(each.facts)) for each in said_in(tmp_path)} == {
        ("one", "unit"),
        ("two",),
        ("three", "on", "unit"),
        ("four", "n"),
        ("five", "n"),
        ("fault-six", "n"),
        ("seven_*",),
    }


def test_facts_that_are_not_written_out_where_a_reason_is_given_are_named(tmp_path: Path) -> None:
    (tmp_path / "made.py").write_text('reason = Reason("one", found)', encoding="utf-8")

    with pytest.raises(ValueError, match="'found', line 1: write the facts of a sentence out where it is said"):
        said_in(tmp_path)


def test_every_command_with_its_options_is_named() -> None:
    page = read("reference/command-line.md")
    (commands,) = [a for a in _commands._parser()._actions if isinstance(a, argparse._SubParsersAction)]
    options = [option for sub in commands.choices.values() for a in sub._actions for option in a.option_strings]

    assert [name for name in commands.choices if f"## {name}\n" not in page] == []
    assert sorted({option for option in options if option not in page}) == []


def test_every_error_stands_in_the_tree() -> None:
    page = read("reference/errors.md")

    assert [name for name in errors_below(errors.HandleflowError) if name not in page] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_points_to_something_that_exists(page: Path) -> None:
    assert [link for link in links(page) if not (page.parent / link).exists()] == []


def test_the_decisions_are_listed_by_number_and_title() -> None:
    listed = re.findall(r"^(\d+\. )\[(.+)\]\(adr/(.+)\)$", read("index.md"), re.MULTILINE)
    headings = {file.name: file.read_text(encoding="utf-8").splitlines()[0] for file in (DOCS / "adr").iterdir()}

    assert [(file, f"# {number}{title}") for number, title, file in listed] == sorted(headings.items())


def test_every_page_is_reached_from_the_index() -> None:
    reached, unread = {DOCS / "index.md"}, [DOCS / "index.md"]
    while unread:
        page = unread.pop()
        found = {(page.parent / link).resolve() for link in links(page) if link.endswith(".md")} - reached
        reached |= found
        unread += found

    assert sorted(set(DOCS.rglob("*.md")) - reached) == []


def test_the_layers_are_those_of_the_contract_in_their_order() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    (contract,) = [each for each in contracts if each.get("containers") == ["handleflow"]]
    table = read("explanation/architecture.md").partition("\n## Layers\n")[2].partition("\n\n`pyproject.toml`")[0]
    first_cells = re.findall(r"^\| (`.+?) \|", table, re.MULTILINE)

    assert [re.findall(r"\w+", cell) for cell in first_cells] == [
        re.findall(r"\w+", layer) for layer in contract["layers"]
    ]


def test_the_front_door_has_the_names_that_stand_in_the_list_of_public_ones() -> None:
    front, _, _ = read("reference/public-names.md").partition("\n## Modules")
    rows = [line for line in front.splitlines() if line.startswith("| ")][1:]
    listed = [name for row in rows for name in re.findall(r"`(\w+)`", row)]

    assert sorted(listed) == sorted(handleflow.__all__)


def test_pages_and_examples_use_public_modules_alone() -> None:
    listed = set(re.findall(r"^\| `(handleflow[\w.]*)`", read("reference/public-names.md"), re.MULTILINE))
    used = {
        name
        for path in (*PAGES, *(ROOT / "examples").rglob("*.py"))
        for name in re.findall(r"^(?:from|import) (handleflow\.[\w.]+)", path.read_text("utf-8"), re.MULTILINE)
    }

    assert sorted(used - listed) == []
    assert [name for name in sorted(listed) if find_spec(name) is None] == []


def test_whatever_the_docs_and_examples_import_is_public() -> None:
    public = read("reference/public-names.md")
    sources = [*DOCS.rglob("*.md"), *(ROOT / "examples").rglob("*.py"), *(ROOT / "examples").rglob("*.md")]
    imports = re.compile(r"^ *(?:from|import) (handleflow\.[\w.]+)", re.MULTILINE)
    found = {name for file in sources for name in imports.findall(file.read_text(encoding="utf-8"))}

    assert len(found) > 20
    assert sorted(name for name in found if f"`{name}`" not in public) == []
