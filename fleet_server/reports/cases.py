"""The cases of a report in words, and both figures of satisfaction where a review ruled."""

from collections.abc import Iterator

from flask_babel import gettext as _

from fleet_server.core.case_figures import Both
from fleet_server.core.choices import Choices
from fleet_server.core.explained import Cases, Explained
from fleet_server.reports.cells import Cell, Percent, Table


def table(found: Cases) -> Table:
    """Return what became of the cases as a table."""
    named = {
        "code": _("Code"),
        "name": _("Unit"),
        "open": _("To be explained"),
        "overdue": _("Overdue"),
        "answered": _("To be judged"),
        "closed": _("Closed"),
        "late": _("Answered late"),
        "withdrawn": _("Withdrawn"),
        "ruled": _("On the citizen's side"),
    }
    rows: list[list[Cell]] = [
        [part.code, part.name or _("Right in the unit"), *_cells(part.cases)]
        for part in found.parts
    ]
    rows.append(["", _("Together"), *_cells(found.total)])
    title = _("Cases of unsatisfied ratings and complaints")
    return Table(_("Cases"), title, [*named], [*named.values()], rows, total=True)


def _cells(one: Explained) -> list[Cell]:
    return [
        one.open, one.overdue, one.answered, one.closed, one.late, one.withdrawn, one.ruled,
    ]  # fmt: skip


def notes(found: Cases) -> Iterator[str]:
    """Yield how the cases are to be read."""
    yield _(
        "A case counts in the period of its rating or complaint, whenever it was opened, and for "
        "the unit whose it is now, as it stood when the report was made; the page Cases has those "
        "of all days."
    )
    yield _(
        "There can be more or fewer cases than unsatisfied ratings: complaints have cases too, a "
        "rating has one once its choice is told, and those of a day may share one."
    )
    if found.confined:
        yield _("Cases of which no figure tells are among them; they count in no index score.")
    else:
        yield _("Cases of which no figure tells are not among them.")


def both(found: Both) -> Table:
    """Return satisfaction with and without what was put down to the citizen's side."""
    named = {
        "number": _("No."),
        "figure": _("Figure"),
        "very_satisfied": _("Very satisfied"),
        "satisfied": _("Satisfied"),
        "unsatisfied": _("Unsatisfied"),
        "satisfaction": _("Satisfaction"),
    }
    rows: list[list[Cell]] = [
        [1, _("All, as they were made"), *_choices(found.made)],
        [2, _("Without those on the citizen's side"), *_choices(found.without)],
    ]
    title = _("Satisfaction with and without the ratings that a review ruled out")
    return Table(_("With and without rulings"), title, [*named], [*named.values()], rows)


def _choices(one: Choices) -> list[Cell]:
    good = one.very_satisfied + one.satisfied
    share = Percent(100 * good / one.total) if one.total else None
    return [one.very_satisfied, one.satisfied, one.unsatisfied, share]
