"""Reading ``link.db``, in the terminal's process: what the uplink has verified.

The uplink verified every object before it wrote it; it is verified again here, by the same keys,
since the file may have been damaged meanwhile. What cannot be read now is as if it weren't there:
the buttons live without it.
"""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

from device.core.pruning import Milestone
from device.inbox import files
from device.inbox.files import InboxError
from device.inbox.kept import Kept
from device.inbox.store import Finding
from device.journal.former import Former
from wire import ids
from wire.down import (
    KeyList,
    open_command,
    open_config,
    open_key_list,
    open_receipt,
    open_ticket,
)
from wire.errors import WireError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from device.inbox.store import AnswerType
    from wire.down import Command, Config, CurrentTicket, Receipt

log = logging.getLogger(__name__)

T = TypeVar("T")
Kinds: TypeAlias = "tuple[type | tuple[type, ...], ...]"
_NONE = type(None)
_OBJECTS = "SELECT token, boot, up FROM object WHERE typ = ? ORDER BY n DESC"
_UNANSWERED = (
    "SELECT token, boot, up FROM object WHERE typ = ?1"
    " AND n NOT IN (SELECT n FROM answer WHERE typ = ?1) ORDER BY n DESC"
)


@dataclass(frozen=True, slots=True)
class ServerTime:
    """The server's clock showed ``at`` (Unix ms) when the machine's ``up`` was this."""

    up: int
    at: int


@dataclass(frozen=True, slots=True)
class Awaiting:
    """A command without an answer; not ``fresh`` once its time to live has passed."""

    command: Command
    fresh: bool


class Inbox:
    """Read-only view of ``link.db`` under ``data``; no method raises over the file's state.

    Args:
        data: Folder of the terminal's files.
        dev: Terminal id.
        fleet_key_x: Public key that signs key lists; None before the enrolment.
    """

    def __init__(self, data: Path, dev: str, fleet_key_x: str | None) -> None:
        self._data = data
        self._dev = dev
        self._fleet_key_x = fleet_key_x
        self._boot = files.machine_boot_id()
        self._kept = Kept(data)

    def ticket(self, up: int) -> CurrentTicket | None:
        """Return the newest ticket while its time to live lasts at ``up``."""
        for ticket, boot, arrived in self._objects("ticket", open_ticket):
            if boot == self._boot and up - arrived < ticket.ttl_s * 1000:
                return ticket
        return None

    def config_n(self) -> int | None:
        """Return the number of the newest configuration; cheap, and nothing is verified."""
        query = "SELECT n FROM object WHERE typ = 'config' ORDER BY n DESC LIMIT 1"
        return next((n for (n,) in self._rows(query, (int,))), None)

    def config(self) -> Config | None:
        """Return the newest configuration."""
        return next((config for config, _, _ in self._objects("config", open_config)), None)

    def commands(self, up: int) -> list[Awaiting]:
        """Return the commands that have no answer yet, oldest first."""
        return [
            Awaiting(command, boot == self._boot and up - arrived < command.ttl_s * 1000)
            for command, boot, arrived in self._objects("command", open_command)
        ][::-1]

    def answered(self, typ: AnswerType) -> set[int]:
        """Return the ``n`` of the objects whose answers the uplink has."""
        return {n for (n,) in self._rows("SELECT n FROM answer WHERE typ = ?", (int,), typ)}

    def held(self) -> list[Former]:
        """Return what the server holds of each chain, as its receipts say; the newest last."""
        query = "SELECT chain, seq, hash, token FROM receipt ORDER BY n"
        return [
            Former(chain, seq, digest, token.decode("ascii", "replace"))
            for chain, seq, digest, token in self._rows(query, (str, int, str, bytes))
            if ids.RANDOM_ID.fullmatch(chain) and ids.HASH.fullmatch(digest) and seq >= 0
        ]

    def milestones(self) -> list[Milestone]:
        """Return up to where the server's kept receipts would let the journal be pruned."""
        query = "SELECT chain, seq, hash, iat FROM milestone ORDER BY id"
        return [Milestone(*row) for row in self._rows(query, (str, int, str, int))]

    def receipt_for(self, milestone: Milestone) -> bytes | None:
        """Return a milestone's receipt, if the fleet did sign it for this terminal."""
        query = "SELECT token FROM milestone WHERE chain = ? AND seq = ?"
        for receipt, token in self._receipts(query, milestone.chain, milestone.seq):
            if Milestone(receipt.chain, receipt.seq, receipt.hash, receipt.iat) == milestone:
                return token
        return None

    def receipts(self) -> list[Receipt]:
        """Return what the server said last of each chain, verified."""
        return [receipt for receipt, _ in self._receipts("SELECT token FROM receipt")]

    def _receipts(self, query: str, *values: str | int) -> list[tuple[Receipt, bytes]]:
        keys = self._keys()
        found = []
        for (token,) in self._rows(query, (bytes,), *values) if keys else []:
            try:
                found.append((open_receipt(token, cast("KeyList", keys), self._dev), token))
            except WireError as error:
                log.warning("a receipt in %s is not believed: %s", files.FILE, error)
        return found

    def findings(self) -> list[Finding]:
        """Return what is wrong with chains."""
        query = "SELECT chain, kind, seq, hash, token, details FROM finding ORDER BY rowid"
        kinds = (str, str, int, (str, _NONE), (bytes, _NONE), (str, _NONE))
        return [Finding(*row) for row in self._rows(query, kinds)]

    def server_time(self) -> ServerTime | None:
        """Return the server's time as of an ``up`` of this boot of the machine."""
        query = "SELECT up, at FROM server_time WHERE boot = ?"
        rows = self._rows(query, (int, int), self._boot)
        return next((ServerTime(up, at) for up, at in rows), None)

    def _objects(
        self, typ: str, open_it: Callable[[bytes, KeyList, str], T]
    ) -> list[tuple[T, str, int]]:
        query = _UNANSWERED if typ == "command" else _OBJECTS
        found: list[tuple[T, str, int]] = []
        rows = self._rows(query, (bytes, str, int), typ)
        keys = self._keys() if rows else None
        for token, boot, up in rows if keys else []:
            try:
                opening = partial(open_it, token, cast("KeyList", keys), self._dev)
                found.append((self._kept.get((typ, token, keys), opening), boot, up))
            except WireError as error:
                log.warning("a %s in %s is not believed: %s", typ, files.FILE, error)
        return found

    def _keys(self) -> KeyList | None:
        if self._fleet_key_x is None:
            return None
        query = "SELECT token FROM object WHERE typ = 'keys' ORDER BY n DESC LIMIT 1"
        for (token,) in self._rows(query, (bytes,)):
            try:
                return self._kept.get(token, partial(open_key_list, token, self._fleet_key_x))
            except WireError as error:
                log.warning("the key list in %s is not believed: %s", files.FILE, error)
        return None

    def _rows(self, query: str, kinds: Kinds, *values: str | int) -> list[tuple[Any, ...]]:
        """Return the rows whose values are of these kinds; a damaged file may hold others."""
        if not (self._data / files.FILE).exists():
            return []
        try:
            rows = self._kept.get((query, values), partial(self._read, query, values))
        except (InboxError, sqlite3.Error) as error:
            log.warning("%s", error)
            return []
        return [row for row in rows if all(map(isinstance, row, kinds))]

    def _read(self, query: str, values: tuple[str | int, ...]) -> list[tuple[Any, ...]]:
        with files.reading(self._data) as db:
            return db.execute(query, values).fetchall()
