"""What the parts of the uplink ask of its connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Publish(Protocol):
    """Gives a message to the connection; False when there is none or it is full."""

    def __call__(
        self,
        leaf: str,
        payload: bytes,
        *,
        retain: bool = False,
        taken: Callable[[], None] | None = None,
    ) -> bool:
        """Publish ``payload`` on the own ``leaf``; ``taken`` is called once the broker has it."""
