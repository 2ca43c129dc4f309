"""A whole fleet of real processes, for tests that press, cut, kill and put back.

    with running_system(tmp_path, "nats") as system:
        terminal = system.add_terminal("t-1", "Q1")
        terminal.start()
        visit = system.ticket("Q1", "A001", "called")
        said = terminal.press("satisfied")

Everything goes through public interfaces: the commands, the REST API, the terminal's standard
input. Only what an attacker or an accident would touch (files, signals) is touched behind them.
"""

import json
import queue
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fleet_server.core.api_scopes import SCOPES
from fleet_server.settings import BrokerKind, Settings
from tests.fakes import databases
from tests.fakes.brokers import Broker, running_broker
from tests.fakes.fleets import new_counter, new_fleet
from tests.fakes.ports import is_open
from tests.fakes.processes import FLEET, Process, run
from tests.fakes.wait import eventually
from wire.enrolment import load_toml

TERMINAL = str(Path(FLEET).with_name("hailong-terminal"))
DUMMY = {"SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy"}
LOCK_S = 6
"""Longer than the lock against double presses, the correction and the unbound interval."""

OFTEN = "[api]\nrequests_per_minute = 1000000\n"
"""A test that waits for something asks more often than any client may."""


class Simulated(Process):
    """``hailong-terminal run --simulate``: takes lines, answers in lines of JSON."""

    said: "queue.SimpleQueue[dict[str, Any]]"

    def start(self) -> "Simulated":
        """Start the program and listen to it."""
        self.said = queue.SimpleQueue()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                env=self.env,
            )  # fmt: skip
        threading.Thread(target=self._listen, args=(self._process, self.said), daemon=True).start()
        return self

    @staticmethod
    def _listen(
        process: "subprocess.Popen[bytes]", said: "queue.SimpleQueue[dict[str, Any]]"
    ) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                said.put(json.loads(line))

    def say(self, line: str) -> None:
        """Write one line to the terminal's standard input."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())
        self._process.stdin.flush()

    def kill(self) -> None:
        """End it as a power cut would."""
        super().kill()
        self._close()

    def stop(self, *args: Any, **more: Any) -> int | None:
        """End it in order."""
        code = super().stop(*args, **more)
        self._close()
        return code

    def _close(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()


@dataclass
class Terminal:
    """One terminal of the system: its folder, its two processes, and what it has said.

    Attributes:
        accepted: each accepted press, as printed after its commit.
    """

    id: str
    counter: str
    folder: Path
    accepted: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        words = ["--config", str(self.config)]
        self.run = Simulated(
            [TERMINAL, "run", "--simulate", *words], self.folder / "run.log", DUMMY
        )
        self.uplink = Process([TERMINAL, "uplink", *words], self.folder / "uplink.log")

    @property
    def config(self) -> Path:
        """Its ``terminal.toml``."""
        return self.folder / "terminal.toml"

    @property
    def data(self) -> Path:
        """Its card: the folder of journal.db and link.db."""
        return self.folder / "data"

    def start(self) -> None:
        """Start both processes."""
        self.run.start()
        self.uplink.start()

    def press(self, choice: str = "satisfied", timeout_s: float = 20) -> dict[str, Any]:
        """Press a button and return the line that the terminal printed after the commit."""
        self.run.say(f"press {choice}")
        said = self.run.said.get(timeout=timeout_s)
        self.accepted.append(said)
        return said

    def press_apart(self, choice: str = "satisfied") -> dict[str, Any]:
        """Press after the locks and intervals of the last press are over."""
        self.run.say(f"advance {LOCK_S}")
        return self.press(choice)

    def receipted(self) -> int:
        """Return the highest position that the terminal holds a receipt for."""
        return int(query(self.data / "link.db", "select max(seq) from receipt")[0][0] or 0)

    def stop(self) -> None:
        """End both processes in order."""
        self.run.stop()
        self.uplink.stop()

    def keep_card(self, name: str = "card") -> Path:
        """Copy the card as it is on disk now, as if it were cloned."""
        copy = self.folder / name
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.data, copy)
        return copy

    def put_back_card(self, copy: Path) -> None:
        """Put an older copy of the card in. The processes must be ended."""
        shutil.rmtree(self.data)
        shutil.copytree(copy, self.data)


def query(path: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """Ask a database file, read-only."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return database.execute(sql, values).fetchall()


def every_scope() -> list[str]:
    """Return the words that give a key every scope."""
    return [word for scope in SCOPES for word in ("--scope", scope)]


