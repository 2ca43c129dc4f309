"""RAUC, through its own program: it checks signature and compatible, and writes the other slot.

A program and not its D-Bus interface: three calls need no D-Bus library. The target has 1.13.
"""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from device.errors import DeviceError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_INSTALL_S = 3_000
_SHORT_S = 60
_LONGEST = 300
_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


class RaucError(DeviceError):
    """RAUC did not do what was asked; the text is its own word, printable and short."""


@dataclass(frozen=True, slots=True)
class Slots:
    """The slots as RAUC sees them.

    Attributes:
        trial: The slot that runs was not marked good.
        primary: The slot that runs is the one that is started next.
        other: Version of what RAUC wrote into the other slot; None where it wrote nothing whole.
    """

    trial: bool
    primary: bool
    other: str | None = None


class Rauc:
    """Calls RAUC.

    Args:
        program: The program, with the options that come first.
    """

    def __init__(self, program: Sequence[str] = ("rauc",)) -> None:
        self._program = tuple(program)

    def slots(self) -> Slots:
        """Return what runs.

        Raises:
            RaucError: RAUC is not set up here.
        """
        said = _object(self._run("status", "--detailed", "--output-format=json"))
        booted, primary = said.get("booted"), said.get("boot_primary")
        here, other = None, None
        for name, slot in _named(said.get("slots")):
            if slot.get("bootname") == booted and booted is not None:
                here = slot.get("boot_status") != "good", primary == name
            else:
                other = _version_in(slot.get("slot_status") or {})
        if here is None:
            raise RaucError("RAUC does not know which slot runs")
        return Slots(*here, other)

    def version_of(self, bundle: Path) -> str:
        """Return the version that a bundle names, its signature checked.

        Raises:
            RaucError: It is no bundle that this terminal may install.
        """
        return str(_object(self._run("info", "--output-format=json", str(bundle))).get("version"))

    def install(self, bundle: Path) -> None:
        """Write a bundle into the other slot, to be tried at the next start.

        Raises:
            RaucError: It is refused, or cannot be written.
        """
        self._run("install", str(bundle), limit_s=_INSTALL_S)

    def mark_good(self) -> None:
        """Make the slot that runs the one that is started from now on.

        Raises:
            RaucError: It cannot be noted.
        """
        self._run("status", "mark-good", "booted")

    def activate(self, which: str) -> None:
        """Have ``booted`` or ``other`` started next.

        Raises:
            RaucError: It cannot be noted.
        """
        self._run("status", "mark-active", which)

    def _run(self, *words: str, limit_s: int = _SHORT_S) -> bytes:
        try:
            # Our own words, and the path of our own file.
            done = subprocess.run(  # noqa: S603  # as the comment above says
                [*self._program, *words], capture_output=True, timeout=limit_s, check=False
            )
        except subprocess.TimeoutExpired:
            raise RaucError(f"rauc {words[0]} did not end within {limit_s} s") from None
        except OSError as error:
            raise RaucError(f"rauc cannot be run: {error.strerror}") from None
        if done.returncode:
            raise RaucError(_why(done.stdout + b"\n" + done.stderr))
        return done.stdout


def _named(entries: list[dict[str, Any]] | None) -> list[tuple[str, dict[str, Any]]]:
    return [named for entry in entries or [] for named in entry.items()]


def _version_in(status: dict[str, Any]) -> str | None:
    """Return the version of the bundle that was written whole into a slot."""
    version = status.get("bundle", {}).get("version")
    return str(version) if version and status.get("status") == "ok" else None


def _why(output: bytes) -> str:
    """Return the line in which RAUC says what is wrong; else its last."""
    text = _ESCAPES.sub("", output.decode("utf-8", "replace"))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("LastError:")]
    shown = (named or lines or ["rauc failed and said nothing"])[-1]
    return "".join(letter if letter.isprintable() else "?" for letter in shown)[:_LONGEST]


def _object(output: bytes) -> dict[str, Any]:
    try:
        found = json.loads(output)
    except ValueError:
        raise RaucError("rauc's answer is no JSON") from None
    if not isinstance(found, dict):
        raise RaucError("rauc's answer is no JSON object")
    return found
