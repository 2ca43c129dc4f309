"""The server's ticket out of the inbox (device/tickets/server.py), on real files."""

import select
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.core.calling import word_of
from device.core.told import Verdict
from device.inbox.inboxes import Inboxes
from device.tickets.server import ServerTickets
from device.wakeup import WakeUp
from tests.fakes.journals import DEV, StillClock
from tests.fakes.uplinks import FakeUplink
from wire import keys


class Source:
    """A source and the uplink that feeds it."""

    def __init__(self, data: Path) -> None:
        self.uplink = FakeUplink(data, DEV)
        self.clock = StillClock()
        self.wake = WakeUp(data, "terminal")
        self.tickets = ServerTickets(Inboxes(data, DEV), self.wake, self.clock)  # type: ignore[arg-type]


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Source]:
    source = Source(tmp_path)
    yield source
    source.uplink.close()
    source.wake.close()


def test_the_newest_signed_ticket_is_current(source: Source) -> None:
    source.uplink.enrol()
    assert source.tickets.take() is None
    source.uplink.say(visit="v1")
    second = source.uplink.say(visit="v2")
    assert source.tickets.take() == word_of(second)


def test_a_ticket_wakes_whoever_waits_for_it(source: Source) -> None:
    assert select.select([source.tickets], [], [], 0)[0] == []
    source.uplink.say()
    assert select.select([source.tickets], [], [], 2)[0] == [source.tickets]
    source.tickets.drain()
    assert select.select([source.tickets], [], [], 0)[0] == []


def test_a_ticket_counts_until_its_time_to_live_has_passed(source: Source) -> None:
    source.uplink.enrol()
    source.uplink.say(up=1000, ttl_s=60)
    source.clock.up = 60_999
    assert source.tickets.take() is not None
    source.tickets.settle(Verdict("news"))
    source.clock.up = 61_000
    assert source.tickets.take() == word_of(None)


def test_a_word_comes_again_until_it_is_settled(source: Source) -> None:
    source.uplink.enrol()
    said = word_of(source.uplink.say())
    assert [source.tickets.take(), source.tickets.take()] == [said, said]
    source.tickets.settle(Verdict("news"))
    assert source.tickets.take() is None


def test_before_the_enrolment_nobody_is_believed_and_after_it_the_fleet_is(source: Source) -> None:
    source.uplink.say()
    assert source.tickets.take() is None
    source.uplink.enrol()
    assert source.tickets.take() is not None


def test_when_what_the_enrolment_left_is_damaged_the_terminal_goes_on_without_tickets(
    source: Source,
) -> None:
    source.uplink.enrol()
    source.uplink.say()
    (source.uplink.data / "identity" / "fleet.json").write_text("{")
    assert source.tickets.take() is None


def test_a_ticket_that_another_key_signed_is_not_believed(source: Source) -> None:
    source.uplink.enrol()
    source.uplink.control = keys.generate()
    source.uplink.say()
    assert source.tickets.take() is None
