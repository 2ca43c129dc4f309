"""A day at a counter with a real window and real pointer events: the server's figures are the day.

``tests/fakes/people.py`` says who comes and what must come out. Everything passes through real
processes: the terminal with its window, the uplink, a broker, ingest, and the REST API.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from tests.e2e.figures import beside_them, of_days
from tests.e2e.system import System, running_system
from tests.e2e.window import OVER_S, Desk, Window
from tests.fakes import people
from tests.fakes.display import Display, running_display
from tests.fakes.people import Figures
from tests.fakes.wait import eventually

pytestmark = [pytest.mark.usefixtures("engine"), pytest.mark.soak, pytest.mark.timeout(3600)]
CODE, NAME = "Q1", "Counter Q1"
BEHIND_S = 4 * 3600
"""The terminal's clock starts so far behind, and has caught up at most when the day is over."""


@pytest.fixture
def system(tmp_path: Path) -> Iterator[System]:
    with running_system(tmp_path, "nats") as one:
        yield one


@pytest.fixture
def display(tmp_path: Path) -> Iterator[Display]:
    with running_display(tmp_path / "display", 800, 480) as one:
        yield one


@pytest.fixture
def desk(system: System, display: Display) -> Desk:
    """A terminal with a window, whose local day has just begun."""
    terminal = system.add_terminal("t-1", CODE)
    terminal.run.env.update(display.env, TZ=morning())
    terminal.start()
    one = Desk(system, terminal, Window(display, NAME))
    one.tell("wind", -BEHIND_S)
    return one


def morning() -> str:
    """Return a time zone in which it is eight o'clock four hours ago, so that no day ends."""
    then = datetime.now(UTC) - timedelta(seconds=BEHIND_S)
    behind = timedelta(hours=then.hour, minutes=then.minute) - timedelta(hours=8)
    sign = "-" if behind < timedelta() else ""
    minutes = abs(behind) // timedelta(minutes=1)
    return f"DAY{sign}{minutes // 60}:{minutes % 60:02d}"


def figures(system: System) -> Figures:
    """Return what the server says of the days that the test may touch."""
    today, day = datetime.now(UTC).date(), timedelta(days=1)
    return of_days(system, today - day, today + day) + beside_them(system)


def test_the_servers_figures_of_a_day_are_what_people_did(
    system: System, desk: Desk, repeats: Callable[[int, int], int], figure: Callable[[str], None]
) -> None:
    citizens = people.a_day(repeats(len(people.KINDS), 300), Random(os.environ.get("DAY", "day")))
    for citizen in citizens:
        desk.serve(citizen)
    desk.tell("advance", OVER_S)
    expected = people.figures_of(citizens) + Counter(replaced=desk.extra)
    eventually(lambda: figures(system) == expected, 60, f"{expected}, not {figures(system)}")
    figure(f"{len(citizens)} tickets: {dict(sorted(expected.items()))}, the server's the same")
