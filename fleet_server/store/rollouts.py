"""Rollouts: begun, driven by jobs, stopped by rule or person; and who may fetch what."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, fn

from fleet_server.core.rollout import OUTCOMES, MemberState, Ring, RolloutState
from fleet_server.store import audit_log, changes, commands
from fleet_server.store.database import rows, writing
from fleet_server.store.models import Command, Rollout, RolloutTerminal, Unit, UpdateBundle
from wire.commands import Bundle, bundle_arguments

TTL_S = 7 * 86_400
"""How long a terminal may take to begin; it begins within seconds of getting the command."""


class RolloutError(ValueError):
    """A rollout can't be begun or changed so; nothing was changed."""


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


@dataclass(frozen=True, slots=True)
class Wish:
    """A rollout that somebody wants.

    Attributes:
        rings: the ring of each terminal.
        ill: terminals that are in trouble already.
    """

    sha256: str
    unit: int | None
    rings: Mapping[str, int]
    ill: Collection[str]
    automatic: bool
    soak_ms: int


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


def running() -> list[Line]:
    """Return those that go on by themselves."""
    return [Line(*row) for row in rows(_lines().where(Rollout.state == "running"))]


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


def begin(wish: Wish, actor: str, now: int) -> int:
    """Begin a rollout, and return its number. Jobs asks the terminals.

    Raises:
        RolloutError: the bundle is gone, there are no terminals, or one of them is being updated.
    """
    if not wish.rings:
        raise RolloutError("there are no terminals to update")
    with writing():
        bundle = UpdateBundle.get_or_none(UpdateBundle.sha256 == wish.sha256)
        if bundle is None or bundle.removed_at is not None:
            raise RolloutError("the bundle is not there any more")
        if _busy(wish.rings):
            raise RolloutError("another rollout has some of these terminals; end it first")
        row = Rollout.create(
            bundle=wish.sha256, unit=wish.unit, state="running", ring=1,
            rings=max(wish.rings.values()), automatic=wish.automatic, soak_ms=wish.soak_ms,
            ring_at=now, begun_at=now, begun_by=actor, ended_at=None, reason={},
        )  # fmt: skip
        RolloutTerminal.insert_many(
            {
                "rollout": row.id, "terminal": terminal, "ring": ring, "state": "waiting",
                "changed_at": now, "was_ill": terminal in wish.ill,
            }
            for terminal, ring in wish.rings.items()
        ).execute()  # fmt: skip
        details = {"version": bundle.version, "terminals": len(wish.rings), "rings": row.rings}
        _note(row.id, "rollout.begin", actor, now, details)
    return int(row.id)


def _busy(terminals: Iterable[str]) -> bool:
    query = RolloutTerminal.select(RolloutTerminal.terminal).join(Rollout)
    busy = {name for (name,) in rows(query.where(Rollout.ended_at.is_null()))}
    return not busy.isdisjoint(terminals)


# ---- what jobs does; in a write transaction ----


def ask(line: Line, member: MemberLine, now: int) -> None:
    """Give a terminal the command to update itself, unless another process just has."""
    claimed = RolloutTerminal.update(state="asked", asked_at=now, changed_at=now).where(
        RolloutTerminal.rollout == line.id,
        RolloutTerminal.terminal == member.terminal,
        RolloutTerminal.state == member.state,
        RolloutTerminal.command.is_null()
        if member.command is None
        else RolloutTerminal.command == member.command,
    )
    if claimed.execute():
        wish = "update", bundle_arguments(line.bundle), TTL_S, now, f"rollout:{line.id}"
        _change(line.id, member.terminal, {"command": commands.wish(member.terminal, *wish)})


def settle(line: Line, member: MemberLine, now: int) -> None:
    """Note the outcome of a terminal's command."""
    state = OUTCOMES.get(member.outcome or "", "failed")
    _change(
        line.id,
        member.terminal,
        {"state": state, "reason": member.details or "", "changed_at": now},
    )


def reached(line: Line, terminal: str, stage: str) -> None:
    """Note how far a terminal says it is."""
    _change(line.id, terminal, {"stage": stage})


