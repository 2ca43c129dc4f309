"""Every page, by a walk of the route map, in both languages, light and dark, narrow and wide."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.fakes.gallery import GALLERY
from tests.fakes.pages import ERRORS, PAGES, Example, endpoints
from tests.fakes.showroom import Showroom
from tools import checkers

LANGUAGES = ("vi", "en")
SOURCES = Path(checkers.SOURCES)
EXAMPLES = [*(one for held in PAGES.values() for one in held), *ERRORS, *GALLERY]
PEOPLE = {one.who for one in EXAMPLES}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
AXE = """async (only) => {
  const found = await axe.run(document, {runOnly: only, resultTypes: ["violations"]});
  const places = (one) => one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ");
  return found.violations.map((one) => `${one.id}: ${one.help}: ${places(one)}`);
}"""
WIDE, NARROW, ZOOMED = (1280, 900), (320, 640), (320, 256)


pytestmark = [
    pytest.mark.engines("sqlite"),  # what a page looks like is no matter of the engine
    pytest.mark.timeout(900),  # each goes through all pages
]


@pytest.fixture(scope="module")
def axe() -> str:
    if not checkers.are_there():
        pytest.fail("axe-core and the HTML checker are missing: run python -m tools.checkers")
    return checkers.AXE.read_text(encoding="utf-8")


class Looker:
    """Somebody with a browser, whose console and requests are watched.

    Attributes:
        page: the window.
        trouble: what the console said, and what was asked of other servers.
    """

    def __init__(self, browser: Browser, room: Showroom, who: str, **more: Any) -> None:
        language = more.pop("language", "vi")
        self.context: BrowserContext = browser.new_context(
            base_url=room.url, reduced_motion="reduce", **more
        )
        self.context.add_cookies(room.cookies(who, language))  # type: ignore[arg-type]  # a typed dict
        self.page: Page = self.context.new_page()
        self.trouble: list[str] = []
        self.status = 200
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.on("console", lambda message: self._said(message.type, message.text))
        self.page.on("request", lambda request: self._asked(request.url, room.url))

    def _said(self, kind: str, text: str) -> None:
        refused = f"status of {self.status} " in text and self.status != 200
        if kind in ("error", "warning") and not refused:
            self.trouble.append(text)

    def _asked(self, url: str, own: str) -> None:
        if not url.startswith((own, "data:")):
            self.trouble.append(f"asks {url}")

    def open(self, example: Example) -> None:
        """Open a page."""
        self.status = example.status
        answer = self.page.goto(example.address, wait_until="load")
        assert answer is not None
        assert answer.status == example.status, example.address

    def size(self, size: tuple[int, int]) -> None:
        """Make the window that wide and high."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})


def lookers(browser: Browser, room: Showroom, **more: Any) -> dict[str, Looker]:
    """Return one for each kind of person."""
    return {who: Looker(browser, room, who, **more) for who in PEOPLE}


def leave(people: dict[str, Looker]) -> dict[str, list[str]]:
    """Close their windows, and return the trouble that they saw."""
    for one in people.values():
        one.context.close()
    return {f"{who}'s console": one.trouble for who, one in people.items() if one.trouble}


def nothing(found: dict[str, list[str]]) -> None:
    """Fail with everything that was found, a line for each."""
    lines = [f"{where}: {one}" for where, held in found.items() for one in held]
    if lines:
        pytest.fail("\n".join(lines), pytrace=False)


