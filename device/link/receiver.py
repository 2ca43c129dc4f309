"""Downward: what the broker delivers, verified, and handed on. No bytes from there do harm."""

from __future__ import annotations

import logging
from collections import Counter
from typing import TYPE_CHECKING

from device.results import reason
from device.settings import policy
from device.settings.tables import SettingsError
from wire.down import (
    open_command,
    open_config,
    open_key_list,
    open_receipt,
    open_ticket,
)
from wire.envelope import MAX_DOWN
from wire.errors import WireError
from wire.topics import parse
from wire.up import CommandResult, ConfigResult

if TYPE_CHECKING:
    from collections.abc import Callable

    from device.inbox.store import LinkStore, ObjectType
    from device.link.answers import Answers
    from device.link.orders import Orders
    from device.link.sender import Sender
    from device.ports import Clock
    from device.settings.policy import Tables
    from wire.down import Config, KeyList
    from wire.topics import Topic

log = logging.getLogger(__name__)

_LATER = 32
MOST_WAITING = 64
"""Commands that wait for the terminal; more are refused."""


class Receiver:
    """Takes messages one by one; commits what counts before it returns.

    Args:
        dev: Terminal id.
        fleet_key_x: Public key that signs key lists.
        store: Where verified objects go.
        sender: Takes receipts.
        clock: The time.
        answers: Where the answers to configurations go.
        orders: Takes commands.
        own: The policy's tables of ``terminal.toml``, which a configuration is laid over.
        changed: Called when there is something new for the terminal.
        synchronised: Called with the server's time (Unix ms) when a fresh receipt gave it.

    Attributes:
        counts: What was refused, by kind, since the start.
    """

    def __init__(
        self,
        dev: str,
        fleet_key_x: str,
        store: LinkStore,
        sender: Sender,
        clock: Clock,
        answers: Answers,
        orders: Orders,
        own: Tables,
        changed: Callable[[], None],
        synchronised: Callable[[int], None],
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._dev = dev
        self._fleet_key_x = fleet_key_x
        self._store = store
        self._sender = sender
        self._clock = clock
        self._answers = answers
        self._orders = orders
        self._own = own
        self._changed = changed
        self._synchronised = synchronised
        self._keys = self._stored_keys()
        # What could not be verified yet: retained messages come in any order.
        self._later: dict[str, bytes] = {}

    def take(self, topic: str, payload: bytes) -> None:
        """Take one message. Whatever its bytes are, the worst that follows is a line in the log."""
        try:
            where = parse(topic)
            if where.dev != self._dev:
                raise WireError("is for another terminal")
            if len(payload) > MAX_DOWN:
                raise WireError(f"is longer than {MAX_DOWN} bytes")
            if not payload:
                return  # a retained message was cleared
            self._open(where, payload)
        except WireError as error:
            self.counts["refused"] += 1
            log.warning("a message on %.80r is refused: %s", topic, error)
            self._keep_for_later(topic, payload)

    def _keep_for_later(self, topic: str, payload: bytes) -> None:
        if len(payload) <= MAX_DOWN and (topic in self._later or len(self._later) < _LATER):
            self._later[topic] = payload

    def _open(self, where: Topic, payload: bytes) -> None:
        if where.leaf == "keys":
            self._take_keys(payload)
        elif where.leaf == "receipt":
            self._take_receipt(where, payload)
        elif where.leaf == "ticket":
            ticket = open_ticket(payload, self._known_keys(), self._dev)
            self._keep("ticket", ticket.n, payload)
        elif where.leaf == "config":
            self._take_config(payload)
        elif where.leaf == "command":
            self._take_command(payload)

    def _take_keys(self, payload: bytes) -> None:
        keys = open_key_list(payload, self._fleet_key_x)
        if self._store.take("keys", keys.n, payload, self._clock.up_ms()):
            self._keys = keys
            later, self._later = self._later, {}
            for topic, waiting in later.items():
                self.take(topic, waiting)
            self._changed()
        elif self._keys is not None and keys.n < self._keys.n:
            self._old("keys", keys.n)

    def _take_receipt(self, where: Topic, payload: bytes) -> None:
        receipt = open_receipt(payload, self._known_keys(), self._dev)
        if receipt.chain != where.chain:
            raise WireError("is for another chain than its topic")
        if self._sender.receipt(receipt, payload):
            self._synchronised(receipt.iat)

    def _take_config(self, payload: bytes) -> None:
        config = open_config(payload, self._known_keys(), self._dev)
        try:
            self._judge(config)
        except SettingsError as error:
            self._refuse_config(config, str(error))
        else:
            self._keep("config", config.n, payload)

    def _judge(self, config: Config) -> None:
        """Raise `SettingsError` if the terminal could not apply this."""
        applied = self._newest_config()
        if applied is not None and config.version < applied.version:
            raise SettingsError(f"version {config.version} is older than {applied.version}")
        policy.read_from_afar(self._own, config.settings, config.version)

    def _refuse_config(self, config: Config, why: str) -> None:
        """Use up the number of a configuration and answer; the last good one stays."""
        known = self._store.newest_n("config")
        if self._store.refuse("config", config.n):
            self.counts["refused"] += 1
            log.warning("configuration %d is refused: %s", config.version, reason(why))
            result = ConfigResult(config.n, config.version, applied=False, reason=reason(why))
            self._answers.give(result)
        elif known is not None and config.n < known:
            self._old("config", config.n)

    def _newest_config(self) -> Config | None:
        token = self._store.newest("config")
        try:
            return None if token is None else open_config(token, self._known_keys(), self._dev)
        except WireError:
            return None

    def _take_command(self, payload: bytes) -> None:
        command = open_command(payload, self._known_keys(), self._dev)
        if len(self._store.commands()) >= MOST_WAITING:
            if self._store.refuse("command", command.n):
                result = CommandResult(command.n, "refused", "too many commands wait already")
                self._answers.give(result)
        elif self._keep("command", command.n, payload):
            self._orders.take(command)

    def resume(self) -> None:
        """Take up the commands that a process before this one left without an answer."""
        for token in self._store.commands() if self._keys is not None else []:
            try:
                self._orders.resume(open_command(token, self._known_keys(), self._dev))
            except WireError as error:
                log.warning("a stored command is not believed: %s", error)

    def _keep(self, typ: ObjectType, n: int, payload: bytes) -> bool:
        """Store an object for the terminal; an old one is refused, the same one is no news."""
        known = self._store.newest_n(typ)
        if self._store.take(typ, n, payload, self._clock.up_ms()):
            self._changed()
            return True
        if known is not None and n < known:
            self._old(typ, n)
        return False

    def _old(self, typ: str, n: int) -> None:
        self.counts["old"] += 1
        log.warning("an old %s (n %d) is refused", typ, n)

    def _known_keys(self) -> KeyList:
        if self._keys is None:
            raise WireError("cannot be verified before the key list has come")
        return self._keys

    def _stored_keys(self) -> KeyList | None:
        token = self._store.newest("keys")
        try:
            return None if token is None else open_key_list(token, self._fleet_key_x)
        except WireError:
            return None
