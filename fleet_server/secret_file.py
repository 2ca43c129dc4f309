"""Files with a secret of the server: random bytes as hexadecimal text, for their owner alone."""

import secrets
from pathlib import Path

from fleet_server.core.tokens import LEAST_KEY
from fleet_server.errors import FleetError
from provisioning.pki.files import PRIVATE
from wire.files import write_atomic

BYTES = 32


def make(path: Path) -> None:
    """Write a new secret, in place of one that is there."""
    write_atomic(path, secrets.token_hex(BYTES).encode(), PRIVATE)


def read_text(path: Path, made_by: str = "migrate") -> str:
    """Return a secret as text.

    Args:
        path: the file.
        made_by: the command that makes it.

    Raises:
        FleetError: it can't be read.
    """
    try:
        return path.read_text().strip()
    except OSError as error:
        raise FleetError(
            f"{path}: can't be read ({error.strerror}); it is made by: hailong-fleet {made_by}"
        ) from None
    except UnicodeDecodeError:
        raise _none(path) from None


def read(path: Path) -> bytes:
    """Return a secret, of 16 bytes at least.

    Raises:
        FleetError: it can't be read, or is none.
    """
    try:
        secret = bytes.fromhex(read_text(path))
    except ValueError:
        raise _none(path) from None
    if len(secret) < LEAST_KEY:
        raise _none(path)
    return secret


def _none(path: Path) -> FleetError:
    return FleetError(f"{path}: is no secret in hexadecimal; put it back from a copy")
