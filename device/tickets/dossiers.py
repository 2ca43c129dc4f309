"""Dossier codes on their way to the server: small files beside the journal, never in it.

A record can't be deleted, so what may be personal must not be in one. The terminal writes a file
for each visit; the uplink sends it once the server holds the visit's record, and deletes it. A
file tells where in the journal that record is at the latest.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from device.ports import JournalError
from wire import fields, ids
from wire.errors import WireError
from wire.fields import Shape, integer, matching, optional, text
from wire.files import write_atomic
from wire.strictjson import parse_object
from wire.tickets import MAX_DOSSIER

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from device.journal.rows import Head
    from device.ports import Clock

_log = logging.getLogger(__name__)

FOLDER = "visits"
MOST = 10_000
KEPT_MS = 30 * 24 * 3600 * 1000
_SUFFIX = ".json"
_LONGEST = 1024


@dataclass(frozen=True, slots=True)
class Dossier:
    """What one file holds.

    Attributes:
        visit: Id of the visit, which is also the file's name.
        dossier: Code of its dossier.
        chain: Of the journal; the visit's record is there at ``seq`` or before.
        at: When it was written, Unix milliseconds; None if the clock was not believed.
    """

    visit: str
    dossier: str
    chain: str
    seq: int
    at: int | None = None


_SHAPE = Shape(
    Dossier,
    {
        "visit": matching(ids.VISIT_ID, "a visit id"),
        "dossier": text(MAX_DOSSIER),
        "chain": matching(ids.RANDOM_ID, "a chain"),
        "seq": integer(0, fields.MAX_SEQ),
        "at": optional(integer(0, fields.MAX_SEQ)),
    },
)


class Spool:
    """The files under ``data``.

    Args:
        data: Folder of the terminal's files.
    """

    def __init__(self, data: Path) -> None:
        self._folder = data / FOLDER
        self.dropped = 0

    def put(self, dossier: Dossier) -> None:
        """Write a file durably; where there are too many, the oldest goes.

        Raises:
            OSError: It could not be written.
        """
        self._folder.mkdir(mode=0o700, exist_ok=True)
        files = self._files()
        if len(files) >= MOST and not self._path(dossier.visit).exists():
            min(files, key=lambda path: path.stat().st_mtime_ns).unlink(missing_ok=True)
            self.dropped += 1
        values = {name: value for name, value in asdict(dossier).items() if value is not None}
        write_atomic(self._path(dossier.visit), json.dumps(values).encode(), mode=0o600)

    def visits(self) -> list[str]:
        """Return the visits that have a file."""
        return sorted(path.name.removesuffix(_SUFFIX) for path in self._files())

    def get(self, visit: str) -> Dossier | None:
        """Return what a visit's file holds; None if there is none, or it is damaged."""
        path = self._path(visit)
        try:
            with path.open("rb") as file:
                return _SHAPE.read(parse_object(file.read(_LONGEST + 1), _LONGEST))
        except FileNotFoundError:
            return None
        except WireError as error:
            _log.error("%s is damaged and deleted: %s", path.name, error)
            path.unlink(missing_ok=True)
            return None

    def remove(self, dossier: Dossier) -> None:
        """Delete a file, unless the visit has another dossier by now."""
        if self.get(dossier.visit) == dossier:
            self._path(dossier.visit).unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        return list(self._folder.glob(f"*{_SUFFIX}"))

    def _path(self, visit: str) -> Path:
        return self._folder / f"{visit}{_SUFFIX}"


class DossierKeeper:
    """The terminal's side: writes a dossier down once its visit's record is in the journal.

    Args:
        spool: The files.
        head: Gives the newest record of the journal.
        clock: The time.
    """

    def __init__(self, spool: Spool, head: Callable[[], Head], clock: Clock) -> None:
        self._spool = spool
        self._head = head
        self._clock = clock
        self._unkept = 0

    def keep(self, visit: str, dossier: str) -> bool:
        """Write it down durably; return False if that can't be done now."""
        at = None if self._clock.quality() == "unset" else self._clock.wall_ms()
        try:
            head = self._head()
            self._spool.put(Dossier(visit, dossier, head.chain, head.seq, at))
        except (OSError, JournalError) as error:
            self._unkept += 1
            _log.error("the dossier of visit %s cannot be kept: %s", visit, error)
            return False
        return True

    def report(self) -> dict[str, Any]:
        """Return how many dossiers were lost."""
        counts = {"unkept": self._unkept, "dropped": self._spool.dropped}
        return {"dossiers": {what: count for what, count in counts.items() if count}}
