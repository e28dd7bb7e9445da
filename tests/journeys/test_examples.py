"""The examples run as they are, and say what they should."""

from __future__ import annotations

import importlib
import importlib.util
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from cloudevents.core.formats.json import JSONFormat

from handleflow.acts import AnswerSupervision, Classify, RejectAnswer, Supervise
from handleflow.words import CATALOGUE
from tests.paths import EXAMPLES

pytestmark = pytest.mark.process

DELIVERED = [
    "Thu 05-21 09:00  said: entry 5, supervised",
    "Thu 05-21 09:00  sent: entry 5 by mail to 水务局 water@bureau.example.invalid",
    "Thu 05-21 09:00  sent: entry 5 by webhook to /notices",
    "Sat 06-06 02:00  said: entry 7, deadline_missed",
    "Sat 06-06 02:00  said: entry 8, deadline_missed",
    "Sat 06-06 02:00  said: entry 9, supervised",
    "Sat 06-06 02:00  sent: entry 7 by webhook to /notices",
    "Sat 06-06 02:00  sent: entry 8 by webhook to /notices",
    "Sat 06-06 02:00  sent: entry 9 by webhook to /notices",
    "waits until Mon 06-08 08:30: entry 9 by mail to 分管副市长甲 leader-a@city.example.invalid",
    "waits until Mon 06-08 08:30: entry 9 by mail to 水务局 water@bureau.example.invalid",
    "Mon 06-08 08:30  sent: entry 9 by mail to 分管副市长甲 leader-a@city.example.invalid",
    "Mon 06-08 08:30  sent: entry 9 by mail to 水务局 water@bureau.example.invalid",
    "Fri 06-12 16:00  said: entry 11, supervised",
    "Fri 06-12 16:05  sent: entry 11 by mail to 水务局 water@bureau.example.invalid",
    "Fri 06-12 16:05  sent: entry 11 by webhook to /notices",
    "Mon 06-15 09:00  said: entry 12, deadline_missed",
    "Mon 06-15 09:00  said: entry 13, rung_suppressed",
    "Mon 06-15 09:00  sent: entry 12 by webhook to /notices",
    "Mon 06-15 09:05  a second pass sent nothing",
    "the servers took 4 letters and 6 notices",
]


def test_a_host_adds_a_state_an_act_and_a_guard_of_its_own() -> None:
    run = subprocess.run(
        [sys.executable, EXAMPLES / "legal_review" / "host.py"], capture_output=True, text=True, check=True
    )

    assert run.stdout.splitlines() == [
        "in_legal_review",
        "reply refused for suggestion 2026-017: legal review: names no article [the office's own rule]",
        "handling",
        "replied",
    ]


def test_what_is_said_goes_out_once_in_working_hours_and_after_a_crash() -> None:
    host = EXAMPLES / "delivery" / "host.py"
    run = subprocess.run(
        [sys.executable, "-X", "utf8", "-W", "error", host], capture_output=True, encoding="utf-8", check=True
    )

    assert run.stderr == ""
    assert [line.strip() for line in run.stdout.splitlines()] == DELIVERED


