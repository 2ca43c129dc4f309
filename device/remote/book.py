"""Which commands were begun: a small file, so that each is carried out at most once.

`begin` is durable before anything is done. What was begun and has no outcome when the process
starts was cut short by its end; for ``restart`` and ``reboot`` that end is the outcome.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wire.files import write_atomic

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger(__name__)

FILE = "commands.json"
_KEPT = 128
_MAX_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Begun:
    """A command that was begun and has no outcome.

    Attributes:
        n: Its number.
        name: Which command.
        boot: Id of the machine's boot in which it was begun.
    """

    n: int
    name: str
    boot: str


class OrderBook:
    """The file ``commands.json`` under ``data``.

    Args:
        data: Folder of the terminal's files.

    Attributes:
        lost: True when the file was there and cannot be read: then nobody knows what was begun.
    """

    def __init__(self, data: Path) -> None:
        self.lost = False
        self._path = data / FILE
        self._orders: dict[int, dict[str, Any]] = {}
        self._floor = 0
        self._load()

    def knows(self, n: int) -> bool:
        """Return True when command ``n`` was begun, or is older than all that is remembered."""
        return n in self._orders or n <= self._floor

    def begin(self, begun: Begun) -> None:
        """Remember, durably, that a command is being carried out.

        Raises:
            OSError: It cannot be stored; the command must not be carried out.
        """
        before = dict(self._orders), self._floor
        self._orders[begun.n] = {"name": begun.name, "boot": begun.boot}
        for n in sorted(self._orders)[:-_KEPT]:
            del self._orders[n]
            self._floor = max(self._floor, n)
        try:
            self._save()
        except OSError:
            self._orders, self._floor = before
            raise

    def finish(self, n: int, outcome: str, details: str | None = None) -> None:
        """Remember what became of a command; on the disk as soon as that can be written."""
        self._orders.setdefault(n, {}).update(outcome=outcome, details=details)
        try:
            self._save()
        except OSError as error:
            log.error("%s cannot be written: %s", self._path, error)

    def open(self) -> list[Begun]:
        """Return the commands that were begun and have no outcome, oldest first."""
        return [
            Begun(n, order.get("name", ""), order.get("boot", ""))
            for n, order in sorted(self._orders.items())
            if "outcome" not in order
        ]

    def outcomes(self) -> list[tuple[int, str, str | None]]:
        """Return number, outcome and details of each command that was not told yet."""
        return [
            (n, order["outcome"], order.get("details"))
            for n, order in sorted(self._orders.items())
            if "outcome" in order and not order.get("told")
        ]

    def told(self, numbers: set[int]) -> None:
        """The uplink has the outcomes of these commands; kept from the next write on."""
        for n in numbers & self._orders.keys():
            self._orders[n].update(told=True, details=None)

    def _load(self) -> None:
        try:
            with self._path.open("rb") as file:
                found = json.loads(file.read(_MAX_BYTES))
            self._floor = int(found["floor"])
            self._orders = {int(n): dict(order) for n, order in found["orders"].items()}
        except FileNotFoundError:
            return
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            log.error("%s cannot be read (%s); what waits is not carried out", self._path, error)
            self.lost = True
            self._orders, self._floor = {}, 0

    def _save(self) -> None:
        orders = {str(n): order for n, order in sorted(self._orders.items())}
        content = json.dumps({"floor": self._floor, "orders": orders}, ensure_ascii=False)
        write_atomic(self._path, content.encode("utf-8"), 0o600)
