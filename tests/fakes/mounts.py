"""Disks of their own for a test: small, full, or read-only from one moment to the next.

Mounting needs root. Where it is not allowed a process can still be given a limit on the size of its
files, which refuses writes in the same places; the tests that mount say that they were skipped.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FREE_KIB = 1024 + 160
"""What a disk that is filled up has left: the last MiB, and room for some records."""


class Disk:
    """A file system at ``path``."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def free_kib(self) -> int:
        """What is left."""
        found = os.statvfs(self.path)
        return found.f_bavail * found.f_frsize >> 10

    def fill(self, leave_kib: int = FREE_KIB) -> None:
        """Fill it with a file of somebody else's."""
        with (self.path / "filler").open("ab") as file:
            file.write(b"\0" * max(0, (self.free_kib - leave_kib) << 10))

    def make_room(self) -> None:
        """Take that file away."""
        (self.path / "filler").unlink()

    def remount(self, how: str) -> None:
        """Mount it in another way: ``ro``, ``rw``; ``abort`` as ext4 does after an error."""
        run("mount", "-o", f"remount,{how}", str(self.path))


def may_mount() -> bool:
    """Whether this process may mount."""
    return (
        os.geteuid() == 0 and subprocess.run(["unshare", "-m", "true"], check=False).returncode == 0
    )


@contextmanager
def memory_disk(path: Path, size: str = "6m") -> Iterator[Disk]:
    """Mount a tmpfs."""
    path.mkdir(parents=True, exist_ok=True)
    run("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(path))
    try:
        yield Disk(path)
    finally:
        run("umount", "-l", str(path))


@contextmanager
def card(path: Path, image: Path) -> Iterator[Disk]:
    """Mount an ext4 file system in a file, as an SD card has one."""
    path.mkdir(parents=True, exist_ok=True)
    with image.open("wb") as file:
        file.truncate(16 << 20)
    run("mkfs.ext4", "-q", str(image))
    run("mount", "-o", "loop", str(image), str(path))
    try:
        yield Disk(path)
    finally:
        run("umount", "-l", str(path))


def run(*words: str) -> None:
    """Run a command; what it says is the error."""
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(words)}: {done.stderr.strip()}"
