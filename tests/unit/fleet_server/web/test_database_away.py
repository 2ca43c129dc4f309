"""While the database's server is away, pages and REST say so and come back by themselves."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.fakes.postgres import server
from tests.unit.fleet_server.web.conftest import Site

pytestmark = pytest.mark.engines("postgresql")


@contextmanager
def away() -> Iterator[None]:
    server().stop()
    try:
        yield
    finally:
        server().start()


@pytest.mark.parametrize("path", ["/", "/counters/", "/terminals/", "/matters"])
def test_a_page_answers_503_and_afterwards_as_ever(site: Site, path: str) -> None:
    assert site.get(path).status_code in (200, 308)
    with away():
        answer = site.get(path, follow_redirects=True)
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "60"
        assert "Lỗi 503" in answer.text
        assert "psycopg" not in answer.text
    assert site.get(path, follow_redirects=True).status_code == 200


def test_what_is_asked_meanwhile_by_form_or_program_is_answered_503(site: Site) -> None:
    site.get("/")
    with away():
        assert site.post("/matters/1/close", note="was looked at").status_code == 503
        assert site.get("/readyz", "nobody").status_code == 503
        assert site.get("/healthz", "nobody").status_code == 200
    assert "was looked at" not in site.get("/matters/1").text
    assert site.get("/readyz", "nobody").status_code == 200
