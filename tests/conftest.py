"""What every suite shares: how often a crash is repeated, and where the browser is.

``make soak`` repeats crashes, cuts and restores the full number of times; the ordinary run a few
times. Each such test takes ``repeats`` and is marked ``soak``; what was run is printed at the end.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from fleet_server.store import database
from tests.fakes import databases
from tests.fakes.compiled import share_compiled_addresses, share_compiled_templates
from tests.fakes.left_open import nothing_stays_open
from tests.fakes.memory import keep_files_in_memory, keep_what_is_left

# How long one example takes says something about the machine, not about the code.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
keep_files_in_memory()
share_compiled_templates()
share_compiled_addresses()

CACHE = Path("~/.cache/ms-playwright").expanduser()
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""Words for a browser that asks nobody but the pages under test, whoever runs it."""
NOTES: list[str] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--soak``: the full number of repetitions; ``--database``: the engines under test."""
    parser.addoption("--soak", action="store_true", help="repeat crashes the full number of times")
    parser.addoption(
        "--database",
        choices=(*databases.ENGINES, "both"),
        default="both",
        help="the engine that tests with a fleet's database use (default: %(default)s)",
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with whole systems: one file of them takes minutes, in which one core is left alone.

    The many short files of ``unit`` then fill all cores to the end.
    """
    items.sort(key=lambda item: "unit" in item.path.parts)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test with a fleet's database on each engine.

    Where the engine can't make a difference, ``@pytest.mark.engines("sqlite")`` names the only one.
    """
    if "engine" not in metafunc.fixturenames:
        return
    wanted = metafunc.config.getoption("--database")
    marker = metafunc.definition.get_closest_marker("engines")
    names = marker.args if marker else databases.ENGINES
    chosen = [name for name in names if marker or wanted in ("both", name)]
    metafunc.parametrize("engine", chosen, indirect=True, scope="module")


@pytest.fixture(scope="module")
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """The engine that fleets' databases are of: the test runs once with each."""
    with databases.using(request.param) as chosen:
        yield chosen.name


@pytest.fixture(autouse=True, scope="module")
def _closed_after_the_module() -> Iterator[None]:
    with databases.dropped_afterwards(), nothing_stays_open():
        yield


@pytest.fixture(autouse=True)
def _closed_after_the_test() -> Iterator[None]:
    with databases.dropped_afterwards(), nothing_stays_open():
        yield
        database.close()


@pytest.fixture
def repeats(request: pytest.FixtureRequest) -> Callable[[int, int], int]:
    """Give a function ``(ordinary, soak) -> n`` that says how often to repeat, and notes it."""

    def times(ordinary: int, soak: int) -> int:
        chosen = soak if request.config.getoption("--soak") else ordinary
        request.node.user_properties.append(("repeats", f"n={chosen} (soak: {soak})"))
        return chosen

    return times


def pytest_sessionfinish(exitstatus: int) -> None:
    """Keep the files of a run that failed for who looks into it."""
    if exitstatus != pytest.ExitCode.OK:
        keep_what_is_left()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Collect the notes, also of tests that ran in another worker."""
    if report.when == "call":
        for name, value in report.user_properties:
            if name in ("repeats", "figure"):
                NOTES.append(f"{report.nodeid}: {value}")


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Give a function that notes a measured figure, shown at the end of the run."""

    def note(text: str) -> None:
        request.node.user_properties.append(("figure", text))

    return note


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show how often crashes were repeated, and what was measured."""
    if NOTES:
        terminalreporter.section("repetitions and figures")
        for line in sorted(NOTES):
            terminalreporter.write_line(line)


def find_chromium() -> str | None:
    """Return a Chromium that tests can drive: the system's, else the one Playwright brought."""
    for name in (os.environ.get("HAILONG_CHROMIUM"), "chromium", "google-chrome"):
        found = shutil.which(name) if name else None
        if found and not found.startswith("/snap/"):
            return found
    brought = sorted(CACHE.glob("chromium*/*/*headless*shell"))
    return str(brought[-1]) if brought else None


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Give the path of a Chromium; a machine without one fails, it does not skip."""
    found = find_chromium()
    if found is None:
        pytest.fail("no Chromium here: run make test, which installs one, or set HAILONG_CHROMIUM")
    return found


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """Give a browser, whose windows each test opens and closes."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=QUIET)
        yield browser
        browser.close()
