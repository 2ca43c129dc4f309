"""The key of contact data, which encrypts it and makes keyed hashes of citizens; that of names.

The first lies in ``secrets/contacts.secret``, which pages alone may read; by HKDF each use has a
key of its own. The second names tickets on the lists of draws and lies in ``draw.secret``, since
jobs makes them too: whoever gets it, as an auditor may, learns nobody's number by it.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from fleet_server import secret_file
from fleet_server.core.contacts import citizen_of
from fleet_server.errors import FleetError

NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Reach:
    """How a citizen can be reached: what to call them, and a telephone number or mail address."""

    name: str
    number: str


class ContactKey:
    """What is done with the secret.

    Args:
        secret: at least 32 random bytes.
    """

    def __init__(self, secret: bytes) -> None:
        self._data = AESGCM(_derived(secret, b"contact data"))
        self._citizens = _derived(secret, b"citizens")

    def sealed(self, visit: str, reach: Reach) -> bytes:
        """Return contact data encrypted, bound to its visit."""
        nonce = os.urandom(NONCE_BYTES)
        plain = json.dumps([reach.name, reach.number]).encode()
        return nonce + self._data.encrypt(nonce, plain, visit.encode())

    def opened(self, visit: str, sealed: bytes) -> Reach:
        """Return contact data in clear.

        Raises:
            FleetError: it was encrypted by another key, or for another visit.
        """
        nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            name, number = json.loads(self._data.decrypt(nonce, rest, visit.encode()))
        except InvalidTag:
            raise FleetError(
                "contact data was encrypted by another secrets/contacts.secret; put that one back"
            ) from None
        return Reach(name, number)

    def citizen(self, number: str) -> str:
        """Return the keyed hash of who has a number.

        Raises:
            ValueError: it has neither letter nor digit.
        """
        return citizen_of(self._citizens, number)


def _derived(secret: bytes, use: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"hailong " + use).derive(secret)


def read(path: Path) -> ContactKey:
    """Read the key of contact data.

    Raises:
        FleetError: it is missing, or is none.
    """
    return ContactKey(secret_file.read(path))


def names(path: Path) -> bytes:
    """Read the key of tickets' names on the lists of draws (`fleet_server.core.draw.name_of`).

    Raises:
        FleetError: it is missing, or is none.
    """
    return secret_file.read(path)
