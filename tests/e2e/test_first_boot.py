"""From a card with one file on it to a row on the server's page, on real parts."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from device.link import standing
from tests.e2e.system import DUMMY, TERMINAL, Simulated, System, running_system
from tests.fakes.card_folders import Card, new_card
from tests.fakes.fleets import new_counter
from tests.fakes.processes import Process, run
from tests.fakes.proxy import running_proxy
from tests.fakes.wait import eventually
from wire.enrolment import load_toml

pytestmark = [pytest.mark.usefixtures("engine"), pytest.mark.timeout(300)]


@pytest.fixture
def system(tmp_path: Path) -> Iterator[System]:
    with running_system(tmp_path, "nats") as one:
        yield one


class Machine:
    """A board with a card in it, and what the image starts there."""

    def __init__(self, root: Path, serial: str) -> None:
        self.card = Card(root) if root.exists() else new_card(root)
        self.card.board(serial)
        self.data = self.card.state / "data"
        words = ["--wait", "--root", str(root), "--config", str(self.card.state / "terminal.toml")]
        self.screen = Simulated([TERMINAL, "run", "--simulate", *words], root / "run.log", DUMMY)
        self.uplink = Process([TERMINAL, "uplink", *words], root / "uplink.log")

    def site(self, check: bool = True) -> Any:
        card = self.card
        words = ["--boot", card.file.parent, "--state", card.state, "--root", card.root]
        return run(TERMINAL, "site", "apply", *words, check=check)

    def boot(self) -> None:
        self.site(check=False)
        self.screen.start()
        self.uplink.start()

    def cut(self) -> None:
        """Cut the power."""
        self.screen.kill()
        self.uplink.kill()

    def press(self) -> dict[str, Any]:
        self.screen.say("advance 6")
        self.screen.say("press satisfied")
        return self.screen.said.get(timeout=30)

    @property
    def token(self) -> str | None:
        return load_toml((self.card.state / "enrolment.toml").read_text()).token


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    one = Machine(tmp_path / "machine", "10000000aaaaaaaa")
    yield one
    one.cut()


def invite(system: System, terminal: str, *more: str) -> str:
    """Return the enrolment file of a terminal at counter Q1, as the office makes it."""
    new_counter(system.fleet, "Q1")
    words = ["terminal", "add", "--id", terminal, "--counter", "Q1", *more]
    path = Path(run(*system.command(*words)).stdout.split()[-1])
    return path.read_text()


def let_unbound(machine: Machine) -> None:
    """Take ratings without a ticket: a technician's own setting."""
    path = machine.card.state / "terminal.toml"
    path.write_text(path.read_text() + '\n[tickets]\nwithout = "unbound"\n')


def held(system: System, terminal: str) -> int:
    return sum(row["terminal"] == terminal for row in system.ratings())


def test_one_file_on_a_card_is_all_that_a_terminal_needs_also_behind_a_proxy(
    system: System, machine: Machine
) -> None:
    machine.boot()
    machine.screen.wait_for("no place yet: no_file")
    machine.uplink.wait_for("no place yet: no_file")
    with running_proxy() as proxy:
        given = load_toml(invite(system, "t-1"))
        machine.card.put(replace(given, proxy=proxy.url))
        machine.site()
        machine.uplink.wait_for("t-1 is enrolled")
        machine.uplink.wait_for("the token has done its work")
        wanted = {
            given.est_url.removeprefix("https://"),
            f"{given.mqtt_host}:{given.mqtt_port}",
        }
        assert set(proxy.asked) == wanted
        _rate_once(system, machine)


def _rate_once(system: System, machine: Machine) -> None:
    assert machine.token is None
    assert load_toml(machine.card.file.read_text()).token is None
    machine.cut()
    let_unbound(machine)
    machine.boot()
    machine.press()
    eventually(lambda: held(system, "t-1") == 1, 20, "a row on the server")


def test_ratings_are_kept_while_the_server_is_away_and_power_is_cut_at_each_step(
    system: System, machine: Machine
) -> None:
    machine.card.put(invite(system, "t-1"))
    system.processes["est"].stop()
    machine.site()
    let_unbound(machine)
    machine.boot()
    pressed = 1
    assert machine.press()["seq"]
    machine.uplink.wait_for("cannot be reached")
    eventually(lambda: standing.told(machine.data).stage == "no_answer", 20, "words for the screen")
    steps = ("no_answer", "certificate", "token")
    for step in steps:
        machine.cut()
        if step == "certificate":
            system.processes["est"].start()
            system.ingest.stop()
        machine.boot()
        pressed += 1
        machine.press()
        if step == "certificate":
            machine.uplink.wait_for("t-1 is enrolled", timeout_s=60)
        if step == "token":
            eventually(lambda: machine.token is None, 60, "a token that has done its work")
    system.ingest.start()
    eventually(lambda: held(system, "t-1") == pressed, 40, "every rating")
    assert standing.told(machine.data).stage is None
    keys = system.query("select count(*) from terminal_key where terminal_id = 't-1'")
    assert keys == [(1,)]


def test_a_cloned_card_does_not_sign_as_the_terminal_it_was_copied_from(
    system: System, machine: Machine, tmp_path: Path
) -> None:
    machine.card.put(invite(system, "t-1"))
    machine.site()
    let_unbound(machine)
    machine.boot()
    machine.press()
    eventually(lambda: held(system, "t-1") == 1, 30, "the first rating")
    machine.cut()
    shutil.copytree(machine.card.root, tmp_path / "copy")
    machine.boot()
    clone = Machine(tmp_path / "copy", "10000000bbbbbbbb")
    try:
        clone.boot()
        clone.press()  # ratings go on
        clone.uplink.wait_for("holds no token any more")
        assert standing.told(clone.data).stage == "cloned"
        machine.press()
        eventually(lambda: held(system, "t-1") == 2, 30, "the original goes on")
        assert not system.query("select 1 from matter where kind = 'cloned'")
        clone.cut()
        machine.cut()  # the technician decides: it is the terminal that goes on
        clone.card.put(invite(system, "t-1", "--again"))
        clone.boot()
        eventually(lambda: held(system, "t-1") == 3, 30, "what the clone had taken")
        found = system.query("select kind, terminal from matter where kind = 'cloned'")
        assert found == [("cloned", "t-1")]
    finally:
        clone.cut()


def test_a_file_for_another_terminal_leaves_the_former_journal_to_be_imported(
    system: System, machine: Machine
) -> None:
    machine.card.put(invite(system, "t-1"))
    machine.site()
    let_unbound(machine)
    machine.boot()
    machine.uplink.wait_for("the token has done its work")
    machine.uplink.kill()
    machine.press()
    machine.cut()
    machine.card.put(invite(system, "t-2"))
    machine.boot()
    machine.press()
    eventually(lambda: held(system, "t-2") == 1, 30, "the new terminal")
    assert held(system, "t-1") == 0
    imported = run(*system.command("import", str(machine.card.state / "former/t-1-1")))
    assert "All of it is held now" in imported.stdout
    assert held(system, "t-1") == 1
