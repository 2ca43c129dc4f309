"""The health report, put together from facts; and when it is due. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from wire.up import Health

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wire.records import ClockQuality

LEAST_BETWEEN_MS = 2_000
_MAX_DETAILS = 64


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
        figures: Facts that go along: counters, temperature, room on the disk.
        terminal: What the terminal process said of buttons, screen and presses.
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
    terminal: Mapping[str, Any] = field(default_factory=dict)


def report(facts: Facts) -> Health:
    """Return the health report that these facts make."""
    details: dict[str, Any] = {**facts.figures, **facts.events}
    if facts.terminal:
        details["terminal"] = dict(list(facts.terminal.items())[:_MAX_DETAILS])
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
    return facts.chain, facts.clock, facts.events, facts.terminal.get("faults")
