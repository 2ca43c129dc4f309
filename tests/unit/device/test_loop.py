"""The main loop (device/loop.py): what wakes it, and what systemd hears of it."""

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from device.calls import Calls
from device.loop import Loop
from device.stop import Stop
from tests.fakes.counter import FakeButtons, FakeScreen, FakeTickets
from tests.fakes.journals import StillClock
from tests.fakes.wait import eventually


class Pipe:
    """Something that the loop waits for."""

    def __init__(self) -> None:
        self.reading, self.writing = os.pipe2(os.O_NONBLOCK)

    def fileno(self) -> int:
        return self.reading

    def ring(self) -> None:
        os.write(self.writing, b".")

    def drain(self) -> None:
        os.read(self.reading, 99)

    def close(self) -> None:
        os.close(self.reading)
        os.close(self.writing)


class PipedTickets(FakeTickets):
    """Tickets that ring, as the uplink does."""

    def __init__(self, bell: Pipe) -> None:
        super().__init__()
        self.bell = bell

    def fileno(self) -> int:
        return self.bell.fileno()

    def drain(self) -> None:
        self.bell.drain()


class PipedButtons(FakeButtons):
    def __init__(self, pipe: Pipe) -> None:
        super().__init__()
        self.pipe = pipe

    def fileno(self) -> int:
        return self.pipe.fileno()


@dataclass
class Part:
    """A part whose turns are counted, and which does what the test wants in each."""

    act: Callable[[], None] = lambda: None
    turns: int = 0

    def turn(self) -> None:
        self.turns += 1
        self.act()


@dataclass
class Heart:
    """Stands where the watchdog stands, and counts its food."""

    beats: list[int] = field(default_factory=list)

    def alive(self, up: int) -> None:
        self.beats.append(up)


class Bench:
    """A loop and all that it turns."""

    def __init__(self) -> None:
        self.bell, self.pressed = Pipe(), Pipe()
        self.calls = Calls()
        self.heart, self.part, self.second = Heart(), Part(), Part()
        self.news: list[int] = []
        self.stopping = Stop()
        self.screen = FakeScreen()
        self.loop = Loop(
            StillClock(),
            self.screen,
            PipedButtons(self.pressed),
            PipedTickets(self.bell),
            self.calls,
            lambda: self.news.append(self.part.turns),
            (self.part, self.second),
            self.heart,  # type: ignore[arg-type]
        )

    def stop(self) -> None:
        self.stopping.now()

    def run(self) -> None:
        self.loop.run(self.stopping)

    def close(self) -> None:
        for part in (self.bell, self.pressed, self.calls, self.stopping):
            part.close()


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.close()


def test_every_part_has_its_turn_and_the_first_the_last_word(bench: Bench) -> None:
    bench.calls.post(bench.stop)
    bench.run()
    assert (bench.part.turns, bench.second.turns) == (2, 1)


def test_a_call_comes_after_the_turn(bench: Bench) -> None:
    seen: list[int] = []
    bench.calls.post(lambda: seen.append(bench.part.turns))
    bench.calls.post(bench.stop)
    bench.run()
    assert seen == [1]


def test_news_of_the_tickets_come_before_the_turn(bench: Bench) -> None:
    bench.bell.ring()
    bench.part.act = bench.stop
    bench.run()
    assert bench.news == [0]


def test_a_window_that_is_closed_ends_it(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench.screen, "closed", lambda: True)
    bench.run()
    assert (bench.part.turns, bench.heart.beats) == (1, [])


def test_each_turn_feeds_the_watchdog_and_a_turn_that_hangs_lets_it_starve(bench: Bench) -> None:
    hangs, goes_on = threading.Event(), threading.Event()

    def hang() -> None:
        if bench.part.turns == 3:
            hangs.set()
            goes_on.wait(20)

    bench.part.act = hang
    thread = threading.Thread(target=bench.run)
    thread.start()
    try:
        assert hangs.wait(20)
        assert len(bench.heart.beats) == 3
        bench.pressed.ring()
        # Somebody presses for as long as three turns would last: nobody feeds in its place.
        assert not goes_on.wait(0.3)
        assert len(bench.heart.beats) == 3
    finally:
        goes_on.set()
        eventually(lambda: len(bench.heart.beats) > 3, 20, "the loop to go on")
        bench.stop()
        thread.join()


def test_a_finger_wakes_the_loop(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    finger = Pipe()
    sleeps: list[int] = []
    monkeypatch.setattr("device.loop.patience", lambda *_, **__: sleeps.append(1) or 600_000)
    monkeypatch.setattr(bench.screen, "wakes", lambda: [finger.fileno()])
    bench.part.act = bench.stop
    finger.ring()
    try:
        bench.run()
    finally:
        finger.close()
    assert sleeps == [1]
