"""What a technician tries out after putting a terminal up, step by step. Pure.

Each button is pressed once and its own light shines, each corner of a touch screen is touched
once, the screen is looked at, a sound is heard. What is pressed or touched meanwhile is no rating
and no record. It ends when all is good, when the technician has had enough (*done*), or by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from device.core.policy import Item
from device.core.targets import Target
from device.core.view import Note, View
from wire.records import CHOICES

if TYPE_CHECKING:
    from device.core.rules import Site
    from device.core.targets import Key
    from device.core.view import NoteState

LONGEST_MS = 120_000
RESULT_MS = 8_000
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


@dataclass(frozen=True, slots=True)
class SelfTest:
    """How far it is.

    Attributes:
        since: When it began, monotonic milliseconds.
        steps: What is to be tried, by name: choices, corners, ``screen``, ``sound``.
        good: What was seen to work.
        pressed: The button whose light shines, as the index of its choice.
        ended_at: When it ended; the result is shown for a moment after that.
    """

    since: int
    steps: tuple[str, ...]
    good: frozenset[str] = frozenset()
    pressed: int | None = None
    ended_at: int | None = None


def begin(site: Site, up: int) -> SelfTest:
    """Return a self-test of all that is fitted; its first picture plays the sound (`cues`)."""
    steps: tuple[str, ...] = CHOICES if site.buttons else ()
    steps += ("screen",) if site.screen else ()
    steps += CORNERS if site.screen and site.touch else ()
    steps += ("sound",) if site.sound else ()
    # What is shown and played cannot be asked for: the technician sees and hears it.
    return _ended_when_complete(SelfTest(up, steps, frozenset({"screen", "sound"} & {*steps})), up)


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
        return replace(test, ended_at=up)
    return test


def is_over(test: SelfTest, up: int) -> bool:
    """Return True once the result has been shown for long enough."""
    return test.ended_at is not None and up - test.ended_at >= RESULT_MS


def result(test: SelfTest) -> dict[str, Any]:
    """Return the outcome for a report, as JSON values."""
    missing = [step for step in test.steps if step not in test.good]
    return {"good": not missing, "tried": list(test.steps), "missing": missing}


def shown(test: SelfTest, counter_name: str, language: str) -> View:
    """Return what the panel shows."""
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
