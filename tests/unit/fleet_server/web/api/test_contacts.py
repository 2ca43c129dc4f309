"""A queue system tells how citizens can be reached, and reads it never."""

import pytest

from fleet_server.store import audit_log, contacts
from fleet_server.store.database import writing
from fleet_server.store.models import Contact, TicketEvent, Visit
from fleet_server.store.visits import drop_untold
from tests.fakes.draws import sealed
from tests.fakes.keys import new_key
from tests.fakes.office import NOW
from tests.unit.fleet_server.web.api.conftest import Rest

GIVEN = {"visit": "q-1", "name": "bà Lan", "number": "0901 234 567", "consent": True}


@pytest.fixture
def told(rest: Rest) -> Rest:
    rest.tell("called", visit="q-1")
    rest.key = new_key("contacts", ["contacts:write"])
    return rest


def send(rest: Rest, what: str = "contacts", counter: str = "C1", **more: object) -> int:
    body = (GIVEN if what == "contacts" else {"visit": "q-1"}) | more
    path = f"/api/v1/counters/{counter}/{what}"
    rest.answer = rest.call("POST", path, json=body)  # type: ignore[attr-defined]
    return int(rest.answer.status_code)  # type: ignore[attr-defined]


def test_contact_data_comes_after_the_ticket_and_says_its_end(told: Rest) -> None:
    assert send(told) == 200
    assert told.answer.json == {"visit": "q-1", "until": "2027-01-21"}  # type: ignore[attr-defined]
    [row] = Contact.select()
    assert row.taken_by.startswith("key:")
    assert send(told) == 200
    assert Contact.select().count() == 1


def test_what_a_key_tells_is_in_the_audit_log_and_a_sealed_list_keeps_it(told: Rest) -> None:
    send(told)
    [entry] = audit_log.newest(1)
    assert (entry.action, entry.details) == ("contact.add", '{"until":"2027-01-21"}')
    assert entry.actor == "key:contacts"
    sealed("2026-W47", NOW)
    assert send(told, number="0907 000 000") == 409
    assert "is on a list that is sealed" in told.answer.json["detail"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"consent": False}, 422), ({"consent": 1}, 422), ({"number": "--"}, 422),
        ({"name": ""}, 422), ({"visit": "q-2"}, 404), ({"counter": "C9"}, 404),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_and_nothing_kept(
    told: Rest, more: dict[str, object], status: int
) -> None:
    assert send(told, **more) == status  # type: ignore[arg-type]  # its counter is a text
    assert Contact.select().count() == 0


def test_a_key_that_tells_tickets_can_not_tell_whom_to_call(rest: Rest) -> None:
    rest.tell("called", visit="q-1")
    rest.key = new_key("tickets", ["tickets:write"])
    assert send(rest) == 403


def test_consent_is_taken_back_and_the_data_is_not_taken_again(told: Rest) -> None:
    send(told)
    assert send(told, "contacts/withdrawals") == 200
    first = told.answer.json  # type: ignore[attr-defined]
    assert contacts.held() == 0
    assert send(told, "contacts/withdrawals") == 200
    assert told.answer.json == first == {"erased": True}  # type: ignore[attr-defined]
    assert send(told) == 409


def test_a_visit_that_nobody_tells_of_any_more_takes_it_along(told: Rest) -> None:
    send(told)
    with writing():
        TicketEvent.delete().execute()
        drop_untold(["q-1"])
    assert Visit.select().count() == Contact.select().count() == 0
