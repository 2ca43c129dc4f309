"""What is said of contact data and interviews."""

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

NOT_SHOWN: dict[str, LazyString] = {
    "purpose": _("no: for another purpose"),
    "ended": _("no: it has ended"),
    "no_reason": _("no: no reason was given"),
}
"""Why contact data was not shown, by `fleet_server.core.contacts.AccessError`."""
