"""Why a change of people is refused."""

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

REFUSED: dict[str, LazyString] = {
    "self": _("Nobody changes what they hold themselves. Please ask another administrator."),
    "beyond": _("This is more than you may do yourself there, so you can't give or change it."),
    "last": _(
        "This is the last administrator of the whole fleet who can sign in. Name another one first."
    ),
    "anew": _(
        "A role with which a person begins anew is given by who answers for every role that the "
        "person holds. Please ask such an administrator, for example one of the whole fleet."
    ),
}
"""By the reason of `fleet_server.core.granting.NotAllowed`."""
