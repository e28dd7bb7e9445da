"""
Is a command that a page shows still one? It is checked by its program; one that nobody can check is an error.

- ``handleflow``, ``python -m handleflow.testing``, ``python -m benchmarks``, ``pytest``: their own parsers take the
  options, and the files that pytest is given exist.
- ``pip install``: the extras of handleflow exist; those of ``.`` in the ``pyproject.toml`` nearest to the page.
- ``python FILE``, ``python -m MODULE``, ``scripts/FILE``: the file or the module exists.
- Any other program that the virtual environment holds, ``.venv/bin/`` before it or not.
- ``export NAME=VALUE``, ``crontab -l``, and what of ``openssl`` makes keys and time stamps: these are let through.
"""

from __future__ import annotations

import io
import re
import shlex
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from _pytest.config import get_config

from tests.paths import ROOT

BIN = Path(sys.executable).parent

Check = Callable[[list[str], Path], str]
"""What is wrong with a command, given its words after the program and the page; empty when all is well."""


def wrong_commands(commands: Iterable[str], page: Path) -> str:
    """What is wrong with each of *commands* shown on a page; empty when all is well."""
    found = ((line, _wrong_in(words, page)) for line in commands for words in _split(line))
    return "\n".join(f"`{line}`: {wrong}" for line, wrong in found if wrong)


def _split(line: str) -> Iterator[list[str]]:
    """The single commands of a line of a shell, without redirections and variables set before them."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;<>")
    lexer.whitespace_split, lexer.commenters = True, ""
    words: list[str] = []
    tokens = iter([*lexer, ";"])
    for token in tokens:
        if token[0] in "<>":
            next(tokens)
        elif token[0] not in "|&;":
            words.append(token)
        else:
            while words and re.match(r"\w+=", words[0]):
                del words[0]
            if words:
                yield words
            words = []


def _wrong_in(words: list[str], page: Path) -> str:
    program, *rest = words
    name = program.removeprefix(".venv/bin/")
    if name in COMMANDS:
        return COMMANDS[name](rest, page)
    is_known = _exists(name, page) if "/" in name else (BIN / name).is_file()
    return "" if is_known else f"nobody can check {program!r}; tests/shown_commands.py says which commands can be"


def _exists(name: str, page: Path) -> bool:
    return (ROOT / name).exists() or (page.parent / name).exists()


def _let_through(_: list[str], __: Path) -> str:
    return ""


def _check_crontab_command(words: list[str], _: Path) -> str:
    return "" if words == ["-l"] else "only `crontab -l` can be checked"


def _check_openssl(words: list[str], _: Path) -> str:
    return (
        ""
        if words[:1] in (["genpkey"], ["pkey"], ["ts"])
        else "only `openssl genpkey`, `pkey` and `ts` can be checked"
    )


def _parsed_by(module: str, parser: str) -> Check:
    """A check by the program's own parser, imported late so that tests which meet no page start sooner."""

    def check(words: list[str], _: Path) -> str:
        said = io.StringIO()
        try:
            with redirect_stderr(said), redirect_stdout(io.StringIO()):
                getattr(import_module(module), parser)().parse_args(words)
        except SystemExit as end:
            return said.getvalue().strip() if end.code else ""
        return ""

    return check


def _check_pip(words: list[str], page: Path) -> str:
    """Every extra is one of the project's."""
    if words[:1] != ["install"]:
        return "only `pip install` can be checked"
    found = [re.match(r"(handleflow|\.)\[([^]]+)\]", word) for word in words]
    wanted = [(each[1], extra.strip()) for each in found if each for extra in each[2].split(",")]
    missing = [extra for name, extra in wanted if extra not in _extras(page if name == "." else ROOT / "README.md")]
    return f"no such extra: {', '.join(missing)}" if missing else ""


def _extras(page: Path) -> set[str]:
    """The extras of the project that a page lies in; one that lies in none of its own speaks of this project."""
    near = (folder / "pyproject.toml" for folder in page.parents)
    path = next((path for path in near if path.is_file()), ROOT / "pyproject.toml")
    return set(tomllib.loads(path.read_text(encoding="utf-8"))["project"]["optional-dependencies"])


def _check_pytest(words: list[str], page: Path) -> str:
    """Every option is one of pytest or a plugin, and every file exists."""
    config = get_config([])
    config.pluginmanager.load_setuptools_entrypoints("pytest11")
    try:
        known, unknown = config._parser.parse_known_and_unknown_args(words)
    except pytest.UsageError as error:
        return str(error)
    missing = [file for file in known.file_or_dir if not _exists(file.partition("::")[0], page)]
    return f"no such option or file: {', '.join([*unknown, *missing])}" if unknown or missing else ""


def _check_python_command(words: list[str], page: Path) -> str:
    """The module exists, with its options where they can be parsed; or the file does."""
    match words:
        case ["-m", module, *rest] if module in MODULES:
            return MODULES[module](rest, page)
        case ["-m", module, *_]:
            return "" if find_spec(module) else f"there is no module {module}"
        case [file, *_] if not file.startswith("-"):
            return "" if _exists(file, page) else f"there is no file {file}"
    return "only `python FILE` and `python -m MODULE` can be checked"


MODULES: dict[str, Check] = {
    "handleflow.cli": _parsed_by("handleflow.cli._commands", "_parser"),
    "handleflow.testing": _parsed_by("handleflow.testing.__main__", "_parser"),
    "benchmarks": _parsed_by("benchmarks.__main__", "parser"),
}
"""By which parser a module takes its options."""

COMMANDS: dict[str, Check] = {
    "handleflow": MODULES["handleflow.cli"],
    "pip": _check_pip,
    "pytest": _check_pytest,
    "python": _check_python_command,
    "python3": _check_python_command,
    "export": _let_through,
    "crontab": _check_crontab_command,
    "openssl": _check_openssl,
}
"""How a command is checked, by its program."""
