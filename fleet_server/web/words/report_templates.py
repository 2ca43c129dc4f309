"""What can be wrong with a template, in words."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from fleet_server.reports.naming import Fault, Kind

_FAULTS: Mapping[Kind, LazyString] = {
    "no_document": _("This is no document of Word (.docx)."),
    "too_large": _("There is too much in this document."),
    "macros": _("There are macros or embedded files in it; save it as a plain .docx."),
    "external": _("It leads to something outside, such as a linked picture; put it in instead."),
    "syntax": _("A field can't be read"),
    "unknown": _("There is no such field"),
    "forbidden": _("This may not be done in a template"),
    "no_list": _("There is nothing here to go through"),
    "loops": _("A loop within another must go through a part of it"),
    "unfit": _("No document comes of it; look where its loops begin and end."),
}


def told(fault: Fault) -> str:
    """Say what is wrong, and where or which."""
    words = str(_FAULTS[fault.kind])
    return f"{words.removesuffix('.')}: {fault.value}" if fault.value else words
