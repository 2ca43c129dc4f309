"""The order of a list of counters or units with their figures, as its address asks for it."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from fleet_server.web.address import Order
from fleet_server.web.figures import Figures

Listed = TypeVar("Listed")

SORTS: dict[str, Callable[[Figures], float | None]] = {
    "served": lambda one: one.sums.served,
    "rated": lambda one: one.rated,
    "participation": lambda one: one.participation,
    "satisfaction": lambda one: one.satisfaction,
}


def ordered(
    found: Iterable[Listed], order: Order, figures: Callable[[Listed], Figures]
) -> list[Listed]:
    """Return what a list shows in an order; what has no share stands last, whichever way.

    Args:
        found: what it shows, in the order of its names, which also decides between equals.
        order: by one of `SORTS`; any other key is that of the names.
        figures: those of one of them.
    """
    by = SORTS.get(order.key)
    if by is None:
        return [*reversed([*found])] if order.descending else [*found]
    held = [(by(figures(one)), one) for one in found]
    having = [pair for pair in held if pair[0] is not None]
    sign = -1 if order.descending else 1
    having.sort(key=lambda pair: sign * (pair[0] or 0))
    return [one for _, one in having] + [one for value, one in held if value is None]
