"""What keeps the journal in order beside its records, a little at a time: fold, prune, check."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from device.core.checking import EVERY_MS
from device.journal.database import DamagedError
from device.journal.folding import AT_REST
from device.ports import JournalError

if TYPE_CHECKING:
    from collections.abc import Callable

    from device.journal.checker import Checker
    from device.journal.file import JournalFile
    from device.journal.pruner import Pruner
    from device.journal.troubles import Troubles
    from device.ports import Clock

_log = logging.getLogger(__name__)
_AFTER_AN_ERROR_MS = 60_000


class Care:
    """Takes its turns in the main loop; each lasts a few milliseconds at most.

    Args:
        clock: The time.
        file: Its log is folded in.
        pruner: Deletes what may go.
        checker: Looks at what is held.
        troubles: Counts what could not be stored.
        quiet: Says whether nobody has pressed for a while. Without quiet only a disk that is
            nearly full is attended to.
    """

    def __init__(
        self,
        clock: Clock,
        file: JournalFile,
        pruner: Pruner,
        checker: Checker,
        troubles: Troubles,
        quiet: Callable[[], bool],
    ) -> None:
        self._clock = clock
        self._file = file
        self._pruner = pruner
        self._checker = checker
        self._troubles = troubles
        self._quiet = quiet
        self._next_at = 0

    def turn(self) -> None:
        """Do a little, at most four times a second."""
        now = self._clock.up_ms()
        if now < self._next_at:
            return
        self._next_at = now + EVERY_MS
        quiet = self._quiet()
        try:
            self._work(quiet)
        except JournalError as error:
            _log.error("the journal cannot be looked after now: %s", error)
            self._next_at = now + _AFTER_AN_ERROR_MS

    def _work(self, quiet: bool) -> None:
        try:
            self._pruner.turn(quiet=quiet)
            if quiet:
                self._file.fold(AT_REST)
                self._checker.turn()
        except DamagedError as damage:
            self._checker.mend(str(damage))

    def report(self) -> dict[str, Any]:
        """Return what the health report says of the journal."""
        return {**self._checker.report(), **self._troubles.report()}
