"""What a panel is made of: somewhere pixels go, and somewhere fingers come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    import pygame

TouchKind = Literal["down", "move", "up", "cancel"]


@dataclass(frozen=True, slots=True)
class Touch:
    """What one finger did.

    Attributes:
        kind: ``cancel`` is a finger of which nobody will hear again.
        finger: Tells it from other fingers.
        x: How far from the left edge of the whole display, 0 to 1.
        y: How far from its upper edge, 0 to 1.
    """

    kind: TouchKind
    finger: Hashable
    x: float = 0.0
    y: float = 0.0


class Device(Protocol):
    """A way for pixels to the panel, that may be lost at any time."""

    @property
    def driver(self) -> str:
        """What brings the pixels to the panel, in one word."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the display in pixels."""

    def put(self, picture: pygame.Surface) -> None:
        """Show a picture of the panel as it is made, after rotation.

        Raises:
            OSError: The device is gone, or refuses.
        """

    def look(self) -> None:
        """See whether the display came or went; called now and then, never blocks.

        Raises:
            OSError: The device is gone, or refuses.
        """

    def close(self) -> None:
        """Give the display back."""


class Output(Device, Protocol):
    """Where pixels go, come what may: `put` and `look` never raise, `look` is called often."""


class Touches(Protocol):
    """Where fingers come from."""

    def read(self) -> Sequence[Touch]:
        """Return what happened since the last call, oldest first; never blocks."""

    def wakes(self) -> list[int] | None:
        """Return descriptors that are readable when somebody touches.

        None where only asking tells; empty where nobody can touch.
        """

    def closed(self) -> bool:
        """Return True when a person closed the window."""

    def close(self) -> None:
        """Give the devices back."""


class NoTouches:
    """Implements `Touches` for a panel that takes none."""

    def read(self) -> Sequence[Touch]:
        """Return nothing."""
        return ()

    def wakes(self) -> list[int] | None:
        """Return nothing: nobody touches."""
        return []

    def closed(self) -> bool:
        """Return False: there is nothing to close."""
        return False

    def close(self) -> None:
        """Give nothing back."""
