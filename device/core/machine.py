"""What the machine says of itself, decoded: power, heat, radio, routes. Pure: texts in, facts out.

What a machine does not have, or what cannot be read, is None and left out of the report.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

NetworkKind = Literal["wired", "wifi", "none"]

# The firmware's bits, the same ones 16 places higher since boot (vcgencmd get_throttled).
_THROTTLING = ("under_voltage", "capped", "throttled", "soft_limit")
_SINCE_BOOT = 16
_MIB = 20
_BEST_DBM, _WORST_DBM = -50, -100


@dataclass(frozen=True, slots=True)
class Network:
    """The way out of the machine.

    Attributes:
        kind: ``none`` where no interface has an address.
        interface: Its name.
        address: Its local address.
        dbm: Strength of the radio signal, where there is one.
    """

    kind: NetworkKind = "none"
    interface: str | None = None
    address: str | None = None
    dbm: int | None = None


@dataclass(frozen=True, slots=True)
class Machine:
    """Figures of the machine; sizes in bytes.

    Attributes:
        celsius: Temperature of the processor.
        throttled: The firmware's bits.
        memory_free: What programs could still have.
        disk_free: Room where the journal lies.
        network: The way out.
    """

    celsius: float | None = None
    throttled: int | None = None
    memory_free: int | None = None
    disk_free: int | None = None
    network: Network | None = None

    def figures(self) -> dict[str, Any]:
        """Return what is known as JSON values."""
        known = {
            "cpu_celsius": self.celsius,
            "throttled": None if self.throttled is None else throttling(self.throttled),
            "memory_free_mib": None if self.memory_free is None else self.memory_free >> _MIB,
            "disk_free_mib": None if self.disk_free is None else self.disk_free >> _MIB,
            "network": None if self.network is None else _network(self.network),
        }
        return {name: value for name, value in known.items() if value is not None}

    def troubles(self) -> frozenset[str]:
        """Return what somebody should hear of at once: under-voltage, and what came since boot.

        Only bits that stay set, and under-voltage: heat comes and goes all day long.
        """
        words = throttling(self.throttled or 0)
        now = [word for word in words["now"] if word == "under_voltage"]
        return frozenset([*now, *(f"{word} since boot" for word in words["since_boot"])])


def throttling(bits: int) -> dict[str, list[str]]:
    """Return the firmware's bits as words, those that hold now and those since boot."""
    return {
        when: [word for place, word in enumerate(_THROTTLING) if bits >> (place + shift) & 1]
        for when, shift in (("now", 0), ("since_boot", _SINCE_BOOT))
    }


def read_throttled(text: str) -> int | None:
    """Return the bits from ``throttled=0x50005`` (vcgencmd) or ``50005`` (sysfs)."""
    with suppress(ValueError):
        bits = int(text.strip().rpartition("=")[2], 16)
        return bits if bits >= 0 else None
    return None


def read_celsius(text: str) -> float | None:
    """Return degrees from the kernel's thousandths."""
    with suppress(ValueError):
        return round(int(text) / 1000, 1)
    return None


def read_signals(text: str) -> dict[str, int]:
    """Return dBm by interface from ``/proc/net/wireless``."""
    found = {}
    for line in text.splitlines():
        name, colon, rest = line.partition(":")
        with suppress(ValueError, IndexError):
            level = int(float(rest.split()[2])) if colon else 0
            # Old drivers give the level as an unsigned byte.
            dbm = level - 256 if level > 0 else level
            if -256 < dbm < 0:
                found[name.strip()] = dbm
    return found


def read_way_out(text: str) -> str | None:
    """Return the interface of the default route with the lowest metric (``/proc/net/route``)."""
    ways = []
    for line in text.splitlines()[1:]:
        words = line.split()
        with suppress(ValueError, IndexError):
            if int(words[1], 16) == int(words[7], 16) == 0:
                ways.append((int(words[6]), words[0]))
    return min(ways)[1] if ways else None


def network(
    addresses: Mapping[str, str],
    way_out: str | None,
    radios: Collection[str],
    signals: Mapping[str, int],
) -> Network:
    """Return the way out of the machine.

    Args:
        addresses: By interface, those that are up.
        way_out: The interface of the default route; without one, the first with an address.
        radios: Interfaces that are wireless.
        signals: dBm by interface.
    """
    name = way_out if way_out in addresses else next(iter(addresses), None)
    if name is None:
        return Network()
    kind: NetworkKind = "wifi" if name in radios or name in signals else "wired"
    return Network(kind, name, addresses[name], signals.get(name))


def _network(way: Network) -> dict[str, Any]:
    percent = None
    if way.dbm is not None:
        span = _BEST_DBM - _WORST_DBM
        percent = min(100, max(0, (way.dbm - _WORST_DBM) * 100 // span))
    known = {
        "kind": way.kind,
        "interface": way.interface,
        "address": way.address,
        "signal_dbm": way.dbm,
        "signal_percent": percent,
    }
    return {name: value for name, value in known.items() if value is not None}
