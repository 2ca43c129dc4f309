"""The wall screen in a real browser, opened by a link and left alone all day."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from fleet_server.store import database, walls
from tests.fakes.office import NOW, serve
from tests.fakes.showroom import Showroom

DAY_MS = 86_400_000
FULL_HD, UHD = (1920, 1080), (3840, 2160)
SMALLEST = 1 / 32
"""Of the screen's height: 10 minutes of arc for a capital, at 5 m from a screen of 50 inches."""

LETTERS = """() => {
  const small = [];
  const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const one = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || one.closest(".hidden") || !one.checkVisibility()) continue;
    const size = parseFloat(getComputedStyle(one).fontSize) / innerHeight;
    small.push([size, walk.currentNode.data.trim()]);
  }
  return small;
}"""


pytestmark = pytest.mark.engines("sqlite")  # what a page looks like is no matter of the engine


@pytest.fixture(autouse=True)
def bound_database(room: Showroom) -> None:
    database.open_database(room.database)


@pytest.fixture
def page(room: Showroom, browser: Browser) -> Iterator[Page]:
    token = walls.add("Sảnh", None, NOW + DAY_MS, "test", NOW)
    context = browser.new_context(base_url=room.url, viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    trouble: list[str] = []
    page.on("console", lambda said: said.type in ("error", "warning") and trouble.append(said.text))
    page.goto(f"/wall/open/{token}")
    yield page
    context.close()
    assert [one for one in trouble if "403" not in one] == []


@pytest.mark.parametrize(("width", "height"), [FULL_HD, UHD])
def test_all_of_it_stands_on_the_screen_in_letters_that_can_be_read_from_five_metres(
    page: Page, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    assert page.evaluate("document.documentElement.scrollHeight") <= height
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    sizes = page.evaluate(LETTERS)
    assert len(sizes) > 20
    assert {words: size for size, words in sizes if size < SMALLEST} == {}


@pytest.mark.parametrize("words", ["100,0%", "412.345"])
def test_the_widest_figures_of_a_city_stay_in_their_tiles(page: Page, words: str) -> None:
    tiles = page.locator(".tile .big")
    tiles.evaluate_all(
        "(found, words) => { for (const one of found) one.innerText = words }", words
    )
    widths = tiles.evaluate_all("(found) => found.map((one) => one.scrollWidth - one.clientWidth)")
    assert widths == [0] * 4


def test_figures_move_without_a_session_and_without_a_reload(page: Page) -> None:
    expect(page.locator("#freshness .on")).to_be_visible()
    page.evaluate("window.notReloaded = true")
    served = page.locator(".tile .big").first
    before = int(served.inner_text())
    with database.writing():
        serve(1, NOW)
    expect(served).to_have_text(str(before + 1), timeout=15_000)
    assert page.evaluate("window.notReloaded") is True


def test_a_screen_whose_link_was_ended_says_so_by_itself(page: Page) -> None:
    expect(page.locator("#freshness .on")).to_be_visible()
    assert walls.end(walls.listed(NOW)[0].id, "test", NOW)
    expect(page.locator("h1")).to_have_text(
        "Liên kết màn hình này không mở được gì", timeout=15_000
    )


def test_nothing_on_it_takes_the_focus_and_nothing_moves_by_itself(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    assert page.evaluate("document.getAnimations().length") == 0
