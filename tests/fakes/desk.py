"""A terminal's records as ingest stores them, for tests of what they mean."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from fleet_server.core.verdicts import TakenRecord
from fleet_server.store import intake, places
from fleet_server.store.database import writing
from fleet_server.store.models import Chain, Counter, Record, Unit
from wire import records
from wire.codec import encode, type_of
from wire.envelope import digest, root_hash, seal
from wire.ids import new_id
from wire.keys import generate

SAIGON: tzinfo = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = "2026-11-22"
SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000
NINE = int(datetime(2026, 11, 22, 2, tzinfo=UTC).timestamp()) * 1_000
"""Nine o'clock of that day in Saigon."""
KEY = generate()


def add_counter(code: str) -> Counter:
    """Add a counter, in the one unit there is."""
    unit = Unit.get_or_none(Unit.code == "U") or places.add_unit("U", "The unit")
    return places.add_counter(code, f"Counter {code}", unit.id)


class Desk:
    """One terminal at a counter. Times are milliseconds after nine o'clock."""

    def __init__(self, terminal: str = "t-1", counter: str = "C1", known: bool = True) -> None:
        """Add the terminal, and the counter unless it is to be unknown."""
        self.counter = counter
        row = Counter.get_or_none(Counter.code == counter)
        if row is None and known:
            row = add_counter(counter)
        self.terminal = places.add_terminal(terminal, row.id if row else None, 0)
        self.boot = new_id()
        self.booted = 0
        self.clock: records.ClockQuality = "synced"
        self.chain = self.new_chain()

    @property
    def seq(self) -> int:
        """The last record's place in the chain."""
        return int(self.chain.head_seq)

    def new_chain(self) -> Chain:
        """Begin a chain, with its first record stored."""
        chain = new_id()
        self.chain = Chain.create(
            terminal=self.terminal,
            chain_id=chain,
            kid="",
            head_seq=0,
            head_hash=root_hash(chain),
            opened_at=0,
            start_reason="first",
        )
        self.store(records.ChainStart("first"), 0)
        return self.chain

    def reboot(self, minutes: float, clock: records.ClockQuality = "synced") -> None:
        """Boot again, some minutes after nine."""
        self.boot, self.booted, self.clock = new_id(), int(minutes * MINUTE), clock

    def write(
        self,
        body: records.Body,
        after: float,
        disputed: bool = False,
        received: float | None = None,
        branch: int = 0,
    ) -> int:
        """Store a record made ``after`` nine and take its meaning; return its row."""
        taken = self.store(body, after, disputed, received, branch)
        with writing():
            intake.apply_batch(
                [(self.chain, [taken])], NINE + int(after if received is None else received), SAIGON
            )
        return taken.record_id

    def store(
        self,
        body: records.Body,
        after: float,
        disputed: bool = False,
        received: float | None = None,
        branch: int = 0,
    ) -> TakenRecord:
        """Store a record without taking its meaning."""
        chain = self.chain
        chain.head_seq += 1
        at = NINE + int(after)
        stamp = records.Stamp(
            dev=self.terminal.id,
            chain=chain.chain_id,
            seq=chain.head_seq,
            prev=chain.head_hash,
            boot=self.boot,
            up=max(0, int(after) - self.booted),
            at=at if self.clock != "unset" else 0,
            clock=self.clock,
        )
        record = records.Record(stamp, body)
        jws = seal(encode(record), KEY)
        chain.head_hash = digest(jws)
        row = Record.create(
            chain=chain,
            seq=stamp.seq,
            branch=branch,
            hash=chain.head_hash,
            type=type_of(record),
            jws=jws,
            received_at=at if received is None else NINE + int(received),
            checked=1,
            disputed=disputed,
        )
        return TakenRecord(row.id, record, disputed)

    def ticket(
        self,
        visit: str,
        event: records.TicketEvent,
        after: float,
        ticket: str = "A017",
        day: str | None = None,
        **more: float | bool,
    ) -> int:
        """Journal a ticket."""
        body = records.Ticket(self.counter, visit, ticket, event, "lan", day)
        return self.write(body, after, **more)  # type: ignore[arg-type]

    def rate(
        self,
        visit: str | None,
        after: float,
        choice: records.Choice = "satisfied",
        replaces: int | None = None,
        contested: bool | None = None,
        **more: float | bool,
    ) -> int:
        """Journal a rating."""
        body = records.Rating(self.counter, visit, choice, "button", 1, replaces, contested)
        return self.write(body, after, **more)  # type: ignore[arg-type]

    def set_clock(self, after: float, **more: float | bool) -> int:
        """Journal that the clock was set right."""
        return self.write(  # type: ignore[arg-type]
            records.ClockSet(0, NINE + int(after), "receipt"), after, **more
        )
