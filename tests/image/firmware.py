"""What the Pi's firmware does with the boot partition, for a machine that has none.

Reads ``config.txt`` and takes kernel, initrd and command line from the folder that ``os_prefix``
names, as the Raspberry Pi documentation tells (config.txt, "os_prefix").
"""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

_OFFSET = 4 * 1024 * 1024
"""Bytes before the boot partition."""
_CONSOLE = (
    "console=ttyAMA0 systemd.show_status=1 systemd.journald.forward_to_console=1 "
    "systemd.journald.max_level_console=info loglevel=5"
)


@dataclass(frozen=True)
class Started:
    """What is given to the kernel."""

    slot: str
    kernel: Path
    initrd: Path
    command_line: str


class BootPartition:
    """The FAT partition of the card ``disk``, read and written from outside by mtools."""

    def __init__(self, disk: Path) -> None:
        self._disk = disk
        self._drive = f"{disk}@@{_OFFSET}"

    def read(self, name: str) -> bytes:
        """Return a file's bytes."""
        return self._run("mtype", f"::{name}")

    def write(self, name: str, content: bytes) -> None:
        """Put a file there, in place of one that is there."""
        self._run("mcopy", "-o", "-", f"::{name}", given=content)

    def destroy(self) -> None:
        """Overwrite the beginning of the file system."""
        with self._disk.open("r+b") as card:
            card.seek(_OFFSET)
            card.write(bytes(_OFFSET))

    def names(self) -> list[str]:
        """Return the names of the files in its top folder."""
        return self._run("mdir", "-b", "::/").decode().replace("::/", "").split()

    def start(self, folder: Path) -> Started:
        """Do the firmware's part, and leave kernel and initrd in ``folder``."""
        config = self.read("config.txt").decode()
        prefix = _setting(config, r"os_prefix=(\S+)")
        kernel, initrd = folder / "vmlinuz", folder / "initrd.img"
        kernel.write_bytes(self.read(prefix + _setting(config, r"kernel=(\S+)")))
        initrd.write_bytes(self.read(prefix + _setting(config, r"initramfs (\S+)")))
        words = self.read(f"{prefix}cmdline.txt").decode().strip()
        return Started(prefix.strip("/").upper(), kernel, initrd, f"{words} {_CONSOLE}")

    def _run(self, program: str, *words: str, given: bytes = b"") -> bytes:
        done = subprocess.run(
            [program, *words[:-1], "-i", self._drive, words[-1]],
            input=given, env={"MTOOLS_SKIP_CHECK": "1", "PATH": "/usr/bin"},
            capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{program} {words}: {done.stderr.decode()}"
        return done.stdout


def _setting(config: str, pattern: str) -> str:
    found = re.search(f"(?m)^{pattern}", config)
    assert found, f"no {pattern} in config.txt"
    return found[1]
