"""A PostgreSQL server of the tests' own: started at its first use, ended with the process.

It needs the server's programs (Debian: postgresql) and no cluster of the system. The server refuses
root, so for root it runs as another user. Nothing is synced: no test here cuts the power of the
server, and what a cut does to PostgreSQL is its own promise. The databases have Vietnamese order of
words, which ours must not depend on.
"""

import atexit
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import psycopg

from tests.fakes.wait import eventually

OWNER = "hailong"
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
    "max_connections": "300",
    "autovacuum": "off",
    "checkpoint_timeout": "1h",
    "logging_collector": "off",
    "dynamic_shared_memory_type": "mmap",  # in its folder, which goes with the run
}
_numbers = itertools.count(1)


def programs() -> Path:
    """Return the folder of the newest server's programs; without one the tests fail."""
    found = shutil.which("postgres")
    if found:
        return Path(found).parent
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    assert newest, "no PostgreSQL here: run make test, which installs it"
    return newest[-1]


class Server:
    """A running server, reached by a socket in its folder."""

    def __init__(self) -> None:
        """Make a cluster and start it."""
        self.folder = Path(tempfile.mkdtemp(prefix="hailong-pg-"))
        self._as = _other_user(self.folder)
        data = self.folder / "data"
        self._run(
            "initdb", "--pgdata", data, "--username", OWNER, "--auth", "trust", "--no-sync",
            "--encoding", "UTF8", "--locale-provider", "icu", "--icu-locale", "vi",
            "--locale", "C.UTF-8",
        )  # fmt: skip
        settings = {**SETTINGS, "unix_socket_directories": str(self.folder)}
        lines = "".join(f"{name} = '{value}'\n" for name, value in settings.items())
        with (data / "postgresql.conf").open("a") as config:
            config.write(lines)
        # The kernel ends the server when this process has gone, however that came about.
        self._command = [
            "setpriv", "--pdeathsig", "KILL", *self._as,
            str(programs() / "postgres"), "-D", str(data),
        ]  # fmt: skip
        self.start()
        atexit.register(self._end)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=self.folder
            )
        eventually(self._answers, 30, "PostgreSQL")

    def stop(self) -> None:
        """Stop it at once, as a crash would."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(30)

    def url(self, name: str) -> str:
        """Return the address of a database."""
        return f"postgresql://{OWNER}@/{name}?host={self.folder}"

    def make(self, template: str | None = None, name: str | None = None) -> str:
        """Make a database, as a copy of another one that nobody uses, and return its name."""
        name = name or f"fleet_{next(_numbers)}"
        # Copied as files: nothing else is at work in a server of the tests, and it takes a third.
        self.ask(f"CREATE DATABASE {name} TEMPLATE {template or 'template0'} STRATEGY FILE_COPY")
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever uses it."""
        self.ask(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def ask(self, text: str) -> None:
        """Run a statement of the administrator's."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(text.encode())

    def _answers(self) -> bool:
        assert self._process.poll() is None, (self.folder / "log").read_text()
        try:
            psycopg.connect(self.url("postgres")).close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, program: str, *words: object) -> None:
        command = ["setpriv", *self._as, str(programs() / program), *map(str, words)]
        command = command if self._as else command[1:]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder, check=False)
        assert done.returncode == 0, done.stderr

    def _end(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


@cache
def server() -> Server:
    """Return the server of this process."""
    return Server()


def _other_user(folder: Path) -> list[str]:
    """Return how to become another user, and give them the folder: the server refuses root."""
    if os.geteuid() != 0:
        return []
    user = pwd.getpwnam("nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups"]
