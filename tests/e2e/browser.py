"""Somebody who reads a running system's pages in a real browser."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page

from tests.e2e.system import System
from tests.fakes.processes import run

PASSWORD = "correct horse battery staple"


@contextmanager
def signed_in(system: System, browser: Browser, role: str = "administrator") -> Iterator[Page]:
    """Give the window of somebody new with that role, who has signed in and reads English."""
    email = f"{role}@hailong.example"
    run(*system.command("user", "add", "--email", email, "--role", role), input=f"{PASSWORD}\n")
    context = browser.new_context(base_url=system.fleet.web.url)
    page = context.new_page()
    page.goto("/")
    page.click("text=English")
    page.fill("input[type=email]", email)
    page.fill("input[type=password]", PASSWORD)
    page.press("input[type=password]", "Enter")
    page.wait_for_selector("#live")
    yield page
    context.close()
