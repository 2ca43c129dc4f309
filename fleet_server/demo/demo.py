"""The demo's parts put together: set up, run, count, tidy away."""

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread
from typing import Any

from fleet_server import clock
from fleet_server.demo import fleet as fleets
from fleet_server.demo.api import Api, ApiError
from fleet_server.demo.desk import Desk
from fleet_server.demo.fleet import DemoFleet
from fleet_server.demo.plan import UNITS, counters
from fleet_server.demo.ports import answers
from fleet_server.demo.processes import Processes
from fleet_server.demo.show import StatusLine, say
from fleet_server.demo.tally import Sums, Tally
from fleet_server.demo.terminal import DemoTerminal, has_display

START_TIMEOUT_S = 60.0
DRAIN_TIMEOUT_S = 20.0
SHOW_EVERY_S = 1.0
PAGE = 500


class Demo:
    """One run of the demo.

    Args:
        folder: where everything goes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._fleet = DemoFleet(folder / "fleet")
        self._processes = Processes(folder / "logs")
        self._tally = Tally()
        self._api = Api(self._fleet.ports.web)
        self._cursor: object = None
        self._waiting: dict[str, int] = {}
        self._terminals = [
            DemoTerminal(plan, folder / "terminals" / plan.terminal, self._tally.made.add)
            for plan in counters()
        ]
        self._desks: list[Desk] = []

    # ---- set-up ----

    def set_up(self) -> None:
        """Make the fleet, start its processes, enrol the terminals and start theirs.

        Raises:
            FleetError: a step failed.
        """
        began = clock.monotonic_s()
        say("Making a fleet: its certificate authorities, keys and database")
        self._fleet.init()
        self._start_servers()
        say("Adding 2 units, 6 counters, 6 terminals, a user and an API key")
        self._api = Api(self._fleet.ports.web, self._fleet.fill())
        enrolments = self._fleet.add_terminals()
        self._wait_for_servers()
        say("Enrolling 6 terminals through EST, and starting 2 processes for each")
        self._enrol(enrolments)
        for number, terminal in enumerate(self._terminals):
            terminal.start(self._processes, window=number == 0 and has_display())
        self._processes.wait_for("a terminal's readiness", self._terminals_ready, START_TIMEOUT_S)
        say(f"Ready after {clock.monotonic_s() - began:.0f} s")

    def _start_servers(self) -> None:
        for name in ("broker", "broker-auth", "est", "serve", "ingest", "jobs"):
            self._processes.start(name, self._fleet.command(name))

    def _wait_for_servers(self) -> None:
        ports, wait = self._fleet.ports, self._processes.wait_for
        wait("the broker", lambda: answers(ports.mqtt), START_TIMEOUT_S)
        wait("the enrolment server", lambda: answers(ports.est), START_TIMEOUT_S)
        wait("the pages", self._api.is_ready, START_TIMEOUT_S)

    def _enrol(self, enrolments: dict[str, Path]) -> None:
        for terminal in self._terminals:
            terminal.write_settings()
        commands = [one.enrol_command(enrolments[one.plan.terminal]) for one in self._terminals]
        with ThreadPoolExecutor(max_workers=3) as pool:
            list(pool.map(fleets.run, commands))

    def _terminals_ready(self) -> bool:
        rows = self._api.get("terminals")["terminals"]
        return len(rows) == len(self._terminals) and all(row["state"] == "ready" for row in rows)

    # ---- the main job ----

    def run(self, seconds: float | None) -> None:
        """Let queues and citizens go on, for some seconds or until somebody ends the demo."""
        chance = random.Random()  # noqa: S311 - citizens need no cryptography
        for terminal in self._terminals:
            plan = terminal.plan
            desk = Desk(plan, self._api, terminal.press, self._processes.stopping, chance)
            self._desks.append(desk)
        threads = [desk.start() for desk in self._desks]
        try:
            self._watch(seconds)
        finally:
            self._processes.stopping.set()
            join(threads)

    def _watch(self, seconds: float | None) -> None:
        began = clock.monotonic_s()
        status = StatusLine()
        while seconds is None or clock.monotonic_s() - began < seconds:
            self._processes.check()
            self._ask()
            served = sum(desk.served for desk in self._desks)
            trouble = next((desk.trouble for desk in self._desks if desk.trouble), "")
            status.show(f"{self.sums(ended=False)}; tickets served {served} {trouble}".rstrip())
            self._processes.stopping.wait(SHOW_EVERY_S)
        status.end()

    def drain(self) -> None:
        """Wait until the server holds everything, or the time for it is over."""
        say("Nobody presses any more; waiting for what is on its way")
        deadline = clock.monotonic_s() + DRAIN_TIMEOUT_S
        self._processes.stopping.clear()
        while clock.monotonic_s() < deadline:
            self._processes.check()
            self._ask()
            if self.sums(ended=True).settled:
                return
            self._processes.stopping.wait(0.2)

    def _ask(self) -> None:
        """Read what the server's API shows."""
        try:
            self._read_ratings()
            rows = self._api.get("terminals")["terminals"]
        except ApiError as error:
            self._processes.check()
            say(str(error))
            return
        self._waiting = {row["id"]: int(row["waiting"] or 0) for row in rows}

    def _read_ratings(self) -> None:
        while True:
            page: dict[str, Any] = self._api.get("ratings", cursor=self._cursor, limit=PAGE)
            for row in page["ratings"]:
                self._tally.held.add((row["terminal"], int(row["seq"])))
            self._cursor = page["next"]
            if len(page["ratings"]) < PAGE:
                return

    def sums(self, *, ended: bool) -> Sums:
        """Return the figures as they are now."""
        return self._tally.sums(self._waiting, ended=ended)

    def tidy(self) -> None:
        """End every process."""
        self._processes.stop()
        join([terminal.reader for terminal in self._terminals if terminal.reader])

    def introduce(self, seconds: float | None) -> None:
        """Say where to look, and how to sign in."""
        ports = self._fleet.ports
        say("")
        say(f"  Pages     {self._fleet.address}")
        say(f"  Sign in   {self._fleet.email}   password {self._fleet.password}")
        say(f"  Ports     pages {ports.web}, enrolment {ports.est}, MQTT {ports.mqtt}")
        say("  Look at   Counters: served, rated and participation move without reload;")
        say("            Terminals: six of them, ready, and what waits at each;")
        say(f"            {UNITS[0].counters[2].name} of {UNITS[0].name} misses the 40 %.")
        say(f"  Files     {self._folder}")
        say(f"  It ends   {'with Ctrl-C' if seconds is None else f'after {seconds:g} s'}")
        say("")


def join(threads: list[Thread]) -> None:
    """Wait for threads that have been told to end."""
    for thread in threads:
        thread.join(timeout=15)
