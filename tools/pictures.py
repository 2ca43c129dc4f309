"""Draw the README's pictures anew: ``make pictures``.

The terminal's screen is drawn by the terminal's own painter. The pages are taken by a real browser
from the demo of the district (``make demo-district``), which is built first where it is not there.
"""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

from playwright.sync_api import sync_playwright

from tests.conftest import find_chromium

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGE_SIZE = (1280, 800)
ALWAYS = {
    "counters.png": "counters?period=30&sort=participation",
    "matters.png": "matters",
    "cases.png": "cases",
    "signal.png": "signals/1",
    "report.png": "reports",
}
TODAY = {
    "overview.png": "",
    "terminals.png": "terminals",
    "counter.png": "counters/P-CQ-5",
}
"""What is taken, by the file in ``docs/``: addresses of the pages; some tell of today."""
ZONE, BUSY = ZoneInfo("Asia/Ho_Chi_Minh"), range(10, 18)
"""When the district's day has something to show."""
EMAIL = "quan-tri@binhhoa.example"


def draw_terminal(picture: Path, sheet: Path) -> None:
    """Draw the rating screen of a 7 inch panel, and the sheet of all screens."""
    os.environ["SDL_VIDEODRIVER"] = "dummy"

    from device.core.policy import Look
    from device.core.view import View
    from device.screen.canvas import Dress
    from device.screen.painter import Painter
    from device.screen.panel import panel_of
    from device.screen.sheet import draw_sheet, save
    from device.screen.theme import theme_of
    from device.screen.words import Words
    from device.settings import ScreenSettings
    from wire.records import CHOICES

    dress = Dress(panel_of(ScreenSettings()), theme_of(Look()), Words())
    view = View("rate", "Quầy 1: Hộ tịch", "A017", CHOICES)
    save(Painter(dress).paint(view).surface, picture)
    draw_sheet(sheet)


def sign_in_and_show(address: str, password: str, pages: Mapping[str, str], folder: Path) -> None:
    """Sign in to the district's pages as its administrator, and take them in English."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=arguments)
        width, height = PAGE_SIZE
        page = browser.new_page(viewport={"width": width, "height": height}, locale="en-GB")
        page.goto(address)
        page.fill("input[name=email]", EMAIL)
        page.fill("input[name=password]", password)
        page.press("input[name=password]", "Enter")
        page.click("text=English")
        for name, path in pages.items():
            answer = page.goto(f"{address}{path}")
            if answer is None or not answer.ok:
                raise SystemExit(f"{path} answers {answer and answer.status}")
            page.screenshot(path=str(folder / name))
        browser.close()


def watch_district(pages: Mapping[str, str], folder: Path) -> None:
    """Start the demo of the district, and take the pictures once it has said where to look."""
    command = [str(Path(sys.executable).with_name("hailong-fleet")), "demo", "--district"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as demo:
        said = read_until(demo.stdout, "It ends")
        threading.Thread(target=demo.stdout.read, daemon=True).start()
        try:
            address, password = found(r"Pages +(\S+)", said), found(r"password (\S+),", said)
            sign_in_and_show(address, password, pages, folder)
        finally:
            demo.send_signal(signal.SIGINT)
            demo.wait()


def found(pattern: str, said: str) -> str:
    """Return what the demo said in a place."""
    match = re.search(pattern, said)
    if match is None:
        raise SystemExit(f"{pattern} is not in what the demo said:\n{said}")
    return match[1]


def read_until(lines: IO[str], words: str) -> str:
    """Read lines up to the one that has these words."""
    said = ""
    for line in lines:
        said += line
        if words in line:
            return said
    raise SystemExit(f"the demo ended:\n{said}")


def pages_at(now: datetime) -> dict[str, str]:
    """Return what can be taken now: where nobody comes, pages of today would be empty."""
    always = ALWAYS | {"draw.png": f"{now - timedelta(weeks=1):draws/%G-W%V}"}
    if now.weekday() < 5 and now.hour in BUSY:
        return always | TODAY
    print(
        f"In the district it is {now:%A %H:%M}, and pages of today would be empty. Left as they "
        f"are: {', '.join(TODAY)}; please take these on a working day from {BUSY[0]}:00 to "
        f"{BUSY[-1]}:59 there."
    )
    return always


if __name__ == "__main__":
    wanted = pages_at(datetime.now(ZONE))
    DOCS.mkdir(exist_ok=True)
    draw_terminal(DOCS / "terminal.png", DOCS / "screens.png")
    watch_district(wanted, DOCS)
