"""Entry of the uplink process: builds the real parts and runs the exchange with the server.

It reads the journal and alone writes ``link.db``. It may be killed at any moment: everything that
it must remember is committed before the broker gets its acknowledgement, and what it forgets the
server says again.
"""

from __future__ import annotations

import fcntl
import http.client
import logging
import os
import select
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from random import SystemRandom
from typing import TYPE_CHECKING

from device.clock import SystemClock
from device.core.sending_words import Pace
from device.errors import DeviceError
from device.hardware.sensors import MachineSensors
from device.identity import board
from device.identity.enrol import present_certificate
from device.identity.files import IdentityFiles
from device.inbox.files import InboxError, machine_boot_id
from device.inbox.store import LinkStore
from device.journal.opening import newest_at, passed_ms
from device.journal.reader import JournalReader
from device.link.answers import Answers
from device.link.connection import Backoff, Connection
from device.link.credentials import Credentials, Identity
from device.link.dossiers import Dossiers
from device.link.exchange import Exchange
from device.link.joining import Joining
from device.link.mqtt import Broker
from device.link.orders import Orders
from device.link.outgoing import Outgoing
from device.link.parts import Parts
from device.link.receiver import Receiver
from device.link.reporting import Reporter
from device.link.sender import Sender
from device.link.server_time import ServerTime
from device.link.standing import LOCK
from device.network.looking import Looking
from device.proxy import HttpsThroughProxy
from device.remote.computer import SystemdComputer
from device.stop import Stop
from device.tickets.dossiers import Spool
from device.updates.download import Download
from device.updates.folder import UpdateFolder
from device.updates.updater import Updater
from device.updates.watch import Machine, Watch
from device.versions import versions
from device.wakeup import WakeUp
from device.watchdog import Watchdog
from wire.files import private_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from device.core.quiet import Pulse
    from device.settings import Settings, UplinkSettings
    from wire.commands import Bundle

log = logging.getLogger(__name__)

_ENROLLED_POLL_S = 2.0
_EST_S = 30.0


@dataclass(frozen=True, slots=True)
class _Process:
    """What lasts as long as the process, whichever server it is connected to."""

    settings: Settings
    clock: SystemClock
    bell: WakeUp
    watchdog: Watchdog
    joining: Joining
    stop: Stop


def run(settings: Settings, serial: str | None = None) -> int:
    """Run the uplink until SIGTERM or SIGINT.

    Args:
        settings: The terminal's own file.
        serial: Serial number of the board, None where it has none.

    Returns:
        The exit code.

    Raises:
        DeviceError: A file of the identity is damaged, another uplink runs here, or ``link.db``
            cannot be written.
    """
    data = settings.terminal.data
    with ExitStack() as stack:
        stop = Stop()
        stack.callback(stop.close)
        stop.heed_signals()
        private_folder(data)
        stack.callback(os.close, _lock(data / LOCK))
        bell = WakeUp(data, "uplink")
        stack.callback(bell.close)
        watchdog = Watchdog()
        watchdog.ready()
        clock = SystemClock(passed_ms(data), trusted=settings.terminal.clock == "host")
        files = IdentityFiles(data)
        board.bind(files, serial)
        enrolment, terminal = settings.uplink.enrolment, settings.terminal.id
        joining = Joining(data, files, enrolment, terminal, clock, SystemRandom().random)
        process = _Process(settings, clock, bell, watchdog, joining, stop)
        while not stop.wanted:
            me = _wait_for_enrolment(process)
            if me is not None:
                _exchange(process, me)
    return 0


def _exchange(process: _Process, me: Identity) -> None:
    """Exchange with the server until stopped, or until it is another server."""
    try:
        with closing(LinkStore(process.settings.terminal.data)) as store:
            _build(process, me, store).run(process.stop)
    except InboxError as error:
        raise DeviceError(str(error)) from None


