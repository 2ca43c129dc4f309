"""The doctor finds each thing that is wrong, says so in one sentence, and what to do."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import pytest

from fleet_server import clock
from fleet_server.cli import main
from fleet_server.core.rollout import Stop
from fleet_server.doctor import examine as all_checks
from fleet_server.doctor import pages
from fleet_server.doctor import proxies as proxies_check
from fleet_server.doctor.examine import examine
from fleet_server.doctor.patient import Patient
from fleet_server.found import broker_addresses
from fleet_server.settings import Settings
from fleet_server.store import (
    api_keys,
    audit_log,
    bundles,
    database,
    places,
    rolling,
    rollouts,
    tallies,
    walls,
    webhooks,
)
from fleet_server.store.api_keys import NewKey
from fleet_server.store.models import Tally, TerminalStatus
from fleet_server.store.webhooks import Wish
from provisioning.broker.write import rewrite
from provisioning.finding import Finding
from provisioning.pki import crl
from provisioning.server import room
from tests.fakes import databases
from tests.fakes.brokers import running_broker
from tests.fakes.fleets import enrolled, new_counter, new_fleet
from tests.fakes.ports import is_open
from tests.fakes.processes import FLEET, Process
from tests.fakes.wait import eventually

pytestmark = pytest.mark.usefixtures("engine")


UNSYNCED = ("fsync is off on the server", "full_page_writes is off on the server")
"""What is wrong with the PostgreSQL of all tests, which is never cut off."""


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    def make() -> Path:
        fleet = new_fleet(tmp_path_factory.mktemp("doctor") / "fleet")
        new_counter(fleet)
        enrolled(fleet, "t-1")
        database.close()
        return fleet.path.parent

    return databases.once_for_each(make)


@pytest.fixture
def fleet(templates: Callable[[], Path], tmp_path: Path) -> Iterator[Settings]:
    copy = databases.copied_fleet(templates(), tmp_path / "fleet")
    rewrite(copy.layout, broker_addresses(copy))  # it names the folder
    yield copy
    database.close()


def found(fleet: Settings, later: timedelta = timedelta(0)) -> list[Finding]:
    now = clock.now_ms() + int(later.total_seconds() * 1000)
    return [one for one in examine(fleet.path, now) if one.said not in UNSYNCED]


def wrong(fleet: Settings, check: str, later: timedelta = timedelta(0)) -> list[str]:
    """Return what is wrong of one check; whatever is wrong comes with advice."""
    bad = [one for one in found(fleet, later) if one.state == "wrong"]
    assert all(one.advice for one in bad)
    return [one.said for one in bad if one.check == check]


def states(fleet: Settings) -> dict[str, str]:
    """Return the worst state of each check."""
    worst: dict[str, str] = {}
    for one in found(fleet):
        if worst.get(one.check) != "wrong":
            worst[one.check] = one.state
    return worst


def test_an_installation_that_runs_is_well(fleet: Settings, tmp_path: Path) -> None:
    processes = [
        Process([FLEET, name, "--config", str(fleet.path)], tmp_path / f"{name}.log")
        for name in ("est", "serve", "ingest", "jobs")
    ]
    assert main(["backup", str(tmp_path / "a.backup"), "--config", str(fleet.path)]) == 0
    with running_broker("nats", fleet.layout.directory):
        try:
            for process in processes:
                process.start()
            for port in (fleet.web.port, fleet.est.port):
                eventually(lambda port=port: is_open(port), 30, f"port {port}")
            for name in ("ingest", "jobs"):
                eventually(lambda name=name: wrong(fleet, name) == [], 30, f"{name} lives")
            assert [one for one in found(fleet) if one.state == "wrong"] == []
        finally:
            for process in processes:
                process.stop()


def test_where_nothing_runs_each_process_is_named_with_its_command(fleet: Settings) -> None:
    bad = {one.check: one for one in found(fleet) if one.state == "wrong"}
    assert set(bad) == {"pages", "enrolment", "ingest", "jobs", "broker", "backup"}
    assert "hailong-fleet serve" in bad["pages"].advice
    assert "hailong-fleet est" in bad["enrolment"].advice
    assert bad["ingest"].said == "never ran"
    assert "hailong-fleet broker" in bad["broker"].advice
    assert bad["backup"].said == "there never was one"


def test_settings_that_are_wrong_are_all_it_can_say(fleet: Settings) -> None:
    fleet.path.write_text("[fleet")
    [only] = examine(fleet.path, clock.now_ms())
    assert (only.check, only.state) == ("settings", "wrong")
    assert "not a TOML file" in only.said


def proxied(fleet: Settings, url: str, host: str, proxies: int) -> list[tuple[str, str]]:
    web = replace(fleet.web, url=url, host=host, trusted_proxies=proxies)
    looked = proxies_check.look(Patient(replace(fleet, web=web), clock.now_ms()))
    return [(one.state, one.said) for one in looked]


def test_what_stopped_since_nobody_answers_for_it_is_told(fleet: Settings) -> None:
    assert not wrong(fleet, "answered for")
    database.open_database(fleet.database.url)
    now = clock.now_ms()
    gone = "person:gone@hailong.example"
    api_keys.add(NewKey("queue", {"units:read"}, None, None, gone), now)
    api_keys.add(NewKey("kiosk", {"units:read"}, None, None, "command:root"), now)
    walls.add("Sảnh", None, now + 86_400_000, gone, now)
    with database.writing():
        webhooks.add(Wish("https://hooks.example", ("ping",), None, True, ""), now, gone)
    database.close()
    [said] = wrong(fleet, "answered for")
    assert said.endswith("API key queue, webhook 1, wall screen Sảnh")


def test_a_proxy_that_is_not_trusted_is_told_and_a_port_that_all_reach(fleet: Settings) -> None:
    plain, secure = "http://127.0.0.1:8080", "https://fleet.example"
    [(state, said)] = proxied(fleet, secure, "127.0.0.1", 0)
    assert (state, "trusted_proxies is 0" in said) == ("wrong", True)
    assert proxied(fleet, secure, "127.0.0.1", 1) == [
        ("good", "X-Forwarded-For is believed (trusted_proxies = 1)")
    ]
    assert proxied(fleet, plain, "127.0.0.1", 0) == [("good", "none is needed")]
    assert [state for state, _ in proxied(fleet, secure, "0.0.0.0", 1)] == ["note"]
    assert [state for state, _ in proxied(fleet, secure, "fleet.example", 1)] == ["note"]


def test_a_rollout_that_was_stopped_is_told_and_an_image_that_is_gone(fleet: Settings) -> None:
    assert not wrong(fleet, "updates")
    database.open_database(fleet.database.url)
    now = clock.now_ms()
    with database.writing():
        places.add_terminal("t-9", None, now)
    bundles.add("ab" * 32, "1.1.0", 1000, "command:root", now)
    number = rolling.begin(
        rolling.Wish("ab" * 32, None, {"t-9": 1}, (), True, 0), "person:lan", now
    )
    line = rollouts.find(number)
    assert line is not None
    rolling.stop(line, asdict(Stop("failed", 1, 5)), "rollout:1", now)
    database.close()
    [stopped, gone] = wrong(fleet, "updates")
    assert stopped == (
        "the rollout of 1.1.0 was stopped: 1 of 5 terminals fell back or could not install it"
    )
    assert gone.endswith("the image 1.1.0 is not there")


def test_keys_that_belong_offline_are_noted(fleet: Settings) -> None:
    notes = [one.said for one in found(fleet) if (one.state, one.check) == ("note", "files")]
    assert [Path(said.partition(":")[0]).name for said in notes] == [
        "root.key", "fleet.key", "update.key",
    ]  # fmt: skip


def test_a_secret_that_others_can_read_is_named(fleet: Settings) -> None:
    fleet.layout.receipt_key.chmod(0o644)
    [said] = wrong(fleet, "files")
    assert said == f"{fleet.layout.receipt_key}: others can read it"


def test_a_key_that_is_gone_is_named(fleet: Settings) -> None:
    fleet.layout.control_key.unlink()
    assert wrong(fleet, "files") == [f"{fleet.layout.control_key}: is not there"]


def test_a_full_disk_is_told(fleet: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "LEAST", 1 << 60)
    [said] = wrong(fleet, "disk")
    assert "GiB are free" in said


def test_a_database_that_is_not_there_is_told_once(fleet: Settings, tmp_path: Path) -> None:
    nowhere = "sqlite:nowhere.db"
    if databases.engine().name == "postgresql":
        nowhere = f"postgresql://hailong@/nowhere?host={tmp_path}"
    databases.name_url(fleet.path.parent, nowhere)
    assert len(wrong(fleet, "database")) == 1
    assert wrong(fleet, "backup") == []


def test_tables_of_a_former_version_are_told(fleet: Settings, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    url = databases.empty(other)
    with databases.looked_at(url):
        databases.name_url(fleet.path.parent, url)
    [said] = wrong(fleet, "database")
    assert "tables are out of date" in said


@pytest.mark.engines("postgresql")
def test_a_column_in_another_order_and_a_server_that_does_not_sync_are_told(
    fleet: Settings,
) -> None:
    with databases.looked_at(fleet.database.url) as look:
        look.run('ALTER TABLE unit ALTER COLUMN code TYPE text COLLATE "default"')
    assert wrong(fleet, "database") == ["column unit.code is not in the order C"]
    said = {one.said for one in examine(fleet.path, clock.now_ms()) if one.state == "wrong"}
    assert said >= set(UNSYNCED)


def test_a_clock_that_is_behind_is_told(fleet: Settings) -> None:
    database.open_database(fleet.database.url)
    with database.writing():
        audit_log.note("server", "x", "y", at=clock.now_ms() + 3 * 86_400_000)
    database.close()
    [said] = wrong(fleet, "clock")
    assert "3.0 days in the future" in said


def test_papers_that_end_are_told_with_their_day(fleet: Settings) -> None:
    said = wrong(fleet, "certificates", crl.LIFE - timedelta(days=2))
    assert any(one.startswith("issuing.crl ends on ") for one in said)
    said = wrong(fleet, "certificates", timedelta(days=365 * 30))
    assert any(one.startswith("root.crt has ended on ") for one in said)


def test_a_broker_configuration_that_is_not_that_of_the_settings_is_named(fleet: Settings) -> None:
    fleet.layout.nats_config.write_text("port: 1")
    said = wrong(fleet, "broker")
    assert f"{fleet.layout.nats_config}: is not what the settings say" in said


def test_a_broker_that_speaks_no_tls_is_told(fleet: Settings) -> None:
    with socket.create_server(("127.0.0.1", fleet.broker.port)) as listener:
        threading.Thread(target=_rude, args=(listener,), daemon=True).start()
        [said] = wrong(fleet, "broker")
    assert "no mutual TLS" in said


def _rude(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.sendall(b"HTTP/1.0 400 no\r\n\r\n")
        connection.recv(1000)


def test_another_program_on_our_port_is_told(fleet: Settings) -> None:
    with socket.create_server(("127.0.0.1", fleet.web.port)) as listener:
        threading.Thread(target=_other_program, args=(listener,), daemon=True).start()
        [said] = wrong(fleet, "pages")
    assert "another program answers" in said


def _other_program(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(1000)
        connection.sendall(b"HTTP/1.0 200 OK\r\n\r\nhello")


@pytest.mark.parametrize(
    ("ago", "said"), [(None, "never ran"), (180_000, "was last heard of 3 minutes ago")]
)
def test_an_ingest_that_is_silent_is_told(fleet: Settings, ago: int | None, said: str) -> None:
    if ago is not None:
        database.open_database(fleet.database.url)
        tallies.alive(tallies.INGEST, clock.now_ms() - ago)
        database.close()
    assert wrong(fleet, "ingest") == [said]


def test_an_ingest_that_was_ended_is_told(fleet: Settings) -> None:
    database.open_database(fleet.database.url)
    tallies.ended(tallies.INGEST)
    database.close()
    assert wrong(fleet, "ingest") == ["has been ended"]


def test_jobs_that_does_not_live_is_wrong(fleet: Settings) -> None:
    assert wrong(fleet, "jobs") == ["never ran"]
    database.open_database(fleet.database.url)
    tallies.alive(tallies.JOBS, clock.now_ms() - 180_000)
    database.close()
    assert wrong(fleet, "jobs") == ["was last heard of 3 minutes ago"]
    database.open_database(fleet.database.url)
    tallies.alive(tallies.JOBS, clock.now_ms())
    database.close()
    assert wrong(fleet, "jobs") == []


def test_what_waits_in_terminals_for_days_is_told(fleet: Settings) -> None:
    database.open_database(fleet.database.url)
    old = clock.now_ms() - 3 * 86_400_000
    TerminalStatus.create(terminal="t-1", waiting=40, oldest_waiting_at=old)
    database.close()
    assert wrong(fleet, "backlog") == ["40 records wait in 1 terminals, the oldest for 3.0 days"]


def test_assets_that_were_never_built_are_named(
    fleet: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    web = tmp_path / "web"
    (web / "templates").mkdir(parents=True)
    (web / "templates" / "base.html").write_text("<link href='vendor/pico.min.css'>")
    (web / "vi.po").touch()
    monkeypatch.setattr(pages, "WEB", web)
    said = wrong(fleet, "page assets")
    assert [Path(one.partition(":")[0]).name for one in said] == ["pico.min.css", "vi.mo"]


def test_an_old_backup_is_told(fleet: Settings) -> None:
    database.open_database(fleet.database.url)
    with database.writing():
        audit_log.note("server", "backup.make", "b", at=clock.now_ms() - 9 * 86_400_000)
    database.close()
    assert wrong(fleet, "backup") == ["the last one is 9 days old"]


def test_a_check_that_fails_itself_is_a_finding_and_the_others_go_on(
    fleet: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_patient: object) -> Iterator[Finding]:
        raise ZeroDivisionError("oh")

    monkeypatch.setitem(all_checks.CHECKS, "disk", fails)
    assert wrong(fleet, "disk") == ["can't be looked at: ZeroDivisionError: oh"]
    assert "page assets" in states(fleet)


def test_the_command_prints_words_or_json_and_ends_with_1(
    fleet: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    config = ["--config", str(fleet.path)]
    capsys.readouterr()
    assert main(["doctor", *config]) == 1
    said = capsys.readouterr().out
    assert "WRONG  ingest: never ran\n       -> run: hailong-fleet ingest\n" in said
    assert said.endswith(" things are wrong.\n")
    assert main(["doctor", "--json", *config]) == 1
    listed = json.loads(capsys.readouterr().out)
    assert {one["state"] for one in listed} == {"good", "note", "wrong"}
    assert set(listed[0]) == {"check", "state", "said", "advice"}


def test_the_doctor_changes_nothing(fleet: Settings) -> None:
    database.open_database(fleet.database.url)
    Tally.create(name="doctor", value=5)
    database.close()
    found(fleet)
    database.open_database(fleet.database.url)
    assert Tally.get(name="doctor").value == 5
