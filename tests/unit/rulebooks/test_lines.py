"""Does a finding say in which line of which file it stands?"""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from handleflow import load
from handleflow.errors import BrokenCalendar, BrokenRulebook
from handleflow.rulebooks import from_document, load_calendar
from handleflow.rulebooks._line_numbers import lines_of

OWN = 'name = "cn.city"\nversion = "1"\nextends = "base.toml"\n'
BASE = 'name = "cn.base"\nversion = "1"\ntitle = "a base"\nextends = "cn.national"\n'
TERM = '[[term]]\nid = "{}"\nof = "lead"\nanchor = "assigned"\nmet_by = ["replied"]\nspan = "{}"\ncite = "host"\n'
SHIPPED = sorted(str(file) for file in Path(str(files("handleflow").joinpath("presets"))).rglob("*.toml"))
TRICKY = '''
a = 1 # b = 2
"b.c" = """
[not.a.table]
d = 1
""" # e = 1
f = [
  "[g]", # [h]
  { i = "]" }, "\\"",
]
j.k = \'\'\'
[[l]]\'\'\'\'
  [ m . 'n' ]  # [o]
p = "\\\\" # q
[[r]]
s = 1
[r.t]
u = 1
[[r.v]]
[[r.v]]
w = 1
[[r]]
[[r.v]]
[x]'''


def findings(path: Path) -> list[str]:
    """What is found wrong with a file, without the folder it lies in."""
    with pytest.raises(BrokenRulebook) as caught:
        load(path)
    return [finding.replace(f"{path.parent}/", "") for finding in caught.value.findings]


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: Path(file).name)
def test_each_key_of_what_ships_stands_where_it_is_said_to(file: str) -> None:
    text = Path(file).read_text(encoding="utf-8")
    lines, found = text.splitlines(), lines_of(text)

    assert len(found) >= sum(" = " in line or line.startswith("[") for line in lines if not line.startswith("#"))
    for path, line in found.items():
        inner = tomllib.loads(text)
        for step in path:
            inner = inner[step]  # type: ignore[index]  # whatever lies there
        last = next(step for step in reversed(path) if isinstance(step, str))
        assert last in lines[line - 1]


def test_strings_comments_and_lists_over_several_lines_hold_no_keys() -> None:
    found = " ".join(f"{'.'.join(map(str, path))}:{line}" for path, line in lines_of(TRICKY).items())

    assert tomllib.loads(TRICKY)["f"][0] == "[g]"
    assert found == (
        "a:2 b.c:3 f:7 j:11 j.k:11 m:13 m.n:13 m.n.p:14 r:15 r.0:15 r.0.s:16 r.0.t:17 r.0.t.u:18 r.0.v:19 r.0.v.0:19 "
        "r.0.v.1:20 r.0.v.1.w:21 r.1:22 r.1.v:23 r.1.v.0:23 x:24"
    )


def test_each_finding_names_the_file_it_stands_in_and_the_line(tmp_path: Path) -> None:
    base = BASE + "channels = [5]\n" + TERM.format("opinion", "a season") + '[sources.X]\ntitle = "x"\nlink = "y"\n'
    (tmp_path / "base.toml").write_text(base, encoding="utf-8")
    own = OWN + 'oddity = 1\ncoalesce = "yes"\n\n' + TERM.format("early", "1 month").replace('"lead"', '"leader"')
    path = tmp_path / "city.toml"
    path.write_text(own + 'spam = 1\n[convention]\nname = "x"\n', encoding="utf-8")

    assert [finding.split(";")[0] for finding in findings(path)] == [
        "city.toml:4: unknown key 'oddity'",
        "city.toml:15: convention, cite: it has no citation",
        "base.toml:11: term 'opinion', span: 'a season' is not a span",
        "city.toml:14: term 'early': unknown key 'spam'",
        "city.toml:9: term 'early': TermRule: 'of' cannot be 'leader'",
        "base.toml:15: sources, X: unknown key 'link'",
        "base.toml:5: channels 1: 5 should be text",
        "city.toml:5: coalesce: 'yes' should be true or false",
    ]


