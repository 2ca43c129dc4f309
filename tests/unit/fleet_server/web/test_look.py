"""Light, dark, or as the device has it."""

import re

import pytest

from tests.unit.fleet_server.web.conftest import Site


def media(html: str) -> str | None:
    """Return where the dark colours hold; None if they are not loaded."""
    found = re.search(r'styles/dark\.css[^"]*" media="([^"]+)"', html)
    return found[1] if found else None


def test_at_first_the_device_decides(site: Site) -> None:
    html = site.get("/").text
    assert "data-theme" not in html
    assert media(html) == "screen and (prefers-color-scheme: dark)"


def test_a_choice_stays_in_this_browser_after_the_sign_out(site: Site) -> None:
    answer = site.post("/look", look="dark", back="/counters?period=7")
    assert answer.headers["Location"] == "/counters?period=7"
    site.post("/logout")
    html = site.client("viewer").get("/login").text
    assert '<html lang="vi" data-theme="dark">' in html
    assert media(html) == "screen"


def test_who_wants_it_light_gets_no_dark_colours(site: Site) -> None:
    site.post("/look", look="light")
    html = site.get("/").text
    assert 'data-theme="light"' in html
    assert media(html) is None
    site.post("/look", look="machine")
    assert "data-theme" not in site.get("/").text


def test_the_cookie_can_be_read_by_no_script_and_lasts_a_year(site: Site) -> None:
    cookie = site.post("/look", look="dark").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Max-Age=31536000" in cookie


@pytest.mark.parametrize("wanted", ["", "neon", '"><script>'])
def test_a_look_that_is_not_there_is_refused(site: Site, wanted: str) -> None:
    assert site.post("/look", look=wanted).status_code == 400


def test_a_cookie_that_nobody_of_us_made_counts_as_none(site: Site) -> None:
    client = site.client("viewer")
    client.set_cookie("hailong_look", "neon")
    assert "data-theme" not in client.get("/").text


def test_the_way_back_stays_on_this_server(site: Site) -> None:
    answer = site.post("/look", look="dark", back="https://evil.example/")
    assert answer.headers["Location"] == "/"
