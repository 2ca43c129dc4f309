"""Which key signs what follows a record: the same one, or the one that a ``key`` record names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wire import codec
from wire.envelope import kid_of_token, payload_of
from wire.keys import kid_of, public_from_x
from wire.records import KeyChange

if TYPE_CHECKING:
    from wire.records import Record


def next_signer(record: Record, kid: str | None) -> str | None:
    """Return the thumbprint of the key after ``record``, which the key ``kid`` signed."""
    body = record.body
    return kid_of(public_from_x(body.x)) if isinstance(body, KeyChange) else kid


def signer_after(token: bytes) -> str | None:
    """Return the thumbprint of the key that signs what follows the record in ``token``.

    Raises:
        WireError: It is no record.
    """
    return next_signer(codec.decode(payload_of(token)), kid_of_token(token))
