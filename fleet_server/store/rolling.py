"""Changing rollouts: begun by people, driven by jobs, stopped by rule or person."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fleet_server.core.rollout import OUTCOMES, RolloutState
from fleet_server.store import audit_log, changes, commands
from fleet_server.store.database import rows, writing
from fleet_server.store.models import Rollout, RolloutTerminal, UpdateBundle
from fleet_server.store.rollouts import Line, MemberLine, members
from wire.commands import bundle_arguments

TTL_S = 7 * 86_400
"""How long a terminal may take to begin; it begins within seconds of getting the command."""


class RolloutError(ValueError):
    """A rollout can't be begun or changed so; nothing was changed."""


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
