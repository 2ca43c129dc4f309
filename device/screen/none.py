"""No screen: a terminal that has only its buttons. Nothing of pygame is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from device.core.policy import Look, Texts
    from device.core.targets import Target
    from device.core.view import View


class NoScreen:
    """Implements the port ``Screen`` with nothing behind it."""

    def show(self, view: View) -> None:
        """Show nothing."""

    def dress(self, look: Look, texts: Texts) -> None:
        """Change nothing."""

    def touched(self) -> Sequence[Target]:
        """Return nothing."""
        return ()

    @property
    def driver(self) -> str:
        """There is none."""
        return "none"

    def wakes(self) -> Sequence[int] | None:
        """Return nothing: nobody touches."""
        return ()

    def closed(self) -> bool:
        """Return False: there is nothing to close."""
        return False

    def close(self) -> None:
        """Give nothing back."""
