"""An image file, plain or compressed, read once to check it before a card is touched."""

import hashlib
import lzma
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import IO, Protocol, cast

from provisioning.card.partitions import SECTOR, Table, read_table
from provisioning.errors import ProvisioningError
from provisioning.programs import missing

CHUNK = 4 * 1024 * 1024
"""Bytes that are read, written and compared at once: a whole number of a card's erase blocks."""


class Shown(Protocol):
    """Whoever shows a person how far a step is."""

    def begin(self, what: str, total: int) -> None:
        """Begin a step of ``total`` bytes."""

    def move(self, count: int) -> None:
        """Go on by ``count`` bytes."""

    def end(self) -> None:
        """The step is done."""


@dataclass(frozen=True, slots=True)
class Image:
    """An image that was read from its first to its last byte.

    Attributes:
        path: the file.
        size: bytes on the card, uncompressed.
        digests: SHA-256 of each chunk of it, in order.
        table: its partitions.
        listed: a signed manifest or a list of checksums beside the file names it, and agrees.
    """

    path: Path
    size: int
    digests: tuple[bytes, ...]
    table: Table
    listed: bool


class _Read(FileIO):
    """A file that shows to somebody else what is read of it."""

    def __init__(self, path: Path, seen: Callable[[bytes], object]) -> None:
        super().__init__(path)
        self._seen = seen

    def read(self, size: int | None = -1) -> bytes:
        part = super().read(size)
        self._seen(part)
        return part


def check(path: Path, shown: Shown, signed: str | None = None) -> Image:
    """Read a whole image and return what it is; nothing is written anywhere.

    Args:
        path: ``.img``, ``.img.zst`` or ``.img.xz``.
        shown: shows how far it is.
        signed: SHA-256 of the file as a signed manifest tells it; None asks for none.

    Raises:
        ProvisioningError: it can't be read, is cut off, is no image of a card, or its manifest
            or its ``.sha256`` tells another checksum.
    """
    shown.begin("checking", _length(path))
    digests, size, head, before = [], 0, b"", 0
    total = hashlib.sha256()
    for chunk, position in chunks(path, total.update):
        head = head or chunk
        digests.append(hashlib.sha256(chunk).digest())
        size += len(chunk)
        shown.move(position - before)
        before = position
    shown.end()
    listed = _check_sum(path, total.hexdigest(), signed)
    table = read_table(path, head)
    if size % SECTOR or size < table.end:
        raise ProvisioningError(
            f"{path}: cut off; it holds {size} bytes, and its partitions end at {table.end};"
            " copy it again"
        )
    return Image(path, size, tuple(digests), table, listed)


def chunks(
    path: Path, seen: Callable[[bytes], object] = lambda _: None
) -> Iterator[tuple[bytes, int]]:
    """Yield an image, uncompressed, in runs of `CHUNK` bytes; the last may be shorter.

    With each comes how far the file itself was read. ``seen`` is given all bytes of the file: what
    is summed is what was unpacked, however the file reads another time.

    Raises:
        ProvisioningError: it can't be read or decompressed to its end.
    """
    try:
        with _Read(path, seen) as packed:
            with _unpacked(packed, path.suffix) as file:
                while chunk := _exactly(file, CHUNK):
                    yield chunk, os.lseek(packed.fileno(), 0, os.SEEK_CUR)
            while packed.read(CHUNK):
                pass  # what follows an archive is of the file as well
    except (lzma.LZMAError, EOFError):
        raise ProvisioningError(f"{path}: damaged or cut off; copy it again") from None
    except OSError as error:
        raise ProvisioningError(f"{path}: {error.strerror or error}") from None


def _exactly(file: IO[bytes], count: int) -> bytes:
    parts, left = [], count
    while left and (part := file.read(left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _unpacked(packed: FileIO, suffix: str) -> AbstractContextManager[IO[bytes]]:
    if suffix == ".zst":
        return _zstd(packed)
    if suffix == ".xz":
        return lzma.open(packed)
    return nullcontext(cast(IO[bytes], packed))


@contextmanager
def _zstd(packed: FileIO) -> Iterator[IO[bytes]]:
    """Decompress by the system's zstd, which is fed with what we read."""
    outlet, inlet = os.pipe()
    try:
        process = subprocess.Popen(
            ("zstd", "--decompress", "--stdout", "--quiet"),  # noqa: S607  # where the system has it
            stdin=outlet,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except FileNotFoundError:
        os.close(inlet)
        raise missing("zstd") from None
    finally:
        os.close(outlet)
    feeding = threading.Thread(target=_feed, args=(packed, inlet), daemon=True)
    feeding.start()
    try:
        with process, cast(IO[bytes], process.stdout) as out:
            yield out
            if process.wait():
                raise EOFError
    finally:
        feeding.join()


def _feed(packed: FileIO, inlet: int) -> None:
    with suppress(OSError), os.fdopen(inlet, "wb") as into:  # zstd misses what does not come
        while part := packed.read(CHUNK):
            into.write(part)


def _length(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise ProvisioningError(f"{path}: {error.strerror}") from None


def _check_sum(path: Path, found: str, signed: str | None) -> bool:
    """Compare with what was signed, else with ``FILE.sha256`` as sha256sum writes it, if any."""
    beside = path.with_name(f"{path.name}.sha256")
    if signed is None and not beside.exists():
        return False
    try:
        expected = [signed.encode()] if signed else beside.read_bytes().split()[:1]
    except OSError as error:
        raise ProvisioningError(f"{error.filename}: {error.strerror}") from None
    told = "its signed manifest" if signed else beside.name
    if expected != [found.encode()]:
        raise ProvisioningError(f"{path}: not the file that {told} tells of; copy it again")
    return True
