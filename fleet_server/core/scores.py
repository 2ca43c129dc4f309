"""Index scores: how well procedures are handled, in points, by a scale that has a version.

1. A *scale* says what is measured, and how: its indexes with their words and limits, the classes,
   and how much satisfaction weighs in the whole. It holds from its day until the next; a result
   names the scale it was made by, and is never made again by another.
2. An index has nothing to two points. Where the server counts (`Index.source`), the share of the
   counted reaches ``full`` for two points, ``half`` for one. Where people enter, they say how many
   dossiers, or findings, got two points, one and none; the index has their mean.
3. What nobody entered, and a share of choices of fewer than ``least``, is *not scored*, and says
   so. It is never nothing: nobody loses points for what isn't known, nor gains any. Where there was
   nothing to count, such as no case that was due, the index may say what that is worth.
4. Only where all are scored there is a sum that has a class. Else the result says what was scored,
   and out of how many points.
5. A class begins *at* its limit. All is done in fractions, and shown rounded down, so that nothing
   is shown as a limit that it does not reach.

The scale to begin with is `fleet_server.core.national_scale`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from fleet_server.core.choices import ENOUGH_RATINGS
from fleet_server.core.comparison import Share

MOST = 2
"""Points of an index at most."""

Reason = Literal["limits", "nothing", "indexes", "classes", "weight", "least"]


class ScaleError(ValueError):
    """A scale can't be used.

    ``reason``: *limits* of an index are no per cents, or the half one is above the full one;
    *nothing* is worth none of 0 to 2 points, or choices are counted; *indexes*: there are none, or
    one twice; *classes* do not go down to nothing, or the best can't be reached; *weight* is none
    of 0 to 100; *least*: shares of fewer than five are not told.
    """

    def __init__(self, reason: Reason, message: str) -> None:
        """Keep the reason, which whoever shows it puts into words."""
        super().__init__(message)
        self.reason: Reason = reason


Source = Literal["entered", "attitude", "satisfaction", "explained", "participation"]
"""Where an index comes from: people, or what the server counts. *attitude*: answers to the question
of that name in interviews; *satisfaction*: choices at terminals; *explained*: cases explained
within their deadline; *participation*: served who rated."""

OF_CHOICES: frozenset[Source] = frozenset({"attitude", "satisfaction"})
"""Shares of what citizens chose; of a few of them nothing is told."""


@dataclass(frozen=True, slots=True)
class Index:
    """What is measured.

    Attributes:
        key: by which it is entered, kept and found again in the next version.
        words: how its regulation calls it, by language; data of the scale, no text of the pages.
        source: where it comes from.
        full: from so many per cent on it has two points; for what is counted.
        half: from so many it has one.
        of_nothing: its points where there was nothing to count; None: it is not scored then.
    """

    key: str
    words: Mapping[str, str]
    source: Source = "entered"
    full: int = 100
    half: int = 100
    of_nothing: int | None = None

    def __post_init__(self) -> None:
        """Refuse an index that can't be used.

        Raises:
            ScaleError: it can't.
        """
        if not 0 <= self.half <= self.full <= 100:
            raise ScaleError(
                "limits", "limits of an index are per cents, the half one not above the full one"
            )
        if self.of_nothing is None:
            return
        if not 0 <= self.of_nothing <= MOST or self.source in OF_CHOICES:
            raise ScaleError(
                "nothing", "nothing has 0 to 2 points, and none where choices are counted"
            )


@dataclass(frozen=True, slots=True)
class Class:
    """A class, and from how many points on it is reached."""

    key: str
    least: int


@dataclass(frozen=True, slots=True)
class Scale:
    """A version of the scale.

    Attributes:
        version: grows with each.
        since: the day from which it holds, YYYY-MM-DD.
        indexes: what is measured, in order.
        classes: the best first; the last one begins at nothing.
        weight: how many points of 100 satisfaction weighs.
        least: shares of choices of fewer are not scored.
    """

    version: int
    since: str
    indexes: tuple[Index, ...]
    classes: tuple[Class, ...]
    weight: int = 18
    least: int = ENOUGH_RATINGS

    def __post_init__(self) -> None:
        """Refuse a scale that can't be used.

        Raises:
            ScaleError: it can't.
        """
        keys = [index.key for index in self.indexes]
        if not keys or len(set(keys)) != len(keys):
            raise ScaleError("indexes", "a scale has indexes, each once")
        limits = [one.least for one in self.classes]
        if (
            limits[-1:] != [0]
            or limits != sorted(set(limits), reverse=True)
            or limits[0] > self.most
        ):
            raise ScaleError(
                "classes", "classes go down to nothing, and the best one can be reached"
            )
        if not 0 <= self.weight <= 100:
            raise ScaleError("weight", "satisfaction weighs 0 to 100 of 100")
        if self.least < ENOUGH_RATINGS:
            raise ScaleError("least", "shares of fewer than five are not told")

    @property
    def most(self) -> int:
        """All points that there are."""
        return MOST * len(self.indexes)

    def class_of(self, points: Fraction) -> str:
        """Return the class of a sum of points (rule 5)."""
        return next(one.key for one in self.classes if points >= one.least)


def on(scales: Iterable[Scale], day: str) -> Scale:
    """Return the scale that holds on a day; for a period, its last.

    Raises:
        LookupError: there was none yet.
    """
    held = [one for one in scales if one.since <= day]
    if not held:
        raise LookupError("no scale holds on that day")
    return max(held, key=lambda one: (one.since, one.version))


@dataclass(frozen=True, slots=True)
class Entered:
    """What somebody entered for an index (rule 2); a single finding is one dossier.

    Attributes:
        two: how many dossiers got two points.
        one: how many got one.
        none: how many got none.
        by: who entered it, as in the audit log.
    """

    two: int
    one: int
    none: int
    by: str

    def __post_init__(self) -> None:
        """Refuse counts that are none.

        Raises:
            ValueError: one is negative.
        """
        if min(self.two, self.one, self.none) < 0:
            raise ValueError("there are no fewer than no dossiers")


Counted = Mapping[Source, Share]
"""What the server counts of a branch in a period, as it may be told: ``satisfaction`` from
`Figures.satisfied`, ``participation`` from `Figures.rated_share`, ``attitude`` from
`interviews.Beside.satisfied`, ``explained`` from the cases that were due."""

Lack = Literal["not_entered", "not_counted", "too_few"]


@dataclass(frozen=True, slots=True)
class Scored:
    """The points of an index; ``lack`` says why there are none (rule 3).

    ``measured`` is what the points were made of, as it stands beside them in a report.
    """

    index: Index
    points: Fraction | None
    lack: Lack | None
    measured: Share | Entered | None


@dataclass(frozen=True, slots=True)
class Result:
    """The index scores of a branch in a period, with the scale they were made by.

    Attributes:
        scale: the scale.
        scored: each index, in the scale's order.
        satisfaction: points of ``scale.weight`` that satisfaction brings, None of too few.
    """

    scale: Scale
    scored: tuple[Scored, ...]
    satisfaction: Fraction | None

    @property
    def points(self) -> Fraction:
        """The sum of what was scored."""
        return sum((one.points for one in self.scored if one.points is not None), Fraction())

    @property
    def possible(self) -> int:
        """Out of how many points that is."""
        return MOST * sum(one.points is not None for one in self.scored)

    @property
    def class_(self) -> str | None:
        """The class; None while an index is not scored (rule 4)."""
        return self.scale.class_of(self.points) if self.possible == self.scale.most else None


def score(scale: Scale, counted: Counted, entered: Mapping[str, Entered]) -> Result:
    """Return the index scores (rules 2 to 4).

    Args:
        scale: the scale that holds `on` the period's last day.
        counted: what the server counts; what is missing is not scored.
        entered: what people entered, by the key of the index.

    Raises:
        ValueError: something was entered for an index that is counted, or for none.
    """
    open_ones = {index.key for index in scale.indexes if index.source == "entered"}
    if not entered.keys() <= open_ones:
        raise ValueError(f"not to be entered: {', '.join(sorted(entered.keys() - open_ones))}")
    scored = tuple(
        _entered(index, entered.get(index.key))
        if index.source == "entered"
        else _counted(index, counted.get(index.source), scale.least)
        for index in scale.indexes
    )
    return Result(scale, scored, weighed(scale, counted.get("satisfaction")))


def _entered(index: Index, said: Entered | None) -> Scored:
    whole = said.two + said.one + said.none if said is not None else 0
    if said is None or not whole:
        return Scored(index, None, "not_entered", said)
    return Scored(index, Fraction(MOST * said.two + said.one, whole), None, said)


def _counted(index: Index, share: Share | None, least: int) -> Scored:
    if share is None:
        return Scored(index, None, "not_counted", None)
    if not share.whole and index.of_nothing is not None:
        return Scored(index, Fraction(index.of_nothing), None, share)
    if share.whole < (least if index.source in OF_CHOICES else 1):
        return Scored(index, None, "too_few", None)  # A share of a few says what these few chose.
    reached = [100 * share.part >= limit * share.whole for limit in (index.full, index.half)]
    return Scored(index, Fraction(sum(reached)), None, share)


def weighed(scale: Scale, satisfied: Share | None) -> Fraction | None:
    """Return the points that satisfaction brings of the scale's weight in 100; None of too few."""
    if satisfied is None or satisfied.whole < scale.least:
        return None
    return Fraction(scale.weight * satisfied.part, satisfied.whole)


def hundredths(points: Fraction) -> int:
    """Return points as they are shown: in whole hundredths, rounded down (rule 5)."""
    return points.numerator * 100 // points.denominator
