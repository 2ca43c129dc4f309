"""What records mean: called inside the transaction that takes them.

1. Every record's time is worked out, and older times that it corrects (`boots`).
2. A ``ticket`` record is an event of its visit; a ``rating`` is bound to its visit and judged with
   the others. What lies on a disputed branch is listed as disputed and counts for nothing.
3. A ``fault`` opens a matter; so does a clock that is ahead of the server's.
4. A record that names a counter which nobody has added is *parked*: held, shown as a matter, and
   counted by `take_up_parked`, which ingest calls with every batch, once the counter exists.
5. A record that names another counter than the one where its terminal stands counts there, since
   a terminal that was moved may carry an honest backlog; but it opens a matter, since one that was
   stolen could rate for the whole fleet.
6. Then the hours of every touched counter's day are worked out anew (`rollups`).
"""

from collections.abc import Sequence
from datetime import tzinfo

from fleet_server.core.accept import TakenRecord
from fleet_server.core.days import day_of
from fleet_server.store import boots, matters, parked, ratings, rollups, visits
from fleet_server.store.boots import Timed
from fleet_server.store.database import rows
from fleet_server.store.matters import Found
from fleet_server.store.models import Chain, Counter, Rating, Terminal, TicketEvent
from wire import records

AHEAD_MS = 10 * 60_000
"""A clock this much ahead of the server's is told to somebody."""


