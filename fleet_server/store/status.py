"""What terminals say about themselves: presence, health, hello. Erasable, and no evidence.

All functions that write are to be called in a write transaction, for terminals of the fleet.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from fleet_server.core.ailments import ailments, since_when
from fleet_server.core.health import SILENT_MS, STUCK_MS
from fleet_server.core.presence import Seen, follows
from fleet_server.core.times import clamp
from fleet_server.store import changes, history, outbox
from fleet_server.store.models import TerminalStatus
from fleet_server.store.sql import ask, marks, run_many
from wire.up import Health, Hello, State

HIGHEST = 2**62
"""What a terminal says about its highest number is believed up to here: so that a lie can't use
up the numbers. What we issue ourselves may go beyond."""


@dataclass
class Contact:
    """A terminal that was heard of in this batch: its numbers, and what came of its records.

    Attributes:
        state: what it said last; ``last_seen`` when anything was heard of it before this batch.
        nonce: of its last hello.
        n_highest: the highest number it says it obeyed; ``n_issued`` the highest we gave out.
        repeated, gaps, refused: records of this batch.
    """

    terminal: str
    nonce: str | None = None
    n_highest: int = 0
    n_issued: int = 0
    repeated: int = 0
    gaps: int = 0
    refused: int = 0
    state: str | None = None
    last_seen: int | None = None

    def hello(self, said: Hello) -> bool:
        """Take a hello; True if it obeyed a number we know nothing of, so we were restored."""
        self.nonce = said.nonce
        self.n_highest = max(self.n_highest, min(said.n_highest, HIGHEST))
        return said.n_highest > self.n_issued

    def next_n(self, now: int) -> int:
        """Return the next number for what goes down (WIRE.md section 5), from Unix milliseconds."""
        self.n_issued = max(self.n_issued + 1, now, self.n_highest + 1)
        return self.n_issued


def contacts(terminals: Collection[str]) -> dict[str, Contact]:
    """Return what is known of these terminals, for those never heard of too."""
    found = {terminal: Contact(terminal) for terminal in terminals}
    text = (
        "SELECT terminal_id, nonce, n_highest, n_issued, state, last_seen FROM terminal_status "
        f"WHERE terminal_id IN {marks(list(terminals))}"
    )
    for terminal, nonce, n_highest, n_issued, state, seen in ask(text, *terminals):
        found[terminal] = Contact(terminal, nonce, n_highest, n_issued, state=state, last_seen=seen)
    return found


def keep(heard: Collection[Contact], now: int) -> None:
    """Store what was heard, and that it was heard now; who was silent before, was so until now."""
    for contact in heard:
        silent = contact.last_seen is not None and now - contact.last_seen > SILENT_MS
        if silent and contact.state not in history.ABSENCES:
            history.was_silent(contact.terminal, contact.last_seen or 0, now)
    text = (
        "INSERT INTO terminal_status (terminal_id, state, last_seen, nonce, n_highest, n_issued, "
        "repeated, gaps, refused) VALUES (?, 'init', ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (terminal_id) DO UPDATE SET last_seen = excluded.last_seen, "
        "nonce = excluded.nonce, n_highest = excluded.n_highest, n_issued = excluded.n_issued, "
        "repeated = terminal_status.repeated + excluded.repeated, "
        "gaps = terminal_status.gaps + excluded.gaps, "
        "refused = terminal_status.refused + excluded.refused"
    )
    run_many(
        text,
        [
            (c.terminal, now, c.nonce, c.n_highest, c.n_issued, c.repeated, c.gaps, c.refused)
            for c in heard
        ],
    )


def number(told: Iterable[Contact]) -> None:
    """Store the numbers that were given out to terminals we have not heard of just now."""
    for contact in told:
        _row(contact.terminal)
        TerminalStatus.update(n_issued=contact.n_issued).where(
            TerminalStatus.terminal == contact.terminal
        ).execute()


def issue_number(terminal: str, now: int) -> int:
    """Return the next number for an object that goes down to a terminal, and remember it."""
    held = _row(terminal)
    n = Contact(terminal, None, held.n_highest, held.n_issued).next_n(now)
    TerminalStatus.update(n_issued=n).where(TerminalStatus.terminal == terminal).execute()
    return n


def presence(terminal: str, state: State, now: int) -> bool:
    """Take a birth, a change of state or a last will; False for an old one, which says nothing."""
    held = _row(terminal)
    if not follows(Seen(held.boot, held.former_boot, held.connection), state):
        return False
    former = held.boot if held.boot != state.boot else held.former_boot
    TerminalStatus.update(
        state=state.state,
        state_at=now,
        boot=state.boot,
        former_boot=former,
        connection=state.connection,
    ).where(TerminalStatus.terminal == terminal).execute()
    history.turned(
        terminal,
        history.holding(held.state, held.health),
        history.holding(state.state, held.health),
        now,
    )
    if held.boot != state.boot:
        history.note(terminal, "first" if held.boot is None else "boot", {}, now)
    changes.note(f"terminal:{terminal}", changes.FLEET)
    if state.state != held.state:
        _tell(terminal, state.state, held.state, now)
    return True


def _tell(terminal: str, state: str, former: str, now: int) -> None:
    if outbox.is_awaited("terminal.state_changed"):
        place = outbox.place_of(terminal)
        data = {
            "terminal": terminal,
            "counter": place.counter,
            "unit": place.unit,
            "state": state,
            "former": former,
        }
        outbox.tell("terminal.state_changed", data, now, place)


def health(terminal: str, report: Health, day: str, now: int) -> None:
    """Take a health report. Its times are kept within what calendars can show, as records' are.

    Beside what the terminal says is held since when what is wrong, is wrong (``ailing``), and
    whether its records have waited for too long (``behind``); it can't say these itself.

    Args:
        terminal: its id.
        report: what it says.
        day: the service day.
        now: Unix milliseconds.
    """
    held = _row(terminal)
    oldest = None if report.oldest_waiting_at is None else clamp(report.oldest_waiting_at)
    behind = bool(report.waiting) and oldest is not None and now - oldest > STUCK_MS
    former: dict[str, Any] = held.health or {}
    before = since_when(former)
    ailing = {one: before.get(one, now) for one in ailments(report.details)}
    said = {
        **report.details,
        "up": report.up,
        "at": report.at,
        "boot": report.boot,
        "chain": report.chain,
        "head_seq": report.head_seq,
        "ailing": ailing,
        "behind": behind,
    }
    TerminalStatus.update(
        waiting=report.waiting,
        oldest_waiting_at=oldest,
        clock=report.clock,
        firmware=report.firmware,
        health=said,
    ).where(TerminalStatus.terminal == held.terminal_id).execute()
    news = history.compare(terminal, former, said, now)
    news |= history.turned(
        terminal, history.holding(held.state, former), history.holding(held.state, said), now
    )
    if held.firmware not in (None, report.firmware):
        history.note(terminal, "firmware", {"from": held.firmware, "to": report.firmware}, now)
    if behind or report.waiting > (held.waiting or 0):
        history.waited(terminal, day, report.waiting, 0 if oldest is None else now - oldest)
    news |= held.clock != report.clock
    changes.note(f"terminal:{terminal}", *[changes.FLEET] * news)


def _row(terminal: str) -> TerminalStatus:
    TerminalStatus.insert(terminal=terminal).on_conflict_ignore().execute()
    found: TerminalStatus = TerminalStatus.get(TerminalStatus.terminal == terminal)
    return found
