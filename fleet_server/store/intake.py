"""What records mean: called inside the transaction that takes them.

1. Every record's time is worked out, and older times that it corrects (`boots`).
2. A ``ticket`` record is an event of its visit; a ``rating`` is bound to its visit and judged with
   the others. What lies on a disputed branch is listed as disputed and counts for nothing. A
   closing that the terminal only assumed is the event *ended*: the queue system may know better.
3. A ``fault`` opens a matter (``cloned`` one of its own kind); so does a clock that is ahead of
   the server's.
4. A record that names another counter than the one where its terminal stands counts there if the
   counter lies in a unit where the terminal stands, or stood after the key that signed it was
   enrolled (`reach`), since a terminal that
   was moved may carry an honest backlog; but it opens a matter, since it may have been stolen.
5. A record that names any other counter, or one which nobody has added, is *parked*: held, shown as
   a matter, and counted by `take_up_parked`, some at a time, which ingest calls with batches and
   between them, once the counter exists and the terminal was moved there. Else who may enrol
   terminals in one branch could rate for the whole fleet.
6. After a ``key`` record the key that signed it, and any older one, is marked as replaced.
7. A complaint by items opens its case (`complaints`) and raises its alarm (`alarms`); what a
   citizen gave as reasons is kept beside the rating. Neither counts in a figure.
8. Then the hours of every touched counter's day are worked out anew (`rollups`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo
from typing import Any

from fleet_server.core.days import day_of
from fleet_server.core.verdicts import TakenRecord
from fleet_server.core.visits import event_of
from fleet_server.store import (
    alarm_facts,
    alarms,
    boots,
    complaints,
    keys,
    matters,
    parked,
    ratings,
    reasons,
    rollups,
    visits,
)
from fleet_server.store.alarms import Looked
from fleet_server.store.boots import Timed
from fleet_server.store.corrections import Moved, correct
from fleet_server.store.matters import Found
from fleet_server.store.models import Chain
from fleet_server.store.record_places import Places
from fleet_server.store.visit_names import Names, Told
from wire import records

AHEAD_MS = 10 * 60_000
"""A clock this much ahead of the server's is told to somebody."""


