"""The server's two online keys, and what it signs with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joserfc.jwk import OKPKey

from fleet_server.errors import FleetError
from provisioning.layout import FleetLayout
from wire.down import (
    Command,
    Config,
    CurrentTicket,
    KeyList,
    Receipt,
    open_key_list,
    open_receipt,
    seal_down,
)
from wire.envelope import kid_of_token
from wire.errors import WireError
from wire.keys import kid_of, load_private

_KINDS: Mapping[str, type[CurrentTicket | Config | Command]] = {
    "ticket": CurrentTicket,
    "config": Config,
    "command": Command,
}


class KeyFileError(FleetError):
    """A key file of the fleet is missing or wrong; the message names it."""


@dataclass(frozen=True, slots=True)
class Signer:
    """The receipt key, the control key, and the list that tells terminals to believe them."""

    receipt_key: OKPKey
    control_key: OKPKey
    key_list: KeyList
    key_list_token: bytes

    def receipt(self, receipt: Receipt) -> bytes:
        """Return a signed receipt."""
        return seal_down(receipt, self.receipt_key)

    def wish(self, kind: str, dev: str, n: int, now: int, body: Mapping[str, Any]) -> bytes:
        """Return a signed ticket, configuration or command.

        Raises:
            WireError: the body is not one of ``kind``.
        """
        if kind not in _KINDS:
            raise WireError(f"{kind}: is nothing that goes down")
        try:
            thing = _KINDS[kind](dev=dev, n=n, iat=now, **body)
        except TypeError as error:
            raise WireError(f"{kind}: {error}") from None
        return seal_down(thing, self.control_key)

    def stands(self, token: str) -> bool:
        """Return whether terminals believe who signed this ticket, configuration or command."""
        try:
            self.key_list.key(kid_of_token(token.encode("ascii")), "control")
        except WireError:
            return False
        return True

    def old_receipt(self, token: str, dev: str) -> Receipt:
        """Return a receipt that this fleet signed some time ago.

        Raises:
            WireError: it did not.
        """
        return open_receipt(token.encode("utf-8"), self.key_list, dev)


def load_signer(layout: FleetLayout) -> Signer:
    """Read the keys and the key list from the fleet directory.

    Raises:
        KeyFileError: one is missing, or the list doesn't name these keys.
    """
    fleet_x = _read(layout.fleet_public_key).decode("ascii", "replace").strip()
    token = _read(layout.key_list).strip()
    try:
        listed = open_key_list(token, fleet_x)
    except WireError as error:
        raise KeyFileError(f"{layout.key_list}: {error}") from None
    receipt_key = _load(layout.receipt_key)
    control_key = _load(layout.control_key)
    for key, use, path in (
        (receipt_key, "receipt", layout.receipt_key),
        (control_key, "control", layout.control_key),
    ):
        try:
            listed.key(kid_of(key), "receipt" if use == "receipt" else "control")
        except WireError:
            raise KeyFileError(
                f"{path}: is not in the key list, no terminal would believe it"
            ) from None
    return Signer(receipt_key, control_key, listed, token)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise KeyFileError(f"{path}: can't be read ({error.strerror})") from None


def _load(path: Path) -> OKPKey:
    pem = _read(path)
    try:
        return load_private(pem)
    except WireError as error:
        raise KeyFileError(f"{path}: {error}") from None
