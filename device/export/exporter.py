"""Exporting, in a thread of its own: a stick may take seconds to write, and no press waits for it.

The thread looks for sticks, reads the journal as any other process would, and tells the main loop
what to show. It writes nothing but the stick and the memory of what was exported.
"""

from __future__ import annotations

import errno
import logging
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from device.core import exporting
from device.core.exporting import Notice, Part
from device.export import memory, sticks
from device.journal.disk import trouble_in
from device.journal.exportfile import exists, write_export
from device.ports import JournalError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from device.core.exporting import Outcome, Stick
    from device.core.view import Trouble
    from device.journal.reader import JournalReader
    from device.ports import Clock
    from device.settings import ExportSettings

    Tell = Callable[[Notice | None], None]

_log = logging.getLogger(__name__)
_PAGE = 200
_NAMES = 100
_JOIN_S = 5.0
_OUTCOMES: dict[Trouble, Outcome] = {"full": "full", "read_only": "read_only"}


class _StoppedError(Exception):
    """The terminal ends in the middle of an export."""


class Exporter:
    """Exports to each stick once, as long as it is in.

    Args:
        data: Folder of the terminal's files.
        settings: Where sticks are mounted, and which may have the journal; none without a code.
        dev: Terminal id.
        reader: The journal.
        clock: Gives the file its name.
        tell: Called in the thread with what is to be shown, None for nothing more.
    """

    def __init__(
        self,
        data: Path,
        settings: ExportSettings,
        dev: str,
        reader: JournalReader,
        clock: Clock,
        tell: Tell,
    ) -> None:
        self._data = data
        self._folder = settings.folder
        self._code = settings.code_sha256
        self._dev = dev
        self._reader = reader
        self._clock = clock
        self._tell = tell
        self._seen: frozenset[Stick] = frozenset()
        self._shown: Stick | None = None
        self._looks_left = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="export", daemon=True)

    def start(self) -> None:
        """Begin to look for sticks, if any may have the journal."""
        if self._code:
            self._thread.start()

    def stop(self) -> None:
        """End the thread; one that hangs in a broken stick is left behind."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(_JOIN_S)

    def _run(self) -> None:
        while not self._stopping.wait(exporting.LOOK_EVERY_S):
            self.look()

    def look(self) -> None:
        """Look for sticks, and export to one that is new."""
        found = sticks.find(self._folder, self._code)
        stick, self._seen = exporting.choose(found, self._seen)
        if stick is not None:
            self._show(stick)
        elif self._shown is not None:
            self._looks_left -= 1
            if self._shown not in found or self._looks_left <= 0:
                self._shown = None
                self._tell(None)

    def _show(self, stick: Stick) -> None:
        self._shown, self._looks_left = stick, exporting.SHOWN_LOOKS
        try:
            count, outcome = self._export(stick)
        except _StoppedError:
            return
        except (OSError, JournalError) as error:
            # A journal that cannot be read says nothing of the stick.
            of_stick = trouble_in(error) if isinstance(error, OSError) else "other"
            count, outcome = 0, _OUTCOMES.get(of_stick, "failed")
            _log.warning("the journal cannot be exported to %.40r: %s", stick.name, error)
        self._tell(Notice(count, count, outcome))

    def _export(self, stick: Stick) -> tuple[int, Outcome]:
        """Write what is new onto the stick, and remember it; return how much that was."""
        before = memory.read(self._data)
        spans = self._reader.chains()
        held = [Part(span.chain, span.oldest_seq, span.newest_seq) for span in spans]
        parts = exporting.parts(held, {} if stick.everything else self._agreed(before))
        if not parts:
            return 0, "nothing"
        with sticks.opened(self._folder, stick) as directory:
            write_export(directory, self._free_name(directory), self._lines(parts))
        self._remember({span.chain: (span.newest_seq, span.newest_hash) for span in spans})
        total = _count(parts)
        _log.info("%d records exported", total)
        return total, "done"

    def _remember(self, exported: memory.Exported) -> None:
        try:
            memory.write(self._data, exported)
        except OSError as error:
            _log.warning("the next stick gets the same records again: %s", error)

    def _agreed(self, before: memory.Exported) -> dict[str, int]:
        """Return what was exported, as far as it is what the journal holds: the card may be older.

        Of what is pruned nothing can be exported again.
        """
        return {
            chain: seq
            for chain, (seq, digest) in before.items()
            if self._reader.hash_at(chain, seq) == digest
        }

    def _lines(self, parts: list[Part]) -> Iterator[bytes]:
        done, total = 0, _count(parts)
        for part in parts:
            seq = part.first
            while seq <= part.last:
                self._tell(Notice(done, total))
                page = self._reader.page(part.chain, seq, min(_PAGE, part.last - seq + 1))
                if not page:
                    break
                for entry in page:
                    if self._stopping.is_set():
                        raise _StoppedError
                    yield entry.token + b"\n"
                done += len(page)
                seq = page[-1].seq + 1

    def _free_name(self, directory: int) -> str:
        """Return a name that nothing on the stick has; by the time, if that is known."""
        at = datetime.fromtimestamp(self._clock.wall_ms() / 1000, UTC)
        known = self._clock.quality() != "unset"
        moment = f"{at:%Y%m%dT%H%M%SZ}" if known else f"boot-{self._clock.boot_id[:8]}"
        for number in range(1, _NAMES):
            tail = "" if number == 1 else f"-{number}"
            name = f"hailong-{self._dev}-{moment}{tail}.records"
            if not exists(directory, name) and not exists(directory, f"{name}.sha256"):
                return name
        raise FileExistsError(errno.EEXIST, "too many files of this name")


def _count(parts: list[Part]) -> int:
    return sum(part.last - part.first + 1 for part in parts)
