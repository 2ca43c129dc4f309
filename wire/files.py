"""Files that matter are replaced whole or not at all."""

import os
import secrets
from pathlib import Path


def write_atomic(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Put ``data`` at ``path`` so that a power cut leaves the old file or the new one.

    Temporary file beside it, fsync, rename, fsync of the directory. The file has ``mode``
    from the moment it exists: a key is never readable by others, not even for an instant.

    Raises:
        OSError: the file system refuses; ``path``, which it names, is then unchanged.
    """
    try:
        _replace(path, data, mode)
    except OSError as error:
        # Nobody who reads the error knows the temporary file.
        raise OSError(error.errno, error.strerror, str(path)) from None
    fsync_directory(path.parent)


def _replace(path: Path, data: bytes, mode: int) -> None:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def private_folder(folder: Path) -> None:
    """Make a folder, and what is missing above it, for its owner alone; leave one that is there.

    Raises:
        OSError: the file system refuses.
    """
    if not folder.parent.is_dir():
        private_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)


def fsync_directory(directory: Path) -> None:
    """Make renames and removals in ``directory`` durable."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
