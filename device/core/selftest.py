"""What a technician tries out after putting a terminal up, step by step. Pure.

Each button is pressed once and its own light shines, each corner of a touch screen is touched
once, the screen is looked at, a sound is heard. What is pressed or touched meanwhile is no rating
and no record. That ends when all is good, when the technician has had enough (*done*), or by
itself. Then ratings count again, and the panel shows how far the network leads (`network`), at
which the uplink has looked meanwhile, with what to do about the first fault.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from device.core import network
from device.core.policy import Item
from device.core.targets import Target
from device.core.view import Note, View
from wire.records import CHOICES

if TYPE_CHECKING:
    from device.core.network import Finding, StepName
    from device.core.rules import Site
    from device.core.targets import Key
    from device.core.view import NoteState

LONGEST_MS = 120_000
RESULT_MS = 8_000
NETWORK_MS = 20_000
"""How long the steps of the network stay: there is something to read."""
LOOKING_MS = 60_000
"""The longest that the uplink may look: a firewall that swallows everything costs so much."""
CORNERS = ("top_left", "top_right", "bottom_left", "bottom_right")
_DONE = Target("key", "done")

# Texts of the catalogues. The buttons go by the name of their choice.
_NOTES = {
    "very_satisfied": "Very satisfied",
    "satisfied": "Satisfied",
    "unsatisfied": "Not satisfied",
    "screen": "Screen",
    "sound": "Sound",
}
_CORNERS_NOTE = "Touch the corners"
_STEPS: dict[StepName, str] = {
    "link": "Cable or Wi-Fi",
    "address": "Address",
    "name": "Name of the server",
    "tls": "Secure connection",
    "server": "Enrolment server",
    "broker": "Message broker",
    "receipt": "Receipts",
}


@dataclass(frozen=True, slots=True)
class SelfTest:
    """How far it is.

    Attributes:
        since: When it began, monotonic milliseconds.
        steps: What is to be tried, by name: choices, corners, ``screen``, ``sound``.
        good: What was seen to work.
        pressed: The button whose light shines, as the index of its choice.
        ended_at: When the tries ended; the result is shown for a moment after that.
        looks: True while the uplink looks at the network.
        way: What it found, once it did.
        heard_at: When it had found out, or was no longer waited for.
    """

    since: int
    steps: tuple[str, ...]
    good: frozenset[str] = frozenset()
    pressed: int | None = None
    ended_at: int | None = None
    looks: bool = False
    way: tuple[Finding, ...] = ()
    heard_at: int = 0


def begin(site: Site, up: int, *, looks: bool = False) -> SelfTest:
    """Return a self-test of all that is fitted; its first picture plays the sound (`cues`).

    Args:
        site: What is fitted.
        up: Now.
        looks: True where the uplink was asked to look at the network.
    """
    steps: tuple[str, ...] = CHOICES if site.buttons else ()
    steps += ("screen",) if site.screen else ()
    steps += CORNERS if site.screen and site.touch else ()
    steps += ("sound",) if site.sound else ()
    # What is shown and played cannot be asked for: the technician sees and hears it.
    seen = frozenset({"screen", "sound"} & {*steps})
    return _ended_when_complete(SelfTest(up, steps, seen, looks=looks), up)


def press(test: SelfTest, button: int, up: int) -> SelfTest:
    """A button was pressed; its own light shines until the next is."""
    return _saw(replace(test, pressed=button), CHOICES[button], up)


def touch(test: SelfTest, target: Target, up: int) -> SelfTest:
    """Something on the screen was touched."""
    if target == _DONE:
        return test if test.ended_at is not None else replace(test, ended_at=up)
    return _saw(test, target.name, up)


def tick(test: SelfTest, up: int) -> SelfTest:
    """Let time go by."""
    if test.ended_at is None and up - test.since >= LONGEST_MS:
        test = replace(test, ended_at=up)
    if test.looks and test.ended_at is not None and up - test.ended_at >= LOOKING_MS:
        test = heard(test, (), up)
    return test


def heard(test: SelfTest, way: tuple[Finding, ...], up: int) -> SelfTest:
    """The uplink has looked at the network; nothing where it is no longer waited for."""
    return replace(test, looks=False, way=way, heard_at=up) if test.looks else test


def is_complete(test: SelfTest) -> bool:
    """Return True once nothing more will be found out."""
    return test.ended_at is not None and not test.looks


def is_over(test: SelfTest, up: int) -> bool:
    """Return True once the result has been shown for long enough."""
    if test.ended_at is None or test.looks:
        return False
    if not test.way:
        return up - test.ended_at >= RESULT_MS
    return up - max(test.ended_at + RESULT_MS, test.heard_at) >= NETWORK_MS


def covers(test: SelfTest, up: int) -> bool:
    """Return False while the uplink is waited for: the counter's own view comes through then."""
    return test.ended_at is None or bool(test.way) or up - test.ended_at < RESULT_MS


