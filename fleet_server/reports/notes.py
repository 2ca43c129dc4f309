"""The caveats of a report in words."""

from collections.abc import Callable, Iterator, Mapping

from flask_babel import gettext as _
from flask_babel import ngettext

from fleet_server.core.report import Kind, Note, Report
from fleet_server.web import language
from fleet_server.web.figures import Figures

NAMED = 12
"""So many counters, terminals or days are named in a note."""


def notes(report: Report[Figures]) -> Iterator[str]:
    """Yield the caveats of a report, in their order."""
    for note in report.notes:
        words = _WORDS[note.kind](note.count)
        which = _which(note)
        yield f"{words.removesuffix('.')}{which}." if which else words


def _which(note: Note) -> str:
    if not note.which:
        return ""
    dated = note.kind in ("targets_changed", "scales_changed")
    names = [language.day(one) if dated else one for one in note.which[:NAMED]]
    names = [name or _("right in the unit") for name in names]
    rest = len(note.which) - NAMED
    more = " " + ngettext("and %(num)s more", "and %(num)s more", rest) if rest > 0 else ""
    return f" ({', '.join(names)}{more})"


def _running(count: int) -> str:
    return str(
        ngettext(
            "The period is not over: %(num)s day is still to come.",
            "The period is not over: %(num)s days are still to come.",
            count,
        )
    )


def _missing_days(count: int) -> str:
    return str(
        ngettext(
            "%(num)s day of a counter that was open told nothing.",
            "%(num)s days of counters that were open told nothing.",
            count,
        )
    )


def _late(count: int) -> str:
    return str(
        ngettext(
            "%(num)s rating came later than on the day after it was made.",
            "%(num)s ratings came later than on the day after they were made.",
            count,
        )
    )


def _waiting(count: int) -> str:
    return str(
        ngettext(
            "%(num)s terminal may still send ratings of the period.",
            "%(num)s terminals may still send ratings of the period.",
            count,
        )
    )


def _open(count: int) -> str:
    return str(
        ngettext(
            "%(num)s rating is of a ticket that was not closed: it counts for satisfaction, and "
            "for participation once the ticket is closed.",
            "%(num)s ratings are of tickets that were not closed: they count for satisfaction, "
            "and for participation once the tickets are closed.",
            count,
        )
    )


def _estimated(count: int) -> str:
    return str(
        ngettext(
            "The time of %(num)s rating is estimated.",
            "The times of %(num)s ratings are estimated.",
            count,
        )
    )


def _unbound(count: int) -> str:
    return str(
        ngettext(
            "%(num)s rating belongs to no ticket and does not count.",
            "%(num)s ratings belong to no ticket and do not count.",
            count,
        )
    )


def _contested(count: int) -> str:
    return str(
        ngettext(
            "%(num)s rating is contested and does not count.",
            "%(num)s ratings are contested and do not count.",
            count,
        )
    )


def _disputed(count: int) -> str:
    return str(
        ngettext(
            "%(num)s rating is disputed and does not count.",
            "%(num)s ratings are disputed and do not count.",
            count,
        )
    )


def _not_told(count: int) -> str:
    return str(
        ngettext(
            "%(num)s rating is too few by itself for its choice to be told.",
            "%(num)s ratings are too few together for their choices to be told.",
            count,
        )
    )


def _few(count: int) -> str:
    return str(
        ngettext(
            "The shares of %(num)s row are of fewer than 30, and say little.",
            "The shares of %(num)s rows are of fewer than 30, and say little.",
            count,
        )
    )


def _ruled(count: int) -> str:
    return str(
        ngettext(
            "A review put %(num)s rating down to the citizen's side; it counts all the same.",
            "A review put %(num)s ratings down to the citizens' side; they count all the same.",
            count,
        )
    )


def _targets_changed(_count: int) -> str:
    return str(_("Targets changed within the period; each day is judged by its own."))


def _scales_changed(_count: int) -> str:
    return str(_("The scale of index scores changed within the period; the last one holds."))


_WORDS: Mapping[Kind, Callable[[int], str]] = {
    "running": _running,
    "missing_days": _missing_days,
    "late": _late,
    "waiting": _waiting,
    "open": _open,
    "estimated": _estimated,
    "unbound": _unbound,
    "contested": _contested,
    "disputed": _disputed,
    "not_told": _not_told,
    "few": _few,
    "ruled": _ruled,
    "targets_changed": _targets_changed,
    "scales_changed": _scales_changed,
}
