"""Small file systems of their own, for full and read-only disks. They need root, like a real mount.

Where mounting is not allowed (an ordinary user), a user namespace of the kernel gives the same: the
test then runs in a child under ``unshare``; see `mounted`.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Mount:
    """A tmpfs."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def remount(self, how: str) -> None:
        """Change it, as with ``ro``, ``rw`` or ``size=8m``."""
        run("mount", "-o", f"remount,{how}", str(self.path))


@contextmanager
def mounted(path: Path, size: str = "3m") -> Iterator[Mount]:
    """Mount a tmpfs of this size at ``path``; unmount it in any case."""
    path.mkdir(parents=True, exist_ok=True)
    run("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(path))
    try:
        yield Mount(path)
    finally:
        run("umount", "-l", str(path))


def run(*words: str) -> None:
    """Run a command; what it says is the error."""
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(words)}: {done.stderr.strip()}"
