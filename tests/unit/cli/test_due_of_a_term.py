"""``handleflow due`` by a term of the rulebook: its span, its track, its convention, its article."""

from __future__ import annotations

import json

import pytest

from handleflow.cli import main


def asked(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = main(["due", "2026-02-10", *argv])
    return (code, *capsys.readouterr())


@pytest.mark.parametrize(
    ("argv", "lines"),
    [
        (
            ("--term", "reply"),
            ("2026-05-11", "reply to the deputy", "3 months from there end on 2026-05-10 [DBF25 art. 51]"),
        ),
        (("--term", "reply", "--lang", "zh"), ("2026-05-11", "答复代表", "3 个月，至 2026-05-10 [DBF25 第 51 条]")),
        (("--term", "reply", "--long"), ("2026-08-10", "6 months from there end on 2026-08-10 [DBF25 art. 51]")),
        (("--rulebook", "cn.beijing", "--term", "rehandled_reply", "--long"), ("2026-04-10", "[BJ-YS art. 29]")),
    ],
    ids=["reply", "in Chinese", "the long track", "no longer span"],
)
def test_a_terms_span_is_counted_and_its_article_cited(
    capsys: pytest.CaptureFixture[str], argv: tuple[str, ...], lines: tuple[str, ...]
) -> None:
    code, out, _ = asked(capsys, *argv)

    assert code == 0
    assert [line for line in lines if line not in out] == []


def test_as_data_it_names_the_term_its_span_and_its_ground(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = asked(capsys, "--rulebook", "cn.beijing", "--term", "rehandled_reply", "--json")
    found = json.loads(out)

    assert (found["due"], found["term"], found["span"], found["citation"]) == (
        "2026-04-10",
        "rehandled_reply",
        "2 months",
        "BJ-YS 29",
    )


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("--term", "repply"), "did you mean 'reply'?"),
        (("--term", "commitment"), "has no term 'commitment' that is counted"),
        (("--term", "repply", "--lang", "zh"), "没有可计算的期限"),
        ((), "say a span, or --term"),
        (("3 months", "--term", "reply"), "say a span, or --term"),
    ],
)
def test_what_cannot_be_counted_is_said(capsys: pytest.CaptureFixture[str], argv: tuple[str, ...], said: str) -> None:
    code, _, err = asked(capsys, *argv)

    assert code != 0
    assert said in err