def test_what_the_whole_says_of_a_row_stands_in_its_line_too(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text(BASE + TERM.format("opinion", "0 days"), encoding="utf-8")
    path = tmp_path / "city.toml"
    transitions = (
        '[[transition]]\nact = "close"\nsource = ["evaluated"]\ntarget = "closed"\nwho = ["leader"]\n'
        '[[transition]]\nact = "close"\nsource = ["replied"]\ntarget = "closd"\nwho = ["leader"]\n'
    )
    rows = (
        '[[state]]\nname = "lost"\nen = "lost"\nzh = "丢失"\n'
        '[[guard]]\nask = "deputy_was_heard"\nof = []\ncite = "XY 1"\n'
        '[[rung]]\nid = "a"\nterm = "reply"\noffset = "1 day"\nchannel = "fone"\ncite = "host"\n'
        '[[light]]\ncolour = "red"\ncite = "host"\n[[light]]\ncolour = "red"\ncite = "host"\n'
        '[[disagreement]]\nterm = "none"\nen = "x"\ncite = "host"\n'
        '[cooldown]\nspan = "0 days"\ncite = "host"\n'
    )
    path.write_text(OWN + transitions + rows, encoding="utf-8")

    assert [finding.split(";")[0] for finding in findings(path)] == [
        "city.toml:9: close: unknown state 'closd'",
        "city.toml:14: state 'lost' can never be reached",
        "base.toml:5: term 'opinion': a span of 0 days is no time at all",
        "city.toml:34: disagreement 'none': unknown term",
        "city.toml:22: rung 'a': unknown channel 'fone'",
        "city.toml:38: cooldown: 0 days is no time at all",
        "city.toml:28: light named twice: red",
        "city.toml:18: guard 'deputy_was_heard' is asked of nothing",
        "city.toml:18: guard 'deputy_was_heard' cites the unknown source 'XY'",
    ]


def test_a_calendar_beside_a_rulebook_is_named_with_its_own_lines(tmp_path: Path) -> None:
    calendar = (
        'name = "city"\nversion = 1\nzone = "UTC"\nrest_days = ["sun"]\nknown_from = "2026-01-01"\n'
        'known_through = "never"\n[[year]]\nyear = 2026\nsource = "x"\nholidays = [\n  "2026-02-30",\n]\n'
    )
    (tmp_path / "calendar.toml").write_text(calendar, encoding="utf-8")
    (tmp_path / "base.toml").write_text(BASE, encoding="utf-8")
    path = tmp_path / "city.toml"
    path.write_text(OWN + 'calendar = "calendar.toml"\n', encoding="utf-8")
    said = [
        "version: 1 should be text",
        "known_through: 'never' is not a day",
        "year 2026, holidays 1: '2026-02-30' is no day of the calendar",
    ]
    lines = ("calendar.toml:2", "calendar.toml:6", "calendar.toml:10")

    assert [finding.split(";")[0] for finding in findings(path)] == [
        f"{line}: calendar, {words}" for line, words in zip(lines, said, strict=True)
    ]
    with pytest.raises(BrokenCalendar) as caught:
        load_calendar(tmp_path / "calendar.toml")
    assert [f"{tmp_path}/{line}: {words}" in str(caught.value) for line, words in zip(lines, said, strict=True)] == [
        True
    ] * 3


def test_what_came_from_no_file_has_no_line(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text(BASE, encoding="utf-8")
    with pytest.raises(BrokenRulebook) as changed:
        load(tmp_path / "base.toml", changes={"coalesce": "yes", "term": [{"id": "own"}]})
    with pytest.raises(BrokenRulebook) as kept:
        from_document('{"name": "x"}')

    assert changed.value.findings[0] == "term 'own': it needs 'of'"
    assert changed.value.findings[-1] == "coalesce: 'yes' should be true or false"
    assert "it needs 'calendar'" in kept.value.findings
