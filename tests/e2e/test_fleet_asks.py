"""The server's command line to a real terminal and back: configuration, commands, a new key."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from fleet_server import clock
from tests.e2e.system import TERMINAL, System, Terminal, running_system
from tests.fakes.processes import run
from tests.fakes.wait import eventually

SETTINGS = "[uplink]\nhealth_s = 1\n"


@pytest.fixture(scope="module")
def system(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running_system(tmp_path_factory.mktemp("asks"), "nats") as one:
        yield one


@pytest.fixture(scope="module")
def terminal(system: System) -> Terminal:
    one = system.add_terminal("t-1", "Q1", SETTINGS)
    one.start()
    one.uplink.wait_for("connected")
    return one


def fleet(system: System, *words: str, check: bool = True) -> str:
    return run(*system.command("terminal", *words), check=check).stdout


def told(system: System, *words: str) -> str:
    """Give a command, and return the outcome that was waited for."""
    return fleet(system, "command", "t-1", *words, "--wait", "--ttl", "20", check=False).strip()


def configure(system: System, folder: Path, policy: str) -> None:
    path = folder / "policy.toml"
    path.write_text(policy, "utf-8")
    fleet(system, "configure", "t-1", "--file", str(path))


def shows(system: System, what: str) -> None:
    eventually(lambda: what in fleet(system, "show", "t-1"), 30, what)


def in_force(system: System) -> int:
    """Return the version that the terminal says is in force, 0 for its own tables."""
    [(health,)] = system.query("select health from terminal_status")
    told = json.loads(health) if isinstance(health, str) else health or {}
    return int(told.get("terminal", {}).get("config_version") or 0)


def test_a_configuration_is_applied_or_refused_and_the_last_good_one_kept(
    system: System, terminal: Terminal, tmp_path: Path
) -> None:
    configure(system, tmp_path, '[tickets]\nwithout = "unbound"\n')
    shows(system, "applied; in force: version 1")
    assert terminal.press_apart("satisfied")["visit"] is None, "it counts without a ticket now"

    configure(system, tmp_path, '[asking]\nitems = ["lift"]\n')
    shows(system, "version 2, refused: asking.items: item 1: lift has no text")
    assert terminal.press_apart("satisfied")["visit"] is None
    assert in_force(system) == 1

    terminal.uplink.stop()
    terminal.run.stop()
    terminal.run.start()
    assert terminal.press_apart("satisfied")["visit"] is None, "also with no uplink after a start"
    terminal.uplink.start()

    fleet(system, "configure", "t-1", "--clear")
    shows(system, "version 3, applied; in force: version 3")


def test_a_terminal_that_is_there_carries_commands_out_and_says_so(
    system: System, terminal: Terminal
) -> None:
    assert told(system, "identify", "--seconds", "1") == "done"
    assert told(system, "hello") == "done"
    outcome, _, facts = told(system, "diagnostics").partition(": ")
    assert outcome == "done"
    assert json.loads(facts)["settings"]["id"] == "t-1"
    assert str(terminal.folder) not in facts


def test_a_self_test_says_what_was_not_tried_when_the_technician_ends_it(
    system: System, terminal: Terminal
) -> None:
    fleet(system, "command", "t-1", "self-test")
    eventually(lambda: showing(terminal) == "self_test", 20, "the self-test")
    terminal.run.say("press satisfied")
    terminal.run.say("touch key done")
    shows(system, '"missing":["very_satisfied","unsatisfied"')
    shows(system, '"network":[{"step":"link","state":"good"')
    shows(system, '{"step":"broker","state":"good"')


def showing(terminal: Terminal) -> str:
    terminal.run.say("state")
    return str(terminal.run.said.get(timeout=20)["shown"])


def test_a_restart_ends_the_program_and_is_done_when_it_has_started_again(
    system: System, terminal: Terminal
) -> None:
    fleet(system, "command", "t-1", "restart")
    eventually(lambda: not terminal.run.running, 20, "the program ended")
    assert terminal.run.stop() == 0, "as one that systemd starts again"
    terminal.run.start()
    shows(system, "restart: done")
    assert told(system, "identify") == "done", "it has looked again, and did not end again"
    assert terminal.run.running


def test_a_command_expires_that_reaches_nobody_in_time(system: System, terminal: Terminal) -> None:
    terminal.run.stop()
    fleet(system, "command", "t-1", "self-test", "--ttl", "1")
    eventually(lambda: commands_waiting(terminal) == 1, 20, "the uplink has it")
    over = clock.monotonic_s() + 1.1
    eventually(lambda: clock.monotonic_s() > over, 10, "its time to live is over")
    terminal.run.start()
    shows(system, "self-test: expired")


def commands_waiting(terminal: Terminal) -> int:
    path = terminal.data / "link.db"
    sql = (
        "select count(*) from object where typ = 'command'"
        " and n not in (select n from answer where typ = 'command')"
    )
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return int(database.execute(sql).fetchone()[0])


def test_a_new_certificate_is_had_for_the_same_key(system: System, terminal: Terminal) -> None:
    certificate = terminal.data / "identity" / "device.crt"
    before, key = certificate.read_bytes(), kids(system)
    assert told(system, "re-enrol") == "done"
    assert certificate.read_bytes() != before
    assert kids(system) == key


def kids(system: System) -> list[tuple[str, bool]]:
    rows = system.query("select kid, replaced_at from terminal_key order by enrolled_at")
    return [(kid, replaced is not None) for kid, replaced in rows]


def test_the_chain_goes_on_with_a_new_key_and_the_old_one_is_replaced(
    system: System, terminal: Terminal
) -> None:
    assert told(system, "rotate-key") == "done"
    eventually(lambda: [gone for _, gone in kids(system)] == [True, False], 30, "replaced")
    terminal.uplink.wait_for("there is a new key")
    visit = system.ticket("Q1", "A007", "called")
    eventually(lambda: seen(system, visit, "called"), 20, "the terminal saw the ticket")
    assert terminal.press_apart("satisfied")["visit"] == visit
    eventually(lambda: ("satisfied", terminal.accepted[-1]["seq"]) in system.held(terminal), 30)
    [(chain_kid, flaws)] = system.query("select kid, flaws from chain")
    assert (chain_kid, flaws) == (kids(system)[1][0], 0)
    assert system.query("select * from matter where kind <> 'new_chain'") == []
    verified = run(TERMINAL, "journal", "verify", "--config", terminal.config)
    assert "every record proves itself" in verified.stdout
    assert "by another key" not in verified.stdout
    run(*system.command("verify"))
    system.ticket("Q1", "A007", "transferred", visit)
    eventually(lambda: seen(system, visit, "transferred"), 20, "nobody is at the counter again")


def seen(system: System, visit: str, event: str) -> bool:
    """Return whether the terminal told of what happened to a visit."""
    sql = "select 1 from ticket_event where source = 'terminal' and visit_id = ? and event = ?"
    return bool(system.query(sql, visit, event))
