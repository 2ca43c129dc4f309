"""Calls programs of the build machine: quiet when they succeed; their last words if they fail."""

import os
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO

from provisioning.errors import ProvisioningError

# Where Debian keeps mkfs and sfdisk, which the PATH of an ordinary user lacks.
_PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
_LAST_LINES = 15


def call(
    *words: str | Path,
    environment: Mapping[str, str] | None = None,
    log: Path | None = None,
    folder: Path | None = None,
) -> str:
    """Run a program in ``folder`` and return what it printed; ``log`` keeps that while it runs.

    Raises:
        ProvisioningError: the program is missing, or failed; with the last lines it said.
    """
    arguments = [str(word) for word in words]
    variables = {**os.environ, "LC_ALL": "C.UTF-8", "PATH": _PATH, **(environment or {})}
    with _paper(log) as paper:
        try:
            done = subprocess.run(  # noqa: S603 - a list of words, no shell
                arguments, env=variables, cwd=folder, stdout=paper, stderr=paper, check=False
            )
        except FileNotFoundError:
            raise ProvisioningError(
                f"{arguments[0]} is missing on this machine: run tools/system-packages image"
            ) from None
        paper.seek(0)
        said = paper.read().strip()
    if done.returncode:
        last = "\n  ".join(said.splitlines()[-_LAST_LINES:])
        raise ProvisioningError(f"{arguments[0]} failed (exit code {done.returncode}):\n  {last}")
    return said


def _paper(log: Path | None) -> AbstractContextManager[IO[str]]:
    if log:
        return log.open("w+", errors="replace")
    return tempfile.TemporaryFile("w+", errors="replace")
