"""Programs of the system that are started here: quiet when they succeed; else their last words."""

import os
import subprocess
import tempfile
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
    errors = subprocess.STDOUT if log else subprocess.PIPE
    with log.open("wb") if log else nullcontext(subprocess.PIPE) as out:
        try:
            done = subprocess.run(  # noqa: S603 - a list of words, no shell
                arguments,
                input=given,
                env=_variables(environment),
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
        raise _failed(arguments[0], done.returncode, said)
    return done.stdout or b""


def beginning(
    *words: str | Path, most: int, environment: Mapping[str, str | None] | None = None
) -> bytes:
    """Run a program and return what it prints, of which it may print without end.

    Args:
        words: the program and its arguments.
        most: bytes that are read of it; then it is ended.
        environment: see `call`.

    Raises:
        ProvisioningError: see `call`.
    """
    arguments = [str(word) for word in words]
    with tempfile.TemporaryFile() as errors:
        try:
            process = subprocess.Popen(  # noqa: S603 - a list of words, no shell
                arguments, env=_variables(environment), stdout=subprocess.PIPE, stderr=errors
            )
        except FileNotFoundError:
            raise missing(arguments[0]) from None
        with process:  # at its end nobody reads any more, which ends the program
            out = process.stdout.read(most) if process.stdout else b""
        if process.returncode and len(out) < most:
            errors.seek(0)
            raise _failed(arguments[0], process.returncode, errors.read())
    return out


def _variables(more: Mapping[str, str | None] | None) -> dict[str, str]:
    own = {**os.environ, "LC_ALL": "C.UTF-8", "PATH": _PATH, **(more or {})}
    return {name: value for name, value in own.items() if value is not None}


def _failed(program: str, code: int, said: bytes) -> ProvisioningError:
    last = "\n  ".join(said.decode(errors="replace").strip().splitlines()[-_LAST_LINES:])
    return ProvisioningError(f"{program} failed (exit code {code}):\n  {last}")


def missing(program: str) -> ProvisioningError:
    """Return the error for a program that is not there, with what installs it."""
    package = _PACKAGES.get(program)
    install = f"apt-get install {package}" if package else "tools/system-packages image"
    return ProvisioningError(f"the program {program} is missing; on Debian: {install}")
