"""The site's queue system as a ticket source.

Threads of the endpoint put words into a queue; the main loop takes them. A caller is answered only
when its word was dealt with: stored in the journal, or found to be nothing new.
"""

from __future__ import annotations

import logging
import os
import select
import ssl
import threading
from collections import Counter, deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from device.core.told import Word
from device.errors import sentence
from device.tickets.lan.answers import answer_of
from device.tickets.lan.server import Endpoint
from wire import suites
from wire.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from device.core.told import Verdict
    from device.ports import Clock
    from device.settings import LanSettings, TerminalSettings
    from device.tickets.lan.answers import Answer
    from device.tickets.lan.body import Said

_log = logging.getLogger(__name__)

OPEN_EVERY_MS = 5_000
ANSWER_S = 3.0
_TOKEN_CHARS = range(32, 201)


@dataclass(slots=True, eq=False)
class _Asked:
    """A word that a caller waits for."""

    word: Word
    verdict: Verdict | None = None
    done: threading.Event = field(default_factory=threading.Event)


class LanTickets:
    """Implements the port ``TicketSource`` over an HTTPS endpoint.

    Args:
        settings: Where to listen.
        terminal: Where this is.
        clock: The time.
        day: Gives the service day, None if it is not known; safe in any thread.
    """

    def __init__(
        self,
        settings: LanSettings,
        terminal: TerminalSettings,
        clock: Clock,
        day: Callable[[], str | None],
    ) -> None:
        self._settings = settings
        self._terminal = terminal
        self._clock = clock
        self._day = day
        self._asked: deque[_Asked] = deque()
        self._offered: _Asked | None = None
        # Counts the words that wait: each turn of the main loop takes one.
        self._bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC | os.EFD_SEMAPHORE)
        self._epoll = select.epoll()
        self._epoll.register(self._bell, select.EPOLLIN)
        self._endpoint: Endpoint | None = None
        self._tried_at: int | None = None
        self._trouble: str | None = None
        self._closing = False

    def take(self) -> Word | None:
        """Return the oldest word that waits; open the endpoint if it is not open yet."""
        if self._endpoint is None:
            self._try_to_open()
        self._offered = None
        with suppress(IndexError):  # none waits, or the one that did has just given up waiting
            self._offered = self._asked[0]
        return None if self._offered is None else self._offered.word

    def settle(self, verdict: Verdict) -> None:
        """Answer whoever said the word that `take` gave last."""
        asked = self._offered
        if asked is not None:
            self._withdraw(asked)
            asked.verdict = verdict
            asked.done.set()

    def report(self) -> dict[str, Any]:
        """Return whether the endpoint is open, and what was taken and refused."""
        counts: Counter[str] = self._endpoint.counts if self._endpoint else Counter()
        faults = [] if self._endpoint else ["lan closed"]
        return {"lan": dict(counts.copy()), "faults": faults}

    def fileno(self) -> int:
        """Return a descriptor that becomes readable when somebody calls or a word waits."""
        return self._epoll.fileno()

    def drain(self) -> None:
        """Take one word's wake-up off, and let whoever calls be served; never blocks."""
        with suppress(BlockingIOError):
            os.eventfd_read(self._bell)
        if self._endpoint is not None:
            self._endpoint.accept()

    def close(self) -> None:
        """Close the endpoint; whoever waits is told to come again."""
        self._closing = True
        for asked in list(self._asked):
            asked.done.set()
        if self._endpoint is not None:
            self._endpoint.close()
        self._epoll.close()
        os.close(self._bell)

    def _tell(self, said: Said) -> Answer:
        """Hand over what was said, and wait for what becomes of it; runs in a caller's thread."""
        place = self._terminal
        word = Word(
            origin="lan",
            counter=place.counter,
            counter_name=place.counter_name,
            ticket=said.ticket,
            event=said.event,
            visit=said.visit,
            fresh=new_id(),
            at=said.at,
            day=said.day or self._day(),
            service=said.service,
            dossier=said.dossier,
        )
        asked = _Asked(word)
        self._asked.append(asked)
        if not self._closing:
            os.eventfd_write(self._bell, 1)
            asked.done.wait(ANSWER_S)
        self._withdraw(asked)
        return answer_of(word, asked.verdict)

    def _withdraw(self, asked: _Asked) -> None:
        with suppress(ValueError):
            self._asked.remove(asked)

    # ---- opening ----

    def _try_to_open(self) -> None:
        now = self._clock.up_ms()
        if self._tried_at is not None and now - self._tried_at < OPEN_EVERY_MS:
            return
        self._tried_at = now
        settings = self._settings
        try:
            endpoint = Endpoint(
                (settings.listen, settings.port),
                _context(settings),
                _token(settings),
                self._terminal.counter,
                self._clock.up_ms,
                self._tell,
            )
        except (OSError, ValueError) as error:
            trouble = _why(error, settings)
            if trouble != self._trouble:
                _log.error("tickets cannot be taken from the local network yet: %s", trouble)
            self._trouble = trouble
            return
        self._epoll.register(endpoint.fileno(), select.EPOLLIN)
        self._endpoint, self._trouble = endpoint, None
        _log.info("tickets are taken at %s port %d", *endpoint.server_address[:2])


def _context(settings: LanSettings) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(suites.OPENSSL)
    for path in (settings.certificate, settings.key, settings.token_file):
        if not path.exists():
            raise ValueError(f"{path}: is not there; make it with: hailong-terminal lan init")
    try:
        context.load_cert_chain(settings.certificate, settings.key)
    except ssl.SSLError:
        raise ValueError(
            f"{settings.certificate} and {settings.key}: are no certificate and its key in PEM"
        ) from None
    return context


def _why(error: OSError | ValueError, settings: LanSettings) -> str:
    if not isinstance(error, OSError):
        return str(error)
    where = "" if error.filename else f"{settings.listen} port {settings.port}: "
    return f"{where}{sentence(error)}"


def _token(settings: LanSettings) -> bytes:
    path = settings.token_file
    if path.stat().st_mode & 0o077:
        raise ValueError(f"{path}: others can read the token; chmod 600 it")
    token = path.read_bytes()[:1024].strip()
    if len(token) not in _TOKEN_CHARS or not token.isascii():
        raise ValueError(f"{path}: must hold a token of 32 to 200 ASCII characters")
    return token
