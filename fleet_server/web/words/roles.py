"""What roles and capabilities are called."""

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

ROLES: dict[str, LazyString] = {
    "administrator": _("Administrator"),
    "technician": _("Technician"),
    "unit_head": _("Head of unit"),
    "quality_officer": _("Quality officer"),
    "interviewer": _("Interviewer"),
    "auditor": _("Auditor"),
    "viewer": _("Viewer"),
}

CAPABILITIES: dict[str, LazyString] = {
    "figures": _("See participation and satisfaction"),
    "fleet": _("See how terminals are"),
    "matters": _("See what needs attention"),
    "evidence": _("See signed records and keys"),
    "setup": _("See units, people and targets as they are set"),
    "audit": _("Read the audit log"),
    "export": _("Take away what is seen"),
    "close": _("Close matters"),
    "interview": _("Interview citizens who were drawn, and see how to reach them"),
    "enter": _(
        "Enter ratings from paper, phone, suggestion boxes and online, and dossiers for index "
        "scores"
    ),
    "command": _("Command and configure terminals"),
    "enrol": _("Take terminals in, move and retire them"),
    "tree": _("Change units and counters"),
    "people": _("Change people and roles"),
    "settings": _("Change targets and opening hours"),
    "keys": _("Make keys for programs"),
}
"""In the order of the table of roles: first what is seen, then what is changed."""
