"""The server's current ticket as a word, and a word as an event (device/core/calling.py)."""

from dataclasses import replace

import pytest

from device.core.calling import event_of, word_of
from device.core.events import (
    NobodyServed,
    TicketCalled,
    TicketClosed,
    TicketNoShow,
    TicketRecalled,
    TicketTransferred,
)
from device.core.session_state import Visit
from wire.down import CurrentTicket
from wire.records import TicketEvent

NOW = CurrentTicket(
    dev="t-1",
    n=1,
    iat=0,
    ttl_s=60,
    counter="Q1",
    counter_name="Quầy 1",
    visit="v",
    ticket="A001",
    event="called",
    day="2026-11-22",
    service="Hộ tịch",
)
VISIT = Visit("v", "A001", "Q1", "Quầy 1", "2026-11-22", "Hộ tịch")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("called", TicketCalled),
        ("recalled", TicketRecalled),
        ("transferred", TicketTransferred),
        ("no_show", TicketNoShow),
    ],
)
def test_each_event_of_a_ticket_has_its_own_kind(
    name: TicketEvent, kind: type[TicketCalled]
) -> None:
    assert event_of(word_of(replace(NOW, event=name)), 100, 7) == kind(100, VISIT, 7)


def test_what_was_told_before_a_restart_is_marked() -> None:
    for name in ("called", "closed"):
        event = event_of(word_of(replace(NOW, event=name)), 100, told=True)
        assert isinstance(event, TicketCalled)
        assert event.told


def test_a_ticket_without_an_event_is_a_called_one() -> None:
    assert event_of(word_of(replace(NOW, event=None)), 100) == TicketCalled(100, VISIT)


def test_a_closed_ticket_says_when_that_was() -> None:
    event = event_of(word_of(replace(NOW, event="closed")), 100_000, ended=70_000)
    assert event == TicketClosed(100_000, VISIT, ended=70_000)


def test_no_ticket_or_one_without_a_visit_means_that_nobody_is_served() -> None:
    assert event_of(word_of(None), 5) == NobodyServed(5)
    assert event_of(word_of(replace(NOW, visit=None)), 5) == NobodyServed(5)


def test_a_visit_without_a_number_goes_by_its_id() -> None:
    event = event_of(word_of(replace(NOW, ticket=None)), 5)
    assert isinstance(event, TicketCalled)
    assert event.visit.ticket == "v"


def test_an_event_knows_who_told_it() -> None:
    event = event_of(replace(word_of(NOW), origin="lan"), 5)
    assert isinstance(event, TicketCalled)
    assert event.origin == "lan"
