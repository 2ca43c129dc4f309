"""Is a terminal well? Judged from what was last heard of it, by the first rule that fits.

1. *retired*: taken out of use by a person.
2. *waiting for enrolment*: no key was ever enrolled.
3. *revoked*: all its keys were revoked.
4. *never seen*: enrolled, but it never spoke.
5. *lost*: the broker gave out its last will.
6. *switched off*: it said goodbye.
7. *silent*: it says it is there, but has not spoken for longer than `SILENT_AFTER_MS`.
8. *fault*: it says itself that something is wrong, by its state or in its health report.
9. *stuck*: it is there, but its oldest record has waited for longer than `STUCK_AFTER_MS`.
10. *starting*: it is coming up.
11. *clock*: it works, but does not know the time.
12. *well*.

Nothing here reads a clock; times are Unix milliseconds.
"""

from dataclasses import dataclass
from typing import Literal

from fleet_server.core.ailments import Ailment

Condition = Literal[
    "retired",
    "unenrolled",
    "revoked",
    "unseen",
    "lost",
    "off",
    "silent",
    "fault",
    "stuck",
    "starting",
    "clock",
    "well",
]
Level = Literal["bad", "warning", "good", "none"]

SILENT_AFTER_MS = 180_000
"""Three health reports missed, at one a minute."""

STUCK_AFTER_MS = 600_000
"""A connected terminal delivers within seconds; ten minutes mean that something is wrong."""

LEVELS: dict[Condition, Level] = {
    "retired": "none",
    "unenrolled": "none",
    "revoked": "bad",
    "unseen": "bad",
    "lost": "bad",
    "off": "bad",
    "silent": "bad",
    "fault": "bad",
    "stuck": "bad",
    "starting": "warning",
    "clock": "warning",
    "well": "good",
}


@dataclass(frozen=True, slots=True)
class Heard:
    """What is known of a terminal.

    Attributes:
        retired: taken out of use.
        keys: how many keys were ever enrolled.
        valid_keys: how many of them are not revoked.
        state: what it last said: init, ready, alert, disconnected, lost; None before the first.
        state_at: when the state was heard.
        last_seen: when anything was last heard.
        oldest_waiting_at: when its oldest undelivered record was made.
        clock: quality of its clock: synced, holdover, unset.
        ailments: what its health report says is wrong.
    """

    retired: bool
    keys: int
    valid_keys: int
    state: str | None
    state_at: int | None
    last_seen: int | None
    oldest_waiting_at: int | None
    clock: str | None
    ailments: tuple[Ailment, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A condition, how bad it is, and since when (None where that isn't known).

    Attributes:
        ailments: with *fault*, what is wrong, the worst first.
    """

    condition: Condition
    level: Level
    since: int | None
    ailments: tuple[Ailment, ...] = ()


def judge(heard: Heard, now: int) -> Verdict:
    """Return the first rule that fits."""
    condition, since = _out_of_use(heard) or _unreachable(heard, now) or _present(heard, now)
    why = heard.ailments if condition == "fault" else ()
    return Verdict(condition, LEVELS[condition], since, why)


def _out_of_use(heard: Heard) -> tuple[Condition, int | None] | None:
    if heard.retired:
        return "retired", None
    if heard.keys == 0:
        return "unenrolled", None
    if heard.valid_keys == 0:
        return "revoked", None
    if heard.state is None or heard.last_seen is None:
        return "unseen", None
    return None


def _unreachable(heard: Heard, now: int) -> tuple[Condition, int | None] | None:
    if heard.state == "lost":
        return "lost", heard.state_at
    if heard.state == "disconnected":
        return "off", heard.state_at
    if heard.last_seen is not None and now - heard.last_seen > SILENT_AFTER_MS:
        return "silent", heard.last_seen
    return None


def _present(heard: Heard, now: int) -> tuple[Condition, int | None]:
    if heard.state == "alert":
        return "fault", heard.state_at
    if heard.ailments:
        return "fault", None
    waiting = heard.oldest_waiting_at
    if waiting is not None and now - waiting > STUCK_AFTER_MS:
        return "stuck", waiting
    if heard.state == "init":
        return "starting", heard.state_at
    if heard.clock == "unset":
        return "clock", None
    return "well", heard.state_at
