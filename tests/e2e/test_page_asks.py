"""What a technician asks of a terminal from a page, on real parts: broker, server, browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.browser import signed_in
from tests.e2e.system import System, Terminal, running_system
from tests.fakes.wait import eventually

WAIT_MS = 30_000

# What this tells of a page and a terminal, no database can change.
pytestmark = pytest.mark.engines("sqlite")


@pytest.fixture(scope="module")
def system(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running_system(tmp_path_factory.mktemp("page-asks"), "nats") as one:
        yield one


@pytest.fixture(scope="module")
def terminal(system: System) -> Terminal:
    one = system.add_terminal("t-1", "Q1", "[uplink]\nhealth_s = 1\n")
    one.start()
    one.uplink.wait_for("connected")
    return one


@pytest.fixture(scope="module")
def page(system: System, terminal: Terminal, browser: Browser) -> Iterator[Page]:
    with signed_in(system, browser, "technician") as one:
        one.set_viewport_size({"width": 360, "height": 740})
        one.set_default_timeout(WAIT_MS)
        yield one


def showing(terminal: Terminal) -> str:
    terminal.run.say("state")
    return str(terminal.run.said.get(timeout=20)["shown"])


def test_a_technician_finds_a_terminal_and_has_it_show_itself_with_the_keyboard_alone(
    page: Page, terminal: Terminal
) -> None:
    page.goto("/technician")
    page.focus("#terminal")
    page.keyboard.type("t-1")
    page.keyboard.press("Enter")
    page.wait_for_selector("#freshness[data-state=live]")
    page.evaluate("window.notReloaded = true")
    button = page.get_by_role("button", name="Show which one it is")
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("li[id^=command-] >> text=done")
    assert page.url.endswith("/technician/t-1")


def test_a_self_test_tells_each_button_on_the_phone_while_it_is_looked_at(
    page: Page, terminal: Terminal
) -> None:
    page.goto("/technician/t-1")
    page.get_by_role("button", name="Begin a self-test").click()
    page.wait_for_selector("#freshness[data-state=live]")
    page.evaluate("window.notReloaded = true")
    eventually(lambda: showing(terminal) == "self_test", 20, "the self-test")
    terminal.run.say("press satisfied")
    terminal.run.say("touch key done")
    page.wait_for_selector(".tested >> text=unsatisfied")
    words = page.inner_text(".tested")
    assert "● satisfied" in words
    assert "✕ very satisfied" in words
    network = page.inner_text(".tested >> nth=1")
    assert "● Message broker" in network
    assert page.evaluate("window.notReloaded"), "it came live"


def test_a_restart_is_asked_once_more_and_its_outcome_stands_on_the_page(
    page: Page, terminal: Terminal
) -> None:
    page.goto("/terminals/t-1")
    page.get_by_role("button", name="start the program again").click()
    page.get_by_role("button", name="Yes, do it").click()
    eventually(lambda: not terminal.run.running, 20, "the program ended")
    terminal.run.stop()
    terminal.run.start()
    page.wait_for_selector("tr[id^=command-]:has-text('start the program again') >> text=done")
    assert "technician@hailong.example" in page.inner_text("tr[id^=command-] >> nth=0")


def test_a_configuration_from_the_page_is_applied_or_refused_in_words(
    page: Page, system: System, terminal: Terminal
) -> None:
    page.goto("/terminals/t-1/configuration")
    page.select_option("#without", "unbound")
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_selector("#configuration >> text=applied")
    assert terminal.press_apart("satisfied")["visit"] is None
    page.goto("/terminals/t-1/configuration")
    page.click("details.expert summary")
    page.fill("#toml", '[look]\nletters = "huge"\n')
    page.get_by_role("button", name="Send the tables").click()
    page.wait_for_selector("text=No terminal would take this: look.letters: must be one of")
    page.fill("#toml", '[asking]\nitems = ["lift"]\n')
    page.get_by_role("button", name="Send the tables").click()
    page.wait_for_selector("#configuration >> text=item 1: lift has no text")
