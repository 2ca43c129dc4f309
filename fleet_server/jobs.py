"""Entry of the process for what may take its time: ``hailong-fleet jobs``.

It delivers events to webhooks, tells of days that are over, drives rollouts of images, makes large
reports, and says that it lives. The main thread alone uses the database; threads of a pool call
receivers. Any number of such processes is safe: a delivery is claimed by a conditional update, as
is a terminal that is to be updated, and how far was told lies in the database.
"""

import secrets
import signal
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import tzinfo
from threading import Event
from types import FrameType

import structlog
from peewee import PeeweeException

from fleet_server import logs
from fleet_server.cases import deadlines
from fleet_server.cases.opening import open_new
from fleet_server.clock import monotonic_s, now_ms
from fleet_server.notify import rounds
from fleet_server.notify.webhook import Caller
from fleet_server.reports.keeping import making
from fleet_server.settings import Settings
from fleet_server.store import deliveries, tallies, webhooks
from fleet_server.store.database import close, open_database
from fleet_server.store.deliveries import Due, Outcome
from fleet_server.updates.drive import drive
from fleet_server.watchdog import Watchdog

POLL_S = 0.5
AT_ONCE = 8
AT_ONCE_EACH = 2
"""Calls at the same time, in all and to one receiver: a slow one must not hold up the others."""

LOOK_EVERY_MS = 60_000

log = structlog.get_logger("jobs")


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT.

    Raises:
        SchemaError: there is no database, or its tables are out of date.
    """
    logs.configure()
    open_database(settings.database.url)
    try:
        jobs = Jobs(settings, now_ms)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, jobs.stop)
        jobs.run(Watchdog())
    finally:
        close()


class Jobs:
    """The loop: see to what is due, note what became of it, look at what is over.

    Args:
        settings: the fleet's settings.
        clock: returns Unix milliseconds.
    """

    def __init__(self, settings: Settings, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._zone: tzinfo = settings.fleet.zone
        self._caller = Caller(settings.webhooks, clock)
        self._stopping = Event()
        self._under_way: dict[Future[Outcome], Due] = {}
        self._looked_at: int | None = None
        self._alive_at: int | None = None
        self._rounds: list[Callable[[int, tzinfo], None]] = [
            rounds.tell_days,
            open_new,
            deadlines.look,
            drive,
            making(settings),
        ]

    def stop(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        """End the loop soon."""
        self._stopping.set()

    def run(self, watchdog: Watchdog) -> None:
        """Work until `stop`, and tell the watchdog; calls that are under way are waited for."""
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook") as pool:
            while not self._stopping.wait(POLL_S):
                self.turn(pool)
                watchdog.ready()
                watchdog.alive(monotonic_s())
        self._note_done()
        with suppress(PeeweeException):
            tallies.ended(tallies.JOBS)

    def turn(self, pool: ThreadPoolExecutor) -> None:
        """Do once what is due; a database that can't be used just now is tried again."""
        try:
            self._say_alive()
            self._note_done()
            self._look()
            self._send(pool)
        except PeeweeException as error:
            log.error("the database refused", error=str(error))

    def _say_alive(self) -> None:
        now = self._clock()
        if not _is_due(self._alive_at, tallies.ALIVE_MS, now):
            return
        tallies.alive(tallies.JOBS, now)
        self._alive_at = now

    def _look(self) -> None:
        now = self._clock()
        if not _is_due(self._looked_at, LOOK_EVERY_MS, now):
            return
        for look in self._rounds:
            look(now, self._zone)
        self._looked_at = now

    def _send(self, pool: ThreadPoolExecutor) -> None:
        calls = Counter(due.webhook for due in self._under_way.values())
        now, free = self._clock(), AT_ONCE - len(self._under_way)
        for due in deliveries.claim(now, free, AT_ONCE_EACH, calls):
            keys = webhooks.keys_of(due.webhook, now)
            self._under_way[pool.submit(self._caller.send, due, keys)] = due

    def _note_done(self) -> None:
        for future in [one for one in self._under_way if one.done()]:
            due = self._under_way[future]
            outcome = _outcome(future)
            deliveries.note(due, outcome, self._clock(), secrets.randbelow(1000) / 1000)
            del self._under_way[future]
            if not outcome.is_taken:
                log.info("not delivered", webhook=due.webhook, id=due.event, why=outcome.error)


def _is_due(last: int | None, every_ms: int, now: int) -> bool:
    return last is None or not 0 <= now - last < every_ms


def _outcome(future: "Future[Outcome]") -> Outcome:
    with suppress(Exception):
        return future.result()
    log.error("a call failed", exc_info=future.exception())
    return Outcome(None, "a fault of ours; the log of jobs says what", 0)
