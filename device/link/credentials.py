"""By what the server knows this terminal: a certificate, renewed in time, and its key."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from device.errors import DeviceError
from device.identity import enrol
from device.identity.tls import client_context
from wire.keys import kid_of

if TYPE_CHECKING:
    import ssl

    from joserfc.jwk import OKPKey

    from device.clock import SystemClock
    from device.identity.files import Fleet, IdentityFiles

log = logging.getLogger(__name__)

_RENEW_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this terminal is.

    Attributes:
        files: Its identity's files; ``fleet``, ``key``, what they hold.
    """

    files: IdentityFiles
    fleet: Fleet
    key: OKPKey


class Credentials:
    """Keeps them fit for the next connection.

    Args:
        me: Who this terminal is.
        clock: The time.

    Attributes:
        fleet: Where it is enrolled.
    """

    def __init__(self, me: Identity, clock: SystemClock) -> None:
        self.fleet = me.fleet
        self._me = me
        self._clock = clock
        self._renew_at = 0
        self._key_stamp: tuple[int, int] | None = None

    def context(self) -> ssl.SSLContext:
        """Return TLS that shows the terminal's certificate.

        Raises:
            DeviceError: A file of the identity is damaged.
        """
        files = self._me.files
        check_time = self._clock.quality() != "unset"
        return client_context(
            files.read_root(), files.certificate, files.key, check_time=check_time
        )

    def renew(self) -> None:
        """Get a new certificate in time; used from the next connection on."""
        now = self._clock.up_ms()
        if now < self._renew_at:
            return
        self._renew_at = now + _RENEW_MS
        try:
            if enrol.renew(self._me.files, self.fleet, self._me.key, self._clock):
                log.info("there is a new certificate")
        except (DeviceError, OSError) as error:
            log.warning("the certificate cannot be renewed yet: %s", error)

    def next_key(self) -> OKPKey | None:
        """Return another key that the terminal has put in place with its certificate, once."""
        files = self._me.files
        stamp = files.key_stamp()
        if stamp is None or stamp == self._key_stamp:
            return None
        key = files.load_or_make_key()
        if enrol.present_certificate(files, key, self.fleet.terminal) is None:
            return None
        self._key_stamp = stamp
        if kid_of(key) == kid_of(self._me.key):
            return None
        self._me = replace(self._me, key=key)
        return key

    def forget_token(self) -> None:
        """Delete the token, which a connection has proved to be of no more use."""
        try:
            if enrol.forget_token(Path(self.fleet.enrolment)):
                log.info("the token has done its work and is deleted from the enrolment file")
        except OSError as error:
            log.warning("the token cannot be deleted from the enrolment file: %s", error)
