"""The way from a terminal to the fleet, step by step: what to try next, and what each result means.

1. Without a *link* there is no *address*, without an address no *name* is found, and without the
   name nothing further: what cannot work is skipped, so that only the first fault is shown.
2. *tls* and *server* ask the enrolment server, *broker* asks the broker. Either may be away alone.
   Before the enrolment the broker can only be met, which tells a wrong port from a right one.
3. A *receipt* shows that the whole way works. None is expected through a broker that is not there.

Pure: the probes that look and ask are at the edge, in ``device/network``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from device.core.reaching import Barrier

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

StepName = Literal["link", "address", "name", "tls", "server", "broker", "receipt"]
STEPS: tuple[StepName, ...] = get_args(StepName)

Why = Literal[
    Barrier,
    "no_interface", "no_carrier", "no_address", "refused", "unreachable", "tls_failed",
    "wrong_answer", "not_enrolled", "none_yet", "receipts_missing",
]  # fmt: skip
"""Why a step is bad; `device.screen.texts.NETWORK_ADVICE` says what to do about each."""

WHYS: tuple[Why, ...] = get_args(Why)
State = Literal["good", "bad", "skipped"]
_STATES = get_args(State)
_NEEDS: dict[StepName, StepName] = {
    "address": "link",
    "name": "address",
    "tls": "name",
    "server": "tls",
    "broker": "name",
    "receipt": "broker",
}
PATIENCE_MS = 120_000
"""How long a receipt may take: the uplink asks again well before."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one step.

    Attributes:
        step: Which one.
        state: ``skipped`` where an earlier fault leaves nothing to try.
        why: For a bad one.
        detail: What was asked or found, such as ``fleet.example:8883``: for whoever mends it.
    """

    step: StepName
    state: State
    why: Why | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Interface:
    """A network interface that is no loop-back.

    Attributes:
        name: As Linux calls it.
        carrier: True when a cable is plugged in, or Wi-Fi is joined.
        address: Its address, empty where it has none that reaches further than the next switch.
    """

    name: str
    carrier: bool
    address: str


@dataclass(frozen=True, slots=True)
class Sent:
    """How far the records have come.

    Attributes:
        waiting: Records without a receipt.
        owed_ms: How long the server has owed one: since the oldest of them, or the newest receipt.
        ever: True when there ever was a receipt.
    """

    waiting: int
    owed_ms: int
    ever: bool


def next_step(found: Sequence[Finding]) -> StepName | None:
    """Return what is to be tried next, in the order of `STEPS`; None when all is done."""
    states = {each.step: each.state for each in found}
    for step in STEPS:
        if step not in states and _may_work(step, states):
            return step
    return None


def judged(finding: Finding, before: Sequence[Finding]) -> Finding:
    """Return what a finding means after those ``before`` it.

    A terminal that can't enrol because of an earlier fault has nothing wrong at the broker.
    """
    follows = finding.why == "not_enrolled" and any(each.state == "bad" for each in before)
    return Finding(finding.step, "skipped") if follows else finding


def complete(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return a finding for every step, in their order; what could not be tried is skipped."""
    by_step = {each.step: each for each in found}
    return tuple(by_step.get(step, Finding(step, "skipped")) for step in STEPS)


def is_good(found: Iterable[Finding]) -> bool:
    """Return True when every step is good."""
    return all(each.state == "good" for each in found)


def as_json(found: Finding) -> dict[str, str]:
    """Return a finding as JSON values, without what it does not say."""
    said = {"step": found.step, "state": found.state, "why": found.why, "detail": found.detail}
    return {name: value for name, value in said.items() if value}


def from_json(said: object) -> tuple[Finding, ...]:
    """Return the findings that another process wrote down; nothing where there are none."""
    steps = said if isinstance(said, list) else []
    found = [each for each in map(_finding, steps) if each is not None]
    return complete(found) if found else ()


def _finding(said: object) -> Finding | None:
    if not isinstance(said, dict):
        return None
    step, state, why = (cast("Any", said.get(name)) for name in ("step", "state", "why"))
    if step not in STEPS or state not in _STATES or (state == "bad") != (why in WHYS):
        return None
    return Finding(step, state, why, str(said.get("detail", "")))


def link(interfaces: Sequence[Interface]) -> Finding:
    """Judge whether anything is plugged in or joined."""
    names = ", ".join(each.name for each in interfaces)
    if not interfaces:
        return Finding("link", "bad", "no_interface")
    joined = [each.name for each in interfaces if each.carrier]
    if not joined:
        return Finding("link", "bad", "no_carrier", names)
    return Finding("link", "good", detail=", ".join(joined))


def address(interfaces: Sequence[Interface]) -> Finding:
    """Judge whether an interface with a link has an address."""
    joined = [each for each in interfaces if each.carrier]
    held = [each.address for each in joined if each.address]
    if not held:
        return Finding("address", "bad", "no_address", ", ".join(each.name for each in joined))
    return Finding("address", "good", detail=", ".join(held))


def receipt(sent: Sent) -> Finding:
    """Judge whether what was sent is acknowledged; one that is on its way is no fault."""
    waiting = str(sent.waiting)
    if not sent.ever:
        return Finding("receipt", "bad", "none_yet", waiting)
    if sent.waiting and sent.owed_ms > PATIENCE_MS:
        return Finding("receipt", "bad", "receipts_missing", waiting)
    return Finding("receipt", "good", detail=waiting)


def _may_work(step: StepName, states: dict[StepName, State]) -> bool:
    needed = _NEEDS.get(step)
    return needed is None or states.get(needed) == "good"
