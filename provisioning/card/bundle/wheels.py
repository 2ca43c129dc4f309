"""The packages of a terminal as wheels for its board, by their locked hashes, and our own."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from provisioning.errors import ProvisioningError

_BOARD = (
    *("--python-version", "3.13", "--implementation", "cp"),
    *("--abi", "cp313", "--abi", "abi3", "--abi", "none"),
    *("--platform", "manylinux_2_28_aarch64", "--platform", "manylinux_2_17_aarch64"),
    *("--platform", "manylinux2014_aarch64"),
)
"""Debian 13 on a 64-bit Pi: CPython 3.13, glibc 2.41."""
_PIP = re.compile(r"^pip==.*?(?=^\S)", re.MULTILINE | re.DOTALL)


def download(source: Path, out: Path) -> None:
    """Fetch the locked wheels of a terminal, and that of pip, which installs them there.

    Raises:
        ProvisioningError: the package index can't be reached, or a file has another hash.
    """
    _pip("--requirement", str(source / "requirements" / "terminal.txt"), *_BOARD, out=out)
    locked = _PIP.search((source / "requirements" / "development.txt").read_text("utf-8"))
    if locked is None:
        raise ProvisioningError("requirements/development.txt: pip is not locked in it")
    with tempfile.TemporaryDirectory() as folder:
        only = Path(folder) / "pip.txt"
        only.write_text(locked[0], "utf-8")
        _pip("--requirement", str(only), *_BOARD, out=out)


def build(source: Path, out: Path) -> None:
    """Build our own wheel from a checkout; the same checkout gives the same bytes.

    Raises:
        ProvisioningError: it does not build.
    """
    words = ("-m", "hatchling", "build", "--target", "wheel", "--directory", str(out.absolute()))
    _python(*words, cwd=source, SOURCE_DATE_EPOCH=os.environ.get("SOURCE_DATE_EPOCH", "315532800"))


def _pip(*words: str, out: Path) -> None:
    ways = ("--require-hashes", "--no-deps", "--only-binary", ":all:", "--dest", str(out))
    _python("-m", "pip", "--quiet", "download", *ways, *words)


def _python(*words: str, cwd: Path | None = None, **settings: str) -> None:
    done = subprocess.run(  # noqa: S603  # this interpreter, fixed words
        (sys.executable, *words),
        cwd=cwd,
        env=os.environ | settings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        raise ProvisioningError(f"python {' '.join(words[:3])}: {said[-1] if said else 'failed'}")
