"""gunicorn's worker under systemd's watchdog, for pages and enrolment.

Its main loop accepts connections and hands them to threads: a process whose loop does not turn
answers nobody, whatever gunicorn's master says, who is a process of its own.
"""

from gunicorn.workers.gthread import ThreadWorker

from fleet_server import clock


class WatchedWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn brings no types
    """Tells the ``watchdog`` of its application at each turn of the loop."""

    def notify(self) -> None:
        """Tell gunicorn's master, and systemd, that the loop turns and so answers."""
        super().notify()
        self.app.watchdog.ready()
        self.app.watchdog.alive(clock.monotonic_s())
