"""
What the clock and people say goes out by mail and webhook, each once, within working hours.

Run it: python examples/delivery/host.py
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pendulum
from attrs import define, frozen
from mailroom import Dispatch, Mail, NoticeBoard, Outgoing, PostOffice, Register, Way, Webhook
from pendulum import DateTime

from handleflow import Actor, Engine, Entry, load
from handleflow.acts import Accept, Assign, Receive, Supervise
from handleflow.stores.sql import SqlStore

RULES = load(Path(__file__).parent / "delivery.toml")
ADDRESSES = {
    "水务局": "water@bureau.example.invalid",
    "分管副市长甲": "leader-a@city.example.invalid",
    "分管副市长乙": "leader-b@city.example.invalid",
}
OFFICE, WATER = Actor("congress_office", "Standing Committee Office"), Actor("unit", "水务局")
SHOWN = {"supervised", "deadline_missed", "rung_suppressed"}


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> DateTime:
    """A moment in the city, in 2026."""
    return pendulum.datetime(2026, month, day, hour, minute, tz=RULES.calendar.zone)


@define
class WallClock:
    """The example's clock, set by hand; a host in earnest reads the time."""

    now: DateTime

    def __call__(self) -> DateTime:
        return self.now


@frozen
class Host:
    """The application as one process holds it: its store, its engine, its mailroom."""

    store: SqlStore
    engine: Engine
    dispatch: Dispatch

    def close(self) -> None:
        """Let go of the store; the register holds nothing open."""
        self.store.close()


def build(folder: Path, clock: WallClock, mail_port: int, webhook_port: int) -> Host:
    """The store and the register as they lie in *folder*, opened anew as after a restart; nobody listens yet."""
    store = SqlStore(str(folder / "suggestions.db"))
    engine = Engine(store, [RULES], clock=clock)
    ways: dict[str, Way] = {"mail": Mail(mail_port, ADDRESSES), "webhook": Webhook(webhook_port)}
    return Host(store, engine, Dispatch(engine, Register(folder / "register.db"), ways, clock, since=at(1, 1)))


def begin(host: Host, clock: WallClock) -> None:
    """One suggestion comes to the water bureau; its reply is due on a Friday, 2026-06-05."""
    clock.now = at(3, 5)
    host.engine.execute("2026-017", Receive("农村饮水安全", "代表甲", phone="000-0000"), by=OFFICE)
    host.engine.execute("2026-017", Assign(("水务局",)), by=OFFICE)
    host.engine.execute("2026-017", Accept(), by=WATER)


def print_said(entries: Iterable[Entry]) -> None:
    """What was said, and when."""
    for entry in entries:
        if entry.kind in SHOWN:
            print(f"{_in_the_city(entry.at)}  said: entry {entry.number}, {entry.kind}")


def print_lines(lines: Iterable[Outgoing]) -> None:
    """Lines of the register: what went out when and to whom, and what waits."""
    for one in lines:
        what = f"entry {one.number} by {one.way} to {one.addressee} {ADDRESSES.get(one.addressee, '')}".rstrip()
        if one.sent_at is not None:
            print(f"{_in_the_city(one.sent_at)}  sent: {what}")
        else:
            print(f"{'':15}  waits until {_in_the_city(one.not_before)}: {what}")


def _in_the_city(moment: DateTime) -> str:
    return moment.in_timezone(RULES.calendar.zone).strftime("%a %m-%d %H:%M")


def sweep(host: Host, clock: WallClock, now: DateTime) -> None:
    """Let the clock speak; the listener sends what may go."""
    clock.now = now
    print_said(entry for _, entry in host.engine.sweep().said)
    lines = host.dispatch.register.lines()
    print_lines(one for one in lines if one.sent_at is None or one.sent_at == now)


def catch_up(host: Host, clock: WallClock, now: DateTime) -> None:
    """What a timer does every few minutes, and every process when it starts."""
    clock.now = now
    sent = host.dispatch.catch_up()
    print_lines(sent)
    if not sent:
        print(f"{_in_the_city(now)}  a second pass sent nothing")


def live(folder: Path, mail: PostOffice, board: NoticeBoard) -> None:
    """A working day, a rest day, a process that dies before it listens, and the one after it."""
    clock = WallClock(at(3, 5))
    with closing(build(folder, clock, mail.port, board.port)) as host:
        host.engine.listen(host.dispatch.hear)
        begin(host, clock)
        sweep(host, clock, at(5, 21))
        sweep(host, clock, at(6, 6, 2))
        catch_up(host, clock, at(6, 8, 8, 30))
    with closing(build(folder, clock, mail.port, board.port)) as dying:
        clock.now = at(6, 12, 16)
        dying.engine.execute("2026-017", Supervise("水务局", "interview", "请到办公室说明情况。"), by=OFFICE)
        print_said(entry for entry in dying.engine.history("2026-017") if entry.at == clock.now)
    with closing(build(folder, clock, mail.port, board.port)) as again:
        again.engine.listen(again.dispatch.hear)
        catch_up(again, clock, at(6, 12, 16, 5))
        sweep(again, clock, at(6, 15))
        catch_up(again, clock, at(6, 15, 9, 5))
    print(f"the servers took {len(mail.letters)} letters and {len(board.notices)} notices")


def main() -> None:
    """Start both servers, live through it, stop them."""
    with TemporaryDirectory() as folder, PostOffice() as mail, NoticeBoard() as board:
        live(Path(folder), mail, board)


if __name__ == "__main__":
    main()
