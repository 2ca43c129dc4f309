"""What is there, as lists name it, and carrying out what a list asks for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fleet_server.core.roles import EVERYTHING, Scope
from fleet_server.core.tree_import.plan import Facts, Fleet, Plan, Step
from fleet_server.core.tree_import.vocabulary import Subject
from fleet_server.store import audit_log, places, sql
from fleet_server.store.edits.units import differences


@dataclass(frozen=True, slots=True)
class Source:
    """Whose list it is, and when: ``today`` is the day from which what moves lies elsewhere.

    Attributes:
        name: of the file.
        sha256: of its bytes.
        today: YYYY-MM-DD in the fleet's zone.
        now: Unix milliseconds.
        actor: for the audit log.
    """

    name: str
    sha256: str
    today: str
    now: int
    actor: str


def fleet(scope: Scope = EVERYTHING) -> Fleet:
    """Return what is there, or the part of it in a scope."""
    things: dict[Subject, dict[str, Facts]] = {
        "units": {
            code: {"name": name, "kind": kind, "parent": parent, "closed": closed}
            for unit, code, name, kind, parent, closed in sql.ask(_ALL_UNITS)
            if scope.covers(unit)
        },
        "counters": {
            code: {"name": name, "unit": holder, "closed": closed}
            for unit, code, name, holder, closed in sql.ask(_ALL_COUNTERS)
            if scope.covers(unit)
        },
        "terminals": {
            code: {"counter": counter, "unit": holder, "note": note}
            for unit, code, counter, holder, note in sql.ask(_ALL_TERMINALS)
            if scope.covers(unit)
        },
    }
    retired = sql.ask("SELECT id FROM terminal WHERE retired_at IS NOT NULL")
    return Fleet(things, frozenset(terminal for (terminal,) in retired))


_ALL_UNITS = """
SELECT u.id, u.code, u.name, u.kind, COALESCE(p.code, ''), COALESCE(u.closed_day, '')
FROM unit u LEFT JOIN unit p ON p.id = u.parent_id ORDER BY u.code
"""
_ALL_COUNTERS = """
SELECT u.id, c.code, c.name, u.code, COALESCE(c.closed_day, '')
FROM counter c JOIN unit u ON u.id = c.unit_id ORDER BY c.code
"""
_ALL_TERMINALS = """
SELECT COALESCE(c.unit_id, t.unit_id), t.id, COALESCE(c.code, ''), COALESCE(u.code, ''), t.note
FROM terminal t LEFT JOIN counter c ON c.id = t.counter_id LEFT JOIN unit u ON u.id = t.unit_id
WHERE t.retired_at IS NULL ORDER BY t.id
"""


def carry_out(plan: Plan, source: Source) -> None:
    """Do all that a plan without problems says; in the write transaction in which it was made."""
    doing = _Doing(source)
    doing.units([step for step in plan.steps if step.subject == "units"])
    for step in plan.steps:
        if step.subject == "counters":
            doing.counter(step)
        elif step.subject == "terminals":
            doing.terminal(step)
    whole = {"file": source.name, "sha256": source.sha256, "counts": plan.counts}
    said = [("tree.import", "tree", whole), *_entries(plan)]
    audit_log.note_all(source.actor, said, at=source.now)


def _entries(plan: Plan) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for step in plan.steps:
        subject = f"{step.subject.removesuffix('s')}"
        action = "add" if step.before is None else "move" if step.moves else "change"
        after = {str(name): text for name, text in step.after.items()}
        if step.before is None:
            details: dict[str, Any] = {name: text for name, text in after.items() if text}
        else:
            details = differences({str(a): b for a, b in step.before.items()}, after)
        yield f"{subject}.{action}", f"{subject}:{step.code}", details


class _Doing:
    """Carries out the steps; ids of what is named by codes are looked up once."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._units: dict[str, int] = dict(sql.ask("SELECT code, id FROM unit"))
        self._counters: dict[str, int] = dict(sql.ask("SELECT code, id FROM counter"))

    def units(self, steps: list[Step]) -> None:
        """Add and change units, those above before those below."""
        for step in steps:
            code, after = step.code, step.after
            parent = self._units[after["parent"]] if after["parent"] else None
            if step.before is None:
                unit = places.insert_unit(
                    code, after["name"], after["kind"], parent, self._source.actor
                )
                self._units[code] = unit
            elif step.moves:
                places.put_unit(self._units[code], parent, self._source.today, self._source.actor)
            sql.run(
                "UPDATE unit SET name = ?, kind = ?, closed_day = ?, version = version + 1 "
                "WHERE code = ?",
                after["name"], after["kind"], after["closed"] or None, code,
            )  # fmt: skip
        if steps:
            places.derive_branches()

    def counter(self, step: Step) -> None:
        """Add or change a counter."""
        code, after = step.code, step.after
        unit, source = self._units[after["unit"]], self._source
        if step.before is None:
            self._counters[code] = places.insert_counter(code, after["name"], unit, source.actor)
        elif step.moves:
            places.move_counter(self._counters[code], unit, source.today, actor=source.actor)
        sql.run(
            "UPDATE counter SET name = ?, closed_day = ?, version = version + 1 WHERE code = ?",
            after["name"], after["closed"] or None, code,
        )  # fmt: skip

    def terminal(self, step: Step) -> None:
        """Add or change a terminal."""
        after, source = step.after, self._source
        counter = self._counters[after["counter"]] if after["counter"] else None
        unit = self._units[after["unit"]] if after["unit"] else None
        if step.before is None:
            places.insert_terminal(step.code, counter, unit, source.now, source.actor)
        elif step.moves:
            places.move_terminal(step.code, counter, source.now, unit=unit, actor=source.actor)
        sql.run(
            "UPDATE terminal SET note = ?, version = version + 1 WHERE id = ?",
            after["note"], step.code,
        )  # fmt: skip
