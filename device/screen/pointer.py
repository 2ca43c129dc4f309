"""What a finger or a pointer means: a target is taken on *up*, inside the target of its *down*.

Pure; one finger at a time, so that a palm on the panel is not three ratings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable

    from device.core.targets import Target


@dataclass(slots=True)
class Pointer:
    """Follows the one finger that counts.

    Attributes:
        held: The target that went down and is still under the finger; it is shown highlighted.
    """

    held: Target | None = None
    _down: Target | None = None
    _finger: Hashable = None

    def down(self, finger: Hashable, target: Target | None) -> None:
        """A finger went down on a target, or beside all of them."""
        if self._down is not None or target is None:
            return
        self._finger, self._down, self.held = finger, target, target

    def move(self, finger: Hashable, target: Target | None) -> None:
        """The finger moved; outside its target nothing is highlighted."""
        if self._down is not None and finger == self._finger:
            self.held = self._down if target == self._down else None

    def up(self, finger: Hashable, target: Target | None) -> Target | None:
        """The finger was lifted; return its target if that was inside."""
        if self._down is None or finger != self._finger:
            return None
        taken = self._down if target == self._down else None
        self.cancel()
        return taken

    def cancel(self) -> None:
        """Forget the finger, because what was under it is no longer shown."""
        self.held = self._down = self._finger = None
