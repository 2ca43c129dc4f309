"""What the journal says of tickets before the start (device/tickets/before.py)."""

from pathlib import Path

import pytest

from device.core.scanning import Memory
from device.journal.reader import JournalReader
from device.tickets.before import OPEN_FOR_MS, Before, Seen, read_before
from tests.fakes.journals import StillClock, journal, rating
from wire.records import Ticket, TicketEvent, TicketOrigin

DAY = "2026-11-22"


def ticket(source: TicketOrigin = "lan", event: TicketEvent = "called", **more: str) -> Ticket:
    fields = {"counter": "Q1", "visit": "v1", "ticket": "A1", "day": DAY, **more}
    return Ticket(event=event, source=source, **fields)


def before(data: Path) -> Before:
    return read_before(JournalReader(data), "S-")


def test_the_newest_ticket_is_found_behind_later_ratings(tmp_path: Path) -> None:
    assert before(tmp_path) == Before()
    own = journal(tmp_path)
    assert before(tmp_path).ticket is None
    for body in (ticket(visit="v0"), ticket(), rating(), rating()):
        own.append(body)
    assert before(tmp_path).ticket == ticket()


def test_the_running_number_of_dossiers_goes_on(tmp_path: Path) -> None:
    own = journal(tmp_path)
    for body in (ticket("scanner", ticket="S-012"), ticket("scanner", ticket="A1"), ticket()):
        own.append(body)
    found = before(tmp_path)
    assert found.ticket == ticket()
    assert found.memory("S-") == Memory(number=12, day=DAY)
    assert found.memory("X-") == Memory(number=0, day=DAY)
    assert Before().memory("S-") == Memory()


def word(seen: Ticket, clock: StillClock | None = None, day: str | None = DAY) -> object:
    clock = clock or StillClock()
    return Before(Seen(seen, StillClock().at, "synced")).word(clock, "Quầy 1", day)


@pytest.mark.parametrize("source", ["lan", "scanner"])
def test_a_local_ticket_is_said_once_more(source: TicketOrigin) -> None:
    said = word(ticket(source))
    assert said is not None
    assert (said.origin, said.visit, said.at) == (source, "v1", StillClock().at)  # type: ignore[attr-defined]


def test_what_is_over_or_old_or_the_servers_is_not() -> None:
    assert word(ticket("server")) is None
    assert word(ticket(event="closed")) is None
    assert word(ticket(), day="2026-11-23") is None
    late = StillClock(StillClock().at + OPEN_FOR_MS + 1)
    assert word(ticket(), late) is None
    assert Before().word(late, "Q1", DAY) is None


def test_without_the_time_nobody_knows_how_old_a_ticket_is() -> None:
    clock = StillClock()
    clock.now_is = "unset"
    assert word(ticket(), clock) is None
    assert Before(Seen(ticket(), clock.at, "unset")).word(StillClock(), "Q1", DAY) is None
