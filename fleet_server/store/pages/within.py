"""Keeping a query to a part of the fleet."""

from typing import Any

from fleet_server.core.roles import Scope


def within(query: Any, scope: Scope, unit: Any) -> Any:
    """Return the query with only those rows whose unit lies in the scope.

    Args:
        query: a peewee query.
        scope: where to look.
        unit: the column, or an expression, with the id of a row's unit.
    """
    return query if scope.units is None else query.where(unit.in_(sorted(scope.units)))
