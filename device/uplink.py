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
import signal
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from random import SystemRandom
from typing import TYPE_CHECKING

from device.clock import SystemClock
from device.core.sending import Pace
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
from device.link.dossiers import Dossiers
from device.link.exchange import Exchange, Self, Timing
from device.link.joining import Joining
from device.link.mqtt import Broker
from device.link.orders import Orders
from device.link.parts import Parts
from device.link.proxy import HttpsThroughProxy
from device.link.receiver import Receiver
from device.link.reporting import Reporter
from device.link.sender import Sender
from device.link.standing import LOCK
from device.link.tls import client_context
from device.network.looking import Looking
from device.remote.computer import SystemdComputer
from device.tickets.dossiers import Spool
from device.updates.download import Download
from device.updates.folder import UpdateFolder
from device.updates.updater import Machine, Updater
from device.versions import versions
from device.wakeup import WakeUp
from device.watchdog import Watchdog

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import FrameType

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
    stop: _Stop


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
        stop = _Stop()
        stack.callback(stop.close)
        data.mkdir(parents=True, exist_ok=True)
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


def _exchange(process: _Process, me: Self) -> None:
    """Exchange with the server until stopped, or until it is another server."""
    try:
        with closing(LinkStore(process.settings.terminal.data)) as store:
            exchange = _build(process, me, store)
            process.stop.then(exchange.stop)
            exchange.run(process.stop.fileno())
    except InboxError as error:
        raise DeviceError(str(error)) from None


def _build(process: _Process, me: Self, store: LinkStore) -> Exchange:
    settings, clock = process.settings, process.clock
    data, uplink, dev = settings.terminal.data, settings.uplink, me.fleet.terminal
    clock.raise_floor(newest_at(data) or 0)
    jitter = SystemRandom().random
    timing = Timing(_ms(uplink.backoff_s), _ms(uplink.backoff_cap_s), jitter)
    exchange = Exchange(
        me, _broker(me, uplink), timing, clock, store, process.bell, process.watchdog,
        process.joining,
    )  # fmt: skip
    publish, ring = exchange.publish, exchange.ring
    sender = Sender(
        dev, me.key, JournalReader(data), store, clock, publish, _pace(uplink), jitter, ring
    )
    answers = Answers(store, publish)
    updater = _updater(settings, me, clock, answers, sender, lambda: reporter.pulse())
    orders = Orders(me.files, me.fleet, clock, answers, sender.hello, updater.ask)
    receiver = Receiver(
        dev, me.fleet.fleet_key_x, store, sender, clock, answers, orders, settings.tables, ring,
        exchange.synchronise,
    )  # fmt: skip
    receiver.resume()
    reporter = Reporter(
        MachineSensors(data), versions(), clock, store, sender, receiver, updater, publish,
        _ms(uplink.health_s),
    )  # fmt: skip
    dossiers = Dossiers(Spool(data), sender, clock, publish)
    looking = Looking(data, uplink.enrolment, clock, lambda: process.joining.is_connected)
    exchange.attach(Parts(sender, receiver, reporter, answers, orders, dossiers, updater, looking))
    return exchange


def _broker(me: Self, uplink: UplinkSettings) -> Broker:
    fleet = me.fleet
    waits = uplink.keepalive_s, uplink.connect_timeout_s
    return Broker(fleet.mqtt_host, fleet.mqtt_port, *waits, fleet.proxy)


def _updater(
    settings: Settings,
    me: Self,
    clock: SystemClock,
    answers: Answers,
    sender: Sender,
    counter: Callable[[], tuple[Pulse, int]],
) -> Updater:
    folder = UpdateFolder(settings.update.folder)

    def fetch(bundle: Bundle) -> Download:
        download = Download(folder, bundle, partial(_to_est, me, clock), SystemRandom().random)
        download.start()
        return download

    return Updater(
        Machine(machine_boot_id(), versions().image),
        settings.update,
        folder,
        clock,
        SystemdComputer(),
        fetch,
        answers.give,
        counter,
        lambda: sender.heard,
    )


def _to_est(me: Self, clock: SystemClock) -> http.client.HTTPSConnection:
    """Return a connection to the enrolment server that shows this terminal's certificate."""
    files, fleet = me.files, me.fleet
    check_time = clock.quality() != "unset"
    context = client_context(files.read_root(), files.certificate, files.key, check_time=check_time)
    return HttpsThroughProxy(fleet.est_url, context, _EST_S, fleet.proxy)


def _pace(uplink: UplinkSettings) -> Pace:
    return Pace(
        receipt_ms=_ms(uplink.receipt_timeout_s),
        cap_ms=_ms(uplink.backoff_cap_s),
        ask_ms=_ms(uplink.ask_s),
        hello_ms=_ms(uplink.hello_s),
    )


def _ms(seconds: float) -> int:
    return int(seconds * 1000)


def _wait_for_enrolment(process: _Process) -> Self | None:
    """Return who this terminal is, as soon as it is enrolled; None when stopped before."""
    stop, joining = process.stop, process.joining
    while not stop.wanted:
        me = _self(process.settings)
        if me is not None:
            return me
        joining.turn()
        if joining.certified() is None:
            process.watchdog.alive(process.clock.up_ms())
            select.select([stop], [], [], _ENROLLED_POLL_S)
    return None


def _self(settings: Settings) -> Self | None:
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
    return Self(files, fleet, key)


def _lock(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise DeviceError(f"{path}: another uplink runs on this folder") from None
    return descriptor


class _Stop:
    """Set by SIGTERM and SIGINT; readable from then on."""

    def __init__(self) -> None:
        self.wanted = False
        self._read_end, self._write_end = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._call: Callable[[], None] = lambda: None
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def then(self, call: Callable[[], None]) -> None:
        """Have ``call`` made when the process is to end, at once if that is already so."""
        self._call = call
        if self.wanted:
            call()

    def fileno(self) -> int:
        """Return a descriptor that becomes readable when the process is to end."""
        return self._read_end

    def close(self) -> None:
        """Close the descriptors; signals end the process as usual again."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        os.close(self._read_end)
        os.close(self._write_end)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.wanted = True
        os.write(self._write_end, b".")
        self._call()