class Intake:
    """Takes records' meaning in; one object for each transaction.

    Args:
        now_ms: Unix milliseconds, the reception of the records.
        zone: The fleet's time zone.
    """

    def __init__(self, now_ms: int, zone: tzinfo) -> None:
        self._now = now_ms
        self._zone = zone
        self._days: set[tuple[int, str]] = set()
        self._ratings: list[ratings.NewRating] = []
        self._counters: dict[str, int] = {}
        self._stands_at: dict[str, int | None] = {}
        self._elsewhere: dict[tuple[str, str], list[TakenRecord]] = {}

    def apply(self, chain: Chain, taken: Sequence[TakenRecord]) -> None:
        """Take the meaning of records of one chain, in the order of acceptance."""
        timing = boots.time_records(chain, taken, self._now)
        for correction in timing.corrections:
            for row, former in boots.correct(correction):
                self._moved(row, former)
        for one in taken:
            self.apply_one(chain.terminal_id, one, timing.times[one.record_id])

    def apply_one(self, terminal: str, taken: TakenRecord, timed: Timed) -> None:
        """Take the meaning of one record."""
        body = taken.record.body
        if timed.time.quality == "exact" and timed.time.at > self._now + AHEAD_MS:
            self._clock_ahead(terminal, taken, timed)
        if isinstance(body, records.Fault):
            self._fault(terminal, taken, body)
        if isinstance(body, records.Ticket | records.Rating):
            counter = self._counter(body.counter)
            if counter is not None and counter != self._place(terminal):
                self._elsewhere.setdefault((terminal, body.counter), []).append(taken)
            if counter is None:
                parked.park(terminal, taken, body.counter, self._now)
            elif isinstance(body, records.Rating):
                self._rating(terminal, taken, body, counter, timed)
            elif not taken.disputed:
                self._ticket(taken, body, counter, timed)

    def finish(self) -> None:
        """Judge the ratings, and work out the touched hours."""
        ratings.add(self._ratings)
        bound = {rating.visit for rating in self._ratings if rating.visit is not None}
        self._days |= visits.days_of(bound)
        self._ratings = []
        for (terminal, code), taken in self._elsewhere.items():
            self._other_counter(terminal, code, taken)
        rollups.recompute(self._days, self._zone)

    def _place(self, terminal: str) -> int | None:
        """Return the counter where a terminal stands, as the registry has it."""
        if terminal not in self._stands_at:
            self._stands_at[terminal] = Terminal.get_by_id(terminal).counter_id
        return self._stands_at[terminal]

    def _counter(self, code: str) -> int | None:
        if code not in self._counters:
            row = Counter.get_or_none(Counter.code == code)
            if row is None:
                return None
            self._counters[code] = row.id
        return self._counters[code]

    def _ticket(self, taken: TakenRecord, body: records.Ticket, counter: int, timed: Timed) -> None:
        told = visits.Told(
            counter=counter,
            visit=body.visit,
            ticket=body.ticket,
            event=body.event,
            at=timed.time.at,
            quality=timed.time.quality,
            day=day_of(timed.time.at, self._zone).name,
            stated_day=body.day,
            source="terminal",
            idempotency=f"record:{taken.record_id}",
            service=body.service,
            record=taken.record_id,
            boot=timed.boot,
            up=timed.up,
        )
        held = visits.add(told)
        self._days.add((counter, held.day))
        if held.alias is not None and visits.rename(counter, held.alias, held.visit):
            ratings.rejudge([held.visit])

    def _rating(
        self, terminal: str, taken: TakenRecord, body: records.Rating, counter: int, timed: Timed
    ) -> None:
        self._ratings.append(
            ratings.NewRating(
                record=taken.record_id,
                terminal=terminal,
                counter=counter,
                visit=None if body.visit is None else visits.bound_id(counter, body.visit),
                choice=body.choice,
                timed=timed,
                replaces=body.replaces,
                flagged=bool(body.contested),
                disputed=taken.disputed,
            )
        )
        self._days.add((counter, day_of(timed.time.at, self._zone).name))

    def _moved(self, row: Rating | TicketEvent, former: int) -> None:
        """Note the days that a row with a new time belongs or belonged to."""
        old, new = (day_of(at, self._zone).name for at in (former, row.at))
        if isinstance(row, TicketEvent):
            days = visits.redate(row.visit_id, new)
        else:
            days = (old, new)
            if row.visit is not None:
                self._days |= visits.days_of([row.visit])
        self._days.update((row.counter_id, day) for day in days)

    def _fault(self, terminal: str, taken: TakenRecord, body: records.Fault) -> None:
        stamp = taken.record.stamp
        found = Found(
            kind="fault",
            subject=f"{terminal}:{body.what}",
            terminal=terminal,
            chain=stamp.chain,
            seq=stamp.seq,
            details={"what": body.what, "details": body.details},
        )
        matters.open_matter(found, self._now)

    def _other_counter(self, terminal: str, code: str, taken: Sequence[TakenRecord]) -> None:
        stamp = taken[0].record.stamp
        found = Found(
            kind="other_counter",
            subject=f"{terminal}:{code}",
            terminal=terminal,
            chain=stamp.chain,
            seq=stamp.seq,
            count=len(taken),
            details={"counter": code},
        )
        matters.open_matter(found, self._now)

    def _clock_ahead(self, terminal: str, taken: TakenRecord, timed: Timed) -> None:
        stamp = taken.record.stamp
        found = Found(
            kind="clock",
            subject=terminal,
            terminal=terminal,
            chain=stamp.chain,
            seq=stamp.seq,
            details={"ahead_s": (timed.time.at - self._now) // 1_000},
        )
        matters.open_matter(found, self._now)


def apply_records(chain: Chain, taken: Sequence[TakenRecord], now_ms: int, zone: tzinfo) -> None:
    """Take the meaning of records that this transaction has just stored.

    Args:
        chain: Their chain.
        taken: The records in the order of acceptance, without quarantined ones.
        now_ms: Unix milliseconds, when they were received.
        zone: The fleet's time zone.
    """
    intake = Intake(now_ms, zone)
    intake.apply(chain, taken)
    intake.finish()


def take_up_parked(now_ms: int, zone: tzinfo) -> None:
    """Count records whose counter was not known when they came, and is now.

    To be called in a write transaction; it costs one small query where nothing waits.
    """
    waiting = parked.ready()
    if not waiting:
        return
    intake = Intake(now_ms, zone)
    for held in waiting:
        timed = boots.time_held(held.received_at, held.taken, held.terminal)
        intake.apply_one(held.terminal, held.taken, timed)
        parked.release(held, now_ms)
    intake.finish()


def withdraw(record_ids: Sequence[int], zone: tzinfo) -> None:
    """Take back the meaning of records whose signature was found bad; the bytes stay held.

    Args:
        record_ids: The records.
        zone: The fleet's time zone.
    """
    query = Rating.select(Rating.record, Rating.counter, Rating.visit, Rating.at)
    days: set[tuple[int, str]] = set()
    named: set[str] = set()
    for _, counter, visit, at in rows(query.where(Rating.record.in_(record_ids))):
        days.add((counter, day_of(at, zone).name))
        named |= {visit} if visit is not None else set()
    events = TicketEvent.select(TicketEvent.visit).where(TicketEvent.record.in_(record_ids))
    told = {visit for (visit,) in rows(events)}
    days |= visits.days_of(named | told)
    Rating.delete().where(Rating.record.in_(record_ids)).execute()
    TicketEvent.delete().where(TicketEvent.record.in_(record_ids)).execute()
    parked.forget(record_ids)
    visits.drop_untold(told)
    ratings.rejudge(named)
    rollups.recompute(days, zone)
