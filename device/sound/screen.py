"""A screen that is heard as well as seen: each change of view may have its cue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from device.core.cues import cues

if TYPE_CHECKING:
    from collections.abc import Sequence

    from device.core.policy import Look, Texts
    from device.core.targets import Target
    from device.core.view import View
    from device.ports import Screen, Sound


class HeardScreen:
    """Implements the port ``Screen`` over another one; the sound comes after the picture.

    Args:
        screen: Shows.
        sound: Plays.
    """

    def __init__(self, screen: Screen, sound: Sound) -> None:
        self._screen = screen
        self._sound = sound
        self._shown: View | None = None

    def show(self, view: View) -> None:
        """Show ``view``, then play what belongs to the change."""
        self._screen.show(view)
        before, self._shown = self._shown, view
        wanted = cues(before, view)
        if wanted:
            self._sound.play(wanted, view.language)

    def report(self) -> dict[str, Any]:
        """Return what the health report says of screen and sound."""
        return {"screen": self.driver, **self._sound.report()}

    def dress(self, look: Look, texts: Texts) -> None:
        """Change how everything looks."""
        self._screen.dress(look, texts)

    def touched(self) -> Sequence[Target]:
        """Return the targets touched since the last call."""
        return self._screen.touched()

    @property
    def driver(self) -> str:
        """What brings the pixels to the panel."""
        return self._screen.driver

    def wakes(self) -> Sequence[int] | None:
        """Return descriptors that become readable when somebody touches."""
        return self._screen.wakes()

    def closed(self) -> bool:
        """Return True when a person closed the window."""
        return self._screen.closed()

    def close(self) -> None:
        """Give the panel back."""
        self._screen.close()
