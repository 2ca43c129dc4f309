"""What terminals say of themselves: presence and health. Pure."""

from collections.abc import Mapping
from random import Random
from typing import Any

from fleet_server.district.delivery import Sent, said
from fleet_server.district.journal import FIRMWARE, IMAGE, Journal
from fleet_server.district.stories import Told
from wire import up


def born(at: int, journal: Journal, shown: int) -> Sent:
    """Return the birth of a terminal that has started."""
    return said(at, journal.dev, up.State("ready", journal.boot, 1, shown))


def gone(at: int, journal: Journal, *, lost: bool, shown: int) -> Sent:
    """Return the goodbye of a terminal, or its last will."""
    state: up.Presence = "lost" if lost else "disconnected"
    return said(at, journal.dev, up.State(state, journal.boot, 1, shown))


def health(at: int, journal: Journal, story: Told, day: int, waiting: int, dice: Random) -> Sent:
    """Return a health report.

    Args:
        at: when.
        journal: where the terminal's journal stands.
        story: what happens at its counter.
        day: which day of the quarter.
        waiting: records without a receipt.
        dice: where the figures of the machine come from.
    """
    shown = at + journal.ahead if journal.clock != "unset" else at - journal.boot_at
    report = up.Health(
        at=max(0, shown),
        up=max(0, at - journal.boot_at),
        boot=journal.boot,
        clock=journal.clock,
        firmware=FIRMWARE,
        waiting=waiting,
        oldest_waiting_at=journal.last_at if waiting else None,
        chain=journal.chain,
        head_seq=journal.seq,
        details=_details(story, day, dice, journal.dev),
    )
    return said(at, journal.dev, report)


def _details(story: Told, day: int, dice: Random, dev: str) -> Mapping[str, Any]:
    stuck, weak = story.on("stuck", day), story.on("power", day)
    wifi = sum(dev.encode()) % 4 == 0
    presses = {name: dice.randint(5, 60) for name in ("very_satisfied", "satisfied")}
    presses["unsatisfied"] = 0 if stuck else dice.randint(0, 8)
    network: dict[str, Any] = {"kind": "wired", "interface": "eth0"}
    if wifi:
        signal = dice.randint(-78, -52)
        network = {"kind": "wifi", "interface": "wlan0", "signal_dbm": signal}
    return {
        "image": IMAGE,
        "cpu_celsius": round(dice.uniform(44, 61), 1),
        "memory_free_mib": dice.randint(480, 720),
        "disk_free_mib": dice.randint(5_200, 5_900),
        "throttled": {
            "now": ["under_voltage"] if weak else [],
            "since_boot": ["under_voltage"] if weak else [],
        },
        "network": network,
        "camera": "none",
        "microphone": "none",
        "terminal": {
            "state": "fault" if stuck else "idle",
            "presses": presses,
            "rejected": {"held": dice.randint(0, 3), "together": dice.randint(0, 2)},
            "faults": ["button_stuck unsatisfied"] if stuck else [],
            "served_since_press": 90 if stuck else dice.randint(0, 4),
            "last_press_s_ago": dice.randint(20, 900),
            "write_errors": 0,
            "out_of_service": False,
        },
    }
