"""Erasing what is kept long enough, a few rows in each transaction, so that nobody waits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fleet_server.store.models import (
    Command,
    Dossier,
    EnrolmentToken,
    IdempotencyKey,
    Matter,
    Quarantine,
    Terminal,
    TerminalStatus,
    Visit,
)

STEP = 1_000
"""Rows that go in one transaction."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What goes: rows of ``table`` that ``condition`` chooses, given the moment before which."""

    table: Any
    condition: Callable[[int], Any]

    def _old(self, before_ms: int) -> Any:
        key = self.table._meta.primary_key
        return self.table.select(key).where(self.condition(before_ms))

    def count(self, before_ms: int) -> int:
        """Return how many rows are older than that."""
        return int(self._old(before_ms).count())

    def erase(self, before_ms: int, most: int) -> int:
        """Erase the oldest few of them; return how many. In a write transaction."""
        key = self.table._meta.primary_key
        chosen = self._old(before_ms).order_by(key).limit(most)
        return int(self.table.delete().where(key.in_(chosen)).execute())


def _dossiers(before_ms: int) -> Any:
    return Dossier.visit.in_(Visit.select(Visit.id).where(Visit.first_at < before_ms))


def _statuses(before_ms: int) -> Any:
    retired = Terminal.select(Terminal.id).where(Terminal.retired_at < before_ms)
    return TerminalStatus.terminal.in_(retired)


RULES: Mapping[str, Rule] = {
    "dossiers": Rule(Dossier, _dossiers),
    "samples": Rule(Quarantine, lambda before: Quarantine.received_at < before),
    "requests": Rule(IdempotencyKey, lambda before: IdempotencyKey.created_at < before),
    "tokens": Rule(EnrolmentToken, lambda before: EnrolmentToken.expires_at < before),
    "commands": Rule(Command, lambda before: Command.answered_at < before),
    "matters": Rule(Matter, lambda before: Matter.closed_at < before),
    "statuses": Rule(TerminalStatus, _statuses),
}
"""The rule of each kind of `fleet_server.core.retention.KEPT_DAYS`."""
