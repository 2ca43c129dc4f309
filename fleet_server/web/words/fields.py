"""What the form library says of a field that is wrong. It speaks no Vietnamese; our catalogue does.

`fleet_server.web.language` gives it the catalogue; the texts stand here to be collected for it.
"""

from flask_babel import lazy_gettext as _
from flask_babel import lazy_ngettext
from flask_babel.speaklater import LazyString

_MAX = 2
"""Any number that needs a plural."""

FIELD_TEXTS: tuple[LazyString, ...] = (
    _("This field is required."),
    _("Not a valid choice."),
    _("Invalid Choice: could not coerce."),
    _("Not a valid integer value."),
    _("Not a valid decimal value."),
    _("Not a valid float value."),
    _("Not a valid date value."),
    _("Not a valid datetime value."),
    _("Not a valid time value."),
    _("Number must be at least %(min)s."),
    _("Number must be at most %(max)s."),
    _("Number must be between %(min)s and %(max)s."),
    _("Date must be at least %(min)s."),
    _("Date must be at most %(max)s."),
    _("Date must be between %(min)s and %(max)s."),
    _("Field must be equal to %(other_name)s."),
    _("Field must be between %(min)d and %(max)d characters long."),
    lazy_ngettext(
        "Field must be at least %(min)d character long.",
        "Field must be at least %(min)d characters long.",
        _MAX,
    ),
    lazy_ngettext(
        "Field cannot be longer than %(max)d character.",
        "Field cannot be longer than %(max)d characters.",
        _MAX,
    ),
    lazy_ngettext(
        "Field must be exactly %(max)d character long.",
        "Field must be exactly %(max)d characters long.",
        _MAX,
    ),
    lazy_ngettext(
        "'%(value)s' is not a valid choice for this field.",
        "'%(value)s' are not valid choices for this field.",
        _MAX,
    ),
    _("Invalid input."),
    _("Invalid email address."),
    _("Invalid URL."),
    _("Invalid value, must be one of: %(values)s."),
)
"""Of WTForms, in its own words."""
