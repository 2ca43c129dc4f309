"""Sheets of labels that can be bought everywhere, all A4. Millimetres."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sheet:
    """How labels lie on a sheet.

    Attributes:
        columns: labels side by side, and ``rows`` one below another.
        width: of a label, and ``height``.
        left: from the paper's edge to the first label, and ``top``.
        across: from one label's left edge to the next one's.
        what: for people who buy paper.
    """

    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    across: float
    what: str

    @property
    def count(self) -> int:
        """How many labels a sheet has."""
        return self.columns * self.rows

    def places(self) -> Iterator[tuple[float, float]]:
        """Yield the left upper corner of each label, row by row."""
        for row in range(self.rows):
            for column in range(self.columns):
                yield self.left + column * self.across, self.top + row * self.height


SHEETS = {
    "70x37": Sheet(3, 8, 70, 37, 0, 0.5, 70, "24 a sheet without gaps, such as Herma 4464"),
    "63.5x38.1": Sheet(3, 7, 63.5, 38.1, 7.2, 15.15, 66.04, "21 a sheet, such as Avery L7160"),
    "99.1x38.1": Sheet(2, 7, 99.1, 38.1, 4.65, 15.15, 101.6, "14 a sheet, such as Avery L7163"),
}
