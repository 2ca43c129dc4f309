"""What terminals say about themselves: presence, health, hello. Erasable, and no evidence.

All functions that write are to be called in a write transaction, for terminals of the fleet.
"""

from collections.abc import Collection

from fleet_server.core.presence import Seen, follows
from fleet_server.store import changes
from fleet_server.store.models import TerminalStatus
from wire.up import Health, Hello, State


def row(terminal: str) -> TerminalStatus:
    """Return the status row of a terminal, made where there is none."""
    TerminalStatus.insert(terminal=terminal).on_conflict_ignore().execute()
    found: TerminalStatus = TerminalStatus.get(TerminalStatus.terminal == terminal)
    return found


def seen(terminals: Collection[str], now: int) -> None:
    """Remember that these terminals were heard of just now."""
    for terminal in terminals:
        TerminalStatus.insert(terminal=terminal, last_seen=now).on_conflict(
            conflict_target=[TerminalStatus.terminal], update={TerminalStatus.last_seen: now}
        ).execute()


def presence(terminal: str, state: State, now: int) -> bool:
    """Take a birth, a change of state or a last will; False for an old one, which says nothing."""
    held = row(terminal)
    before = Seen(held.boot, held.former_boot, held.connection)
    if not follows(before, state):
        return False
    former = held.boot if held.boot != state.boot else held.former_boot
    TerminalStatus.update(
        state=state.state, state_at=now, boot=state.boot, former_boot=former,
        connection=state.connection,
    ).where(TerminalStatus.terminal == terminal).execute()  # fmt: skip
    changes.note(f"terminal:{terminal}")
    return True


def health(terminal: str, report: Health) -> None:
    """Take a health report."""
    held = row(terminal)
    TerminalStatus.update(
        waiting=report.waiting,
        oldest_waiting_at=report.oldest_waiting_at,
        clock=report.clock,
        firmware=report.firmware,
        health={
            **report.details, "up": report.up, "at": report.at, "boot": report.boot,
            "chain": report.chain, "head_seq": report.head_seq,
        },
    ).where(TerminalStatus.terminal == held.terminal_id).execute()  # fmt: skip
    changes.note(f"terminal:{terminal}")


def hello(terminal: str, said: Hello) -> int:
    """Take a hello's nonce and highest number; return the highest it said before."""
    held = row(terminal)
    TerminalStatus.update(nonce=said.nonce, n_highest=max(said.n_highest, held.n_highest)).where(
        TerminalStatus.terminal == terminal
    ).execute()
    return int(held.n_highest)


def nonce(terminal: str) -> str | None:
    """Return the nonce of the terminal's last hello."""
    return row(terminal).nonce


def next_n(terminal: str, now: int) -> int:
    """Return the next number for what goes down to a terminal, and remember it.

    At least the last one plus one, Unix milliseconds, and what the terminal reported plus one
    (WIRE.md section 5), so that a restored server is still believed.
    """
    held = row(terminal)
    n = max(held.n_issued + 1, now, held.n_highest + 1)
    TerminalStatus.update(n_issued=n).where(TerminalStatus.terminal == terminal).execute()
    return int(n)
