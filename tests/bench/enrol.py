"""300 terminals from one list, each enrolled at a real enrolment server, as a technician would.

Beside each enrolment its bare parts: a TLS connection to the same server, a key, a request signed.
"""

import csv
import io
import ssl
import tempfile
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path

from device.clock import SystemClock
from device.identity import certificate
from device.identity.enrol import enrol
from device.identity.files import IdentityFiles
from device.identity.tls import client_context
from device.proxy import HttpsThroughProxy
from tests.bench.measure import Timings, report, timed
from tests.e2e.system import System, running_system
from tests.fakes.fleets import new_counter
from tests.fakes.processes import run as command
from wire import keys
from wire.enrolment import load_toml

TERMINALS = 300
UNIT = "U1"


def run() -> list[str]:
    """Return the figures."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        with redirect_stdout(io.StringIO()), running_system(folder, "nats") as system:
            return _measured(system, folder)


def _measured(system: System, folder: Path) -> list[str]:
    new_counter(system.fleet, unit=UNIT)
    numbers = range(1, TERMINALS + 1)
    places = [(f"C{each}", f"Quầy {each}", UNIT) for each in numbers]
    heads = ("Counter code", "Counter name", "Unit code")
    command(*system.command("import-tree", str(_table(folder / "places.csv", heads, places))))
    terminals = [(f"t-{each}", f"C{each}") for each in numbers]
    listed = _table(folder / "list.csv", ("terminal", "counter"), terminals)
    cards = folder / "cards"
    words = system.command("terminal", "add", "--csv", str(listed), "--out", str(cards))
    added = timed(lambda: command(*words))
    ours, bare = _enrolled(
        folder, [(name, cards / name / "enrolment.toml") for name, _ in terminals]
    )
    [(known,)] = system.query("select count(distinct terminal_id) from terminal_key")
    assert known == TERMINALS
    return [f"{TERMINALS} files and their labels from one list: {added:.1f} s", *report(ours, bare)]


def _enrolled(folder: Path, cards: Sequence[tuple[str, Path]]) -> tuple[Timings, Timings]:
    clock = SystemClock(trusted=True)
    ours: list[float] = []
    bare: list[float] = []
    for name, path in cards:
        told = load_toml(path.read_text("utf-8"))
        context = client_context(told.fleet_root_pem, check_time=True)
        bare.append(timed(lambda: _parts(told.est_url, context, name)))  # noqa: B023 - at once
        files = IdentityFiles(folder / name)
        ours.append(timed(lambda: enrol(files, path, name, clock)))  # noqa: B023 - at once
    return Timings("enrolment of a terminal", ours), Timings("bare: TLS, key, request", bare)


def _parts(url: str, context: ssl.SSLContext, name: str) -> None:
    connection = HttpsThroughProxy(url, context, 10, None)
    connection.connect()
    connection.close()
    certificate.request(keys.generate(), name)


def _table(path: Path, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heads, *rows])
    return path
