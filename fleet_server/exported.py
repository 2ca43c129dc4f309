"""Files that a terminal exported: signed records, one a line (WIRE.md section 12).

A file comes by hand, so it is checked whole before any of it is taken: a sentence says what is
wrong with one that was cut off, changed, or is something else. Memory stays bounded, whatever its
size. Who vouches for each record is judged later, by the rules for all records.
"""

import hashlib
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from fleet_server.errors import FleetError
from wire import ids
from wire.codec import MAX_PAYLOAD
from wire.envelope import MAX_RUN, MAX_TOKEN, kid_of_token, payload_of
from wire.errors import WireError
from wire.strictjson import parse_object

MAX_BYTES = 1 << 30
"""More than a terminal writes in ten years."""
MAX_CHAINS = MAX_KEYS = 1_000
_MOST_IN_A_RUN = 1_000


class ExportError(FleetError):
    """The file is not what a terminal exported, or not all of it."""


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive records of one chain: ``payload`` is what one message on ``records`` holds."""

    dev: str
    payload: bytes
    records: int


@dataclass
class Contents:
    """What a checked file holds.

    Attributes:
        kids: the keys that its records name, by terminal.
        odd: where and why the first line is no signed record, if one isn't.
    """

    records: int = 0
    chains: set[tuple[str, str]] = field(default_factory=set)
    kids: dict[str, set[str]] = field(default_factory=dict)
    odd: str | None = None


def check(path: Path, read: Callable[[int], object] = int) -> Contents:
    """Read the whole file and return what it holds.

    A terminal whose disk failed may hold bytes that are no record any more but have a place in its
    chain. They are let pass where a checksum vouches that the terminal wrote them so.

    Args:
        path: the file; its checksum is looked for beside it, in ``NAME.sha256``.
        read: called with the number of bytes of each line that was read.

    Raises:
        ExportError: it is not a whole export.
    """
    hasher = hashlib.sha256()
    found = Contents()
    dev = ""
    for number, line in enumerate(_lines(path), 1):
        hasher.update(line)
        read(len(line))
        dev = _note(found, line[:-1], dev, f"{path}, line {number}")
    expected = _checksum(path)
    if expected not in (None, hasher.hexdigest()):
        raise ExportError(
            f"{path}: is not what its checksum says: changed or cut off; copy it again"
        )
    if found.odd is not None and expected is None:
        raise ExportError(found.odd)
    if not found.records:
        raise ExportError(f"{path}: holds no records")
    return found


def runs(path: Path) -> Iterator[Run]:
    """Yield the records of a checked file, in runs as a terminal would send them.

    Raises:
        ExportError: it has been changed since.
    """
    lines: list[bytes] = []
    size, now = 0, ("", "")
    for line in _lines(path):
        place = _place(line[:-1]) or now
        full = size + len(line) > MAX_RUN or len(lines) == _MOST_IN_A_RUN
        if lines and (place != now or full):
            yield Run(now[0], b"\n".join(lines), len(lines))
            lines, size = [], 0
        now = place
        lines.append(line[:-1])
        size += len(line)
    if lines:
        yield Run(now[0], b"\n".join(lines), len(lines))


def _lines(path: Path) -> Iterator[bytes]:
    """Yield the lines with their ends, none longer than a record can be."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise ExportError(f"{path}: is not a file")
        if found.st_size > MAX_BYTES:
            raise ExportError(f"{path}: larger than {MAX_BYTES >> 20} MiB, as no export is")
        with path.open("rb") as file:
            number = 0
            while line := file.readline(MAX_TOKEN + 1):
                number += 1
                if not line.endswith(b"\n"):
                    raise ExportError(f"{path}, line {number}: {_unended(line)}")
                yield line
    except OSError as error:
        raise ExportError(f"{path}: can't be read: {error.strerror or error}") from None


def _unended(line: bytes) -> str:
    if len(line) > MAX_TOKEN:
        return "longer than a record; this is not the export of a terminal"
    return "is cut off in the middle; copy the file again"


def _note(found: Contents, token: bytes, dev: str, where: str) -> str:
    """Note one line; return the terminal that it belongs to.

    Bytes that link but can't be read have a place in a chain, too: they go with those before.
    """
    found.records += 1
    place = _place(token)
    dev = place[0] if place else dev
    try:
        kid = kid_of_token(token)
    except WireError as error:
        found.odd = found.odd or f"{where}: is no signed record ({error})"
        if not dev:
            raise ExportError(found.odd) from None
        return dev
    if not dev:
        raise ExportError(f"{where}: names no terminal; this is not the export of a terminal")
    found.kids.setdefault(dev, set()).add(kid)
    if place is not None:
        found.chains.add(place)
    if len(found.chains) > MAX_CHAINS or len(found.kids[dev]) > MAX_KEYS:
        raise ExportError(f"{where}: more chains or keys than a terminal ever has")
    return dev


def _place(token: bytes) -> tuple[str, str] | None:
    """Return terminal and chain that a token names, if it can be read."""
    try:
        values = parse_object(payload_of(token), MAX_PAYLOAD, floats=True)
    except WireError:
        return None
    dev, chain = values.get("dev"), values.get("chain")
    if not isinstance(dev, str) or not isinstance(chain, str):
        return None
    if not ids.TERMINAL_ID.fullmatch(dev) or not ids.RANDOM_ID.fullmatch(chain):
        return None
    return dev, chain


def _checksum(path: Path) -> str | None:
    """Return what the file beside ``path`` says, None if there is none."""
    beside = path.with_name(f"{path.name}.sha256")
    try:
        with beside.open("rb") as file:
            words = file.read(500).split()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ExportError(f"{beside}: can't be read: {error.strerror or error}") from None
    return words[0].decode("ascii", "replace").lower() if words else ""
