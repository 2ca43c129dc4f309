"""Whose concern a matter is: of the unit of its terminal, and of that of a counter it speaks for.

A matter of the server itself has neither and concerns who looks after the whole fleet.
"""

from typing import Any

from peewee import JOIN, fn

from fleet_server.core.roles import Scope
from fleet_server.store.matters import ABOUT_UNIT
from fleet_server.store.models import Counter, Matter, Terminal, Unit

_Named = Counter.alias()
_NamedUnit = Unit.alias()
_NAMING = ("other_counter", "foreign_counter")
"""Kinds that concern the unit of the counters too; their subject is `matters.about_unit`, in older
ones the terminal and the code of one counter.
"""

STANDS: Any = fn.COALESCE(Counter.unit, Terminal.unit)
"""The unit in which the terminal of a matter stands."""
NAMED: Any = fn.COALESCE(_NamedUnit.id, _Named.unit)
"""The unit of the counters that the terminal speaks for, null for other kinds."""


def with_units(query: Any) -> Any:
    """Return a query of matters with what `STANDS` and `NAMED` need."""
    named = fn.SUBSTR(Matter.subject, fn.LENGTH(Matter.terminal) + 2)
    query = query.join(Terminal, JOIN.LEFT_OUTER, on=(Matter.terminal == Terminal.id))
    query = query.join(Counter, JOIN.LEFT_OUTER, on=(Terminal.counter == Counter.id))
    query = query.switch(Matter).join(
        _Named, JOIN.LEFT_OUTER, on=(Matter.kind.in_(_NAMING) & (_Named.code == named))
    )
    marked = fn.SUBSTR(Matter.subject, fn.LENGTH(Matter.terminal) + 1, len(ABOUT_UNIT))
    unit = fn.SUBSTR(Matter.subject, fn.LENGTH(Matter.terminal) + 1 + len(ABOUT_UNIT))
    is_named = Matter.kind.in_(_NAMING) & (marked == ABOUT_UNIT) & (_NamedUnit.code == unit)
    return query.switch(Matter).join(_NamedUnit, JOIN.LEFT_OUTER, on=is_named)


def concerning(query: Any, scope: Scope) -> Any:
    """Return a query `with_units` with only those matters that concern a part of the fleet."""
    if scope.units is None:
        return query
    units = sorted(scope.units)
    return query.where(STANDS.in_(units) | NAMED.in_(units))
