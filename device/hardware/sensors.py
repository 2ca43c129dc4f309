"""The machine's sensors: sysfs, procfs, the firmware's command, and psutil for the rest.

Reading is cheap and never fails: what is not there is left out. What costs more (a command, the
network) is looked at once a minute.
"""

from __future__ import annotations

import logging
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from socket import AF_INET, AF_INET6
from typing import TYPE_CHECKING

import psutil

from device.core.machine import (
    Machine,
    network,
    read_celsius,
    read_signals,
    read_throttled,
    read_way_out,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from device.core.machine import Network

_log = logging.getLogger(__name__)

SLOW_EVERY_MS = 60_000
_COMMAND = ("vcgencmd", "get_throttled")
_COMMAND_S = 2.0
_THROTTLED = "sys/devices/platform/soc/soc:firmware/get_throttled"
_TEMPERATURE = "sys/class/thermal/thermal_zone0/temp"
_NETS = "sys/class/net"
_MAX_CHARS = 16384


def addresses() -> dict[str, str]:
    """Return the local address of each interface that is up, IPv4 before IPv6."""
    up = {name for name, stats in psutil.net_if_stats().items() if stats.isup}
    found: dict[str, str] = {}
    for family in (AF_INET, AF_INET6):
        for name, known in psutil.net_if_addrs().items():
            for one in known:
                if name in up and one.family == family and _leads_out(one.address):
                    found.setdefault(name, one.address)
    return found


def _leads_out(address: str) -> bool:
    return not address.startswith(("127.", "169.254.", "fe80:", "::1"))


class MachineSensors:
    """Implements the port ``Sensors`` on Linux.

    Args:
        data: Folder of the journal, for the room on its disk.
        root: Where ``/sys`` and ``/proc`` are.
        command: Asks the firmware for its throttling bits where the kernel doesn't tell them.
        interfaces: Gives the local addresses.
    """

    def __init__(
        self,
        data: Path,
        root: Path = Path("/"),
        command: Sequence[str] = _COMMAND,
        interfaces: Callable[[], Mapping[str, str]] = addresses,
    ) -> None:
        self._data = data
        self._root = root
        self._command = command
        self._interfaces = interfaces
        self._slow_at: int | None = None
        self._asked: int | None = None
        self._network: Network | None = None

    def read(self, up: int) -> Machine:
        """Return the figures at ``up`` milliseconds."""
        if self._slow_at is None or up - self._slow_at >= SLOW_EVERY_MS:
            self._slow_at = up
            self._look_slowly()
        told = read_throttled(self._text(_THROTTLED))
        return Machine(
            celsius=read_celsius(self._text(_TEMPERATURE)),
            throttled=self._asked if told is None else told,
            memory_free=_memory_free(),
            disk_free=self._disk_free(),
            network=self._network,
        )

    def _look_slowly(self) -> None:
        self._network = self._look_at_network()
        if not (self._root / _THROTTLED).exists():
            self._asked = self._ask()

    def _look_at_network(self) -> Network | None:
        try:
            known = self._interfaces()
        except OSError as error:
            _log.info("the network's addresses cannot be read: %s", error)
            return None
        radios = [
            name
            for name in known
            for mark in ("wireless", "phy80211")
            if (self._root / _NETS / name / mark).exists()
        ]
        signals = read_signals(self._text("proc/net/wireless"))
        return network(known, read_way_out(self._text("proc/net/route")), radios, signals)

    def _ask(self) -> int | None:
        """Ask the firmware's command; None where there is none, or it does not answer in time."""
        program = shutil.which(self._command[0])
        if program is None:
            return None
        words = [program, *self._command[1:]]
        try:
            answer = subprocess.run(  # noqa: S603 - a fixed list of words, no shell
                words, capture_output=True, timeout=_COMMAND_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            _log.info("the firmware's throttling bits cannot be had: %s", error)
            return None
        return read_throttled(answer.stdout[:_MAX_CHARS].decode("ascii", "replace"))

    def _disk_free(self) -> int | None:
        with suppress(OSError):
            return shutil.disk_usage(self._data).free
        return None

    def _text(self, place: str) -> str:
        """Return the beginning of a small file of the kernel; nothing where there is none."""
        path = self._root / place
        with suppress(OSError), path.open(encoding="ascii", errors="replace") as file:
            return file.read(_MAX_CHARS)
        return ""


def _memory_free() -> int | None:
    with suppress(OSError, ValueError):
        return int(psutil.virtual_memory().available)
    return None
