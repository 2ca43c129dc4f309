"""What a touch panel or an absolute pointer says, as what a finger does. Pure.

A panel for several fingers says of each in which slot it is and under which number; the one in slot
0 counts. Others, and pointers, have a button and two axes. What a report holds counts as a whole
(``SYN_REPORT``), and after events were lost (``SYN_DROPPED``) nothing does until the next one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from device.hardware.inputs import EV_ABS, EV_KEY, EV_SYN
from device.screen.outputs import Touch

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from device.hardware.inputs import Event
    from device.screen.outputs import TouchKind

SYN_REPORT, SYN_DROPPED = 0, 3
ABS_X, ABS_Y = 0x00, 0x01
MT_SLOT, MT_X, MT_Y, MT_TRACKING = 0x2F, 0x35, 0x36, 0x39
BTN_LEFT, BTN_TOUCH = 0x110, 0x14A


@dataclass(frozen=True, slots=True)
class Axes:
    """What of a device's events is a finger.

    Attributes:
        several: True for a panel that tells several fingers apart.
        across: Least and most of the horizontal axis.
        down: The same of the vertical one.
    """

    several: bool
    across: tuple[int, int]
    down: tuple[int, int]


def axes_of(
    keys: frozenset[int], axes: frozenset[int], limits: Callable[[int], tuple[int, int] | None]
) -> Axes | None:
    """Return how a device with these keys and axes tells of fingers; None if it does not."""
    several = {MT_SLOT, MT_X, MT_Y, MT_TRACKING} <= axes
    if not several and not ({ABS_X, ABS_Y} <= axes and {BTN_LEFT, BTN_TOUCH} & keys):
        return None
    across, down = (limits(axis) for axis in ((MT_X, MT_Y) if several else (ABS_X, ABS_Y)))
    return Axes(several, across, down) if across and down else None


class Finger:
    """The finger on one device.

    Args:
        name: Tells it from the fingers of other devices.
        axes: What of the events is a finger.
    """

    def __init__(self, name: Hashable, axes: Axes) -> None:
        self._name = name
        self._axes = axes
        self._x_code, self._y_code = (MT_X, MT_Y) if axes.several else (ABS_X, ABS_Y)
        self._slot = 0
        self._lost = False
        self._at = (axes.across[0], axes.down[0])
        self._told_at = self._at
        self._down = False
        self._told_down = False
        self._anew = False

    def feel(self, event: Event) -> list[Touch]:
        """Take one event; return what became certain with it."""
        if event.kind == EV_SYN:
            return self._report(event.code)
        if self._lost:
            return []
        if event.kind == EV_ABS:
            self._move(event.code, event.value)
        elif event.kind == EV_KEY and not self._axes.several and event.code in _BUTTONS:
            self._press(event.value > 0)
        return []

    def lift(self) -> list[Touch]:
        """Forget the finger, because its device is gone or lost count."""
        touches = [Touch("cancel", self._name)] if self._told_down else []
        self._down = self._told_down = self._anew = False
        return touches

    def _move(self, code: int, value: int) -> None:
        if code == MT_SLOT:
            self._slot = value
        elif self._axes.several and self._slot != 0:
            return
        elif code == self._x_code:
            self._at = (value, self._at[1])
        elif code == self._y_code:
            self._at = (self._at[0], value)
        elif code == MT_TRACKING and self._axes.several:
            self._press(value >= 0)

    def _press(self, down: bool) -> None:
        # A finger that comes in the same report in which another left is not the same finger.
        self._anew = self._anew or (down and self._told_down)
        self._down = down

    def _report(self, code: int) -> list[Touch]:
        if code == SYN_DROPPED:
            self._lost = True
            return self.lift()
        if code != SYN_REPORT:
            return []
        self._lost = False
        touches: list[Touch] = []
        if self._told_down and (self._anew or not self._down):
            touches.append(self._touch("up", self._told_at if self._anew else self._at))
            self._told_down = False
        if self._down and not self._told_down:
            touches.append(self._touch("down", self._at))
        elif self._down and self._at != self._told_at:
            touches.append(self._touch("move", self._at))
        self._told_at, self._told_down, self._anew = self._at, self._down, False
        return touches

    def _touch(self, kind: TouchKind, at: tuple[int, int]) -> Touch:
        return Touch(kind, self._name, *map(_share, at, (self._axes.across, self._axes.down)))


_BUTTONS = (BTN_LEFT, BTN_TOUCH)


def _share(value: int, limits: tuple[int, int]) -> float:
    """Return how far a value is along its axis, the middle of its step: above 0 and below 1."""
    least, most = limits
    return (min(max(value, least), most) - least + 0.5) / (most - least + 1)
