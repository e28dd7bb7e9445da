"""Does the check of the pages' code blocks let pass what is true, and name file and line of what is not?"""

from __future__ import annotations

import re
import traceback
from pathlib import Path

import pytest
from sybil import Document
from sybil.example import SybilFailure

from handleflow.rulebooks import load_preset
from handleflow.views import draw
from tests import pages
from tests.pages import KINDS, PARSERS, PATTERNS, close_page, open_page, python_of
from tests.paths import EXAMPLES, ROOT

pytestmark = pytest.mark.process

CASE = """[[case]]
id = "one"
when = { act = "receive", by = "office", on = "2026-02-09", fields = { title = "Water", deputy = "Deputy A" } }
state = "received"
"""
PAGES = [page for pattern in PATTERNS for page in sorted(ROOT.glob(pattern))]
DRAWING = draw(load_preset("cn.national").lifecycle, "zh")
PRINTED = '```python\nprint("one\\ntwo  \\n\\nthree")\n```\n\n'
FILE = '<!--- invisible-code-block: python\n(page_folder / "a.json").write_text("[1, 2]")\n-->\n'

RIGHT = {
    "python, in the same names": "```python\na = 1\n```\n\n```python\nassert a == 1\n```",
    "py, names of the reader": "```py\nimport handleflow.backup\nfrom handleflow import stores\n\nrun(yours)\n```",
    "text, all that was printed": PRINTED + "```text\none\ntwo\n\nthree\n```",
    "text, a part of it": PRINTED + "```text\ntwo\n\nthree\n```",
    "text, of an invisible block": "<!--- invisible-code-block: python\nprint(1)\n-->\n\n```text\n1\n```",
    "console, options": "```console\n$ handleflow show 17 --store a.db | python -m json.tool > b.json\n```",
    "console, output": FILE + "```console\n$ python -m json.tool --compact a.json\n[1,2]\n```",
    "console, any lines": FILE + "```console\n$ python -m json.tool a.json\n[\n...\n]\n```",
    "console, any words": FILE + "```console\n$ python -m json.tool --compact a.json\n[1,…\n```",
    "console, keys": "```console\n$ openssl genpkey -algorithm ed25519\n$ openssl pkey -in a.pem -pubout\n```",
    "console, let through": "```console\n$ export A=$(hostname)\n$ crontab -l\n```",
    "pip": "```console\n$ pip install 'handleflow[cli,postgres]'\n$ pip install -e '.[bench]' another[extra]\n```",
    "testing": "```console\n$ python -m handleflow.testing mutate cn.national --tests tests -k a\n```",
    "benchmarks": "```console\n$ python -m benchmarks --only life --quick\n$ python3 -m benchmarks.stores\n```",
    "pytest": "```console\n$ A=1 pytest -q -k life --rulebook-cov=cn.national tests/paths.py::test_a\n```",
    "sh": "```sh\npython3 -m venv .venv && .venv/bin/pip install -q -e '.[demo]' && .venv/bin/ruff check .\n```",
    "sh, a file": "```sh\ntests/paths.py --whatever\n```",
    "crontab": '```crontab\n*/5 8-17 * * 1,5 handleflow sweep --store a.db --host "$(hostname)"\n```',
    "toml": "```toml\na = 1\n```",
    "toml, cases": f"```toml\n{CASE}```",
    "mermaid": f"```mermaid\n{DRAWING}```",
    "ftl": "```ftl\nno_lead = 没有主办单位\n    .remedy = 至少指定一个\n```",
    "csv": '```csv\na,b\n1,"2,3"\n```',
    "json": '```json\n{"a": [1]}\n```',
    "jsonl": '```jsonl\n{"a": 1}\n{"a": 2}\n```',
}

