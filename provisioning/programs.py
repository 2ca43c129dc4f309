"""Programs of the system that are started here: quiet when they succeed; else their last words."""

import os
import subprocess
from collections.abc import Collection, Mapping
from contextlib import nullcontext
from pathlib import Path

from provisioning.errors import ProvisioningError

_PACKAGES = {
    "lsblk": "util-linux",
    "mcopy": "mtools",
    "mtype": "mtools",
    "umount": "mount",
    "zstd": "zstd",
}
"""Debian packages of what a technician's machine needs; all else only makes images."""
# Where Debian keeps mkfs and sfdisk, which the PATH of an ordinary user lacks.
_PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
_LAST_LINES = 15


def call(
    *words: str | Path,
    given: bytes = b"",
    environment: Mapping[str, str | None] | None = None,
    folder: Path | None = None,
    log: Path | None = None,
    fine: Collection[int] = (0,),
) -> bytes:
    """Run a program, with no shell between, and return what it printed.

    Args:
        words: the program and its arguments.
        given: its standard input.
        environment: variables besides those of this process; None takes one away.
        folder: where it runs.
        fine: exit codes that are an answer and no failure.
        log: keeps what it says, errors too, while it runs; then nothing is returned.

    Raises:
        ProvisioningError: it is missing, or failed; with the last lines it said.
    """
    arguments = [str(word) for word in words]
    own = {**os.environ, "LC_ALL": "C.UTF-8", "PATH": _PATH, **(environment or {})}
    variables = {name: value for name, value in own.items() if value is not None}
    errors = subprocess.STDOUT if log else subprocess.PIPE
    with log.open("wb") if log else nullcontext(subprocess.PIPE) as out:
        try:
            done = subprocess.run(  # noqa: S603 - a list of words, no shell
                arguments,
                input=given,
                env=variables,
                cwd=folder,
                stdout=out,
                stderr=errors,
                check=False,
            )
        except FileNotFoundError:
            raise missing(arguments[0]) from None
    if done.returncode not in fine:
        # What it printed for us may hold secrets.
        said = log.read_bytes() if log else done.stderr or done.stdout
        last = "\n  ".join(said.decode(errors="replace").strip().splitlines()[-_LAST_LINES:])
        raise ProvisioningError(f"{arguments[0]} failed (exit code {done.returncode}):\n  {last}")
    return done.stdout or b""


def missing(program: str) -> ProvisioningError:
    """Return the error for a program that is not there, with what installs it."""
    package = _PACKAGES.get(program)
    install = f"apt-get install {package}" if package else "tools/system-packages image"
    return ProvisioningError(f"the program {program} is missing; on Debian: {install}")
