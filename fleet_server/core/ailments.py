"""What a health report says is wrong with its terminal; the worst first. Pure.

A report is a terminal's own word, unsigned and of any shape: what is not understood says nothing.
"""

from collections.abc import Mapping
from typing import Literal, get_args

Ailment = Literal[
    "out_of_service",
    "hangs",
    "write_errors",
    "disk_low",
    "button_stuck",
    "under_voltage",
    "under_voltage_before",
]

LEAST_DISK_MIB = 100
"""A year of ratings is a few hundred MiB; under this, somebody should come within weeks."""

_POWER = "under_voltage"


def ailments(report: Mapping[str, object]) -> tuple[Ailment, ...]:
    """Return what is wrong by this report."""
    terminal, power = _object(report, "terminal"), _object(report, "throttled")
    free = _number(report, "disk_free_mib")
    stuck = any(fault.startswith("button_stuck") for fault in _texts(terminal, "faults"))
    now = _POWER in _texts(power, "now")
    found: dict[Ailment, bool] = {
        "out_of_service": terminal.get("out_of_service") is True,
        "hangs": _number(report, "terminal_silent_s") is not None,
        "write_errors": (_number(terminal, "write_errors") or 0) > 0,
        "disk_low": free is not None and free < LEAST_DISK_MIB,
        "button_stuck": stuck,
        "under_voltage": now,
        "under_voltage_before": not now and _POWER in _texts(power, "since_boot"),
    }
    return tuple(name for name, holds in found.items() if holds)


def since_when(held: Mapping[str, object]) -> dict[Ailment, int]:
    """Return what is held to be wrong, since when: ``ailing`` of a report as it is stored."""
    found = _object(held, "ailing")
    if not found:
        return {}
    known: tuple[Ailment, ...] = get_args(Ailment)
    return {name: at for name in known if isinstance(at := found.get(name), int)}


def _object(report: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = report.get(name)
    return value if isinstance(value, Mapping) else {}


def _number(report: Mapping[str, object], name: str) -> float | None:
    value = report.get(name)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _texts(report: Mapping[str, object], name: str) -> list[str]:
    value = report.get(name)
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
