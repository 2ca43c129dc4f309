"""Rollouts as they are, and who may fetch what."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, fn

from fleet_server.core.rollout import MemberState, Ring, RolloutState
from fleet_server.store.database import rows
from fleet_server.store.models import Command, Rollout, RolloutTerminal, Unit, UpdateBundle
from wire.commands import Bundle


@dataclass(frozen=True, slots=True)
class Line:
    """A rollout; times in Unix milliseconds.

    Attributes:
        unit: the branch, or None for the whole fleet.
        reason: why it was stopped, as `fleet_server.core.rollout.Stop`, or who did it.
    """

    id: int
    sha256: str
    version: str
    size: int
    unit: int | None
    unit_name: str | None
    state: RolloutState
    ring: int
    rings: int
    automatic: bool
    soak_ms: int
    ring_at: int
    begun_at: int
    begun_by: str
    ended_at: int | None
    reason: Mapping[str, Any]

    @property
    def bundle(self) -> Bundle:
        """What terminals are brought to."""
        return Bundle(self.version, self.sha256, self.size)

    def under_way(self, settled_at: int) -> Ring:
        """Return the ring under way, whose last terminal was settled then."""
        return Ring(self.ring, self.rings, self.ring_at, settled_at, self.automatic, self.soak_ms)


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A terminal of a rollout, with what became of its command."""

    terminal: str
    ring: int
    state: MemberState
    stage: str
    reason: str
    command: int | None
    asked_at: int | None
    changed_at: int
    was_ill: bool
    outcome: str | None
    details: str | None
    published_at: int | None


def _lines() -> Any:
    return (
        Rollout.select(
            Rollout.id,
            UpdateBundle.sha256,
            UpdateBundle.version,
            UpdateBundle.size,
            Unit.id,
            Unit.name,
            Rollout.state,
            Rollout.ring,
            Rollout.rings,
            Rollout.automatic,
            Rollout.soak_ms,
            Rollout.ring_at,
            Rollout.begun_at,
            Rollout.begun_by,
            Rollout.ended_at,
            Rollout.reason,
        )
        .join(UpdateBundle)
        .switch(Rollout)
        .join(Unit, JOIN.LEFT_OUTER, on=(Unit.id == Rollout.unit))
        .order_by(Rollout.id.desc())
    )


def listed() -> list[Line]:
    """Return all rollouts, the newest first."""
    return [Line(*row) for row in rows(_lines())]


def unsettled() -> list[Line]:
    """Return those that go on by themselves, and those with terminals that were asked."""
    asked = RolloutTerminal.select(RolloutTerminal.rollout).where(RolloutTerminal.state == "asked")
    wanted = (Rollout.state == "running") | Rollout.id.in_(asked)
    return [Line(*row) for row in rows(_lines().where(wanted))]


def stopped() -> list[Line]:
    """Return those that the rule stopped and nobody has gone on with or ended."""
    found = [Line(*row) for row in rows(_lines().where(Rollout.state == "stopped"))]
    return [one for one in found if one.ended_at is None]


def find(rollout: int) -> Line | None:
    """Return one rollout."""
    found = rows(_lines().where(Rollout.id == rollout))
    return Line(*found[0]) if found else None


def members(rollout: int) -> list[MemberLine]:
    """Return its terminals, by ring and name."""
    query = (
        RolloutTerminal.select(
            RolloutTerminal.terminal,
            RolloutTerminal.ring,
            RolloutTerminal.state,
            RolloutTerminal.stage,
            RolloutTerminal.reason,
            RolloutTerminal.command,
            RolloutTerminal.asked_at,
            RolloutTerminal.changed_at,
            RolloutTerminal.was_ill,
            Command.outcome,
            Command.details,
            Command.published_at,
        )
        .join(Command, JOIN.LEFT_OUTER, on=(Command.id == RolloutTerminal.command))
        .where(RolloutTerminal.rollout == rollout)
        .order_by(RolloutTerminal.ring, RolloutTerminal.terminal)
    )
    return [MemberLine(*row) for row in rows(query)]


def counts() -> dict[int, dict[str, int]]:
    """Return by rollout how many of its terminals are in which state."""
    columns = RolloutTerminal.rollout, RolloutTerminal.state
    query = RolloutTerminal.select(*columns, fn.COUNT(RolloutTerminal.terminal))
    found: dict[int, dict[str, int]] = {}
    for rollout, state, count in rows(query.group_by(*columns)):
        found.setdefault(rollout, {})[state] = count
    return found


def offers(terminal: str, sha256: str) -> bool:
    """Return whether a terminal was asked to fetch a bundle, and still is."""
    query = (
        RolloutTerminal.select(RolloutTerminal.rollout)
        .join(Rollout)
        .join(UpdateBundle)
        .where(
            RolloutTerminal.terminal == terminal,
            RolloutTerminal.state == "asked",
            Rollout.state.in_(("running", "paused")),
            UpdateBundle.sha256 == sha256,
            UpdateBundle.removed_at.is_null(),
        )
    )
    return bool(rows(query.limit(1)))
