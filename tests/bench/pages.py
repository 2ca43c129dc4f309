"""Pages of a city of 3,500 terminals: how long they take on the server and in a browser.

Beside a city with a hundredth of the ratings, so that what grows with them shows: the cost of a
page must not. ``--full`` takes 100 million ratings, else 10 million; both databases in turn.
"""

import logging
import os
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

from fleet_server.app import create_app
from fleet_server.core.days import day_on
from fleet_server.store import database
from fleet_server.store.users import add_user
from fleet_server.web.signin import hashed
from tests.bench.city import City, fill, ratings
from tests.conftest import find_chromium
from tests.fakes import databases
from tests.fakes.fleets import new_fleet
from tests.fakes.showroom import PASSWORD, Showroom
from tests.fakes.wait import eventually

TODAY = date(2026, 11, 26)
ADDRESSES = (
    "/", "/terminals", "/terminals?show=bad", "/terminals/t-0001", "/counters",
    "/counters?period=30&sort=participation", "/counters?unit=P-7&period=30", "/counters/C-0",
    "/counters/C-0?period=30", "/units", "/units?period=2026-Q4", "/units/P-7?period=30",
    "/services?period=30", "/compare?period=30&item=unit:P-7&item=unit:P-8",
    "/matters", "/matters?show=closed",
)  # fmt: skip
TIMES, LEAST, ENOUGH_S = 12, 3, 30.0
"""So often is a page opened; a slow one less often, once that much time was spent on it."""
PATIENCE_MS = 180_000
SLOW_S = 0.05
Timed = dict[str, list[float]]


def run() -> Iterator[str]:
    """Yield the figures, of one database after the other."""
    large = 100_000_000 if "--full" in sys.argv else 10_000_000
    for name in databases.ENGINES:
        with databases.using(name):
            yield from _engine(name, large)


def _engine(name: str, large: int) -> list[str]:
    few, many = _measured(large // 100), _measured(large)
    lines = [f"{name}: {many.ratings:,} ratings beside {few.ratings:,}; p95 in ms"]
    for address in ADDRESSES:
        server, browser = many.server[address], many.browser[address]
        before, shown = few.server[address], few.browser[address]
        lines.append(
            f"  {address:<42} server {p95(server):8.0f} ({p95(server) / p95(before):5.2f} x)"
            f"   browser {p95(browser):8.0f} ({p95(browser) / p95(shown):5.2f} x)"
        )
    return [*lines, *many.slow]


class _Measured:
    """What one city's pages took, in milliseconds; ``slow``: the slow queries, with their plans."""

    def __init__(self) -> None:
        self.ratings = 0
        self.server: Timed = {}
        self.browser: Timed = {}
        self.slow: list[str] = []


def _measured(wanted: int) -> _Measured:
    found = _Measured()
    with (
        TemporaryDirectory() as folder,
        databases.dropped_afterwards(),
        city(Path(folder) / "fleet", City(wanted, TODAY)) as room,
    ):
        database.open_database(room.database)
        found.ratings = ratings()
        client = room.client("administrator")
        for address in ADDRESSES:
            found.server[address] = _times(partial(_get, client, address))
            found.slow += _slow(client, address)
        with browser(room) as page:
            for address in ADDRESSES:
                found.browser[address] = _times(partial(_open, page, f"{room.url}{address}"))
    return found


def p95(times: list[float]) -> float:
    """Return what 95 of 100 stay under."""
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


def _times(call: Callable[[], object]) -> list[float]:
    call()
    times: list[float] = []
    started = time.perf_counter()
    while len(times) < TIMES and not (len(times) >= LEAST and _since(started) > ENOUGH_S):
        began = time.perf_counter()
        call()
        times.append(_since(began) * 1_000)
    return times


def _since(began: float) -> float:
    return time.perf_counter() - began


def _get(client: Any, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)


def _open(page: Page, url: str) -> None:
    answer = page.goto(url, wait_until="load", timeout=PATIENCE_MS)
    assert answer is not None
    assert answer.ok, (url, answer.status)


def _slow(client: Any, address: str) -> Iterator[str]:
    """Yield the queries of a page that take long, each with its plan."""
    taken: list[tuple[float, str, Any]] = []
    real = database.proxy.obj.execute_sql

    def timed(sql: str, params: Any = None, *more: Any) -> Any:
        began = time.perf_counter()
        cursor = real(sql, params, *more)
        taken.append((time.perf_counter() - began, sql, params))
        return cursor

    database.proxy.obj.execute_sql = timed
    try:
        began = time.perf_counter()
        _get(client, address)
        whole = time.perf_counter() - began
    finally:
        del database.proxy.obj.execute_sql
    inside = sum(seconds for seconds, _, _ in taken)
    yield f"  {address}: {len(taken)} queries, {inside * 1e3:.0f} of {whole * 1e3:.0f} ms in them"
    for seconds, sql, params in sorted(taken, reverse=True, key=lambda one: one[0])[:2]:
        if seconds > SLOW_S and sql.startswith("SELECT"):
            yield f"    {seconds * 1e3:.0f} ms: {sql[:400]}"
            yield from (f"      {row[-1]}" for row in _plan(sql, params))


def _plan(sql: str, params: Any) -> list[Any]:
    word = "EXPLAIN QUERY PLAN " if database.proxy.obj.param == "?" else "EXPLAIN "
    return list(database.proxy.obj.execute_sql(word + sql, params).fetchall())


@contextmanager
def city(directory: Path, size: City) -> Iterator[Showroom]:
    """Make a city, and serve its pages until the end."""
    fleet = new_fleet(directory)
    now = day_on(size.today, fleet.fleet.zone).start + 10 * 3_600_000
    app = create_app(fleet, lambda: now)
    with app.app_context():
        email = "administrator@hailong.example"
        add_user(email, hashed(PASSWORD), "administrator", now, actor="bench")
    fill(fleet, size)
    database.close()
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Showroom(app, f"http://127.0.0.1:{server.server_port}", fleet.database.url)
        eventually(_nobody_listens, 30, "pages that were closed are heard of no more")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        database.close()


def _nobody_listens() -> bool:
    return all(thread.name != "change-feed" for thread in threading.enumerate())


@contextmanager
def browser(room: Showroom) -> Iterator[Page]:
    """Give a browser in which the administrator is signed in."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=arguments)
        try:
            context = chromium.new_context(viewport={"width": 1280, "height": 800})
            context.add_cookies(room.cookies("administrator"))  # type: ignore[arg-type]
            yield context.new_page()
        finally:
            chromium.close()
