"""What a report of a branch for a period holds, whatever format it is written in.

1. It has a row for each part of the branch and their total. The rows add up to what was counted of
   the branch as a whole, or there is no report: a sum that is not one proves nothing.
2. Whatever is told of choices is what pages may tell (`core.choices`), so a report and a page never
   tell more together. Fewer than five are shown as nothing told, not as zero.
3. Beside the signed figures stand, each by itself: other channels (`channels.Line`), interviews,
   cases, index scores. A ruling takes no rating away: a second figure stands beside what was rated
   (`case_figures.Both`).
4. A figure that needs a caveat has it as a note in the report, not in somebody's memory: days that
   nobody told of, records that came late or may still come, ratings that don't count, versions that
   changed within the period. A note that has nothing to say is not there.
5. It says what it was made of: which scales, up to which day, and the newest entry of the audit
   log, so that it can be checked, and a later one of the same period be told from it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, Literal, Protocol, TypeVar

from fleet_server.core.case_figures import Both
from fleet_server.core.channels import Line
from fleet_server.core.choices import Choices
from fleet_server.core.comparison import Share
from fleet_server.core.explained import Cases
from fleet_server.core.gaps import Status
from fleet_server.core.interview_blocks import Beside
from fleet_server.core.interviews import Outcome
from fleet_server.core.participation import Counts
from fleet_server.core.scores import Result
from fleet_server.core.spans import Period


class Figures(Protocol):
    """What a report reads of the figures of a place: `fleet_server.web.figures.Figures` has it."""

    @property
    def sums(self) -> Counts:
        """The counts."""

    @property
    def choices(self) -> Choices:
        """The choices that may be told."""

    @property
    def shown(self) -> Choices | None:
        """Those, or None while they are too few."""

    @property
    def rated_share(self) -> Share:
        """Participation as counts."""

    @property
    def satisfied(self) -> Share:
        """Satisfaction as counts."""

    @property
    def open(self) -> int:
        """Ratings of visits that are not served yet, so that participation doesn't count them."""

    @property
    def participation_target(self) -> float | None:
        """What participation should be, in per cent."""

    @property
    def satisfaction_target(self) -> float | None:
        """What satisfaction should be, in per cent."""


F = TypeVar("F", bound=Figures)


@dataclass(frozen=True, slots=True)
class Row(Generic[F]):
    """A part of the branch: a counter, a unit below, or what lies right in the unit (code "")."""

    code: str
    name: str
    figures: F


Value = int | float | Share | None
"""A cell: a count, a target in per cent, a share, or nothing that may be told."""

Column = Literal[
    "served", "rated", "participation", "participation_target",
    "very_satisfied", "satisfied", "unsatisfied", "satisfaction", "satisfaction_target",
    "unbound", "contested", "disputed",
]  # fmt: skip
"""The columns of the table, in every format; their headings are words of the pages."""


def cells(figures: Figures) -> dict[Column, Value]:
    """Return the cells of a row or of the total, in the order of the columns."""
    sums, shown = figures.sums, figures.shown
    return {
        "served": sums.served,
        "rated": sums.rated,
        "participation": figures.rated_share if sums.served else None,
        "participation_target": figures.participation_target,
        "very_satisfied": shown.very_satisfied if shown else None,
        "satisfied": shown.satisfied if shown else None,
        "unsatisfied": shown.unsatisfied if shown else None,
        "satisfaction": figures.satisfied if shown else None,
        "satisfaction_target": figures.satisfaction_target,
        "unbound": sums.unbound,
        "contested": sums.contested,
        "disputed": sums.disputed,
    }


Kind = Literal[
    "running", "missing_days", "late", "waiting", "open", "estimated", "unbound", "contested",
    "disputed", "not_told", "few", "ruled", "targets_changed", "scales_changed",
]  # fmt: skip
"""What a note says: *running*: the period is not over (days to come); *missing_days*: days of
counters that nobody told of; *late*: ratings that came days after they were made; *waiting*:
terminals that may still send of the period; *open*: ratings of visits that are not served yet;
*estimated*: times that are; *unbound*, *contested*, *disputed*: ratings that count nowhere;
*not_told*: ratings that are too few together to be told;
*few*: rows whose shares are of few; *ruled*: ratings that a review put down to the citizen's side;
*targets_changed*, *scales_changed*: days on which others began to hold."""


