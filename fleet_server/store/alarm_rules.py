"""What units say of alarms: read all, add a version. None is ever changed or taken away."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Literal

from fleet_server.core.alarms.quiet import Quiet
from fleet_server.core.alarms.rules import Held, Kind, Limits, Rule, Rules, Stage
from fleet_server.store import audit_log
from fleet_server.store.database import rows
from fleet_server.store.editing import Stale
from fleet_server.store.models import AlarmRule, Unit

Says = Literal["rule", "off", "above"]


def rules() -> Rules:
    """Return what holds."""
    return Rules(held())


def held() -> list[Held]:
    """Return the newest word of each holder that has one of its own."""
    query = AlarmRule.select(AlarmRule.unit, AlarmRule.kind, AlarmRule.says, AlarmRule.rule)
    newest = {
        (unit, kind): (says, rule) for unit, kind, says, rule in rows(query.order_by(AlarmRule.id))
    }
    return [
        Held(unit, kind, read(rule) if says == "rule" else None)
        for (unit, kind), (says, rule) in newest.items()
        if says != "above"
    ]


def newest(unit: int | None, kind: Kind) -> int:
    """Return the number of the last version of a holder and kind; 0 where there is none."""
    whose = AlarmRule.unit.is_null() if unit is None else AlarmRule.unit == unit
    query = AlarmRule.select(AlarmRule.id).where(whose, AlarmRule.kind == kind)
    found = rows(query.order_by(AlarmRule.id.desc()).limit(1))
    return int(found[0][0]) if found else 0


def add(
    unit: int | None,
    kind: Kind,
    seen: int,
    says: Says,
    rule: Rule | None,
    *,
    actor: str,
    now: int,
) -> None:
    """Add a version, in a write transaction.

    Args:
        unit: whose, or None for the fleet's.
        kind: of which alarms.
        seen: the newest version when it was read (`newest`).
        says: whether it is a rule, no alarms, or what holds above.
        rule: what holds, where it is a rule.
        actor: who sets it.
        now: Unix milliseconds.

    Raises:
        Stale: somebody else has added a version since.
    """
    if newest(unit, kind) != seen:
        raise Stale
    written = None if rule is None else write(rule)
    AlarmRule.create(unit=unit, kind=kind, says=says, rule=written, set_at=now, set_by=actor)
    subject = "fleet" if unit is None else f"unit:{Unit.get_by_id(unit).code}"
    audit_log.note(actor, "alarm.rule", subject, {"kind": kind, "says": says}, at=now)


def write(rule: Rule) -> dict[str, Any]:
    """Return a rule as the table holds it."""
    return {
        "limits": {**asdict(rule.limits), "matters": sorted(rule.limits.matters)},
        "stages": [[one.after_min, one.up, sorted(one.roles)] for one in rule.stages],
        "quiet": None if rule.quiet is None else [rule.quiet.since, rule.quiet.until],
        "say_end": rule.say_end,
    }


def read(written: Mapping[str, Any]) -> Rule:
    """Return what `write` wrote."""
    limits = {**written["limits"], "matters": frozenset(written["limits"]["matters"])}
    return Rule(
        Limits(**limits),
        tuple(Stage(after, up, frozenset(roles)) for after, up, roles in written["stages"]),
        None if written["quiet"] is None else Quiet(*written["quiet"]),
        written["say_end"],
    )
