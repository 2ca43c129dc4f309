"""Lets the fleet take the district's days: the same code that ingest and the REST interface run.

Everything is taken in the order in which it reaches the server, at its own time: what terminals
send by batches through `fleet_server.mqtt.receiving.Receiver`, what queue systems tell through
`fleet_server.store.queue_events`, what people do through the registry's own functions. Nothing is
written into a table of figures.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import tzinfo
from heapq import merge

from fleet_server.core.days import day_on, local
from fleet_server.district import presence, showing
from fleet_server.district.acts import Attend, Call, Doing, Publish, Report, Rounds, acts
from fleet_server.district.answering import Air, answers
from fleet_server.district.calling import Calling
from fleet_server.district.casework import Casework
from fleet_server.district.clerk import Clerk
from fleet_server.district.delivery import Sent
from fleet_server.district.district import District
from fleet_server.district.hearing import Hearing
from fleet_server.district.journal import Journal
from fleet_server.district.making import MadeDay, Pace, Saying, up_at
from fleet_server.district.voices import Voice
from fleet_server.jobs import Round
from fleet_server.mqtt.messages import BATCH_BYTES, BATCH_MESSAGES, Message
from fleet_server.mqtt.publishing import Publisher
from fleet_server.mqtt.receiving import Receiver
from fleet_server.mqtt.signing import Signer
from fleet_server.signals import evening
from fleet_server.store import chains, changes, queue_events

Happening = Doing | Saying | Sent | Voice
BATCH_MS = 5 * 60_000
"""What lies further apart does not go into one batch: a batch is taken at one time."""
WORDS = 2_000
NIGHT_MS = 2 * 3_600_000
"""After midnight, when what was on its way has come."""
HEALTH_DAYS = 28
"""Health reports are made for so many days back."""
USUAL, REPORTING = Pace(), Pace(health=45 * 60_000)
RUNNING = Pace(beat=10 * 60_000, health=10 * 60_000)


class Taking:
    """Lets a fleet take days.

    Args:
        clerk: does what people do.
        casework: does what they do for cases.
        hearing: takes what citizens say beside the terminals.
        calling: does what interviewers do.
        rounds: what the server does by the clock.
        signer: the fleet's online keys.
        zone: the fleet's time zone.
        publishes: whether wishes are to be published here, since no ingest does it.
    """

    def __init__(
        self,
        clerk: Clerk,
        casework: Casework,
        hearing: Hearing,
        calling: Calling,
        rounds: Iterable[Round],
        signer: Signer,
        zone: tzinfo,
        *,
        publishes: bool = True,
    ) -> None:
        self._clerk, self._casework, self._hearing = clerk, casework, hearing
        self._calling, self._rounds, self._zone = calling, tuple(rounds), zone
        self._receiver = Receiver(signer, zone)
        self._publisher = Publisher(signer, Air()) if publishes else None

    def take(
        self, district: District, day: MadeDay, after: int, until: int, back: int = RUNNING.beat
    ) -> None:
        """Take what happens on a day, after one moment and until another (Unix milliseconds).

        A terminal that sent up to then at another beat may have kept the last minutes ``back``
        (ms), so it sends those again, at the first moment: what is held already counts nothing.
        """
        self._look_at_days_before(district, day.index)
        doings = (one for one in acts(district, day.index) if one.at > after)
        told = (one for one in day.told if one.at > after)
        sent = (replace(one, at=max(one.at, after)) for one in day.sent if one.at > after - back)
        said = (one for one in day.said if one.at > after)
        happenings = merge(doings, told, sent, said, key=lambda one: one.at)
        for batch in _batches(one for one in happenings if one.at <= until):
            self._take(batch)
        changes.trim()

    def _look_at_days_before(self, district: District, index: int) -> None:
        """Look for signs of cheating, as jobs does at night."""
        evening.look(day_on(district.day(index), self._zone).start + NIGHT_MS, self._zone)

    def receive(self, sent: Sequence[Sent], now: int) -> None:
        """Take messages of terminals."""
        if sent:
            self._receiver.take([Message(one.topic, one.payload) for one in sent], now)

    def answer(self, now: int) -> None:
        """Publish what terminals should hear, and take their answers."""
        if self._publisher is not None:
            self._publisher.due(now)
        found = list(answers(now))
        if found:
            self.receive(found, found[-1].at)

    def _take(self, batch: Sequence[Happening]) -> None:
        told = [(one.at, one.word) for one in batch if isinstance(one, Saying)]
        sent = [one for one in batch if isinstance(one, Sent)]
        if told:
            queue_events.take_all(told, self._zone)
        self.receive(sent, batch[-1].at)
        if said := [one for one in batch if isinstance(one, Voice)]:
            self._hearing.take(said)
        for act in batch:
            if not isinstance(act, Saying | Sent | Voice):
                self._do(act)

    def _do(self, act: Doing) -> None:
        match act:
            case Rounds(at):
                for go in self._rounds:
                    go(at, self._zone)
            case Attend():
                self._casework.do(act)
            case Call():
                self._calling.do(act)
            case Report():
                showing.report(act, self._zone)
            case Publish():
                showing.publish(act)
            case _:
                self._clerk.do(act)
                self.answer(act.at)


def _batches(happenings: Iterator[Happening]) -> Iterator[list[Happening]]:
    """Part what happens into batches of one sort, as ingest would take them."""
    batch: list[Happening] = []
    size = 0
    for one in happenings:
        if batch and (_sort(one) != _sort(batch[0]) or _is_full(batch, size, one)):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += len(one.payload) if isinstance(one, Sent) else 0
    if batch:
        yield batch


def _sort(one: Happening) -> object:
    return next((sort for sort in (Sent, Saying, Voice) if isinstance(one, sort)), object)


def _is_full(batch: Sequence[Happening], size: int, one: Happening) -> bool:
    if isinstance(one, Sent):
        most = BATCH_MESSAGES
        return size >= BATCH_BYTES or len(batch) >= most or one.at - batch[0].at > BATCH_MS
    return len(batch) >= WORDS


def pace_of(index: int, last: int) -> Pace:
    """Return how finely a day is sent where ``last`` is the running one."""
    if index >= last:
        return RUNNING
    return REPORTING if index > last - HEALTH_DAYS else USUAL


def index_of(district: District, at: int) -> int:
    """Return which day of a district a moment lies in; below 0 before its first one."""
    return (local(at, district.zone).date() - district.first).days


def reports(district: District, now: int) -> Iterator[Sent]:
    """Yield a health report of each terminal that is switched on and reachable."""
    heads = {row.terminal_id: row for row in chains.in_use()}
    for counter in district.counters:
        up = up_at(district, counter, now)
        row = heads.get(up[0]) if up else None
        if up is not None and row is not None:
            dice = district.chance("report", up[0], now // 60_000)
            journal = Journal(
                up[0], district.seed, row.chain_id, row.head_seq, clock="synced", boot=row.chain_id,
                boot_at=now - 5 * 3_600_000,
            )  # fmt: skip
            day = index_of(district, now)
            yield presence.health(now, journal, up[1], day, 0, dice)
