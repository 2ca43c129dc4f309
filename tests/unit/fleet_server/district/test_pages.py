"""Every page that can be reached in the small district opens, for each of its people."""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from fleet_server.app import create_app
from fleet_server.district.people import PEOPLE, Person
from fleet_server.settings import Settings
from tests.fakes.district import NOW, PASSWORD
from tests.fakes.reading import token

pytestmark = pytest.mark.timeout(600)
LINK = re.compile(r'<a [^>]*?href="(/[^"#]*)"')
NAME = re.compile(r"[0-9]+|[a-z0-9]+-[a-z0-9-]+", re.IGNORECASE)
"""What a path names: an identifier, a code, a day."""
OF_A_KIND = 2
SEE_ALL = ("administrator", "auditor")


def client_of(fleet: Settings, person: Person, language: str) -> FlaskClient:
    client: FlaskClient = create_app(fleet, lambda: NOW).test_client()
    form = {"email": person.email, "password": PASSWORD, "csrf_token": token(client)}
    assert client.post("/login", data=form).status_code == 302
    client.post("/language", data={"language": language, "csrf_token": token(client)})
    return client


def kind_of(address: str) -> tuple[str, ...]:
    """Say which page this is, and which questions it is asked, whatever their values."""
    parts = urlsplit(address)
    return NAME.sub("*", parts.path), *sorted(parse_qs(parts.query))


def pages(client: FlaskClient) -> Iterator[tuple[str, int]]:
    """Open what is linked, from the first page on; a few pages of each kind."""
    waiting, seen = ["/"], {"/"}
    kinds: Counter[tuple[str, ...]] = Counter()
    while waiting:
        address = waiting.pop(0)
        answer = client.get(address, follow_redirects=True)
        yield address, answer.status_code
        for link in LINK.findall(answer.text) if answer.mimetype == "text/html" else ():
            found = link.replace("&amp;", "&")
            if found not in seen and kinds[kind_of(found)] < OF_A_KIND:
                seen.add(found)
                kinds[kind_of(found)] += 1
                waiting.append(found)


# Some minutes of clicking; what the pages read is asked of both engines by their own tests.
@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("person", PEOPLE, ids=lambda one: one.role)
def test_every_page_that_somebody_is_led_to_opens(fleet: Settings, person: Person) -> None:
    opened = 0
    for address, status in pages(client_of(fleet, person, "vi")):
        # A page may lead to one that is not for everybody; there it says so.
        assert status == 200 or (status == 403 and person.role not in SEE_ALL), address
        opened += 1
    assert opened >= 3


def test_the_pages_show_what_has_happened(fleet: Settings) -> None:
    client = client_of(fleet, PEOPLE[0], "en")
    counters = client.get("/counters?period=30").text
    assert "Phòng Công chứng số 2" in counters
    assert "UBND phường Đông Thạnh" in counters
    terminals = client.get("/terminals").text
    assert "bh-dd-4" in terminals
    matters = client.get("/matters").text
    assert "bh-ct-2" in matters
