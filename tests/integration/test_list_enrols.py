"""A list becomes terminals that enrol: the spreadsheet, the real server, a real key for each."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from device.clock import SystemClock
from device.identity.enrol import enrol
from device.identity.files import IdentityFiles
from fleet_server.store import database
from fleet_server.store.models import TerminalKey
from provisioning.enrol import batch
from tests.fakes.fleets import new_counter, new_fleet
from tests.fakes.processes import FLEET, PROVISION, run
from tests.integration.est_process import running_est

COUNTERS = 10


@pytest.mark.soak
@pytest.mark.timeout(600)
@pytest.mark.parametrize("elsewhere", [False, True], ids=["on the server", "away from it"])
def test_all_terminals_of_a_list_enrol(
    engine: str,
    tmp_path: Path,
    repeats: Callable[[int, int], int],
    figure: Callable[[str], None],
    elsewhere: bool,
) -> None:
    count, out = repeats(25, 300), tmp_path / "cards"
    fleet = new_fleet(tmp_path / "fleet")
    for number in range(COUNTERS):
        new_counter(fleet, f"Q{number}")
    rows = [f"t-{n:03};Q{n % COUNTERS};Quầy {n % COUNTERS};90" for n in range(count)]
    path = tmp_path / "list.csv"
    path.write_text(
        "\r\n".join(["terminal;counter;counter_name;panel.rotation", *rows]), "utf-8-sig"
    )
    began = time.monotonic()
    if elsewhere:
        run(PROVISION, "enrolment", "--dir", fleet.layout.directory, "--csv", path, "--out", out,
            "--est-url", fleet.est.url, "--mqtt-host", fleet.broker.host)  # fmt: skip
        run(FLEET, "terminal", "add", "--csv", out / batch.TOKENS, "--config", fleet.path)
    else:
        run(FLEET, "terminal", "add", "--csv", path, "--out", out, "--config", fleet.path)
    written = time.monotonic()
    with running_est(fleet):
        ready = time.monotonic()
        for row in rows:
            name = row.partition(";")[0]
            files = IdentityFiles(tmp_path / "terminals" / name)
            card = out / name / batch.FILE
            assert enrol(files, card, name, SystemClock(trusted=True))
        done = time.monotonic()
    figure(
        f"{count} terminals: {written - began:.1f} s for files and labels, then "
        f"{(done - ready) / count * 1000:.0f} ms for a terminal's key and certificate"
    )
    database.open_database(fleet.database.url)
    keys = [(row.terminal_id, row.revoked_at) for row in TerminalKey.select()]
    assert sorted(keys) == [(f"t-{n:03}", None) for n in range(count)]
    database.close()
