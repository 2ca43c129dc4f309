"""The state of a page lives in its address: filters, order, place in a list."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request

PLACES = ("start", "page", "cursor")
"""Arguments that say where in a list a page begins; another filter or order begins at the top."""

CURSOR_DIGITS = 15
"""No list has so many rows; and so many digits fit into any column."""


def here(**changes: object) -> str:
    """Return the address of this page with other arguments; None or an empty text takes one away.

    Whatever isn't changed stays, except the place in a list: it was that of the old order.
    """
    kept = [
        (name, value)
        for name, value in request.args.items(multi=True)
        if name not in changes and name not in PLACES and value
    ]
    added = [(name, str(value)) for name, value in changes.items() if value not in (None, "")]
    query = urlencode(kept + added)
    return f"{request.path}?{query}" if query else request.path


def start(count: int | None = None) -> int:
    """Return where in a list of so many a page begins; at its top, if it has no such place."""
    text = request.args.get("start", "0")
    found = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    return found if count is None or found < count else 0


def cursor() -> int | None:
    """Return after which row a page of a list goes on; None for its top, and for nonsense."""
    text = request.args.get("cursor", "")
    is_number = text.isascii() and text.isdecimal() and len(text) <= CURSOR_DIGITS
    return int(text) if is_number else None


@dataclass(frozen=True, slots=True)
class Order:
    """How a list is sorted, as its address says it: ``?sort=served`` or ``?sort=-served``.

    Attributes:
        key: the column.
        descending: largest first.
    """

    key: str
    descending: bool = False

    @property
    def text(self) -> str:
        """How it is written in an address."""
        return f"-{self.key}" if self.descending else self.key

    def turned(self, key: str, descending: bool) -> "Order":
        """Return the order that a click on a column's head asks for.

        Args:
            key: the column.
            descending: how that column begins, if it is not the one sorted by now.
        """
        return Order(key, not self.descending if key == self.key else descending)


def asked_order(keys: Iterable[str], usual: Order) -> Order | None:
    """Return the order that this request asks for; None if it names a column that isn't there."""
    text = request.args.get("sort")
    if not text:
        return usual
    order = Order(text.removeprefix("-"), text.startswith("-"))
    return order if order.key in set(keys) else None
