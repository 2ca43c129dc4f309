"""Changing, moving and closing units."""

from typing import Any

from fleet_server.core.tree import TreeError
from fleet_server.store import audit_log, editing, places
from fleet_server.store.database import writing
from fleet_server.store.enrolment import Missing, Taken
from fleet_server.store.models import Counter, Unit


def held(code: str, version: int | None = None) -> Any:
    """Return a unit's row, to change it.

    Raises:
        Missing: no unit has that code.
        Stale: it is another than the one that was read.
    """
    row = Unit.get_or_none(Unit.code == code)
    if row is None:
        raise Missing(f"no unit has the code {code}")
    editing.check(row, version)
    return row


def change(
    code: str, version: int | None, *, to: str, name: str, kind: str, now: int, actor: str
) -> None:
    """Give a unit another code, name or kind.

    Its code is a name in addresses and lists and in no signed record, so it may change.

    Raises:
        Missing: no such unit.
        Stale: somebody else has changed it.
        Taken: the code ``to`` is in use.
        TreeError: it can't be of that kind where it lies.
    """
    with writing():
        row = held(code, version)
        if to != code and Unit.get_or_none(Unit.code == to) is not None:
            raise Taken(f"a unit has the code {to} already")
        before = {"code": row.code, "name": row.name, "kind": row.kind}
        after = {"code": to, "name": name, "kind": kind}
        if before == after:
            return
        if kind != row.kind:
            places.tree().check_change(row.id, kind, row.parent_id)
        editing.edit(Unit, row.id, row.version, after)
        audit_log.note(actor, "unit.change", f"unit:{to}", differences(before, after), at=now)


def move(
    code: str, version: int | None, parent: str | None, today: str, now: int, actor: str
) -> None:
    """Put a unit below another, or at the top, from today on.

    Raises:
        Missing: no such unit.
        Stale: somebody else has changed it.
        TreeError: it can't lie there.
    """
    with writing():
        row = held(code, version)
        above = None if parent is None else held(parent)
        before = row.parent.code if row.parent_id else None
        if before == parent:
            return
        places.move_unit(row.id, above and above.id, today, actor=actor)
        details = {"parent": [before, parent], "from": today}
        audit_log.note(actor, "unit.move", f"unit:{code}", details, at=now)


def close(code: str, version: int | None, day: str, now: int, actor: str) -> None:
    """Close a unit from a day on; its past stays.

    Raises:
        Missing: no such unit.
        Stale: somebody else has changed it.
        TreeError: it holds open units or counters.
    """
    with writing():
        row = held(code, version)
        places.tree().check_close(row.id)
        still = Counter.select().where(Counter.unit == row.id, Counter.closed_day.is_null())
        if still.exists():
            raise TreeError("holds_open")
        editing.edit(Unit, row.id, row.version, {"closed_day": day})
        audit_log.note(actor, "unit.close", f"unit:{code}", {"from": day}, at=now)


def reopen(code: str, version: int | None, now: int, actor: str) -> None:
    """Let a closed unit be there again.

    Raises:
        Missing: no such unit.
        Stale: somebody else has changed it.
        TreeError: it lies in a closed one.
    """
    with writing():
        row = held(code, version)
        if row.parent_id is not None:
            places.tree().check_open(row.parent_id)
        editing.edit(Unit, row.id, row.version, {"closed_day": None})
        audit_log.note(actor, "unit.reopen", f"unit:{code}", at=now)


def differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """Return what became another, as ``[before, after]``, for the audit log."""
    return {name: [before[name], after[name]] for name in after if before[name] != after[name]}
