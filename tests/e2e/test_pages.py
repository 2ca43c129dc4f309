"""The pages in a real browser, served by `hailong-fleet serve` from the sample office."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from fleet_server.app import create_app
from fleet_server.clock import now_ms
from fleet_server.settings import Settings
from fleet_server.store import changes, database
from fleet_server.store.accounts import User
from fleet_server.store.models import Matter, TerminalStatus
from fleet_server.store.users import add_user
from fleet_server.web.signin import hashed
from tests.fakes.fleets import new_fleet
from tests.fakes.office import ALWAYS, Office, serve
from tests.fakes.ports import is_open
from tests.fakes.processes import FLEET, Process
from tests.fakes.wait import eventually

EMAIL, PASSWORD = "admin@hailong.example", "correct horse battery"
LIVE = "#freshness[data-state=live]"


@pytest.fixture(scope="module")
def fleet(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    fleet = new_fleet(tmp_path_factory.mktemp("pages") / "fleet")
    with create_app(fleet).app_context():
        add_user(EMAIL, hashed(PASSWORD), "administrator", 0, actor="server")
    Office(now=now_ms(), hours=ALWAYS).fill()
    yield fleet
    database.close()


@pytest.fixture(scope="module")
def server(fleet: Settings) -> Iterator[Process]:
    process = Process(
        [FLEET, "serve", "--config", str(fleet.path)], fleet.path.parent / "serve.log"
    )
    process.start()
    try:
        eventually(lambda: is_open(fleet.web.port), 30, "the pages")
        yield process
    finally:
        process.stop()


@pytest.fixture(autouse=True)
def bound_database(fleet: Settings) -> None:
    database.open_database(fleet.database.url)


@pytest.fixture(scope="module")
def signed_in(
    server: Process, browser: Browser, fleet: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Sign in once by keyboard alone, and keep the cookies."""
    context = browser.new_context(base_url=fleet.web.url)
    page = context.new_page()
    page.goto("/")
    expect(page.locator("#email")).to_be_focused()
    page.keyboard.type(EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Việc gì cần tôi bây giờ?")
    state = tmp_path_factory.mktemp("cookies") / "state.json"
    context.storage_state(path=state)
    context.close()
    return state


class Watched:
    """A page whose console is watched: an error or a violation fails the test."""

    def __init__(self, context: BrowserContext) -> None:
        self.page = context.new_page()
        self.trouble: list[str] = []
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.on(
            "console",
            lambda message: (
                message.type in ("error", "warning") and self.trouble.append(message.text)
            ),
        )


@pytest.fixture
def context(browser: Browser, fleet: Settings, signed_in: Path) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=fleet.web.url, storage_state=signed_in)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    watched = Watched(context)
    yield watched.page
    assert watched.trouble == []


def served(add: int) -> None:
    """Change a figure of a counter as ingest does: the roll-up, and the note of it."""
    with database.writing():
        serve(1, now_ms(), add)
        changes.note("counter:P1-01")


def number(page: Page, selector: str) -> int:
    return int(page.locator(selector).inner_text())


TILE = ".tiles .tile:nth-child(1) .big"
ROW = "#counter-P1-01 td:nth-of-type(1)"


@pytest.mark.parametrize(("path", "where"), [("/counters/P1-01", TILE), ("/counters", ROW)])
def test_figures_move_without_a_reload(page: Page, path: str, where: str) -> None:
    served(1)
    page.goto(path)
    page.wait_for_selector(LIVE)
    page.evaluate("window.notReloaded = true")
    for _ in range(3):
        before = number(page, where)
        served(1)
        expect(page.locator(where)).to_have_text(str(before + 1))
    assert page.evaluate("window.notReloaded") is True


def top_of(place: Locator) -> float:
    """Return how far below the window's upper edge something is, in CSS pixels."""
    return float(place.evaluate("element => element.getBoundingClientRect().top"))