@dataclass(frozen=True, slots=True)
class Note:
    """A caveat: how many, and which (codes, terminals, days), if they have names."""

    kind: Kind
    count: int
    which: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Caveats:
    """What a report has to say beside its figures, as the store finds it.

    Attributes:
        days: what each day was to each counter of the branch, by the counter's code
            (`gaps.statuses`).
        late: how many ratings of the period came later than the day after.
        waiting: terminals that have not told how they stand since the period's end.
        targets: days within the period on which targets changed (`Targets.changes`).
        scales: days within it on which a scale began, of ratings or of scores.
    """

    days: Mapping[str, Mapping[str, Status]]
    late: int = 0
    waiting: Sequence[str] = ()
    targets: Sequence[str] = ()
    scales: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a report was made of (rule 5).

    Attributes:
        made_at: when, Unix milliseconds.
        by: for whom, as in the audit log; ``server`` where it was scheduled.
        until: the last day of which figures are in it.
        rating_scale: version of the scale that terminals asked on (`targets.SCALES`).
        audit_head: newest entry of the audit log, as ``NUMBER:HASH``.
    """

    made_at: int
    by: str
    until: date
    rating_scale: int
    audit_head: str


@dataclass(frozen=True, slots=True)
class Attached:
    """What stands beside the signed figures (rule 3); None or empty where an office has none.

    Attributes:
        ruled: the choices with and without those that a review put down to the citizen's side.
        cases: what became of the cases of the period.
        interviews: the questions that citizens were asked, beside the terminals' figures.
        outcomes: how many interviews ended how, of those that may be told; nothing for
            days that are no whole quarters; None where nobody was asked.
        others: what came by other channels, each by itself.
        scores: the index scores.
    """

    ruled: Both | None = None
    cases: Cases | None = None
    interviews: Sequence[Beside] = ()
    outcomes: Mapping[Outcome, int] | None = None
    others: Sequence[Line] = ()
    scores: Result | None = None


@dataclass(frozen=True, slots=True)
class Report(Generic[F]):
    """A report.

    Attributes:
        period: of which days.
        branch: the names of the units from the top down to the one it is about.
        rows: its parts, in the order in which pages list them.
        total: the figures of the branch as a whole.
        notes: its caveats, in the order of `Kind`.
        attached: what stands beside.
        stamp: what it was made of.
    """

    period: Period
    branch: tuple[str, ...]
    rows: tuple[Row[F], ...]
    total: F
    notes: tuple[Note, ...]
    attached: Attached
    stamp: Stamp


class ReportError(Exception):
    """The rows of a report don't add up to its whole: there is a fault in what counts them."""


def build(
    period: Period,
    branch: Sequence[str],
    rows: Sequence[Row[F]],
    whole: F,
    caveats: Caveats,
    attached: Attached,
    stamp: Stamp,
) -> Report[F]:
    """Return a report.

    Args:
        period: of which days.
        branch: the names of the units from the top down.
        rows: figures by part (`fleet_server.web.measured.by_part`), or by counter.
        whole: figures of the branch, counted by themselves (`measured.whole`).
        caveats: what has to be said.
        attached: what stands beside.
        stamp: what it is made of.

    Raises:
        ReportError: the rows don't add up (rule 1).
    """
    sums = sum((row.figures.sums for row in rows), Counts())
    choices = sum((row.figures.choices for row in rows), Choices())
    if (sums, choices) != (whole.sums, whole.choices):
        raise ReportError("the rows don't add up to the whole")
    ruled = attached.ruled.ruled if attached.ruled else 0
    said = (
        *_of_time(period, caveats, stamp),
        *_of_figures(rows, whole),
        Note("ruled", ruled),
        *_of_rules(caveats),
    )
    notes = tuple(note for note in said if note.count > 0)
    return Report(period, tuple(branch), tuple(rows), whole, notes, attached, stamp)


def _of_time(period: Period, caveats: Caveats, stamp: Stamp) -> Iterator[Note]:
    missing = {
        counter: sum(status == "missing" for status in days.values())
        for counter, days in caveats.days.items()
    }
    yield Note("running", (period.last - stamp.until).days)
    yield Note(
        "missing_days", sum(missing.values()), tuple(code for code, days in missing.items() if days)
    )
    yield Note("late", caveats.late)
    yield Note("waiting", len(caveats.waiting), tuple(caveats.waiting))


def _of_figures(rows: Sequence[Row[F]], whole: F) -> Iterator[Note]:
    sums = whole.sums
    few = [row.code for row in rows if row.figures.rated_share.few or row.figures.satisfied.few]
    yield Note("open", whole.open)
    yield Note("estimated", sums.estimated)
    yield Note("unbound", sums.unbound)
    yield Note("contested", sums.contested)
    yield Note("disputed", sums.disputed)
    yield Note("not_told", sums.choices.total - whole.choices.total)
    yield Note("few", len(few), tuple(few))


def _of_rules(caveats: Caveats) -> Iterator[Note]:
    yield Note("targets_changed", len(caveats.targets), tuple(caveats.targets))
    yield Note("scales_changed", len(caveats.scales), tuple(caveats.scales))