def next_ring(line: Line, ill: Collection[str], actor: str, now: int) -> None:
    """Begin the next ring; who is in trouble now was so before it.

    Raises:
        RolloutError: it has ended, or this was the last ring.
    """
    with writing():
        _demand(line.id, ("running", "paused"), line.ring)
        if line.ring >= line.rings:
            raise RolloutError("this is the last ring")
        Rollout.update(ring=line.ring + 1, ring_at=now).where(Rollout.id == line.id).execute()
        waiting = RolloutTerminal.rollout == line.id, RolloutTerminal.state == "waiting"
        RolloutTerminal.update(was_ill=False).where(*waiting).execute()
        if ill:
            some = RolloutTerminal.terminal.in_(list(ill))
            RolloutTerminal.update(was_ill=True).where(*waiting, some).execute()
        _note(line.id, "rollout.next", actor, now, {"ring": line.ring + 1})


def stop(line: Line, reason: Mapping[str, Any], actor: str, now: int) -> None:
    """Stop by the rule; terminals that have not begun to install are told to let it be.

    It can be gone on with, or ended for good, by a person.
    """
    with writing():
        _set(line.id, "stopped", reason=dict(reason))
        _withdraw(line, now)
        _note(line.id, "rollout.stop", actor, now, dict(reason))


def done(line: Line, now: int) -> None:
    """The last ring is over."""
    with writing():
        _set(line.id, "done", ended_at=now)
        _note(line.id, "rollout.done", f"rollout:{line.id}", now, {})


# ---- what people do ----


def pause(line: Line, actor: str, now: int) -> None:
    """Ask nobody else for now; raises `RolloutError` if it does not run."""
    with writing():
        _demand(line.id, ("running",))
        _set(line.id, "paused")
        _note(line.id, "rollout.pause", actor, now, {})


def resume(line: Line, ill: Collection[str], actor: str, now: int) -> None:
    """Go on, also after the rule stopped it: what was seen until now is known, and forgiven.

    Terminals that fell back stay as they are; those that were told to let it be are asked again.

    Raises:
        RolloutError: it runs, or has ended.
    """
    with writing():
        _demand(line.id, ("paused", "stopped"))
        here = RolloutTerminal.rollout == line.id
        if line.state == "stopped":
            again = {"state": "waiting", "command": None, "stage": "", "reason": ""}
            RolloutTerminal.update(**again).where(
                here, RolloutTerminal.state.in_(("failed", "refused"))
            ).execute()
            RolloutTerminal.update(was_ill=False).where(here).execute()
            some = RolloutTerminal.terminal.in_(list(ill))
            RolloutTerminal.update(was_ill=True).where(here, some).execute()
        _set(line.id, "running", reason={})
        _note(line.id, "rollout.resume", actor, now, {})


def end(line: Line, actor: str, now: int) -> None:
    """End it for good; raises `RolloutError` if it has ended."""
    with writing():
        _demand(line.id, ("running", "paused", "stopped"))
        reason = dict(line.reason) or {"kind": "person", "by": actor}
        _set(line.id, "stopped", ended_at=now, reason=reason)
        _withdraw(line, now)
        _note(line.id, "rollout.end", actor, now, {})


def _withdraw(line: Line, now: int) -> None:
    for member in members(line.id):
        if member.state == "asked" and member.outcome is None:
            commands.wish(member.terminal, "update", {}, TTL_S, now, f"rollout:{line.id}")


def _demand(rollout: int, states: Collection[str], ring: int | None = None) -> None:
    row = Rollout.get_by_id(rollout)
    if row.ended_at is not None or row.state not in states or ring not in (None, row.ring):
        raise RolloutError("somebody else has changed this rollout meanwhile")


def _set(rollout: int, state: RolloutState, **more: Any) -> None:
    Rollout.update(state=state, **more).where(Rollout.id == rollout).execute()


def _change(rollout: int, terminal: str, values: Mapping[str, Any]) -> None:
    RolloutTerminal.update(**values).where(
        RolloutTerminal.rollout == rollout, RolloutTerminal.terminal == terminal
    ).execute()
    changes.note(changes.FLEET)


def _note(rollout: int, action: str, actor: str, now: int, details: Mapping[str, Any]) -> None:
    audit_log.note(actor, action, f"rollout:{rollout}", details, at=now)
    changes.note(changes.FLEET)
