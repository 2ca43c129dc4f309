"""Holds back today's choices until five new ratings have come.

A page that moves with every rating would tell the choice of each: somebody who watches the
counter need only watch the share. So the choices of a counter's running day are given out in
batches of at least `ENOUGH_RATINGS`; between two batches pages show the last one. Days that are
over are shown whole.
"""

from threading import Lock

from fleet_server.store.pages.sums import Sums
from fleet_server.web.figures import ENOUGH_RATINGS, Choices


class ShareBatches:
    """The last batch of each counter's running day; one for the whole process."""

    def __init__(self) -> None:
        """Begin with no batch given out."""
        self._lock = Lock()
        self._day = ""
        self._given: dict[int, Choices] = {}

    def release(self, counter: int, today: str, sums: Sums) -> Choices:
        """Return the choices of today that may be shown for a counter.

        Args:
            counter: the counter's row id.
            today: YYYY-MM-DD; a new day forgets the former one.
            sums: the counter's sums of today.
        """
        fresh = Choices.of(sums)
        with self._lock:
            if today != self._day:
                self._day, self._given = today, {}
            given = self._given.get(counter, Choices())
            if abs(fresh.total - given.total) >= ENOUGH_RATINGS:
                given = self._given[counter] = fresh
            return given
