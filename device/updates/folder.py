"""The folder of updates: what uplink and root side tell each other, and what lies between.

The uplink writes ``update.json`` (how far it is), ``request.json`` (what root is asked) and the
bundle; the root side writes ``state.json`` and takes the request away. The folder belongs to the
uplink's user, so the root side believes nothing that lies in it (`device/updates/root.py`).
"""

from __future__ import annotations

import logging
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar, get_args

from device.core.updating_state import STATES, Update
from wire.commands import VERSION, Bundle, bundle_arguments, read_order
from wire.errors import WireError
from wire.fields import Field, Shape, boolean, integer, matching, nullable, one_of, text
from wire.files import fsync_directory, write_atomic
from wire.strictjson import dump, parse_object

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger(__name__)

T = TypeVar("T")
Do = Literal["install", "try", "confirm", "look"]
_MAX_BYTES = 16_384
_VERSION = "a version such as 1.4.0"


@dataclass(frozen=True, slots=True)
class Request:
    """What the root side is asked to do, once.

    Attributes:
        id: Names this request; the answer has it.
        do: ``install`` the bundle into the other slot, ``try`` that slot at the next start,
            ``confirm`` the one that runs, or ``look`` and say what runs.
        version: Of the bundle.
    """

    id: str
    do: Do
    version: str


@dataclass(frozen=True, slots=True)
class RootState:
    """What the root side said last.

    Attributes:
        boot: Id of the machine's boot in which it said so.
        trial: The slot that runs is not good for good yet.
        request: The request that it answered last, or None.
        error: Why that failed; empty when it was done.
    """

    boot: str
    trial: bool
    request: str | None = None
    error: str = ""


_REQUEST: Shape[Request] = Shape(
    Request,
    {"id": text(120), "do": one_of(*get_args(Do)), "version": matching(VERSION, _VERSION)},
)
_STATE: Shape[RootState] = Shape(
    RootState,
    {
        "boot": text(40),
        "trial": boolean(),
        "request": nullable(text(120)),
        "error": text(400, 0),
    },
)


def _bundle() -> Field:
    def read(value: object) -> Bundle:
        bundle = read_order("update", value).bundle if isinstance(value, dict) else None
        if bundle is None:
            raise WireError("must be a bundle")
        return bundle

    return Field(read, bundle_arguments)


_UPDATE: Shape[Update] = Shape(
    Update,
    {
        "n": integer(0, 2**63 - 1),
        "bundle": _bundle(),
        "state": one_of(*STATES),
        "reason": text(400, 0),
        "boot": text(40, 0),
        "since": integer(0, 2**63 - 1),
        "heard": boolean(),
        "trials": integer(-1, 100),
    },
)


class UpdateFolder:
    """The files of updates in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bundle = folder / "bundle.raucb"
        self.request = folder / "request.json"
        self.state = folder / "state.json"
        self._update = folder / "update.json"

    def part(self, sha256: str) -> Path:
        """Return the file into which a bundle is fetched."""
        return self.folder / f"{sha256}.part"

    def read_update(self) -> Update | None:
        """Return the update under way or the last one; None where there is none to be read."""
        return _read(self._update, _UPDATE)

    def write_update(self, update: Update) -> None:
        """Store how far an update is.

        Raises:
            OSError: The file system refuses.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        _write(self._update, _UPDATE, update, 0o600)

    def read_request(self) -> Request | None:
        """Return what the root side is asked; None where nothing can be read."""
        return _read(self.request, _REQUEST)

    def write_request(self, request: Request) -> None:
        """Ask the root side.

        Raises:
            OSError: The file system refuses.
        """
        _write(self.request, _REQUEST, request, 0o600)

    def read_state(self) -> RootState | None:
        """Return what the root side said last."""
        return _read(self.state, _STATE)

    def write_state(self, state: RootState) -> None:
        """Say, as root, what runs and what became of the request; all may read it.

        Raises:
            OSError: The file system refuses.
        """
        _write(self.state, _STATE, state, 0o644)

    def free(self, sha256: str) -> int:
        """Return how many bytes a download may fill, with what it has already.

        Raises:
            OSError: The file system refuses.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.part(sha256)
        had = part.stat().st_size if part.exists() else 0
        return shutil.disk_usage(self.folder).free + had

    def clear(self, keep: str | None = None) -> None:
        """Delete fetched bundles, but for the part of the one with the hash ``keep``."""
        for path in [self.bundle, *self.folder.glob("*.part")]:
            if keep is None or path != self.part(keep):
                path.unlink(missing_ok=True)
        if self.folder.exists():
            fsync_directory(self.folder)


def _read(path: Path, shape: Shape[T]) -> T | None:
    """Return what a file holds, following no link; None and a line in the log where it can't."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            return shape.read(parse_object(file.read(_MAX_BYTES + 1), _MAX_BYTES))
    except FileNotFoundError:
        return None
    except (OSError, WireError) as error:
        log.error("%s cannot be used: %s", path, error)
        return None


def _write(path: Path, shape: Shape[T], thing: T, mode: int) -> None:
    write_atomic(path, dump(shape.write(thing)), mode)
