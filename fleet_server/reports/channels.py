"""Ratings that no terminal signed, in words, apart from those that are signed."""

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _

from fleet_server.core.channels import Line
from fleet_server.core.choices import Choices
from fleet_server.reports.cells import Cell, Percent, Table
from fleet_server.web.figures import Figures
from fleet_server.web.words.channels import WAYS


def table(signed: Figures, others: Sequence[Line]) -> Table:
    """Return each way by itself, the signed ratings first; there is no sum of them."""
    named = {
        "number": _("No."),
        "channel": _("Channel"),
        "ratings": _("Ratings"),
        "very_satisfied": _("Very satisfied"),
        "satisfied": _("Satisfied"),
        "unsatisfied": _("Unsatisfied"),
        "satisfaction": _("Satisfaction"),
        "second": _("Not standing"),
        "withdrawn": _("Withdrawn"),
    }
    at_terminals = str(_("At the terminal, signed"))
    rows: list[list[Cell]] = [[1, at_terminals, signed.rated, *_choices(signed.shown), None, None]]
    rows += [
        [number, str(WAYS[one.way]), one.received, *_choices(one.shown), one.second, one.withdrawn]
        for number, one in enumerate(others, 2)
    ]
    title = _("Ratings by other channels")
    return Table(_("Other channels"), title, [*named], [*named.values()], rows)


def _choices(shown: Choices | None) -> list[Cell]:
    if shown is None:
        return [None] * 4
    good = shown.very_satisfied + shown.satisfied
    satisfied = Percent(100 * good / shown.total)
    return [shown.very_satisfied, shown.satisfied, shown.unsatisfied, satisfied]


def notes() -> Iterator[str]:
    """Yield how they are to be read."""
    yield _(
        "Nobody can prove ratings of other channels as terminals prove theirs, so they are in no "
        "other figure of this report. They count on the day on which they were taken, and a ticket "
        "has one rating that stands: the signed one before all others, else the first. "
        "Withdrawn are those that were entered by mistake; they are in no other column."
    )
