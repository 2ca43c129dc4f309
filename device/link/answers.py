"""Answers to configurations and commands: kept until the broker has them, told at least once."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from device.inbox.store import Answer
from device.results import leaf_of, type_of, unpack
from wire.errors import WireError
from wire.up import CommandResult, encode_up

if TYPE_CHECKING:
    from device.inbox.store import LinkStore
    from device.link.publish import Publish
    from device.results import Result

log = logging.getLogger(__name__)


class Answers:
    """The uplink's outbox of answers, over ``link.db``.

    Args:
        store: Keeps them over restarts.
        publish: To the connection.
    """

    def __init__(self, store: LinkStore, publish: Publish) -> None:
        self._store = store
        self._publish = publish
        self._waiting = store.untold()
        self._handed: list[Answer] = []

    def give(self, result: Result) -> None:
        """Keep an answer, unless its object has one already; it goes with the next `send`."""
        typ = type_of(result)
        answer = Answer(typ, result.n, encode_up(result))
        if self._store.add_answer(answer):
            log.info("%s %d: %s", typ, result.n, _shown(result))
            self._waiting.append(answer)

    def hear(self, said: object) -> None:
        """Take results from the terminal process; it repeats them until they are in `link.db`."""
        try:
            for result in unpack(said):
                self.give(result)
        except WireError as error:
            log.warning("the terminal's results cannot be read: %s", error)

    def send(self) -> None:
        """Publish what waits; it is told once the broker says that it has it."""
        while self._waiting:
            answer = self._waiting[0]
            taken = partial(self._told, answer)
            if not self._publish(leaf_of(answer.typ), answer.payload, taken=taken):
                return
            self._handed.append(self._waiting.pop(0))

    def _told(self, answer: Answer) -> None:
        self._store.told([answer])
        if answer in self._handed:  # else it was given back, and goes again
            self._handed.remove(answer)

    def disconnected(self) -> None:
        """The connection is gone; what the broker may not have is published again."""
        self._waiting = [*self._handed, *self._waiting]
        self._handed = []


def _shown(result: Result) -> str:
    if isinstance(result, CommandResult):
        return result.outcome
    return "applied" if result.applied else f"refused: {result.reason}"
