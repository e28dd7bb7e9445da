"""What does a person at a terminal see, and a machine read?"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from handleflow import Engine, load, load_preset
from handleflow.cli import main
from handleflow.cli._year import DEHUI
from handleflow.stores.sql import SqlStore
from tests.paths import EXAMPLES
from tests.unit.ledgers.test_ledgers import REAL, table, written

SHARED_KEYS = {
    "total",
    "key",
    "ordinary",
    "units",
    "key_resolved",
    "categories",
    "reply_rate",
    "satisfied_or_basically_rate",
    "ordinary_outcomes",
    "reconstructed",
}


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def call(*argv: str) -> tuple[int, str, str]:
        code = main(argv)
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture(scope="module")
def dehui(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store in which the year of Dehui was played."""
    store = str(tmp_path_factory.mktemp("dehui") / "a.db")
    assert main(["demo", "--store", store, "--json"]) == 0
    return store


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store into which the real cases were taken over."""
    store = str(tmp_path_factory.mktemp("real") / "a.db")
    assert main(["import", str(REAL), "--store", store, "--rulebook", "cn.national", "--json"]) == 0
    return store


class TestDemo:
    """A year of Dehui."""

    def test_its_json_is_the_report_and_nothing_else(self, run: Any) -> None:
        code, out, _ = run("demo", "--json")
        report = json.loads(out)

        assert (code, SHARED_KEYS - set(report)) == (0, set())
        assert (report["total"], report["key"], report["ordinary"], report["units"]) == (36, 1, 35, 20)
        assert [(o["label"], o["count"], o["share"]) for o in report["ordinary_outcomes"]] == [
            ("已经解决或基本解决", 20, 57.1),
            ("部分解决或列入计划", 14, 40.0),
            ("因条件限制或其他原因暂时无法解决", 1, 2.9),
        ]
        assert report["reconstructed"]["supervisions"] == {
            "by_channel": {"phone": 8, "written": 3, "on_site": 1, "bulletin": 0, "interview": 0},
            "answered_late": 3,
        }

    def test_on_screen_it_shows_the_board_what_the_clock_said_and_the_report(self, run: Any) -> None:
        code, out, _ = run("demo")

        assert code == 0
        assert all(words in out for words in ("Open suggestions on", "What the clock said", "Report", "57.1 %"))

    def test_figures_that_rest_on_invented_days_are_marked_on_screen(self, run: Any) -> None:
        _, out, _ = run("demo")
        (late,) = [line for line in out.splitlines() if "late replies" in line]

        assert "reconstructed" in late

    def test_in_chinese_it_speaks_chinese(self, run: Any) -> None:
        _, out, _ = run("demo", "--lang", "zh")

        assert all(words in out for words in ("在办建议", "时钟所言", "办理情况报告", "电话催办"))

    def test_another_ledger_of_the_same_columns_gives_another_report(self, run: Any, tmp_path: Path) -> None:
        rows = table(DEHUI)
        next(row for row in rows if row["kind"] == "ordinary" and row["outcome"] == "A")["outcome"] = "B"
        _, out, _ = run("demo", "--json", "--ledger", str(written(tmp_path / "a.csv", rows)))

        assert [(o["count"], o["share"]) for o in json.loads(out)["ordinary_outcomes"]] == [
            (19, 54.3),
            (15, 42.9),
            (1, 2.9),
        ]

    def test_a_kept_store_gives_the_same_report_afterwards(self, run: Any, dehui: str) -> None:
        _, again, _ = run("report", "--store", dehui, "--json")
        _, first, _ = run("demo", "--json")

        assert json.loads(again) == json.loads(first)

    def test_a_row_without_a_title_stops_it_and_is_named(self, run: Any, tmp_path: Path) -> None:
        rows = table(DEHUI)
        rows[4]["title"] = ""
        code, out, err = run("demo", "--json", "--ledger", str(written(tmp_path / "a.csv", rows)))

        assert (code, out) == (2, "")
        assert "line 6" in err

    def test_played_into_a_store_that_has_it_already_it_says_so(self, run: Any, dehui: str) -> None:
        code, _, err = run("demo", "--store", dehui)

        assert (code, "holds suggestion 01 already" in err) == (2, True)


class TestImport:
    """Real cases."""

    def test_its_json_counts_what_became_of_each_row(self, run: Any, tmp_path: Path) -> None:
        store = str(tmp_path / "a.db")
        _, out, _ = run("import", str(REAL), "--store", store, "--rulebook", "cn.national", "--json")
        taken = json.loads(out)

        assert (taken["recorded"], len(taken["refused"]), taken["already_there"]) == (156, 53, 0)
        assert set(taken["refused"][0]) == {"line", "title", "reason", "reasons"}

    def test_twice_it_records_nothing_twice(self, run: Any, imported: str) -> None:
        _, out, _ = run("import", str(REAL), "--store", imported, "--rulebook", "cn.national")

        assert "recorded 0, refused 53, already there 156" in out

    def test_its_report_has_the_demos_keys_and_null_with_a_reason(self, run: Any, imported: str) -> None:
        _, out, _ = run("report", "--store", imported, "--json")
        report = json.loads(out)

        assert (SHARED_KEYS - set(report), report["total"], report["reply_rate"]) == (set(), 156, None)
        assert "156 were taken over" in report["reasons"]["reply_rate"]["en"]

    def test_on_screen_the_reason_stands_beside_the_dash(self, run: Any, imported: str) -> None:
        _, out, _ = run("report", "--store", imported)

        assert "— (" in out

    def test_a_sweep_the_same_day_says_nothing(self, run: Any, imported: str) -> None:
        code, out, _ = run("sweep", "--store", imported)

        assert (code, out.strip()) == (0, "the clock has nothing to say")


class TestShow:
    """One suggestion."""

    def test_it_shows_suggestion_terms_and_history(self, run: Any, dehui: str) -> None:
        code, out, _ = run("show", "02", "--store", dehui)

        assert code == 0
        assert all(
            words in out for words in ("保障农村居民饮水安全的建议", "reply of", "2025-05-12", "received", "#")
        )

    def test_its_json_holds_the_same_and_no_private_field(self, run: Any, dehui: str) -> None:
        _, out, _ = run("show", "02", "--store", dehui, "--json")
        shown = json.loads(out)

        assert (shown["suggestion"]["state"], shown["history"][0]["kind"]) == ("closed", "received")
        assert "phone" not in shown["history"][0]["event"]

    def test_an_unknown_suggestion_is_named(self, run: Any, dehui: str) -> None:
        code, _, err = run("show", "404", "--store", dehui)

        assert (code, "there is no suggestion '404'" in err) == (2, True)


class TestSweep:
    """The clock."""

    def test_it_prints_what_it_said(self, run: Any, tmp_path: Path) -> None:
        """A year cut off before the replies: by now everything is overdue."""
        rows = [{**row, "replied_on": row["replied_on"]} for row in table(DEHUI)[:2]]
        store = str(tmp_path / "a.db")
        run("demo", "--json", "--store", store, "--ledger", str(written(tmp_path / "a.csv", rows)))
        with closing(SqlStore(store)) as kept:
            today = str(Engine(kept, [load_preset("cn.dehui.demo")]).today())
        _, out, _ = run("sweep", "--store", store, "--confirm", today, "--json")
        silence = {"said": [], "stale": [], "remaining": 0, "failed": {}, "error": None, "clock_skew": None}

        assert json.loads(out) == silence


class TestRulebooks:
    """check and draw."""

    def test_a_sound_rulebook_is_said_to_be_sound(self, run: Any) -> None:
        code, out, err = run("check", "cn.national")

        assert (code, out.splitlines()[0]) == (0, "cn.national 2025.3: sound")
        assert all(line.startswith("calendar cn 2026.1 ") for line in err.splitlines())

    def test_what_a_sound_rulebook_leaves_open_is_said_below(self, run: Any) -> None:
        _, out, _ = run("check", "cn.national")

        assert out.splitlines()[1] == "  text of 2025-03-11, in force from 2025-03-11"
        assert [line.split(": ")[1] for line in out.splitlines()[2:]][:3] == [
            "assignment",
            "return_in_time",
            "reassignment",
        ]

    def test_every_finding_is_printed_and_the_exit_code_is_1(self, run: Any, tmp_path: Path) -> None:
        path = tmp_path / "a.toml"
        path.write_text(
            'name = "a"\nversion = "1"\ntitle = "t"\nextends = "cn.national"\nfoo = 1\n'
            '[[guard]]\nask = "no_such_guard"\nof = ["reply"]\ncite = "DBF25 51"\n'
            '[[term]]\nid = "x"\nof = "lead"\nanchor = "assigned"\nmet_by = ["replied"]\nspan = "3 months"\n'
            '[[transition]]\nact = "close"\nsource = ["evaluatd"]\ntarget = "closed"\nwho = ["congress_office"]\n',
            encoding="utf-8",
        )
        code, out, err = run("check", str(path))

        assert (code, "finding(s)" in err) == (1, True)
        assert all(words in out for words in ("'foo'", "'no_such_guard'", "no citation", "'evaluatd'"))

    def test_a_finding_stands_behind_its_file_and_line(self, run: Any, tmp_path: Path) -> None:
        path = tmp_path / "a.toml"
        path.write_text('name = "a"\nversion = "1"\nextends = "cn.national"\nfoo = 1\n', encoding="utf-8")
        _, out, _ = run("check", str(path))

        assert out.startswith(f"- {path}:4: unknown key 'foo'")

    def test_what_one_holds_is_printed_as_toml_that_loads_to_an_equal_one(self, run: Any, tmp_path: Path) -> None:
        code, out, err = run("rulebooks", "cn.dehui.demo", "--toml")
        path = tmp_path / "a.toml"
        path.write_text(out, encoding="utf-8")

        assert (code, err, load(path).digest) == (0, "", load("cn.dehui.demo").digest)

    def test_toml_is_printed_of_one_that_is_named(self, run: Any) -> None:
        code, _, err = run("rulebooks", "--toml")

        assert (code, "--toml prints one rulebook; known: cn.beijing" in err) == (2, True)

    def test_one_rulebook_may_be_listed(self, run: Any) -> None:
        _, out, _ = run("rulebooks", "gb.foi", "--json")

        assert [row["name"] for row in json.loads(out)] == ["gb.foi"]

    def test_malformed_toml_is_a_finding(self, run: Any, tmp_path: Path) -> None:
        path = tmp_path / "a.toml"
        path.write_text("name = ", encoding="utf-8")
        code, out, _ = run("check", str(path))

        assert (code, "it is not TOML" in out) == (1, True)

    def test_a_rulebook_that_is_not_there_is_named(self, run: Any) -> None:
        code, _, err = run("check", "cn.nationl")

        assert (code, "did you mean 'cn.national'" in err) == (2, True)

    @pytest.mark.parametrize(("lang", "word"), [("en", "evaluated"), ("zh", "评价")])
    def test_the_lifecycle_is_drawn_as_mermaid(self, run: Any, lang: str, word: str) -> None:
        code, out, _ = run("draw", "--lang", lang)

        assert (code, out.startswith("stateDiagram-v2\n"), word in out) == (0, True, True)


class TestWrongCalls:
    """Friendly words for what a person gets wrong."""

    @pytest.mark.parametrize(
        ("argv", "words"),
        [
            pytest.param(("report", "--store", "none.db"), "there is no store at none.db", id="no store"),
            pytest.param(("show", "1", "--store", "x://y"), "cannot be opened", id="no database"),
            pytest.param(
                ("report", "--store", "x", "--app", "none:engine"), "none:engine names no engine", id="no such app"
            ),
            pytest.param(
                ("report", "--store", "x", "--app", "json:loads"), "loads is of the type", id="an app of no engine"
            ),
            pytest.param(
                ("import", "none.csv", "--store", ":memory:", "--rulebook", "cn.none"),
                "there is no ledger",
                id="no ledger",
            ),
        ],
    )
    def test_what_cannot_be_is_said_with_exit_code_2(self, run: Any, argv: tuple[str, ...], words: str) -> None:
        code, out, err = run(*argv)

        assert (code, out, words in err) == (2, "", True)

    @pytest.mark.parametrize(
        "how", ["raise SystemExit", "raise SystemExit('no settings')", "import sys; sys.exit(0)"]
    )
    def test_so_is_an_app_that_ends_the_program(
        self, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
    ) -> None:
        (tmp_path / "leaving_app.py").write_text(how, encoding="utf-8")
        monkeypatch.syspath_prepend(tmp_path)
        code, out, err = run("report", "--app", "leaving_app:engine")

        assert (code, out, "importing leaving_app ends the program" in err) == (2, "", True)

    @pytest.mark.parametrize("seconds", ["-1", "nan", "inf", "1e300", "soon", ""])
    def test_so_is_a_wait_that_nobody_can_wait(self, capsys: pytest.CaptureFixture[str], seconds: str) -> None:
        with pytest.raises(SystemExit) as leaving:
            main(["feed", "--follow", f"--every={seconds}", "--store", "none.db"])

        assert (leaving.value.code, "is no number of seconds from 0 to 86400" in capsys.readouterr().err) == (2, True)

    @pytest.mark.process
    def test_a_store_of_a_host_needs_the_hosts_engine(self, run: Any, tmp_path: Path) -> None:
        store = str(tmp_path / "a.db")
        host = EXAMPLES / "legal_review"
        made = f"import sys; sys.path.insert(0, {str(host)!r}); import host; "
        made += "from handleflow import Engine; from handleflow.stores.sql import SqlStore; "
        made += f"Engine(SqlStore({store!r}, own=[host.ReviewLegally]), [host.RULES])"
        subprocess.run([sys.executable, "-c", made], check=True)
        code, _, err = run("report", "--store", store)

        assert (code, "--app package.module:engine" in err) == (2, True)

    def test_with_the_hosts_engine_it_is_read(
        self, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "city_app.py").write_text(
            "from handleflow import Engine, MemoryStore, load_preset\n"
            "engine = Engine(MemoryStore(), [load_preset('cn.national')])\n"
        )
        monkeypatch.syspath_prepend(tmp_path)
        ledger = written(tmp_path / "a.csv", [{"kind": "建议", "title": "桥"}])
        app = ("--store", "-", "--app", "city_app:engine")
        run("import", str(ledger), "--rulebook", "cn.national", *app)
        code, out, _ = run("report", "--json", *app)

        assert (code, json.loads(out)["total"]) == (0, 1)

    def test_a_command_it_does_not_know_shows_the_usage(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as leaving:
            main(["frobnicate"])

        assert (leaving.value.code, "usage: handleflow" in capsys.readouterr().err) == (2, True)

    @pytest.mark.process
    def test_it_runs_as_a_module_too(self) -> None:
        run = subprocess.run(
            [sys.executable, "-m", "handleflow.cli", "--version"], capture_output=True, text=True, check=True
        )

        assert run.stdout.startswith("handleflow ")


def test_the_real_cases_are_those_that_were_collected() -> None:
    with REAL.open(encoding="utf-8-sig", newline="") as file:
        kinds = [row["kind"] for row in csv.DictReader(file)]

    assert {kind: kinds.count(kind) for kind in set(kinds)} == {"建议": 152, "建议或提案": 4, "提案": 51, "议案": 2}
