"""The wish that a process ends (device/stop.py)."""

import os
import select
import signal
from collections.abc import Iterator

import pytest

from device.stop import Stop

SIGNALS = (signal.SIGTERM, signal.SIGINT)


@pytest.fixture(autouse=True)
def signals_as_before() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def stop() -> Iterator[Stop]:
    stop = Stop()
    yield stop
    stop.close()


def is_readable(stop: Stop) -> bool:
    return bool(select.select([stop], [], [], 0)[0])


def test_nobody_wants_it_at_first(stop: Stop) -> None:
    assert (stop.wanted, is_readable(stop)) == (False, False)


def test_who_waits_for_it_is_woken_and_stays_awake(stop: Stop) -> None:
    stop.now()
    assert [is_readable(stop), is_readable(stop)] == [True, True]
    assert stop.wanted


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_asks_for_it(stop: Stop, number: signal.Signals) -> None:
    stop.heed_signals()
    os.kill(os.getpid(), number)
    assert is_readable(stop)
    assert stop.wanted


def test_signals_end_the_process_as_usual_once_it_is_closed() -> None:
    stop = Stop()
    stop.heed_signals()
    stop.close()
    assert [signal.getsignal(each) for each in SIGNALS] == [signal.SIG_DFL] * 2


def test_one_that_heeds_no_signals_leaves_them_alone() -> None:
    before = signal.getsignal(signal.SIGINT)
    Stop().close()
    assert signal.getsignal(signal.SIGINT) == before