def _build(process: _Process, me: Identity, store: LinkStore) -> Exchange:
    settings, clock = process.settings, process.clock
    data, uplink, dev = settings.terminal.data, settings.uplink, me.fleet.terminal
    clock.raise_floor(newest_at(data) or 0)
    jitter = SystemRandom().random
    backoff = Backoff(_ms(uplink.backoff_s), _ms(uplink.backoff_cap_s), jitter)
    credentials = Credentials(me, clock)
    connection = Connection(credentials, _broker(me, uplink), backoff, clock)
    publish, ring = connection.publish, process.bell.ring
    journal = Outgoing(dev, me.key, JournalReader(data), store, ring)
    sender = Sender(journal, store, clock, publish, _pace(uplink), jitter)
    answers = Answers(store, publish)
    updater = _updater(settings, credentials, clock, answers, sender, lambda: reporter.pulse())
    orders = Orders(me.files, me.fleet, clock, answers, sender.hello, updater.ask)
    receiver = Receiver(
        dev, me.fleet.fleet_key_x, store, sender, clock, answers, orders, settings.tables, ring,
        ServerTime(clock, store, ring).take,
    )  # fmt: skip
    receiver.resume()
    reporter = Reporter(
        MachineSensors(data), versions(), clock, store, sender, receiver, updater, publish,
        _ms(uplink.health_s),
    )  # fmt: skip
    dossiers = Dossiers(Spool(data), sender, clock, publish)
    looking = Looking(data, uplink.enrolment, clock, lambda: process.joining.is_connected)
    parts = Parts(sender, receiver, reporter, answers, orders, dossiers, updater, looking)
    return Exchange(
        connection, credentials, process.joining, parts, clock, process.bell, process.watchdog
    )


def _broker(me: Identity, uplink: UplinkSettings) -> Broker:
    fleet = me.fleet
    waits = uplink.keepalive_s, uplink.connect_timeout_s
    return Broker(fleet.mqtt_host, fleet.mqtt_port, *waits, fleet.proxy)


def _updater(
    settings: Settings,
    credentials: Credentials,
    clock: SystemClock,
    answers: Answers,
    sender: Sender,
    counter: Callable[[], tuple[Pulse, int]],
) -> Updater:
    folder = UpdateFolder(settings.update.folder)

    def fetch(bundle: Bundle) -> Download:
        download = Download(folder, bundle, partial(_to_est, credentials), SystemRandom().random)
        download.start()
        return download

    machine = Machine(machine_boot_id(), versions().image)
    quiet_s = settings.update.quiet_s
    watch = Watch(machine, folder, clock, counter, lambda: sender.heard, quiet_s)
    patience, computer = settings.update.patience, SystemdComputer()
    return Updater(watch, patience, folder, clock, computer, fetch, answers.give)


def _to_est(credentials: Credentials) -> http.client.HTTPSConnection:
    """Return a connection to the enrolment server that shows this terminal's certificate."""
    fleet = credentials.fleet
    return HttpsThroughProxy(fleet.est_url, credentials.context(), _EST_S, fleet.proxy)


def _pace(uplink: UplinkSettings) -> Pace:
    return Pace(
        receipt_ms=_ms(uplink.receipt_timeout_s),
        cap_ms=_ms(uplink.backoff_cap_s),
        ask_ms=_ms(uplink.ask_s),
        hello_ms=_ms(uplink.hello_s),
    )


def _ms(seconds: float) -> int:
    return int(seconds * 1000)


def _wait_for_enrolment(process: _Process) -> Identity | None:
    """Return who this terminal is, as soon as it is enrolled; None when stopped before."""
    stop = process.stop
    me = _identity(process.settings)
    while me is None and not stop.wanted:
        process.watchdog.alive(process.clock.up_ms())
        process.joining.turn()
        me = _identity(process.settings)
        if me is None:
            select.select([stop], [], [], _ENROLLED_POLL_S)
    return me


def _identity(settings: Settings) -> Identity | None:
    terminal = settings.terminal
    files = IdentityFiles(terminal.data)
    fleet = files.read_fleet()
    if fleet is None:
        return None
    if fleet.terminal != terminal.id:
        raise DeviceError(
            f"this folder is enrolled as {fleet.terminal}, but terminal.id is {terminal.id}"
        )
    key = files.load_or_make_key()
    if present_certificate(files, key, terminal.id) is None:
        return None
    return Identity(files, fleet, key)


def _lock(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise DeviceError(f"{path}: another uplink runs on this folder") from None
    return descriptor