class Intake:
    """Takes records' meaning in; one object for each transaction.

    Args:
        now_ms: Unix milliseconds, the reception of the records.
        zone: The fleet's time zone.
        again: The records were parked before, and their matters were opened then.

    Attributes:
        held_back: The rows of records that were parked.
    """

    def __init__(self, now_ms: int, zone: tzinfo, again: bool = False) -> None:
        self._now = now_ms
        self._again = again
        self._zone = zone
        self._days: set[tuple[int, str]] = set()
        self._ratings: list[ratings.NewRating] = []
        self._rated: set[str] = set()
        self._complaints: list[complaints.NewComplaint] = []
        self._places = Places(zone)
        self.held_back: set[int] = set()
        self._names = Names()
        self._found: dict[tuple[str, str], Found] = {}
        # Visits that an event on another day was added to, which may be their first.
        self._astray: set[str] = set()

    def apply(self, chain: Chain, taken: Sequence[TakenRecord]) -> None:
        """Take the meaning of records of one chain, in the order of acceptance."""
        timing = boots.time_records(chain, taken, self._now)
        for correction in timing.corrections:
            self._note_days(correct(correction))
        self._names.look_up(_named(taken))
        for one in taken:
            self.apply_one(chain, one, timing.times[one.record_id])

    def apply_one(self, chain: Chain, taken: TakenRecord, timed: Timed) -> None:
        """Take the meaning of one record."""
        body = taken.record.body
        if timed.time.quality == "exact" and timed.time.at > self._now + AHEAD_MS:
            details = {"ahead_s": (timed.time.at - self._now) // 1_000}
            self._note("clock", chain.terminal_id, taken, details)
        if isinstance(body, records.Fault):
            self._fault(chain.terminal_id, taken, body)
        if isinstance(body, records.KeyChange) and not taken.disputed:
            keys.replace_signer(taken.record_id, body.x, self._now)
        if isinstance(body, records.Reasons) and not taken.disputed:
            reasons.take(taken.record_id, taken.record.stamp.chain, body)
        if isinstance(body, records.Ticket | records.Rating | records.Items):
            self._count(chain, taken, body, timed)

    def _fault(self, terminal: str, taken: TakenRecord, fault: records.Fault) -> None:
        subject = f"{terminal}:{fault.what}"
        if fault.what == "cloned":
            self._note("cloned", subject, taken, {})
        else:
            self._note("fault", subject, taken, {"what": fault.what, "details": fault.details})

    def _count(
        self,
        chain: Chain,
        taken: TakenRecord,
        body: records.Ticket | records.Rating | records.Items,
        timed: Timed,
    ) -> None:
        terminal, counter = chain.terminal_id, self._places.counter(body.counter)
        strange = self._places.strange(taken, terminal, counter)
        if strange is not None and not (self._again and strange == parked.FOREIGN):
            self._note_strange(strange, terminal, body.counter, taken)
        if counter is None or strange == parked.FOREIGN:
            self.held_back.add(taken.record_id)
            parked.park(taken, terminal, body.counter)
        elif isinstance(body, records.Rating):
            self._rating(chain, taken, body, counter, timed)
        elif taken.disputed:
            return
        elif isinstance(body, records.Items):
            self._complaint(taken, body, counter, timed)
        else:
            self._ticket(taken, body, counter, timed)

    def finish(self) -> None:
        """Judge the ratings, open matters, and work out the touched hours."""
        ratings.add(self._ratings)
        self._days |= self._redate(self._astray)
        bound = {rating.visit for rating in self._ratings if rating.visit is not None}
        self._days |= self._names.days(bound)
        self._ratings = []
        opened = complaints.take(self._complaints, self._now, self._zone)
        if opened:
            alarms.hear(Looked(alarm_facts.complaints(opened)), self._now, self._zone)
        self._complaints = []
        for found in self._found.values():
            matters.open_matter(found, self._now)
            if found.kind == parked.FOREIGN:  # somebody has added the counters since
                for code in found.details["counters"]:
                    unknown = f"{found.terminal}:{code}"
                    matters.close_matter(parked.UNKNOWN, unknown, self._now)
        rollups.recompute(self._days, self._zone)

    def _note(
        self, kind: matters.Kind, subject: str, taken: TakenRecord, details: Mapping[str, Any]
    ) -> None:
        """Note something to look at, once for all records of the transaction that show it."""
        known = self._found.get((kind, subject))
        if known is not None:
            more = {**known.details, **matters.grown(known.details, details)}
            self._found[kind, subject] = replace(known, count=known.count + 1, details=more)
            return
        stamp = taken.record.stamp
        self._found[kind, subject] = Found(
            kind=kind,
            subject=subject,
            terminal=stamp.dev,
            chain=stamp.chain,
            seq=stamp.seq,
            details=details,
        )

    def _note_strange(
        self, kind: matters.Kind, terminal: str, code: str, taken: TakenRecord
    ) -> None:
        """Note whom else a terminal speaks for: once for all counters of a unit."""
        if kind == parked.UNKNOWN:
            self._note(kind, f"{terminal}:{code}", taken, {"counter": code})
        else:
            subject = matters.about_unit(terminal, self._places.unit(code))
            self._note(kind, subject, taken, {"counters": [code]})

    def _ticket(self, taken: TakenRecord, body: records.Ticket, counter: int, timed: Timed) -> None:
        told = Told(
            counter=counter,
            visit=body.visit,
            ticket=body.ticket,
            event=event_of(body),
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
        held = visits.add(told, self._names)
        self._days |= {(counter, held.day), (counter, held.former)}
        if body.day is None and told.day != held.day:
            self._astray.add(held.visit)
        if held.loose is not None:
            self._bind(counter, held.loose, held.visit)

    def _bind(self, counter: int, loose: str, visit: str) -> None:
        """Bind ratings that came before anybody had told of their visit."""
        if loose in self._rated:
            self._ratings = [
                replace(one, visit=visit) if (one.counter, one.visit) == (counter, loose) else one
                for one in self._ratings
            ]
        times = visits.bind(counter, loose, visit)
        self._days.update((counter, day_of(at, self._zone).name) for at in times)
        if times:
            ratings.rejudge([visit])

    def _rating(
        self, chain: Chain, taken: TakenRecord, body: records.Rating, counter: int, timed: Timed
    ) -> None:
        visit = None if body.visit is None else self._names.bound(counter, body.visit)
        self._rated |= {visit} if visit is not None else set()
        self._ratings.append(
            ratings.NewRating(
                record=taken.record_id,
                terminal=chain.terminal_id,
                counter=counter,
                visit=visit,
                choice=body.choice,
                timed=timed,
                chain=chain.id,
                seq=taken.record.stamp.seq,
                boot=taken.record.stamp.boot,
                replaces=body.replaces,
                flagged=bool(body.contested),
                disputed=taken.disputed,
            )
        )
        self._days.add((counter, day_of(timed.time.at, self._zone).name))

    def _complaint(
        self, taken: TakenRecord, body: records.Items, counter: int, timed: Timed
    ) -> None:
        stamp = taken.record.stamp
        self._complaints.append(
            complaints.NewComplaint(
                record=taken.record_id,
                chain=stamp.chain,
                seq=stamp.seq,
                counter=counter,
                items=body.items,
                at=timed.time.at,
            )
        )

    def _note_days(self, moved: Iterable[Moved]) -> None:
        """Note the days that rows with new times belong or belonged to."""
        visited: set[str] = set()
        rated: set[str] = set()
        for row in moved:
            if row.event and row.visit is not None:
                visited.add(row.visit)
                continue
            rated |= {row.visit} if row.visit is not None else set()
            times = (row.former, row.at)
            self._days |= {(row.counter, day_of(at, self._zone).name) for at in times}
        self._days |= self._redate(visited) | visits.days_of(rated)

    def _redate(self, visited: Iterable[str]) -> set[tuple[int, str]]:
        """Move visits to the days of their first events; return the days that are touched."""
        begun = visits.begun_at(visited)
        return visits.redate({one: day_of(at, self._zone).name for one, at in begun.items()})


def _named(taken: Sequence[TakenRecord]) -> set[str]:
    """Return the visit ids that records name."""
    bodies = (one.record.body for one in taken)
    return {
        body.visit
        for body in bodies
        if isinstance(body, records.Ticket | records.Rating) and body.visit is not None
    }


def apply_batch(
    batch: Iterable[tuple[Chain, Sequence[TakenRecord]]], now_ms: int, zone: tzinfo
) -> None:
    """Take the meaning of records of several chains, at most one of each terminal.

    Two chains of a terminal may share a boot, and the second one may correct the times of the
    first one's records, which must be held by then.
    """
    intake = Intake(now_ms, zone)
    for chain, taken in batch:
        intake.apply(chain, taken)
    intake.finish()


def take_up_parked(waiting: Sequence[parked.Waiting], now_ms: int, zone: tzinfo) -> None:
    """Count records that were parked when they came, and may count now (`parked.ready`).

    To be called in a write transaction.
    """
    intake = Intake(now_ms, zone, again=True)
    for held in parked.read(waiting):
        timed = boots.time_held(held.received_at, held.taken, held.chain.terminal_id)
        intake.apply_one(held.chain, held.taken, timed)
    intake.finish()
    held_back = [one for one in waiting if one.record_id in intake.held_back]
    parked.release([one for one in waiting if one.record_id not in intake.held_back], now_ms)
    parked.set_aside(held_back, now_ms + parked.AGAIN_MS)
