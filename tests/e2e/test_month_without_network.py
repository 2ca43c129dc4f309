"""Thirty days without a way to the server: then everything arrives, once, at its true time.

The days are injected time; the files, the uplink, the broker and the server are real. Tickets come
from the local network and from a scanner, in turns and both. The uplink runs all the while and
looks for its broker.
"""

import re
import time as clocks
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.figures import COMPARED, beside_them, of_days
from tests.e2e.system import System, Terminal, query, running_system
from tests.fakes.journals import everything
from tests.fakes.machine import Machine
from tests.fakes.month import OPENS, ZONE, Counterside, Happening, Truth, live, power_cut
from tests.fakes.people import Figures
from tests.fakes.processes import Process
from tests.fakes.wait import eventually

pytestmark = [pytest.mark.usefixtures("engine"), pytest.mark.soak, pytest.mark.timeout(7200)]
CODE = "Q1"
DAYS = 30
UPLINK = "[uplink]\nbackoff_s = 0.1\nbackoff_cap_s = 1.0\n"
SHORT, LONG = power_cut(3), power_cut(45)
HAPPENINGS = (
    # Without network nothing keeps the clock; it goes on rightly until the power fails.
    Happening(8, time(10), SHORT),
    Happening(12, time(14), LONG),
    # A week later the time is back: an office may have a time server of its own.
    Happening(15, time(11), lambda counter: counter.machine.find_the_time_server()),
    Happening(21, time(9), LONG),
    Happening(26, time(15), SHORT),
)


@pytest.fixture
def system(tmp_path: Path) -> Iterator[System]:
    with running_system(tmp_path, "mosquitto") as one:
        yield one


@pytest.fixture
def terminal(system: System) -> Terminal:
    return system.add_terminal("t-1", CODE, UPLINK)


@pytest.fixture
def counter(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counterside]:
    """The terminal's process, thirty days ago when the office opened."""
    first = datetime.now(UTC).astimezone(ZONE).date() - timedelta(days=DAYS)
    opened = datetime.combine(first, OPENS, ZONE) - timedelta(minutes=10)
    machine = Machine(int(opened.timestamp() * 1000), monkeypatch)
    one = Counterside(terminal.config, machine, monkeypatch)
    yield one
    one.close()


def test_a_month_without_network_arrives_whole_once_and_at_its_true_times(
    system: System,
    terminal: Terminal,
    counter: Counterside,
    repeats: Callable[[int, int], int],
    figure: Callable[[str], None],
) -> None:
    terminal.uplink.start()
    eventually(lambda: heads(system), 30, "the first records at the server")
    system.broker.kill()
    counter.machine.lose_the_time_server()
    first = counter.now.date()
    live(counter, first, DAYS, repeats(1_000, 40_000), HAPPENINGS)
    assert terminal.uplink.running

    mine = [(entry.chain, entry.seq, entry.hash) for entry in everything(terminal.data)]
    before = heads(system)
    system.broker.restart()
    eventually(lambda: heads(system) != before, 120, "the network is back")
    began = clocks.monotonic()
    eventually(lambda: heads(system) == [mine[-1]], 900, "everything at the server")
    took = clocks.monotonic() - began
    eventually(lambda: receipted(terminal) == mine[-1][:2], 30, "the last receipt")

    assert held(system) == mine
    times_are_right(system, counter.truth())
    days_are_right(system, counter)
    size = (terminal.data / "journal" / "journal.db").stat().st_size
    figure(
        f"{len(mine):,} records of {DAYS} days: {size / 2**20:.1f} MiB on the card, "
        f"sent in {took:.0f} s ({len(mine) / took:,.0f} a second), at most "
        f"{peak_mib(terminal.uplink)} MiB in the uplink and {peak_mib(system.ingest)} in ingest"
    )


def heads(system: System) -> list[tuple[Any, ...]]:
    """Return chain, seq and hash of the head of each chain that the server holds."""
    return system.query("select chain_id, head_seq, head_hash from chain where head_seq > 0")


def held(system: System) -> list[tuple[Any, ...]]:
    """Return all records that the server holds, on whatever branch, also what was put aside."""
    return system.query(
        "select c.chain_id, r.seq, r.hash from record r join chain c on r.chain_id = c.id "
        "order by c.id, r.seq"
    )


def receipted(terminal: Terminal) -> tuple[Any, ...]:
    """Return how far the terminal knows its records to be held."""
    return query(terminal.data / "link.db", "select chain, seq from receipt order by seq desc")[0]


def times_are_right(system: System, truth: Truth) -> None:
    """Compare each time that the server worked out with when it really was."""
    got_the_time = {made.boot for made in truth.values() if made.believed}
    slack = silences(truth)
    seen: Counter[str] = Counter()
    for table in ("rating", "ticket_event"):
        for chain, seq, at, quality in system.query(
            f"select c.chain_id, r.seq, t.at, t.at_quality from {table} t "
            "join record r on t.record_id = r.id join chain c on r.chain_id = c.id"
        ):
            made = truth[chain, seq]
            later = "derived" if made.boot in got_the_time else "estimated"
            assert quality == ("exact" if made.believed else later)
            assert abs(at - made.at) <= (slack[made.boot] if quality == "estimated" else 0)
            seen[quality] += 1
    assert set(seen) == {"exact", "derived", "estimated"}


def silences(truth: Truth) -> dict[str, int]:
    """Return for each boot how long the journal was silent before it and after it.

    No more can be known of a boot that never got the time than that it lies between.
    """
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for made in truth.values():
        first.setdefault(made.boot, made.at)
        last[made.boot] = made.at
    boots = list(first)
    between = [first[later] - last[boot] for boot, later in pairwise(boots)]
    return {
        boot: before + after
        for boot, before, after in zip(boots, [0, *between], [*between, 0], strict=True)
    }


def days_are_right(system: System, counter: Counterside) -> None:
    """Compare the server's figures of each day with what people did on it."""
    assert len(counter.days) == DAYS
    found: Figures = Counter()
    for day, figures in counter.days.items():
        said = of_days(system, day, day)
        assert said == +Counter({name: figures[name] for name in COMPARED}), day
        found += said
    assert found + beside_them(system) == sum(counter.days.values(), Counter())


def peak_mib(process: Process) -> int:
    """Return the most memory that a process has had, in MiB."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) // 1024
