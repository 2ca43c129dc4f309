"""A press on a pin moves *rated* on the counter's page, without reload, on real parts."""

import statistics
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.browser import signed_in
from tests.e2e.system import System
from tests.fakes.wait import eventually

RATED = ".tiles .tile:nth-child(2) .big"


@pytest.fixture
def page(system: System, browser: Browser) -> Iterator[Page]:
    with signed_in(system, browser) as one:
        yield one


def milliseconds(name: str, seconds: list[float]) -> str:
    ordered = sorted(seconds)
    p95 = ordered[int(len(ordered) * 0.95)]
    return f"{name} median {statistics.median(ordered) * 1e3:.0f} ms, p95 {p95 * 1e3:.0f} ms"


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_a_press_moves_rated_on_the_counters_page_without_reload(
    system: System, page: Page, repeats: Any, figure: Any
) -> None:
    terminal = system.add_terminal("t-1", "Q1")
    terminal.start()
    page.goto("/counters/Q1")
    page.wait_for_selector("#freshness[data-state=live]")
    page.evaluate("window.notReloaded = true")
    committed: list[float] = []
    receipt: list[float] = []
    shown: list[float] = []
    times = repeats(10, 100)
    for number in range(1, times + 1):
        visit = system.ticket("Q1", f"A{number:03d}", "called")
        system.wait_until_shown(visit)
        terminal.run.say("advance 6")
        began = time.perf_counter()
        said = terminal.press("very_satisfied")
        committed.append(time.perf_counter() - began)
        assert (said["visit"], said["standing"]) == (visit, True)
        eventually(lambda said=said: terminal.receipted() >= said["seq"], 20, "a receipt")
        receipt.append(time.perf_counter() - began)
        page.wait_for_function(
            "([what, text]) => document.querySelector(what).textContent.trim() === text",
            arg=[RATED, str(number)],
        )
        shown.append(time.perf_counter() - began)
        system.ticket("Q1", f"A{number:03d}", "closed", visit)
    assert page.evaluate("window.notReloaded") is True
    row = system.get("/api/v1/counters/participation")["counters"][0]
    assert (row["rated"], row["very_satisfied"], row["served"]) == (times, times, times)
    for name, seconds in (("committed", committed), ("receipt", receipt), ("page", shown)):
        figure(milliseconds(f"{system.broker.kind}: press → {name}", seconds))
