"""
Is every code block of the pages still true? Sybil runs each as a test of its kind.

The word after the opening fence is the kind. A fence without one, or with another than these, is an error.

- ``python``: it runs, after the blocks before it on the page and in the same names. What it prints is kept.
- ``py``: Python that needs a server or names of the reader's. It is compiled, and what it imports exists.
- ``text``: output. It stands, whole lines without a gap, in what the page's blocks have printed so far.
- ``console``: lines that begin with ``$`` and a blank are commands, the others what they print. Every command is
  checked (tests/shown_commands.py). Where any output is shown, all of them run, and each prints exactly what stands
  below it; a line ``...`` stands for any lines, and ``…`` in a line for anything.
- ``sh``: commands to copy, without ``$``. Each is checked, none runs.
- ``crontab``: five fields and a command a line. The command is checked.
- ``toml``: it is parsed; where it holds ``[[case]]``, also as a table of cases.
- ``ftl``: sentences of a language, each line as the files of words have it.
- ``mermaid``: the drawing of a shipped rulebook's lifecycle, in English or Chinese.
- ``csv``: every row has as many cells as the first.
- ``json``: it is parsed.
- ``jsonl``: every line is parsed.

Commands run by bash in a folder of the page's own, with the environment's programs on the path and 110 columns. To
Python the folder is ``page_folder``. What a page needs and need not show stands in an invisible block::

    <!--- invisible-code-block: python
    (page_folder / "city.toml").write_text(...)
    -->
"""

from __future__ import annotations

import ast
import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator
from contextlib import redirect_stdout
from difflib import ndiff
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from sybil import Document, Example, Region
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.markdown import CodeBlockParser
from sybil.parsers.markdown.lexers import RawFencedCodeBlockLexer

from handleflow.errors import HandleflowError
from handleflow.rulebooks import load_preset, names
from handleflow.testing.tables import read_cases
from handleflow.views import draw
from handleflow.words import CATALOGUE
from tests.sentences import text_of
from tests.shown_commands import BIN, wrong_commands

PATTERNS = (
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/*.md",
    "docs/*/*.md",
    "benchmarks/README.md",
    "examples/*/README.md",
)
"""Which files are pages."""

COLUMNS = "110"
PATIENCE = 120
"""After so many seconds a command of a page is given up."""


def open_page(namespace: dict[str, Any]) -> None:
    """Give a page its folder, and the paper for what its blocks print."""
    namespace["page_folder"] = Path(tempfile.mkdtemp(prefix="page"))
    namespace["page_printed"] = io.StringIO()


def close_page(namespace: dict[str, Any]) -> None:
    """Take the folder away."""
    shutil.rmtree(namespace["page_folder"], ignore_errors=True)


@cache
def starts_processes(page: Path) -> bool:
    """Whether a page's blocks start processes: by a library that does, or as commands whose output is shown."""
    text = page.read_text(encoding="utf-8")
    return bool(re.search(r"^import subprocess|^from dbos|^```console\n(?:\$ .*\n)+(?!\$|```)", text, re.MULTILINE))


def python_of(page: Path) -> str:
    """All Python of a page as one program."""
    document = Document.parse(str(page), CodeBlockParser("python", check_python))
    return "\n".join(example.parsed for example in document)


# Kinds of blocks: what is wrong with one, None or empty when all is well.


def check_python(example: Example) -> None:
    """Run it; what it prints is kept for the page, and shown."""
    printed = io.StringIO()
    try:
        with redirect_stdout(printed):
            PythonEvaluator()(example)
    finally:
        example.namespace["page_printed"].write(printed.getvalue())
        sys.stdout.write(printed.getvalue())


def check_py(example: Example) -> str:
    """Compile it, and import what it imports."""
    try:
        tree = ast.parse(example.parsed)
        compile(tree, example.path, "exec", dont_inherit=True)
    except SyntaxError as error:
        return f"line {error.lineno} of the block: {error.msg}"
    return "\n".join(filter(None, map(_unresolved, ast.walk(tree))))


def _unresolved(node: ast.AST) -> str:
    """Why an import is in vain."""
    try:
        if isinstance(node, ast.Import):
            for alias in node.names:
                import_module(alias.name)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                _resolve("." * node.level + (node.module or ""), alias.name)
    except (ImportError, TypeError) as error:
        return f"`{ast.unparse(node)}`: {error}"
    return ""


def _resolve(module: str, name: str) -> None:
    if name != "*" and not hasattr(import_module(module), name):
        import_module(f"{module}.{name}")


def check_text(example: Example) -> str:
    """Look for it, line by line, in what was printed."""
    shown, printed = _lines(example.parsed), _lines(example.namespace["page_printed"].getvalue())
    starts = range(len(printed) - len(shown) + 1)
    if shown and any(printed[start : start + len(shown)] == shown for start in starts):
        return ""
    return "no block before it printed this; printed was:\n" + "\n".join(printed)


def _lines(text: str) -> list[str]:
    """The lines of a text without blanks at their ends, and without empty lines around them."""
    return [line.rstrip() for line in text.strip("\n").splitlines()] if text.strip() else []


