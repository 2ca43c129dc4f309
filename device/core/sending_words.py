"""What the rules of sending speak of: state, events that come in, actions that go out.

All frozen; times are ``up`` milliseconds. The rules are in ``sending.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

STALLED = 3
"""Times that all was in vain before the next chain may go."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long to wait; milliseconds.

    Attributes:
        receipt_ms: For a receipt, before the first repetition.
        cap_ms: The longest back-off.
        ask_ms: Least time between two hellos that doubtful receipts cause.
        hello_ms: Between the regular hellos.
    """

    receipt_ms: int = 10_000
    cap_ms: int = 60_000
    ask_ms: int = 5_000
    hello_ms: int = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Chain:
    """One chain of the journal, as far as sending goes.

    Attributes:
        chain: Its id.
        newest: Its newest record in the journal.
        held: The server holds all up to here, as far as is known.
        apart: The server holds all up to here on a branch apart, as disputed.
        next: The next record to send.
        n: Of the last receipt obeyed, -1 before any.
        runs: The last position of each run in flight.
        end: The first record that cannot be sent, if one can't.
        forked: The server's head is not in this journal.
        seen: Forked: the position of that head.
        fence: Forked: all up to here was sent before the last hello.
        judged: Forked: the server has judged all up to here, as known or apart.
        answered: A receipt with the current nonce came.
        resent: The position from which a ``resend`` was obeyed last.
        fruitless: How often all was in vain although the server answered.
    """

    chain: str
    newest: int
    held: int = 0
    apart: int = 0
    next: int = 1
    n: int = -1
    runs: tuple[int, ...] = ()
    end: int | None = None
    forked: bool = False
    seen: int = 0
    fence: int = 0
    judged: int = 0
    answered: bool = False
    resent: int | None = None
    fruitless: int = 0

    @property
    def last(self) -> int:
        """The last position that can be sent."""
        return self.newest if self.end is None else min(self.newest, self.end - 1)

    @property
    def reached(self) -> int:
        """The server has everything up to here, in the chain or apart."""
        return max(self.held, self.apart, self.judged)

    @property
    def done(self) -> bool:
        """True when there is nothing to do for this chain now."""
        return self.reached >= self.last or self.fruitless >= STALLED


@dataclass(frozen=True, slots=True)
class Sending:
    """All that the next event's effect depends on.

    Attributes:
        pace: How long to wait.
        chains: Oldest first.
        connected: There is a connection.
        nonce: Of the last hello of this connection.
        hello_at: When that was sent.
        ask_at: When to ask about a receipt that came too soon after the last hello.
        deadline: When to stop waiting for a receipt.
        failures: Deadlines passed in a row.
        probing: Only probes are sent until a receipt comes.
    """

    pace: Pace = Pace()
    chains: tuple[Chain, ...] = ()
    connected: bool = False
    nonce: str | None = None
    hello_at: int = 0
    ask_at: int | None = None
    deadline: int | None = None
    failures: int = 0
    probing: bool = False

    @property
    def due(self) -> int | None:
        """When the next `Tick` has something to do, apart from the regular hello."""
        return min((at for at in (self.deadline, self.ask_at) if at is not None), default=None)


@dataclass(frozen=True, slots=True)
class Moment:
    """Now, a nonce that may be used, and a random fraction from 0 up to 1."""

    up: int
    nonce: str
    jitter: float


# ---- events ----


@dataclass(frozen=True, slots=True)
class Connected:
    """The broker took the connection; own topics are subscribed."""


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The connection is gone."""


@dataclass(frozen=True, slots=True)
class JournalRead:
    """The journal's chains with their newest positions, oldest chain first.

    Attributes:
        newest: Chain and newest position.
        receipts: Of chains that were not known before: chain, ``n`` of the last receipt, and what
            it says is held, as far as the journal bears it out.
    """

    newest: tuple[tuple[str, int], ...]
    receipts: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class RunSent:
    """Records up to ``last`` of ``chain`` were given to the connection."""

    chain: str
    last: int


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The record at ``seq`` cannot be sent."""

    chain: str
    seq: int


@dataclass(frozen=True, slots=True)
class ReceiptCame:
    """A verified receipt.

    Attributes:
        chain: The chain it is for.
        n: Its number.
        seq: Position of the server's head.
        nonce: Of the hello it answers.
        ours: The journal has this very record at ``seq``.
        resend: What came left a gap.
        apart: The highest position of the journal's that is among the heads held apart, else 0.
    """

    chain: str
    n: int
    seq: int
    nonce: str | None
    ours: bool
    resend: bool = False
    apart: int = 0


@dataclass(frozen=True, slots=True)
class HelloWanted:
    """The server asks for a hello."""


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed."""


Event: TypeAlias = (
    Connected | Disconnected | JournalRead | RunSent | Unreadable | ReceiptCame | HelloWanted | Tick
)


# ---- actions ----


@dataclass(frozen=True, slots=True)
class SendHello:
    """Publish a hello with this nonce."""

    nonce: str


@dataclass(frozen=True, slots=True)
class SendRun:
    """Publish a run of up to ``limit`` records from ``first`` on, then report `RunSent`."""

    chain: str
    first: int
    limit: int


@dataclass(frozen=True, slots=True)
class KeepReceipt:
    """The receipt just given moved what is held: store it."""


@dataclass(frozen=True, slots=True)
class MarkFork:
    """Tell the terminal that the server's head of ``chain`` is not in the journal."""

    chain: str


Action: TypeAlias = SendHello | SendRun | KeepReceipt | MarkFork
Step: TypeAlias = tuple[Sending, tuple[Action, ...]]
