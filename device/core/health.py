"""The health report, put together from facts; and when it is due. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from device.core.machine import Machine
from wire.up import Health

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wire.records import ClockQuality

LEAST_BETWEEN_MS = 2_000
SILENT_AFTER_MS = 60_000
"""The terminal process speaks each quarter of a minute; four times missed mean that it hangs."""

NOTABLE = ("faults", "out_of_service", "config_version")
"""Of what the terminal process says, that whose change somebody would want to know at once."""

# What the terminal process said goes on bounded, whatever it was.
_MAX_ENTRIES = 64
_MAX_CHARS = 200
_MAX_DEPTH = 3


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known when a report is made.

    Attributes:
        at: Wall clock, Unix ms.
        up: Milliseconds since boot.
        boot: Id of the uplink's boot.
        clock: Quality of ``at``.
        firmware: Version of this software.
        chain: Chain being written, with its newest position ``head_seq``.
        waiting: Records without a receipt; ``oldest_waiting_at`` when the oldest was made.
        events: Facts whose change makes a report due: certificate, configuration, findings.
        figures: Facts that go along: counters, versions.
        machine: What the sensors say.
        terminal: What the terminal process said of buttons, screen and presses.
        silence: Milliseconds since it last spoke.
    """

    at: int
    up: int
    boot: str
    clock: ClockQuality
    firmware: str
    chain: str
    head_seq: int
    waiting: int
    oldest_waiting_at: int | None
    events: Mapping[str, Any] = field(default_factory=dict)
    figures: Mapping[str, Any] = field(default_factory=dict)
    machine: Machine = field(default_factory=Machine)
    terminal: Mapping[str, Any] = field(default_factory=dict)
    silence: int = 0

    @property
    def terminal_hangs(self) -> bool:
        """True when the terminal process has been silent for too long."""
        return self.silence >= SILENT_AFTER_MS


def report(facts: Facts) -> Health:
    """Return the health report that these facts make."""
    details: dict[str, Any] = {
        **facts.figures,
        **facts.events,
        **facts.machine.figures(),
        "camera": "none",
        "microphone": "none",
    }
    if facts.terminal_hangs:
        details["terminal_silent_s"] = facts.silence // 1000
    elif facts.terminal:
        details["terminal"] = _bounded(facts.terminal, _MAX_DEPTH)
    return Health(
        at=facts.at,
        up=facts.up,
        boot=facts.boot,
        clock=facts.clock,
        firmware=facts.firmware,
        waiting=facts.waiting,
        oldest_waiting_at=facts.oldest_waiting_at,
        chain=facts.chain,
        head_seq=facts.head_seq,
        details=details,
    )


def is_due(facts: Facts, last: Facts | None, every_ms: int) -> bool:
    """Say whether a report should go now, ``last`` being the facts of the one before.

    Each ``every_ms``, and on a change that somebody would want to know at once, but not more
    often than each `LEAST_BETWEEN_MS`.
    """
    if last is None or facts.up - last.up >= every_ms:
        return True
    return facts.up - last.up >= LEAST_BETWEEN_MS and _notable(facts) != _notable(last)


def _notable(facts: Facts) -> tuple[Any, ...]:
    return (
        facts.chain,
        facts.clock,
        facts.events,
        facts.machine.troubles(),
        facts.terminal_hangs,
        *(facts.terminal.get(name) for name in NOTABLE),
    )


def _bounded(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return value[:_MAX_CHARS]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if depth == 0:
        return "…"
    if isinstance(value, dict):
        return {
            str(name)[:_MAX_CHARS]: _bounded(one, depth - 1)
            for name, one in list(value.items())[:_MAX_ENTRIES]
        }
    return [_bounded(one, depth - 1) for one in list(value)[:_MAX_ENTRIES]]
