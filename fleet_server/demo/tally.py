"""What was pressed beside what the server holds. Pure: no clock, no network."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Press = tuple[str, int]
"""A press: the terminal's id and the position of its record in the terminal's journal."""


@dataclass(frozen=True, slots=True)
class Sums:
    """The figures of the demo.

    Attributes:
        made: presses that a terminal took, and said so after its commit.
        held: those of them that the server's API shows.
        waiting: those that are still on their way: their terminal reports records waiting.
        lost: those that are neither held nor on their way.
        invented: ratings that the server shows and nobody pressed.
    """

    made: int
    held: int
    waiting: int
    lost: int
    invented: int

    @property
    def settled(self) -> bool:
        """True when everything pressed is held."""
        return self.held == self.made

    @property
    def good(self) -> bool:
        """True when nothing is lost or invented."""
        return self.lost == 0 and self.invented == 0

    def __str__(self) -> str:
        """Return the figures as a line."""
        figures = (
            f"presses made {self.made}",
            f"ratings held {self.held}",
            f"waiting {self.waiting}",
            f"lost {self.lost}",
            *([f"invented {self.invented}"] if self.invented else []),
        )
        return ", ".join(figures)


@dataclass(slots=True)
class Tally:
    """Collects presses and ratings, and compares them."""

    made: set[Press] = field(default_factory=set)
    held: set[Press] = field(default_factory=set)

    def sums(self, waiting: Mapping[str, int], *, ended: bool) -> Sums:
        """Compare, given the records that each terminal reports as waiting.

        While presses go on (not ``ended``), what is not held yet is on its way and not lost.
        """
        missing = self.made - self.held
        late = len(missing)
        if ended:
            late = sum(min(self._of(missing, name), count) for name, count in waiting.items())
        return Sums(
            made=len(self.made),
            held=len(self.made & self.held),
            waiting=late,
            lost=len(missing) - late,
            invented=len(self.held - self.made),
        )

    @staticmethod
    def _of(presses: Iterable[Press], terminal: str) -> int:
        return sum(1 for name, _seq in presses if name == terminal)
