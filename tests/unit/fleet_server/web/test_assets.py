"""Style sheets and scripts are kept by browsers until they change."""

import re
from pathlib import Path

from fleet_server.web import assets
from tests.unit.fleet_server.web.conftest import Site


def test_every_file_of_a_page_has_its_version_in_its_address_and_may_be_kept(site: Site) -> None:
    found = re.findall(r'(?:href|src)="(/static/[^"]+)"', site.get("/").text)
    assert len(found) > 8
    for address in found:
        with site.get(address) as answer:
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable", address


def test_a_file_without_a_version_is_asked_for_each_time(site: Site) -> None:
    with site.get("/static/live.js") as answer:
        assert "immutable" not in answer.headers["Cache-Control"]


def test_a_file_that_is_not_there_is_not_kept_as_missing(site: Site) -> None:
    assert "immutable" not in site.get("/static/nothing.css?v=1").headers.get("Cache-Control", "")
    with site.app.test_request_context():
        assert site.app.url_for("static", filename="nothing.css") == "/static/nothing.css"


def test_another_content_is_another_version(tmp_path: Path) -> None:
    for name, content in (("a", "1"), ("b", "2"), ("c", "1")):
        (tmp_path / name).write_text(content)
    a, b, c = (assets._version(tmp_path / name) for name in "abc")
    assert a == c != b
