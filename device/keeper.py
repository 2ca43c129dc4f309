"""What the terminal does beside the counter: chains, time, and what it reports to the uplink.

The uplink finds out what the server holds and what time it is there, and writes it into its own
file; the terminal alone writes the journal. So it is the terminal that begins a new chain when the
server's receipt and the journal have parted, and that journals that its clock was set.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from device.core.health import NOTABLE
from device.journal.former import Former
from device.ports import JournalError
from wire.records import ClockSet, Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from device.clock import SystemClock
    from device.inbox.inboxes import Inboxes
    from device.inbox.store import Finding
    from device.journal.writer import Journal
    from device.wakeup import WakeUp
    from wire.records import ChainReason, ClockSource

_log = logging.getLogger(__name__)

LOOK_EVERY_MS = 1_000
TELL_EVERY_MS = 15_000
_STEP_MS = 500  # a clock that is off by less is not worth a record
_REASONS: dict[str, ChainReason] = {"fork": "fork", "broken": "damage"}


class Keeper:
    """Keeps the journal's chain and the clock in order.

    Args:
        clock: The process's clock.
        journal: The journal's one writer.
        inboxes: What the uplink found out.
        new_chain: Called when a new chain was begun.
        report: Gives what the terminal says in the health report.
        wake: Carries that to the uplink.
        leave_chain: Called before a new chain is begun: what belongs into the old one still can.
    """

    def __init__(
        self,
        clock: SystemClock,
        journal: Journal,
        inboxes: Inboxes,
        new_chain: Callable[[], None],
        report: Callable[[], dict[str, Any]],
        wake: WakeUp,
        leave_chain: Callable[[], None],
    ) -> None:
        self._clock = clock
        self._journal = journal
        self._inboxes = inboxes
        self._new_chain = new_chain
        self._report = report
        self._wake = wake
        self._leave_chain = leave_chain
        self._reported: tuple[int, Any] | None = None
        self._looked_at: int | None = None
        self._learned: int | None = None
        self._offset = clock.wall_ms() - clock.up_ms()
        self._believed = clock.quality() != "unset"
        self._poison: set[tuple[str, int]] = set()

    def turn(self) -> None:
        """Look, at most once a second. What cannot be stored now is tried again."""
        now = self._clock.up_ms()
        if self._looked_at is not None and now - self._looked_at < LOOK_EVERY_MS:
            return
        self._looked_at = now
        try:
            self._look_at_time()
            for finding in self._inboxes.now().findings():
                self._act_on(finding)
        except JournalError as error:
            _log.error("the journal cannot store: %s", error)
        self._tell(now)

    def _tell(self, now: int) -> None:
        """Give the uplink the figures of its health report; at once when one of note is new."""
        figures = self._report()
        notable = [figures.get(name) for name in NOTABLE]
        last = self._reported
        if last is None or last[1] != notable or now - last[0] >= TELL_EVERY_MS:
            self._reported = (now, notable)
            self._wake.ring({"health": figures})

    def _act_on(self, finding: Finding) -> None:
        head = self._journal.head()
        if finding.kind == "poison":
            self._tell_poison(finding)
        elif finding.chain == head.chain:
            self._leave_chain()
            head = self._journal.head()
            former = Former(
                head.chain,
                head.seq,
                head.hash,
                None if finding.token is None else finding.token.decode("ascii"),
                finding.seq if finding.kind == "fork" else None,
                finding.hash,
            )
            begun = self._journal.begin_chain(_REASONS[finding.kind], former)
            _log.warning("%s of chain %s: chain %s begun", finding.kind, head.chain, begun.chain)
            self._journal.append(Fault("fork" if finding.kind == "fork" else "journal", None))
            self._new_chain()

    def _tell_poison(self, finding: Finding) -> None:
        """Record once per start that a record of ours cannot be read."""
        where = (finding.chain, finding.seq)
        if where not in self._poison:
            self._journal.append(Fault("record", f"seq {finding.seq} of {finding.chain}"))
            self._poison.add(where)

    def _look_at_time(self) -> None:
        source: ClockSource = "ntp"
        known = self._inboxes.now().server_time()
        if known is not None and known.at - known.up != self._learned:
            self._learned = known.at - known.up
            self._clock.set_wall(known.at, known.up)
            source = "receipt"
        now, up = self._clock.wall_ms(), self._clock.up_ms()
        before = up + self._offset
        believed = self._clock.quality() != "unset"
        if abs(now - before) >= _STEP_MS or (believed and not self._believed):
            self._journal.append(ClockSet(before, now, source))
        self._offset, self._believed = now - up, believed
