"""Each ticket event is answered with the address at which its ticket is rated later."""

from urllib.parse import urlsplit

from fleet_server.store.models import UnsignedRating, Visit
from fleet_server.web.services import KEYS
from tests.fakes.desk import HOUR
from tests.fakes.keys import new_key
from tests.fakes.reading import token_in
from tests.unit.fleet_server.web.api.conftest import Rest


def address(rest: Rest, event: str, **more: object) -> str:
    answer = rest.post({"ticket": "A017", "event": event, **more})
    assert answer.status_code == 200, answer.text
    assert answer.is_json
    return str(answer.json["rate"])


def test_the_address_is_the_same_for_every_event_of_a_visit(rest: Rest) -> None:
    first = address(rest, "called")
    rest.now += HOUR
    assert address(rest, "closed") == first
    assert address(rest, "closed") == first
    assert first.startswith(rest.client.application.extensions["hailong"].settings.web.url)


def test_another_visit_has_another(rest: Rest) -> None:
    assert address(rest, "called", visit="v1") != address(rest, "called", visit="v2")


def test_a_name_that_is_in_use_elsewhere_leads_to_the_visit_here(rest: Rest) -> None:
    rest.tell("called", visit="v1")
    Visit.update(by_rest=False, by_terminal=True).execute()
    answer = rest.post({"ticket": "B001", "event": "called", "visit": "v1"}, "C2")
    assert answer.status_code == 200, answer.text
    page = rest.client.get(urlsplit(answer.json["rate"]).path).text
    assert "B001" in page
    assert "A017" not in page


def test_what_is_printed_from_it_rates_the_ticket(rest: Rest) -> None:
    path = urlsplit(address(rest, "called")).path
    address(rest, "closed", at=None)
    form = {"csrf_token": token_in(rest.client.get(path).text), "choice": "satisfied"}
    assert rest.client.post(path, data=form).status_code == 303
    assert [row.ticket for row in UnsignedRating.select()] == ["A17"]


def test_where_nobody_may_rate_later_there_is_none(rest: Rest) -> None:
    object.__setattr__(rest.client.application.extensions[KEYS].later, "days", 0)
    answer = rest.post({"ticket": "A017", "event": "called"})
    assert answer.json["rate"] is None


def test_a_key_that_prints_no_tickets_can_not_rate_for_citizens(rest: Rest) -> None:
    rest.key = new_key("display", {"tickets:write"})
    answer = rest.post({"ticket": "A017", "event": "called"})
    assert (answer.status_code, answer.json["rate"]) == (200, None)
