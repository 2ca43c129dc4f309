"""What ``hailong-terminal journal`` does: show, verify and export, without changing anything."""

from __future__ import annotations

import hashlib
import sys
from typing import TYPE_CHECKING

from device.errors import DeviceError
from device.identity.files import IdentityFiles
from device.journal import anchors, check, rows
from device.journal.database import DamagedError, reading
from device.journal.exportfile import folder, write_export
from device.journal.opening import FOLDER
from device.journal.signers import next_signer
from device.ports import JournalError
from wire.envelope import digest, kid_of_token, payload_of
from wire.errors import WireError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from joserfc.jwk import OKPKey

    Say = Callable[[str], object]
    Keys = Mapping[str, OKPKey]

_OTHER_KEY = "is signed by a key that the chain did not change to"


def show(data: Path, last: int, say: Say) -> None:
    """Print the payloads of the newest ``last`` records (0: all), oldest first.

    Raises:
        JournalError: The journal cannot be read.
    """
    with _open(data) as db:
        total = sum(1 for _ in _all(db))
        for number, entry in enumerate(_all(db)):
            if last == 0 or number >= total - last:
                say(_readable(entry))


def verify(data: Path, dev: str, say: Say) -> int:
    """Check every signature and link, and say what was found in plain words.

    Returns:
        0 when every record proves itself, else 1.

    Raises:
        JournalError: The journal cannot be read at all.
    """
    keys = _keys(data)
    found: list[str] = []
    with _open(data) as db:
        try:
            check.check_file(db)
        except DamagedError as damage:
            found.append(str(damage))
        for chain in rows.chains(db):
            found += _verify_chain(db, chain, dev, keys, say)
    for problem in found:
        say(f"BROKEN: {problem}")
    say("the journal is broken" if found else "every record proves itself")
    return 1 if found else 0


def export(data: Path, out: Path | None) -> int:
    """Write every token on a line of its own, oldest chain first, and the SHA-256 of it all.

    Args:
        data: Folder of the terminal's files.
        out: File to write, with the checksum beside it; None for standard output, where the
            checksum goes to standard error.

    Returns:
        The exit code.

    Raises:
        JournalError: The journal cannot be read.
        OSError: The file cannot be written.
    """
    with _open(data) as db:
        lines = (entry.token + b"\n" for entry in _all(db))
        if out is not None:
            with folder(out.absolute().parent) as directory:
                write_export(directory, out.name, lines)
            return 0
        hasher = hashlib.sha256()
        for line in lines:
            hasher.update(line)
            sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()
        sys.stderr.write(f"{hasher.hexdigest()}  -\n")
    return 0


def _verify_chain(db: sqlite3.Connection, chain: str, dev: str, keys: Keys, say: Say) -> list[str]:
    found = []
    before: rows.Entry | None = None
    signer: str | None = None
    count = others = 0
    gone = anchors.anchor(db, chain)
    if gone is not None:
        say(f"chain {chain}: pruned up to {gone.seq}; the server's receipt for that is kept")
    for entry in rows.entries(db, chain, gone.seq + 1 if gone else 1):
        count += 1
        if before is None and gone is None and entry.seq > 1:
            say(f"chain {chain}: begins at {entry.seq}; what was before is not here")
        kid = _kid(entry)
        others += kid not in keys
        try:
            record = check.check_entry(entry, before or gone, dev, keys.get(kid or ""))
            if signer not in (None, kid):
                found.append(f"record {entry.seq} of chain {chain[:8]}: {_OTHER_KEY}")
            signer = next_signer(record, kid)
        except JournalError as problem:
            found.append(str(problem))
            signer = None
        before = entry
    until = f", up to {before.seq}" if before else ""
    say(f"chain {chain}: {count} records{until}, {len(found)} broken")
    if others:
        say(f"chain {chain}: {others} by another key, checked by their links alone")
    return found


def _kid(entry: rows.Entry) -> str | None:
    try:
        return kid_of_token(entry.token)
    except WireError:
        return None


def _readable(entry: rows.Entry) -> str:
    try:
        return payload_of(entry.token).decode("utf-8")
    except (WireError, UnicodeDecodeError):
        return f'{{"unreadable": "{digest(entry.token)}", "seq": {entry.seq}}}'


def _all(db: sqlite3.Connection) -> Iterator[rows.Entry]:
    for chain in rows.chains(db):
        yield from rows.entries(db, chain, 1)


def _open(data: Path) -> AbstractContextManager[sqlite3.Connection]:
    if not (data / FOLDER).exists():
        raise DeviceError(f"{data}: holds no journal yet; run: hailong-terminal run")
    return reading(data / FOLDER)


def _keys(data: Path) -> Keys:
    files = IdentityFiles(data)
    if not files.key.exists():
        raise DeviceError(f"{files.key}: is not there; without the key nothing can be verified")
    return files.public_keys()
