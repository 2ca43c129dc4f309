"""Entry of the process for what may take its time: ``hailong-fleet jobs``.

Each minute it goes its rounds, and twice a second it looks at what is to be sent: events to
webhooks, letters to people and rooms. huey's threads do the work; the main thread hands it out, and
says that the process lives. Any number of such processes is safe: what is to be sent is claimed by
a conditional update, and how far each round has come lies in the database.
"""

import signal
from collections import Counter
from collections.abc import Callable
from datetime import tzinfo
from threading import Event, Lock
from types import FrameType
from typing import Any

import structlog
from huey import MemoryHuey, crontab
from huey.consumer import Consumer
from peewee import PeeweeException

from fleet_server import logs
from fleet_server.alarms import look as alarms
from fleet_server.cases import deadlines
from fleet_server.cases.opening import open_new
from fleet_server.channels.closing import close_days
from fleet_server.clock import monotonic_s, now_ms
from fleet_server.interviews import contacts
from fleet_server.interviews.drawing import Weekly
from fleet_server.notify import chat, rounds
from fleet_server.notify.chat import Chats
from fleet_server.notify.mails import Mails
from fleet_server.notify.ways import AT_ONCE, Way, Webhooks
from fleet_server.reports.keeping import making
from fleet_server.settings import Settings
from fleet_server.signals import evening
from fleet_server.store import tallies
from fleet_server.store.database import close, open_database, release
from fleet_server.updates.drive import drive
from fleet_server.watchdog import Watchdog

Round = Callable[[int, tzinfo], None]
"""Gets Unix milliseconds and the fleet's time zone. It may be stopped anywhere, is asked each
minute whatever became of it before, and so keeps in the database how far it has come."""

POLL_S = 0.5
IDLE_S = 0.25
"""So often a thread that has nothing to do looks for something."""
STOP_S = 60
LONGEST_LOOK_S = 1_800.0
"""Rounds that take longer hang; the watchdog then hears nothing any more."""

log = structlog.get_logger("jobs")


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT.

    Raises:
        SchemaError: there is no database, or its tables are out of date.
        ChatError: the file of chat rooms is wrong.
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


def rounds_of(settings: Settings) -> tuple[Round, ...]:
    """Return the rounds that are gone each minute, in this order."""
    return (
        rounds.tell_days,
        open_new,
        deadlines.look,
        evening.look,
        contacts.erase,
        Weekly(settings).look,
        close_days,
        drive,
        alarms.look,
        rounds.give_up_letters,
        making(settings),
    )


class Threads(Consumer):  # type: ignore[misc]  # huey brings no types
    """huey's threads; signals belong to the entry, which ends them."""

    def _set_signal_handlers(self) -> None:
        """Leave signals as they are."""


class Jobs:
    """What is done, and by whom.

    Args:
        settings: the fleet's settings.
        clock: returns Unix milliseconds.
        huey: holds what was handed out until a thread takes it, in memory: what is lost with it
            lies in the database still.

    Raises:
        ChatError: the file of chat rooms is wrong.

    Attributes:
        rounds: what is gone each minute.
    """

    def __init__(
        self, settings: Settings, clock: Callable[[], int], huey: MemoryHuey | None = None
    ) -> None:
        self._clock = clock
        self._zone: tzinfo = settings.fleet.zone
        self.rounds = rounds_of(settings)
        self._huey = huey or MemoryHuey("jobs", results=False)
        rooms = chat.read(settings.layout.chat)
        chat.tell_of(rooms)
        self._ways: tuple[Way, ...] = (
            Webhooks(settings.webhooks, clock),
            Mails(settings, clock),
            Chats(settings, rooms, clock),
        )
        self._under_way: list[Counter[int]] = [Counter() for _ in self._ways]
        self._counting = Lock()
        self._stopping = Event()
        self._looking_since: float | None = None
        self._alive_at: int | None = None
        self._hand_out = self._huey.task(name="send")(self._send)
        alone = self._huey.lock_task("look")
        self._huey.periodic_task(crontab(), name="look")(alone(self.look))

    def stop(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        """End the loop soon."""
        self._stopping.set()

    def run(self, watchdog: Watchdog) -> None:
        """Work until `stop`, and tell the watchdog; what is under way is waited for."""
        threads = self.threads()
        threads.start()
        while not self._stopping.wait(POLL_S):
            self.turn()
            watchdog.ready()
            if not self._hangs():
                watchdog.alive(monotonic_s())
        self.end(threads)
        try:
            tallies.ended(tallies.JOBS)
        except PeeweeException as error:
            log.error("the database refused", error=str(error))

    def threads(self) -> Threads:
        """Return threads for all that may be under way at once, not started yet."""
        return Threads(
            self._huey, workers=AT_ONCE + len(self._ways), max_delay=IDLE_S,
            shutdown_timeout=STOP_S, check_worker_health=False,
        )  # fmt: skip

    def end(self, threads: Threads) -> None:
        """Wait for what was handed out, and end the threads."""
        waited_until = monotonic_s() + STOP_S
        while any(one.total() for one in self._under_way) and monotonic_s() < waited_until:
            threads.stop_flag.wait(IDLE_S / 5)
        threads.stop(graceful=True)

    def turn(self) -> None:
        """Hand out what is due; a database that can't be used just now is asked again."""
        try:
            self._say_alive()
            for number, way in enumerate(self._ways):
                with self._counting:
                    under_way = Counter(self._under_way[number])
                for due in way.claim(self._clock(), under_way):
                    self._count(number, due, 1)
                    self._hand_out(number, due)
        except PeeweeException as error:
            log.error("the database refused", error=str(error))

    def look(self) -> None:
        """Go all rounds; one that fails does not keep the others from theirs."""
        self._looking_since = monotonic_s()
        try:
            for go in self.rounds:
                self._go(go)
        finally:
            self._looking_since = None
            release()

    def _go(self, go: Round) -> None:
        try:
            go(self._clock(), self._zone)
        except PeeweeException as error:
            log.error("the database refused", error=str(error))
        except Exception:
            log.exception("a round failed", round=f"{go.__module__}.{go.__name__}")

    def _hangs(self) -> bool:
        since = self._looking_since
        return since is not None and monotonic_s() - since > LONGEST_LOOK_S

    def _say_alive(self) -> None:
        now = self._clock()
        if self._alive_at is None or not 0 <= now - self._alive_at < tallies.ALIVE_MS:
            tallies.alive(tallies.JOBS, now)
            self._alive_at = now

    def _send(self, number: int, due: Any) -> None:
        try:
            self._ways[number].send(due)
        except PeeweeException as error:
            log.error("the database refused", error=str(error))
        except Exception:
            log.exception("sending failed")
        finally:
            self._count(number, due, -1)
            release()

    def _count(self, number: int, due: Any, more: int) -> None:
        with self._counting:
            self._under_way[number][self._ways[number].receiver(due)] += more
