"""Changing the device key: the next one beside it, then the journal's word, then in its place.

1. The uplink makes ``next.key`` and has it certified, by the certificate in use: ``next.crt``.
2. The terminal sees both, and lets the journal change: a ``key`` record signed by the old key.
3. The old key's public part is kept in ``former.json``, ``next.key`` becomes ``device.key``, then
   ``next.crt`` becomes ``device.crt``.

A power cut may come between any two steps. `settle` goes on where the journal says that it must:
before the ``key`` record nothing has changed, after it there is no way back.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from device.identity import certificate, enrol
from device.identity.certificate import CertificateError
from wire import keys
from wire.errors import WireError
from wire.files import fsync_directory

if TYPE_CHECKING:
    from joserfc.jwk import OKPKey

    from device.identity.files import Fleet, IdentityFiles
    from device.ports import Clock

log = logging.getLogger(__name__)


def is_begun(files: IdentityFiles) -> bool:
    """Return True when a next key was made and is not certified yet."""
    return files.next_key.exists() and not files.next_certificate.exists()


def certify_next(files: IdentityFiles, fleet: Fleet, clock: Clock) -> None:
    """Make the next key, unless it is there, and get its certificate (step 1).

    Raises:
        DeviceError: The server refuses or cannot be reached; the next key stays for another try.
        OSError: A file cannot be written.
    """
    if files.next_certificate.exists():
        return  # the terminal will take it up
    key = files.load_or_make_next_key()
    files.write_next_certificate(enrol.certified_anew(files, fleet, key, clock))


def next_key(files: IdentityFiles, terminal: str) -> OKPKey | None:
    """Return the next key once its certificate is there and fits; None before."""
    if not files.next_certificate.exists() or not files.next_key.exists():
        return None
    try:
        key = keys.load_private(files.next_key.read_bytes())
        certificate.check(files.next_certificate.read_bytes(), key, terminal, files.read_root())
    except (WireError, CertificateError, OSError) as error:
        log.error("the next key is of no use and is dropped: %s", error)
        drop(files)
        return None
    return key


def adopt(files: IdentityFiles) -> None:
    """Put the next key and certificate in the place of the present ones (step 3).

    Raises:
        OSError: The file system refuses; `settle` goes on later.
    """
    files.keep_former(files.load_or_make_key())
    files.next_key.replace(files.key)
    fsync_directory(files.folder)
    _adopt_certificate(files)


def settle(files: IdentityFiles, signer: str | None) -> None:
    """Go on with a change that was cut short.

    Args:
        files: The identity.
        signer: Thumbprint of the key that signs the journal's next record, None if unknown.

    Raises:
        OSError: The file system refuses.
    """
    if files.next_certificate.exists() and not files.next_key.exists():
        _adopt_certificate(files)
    elif files.next_certificate.exists() and signer == _thumbprint(files):
        log.warning("the change to the next key was cut short; going on")
        adopt(files)


def drop(files: IdentityFiles) -> None:
    """Forget the next key; the certificate goes first, since alone it means a half-done change.

    Raises:
        OSError: The file system refuses.
    """
    files.next_certificate.unlink(missing_ok=True)
    files.next_key.unlink(missing_ok=True)
    fsync_directory(files.folder)


def _adopt_certificate(files: IdentityFiles) -> None:
    files.next_certificate.replace(files.certificate)
    fsync_directory(files.folder)


def _thumbprint(files: IdentityFiles) -> str | None:
    try:
        return keys.kid_of(keys.load_private(files.next_key.read_bytes()))
    except WireError:
        return None
