"""From an item touched at a terminal to mail and webhook at both levels of the tree.

Real processes: the terminal, the broker, ingest, jobs, a mail server with STARTTLS and a password,
and somebody who receives webhooks. With jobs killed in the middle each letter arrives, and no two
of them differ.
"""

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fleet_server.clock import now_ms
from fleet_server.core.roles import Grant
from fleet_server.store import database, places, users, webhooks
from fleet_server.store.database import writing
from fleet_server.store.webhooks import Wish
from tests.e2e.system import System, Terminal, running_system
from tests.fakes.mailserver import PASSWORD, MailServer, mail_server
from tests.fakes.processes import FLEET, Process
from tests.fakes.receiver import Receiver, receiving
from tests.fakes.wait import eventually

pytestmark = [pytest.mark.usefixtures("engine"), pytest.mark.timeout(600)]

HEARERS = ("head@office.example", "above@office.example")
"""The head of the unit, and the quality officer of the district above it."""

ITEMS = '\n[asking]\nmode = "items"\n'


@dataclass
class Office:
    """A unit below a district, a terminal that asks for items, and everybody who is told."""

    system: System
    terminal: Terminal
    jobs: Process
    mails: MailServer
    below: Receiver
    above: Receiver

    def touch(self) -> float:
        """Complain of the parking, after the thanks of the last time; return the moment."""
        self.terminal.run.say("advance 20")
        self.terminal.run.say("touch item parking")
        began = time.perf_counter()
        self.terminal.run.say("touch key done")
        return began

    def hooked(self) -> int:
        """Return how many events both levels have."""
        return min(len(self.below.received), len(self.above.received))

    def ids(self) -> list[str]:
        """Return the ids of the mails that were taken."""
        return [one["Message-ID"] for one in self.mails.taken]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    with (
        mail_server(tmp_path) as mails, receiving() as below, receiving() as above,
        running_system(tmp_path, "nats") as system,
    ):  # fmt: skip
        monkeypatch.setenv("SSL_CERT_FILE", str(mails.certificate))
        fleet = system.fleet
        people(system, {"U1": below, "Q3": above})
        more = f'\n[webhooks]\nallow = ["127.0.0.0/8"]\n{mails.section()}'
        fleet.path.write_text(fleet.path.read_text("utf-8") + more, "utf-8")
        fleet.layout.posting.mkdir(mode=0o700)
        fleet.layout.mail_password.write_text(PASSWORD, "utf-8")
        log = fleet.layout.directory / "logs" / "jobs.log"
        jobs = Process([FLEET, "jobs", "--config", str(fleet.path)], log).start()
        terminal = system.add_terminal("t-1", "Q1", ITEMS)
        terminal.start()
        eventually(lambda: shows_items(terminal), 60, "the items on the screen")
        try:
            yield Office(system, terminal, jobs, mails, below, above)
        finally:
            jobs.stop()


def people(system: System, hooks: dict[str, Receiver]) -> None:
    """Add the tree, who is told of its alarms, and the webhooks of both levels."""
    database.open_database(system.fleet.database.url)
    district = places.add_unit("Q3", "Quận 3", "district")
    unit = places.add_unit("U1", "Phường 1", "unit", district.id)
    for email, role, where in zip(
        HEARERS, ("unit_head", "quality_officer"), (unit.id, district.id), strict=True
    ):
        with writing():
            users.give(users.create(email, "", "hash", now_ms()), Grant(role, where))
    for code, receiver in hooks.items():
        where = unit.id if code == "U1" else district.id
        with writing():
            wish = Wish(receiver.url, ("alarm.raised",), where, True, "")
            webhooks.add(wish, now_ms(), "command:test")
    database.close()


def shows_items(terminal: Terminal) -> bool:
    terminal.run.say("state")
    return bool(terminal.run.said.get(timeout=20)["shown"] == "items")


def milliseconds(name: str, seconds: list[float]) -> str:
    ordered = sorted(seconds)
    p95 = ordered[int(len(ordered) * 0.95)]
    return f"{name} median {statistics.median(ordered) * 1e3:.0f} ms, p95 {p95 * 1e3:.0f} ms"


@pytest.mark.soak
def test_a_touched_item_is_told_at_both_levels_within_seconds(
    office: Office, repeats: Any, figure: Any
) -> None:
    mail: list[float] = []
    hook: list[float] = []
    for number in range(1, repeats(5, 60) + 1):
        began = office.touch()
        eventually(lambda n=number: office.hooked() >= n, 60, f"the events of touch {number}")
        hook.append(time.perf_counter() - began)
        eventually(lambda n=number: len(office.mails.taken) >= 2 * n, 60, "its mails")
        mail.append(time.perf_counter() - began)
    figure(f"{milliseconds('to both webhooks', hook)}; {milliseconds('to both mails', mail)}")
    assert sorted(set(office.mails.to)) == sorted(HEARERS)
    assert len(office.ids()) == len(set(office.ids())) == 2 * len(mail)
    assert statistics.median(mail) < 30


def test_with_jobs_killed_in_the_middle_each_message_arrives_and_none_is_another(
    office: Office,
) -> None:
    office.mails.hangs_s = 1.0
    for _ in range(3):
        office.touch()
    eventually(lambda: office.mails.taken, 60, "the first mail")
    office.jobs.kill()
    claims_are_over(office.system)
    office.mails.hangs_s = 0.0
    office.jobs.start()
    eventually(lambda: len(set(office.ids())) == 6, 90, "all six mails")
    eventually(lambda: office.hooked() == 3, 60, "all events")
    waiting = "select count(*) from letter where state <> 'sent'"
    eventually(lambda: office.system.query(waiting) == [(0,)], 60, "nothing left to send")
    assert len(office.ids()) <= 6 + 1, "the one on its way when jobs died may have come twice"
    events = [one.headers["webhook-id"] for one in office.below.received]
    assert len(set(events)) == 3


def claims_are_over(system: System) -> None:
    """Let what the dead process had claimed be due, as it is after a minute."""
    database.open_database(system.fleet.database.url)
    with writing():
        for table in ("letter", "webhook_delivery"):
            text = f"UPDATE {table} SET next_at = 0 WHERE state = 'waiting'"
            database.proxy.obj.execute_sql(text)
    database.close()
