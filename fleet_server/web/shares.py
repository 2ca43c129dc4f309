"""Holds back today's choices until five new ratings have come.

A page that moves with every rating would tell the choice of each: somebody who watches the
counter need only watch the share. So the choices of a counter's running day are given out in
batches of at least `ENOUGH_RATINGS`, each service for itself; between two batches pages show the
last one. Of days that are over, `fleet_server.core.choices` says what is told.
"""

from threading import Lock

from fleet_server.core.choices import ENOUGH_RATINGS, Choices


class ShareBatches:
    """The last batch of each counter's running day by service; one for the whole process."""

    def __init__(self) -> None:
        """Begin with no batch given out."""
        self._lock = Lock()
        self._day = ""
        self._given: dict[tuple[int, str], Choices] = {}

    def release(self, counter: int, today: str, fresh: Choices, service: str = "") -> Choices:
        """Return the choices of today that may be shown for a counter.

        Args:
            counter: the counter's row id.
            today: YYYY-MM-DD; a new day forgets the former one.
            fresh: the choices made today, of the service.
            service: of which service; empty where none is known.
        """
        with self._lock:
            if today != self._day:
                self._day, self._given = today, {}
            given = self._given.get((counter, service), Choices())
            if abs(fresh.total - given.total) >= ENOUGH_RATINGS:
                given = self._given[counter, service] = fresh
            return given
