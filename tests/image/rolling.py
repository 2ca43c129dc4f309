"""The fleet's part of an update under QEMU: bundles made of the image under test, and rollouts.

Jobs is let look only while the terminal is there: an emulated start takes longer than a terminal
may be silent before it counts as lost.
"""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fleet_server import clock
from fleet_server.store import rolling, rollouts
from fleet_server.store.database import close, open_database
from fleet_server.store.rolling import Wish
from fleet_server.store.rollouts import Line
from fleet_server.updates.drive import drive
from provisioning.image import build, bundle, root, slots
from tests.e2e.system import System
from tests.fakes.processes import run
from tests.fakes.wait import eventually

_LOOK_S = 180
_BLIND = """\
[Service]
DeviceAllow=
DeviceAllow=char-gpiochip rw
DeviceAllow=char-13 rw
"""


class Bundles:
    """Makes signed bundles of the image under test; files lie in ``folder``."""

    def __init__(self, system: System, image: Path, folder: Path) -> None:
        self._layout, self._folder = system.fleet.layout, folder
        self._image = image / build.names()[1]

    def good(self, version: str) -> Path:
        """Return the same image, which calls itself another version."""
        return self._made(version, self._root())

    def blind(self, version: str) -> Path:
        """Return one whose terminal works, but gets at no display."""
        tree = self._root()
        more = tree / "etc/systemd/system/hailong-terminal.service.d"
        more.mkdir()
        (more / "blind.conf").write_text(_BLIND)
        made = self._made(version, tree)
        (more / "blind.conf").unlink()
        more.rmdir()
        return made

    def hollow(self, version: str) -> Path:
        """Return one that has kernel and initrd, and nothing that these could start."""
        tree = self._folder / "hollow"
        self._unpack(tree, str(slots.BOOT_FILES))
        return self._made(version, tree)

    def _root(self) -> Path:
        tree = self._folder / "tree"
        if not tree.exists():
            self._unpack(tree)
        return tree

    def _unpack(self, tree: Path, *names: str) -> None:
        subprocess.run(["unsquashfs", "-q", "-n", "-d", tree, self._image, *names], check=True)

    def _made(self, version: str, tree: Path) -> Path:
        if (tree / root.VERSION_FILE).exists():
            root.mark(tree, version)
        squashed = self._folder / f"{version}.squashfs"
        root.squash(tree, squashed, 1_764_000_000)
        made, key = squashed.with_suffix(".raucb"), self._layout.update_key.read_bytes()
        bundle.make(squashed, version, made, self._layout.update_certificate, key)
        return made


@dataclass
class Rollout:
    """One terminal is brought to a bundle."""

    system: System
    terminal: str
    number: int

    @classmethod
    def begin(cls, system: System, terminal: str, made: Path) -> "Rollout":
        """Take the bundle in and begin, as from the page of updates; the terminal is told."""
        added = run(*system.command("update", "add", str(made))).stdout
        wish = Wish(added.split()[-1], None, {terminal: 1}, (), True, 0)
        with _database(system):
            one = cls(system, terminal, rolling.begin(wish, "person:lan", clock.now_ms()))
        one.until(lambda: one.became()[0] == "asked", "the terminal is told")
        return one

    def until(self, there: Callable[[], bool], what: str) -> None:
        """Let jobs look, once a second, until something is there."""
        looked_at = 0

        def looked() -> bool:
            nonlocal looked_at
            if clock.now_ms() - looked_at < 1_000:
                return False
            self._look()
            looked_at = clock.now_ms()
            return there()

        eventually(looked, _LOOK_S, what)

    def line(self) -> Line:
        """Return how it stands."""
        with _database(self.system):
            found = rollouts.find(self.number)
        assert found is not None
        return found

    def became(self) -> tuple[str, str]:
        """Return what became of the terminal, and why."""
        with _database(self.system):
            [member] = rollouts.members(self.number)
        return member.state, member.reason

    def end(self) -> None:
        """End it for good, so that the next may begin."""
        with _database(self.system):
            rolling.end(self.line(), "person:lan", clock.now_ms())

    def _look(self) -> None:
        with _database(self.system):
            drive(clock.now_ms(), self.system.fleet.fleet.zone)


@contextmanager
def _database(system: System) -> Iterator[None]:
    open_database(system.fleet.database.url)
    try:
        yield
    finally:
        close()
