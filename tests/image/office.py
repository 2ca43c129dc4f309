"""What somebody at the office sees of the terminal under QEMU, in a real browser."""

from playwright.sync_api import Locator, Page, expect

from tests.image.counter import COUNTER, PATIENCE_S, TERMINAL
from tests.image.qemu import Board

_PATIENCE_MS = PATIENCE_S * 1000


def look_at_counter(page: Page) -> None:
    """Open the counter's day, and leave it open: news come to it by themselves."""
    page.goto(f"/counters/{COUNTER}")
    expect(page.locator("#freshness[data-state=live]")).to_be_attached()


def wait_until_rated(page: Page, visit: str) -> None:
    """Wait until the row of a visit on the counter's open page says that it was rated."""
    row = page.locator(f'[id="visit-{visit}"]')
    expect(row.locator(".yes")).to_be_visible(timeout=_PATIENCE_MS)


def look_at_terminal(page: Page) -> None:
    """Open the terminal's page, and leave it open."""
    page.goto(f"/terminals/{TERMINAL}")
    expect(page.locator("#freshness[data-state=live]")).to_be_attached()


def wait_for_state(page: Page, word: str) -> None:
    """Wait until the terminal's open page says in one word how it is."""
    expect(page.locator(".verdict .state")).to_contain_text(word, timeout=_PATIENCE_MS)


def wait_until_ails(page: Page, words: str) -> None:
    """Wait until the terminal's open page says in these words what is wrong with it."""
    expect(_reason(page, words)).to_be_visible(timeout=_PATIENCE_MS)


def wait_until_well(page: Page, words: str) -> None:
    """Wait until the terminal's open page does not say this any more."""
    expect(_reason(page, words)).to_have_count(0, timeout=_PATIENCE_MS)


def wait_for_matter(page: Page, words: str) -> None:
    """Wait until the terminal's open page lists an open matter with that name."""
    matter = page.locator("li[id^=matter-]", has_text=words)
    expect(matter).to_be_visible(timeout=_PATIENCE_MS)


def photograph(page: Page, board: Board, name: str) -> None:
    """Save all of the page beside the pictures of the board's own screen."""
    page.screenshot(path=board.folder / f"{name}-page.png", full_page=True)


def _reason(page: Page, words: str) -> Locator:
    return page.locator(".reasons strong", has_text=words)