WRONG = {
    "no kind": ("```\na\n```", "a block without a kind; the kinds are console"),
    "an unknown kind": ("```pyhton\na = 1\n```", "unknown kind 'pyhton'"),
    "an unknown kind, invisible": ("<!--- invisible-code-block: pyhton\na = 1\n-->", "unknown kind 'pyhton'"),
    "py, syntax": ("```py\na = = 1\n```", "line 1 of the block: invalid syntax"),
    "py, a name": ("```py\nfrom handleflow import Engin\n```", "No module named 'handleflow.Engin'"),
    "py, a module": ("```py\nimport handleflow.engin\n```", "No module named 'handleflow.engin'"),
    "py, in a function": ("```py\ndef f():\n    from . import a\n```", "`from . import a`"),
    "text, stale": ("```text\n0\n```", "no block before it printed this"),
    "text, a part of a line": ("```text\nwar\n```", "no block before it printed this; printed was:\nbefore\nwards"),
    "text, empty": ("```text\n```", "no block before it printed this"),
    "console, stale": ("```console\n$ python -m json.tool --compact a.json\n[1]\n```", "- [1]\n+ [1,2]"),
    "console, more printed": ("```console\n$ python -m json.tool a.json\n[\n```", "+     1,"),
    "console, no words": ("```console\n$ python -m json.tool --compact a.json\n[1,2]…\n```", "- [1,2]…\n"),
    "openssl, another command": ("```console\n$ openssl s_client\n```", "only `openssl genpkey`"),
    "console, no command": ("```console\npip install handleflow\n```", "a line that begins with `$ `"),
    "console, unknown": ("```console\n$ handleflow rulebooks | frobnicate\n```", "nobody can check 'frobnicate'"),
    "console, no such file": ("```console\n$ scripts/none --all\n```", "nobody can check 'scripts/none'"),
    "an unknown command": ("```console\n$ handleflow bord --store a.db\n```", "invalid choice: 'bord'"),
    "an unknown option": ("```console\n$ handleflow board --stor3 a.db\n```", "unrecognized arguments: --stor3"),
    "testing": ("```console\n$ python -m handleflow.testing mutate cn.national\n```", "required: --tests"),
    "benchmarks": ("```console\n$ python -m benchmarks --only lif\n```", "invalid choice: 'lif'"),
    "python, no module": ("```console\n$ python -m handleflow.none\n```", "there is no module handleflow.none"),
    "python, no file": ("```console\n$ python none.py\n```", "there is no file none.py"),
    "python, a program": ("```console\n$ python -c 'a'\n```", "only `python FILE`"),
    "pip, an extra": ("```console\n$ pip install 'handleflow[cli,sqlite]'\n```", "no such extra: sqlite"),
    "pip, another command": ("```console\n$ pip freeze\n```", "only `pip install`"),
    "pytest, an option": ("```console\n$ pytest --rulebook-covers=a\n```", "--rulebook-covers=a"),
    "pytest, a value": ("```console\n$ pytest --rulebook-cov-fail-under=all\n```", "invalid float value: 'all'"),
    "pytest, a file": ("```console\n$ pytest tests/test_none.py\n```", "tests/test_none.py"),
    "crontab, changed": ("```console\n$ crontab -r\n```", "only `crontab -l`"),
    "sh, an extra": ("```sh\npip install -e '.[deemo]' && handleflow demo\n```", "no such extra: deemo"),
    "sh, a program": ("```sh\npip install -e '.[demo]' && handlefloww demo\n```", "nobody can check 'handlefloww'"),
    "crontab, fields": ("```crontab\n*/5 * * * handleflow sweep --store a.db\n```", "not five fields and a command"),
    "crontab, an option": ("```crontab\n*/5 * * * * handleflow sweep --stroe a.db\n```", "arguments: --stroe"),
    "toml": ("```toml\na = \n```", "Invalid value"),
    "toml, cases": (f"```toml\n{CASE}due = 1\n```", "case one"),
    "mermaid": (f"```mermaid\n{DRAWING.replace('s1', 's2', 1)}```", "no shipped lifecycle is drawn like this"),
    "ftl": ("```ftl\nno_lead = 没有主办\n```", "no file has 'no_lead = 没有主办'"),
    "csv": ("```csv\na,b\n1,2,3\n```", "other than 2 cells"),
    "json": ("```json\n{'a': 1}\n```", "double quotes"),
    "jsonl": ('```jsonl\n{"a": 1}\n{"a": 2\n```', "delimiter"),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the page of a test lies."""
    return tmp_path / "page.md"


def evaluate(path: Path, text: str) -> None:
    """Check every block of a page of this *text*."""
    path.write_text(text + "\n", encoding="utf-8")
    document = Document.parse(str(path), *PARSERS)
    open_page(document.namespace)
    try:
        for example in document:
            example.evaluate()
    finally:
        close_page(document.namespace)


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT)
def test_what_is_true_passes(text: str, path: Path) -> None:
    evaluate(path, text)


@pytest.mark.parametrize(("text", "words"), WRONG.values(), ids=WRONG)
def test_what_is_not_true_is_named_with_file_and_line(text: str, words: str, path: Path) -> None:
    before = f'{FILE}\n```python\nprint("before\\nwards")\n```\n\n'

    with pytest.raises(SybilFailure) as failure:
        evaluate(path, before + text)

    assert f"{path}, line {before.count(chr(10)) + 1}, " in str(failure.value)
    assert words in str(failure.value)


def test_python_that_fails_names_its_own_line(path: Path) -> None:
    with pytest.raises(AssertionError) as failure:
        evaluate(path, "A page.\n\n```python\na = 1\nassert a == 2\n```")

    frame = traceback.extract_tb(failure.value.__traceback__)[-1]
    assert (frame.filename, frame.lineno) == (str(path), 5)


def test_what_python_prints_is_shown_too(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evaluate(path, PRINTED)

    assert capsys.readouterr().out == "one\ntwo  \n\nthree\n"


def test_the_extras_of_a_dot_are_those_of_the_project_the_page_lies_in() -> None:
    document = Document("```console\n$ pip install '.[bench]'\n```\n", str(EXAMPLES / "city_rules" / "README.md"))
    (region,) = (region for parser in PARSERS for region in parser(document))
    document.add(region)

    with pytest.raises(SybilFailure, match="no such extra: bench"):
        next(iter(document)).evaluate()


def test_the_python_of_a_page_is_one_program(path: Path) -> None:
    path.write_text("```python\na = 1\n```\n\n```sh\npip\n```\n\n```python\nb = a\n```\n", encoding="utf-8")

    assert python_of(path) == "a = 1\n\nb = a\n"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_fence_of_a_page_is_passed_by(page: Path) -> None:
    document = Document.parse(str(page), *PARSERS)
    fences = re.findall(r"^[ \t>]*(?:```|~~~)", document.text, re.MULTILINE)
    shown = [block for block in document if not document.text.startswith("<!--", block.start)]

    assert 2 * len(shown) == len(fences)


def test_every_kind_has_its_words_and_its_tests() -> None:
    kinds = set(re.findall(r"```(\w+)\n", "".join(RIGHT.values())))

    assert kinds == set(KINDS)
    assert sorted(kind for kind in KINDS if f"``{kind}``: " not in str(pages.__doc__)) == []
