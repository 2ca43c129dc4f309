"""The uplink's way into the fleet: it enrols by itself, for days if need be.

Ratings are taken and journalled all the while; nobody waits for this. A token in the enrolment file
is a wish to be asked for, also where there is a certificate (``identity/enrol.py``).
"""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from device.core.joining import wait_ms
from device.errors import DeviceError, UsageError, sentence
from device.identity import certificate
from device.identity.enrol import NoTokenError, enrol, present_certificate, read_enrolment
from device.identity.est import EstError
from device.link import standing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cryptography import x509

    from device.clock import SystemClock
    from device.core.joining import Stage
    from device.identity.files import Fleet, IdentityFiles

log = logging.getLogger(__name__)


class Joining:
    """Asks for a certificate whenever that is due.

    Args:
        data: Folder of the terminal's files.
        files: The identity.
        enrolment: Path of the enrolment file.
        terminal: Terminal id.
        clock: The time.
        jitter: Returns a number from 0 to 1.

    Attributes:
        is_connected: The broker has taken the connection.
    """

    def __init__(
        self,
        data: Path,
        files: IdentityFiles,
        enrolment: Path,
        terminal: str,
        clock: SystemClock,
        jitter: Callable[[], float],
    ) -> None:
        self._data = data
        self._files = files
        self._enrolment = enrolment
        self._terminal = terminal
        self._clock = clock
        self._jitter = jitter
        self.is_connected = False
        self._failures = 0
        self._due = 0
        self._stamp: tuple[int, int] | None = None

    def turn(self) -> None:
        """Ask, if it is time to or the enrolment file is another one; blocks for that long."""
        now = self._clock.up_ms()
        stamp = self._stamp_now()
        if stamp != self._stamp:
            self._stamp, self._failures, self._due = stamp, 0, now
        if now >= self._due:
            self._ask()

    def certified(self) -> x509.Certificate | None:
        """Return the terminal's certificate if it is of use, but for its dates."""
        return present_certificate(self._files, self._files.load_or_make_key(), self._terminal)

    def moved(self, fleet: Fleet) -> bool:
        """Return True when the enrolment file has named another server since."""
        with suppress(DeviceError):
            return self._files.read_fleet() != fleet
        return False

    def connected(self) -> None:
        """The broker took the certificate: nothing is in the way."""
        self._failures = 0
        self._tell(None, connected=True)

    def dropped(self) -> None:
        """The broker can't be reached: in the way until the first connection has used the token."""
        self._tell("no_broker" if self._has_token() else standing.told(self._data).stage)

    def _has_token(self) -> bool:
        try:
            return read_enrolment(self._enrolment, self._terminal).token is not None
        except UsageError:
            return False

    def _ask(self) -> None:
        asking = self._enrolment.exists() and self.certified() is None
        self._tell("asking" if asking else standing.told(self._data).stage)
        error: DeviceError | OSError | None = None
        try:
            if enrol(self._files, self._enrolment, self._terminal, self._clock):
                log.info("%s is enrolled", self._terminal)
        except (DeviceError, OSError) as raised:
            error = raised
        # Also a token that fails where a certificate stays is not tried all day.
        self._failures += 1
        reached = self._reached(error)
        wait = wait_ms(reached or "busy", self._failures, self._jitter())
        self._due = self._clock.up_ms() + wait
        self._tell(reached)
        if error is not None:
            said = sentence(error) if isinstance(error, OSError) else str(error)
            why = "not enrolled yet" if reached else "the enrolment file is of no use"
            log.warning("%s: %s; next attempt in %.0f s", why, said, wait / 1000)

    def _reached(self, error: DeviceError | OSError | None) -> Stage | None:
        """Return what is in the way after an attempt; None where the certificate is of use.

        It is of no use where the card has lost what the fleet is, and where.
        """
        held = self.certified()
        expired = held is not None and certificate.is_expired(held, self._clock.wall_ms())
        if held is not None and not expired and self._files.fleet.exists():
            return None
        if isinstance(error, EstError):
            return error.stage
        if isinstance(error, OSError):
            return "storage"
        if isinstance(error, UsageError | None):
            return self._by_person(error, expired=expired)
        return "failed"

    def _by_person(self, error: UsageError | None, *, expired: bool) -> Stage:
        """Return why a new enrolment file is needed, as a technician can understand it."""
        without = isinstance(error, NoTokenError) or not self._enrolment.exists()
        if without and self._files.was_left_for_board():
            return "cloned"
        if without and expired:
            return "expired"
        if isinstance(error, NoTokenError):
            return error.stage
        return "no_file" if without else "wrong_file"

    def _tell(self, reached: Stage | None, *, connected: bool = False) -> None:
        self.is_connected = connected
        try:
            standing.tell(self._data, standing.Standing(connected, reached))
        except OSError as error:
            log.warning("%s", sentence(error))

    def _stamp_now(self) -> tuple[int, int] | None:
        try:
            found = self._enrolment.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns
