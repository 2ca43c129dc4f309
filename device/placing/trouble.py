"""What is wrong with a card or its enrolment file, kept for the screen and the log."""

from __future__ import annotations

import errno
import json
import re
from pathlib import Path
from typing import get_args

from device.core.view import Unplaced
from device.errors import DeviceError, sentence

FILE = "site-error.json"
NEW_CARD = 3
"""Exit code where only the enrolment file is missing; the unit does not call that a failure."""
_FIELD = re.compile(r"((?:[A-Za-z0-9_-]{1,40}: ){1,3})(.+)", re.DOTALL)
_SHOWN = 200
_KERNEL = Path("/sys/class/block")
_DISK: dict[int, Unplaced] = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EROFS: "read_only",
    errno.EACCES: "read_only",
    errno.EPERM: "read_only",
}


class SiteError(DeviceError):
    """The terminal can't be given its place; the text says why and what to do.

    Attributes:
        what: Which of the words on the screen says it.
        field: Key of the enrolment file that is wrong, as ``wifi.passphrase``.
    """

    def __init__(self, message: str, what: Unplaced, field: str = "") -> None:
        super().__init__(message)
        self.what = what
        if what == "no_file":
            self.exit_code = NEW_CARD
        self.field = field


def in_file(path: Path, reason: str) -> SiteError:
    """Return the error of an enrolment file; ``reason`` names the key where one is wrong."""
    named = _FIELD.match(reason)
    if named is None:
        return SiteError(f"{path}: {reason}; make the file anew", "not_toml")
    field = ".".join(named[1].rstrip(": ").split(": "))
    return SiteError(
        f"{path}: {field} {named[2]}; correct it, or make the file anew", "field", field
    )


def without_data(device: Path) -> SiteError:
    """Return the error of a data partition that could not be mounted.

    Args:
        device: Its block device, or a link to it.
    """
    refuses = _KERNEL / device.resolve().name / "ro"
    if refuses.is_file() and refuses.read_text().strip() == "1":
        return SiteError(f"{device}: can only be read, and needs to be mended first", "read_only")
    return SiteError(f"{device}: cannot be mounted", "no_data")


def in_storage(error: OSError) -> SiteError:
    """Return the error of a disk that refuses."""
    what = _DISK.get(error.errno or 0, "other")
    return SiteError(f"{sentence(error)}; nothing was changed that is not complete", what)


def dump(error: SiteError) -> bytes:
    """Return what the terminal reads of an error."""
    said = {"what": error.what, "field": error.field, "why": str(error)}
    return json.dumps(said, ensure_ascii=False).encode()


def read(folder: Path) -> SiteError | None:
    """Return the error that was kept in a folder, None where there is none."""
    try:
        said = json.loads((folder / FILE).read_bytes())
        what, field, why = said["what"], str(said["field"])[:_SHOWN], str(said["why"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    return SiteError(why, what if what in get_args(Unplaced) else "other", field)
