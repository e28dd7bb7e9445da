"""Do ``check``, ``rulebooks`` and ``health`` say that a rulebook's text was replaced, in both languages?"""

from __future__ import annotations

import json
import sys
from itertools import count
from pathlib import Path

import pytest

from handleflow.cli import main

NUMBERS = count(1)


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = main(argv)
    return code, *capsys.readouterr()


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        pytest.param("en", "superseded by 浙江省人民代表大会代表建议、批评和意见办理的规定", id="English"),
        pytest.param("zh", "已被取代：浙江省人民代表大会代表建议、批评和意见办理的规定", id="Chinese"),
    ],
)
def test_check_says_what_replaced_the_text(capsys: pytest.CaptureFixture[str], lang: str, said: str) -> None:
    code, out, _ = run(capsys, "check", "cn.zhejiang", "--lang", lang)

    assert (code, said in out) == (0, True)


def test_rulebooks_tells_programs_all_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    (zhejiang,) = json.loads(run(capsys, "rulebooks", "cn.zhejiang", "--json")[1])
    (beijing,) = json.loads(run(capsys, "rulebooks", "cn.beijing", "--json")[1])

    assert (zhejiang["text_of"], zhejiang["in_force_until"]) == ("2016-05-27", None)
    assert zhejiang["superseded_by"] == {
        "what": "浙江省人民代表大会代表建议、批评和意见办理的规定 (2023-11-24 第二次修订)",
        "text_of": "2023-11-24",
        "in_force_from": None,
        "source": "ZJ23",
    }
    assert (beijing["text_of"], beijing["superseded_by"]) == ("2014-01-22", None)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_page_of_one_rulebook_tells_its_text(capsys: pytest.CaptureFixture[str], lang: str) -> None:
    code, out, _ = run(capsys, "rulebooks", "cn.zhejiang", "--markdown", "--lang", lang)

    assert (code, "2016-05-27 → 2023-11-24" in out, "## cn.zhejiang" in out) == (0, True, True)


@pytest.fixture(params=["cn.zhejiang"])
def app(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A host's own engine on the day it is 2 March 2026, whose new suggestions are handled under that rulebook."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    name = f"host_of_old_law_{next(NUMBERS)}"
    lines = (
        "import pendulum",
        "from handleflow import Engine, MemoryStore, load_preset",
        "now = pendulum.datetime(2026, 3, 2, tz='Asia/Shanghai')",
        f"engine = Engine(MemoryStore(), [load_preset({request.param!r})], clock=lambda: now)",
    )
    (tmp_path / f"{name}.py").write_text("\n".join(lines), encoding="utf-8")
    return f"{name}:engine"


@pytest.mark.parametrize(
    ("app", "lang", "warned"),
    [
        pytest.param("cn.zhejiang", "en", "cn.zhejiang 2026.3 stands on a text that was replaced", id="English"),
        pytest.param("cn.zhejiang", "zh", "cn.zhejiang 2026.3 所依据的文本已被取代", id="Chinese"),
        pytest.param("cn.beijing", "en", "", id="nothing known"),
    ],
    indirect=["app"],
)
def test_health_warns_of_the_rulebook_for_new_suggestions(
    capsys: pytest.CaptureFixture[str], app: str, lang: str, warned: str
) -> None:
    code, _, err = run(capsys, "health", "--app", app, "--lang", lang)

    assert (code, err[: len(warned)], bool(err)) == (0, warned, bool(warned))


def test_health_tells_programs_the_reasons(capsys: pytest.CaptureFixture[str], app: str) -> None:
    (reason,) = json.loads(run(capsys, "health", "--app", app, "--json")[1])["out_of_force"]

    assert (reason["rule"], reason["kind"], reason["facts"]["text_of"]) == ("superseded", "warning", "2023-11-24")
