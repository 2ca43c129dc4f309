"""Tells open pages that something changed, within a fraction of a second.

One thread for all pages looks at the newest number of the table `change`. It runs while somebody
listens and ends when nobody does.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition, Thread
from typing import Protocol

May = Callable[[str], bool]

POLL_S = 0.1
REMEMBERED = 5_000
BATCH = 1_000


class FeedFullError(Exception):
    """As many pages listen as may."""


class Changes(Protocol):
    """Where changes are read from; both are called in the feed's own thread."""

    def newest(self) -> int:
        """Return the number of the newest change."""

    def after(self, number: int, limit: int) -> list[tuple[int, str]]:
        """Return the next changes after a number, oldest first."""

    def close(self) -> None:
        """Give back what the thread held."""


@dataclass(frozen=True, slots=True)
class News:
    """What a listener hears: the newest number, and whether any of it concerns the page."""

    number: int
    relevant: bool


def concerns(subject: str, wanted: tuple[str, ...]) -> bool:
    """Tell whether a subject is wanted; a kind by itself, with or without a colon, means all."""
    kind = subject.partition(":")[0]
    return any(one == subject or one.removesuffix(":") == kind for one in wanted)


def everything(_subject: str) -> bool:
    """Hear of all that changes."""
    return True


class Listener:
    """A place among those who listen to a feed."""

    def __init__(self, feed: "ChangeFeed") -> None:
        """Hold a place that `ChangeFeed.listen` has counted."""
        self._feed: ChangeFeed | None = feed

    def wait(
        self, position: int, wanted: tuple[str, ...], timeout_s: float, may: May = everything
    ) -> News | None:
        """Wait for changes, as `ChangeFeed.wait` says; None after the place was left."""
        return self._feed.wait(position, wanted, timeout_s, may) if self._feed else None

    def leave(self) -> None:
        """Give the place back; a second time changes nothing."""
        feed, self._feed = self._feed, None
        if feed is not None:
            feed.leave()


class ChangeFeed:
    """Passes changes on to any number of waiting pages, up to a limit."""

    def __init__(self, changes: Changes, limit: int, on_error: Callable[[], None]) -> None:
        """Prepare the feed; nothing runs until somebody listens.

        Args:
            changes: where to read.
            limit: how many pages may listen at once.
            on_error: called inside the ``except`` when reading fails; the feed tries again.
        """
        self._changes, self._limit, self._on_error = changes, limit, on_error
        self._condition = Condition()
        self._listeners = 0
        self._thread: Thread | None = None
        self._number = -1
        self._floor = -1
        self._known: deque[tuple[int, str]] = deque(maxlen=REMEMBERED)

    def listen(self) -> "Listener":
        """Take a place among the listeners, to be left again.

        Raises:
            FeedFullError: too many listen already.
        """
        with self._condition:
            if self._listeners >= self._limit:
                raise FeedFullError
            self._listeners += 1
            if self._thread is None:
                self._thread = Thread(target=self._run, name="change-feed", daemon=True)
                self._thread.start()
        return Listener(self)

    def leave(self) -> None:
        """Give a place back."""
        with self._condition:
            self._listeners -= 1
            self._condition.notify_all()

    def wait(
        self, position: int, wanted: tuple[str, ...], timeout_s: float, may: May = everything
    ) -> News | None:
        """Wait for changes after a position.

        Args:
            position: the number of the newest change that the page knows.
            wanted: what the page shows, as `concerns` has it.
            timeout_s: how long to wait.
            may: what the listener may hear of; anything else is as if it had not been.

        Returns:
            What came, or None when nothing did in time. A position that is older than what the
            feed remembers, or that no database of ours can have given, counts as relevant.
        """
        with self._condition:
            if not self._condition.wait_for(lambda: self._number not in (-1, position), timeout_s):
                return None
            if position > self._number or position < self._floor:
                return News(self._number, relevant=True)
            fresh = (subject for number, subject in self._known if number > position)
            return News(self._number, any(may(one) and concerns(one, wanted) for one in fresh))

    def _run(self) -> None:
        try:
            while self._look():
                pass
        finally:
            self._changes.close()

    def _look(self) -> bool:
        """Read once, then pause; return False when nobody listens any more."""
        try:
            self._take()
        except Exception:  # a busy or restored database must not silence every page for good
            self._on_error()
        with self._condition:
            if self._condition.wait_for(lambda: self._listeners == 0, POLL_S):
                self._thread, self._number, self._floor = None, -1, -1
                self._known.clear()
                return False
            return True

    def _take(self) -> None:
        newest = self._changes.newest()
        if newest == self._number:
            return
        first = self._number < 0 or newest < self._number
        rows = [] if first else self._changes.after(self._number, BATCH)
        with self._condition:
            if first:
                self._known.clear()
                self._number = self._floor = newest
            else:
                self._remember(rows)
            self._condition.notify_all()

    def _remember(self, rows: list[tuple[int, str]]) -> None:
        for row in rows:
            if len(self._known) == REMEMBERED:
                self._floor = self._known[0][0]
            self._known.append(row)
        if rows:
            self._number = rows[-1][0]
