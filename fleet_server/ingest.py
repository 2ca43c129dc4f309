"""Entry of the ingest process, the fleet's only MQTT client: ``hailong-fleet ingest``.

It alone holds the receipt key and the control key. paho's thread fills the inbox; this thread
judges, stores, answers and publishes.
"""

import signal
import ssl
from collections.abc import Callable
from functools import partial
from types import FrameType

import structlog

from fleet_server import clock, logs
from fleet_server.expiry import look
from fleet_server.mqtt.client import BrokerLink, tls_context
from fleet_server.mqtt.messages import Inbox
from fleet_server.mqtt.signing import Signer, load_signer
from fleet_server.mqtt.worker import Worker
from fleet_server.retention import MOST, erase
from fleet_server.revocation import heed
from fleet_server.settings import Settings
from fleet_server.store.database import close, open_database
from fleet_server.watchdog import Watchdog
from provisioning.errors import ProvisioningError
from provisioning.layout import FleetLayout

log = structlog.get_logger("ingest")
SERVER = "server"
"""Who the audit log says it was."""


def run(settings: Settings) -> None:
    """Take what terminals send until SIGTERM or SIGINT.

    Raises:
        SchemaError: there is no database, or its tables are out of date.
        KeyFileError: a key of the fleet can't be used.
        ProvisioningError: the client certificate can't be used.
    """
    logs.configure()
    layout = settings.layout
    open_database(settings.database.url)
    try:
        signer = load_signer(layout)
        inbox = Inbox()
        link = BrokerLink(settings.broker, _context(layout), inbox)
        worker = Worker(
            inbox,
            link,
            signer,
            _reload(layout),
            settings.fleet.zone,
            partial(_look_after, settings),
            partial(_tell, Watchdog(), link),
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stopper(worker))
        link.start()
        try:
            worker.run()
        finally:
            inbox.close()
            link.stop()
    finally:
        close()


def _look_after(settings: Settings, now_ms: int) -> None:
    heed(settings.layout)
    look(settings.layout, now_ms)
    erase(settings.retention, now_ms, SERVER, MOST)


def _tell(watchdog: Watchdog, link: BrokerLink) -> None:
    """Tell systemd that the worker turns, and first of all that it hears what terminals say."""
    if link.hears:
        watchdog.ready()
    watchdog.alive(clock.monotonic_s())


def _context(layout: FleetLayout) -> ssl.SSLContext:
    try:
        return tls_context(layout)
    except OSError as error:
        raise ProvisioningError(
            f"{layout.keys}: the client certificate can't be used: {error}"
        ) from None


def _stopper(worker: Worker) -> Callable[[int, FrameType | None], None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        worker.stop()

    return stop


def _reload(layout: FleetLayout) -> Callable[[], Signer | None]:
    """Return a function that reads the keys anew if the key list has changed."""

    def stamp() -> tuple[int, int] | None:
        try:
            found = layout.key_list.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size

    last = stamp()

    def reload() -> Signer | None:
        nonlocal last
        now = stamp()
        if now is None or now == last:
            return None
        last = now
        return load_signer(layout)

    return reload