def test_every_page_of_the_route_map_has_an_example(room: Showroom) -> None:
    known = endpoints(room.app) - {name for name in endpoints(room.app) if "gallery" in name}
    assert known - set(PAGES) == set(), "add a line to tests/fakes/pages.py"
    assert set(PAGES) - known == set(), "tests/fakes/pages.py names pages that are gone"


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_on_any_page(
    browser: Browser, room: Showroom, axe: str, language: str
) -> None:
    found: dict[str, list[str]] = {}
    people = lookers(browser, room, language=language)
    for example in EXAMPLES:
        looker = people[example.who]
        looker.size(WIDE)
        looker.page.emulate_media(color_scheme="light")
        looker.open(example)
        looker.page.evaluate(axe)
        # A language changes words, and none of what a narrow window moves.
        for size in (WIDE, NARROW) if language == LANGUAGES[0] else (WIDE,):
            looker.size(size)
            # Dark changes colours alone, and those are the same in every width.
            for scheme, only in [("light", TAGS), *([("dark", COLOURS)] if size == WIDE else [])]:
                looker.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # both known
                if violations := looker.page.evaluate(AXE, only):
                    found[f"{example.address} {size[0]} {scheme}"] = violations
    nothing(found | leave(people))


def test_the_html_checker_finds_nothing_on_any_page(
    room: Showroom, axe: str, tmp_path: Path
) -> None:
    for language in LANGUAGES:
        clients = {who: room.client(who, language) for who in PEOPLE}
        for number, example in enumerate(EXAMPLES):
            html = clients[example.who].get(example.address).text
            name = re.sub(r"\W+", "-", example.address)
            (tmp_path / f"{language}-{number}{name}.html").write_text(html, encoding="utf-8")
    command = ["java", "-Xss2m", "-jar", str(checkers.VNU), "--format", "json", "--stdout"]
    done = subprocess.run(
        [*command, *map(str, sorted(tmp_path.glob("*.html")))], capture_output=True, check=False
    )
    messages = json.loads(done.stdout)["messages"]
    nothing({Path(one["url"]).name: [one["message"], one.get("extract", "")] for one in messages})


def test_nothing_sticks_out_or_is_cut_off_in_narrow_windows_at_400_per_cent_and_with_wide_text(
    browser: Browser, room: Showroom
) -> None:
    width = (SOURCES / "width.js").read_text(encoding="utf-8")
    found: dict[str, list[str]] = {}
    for language in LANGUAGES:
        people = lookers(browser, room, language=language, viewport={"width": 320, "height": 256})
        for example in EXAMPLES:
            looker = people[example.who]
            looker.open(example)
            for spaced in (False, True):
                if trouble := looker.page.evaluate(width, spaced):
                    found[f"{language} {example.address} {spaced}"] = trouble
        nothing(found | leave(people))


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_the_keyboard_reaches_everything_in_the_order_of_reading_and_the_focus_can_be_seen(
    browser: Browser, room: Showroom, size: tuple[int, int]
) -> None:
    focus = (SOURCES / "focus.js").read_text(encoding="utf-8")
    found: dict[str, list[str]] = {}
    people = lookers(browser, room)
    for example in EXAMPLES:
        looker = people[example.who]
        looker.size(size)
        looker.open(example)
        looker.page.evaluate(
            "for (const one of document.querySelectorAll('main details')) one.open = true"
        )
        if trouble := looker.page.evaluate(focus):
            found[example.address] = trouble
    nothing(found | leave(people))


WITHOUT_ZOOM = "for (const one of document.querySelectorAll('.zoom')) one.remove()"
"""Zooming is an offer of the script beside lines that the server has drawn."""


def test_every_page_can_be_read_without_javascript(browser: Browser, room: Showroom) -> None:
    with_script = lookers(browser, room)
    without = lookers(browser, room, java_script_enabled=False)
    for example in EXAMPLES:
        texts = []
        for people in (with_script, without):
            looker = people[example.who]
            looker.open(example)
            assert looker.page.locator("h1").is_visible()
            looker.page.evaluate(WITHOUT_ZOOM)
            words = looker.page.locator("#content").inner_text()
            texts.append(re.sub(r"\s+", " ", re.sub(r"[●▲] (Trực tiếp|Chưa .*?) ·", "", words)))
        read, expected = (
            re.sub(r"Tải lại để có số mới|● Trực tiếp|▲ Mất kết nối[^·]*", "", one) for one in texts
        )
        assert read.split() == expected.split(), example.address
    nothing(leave(with_script) | leave(without))
