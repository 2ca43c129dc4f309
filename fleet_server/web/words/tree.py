"""What kinds of units are called, and why something can't be put somewhere or read from a list.

The command line prints the same sentences; outside a request they are English.
"""

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from fleet_server.core.tree import Kind, TreeError
from fleet_server.core.tree import Reason as TreeReason
from fleet_server.core.tree_import.vocabulary import COLUMNS, Field, Subject
from fleet_server.core.tree_import.wanted import Problem, Reason
from fleet_server.sheets.errors import SheetError, Trouble

KINDS: dict[Kind, LazyString] = {
    "city": _("City or province"),
    "district": _("District"),
    "department": _("Department"),
    "unit": _("Unit"),
}

SUBJECTS: dict[Subject, LazyString] = {
    "units": _("Units"),
    "counters": _("Counters"),
    "terminals": _("Terminals"),
}

FIELDS: dict[Field, LazyString] = {
    "code": _("Code"),
    "name": _("Name"),
    "kind": _("Kind"),
    "parent": _("Lies in"),
    "closed": _("Closed from"),
    "unit": _("Unit"),
    "counter": _("Counter"),
    "note": _("Note"),
}

_RANK = _(
    "A unit of this kind can't lie there: a city holds districts and departments, these hold "
    "units, and a unit may hold units."
)
_BELOW = _("A unit can't lie in itself or in one that lies below it.")
_CHILDREN = _("What lies in this unit does not fit that kind.")
_IN_CLOSED = _("That is closed, or will be; open it again first.")
_HOLDS_OPEN = _("Something open still lies in it. Close it or move it first.")
_RETIRED = _("This terminal is out of use for good. Give the new one another id.")

REFUSALS: dict[TreeReason, LazyString] = {
    "itself": _BELOW,
    "below": _BELOW,
    "rank": _RANK,
    "children": _CHILDREN,
    "before": _("It last moved on %(value)s; the move must not be before that day."),
    "in_closed": _IN_CLOSED,
    "holds_open": _HOLDS_OPEN,
    "served": _("It has figures up to %(value)s; it can close from the day after."),
    "retired": _RETIRED,
    "ahead": _("Please choose today, or a day before."),
}
"""Why something can't be put there or be closed."""

PROBLEMS: dict[Reason, LazyString] = {
    "missing": _("Nothing stands here, and it must."),
    "code": _("A code is 1 to 32 letters without accents, digits, '.', '_' or '-'."),
    "terminal_id": _(
        "A terminal's id is 1 to 40 of a-z, 0-9 and '-'; it does not begin with '-' or 'fleet-'."
    ),
    "name": _("A name is 1 to 64 characters on one line."),
    "note": _("A note is at most 200 characters on one line."),
    "kind": _("“%(value)s” is no kind of unit: City, District, Department or Unit."),
    "day": _("“%(value)s” is no date such as 22/11/2026."),
    "formula": _("A formula, or the error of one. Put its value there instead."),
    "lost_letters": _(
        "“%(value)s” lost letters when the file was saved. Save it as “CSV UTF-8” or as XLSX."
    ),
    "heading": _("“%(value)s” is no heading of this list. Its headings:"),
    "heading_twice": _("This heading stands there twice."),
    "no_heading": _("“%(value)s” stands in a column without a heading."),
    "twice": _("The same one stands in row %(value)s already."),
    "no_unit": _("No unit has the code %(value)s."),
    "no_counter": _("No counter has the code %(value)s."),
    "rank": _RANK,
    "children": _CHILDREN,
    "below": _BELOW,
    "in_closed": _IN_CLOSED,
    "holds_open": _HOLDS_OPEN,
    "served": REFUSALS["served"],
    "retired": _RETIRED,
    "two_places": _("A terminal is at a counter or kept by a unit, not both."),
    "outside": _("It lies, or would lie, outside the part of the fleet that you may change."),
    "not_yours": _("Your role does not allow changing this."),
}
"""Why a row of a list can't be taken."""

TROUBLES: dict[Trouble, LazyString] = {
    "empty": _("The file is empty."),
    "too_large": _(
        "The file is too large: at most 1 MB, and 8 MB when unpacked. Divide it, or save it as "
        "“CSV UTF-8”."
    ),
    "windows_1258": _(
        "The file is in an old Vietnamese code page (Windows-1258), as Excel's plain “CSV” is. "
        "Save it as “CSV UTF-8” or as XLSX."
    ),
    "not_utf8": _("The file is not in UTF-8. Save it as “CSV UTF-8” or as XLSX."),
    "not_csv": _("The file is neither XLSX nor proper CSV."),
    "old_xls": _(
        "This is an old Excel file (.xls), or one with a password. Save it as .xlsx, without a "
        "password."
    ),
    "not_xlsx": _("The workbook is damaged, or no workbook. Save it anew as .xlsx."),
    "too_many_rows": _("The file has more than 20,000 rows. Divide it."),
    "no_list": _(
        "No sheet has headings that are known. Take the export of this page as the pattern."
    ),
}
"""Why a file can't be read."""


def refusal(error: TreeError) -> str:
    """Return in words why something can't be put there or be closed."""
    return str(REFUSALS[error.reason]).replace("%(value)s", written(error.value))


def problem(found: Problem) -> str:
    """Return in words what is wrong with a row."""
    value = found.column if found.reason == "heading" else found.value
    told = written(value) if found.reason == "served" else value
    text = str(PROBLEMS[found.reason]).replace("%(value)s", told)
    if found.reason == "heading":
        text += " " + headings(found.value)  # type: ignore[arg-type]  # a subject
    return text


def headings(subject: Subject) -> str:
    """Return the headings of a list, in both languages."""
    return "; ".join(" / ".join(one.headings.values()) for one in COLUMNS[subject])


def trouble(error: SheetError) -> str:
    """Return in words why a file can't be read."""
    return str(TROUBLES[error.trouble])


def written(text: str) -> str:
    """Return YYYY-MM-DD as people here write it; other texts as they are."""
    parts = text.split("-")
    return "/".join(reversed(parts)) if len(parts) == 3 and len(parts[0]) == 4 else text
