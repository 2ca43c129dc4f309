"""gunicorn without a configuration file: everything it needs is in the fleet's settings."""

from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication

from fleet_server.app import MAX_STREAMS, create_app
from fleet_server.settings import Settings
from fleet_server.watchdog import Watchdog
from fleet_server.worker import WatchedWorker

THREADS = MAX_STREAMS + 16
"""Each open page holds a thread for its event stream; the rest answer requests."""

GRACE_S = 2


def options(settings: Settings) -> dict[str, object]:
    """Return gunicorn's options.

    One worker: the counts of the rate limits are in its memory, and SQLite has one writer anyway.
    """
    host = f"[{settings.web.host}]" if ":" in settings.web.host else settings.web.host
    return {
        "bind": f"{host}:{settings.web.port}",
        "worker_class": WatchedWorker,
        "workers": 1,
        "threads": THREADS,
        "graceful_timeout": GRACE_S,
        "limit_request_line": 8190,  # its most; the interface itself refuses half of that
        "limit_request_fields": 60,
        "forwarded_allow_ips": "",  # whom to believe is [web] trusted_proxies' business
        "accesslog": None,
        "errorlog": "-",
        "loglevel": "warning",
        "proc_name": "hailong-serve",
        "control_socket_disable": True,  # systemd is the one who starts and stops
    }


class PageServer(BaseApplication):  # type: ignore[misc]  # gunicorn brings no types
    """gunicorn, configured from the fleet's settings instead of a file of its own.

    Attributes:
        watchdog: hears from the worker.
    """

    def __init__(self, settings: Settings, watchdog: Watchdog) -> None:
        """Keep the settings for the worker."""
        self._settings = settings
        self.watchdog = watchdog
        super().__init__()

    def load_config(self) -> None:
        """Give gunicorn its options."""
        for key, value in options(self._settings).items():
            self.cfg.set(key, value)

    def load(self) -> Callable[..., Any]:
        """Build the app in the worker."""
        return create_app(self._settings)