class System:
    """A fleet directory and its running processes.

    Attributes:
        tokens: the one-time token of each terminal, which its enrolment has used up.
    """

    def __init__(self, fleet: Settings, broker: Broker) -> None:
        self.fleet, self.broker = fleet, broker
        logs = fleet.layout.directory / "logs"
        self.processes = {
            name: Process([FLEET, name, "--config", str(fleet.path)], logs / f"{name}.log")
            for name in ("est", "serve", "ingest")
        }
        self.terminals: list[Terminal] = []
        self.tokens: list[str] = []
        self.key = run(*self.command("key", "add", "tests", *every_scope())).stdout.split()[-1]

    def command(self, *words: str) -> list[str]:
        """Return a command of ``hailong-fleet`` for this fleet."""
        return [FLEET, *words, "--config", str(self.fleet.path)]

    def start(self) -> None:
        """Start the server's processes and wait until they answer."""
        for process in self.processes.values():
            process.start()
        for port in (self.fleet.web.port, self.fleet.est.port):
            eventually(lambda port=port: is_open(port), 120, f"port {port}")
        eventually(self.ready, 120, "readiness")

    def ready(self) -> bool:
        """Say whether the server says it is ready, which includes ingest."""
        try:
            return bool(self.get("/readyz"))
        except urllib.error.HTTPError:
            return False

    @property
    def ingest(self) -> Process:
        """The process that takes records."""
        return self.processes["ingest"]

    def add_terminal(self, name: str, counter: str, settings: str = "") -> Terminal:
        """Add a counter with a terminal, and enrol it through EST."""
        new_counter(self.fleet, counter)
        folder = self.fleet.layout.directory.parent / name
        terminal = Terminal(name, counter, folder)
        folder.mkdir(exist_ok=True)
        if "[update]" not in settings:
            settings += '\n[update]\nfolder = "update"\n'  # its own, not the machine's
        terminal.config.write_text(
            f'[terminal]\nid = "{name}"\ncounter = "{counter}"\ncounter_name = "Quầy {counter}"\n'
            f'data = "data"\nclock = "host"\n{settings}',
            "utf-8",
        )
        added = run(*self.command("terminal", "add", "--id", name, "--counter", counter))
        enrolment = added.stdout.split()[-1]
        self.tokens.append(load_toml(Path(enrolment).read_text("utf-8")).token or "")
        run(TERMINAL, "enrol", "--config", terminal.config, "--file", enrolment)
        self.terminals.append(terminal)
        return terminal

    def get(self, path: str) -> Any:
        """Return what the API answers, as Python."""
        return self._ask(urllib.request.Request(self._url(path)))

    def post(self, path: str, body: object) -> Any:
        """Send JSON to the API and return its answer."""
        data = json.dumps(body).encode()
        request = urllib.request.Request(self._url(path), data)
        request.add_header("Content-Type", "application/json")
        return self._ask(request)

    def ticket(self, counter: str, ticket: str, event: str, visit: str | None = None) -> str:
        """Tell what happened to a ticket, as the queue system does; return the visit."""
        body = {"ticket": ticket, "event": event} | ({"visit": visit} if visit else {})
        return str(self.post(f"/api/v1/counters/{counter}/tickets", body)["visit"])

    def wait_until_shown(self, visit: str, timeout_s: float = 20) -> None:
        """Wait until the terminal's own record of a call is held: it shows the ticket then."""
        eventually(
            lambda: self.query("select 1 from visit where id = ? and by_terminal", visit),
            timeout_s,
            f"{visit} at the terminal",
        )

    def ratings(self) -> list[dict[str, Any]]:
        """Return all ratings that the server holds."""
        found: list[dict[str, Any]] = []
        cursor = None
        while True:
            page = self.get(f"/api/v1/ratings?limit=500{f'&cursor={cursor}' if cursor else ''}")
            found += page["ratings"]
            cursor = page["next"]
            if len(page["ratings"]) < 500:
                return found

    def held(self, terminal: Terminal) -> list[tuple[str, int]]:
        """Return (choice, seq) of each rating held of a terminal, oldest first."""
        return sorted(
            ((row["choice"], int(row["seq"])) for row in self.ratings()
             if row["terminal"] == terminal.id),
            key=lambda pair: pair[1],
        )  # fmt: skip

    def query(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the database itself."""
        with databases.looked_at(self.fleet.database.url) as look:
            return look.ask(sql, *values)

    def back_up(self) -> Path:
        """Make a backup of the database, as an administrator would."""
        file = self.fleet.layout.directory / "one.backup"
        file.unlink(missing_ok=True)
        run(*self.command("backup", str(file)))
        return file

    def copy_database(self) -> Path:
        """Return the settings of a copy of the fleet's database, as it is now."""
        folder = Path(tempfile.mkdtemp(prefix="copy", dir=self.fleet.layout.directory))
        shutil.copyfile(self.fleet.path, folder / "fleet.toml")
        databases.name_url(folder, databases.made(folder))
        run(FLEET, "restore", self.back_up(), "--config", folder / "fleet.toml")
        return folder / "fleet.toml"

    def put_back_database(self, file: Path) -> None:
        """Put a backup in: end all who use the database, restore, start them again."""
        users = [*self.processes.values(), *([self.broker.auth] if self.broker.auth else [])]
        for process in users:
            process.stop()
        run(*self.command("restore", str(file), "--replace"))
        if self.broker.auth:
            self.broker.auth.start()
        self.start()

    def stop(self) -> None:
        """End everything but the broker."""
        for terminal in self.terminals:
            terminal.stop()
        for process in self.processes.values():
            process.stop()

    def _url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.fleet.web.port}{path}"

    def _ask(self, request: urllib.request.Request) -> Any:
        request.add_header("Authorization", f"Bearer {self.key}")
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read() or b"null")


@contextmanager
def running_system(directory: Path, kind: BrokerKind, also: str = "") -> Iterator[System]:
    """Make a fleet and run its broker and its server processes; ``also`` is another name of it."""
    fleet = new_fleet(directory / "fleet", kind, OFTEN, also)
    with running_broker(kind, fleet.layout.directory) as broker:
        system = System(fleet, broker)
        try:
            system.start()
            yield system
        finally:
            system.stop()
