"""The card as bytes: direct writes and reads that no cache stands between, zeros, exclusive use."""

import errno
import fcntl
import mmap
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from provisioning.card.image import CHUNK
from provisioning.card.words import size as in_words
from provisioning.errors import ProvisioningError

_BLKZEROOUT = 0x127F
_BLKRRPART = 0x125F
_BLKFLSBUF = 0x1261
_ALIGNED = 4096
"""What ``O_DIRECT`` wants of offsets and lengths, at most."""
NOT_ALLOWED = "only root may write cards; use sudo"


class Target:
    """An open card. Each error says what happened where, and that the card is of no use."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._file = descriptor
        self._buffer = mmap.mmap(-1, CHUNK)
        self.size = os.lseek(descriptor, 0, os.SEEK_END)

    def write(self, offset: int, data: bytes) -> None:
        """Write ``data``; runs of zeros by the card's own means where it has any.

        Raises:
            ProvisioningError: the card does not take it.
        """
        with self._explained("written", offset):
            if data == bytes(len(data)):
                self._zero(offset, len(data))
                return
            self._buffer[: len(data)] = data
            self._put(offset, len(data))

    def read(self, offset: int, length: int) -> bytes:
        """Read from the card itself.

        Raises:
            ProvisioningError: it can't be read, or is gone.
        """
        padded = min(CHUNK, -(-length // _ALIGNED) * _ALIGNED)
        with self._explained("read", offset), memoryview(self._buffer)[:padded] as buffer:
            if os.preadv(self._file, [buffer], offset) < length:
                raise OSError(errno.EIO, "it ends there")
            return bytes(buffer[:length])

    def flush(self) -> None:
        """Wait until everything is on the card.

        Raises:
            ProvisioningError: it is not.
        """
        with self._explained("written", self.size):
            os.fsync(self._file)

    def forget(self) -> None:
        """Wait until everything is on the card, and let the kernel's cache forget it.

        What another program wrote and then reads is the card's own only after this.

        Raises:
            ProvisioningError: it is not on the card.
        """
        self.flush()
        with suppress(OSError):  # a plain file has no cache of its own
            fcntl.ioctl(self._file, _BLKFLSBUF)

    def reread_table(self) -> None:
        """Let the kernel see the new partitions, if nobody uses the old ones."""
        with suppress(OSError):
            fcntl.ioctl(self._file, _BLKRRPART)

    def _zero(self, offset: int, length: int) -> None:
        try:
            fcntl.ioctl(self._file, _BLKZEROOUT, struct.pack("QQ", offset, length))
        except OSError as error:
            if error.errno not in (errno.ENOTTY, errno.EOPNOTSUPP, errno.EINVAL):
                raise
            self._buffer[:length] = bytes(length)
            self._put(offset, length)

    def _put(self, offset: int, length: int) -> None:
        done = 0
        with memoryview(self._buffer) as buffer:
            while done < length:
                count = os.pwritev(self._file, [buffer[done:length]], offset + done)
                if not count:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                done += count

    @contextmanager
    def _explained(self, what: str, offset: int) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise ProvisioningError(
                f"{self.path}: can't be {what} at {in_words(offset)} ({error.strerror}). Pulled"
                " out, or worn out? Nothing starts from it now: put it in again, or take another"
                " card, and write it anew"
            ) from None


@contextmanager
def opened(path: Path) -> Iterator[Target]:
    """Open a card for this process alone.

    ``O_EXCL`` makes the kernel refuse a device that is mounted, swapped to, or part of a volume,
    whatever was known of it before. ``O_DIRECT`` reads what the card has, not what a cache
    remembers; a plain file in place of a card need not be able to do that.

    Raises:
        ProvisioningError: it is in use, or can't be opened.
    """
    direct = os.O_DIRECT if path.is_block_device() else 0
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_EXCL | direct | os.O_CLOEXEC)
    except OSError as error:
        reason = error.strerror
        if error.errno == errno.EBUSY:
            reason = "in use by this machine; unmount what is on it"
        if error.errno in (errno.EACCES, errno.EPERM):
            reason = NOT_ALLOWED
        raise ProvisioningError(f"{path}: {reason}") from None
    try:
        yield Target(path, descriptor)
    finally:
        os.close(descriptor)
