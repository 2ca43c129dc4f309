"""What Flask-Security says to people, in our words: it brings no Vietnamese."""

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

_TEXTS: dict[str, tuple[LazyString, str]] = {
    "API_ERROR": (_("This did not fit together. Please begin again."), "error"),
    "DISABLED_ACCOUNT": (_("This account is switched off."), "error"),
    "INVALID_CODE": (_("This code is not right. Please enter the newest one."), "error"),
    "INVALID_INPUT": (_("Please write this without special characters."), "error"),
    "INVALID_PASSWORD": (_("This is not your password."), "error"),
    "INVALID_RECOVERY_CODE": (_("This recovery code is not right, or was used before."), "error"),
    "PASSWORD_CHANGE": (
        _("Your password is changed. All your other sessions have ended."),
        "success",
    ),
    "PASSWORD_IS_THE_SAME": (_("Please take a password that is new."), "error"),
    "PASSWORD_NOT_PROVIDED": (_("Please enter a password."), "error"),
    "REAUTHENTICATION_REQUIRED": (_("Please confirm that it is you."), "info"),
    "REAUTHENTICATION_SUCCESSFUL": (_("Thank you. You can go on."), "success"),
    "RETYPE_PASSWORD_MISMATCH": (_("The two passwords differ."), "error"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (_("The authenticator app is set up."), "success"),
    "TWO_FACTOR_DISABLED": (_("The authenticator app is taken away."), "success"),
    "TWO_FACTOR_INVALID_TOKEN": (
        _("This code is not right, or was used before. Please enter the newest one."),
        "error",
    ),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": (_("This can't be chosen."), "error"),
    "TWO_FACTOR_PERMISSION_DENIED": (_("Please sign in again."), "error"),
    "TWO_FACTOR_SETUP_EXPIRED": (_("That took too long. Please begin again."), "error"),
    "WEBAUTHN_CREDENTIAL_DELETED": (_("The passkey %(name)s is taken away."), "success"),
    "WEBAUTHN_CREDENTIAL_ID_INUSE": (_("This passkey is in use already."), "error"),
    "WEBAUTHN_CREDENTIAL_WRONG_USAGE": (
        _("This passkey was set up for the other purpose."),
        "error",
    ),
    "WEBAUTHN_EXPIRED": (_("That took too long. Please begin again."), "error"),
    "WEBAUTHN_MISMATCH_USER_HANDLE": (_("This passkey belongs to somebody else."), "error"),
    "WEBAUTHN_NAME_DISALLOWED_CHARACTERS": (
        _("Please write the name with letters, digits and spaces."),
        "error",
    ),
    "WEBAUTHN_NAME_INUSE": (_("You have a passkey named %(name)s already."), "error"),
    "WEBAUTHN_NAME_NOT_FOUND": (_("You have no passkey named %(name)s."), "error"),
    "WEBAUTHN_NAME_REQUIRED": (_("Please give the passkey a name."), "error"),
    "WEBAUTHN_NO_VERIFY": (_("The passkey could not be checked. Please try again."), "error"),
    "WEBAUTHN_REGISTER_SUCCESSFUL": (_("The passkey %(name)s is set up."), "success"),
    "WEBAUTHN_UNKNOWN_CREDENTIAL_ID": (_("This passkey is not known here."), "error"),
}

MESSAGES = {f"SECURITY_MSG_{key}": text for key, text in _TEXTS.items()}
"""As the library's settings name them."""
