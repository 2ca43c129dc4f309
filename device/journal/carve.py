"""Finding signed records in raw bytes, whatever became of the file around them.

A record proves itself: it names its chain and position and carries this terminal's signature.
So a broken database is not repaired; its bytes are searched. ``schema.sql`` sees to it that a
record lies whole in one page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from device.journal.anchors import Anchor
from device.journal.rows import Entry
from wire import codec
from wire.down import read_receipt
from wire.envelope import digest, kid_of_token, payload_of
from wire.errors import WireError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from wire.records import Record

# A compact JWS with an Ed25519 signature; every JSON object in base64url that begins with a
# quoted name begins with "eyJ".
_TOKEN = re.compile(rb"eyJ[A-Za-z0-9_-]{60,300}\.eyJ[A-Za-z0-9_-]{60,3900}\.[A-Za-z0-9_-]{86}")
_CHUNK = 1 << 20
_LONGEST = 4096
# The log repeats a page for every record added to it: remember what was looked at, up to this.
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Carved:
    """A token that reads as a record and names the given key; its signature is not checked."""

    record: Record
    hash: str
    token: bytes

    def entry(self) -> Entry:
        """Return it as a row of the journal."""
        return Entry(self.record.stamp.chain, self.record.stamp.seq, self.hash, self.token)


def carve(path: Path, dev: str, kid: str | None) -> Iterator[Carved]:
    """Yield what looks like records of terminal ``dev`` in the bytes of ``path``, in file order.

    Only those of the key ``kid``, unless that is None.

    A file that isn't there yields nothing; one that breaks off with a read error yields what
    was read before.
    """
    for token in _different(path):
        found = _as_record(token, dev, kid)
        if found is not None:
            yield found


def carve_anchors(path: Path, dev: str) -> Iterator[tuple[Anchor, int]]:
    """Yield what looks like receipts for terminal ``dev``, each with the time it was signed."""
    for token in _different(path):
        try:
            receipt = read_receipt(token)
        except WireError:
            continue
        if receipt.dev == dev and receipt.seq:
            yield Anchor(receipt.chain, receipt.seq, receipt.hash, token), receipt.iat


def _different(path: Path) -> Iterator[bytes]:
    seen: set[bytes] = set()
    for token in _tokens(path):
        if token in seen:
            continue
        if len(seen) >= _REMEMBERED:
            seen.clear()
        seen.add(token)
        yield token


def _tokens(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            before = b""
            while chunk := file.read(_CHUNK):
                window = before + chunk
                for match in _TOKEN.finditer(window):
                    yield match.group()
                before = window[-_LONGEST:]
    except OSError:
        return


def _as_record(token: bytes, dev: str, kid: str | None) -> Carved | None:
    try:
        if kid is not None and kid_of_token(token) != kid:
            return None
        record = codec.decode(payload_of(token))
    except WireError:
        return None
    return Carved(record, digest(token), token) if record.stamp.dev == dev else None