class City:
    """The delivery example in parts: its module, two servers, a clock, and a host that can be opened anew."""

    def __init__(self, module: Any, folder: Path, running: ExitStack) -> None:
        self.module, self._folder, self._running = module, folder, running
        self.mail = running.enter_context(module.PostOffice())
        self.board = running.enter_context(module.NoticeBoard())
        self.clock = module.WallClock(module.at(3, 5))
        self.host = self.open(self.mail.port)
        self.host.engine.listen(self.host.dispatch.hear)
        module.begin(self.host, self.clock)

    def open(self, mail_port: int) -> Any:
        """Another process of the same host, which posts its letters at that port; nobody listens in it."""
        host = self.module.build(self._folder, self.clock, mail_port, self.board.port)
        return self._running.enter_context(closing(host))

    def sweep(self, month: int, day: int, hour: int = 9) -> None:
        self.clock.now = self.module.at(month, day, hour)
        self.host.engine.sweep()

    @property
    def posted(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.board.notices]

    @property
    def unsent(self) -> list[tuple[str, str]]:
        lines = self.host.dispatch.register.lines()
        return [(line.addressee, line.trouble) for line in lines if line.sent_at is None]


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[City]:
    monkeypatch.syspath_prepend(EXAMPLES / "delivery")
    spec = importlib.util.spec_from_file_location("delivery_host", EXAMPLES / "delivery" / "host.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with ExitStack() as running:
        yield City(module, tmp_path, running)


def test_a_letter_is_written_in_chinese_and_names_the_day_for_the_answer(city: City) -> None:
    city.sweep(5, 21)

    [(envelope, letter)] = city.mail.letters
    assert envelope == "water@bureau.example.invalid"
    assert letter["To"] == "水务局 <water@bureau.example.invalid>"
    assert letter["Subject"] == "【电话催办】代表建议 2026-017 农村饮水安全"
    assert letter["Message-ID"] == "<2026-017.5@office.example.invalid>"
    assert "距答复期限十五日，电话催办" in letter.get_content()
    assert "请于 2026-05-26 前答复（督办第 1 号）。" in letter.get_content()


def test_a_notice_is_a_cloud_event(city: City) -> None:
    city.sweep(5, 21)

    [(content_type, body)] = city.board.notices
    event = JSONFormat().read(None, body)
    assert content_type == "application/cloudevents+json"
    assert (event.get_specversion(), event.get_type()) == ("1.0", "cn.handleflow.supervised")
    assert (event.get_id(), event.get_subject()) == ("2026-017.5", "2026-017")
    assert event.get_time() == city.clock.now
    data = event.get_data()
    assert isinstance(data, dict)
    assert (data["unit"], data["channel"], data["answer_by"]) == ("水务局", "phone", "2026-05-26")
    assert "距答复期限十五日，电话催办（2026-06-05）" in data["says"]["zh"]
    assert "the reply is due in fifteen days (2026-06-05)" in data["says"]["en"]


def test_a_notice_leaves_out_what_is_private(city: City) -> None:
    received = city.host.engine.history("2026-017")[0]
    data = importlib.import_module("mailroom.notices").notice("2026-017", received, CATALOGUE)["data"]

    assert received.event.phone == "000-0000"
    assert data["deputy"] == "代表甲"
    assert "phone" not in data


def test_nothing_goes_out_twice_however_often_it_is_heard(city: City) -> None:
    city.sweep(5, 21)
    city.sweep(6, 8)
    for entry in city.host.engine.history("2026-017"):
        city.host.dispatch.hear(city.host.engine.look_up("2026-017"), entry)

    assert city.host.dispatch.catch_up() == ()
    assert city.open(city.mail.port).dispatch.catch_up() == ()
    assert Counter((envelope, letter["Message-ID"]) for envelope, letter in city.mail.letters) == {
        ("water@bureau.example.invalid", "<2026-017.5@office.example.invalid>"): 1,
        ("water@bureau.example.invalid", "<2026-017.9@office.example.invalid>"): 1,
        ("leader-a@city.example.invalid", "<2026-017.9@office.example.invalid>"): 1,
    }
    assert Counter(event["id"] for event in city.posted) == {f"2026-017.{n}": 1 for n in (5, 7, 8, 9)}


def test_two_who_catch_up_at_once_send_once(city: City) -> None:
    dying = city.open(city.mail.port)
    city.clock.now = city.module.at(5, 21)
    dying.engine.sweep()
    others = [city.open(city.mail.port) for _ in range(4)]

    with ThreadPoolExecutor(len(others)) as pool:
        sent = [one for each in pool.map(lambda other: other.dispatch.catch_up(), others) for one in each]

    assert sorted(one.way for one in sent) == ["mail", "webhook"]
    assert (len(city.mail.letters), len(city.board.notices)) == (1, 1)


def test_what_a_process_left_behind_that_died_after_the_commit_goes_out_with_the_next(city: City) -> None:
    dying = city.open(city.mail.port)
    city.clock.now = city.module.at(5, 21)
    dying.engine.sweep()
    assert city.mail.letters == []

    sent = city.host.dispatch.catch_up()

    assert [(one.number, one.way) for one in sent] == [(5, "mail"), (5, "webhook")]
    assert (len(city.mail.letters), len(city.board.notices)) == (1, 1)


def test_a_dead_server_stops_nobody_and_gets_its_letter_when_it_lives(city: City) -> None:
    with city.module.PostOffice() as closed:
        pass
    deaf = city.open(closed.port)
    deaf.engine.listen(deaf.dispatch.hear)
    city.board.refuses = True
    city.clock.now = city.module.at(5, 21)

    assert deaf.engine.sweep().said

    assert (city.mail.letters, city.board.notices) == ([], [])
    assert [addressee for addressee, _ in city.unsent] == ["水务局", "/notices"]
    assert "Connection refused" in city.unsent[0][1]
    assert city.unsent[1][1] == "/notices answered 503 Service Unavailable"

    city.board.refuses = False
    city.host.dispatch.catch_up()

    assert (len(city.mail.letters), len(city.board.notices), city.unsent) == (1, 1, [])


def test_what_is_said_on_a_rest_day_waits_for_working_hours(city: City) -> None:
    city.sweep(5, 21)
    city.sweep(6, 6)
    waiting = [line for line in city.host.dispatch.register.lines() if line.sent_at is None]

    assert [(line.addressee, line.not_before) for line in waiting] == [
        ("分管副市长甲", city.module.at(6, 8, 8, 30)),
        ("水务局", city.module.at(6, 8, 8, 30)),
    ]
    assert len(city.mail.letters) == 1
    assert city.posted[-1]["time"] == "2026-06-06T01:00:00+00:00"

    city.clock.now = city.module.at(6, 8, 8, 29)
    assert city.host.dispatch.catch_up() == ()
    city.clock.now = city.module.at(6, 8, 8, 30)
    assert [one.addressee for one in city.host.dispatch.catch_up()] == ["分管副市长甲", "水务局"]
    assert city.mail.letters[-1][1]["To"].startswith("水务局 <water@bureau.example.invalid>, 分管副市长甲 <")


def test_what_failed_in_working_hours_is_not_sent_at_night(city: City) -> None:
    dying = city.open(city.mail.port)
    city.clock.now = city.module.at(5, 21)
    dying.engine.sweep()
    city.clock.now = city.module.at(5, 21, 23)

    assert [one.way for one in city.host.dispatch.catch_up()] == ["webhook"]
    city.clock.now = city.module.at(5, 22, 8, 30)
    assert [one.way for one in city.host.dispatch.catch_up()] == ["mail"]


def test_an_addressee_without_an_address_stays_in_the_register(city: City) -> None:
    city.clock.now = city.module.at(5, 20)
    urge = Supervise("水务局", "written", "请尽快办理。", to="供水科")
    city.host.engine.execute("2026-017", urge, by=city.module.OFFICE)

    assert [envelope for envelope, _ in city.mail.letters] == ["water@bureau.example.invalid"]
    assert city.unsent == [("供水科", "no address of 供水科 is known")]

    city.module.ADDRESSES["供水科"] = "section@bureau.example.invalid"
    city.host.dispatch.catch_up()

    assert [envelope for envelope, _ in city.mail.letters][1:] == ["section@bureau.example.invalid"]


def test_a_better_answer_is_asked_for_by_letter(city: City) -> None:
    city.sweep(5, 21)
    city.host.engine.execute("2026-017", AnswerSupervision(1, "正在办理。"), by=city.module.WATER)
    request = RejectAnswer(1, "请说明完成时间。", city.module.at(5, 28).date())
    city.host.engine.execute("2026-017", request, by=city.module.OFFICE)

    assert "请说明完成时间。" in city.mail.letters[-1][1].get_content()
    assert city.posted[-1]["type"] == "cn.handleflow.answer_rejected"


def test_a_confidential_suggestion_is_named_by_its_number_alone(city: City) -> None:
    city.host.engine.execute("2026-017", Classify(is_confidential=True), by=city.module.OFFICE)
    city.sweep(5, 21)

    [(_, letter)] = city.mail.letters
    assert letter["Subject"] == "【电话催办】代表建议 2026-017"
    assert "饮水" not in letter.get_content()
    assert "内容请到办公室查阅" in letter.get_content()
    assert city.board.notices == []


def test_nothing_said_before_the_mailroom_opened_goes_out(city: City) -> None:
    dying = city.open(city.mail.port)
    city.clock.now = city.module.at(5, 21)
    dying.engine.sweep()
    old = city.host.dispatch
    later = type(old)(old.engine, old.register, old.ways, old.clock, city.module.at(5, 22))

    assert later.catch_up() == ()
    assert city.mail.letters == []