def check_console(example: Example) -> str:
    """Check every command, and run all of them where output is shown."""
    first, *commands = re.split(r"^\$ ", example.parsed, flags=re.MULTILINE)
    if first.strip() or not commands:
        return "a line that begins with `$ ` and a command stands first"
    shown = [(command, _lines(output)) for command, _, output in (each.partition("\n") for each in commands)]
    wrong = wrong_commands((command for command, _ in shown), Path(example.path))
    if wrong or not any(output for _, output in shown):
        return wrong
    return "\n".join(_run(command, output, example.namespace["page_folder"]) for command, output in shown).strip()


def _run(command: str, shown: list[str], folder: Path) -> str:
    """What a command prints otherwise than shown."""
    env = {name: value for name, value in os.environ.items() if name not in {"FORCE_COLOR", "NO_COLOR"}}
    env |= {"PATH": f"{BIN}{os.pathsep}{env.get('PATH', '')}", "COLUMNS": COLUMNS, "PYTHONUTF8": "1"}
    ran = subprocess.run(
        ["bash", "-c", command],  # noqa: S607  whichever bash is there
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    printed = _lines(ran.stdout)
    pattern = "".join(r"(.*\n)*?" if line == "..." else re.escape(line).replace("…", ".+") + "\n" for line in shown)
    if re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)):
        return ""
    return f"`{command}` prints otherwise (- shown, + printed):\n" + "\n".join(ndiff(shown, printed))


def check_sh(example: Example) -> str:
    """Check every command."""
    return wrong_commands(_lines(example.parsed), Path(example.path))


def check_crontab(example: Example) -> str:
    """Check the fields and the command of every line."""
    lines = _lines(example.parsed)
    entries = [re.fullmatch(r"(?:[\d*/,-]+\s+){5}(?P<command>\S.*)", line) for line in lines]
    unread = [line for line, entry in zip(lines, entries, strict=True) if entry is None]
    if unread or not lines:
        return f"not five fields and a command: {unread}"
    return wrong_commands((entry["command"] for entry in entries if entry), Path(example.path))


def check_toml(example: Example) -> str:
    """Parse it, and read cases as cases."""
    try:
        document = tomllib.loads(example.parsed)
        if "case" in document:
            path = example.namespace["page_folder"] / "cases_shown.toml"
            path.write_text(example.parsed, encoding="utf-8")
            read_cases(path)
    except (tomllib.TOMLDecodeError, HandleflowError) as error:
        return str(error)
    return ""


def check_mermaid(example: Example) -> str:
    """Hold it against what is drawn of the rulebooks that ship."""
    return "" if example.parsed.strip() in _drawings() else "no shipped lifecycle is drawn like this in en or zh"


@lru_cache(maxsize=1)
def _drawings() -> frozenset[str]:
    lifecycles = [load_preset(name).lifecycle for name in names()]
    return frozenset(draw(lifecycle, lang).strip() for lifecycle in lifecycles for lang in ("en", "zh"))


def check_ftl(example: Example) -> str:
    """Look its lines up in the files."""
    written = {line for lang in CATALOGUE.languages for line in text_of(lang).splitlines()}
    return "\n".join(f"no file has {line!r}" for line in example.parsed.splitlines() if line not in written)


def check_csv(example: Example) -> str:
    """Count the cells of every row."""
    try:
        header, *rows = list(csv.reader(example.parsed.splitlines(), strict=True)) or [[]]
    except csv.Error as error:
        return str(error)
    odd = [row for row in rows if len(row) != len(header)]
    return "" if header and not odd else f"other than {len(header)} cells: {odd}"


def check_json(example: Example) -> str:
    """Parse it."""
    return _unparsed([example.parsed])


def check_jsonl(example: Example) -> str:
    """Parse every line."""
    return _unparsed(example.parsed.splitlines() or [""])


def _unparsed(texts: Iterable[str]) -> str:
    try:
        for text in texts:
            json.loads(text)
    except json.JSONDecodeError as error:
        return str(error)
    return ""


KINDS: dict[str, Callable[[Example], str | None]] = {
    "console": check_console,
    "crontab": check_crontab,
    "csv": check_csv,
    "ftl": check_ftl,
    "json": check_json,
    "jsonl": check_jsonl,
    "mermaid": check_mermaid,
    "py": check_py,
    "python": check_python,
    "sh": check_sh,
    "text": check_text,
    "toml": check_toml,
}


class StrayBlockParser(CodeBlockParser):
    """Finds the blocks that no other parser takes, so that each of them is an error."""

    language = "none of the kinds"

    def __init__(self) -> None:
        super().__init__()
        mapping = {"language": "arguments", "source": "source"}
        self.lexers.append(RawFencedCodeBlockLexer(re.compile(r"(?P<language>)$\n", re.MULTILINE), mapping))

    def __call__(self, document: Document) -> Iterator[Region]:
        """Yield them."""
        for region in self.lexers(document):
            if region.lexemes["arguments"] not in KINDS:
                region.parsed = region.lexemes["arguments"]
                region.evaluator = self.evaluate
                yield region

    def evaluate(self, example: Example) -> str:
        """Say which kinds there are."""
        found = f"a block of the unknown kind {example.parsed!r}" if example.parsed else "a block without a kind"
        return f"{found}; the kinds are {', '.join(KINDS)}"


PARSERS = (*(CodeBlockParser(kind, check) for kind, check in KINDS.items()), StrayBlockParser())