def tries(test: SelfTest) -> dict[str, Any]:
    """Return what became of the tries for the health report, as JSON values."""
    missing = [step for step in test.steps if step not in test.good]
    return {"good": not missing, "tried": list(test.steps), "missing": missing}


def result(test: SelfTest) -> dict[str, Any]:
    """Return the outcome of all, the network's steps with it where it was looked at."""
    found = tries(test)
    if test.way:
        found["good"] = found["good"] and network.is_good(test.way)
        found["network"] = [network.as_json(each) for each in test.way]
    return found


def shown(test: SelfTest, counter_name: str, language: str, up: int) -> View:
    """Return what the panel shows: the tries and their result, then the way to the fleet."""
    if test.ended_at is not None and test.way and up - test.ended_at >= RESULT_MS:
        return _way(test, counter_name, language)
    running = test.ended_at is None
    corners = [corner for corner in CORNERS if running and _waits(test, corner)]
    keys: tuple[Key, ...] = ("done",) if running and CORNERS[0] in test.steps else ()
    return View(
        "self_test",
        counter_name,
        language=language,
        keys=keys,
        items=tuple(Item(corner) for corner in corners),
        notes=_notes(test),
        progress=(len(test.good), len(test.steps)),
    )


def _way(test: SelfTest, counter_name: str, language: str) -> View:
    """Return the steps of the network, with what to do about the first fault."""
    states: dict[str, NoteState] = {"good": "good", "bad": "bad", "skipped": "waiting"}
    notes = tuple(Note(_STEPS[each.step], state=states[each.state]) for each in test.way)
    faults = [each.why for each in test.way if each.why is not None]
    advice = faults[0] if faults else None
    return View("network", counter_name, language=language, notes=notes, advice=advice)


def _notes(test: SelfTest) -> tuple[Note, ...]:
    """Return a line for each step; the corners share one."""
    lines = [
        Note(_NOTES[step], "", _state(test, step in test.good))
        for step in test.steps
        if step not in CORNERS
    ]
    touched = sum(corner in test.good for corner in CORNERS)
    if CORNERS[0] in test.steps:
        all_touched = touched == len(CORNERS)
        figure = f"{touched}/{len(CORNERS)}"
        lines.append(Note(_CORNERS_NOTE, figure, _state(test, all_touched)))
    return tuple(lines)


def _state(test: SelfTest, good: bool) -> NoteState:
    if good:
        return "good"
    return "waiting" if test.ended_at is None else "bad"


def _waits(test: SelfTest, step: str) -> bool:
    return step in test.steps and step not in test.good


def _saw(test: SelfTest, step: str, up: int) -> SelfTest:
    if test.ended_at is not None or step not in test.steps:
        return test
    return _ended_when_complete(replace(test, good=test.good | {step}), up)


def _ended_when_complete(test: SelfTest, up: int) -> SelfTest:
    complete = test.ended_at is None and test.good == frozenset(test.steps)
    return replace(test, ended_at=up) if complete else test
