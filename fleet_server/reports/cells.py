"""What a table of a report is made of, and how each cell is read by people."""

from collections.abc import Sequence
from dataclasses import dataclass

from fleet_server.web import language


@dataclass(frozen=True, slots=True)
class Percent:
    """A share of 0 to 100, or a target of such a share."""

    value: float


@dataclass(frozen=True, slots=True)
class Points:
    """Points of an index, in whole hundredths."""

    hundredths: int

    @property
    def value(self) -> float:
        """As a number."""
        return self.hundredths / 100


Cell = str | int | Percent | Points | None
"""None is a figure that there is none of, or that may not be told."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        name: in a word or two, as a sheet's tab has it.
        title: what it is of.
        columns: names of its columns for templates, in no language.
        heads: of its columns.
        rows: of its cells.
        total: whether its last row is the sum of those above.
    """

    name: str
    title: str
    columns: Sequence[str]
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    total: bool = False

    def has_texts(self, place: int) -> bool:
        """Whether a column holds texts, which want more room than figures."""
        return any(isinstance(row[place], str) for row in self.rows)


Fact = tuple[str, str]
"""A name and what it is."""


def text(cell: Cell) -> str:
    """Return a cell as people read it."""
    if cell is None:
        return "–"
    if isinstance(cell, Percent):
        return language.percent(cell.value)
    if isinstance(cell, Points):
        return language.hundredths(cell.hundredths)
    return cell if isinstance(cell, str) else language.number(cell)
