"""Fetching a bundle from the enrolment server, by mutual TLS, as often as it takes.

A thread of its own, since one connection may last for an hour: it touches the bundle's file and
nothing else of the uplink. A cut goes on where it ended (RFC 9110 section 14: Range). Nothing is
believed but the hash, which is worked out over the whole file once it is there.
"""

from __future__ import annotations

import errno
import hashlib
import http.client
import logging
import os
import re
import ssl
import threading
from typing import TYPE_CHECKING, Protocol

from device.core.backoff import backoff_ms
from device.errors import DeviceError
from wire.files import fsync_directory

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from device.updates.folder import UpdateFolder
    from wire.commands import Bundle

log = logging.getLogger(__name__)

CHUNK = 1 << 16
SYNC_EVERY = 8 << 20
"""Bytes after which the file is made durable: no more are fetched twice after a power cut."""
MOST_WRONG = 3
"""Whole bundles with a wrong hash before it is given up."""
_FIRST_MS, _CAP_MS = 2_000, 600_000
_RANGE = re.compile(r"bytes (\d{1,15})-\d{1,15}/(\d{1,15})", re.ASCII)


class Connect(Protocol):
    """Opens a connection to the enrolment server that shows this terminal's certificate."""

    def __call__(self) -> http.client.HTTPSConnection:
        """Return the connection.

        Raises:
            DeviceError: The identity's files cannot be used.
        """


class RefusedError(DeviceError):
    """The server does not give this bundle; the text says why."""


class _LaterError(Exception):
    """It did not work this time."""


class Download:
    """Fetches one bundle into a folder.

    Args:
        folder: Where it goes.
        bundle: What is fetched.
        connect: Opens a connection.
        jitter: Gives random fractions.

    Attributes:
        outcome: ``good``, the reason why it is given up, or None while it is under way.
        received: Bytes that are there.
    """

    def __init__(
        self,
        folder: UpdateFolder,
        bundle: Bundle,
        connect: Connect,
        jitter: Callable[[], float],
    ) -> None:
        self.outcome: str | None = None
        self.received = 0
        self.bundle = bundle
        self._folder = folder
        self._connect = connect
        self._jitter = jitter
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="download", daemon=True)

    def start(self) -> None:
        """Begin, or go on where an earlier one ended."""
        self._thread.start()

    def stop(self) -> None:
        """End soon; what was fetched stays."""
        self._stopping.set()

    def _run(self) -> None:
        try:
            self.outcome = self._fetch()
        except RefusedError as error:
            self.outcome = str(error)
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            self.outcome = "the disk is full" if full else f"cannot be stored: {error.strerror}"

    def _fetch(self) -> str | None:
        folder, bundle = self._folder, self.bundle
        folder.folder.mkdir(parents=True, exist_ok=True)
        if self._is_good(folder.bundle):  # a power cut came right after it was complete
            return "good"
        folder.clear(keep=bundle.sha256)
        part = folder.part(bundle.sha256)
        wrong = 0
        while self._complete(part):
            if self._is_good(part):
                part.replace(folder.bundle)
                fsync_directory(folder.folder)
                return "good"
            part.unlink()
            wrong += 1
            if wrong == MOST_WRONG:
                raise RefusedError("what the server sends has another SHA-256 than announced")
        return None

    def _complete(self, part: Path) -> bool:
        """Fetch until the file has its size; False when stopped before."""
        failures = 0
        while not self._stopping.is_set():
            had = self.received = part.stat().st_size if part.exists() else 0
            if had >= self.bundle.size:
                return True
            try:
                self._exchange(part, had)
            except (_LaterError, DeviceError, ssl.SSLError, http.client.HTTPException) as error:
                if isinstance(error, RefusedError):
                    raise
                failures = failures + 1 if self.received == had else 1
                wait = backoff_ms(failures, self._jitter(), _FIRST_MS, _CAP_MS) / 1000
                log.warning("update: %s; next attempt in %.1f s", error, wait)
                self._stopping.wait(wait)
        return False

    def _exchange(self, part: Path, had: int) -> None:
        connection = self._connect()
        try:
            headers = {"Range": f"bytes={had}-"} if had else {}
            connection.request("GET", self.bundle.path, headers=headers)
            response = connection.getresponse()
            self._store(response, part, self._judge(response, had))
        except (ConnectionError, TimeoutError, ssl.SSLError, OSError) as error:
            if getattr(error, "filename", None) or error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise  # our own file
            raise _LaterError(f"the enrolment server: {error}") from None
        finally:
            connection.close()

    def _judge(self, response: http.client.HTTPResponse, had: int) -> int:
        """Return where the body begins in the file."""
        if response.status == http.HTTPStatus.OK:
            return 0
        if response.status == http.HTTPStatus.PARTIAL_CONTENT:
            found = _RANGE.fullmatch(response.getheader("Content-Range", ""))
            if found and int(found[1]) == had and int(found[2]) == self.bundle.size:
                return had
            raise RefusedError("the server's bundle has another size than announced")
        if response.status in (403, 404, 410, 416):
            said = response.read(300).decode("utf-8", "replace").strip()
            raise RefusedError(f"the server does not give it ({response.status}): {said}")
        raise _LaterError(f"the server answered with status {response.status}")

    def _store(self, response: http.client.HTTPResponse, part: Path, begin: int) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        with os.fdopen(os.open(part, flags, 0o600), "wb") as file:
            file.truncate(begin)
            file.seek(begin)
            self.received = begin
            try:
                self._pour(response, file.write, file.fileno())
            finally:
                file.flush()
                os.fsync(file.fileno())

    def _pour(
        self, response: http.client.HTTPResponse, write: Callable[[bytes], int], descriptor: int
    ) -> None:
        unsynced = 0
        while not self._stopping.is_set():
            chunk = response.read(CHUNK)
            if not chunk:
                break
            if self.received + len(chunk) > self.bundle.size:
                raise RefusedError("the server's bundle is longer than announced")
            write(chunk)
            self.received += len(chunk)
            unsynced += len(chunk)
            if unsynced >= SYNC_EVERY:
                os.fdatasync(descriptor)
                unsynced = 0
        if not self._stopping.is_set() and self.received < self.bundle.size:
            raise _LaterError("the connection ended too soon")

    def _is_good(self, path: Path) -> bool:
        if not path.is_file() or path.stat().st_size != self.bundle.size:
            return False
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                if self._stopping.is_set():
                    return False
                digest.update(chunk)
        return digest.hexdigest() == self.bundle.sha256