def test_what_is_being_read_typed_or_looked_at_stays_where_it_is(page: Page) -> None:
    page.set_viewport_size({"width": 800, "height": 300})
    page.goto("/counters/P1-01?show=all")
    page.wait_for_selector(LIVE)
    link = page.locator("#days").locator("xpath=..").locator("tbody a").first
    link.focus()
    page.evaluate("window.scrollBy(0, 150)")
    place = top_of(link)
    words = link.inner_text()
    before = number(page, TILE)
    served(1)
    expect(page.locator(TILE)).to_have_text(str(before + 1))
    # Not the page's own scrolling: that follows what grows above.
    assert abs(top_of(link) - place) < 1
    assert page.evaluate("document.activeElement.textContent") == words


def test_a_note_that_is_being_written_survives_the_news(page: Page) -> None:
    page.goto("/matters/1")
    page.wait_for_selector(LIVE)
    page.fill("#note", "Đang kiểm tra")
    with database.writing():
        Matter.update(opened_at=1_600_000_000_000).where(Matter.id == 1).execute()
        changes.note("matter")
    expect(page.locator("dl.facts time").first).to_have_text("13/09/2020 19:26")
    assert page.input_value("#note") == "Đang kiểm tra"
    expect(page.locator("#note")).to_be_focused()


def test_a_terminal_that_is_lost_shows_up_by_itself(page: Page) -> None:
    page.goto("/terminals?unit=UBND-P1&state=")
    page.wait_for_selector(LIVE)
    cell = page.locator('.wall a[href$="p1-01-t1"]')
    expect(cell).not_to_have_class("l")
    with database.writing():
        TerminalStatus.update(state="lost", state_at=now_ms() - 600_000).where(
            TerminalStatus.terminal == "p1-01-t1"
        ).execute()
        changes.note("terminal:p1-01-t1", changes.FLEET)
    expect(cell).to_have_class("l", timeout=15_000)
    expect(page.locator("#terminal-p1-01-t1 .state").first).to_have_text("✕ Mất liên lạc")


def test_everything_can_be_reached_by_keyboard(page: Page) -> None:
    page.goto("/counters")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".pills a").first).to_be_focused()
    for _ in range(60):
        if page.evaluate("document.activeElement.closest('#counter-P1-01') !== null"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/counters/P1-01"))


def test_pages_can_be_read_without_javascript(
    browser: Browser, fleet: Settings, signed_in: Path
) -> None:
    context = browser.new_context(
        base_url=fleet.web.url, storage_state=signed_in, java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/counters")
    expect(page.locator("#freshness")).to_have_text(re.compile("Tải lại để có số mới"))
    page.click("#counter-P1-01 th a")
    expect(page.locator("h1")).to_have_text("Quầy 1 – Hộ tịch")
    page.click("button[name=language][value=en]")
    expect(page.locator("#freshness .still")).to_be_visible()
    expect(page.locator("#freshness .on")).to_be_hidden()
    context.close()


@pytest.mark.usefixtures("server")
def test_a_page_whose_session_has_ended_goes_to_the_sign_in(
    browser: Browser, fleet: Settings
) -> None:
    with create_app(fleet).app_context():
        add_user("guest@hailong.example", hashed(PASSWORD), "viewer", 0, actor="server")
    database.open_database(fleet.database.url)
    context = browser.new_context(base_url=fleet.web.url)
    page = context.new_page()
    page.goto("/counters")
    page.fill("#email", "guest@hailong.example")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(LIVE)
    with database.writing():
        User.update(fs_uniquifier="another").where(User.email == "guest@hailong.example").execute()
    served(1)
    page.wait_for_url(re.compile("/login"))
    context.close()


def test_a_page_says_when_the_server_is_gone_and_comes_back_by_itself(
    server: Process, fleet: Settings, context: BrowserContext
) -> None:
    page = context.new_page()
    page.goto("/counters/P1-01")
    page.wait_for_selector(LIVE)
    server.stop()
    expect(page.locator("#freshness .lost")).to_be_visible()
    before = number(page, TILE)
    served(1)
    server.start()
    expect(page.locator("#freshness .on")).to_be_visible(timeout=30_000)
    expect(page.locator(TILE)).to_have_text(str(before + 1))
