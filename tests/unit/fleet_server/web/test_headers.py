"""What every answer carries, and what it never carries."""

import re

import pytest

from tests.unit.fleet_server.web.conftest import Site

PAGES = ["/", "/terminals", "/terminals/p1-03-t1", "/counters", "/counters/P1-01", "/units"]
PAGES += ["/matters", "/matters/1", "/login", "/nowhere"]


@pytest.mark.parametrize("path", [*PAGES, "/static/live.js"])
def test_the_policy_allows_nothing_but_our_own_files(site: Site, path: str) -> None:
    with site.get(path) as answer:
        headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert policy == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", PAGES)
def test_pages_have_no_inline_code_no_inline_style_and_nothing_foreign(
    site: Site, path: str
) -> None:
    text = site.get(path, "administrator").text
    assert re.findall(r"<script(?![^>]*\bsrc=)", text) == []
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:|hx-on|js:", text) == []
    assert re.findall(r"""(?:src|href|action)=["'](?:https?:)?//""", text) == []


@pytest.mark.parametrize("path", ["/", "/matters"])
def test_pages_of_somebody_who_is_signed_in_are_kept_nowhere(site: Site, path: str) -> None:
    assert site.get(path).headers["Cache-Control"] == "no-store"
