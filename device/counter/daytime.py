"""What the local time changes at the counter: open or not, the service day, the panel's light."""

from __future__ import annotations

from typing import TYPE_CHECKING

from device.core.events import HoursChanged
from device.core.hours import brightness, is_open, service_day_ms

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from device.core.policy import Hours
    from device.core.session_state import Session

    Local = Callable[[], datetime | None]

LOOK_EVERY_MS = 1_000


class Daytime:
    """Looks at the local time once a second.

    Args:
        local: Returns the local time, None while the clock is not believed.

    Attributes:
        brightness: Per cent of the panel's light.
    """

    def __init__(self, local: Local) -> None:
        self.brightness = 100
        self._local = local
        self._looked_at: int | None = None

    def wake(self) -> None:
        """The hours were changed: look at the next call of `event`."""
        self._looked_at = None

    def event(self, up: int, session: Session, hours: Hours) -> HoursChanged | None:
        """Return what the session does not know yet; None when it knows all."""
        if self._looked_at is not None and up - self._looked_at < LOOK_EVERY_MS:
            return None
        self._looked_at = up
        local = self._local()
        self.brightness = brightness(hours, local)
        opened = is_open(hours, local)
        since = None if local is None else up - service_day_ms(hours, local)
        if opened == session.open and not _is_overdue(session, since):
            return None
        return HoursChanged(up, opened, since)


def _is_overdue(session: Session, day_since: int | None) -> bool:
    """Return whether the open visit is one of an earlier service day."""
    return session.visit is not None and day_since is not None and session.opened_at < day_since
