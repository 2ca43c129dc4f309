"""What a password must be: asked by the pages and by ``hailong-fleet user`` alike.

Length, and not guessed easily: zxcvbn knows common passwords, names, keyboards and dates, and what
is put together of them. No rules about kinds of characters (NIST SP 800-63B).
"""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from flask_security import PasswordUtil
from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import DataRequired, EqualTo, Length, ValidationError
from zxcvbn import zxcvbn

MIN, MAX = 12, 128
ENOUGH = 3
"""zxcvbn's score from 0 to 4: over 10^8 guesses."""

LOOKED_AT = 72
"""How many characters are looked at: zxcvbn takes long for long ones, which are good anyway."""


def fault(password: str, *known: str) -> LazyString | None:
    """Return what is wrong with a new password, or None.

    Args:
        password: as it was typed.
        known: what everybody can know of the person, such as the e-mail.
    """
    if not MIN <= len(password) <= MAX:
        return _("Please take %(least)s to %(most)s characters.", least=MIN, most=MAX)
    if not password.isprintable():
        return _("Please take characters that can be seen.")
    parts = [part for one in known for part in (one, *one.replace("@", ".").split(".")) if part]
    if zxcvbn(password[:LOOKED_AT], user_inputs=[*parts, "hailong"])["score"] < ENOUGH:
        return _("This is guessed too easily. Four words that don't belong together are good.")
    return None


class Passwords(PasswordUtil):
    """Our rules where Flask-Security asks."""

    def validate(
        self, password: str, is_register: bool, **kwargs: Any
    ) -> tuple[list[Any] | None, str]:
        """Return what is wrong, and the password as it is hashed."""
        del is_register  # nobody registers themselves
        user = kwargs.get("user")
        wrong = fault(password, *([str(user.email), str(user.name)] if user else []))
        return ([wrong] if wrong is not None else None), self.normalize(password)


class NewPasswordForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """A new password, typed twice."""

    new_password = PasswordField(
        _("New password"),
        description=_("At least 12 characters. A sentence is easier to keep than signs."),
        validators=[
            DataRequired(_("Please enter a password.")),
            Length(max=MAX, message=_("Please take at most 128 characters.")),
        ],
    )
    once_more = PasswordField(
        _("The same once more"),
        validators=[
            DataRequired(_("Please enter it a second time.")),
            EqualTo("new_password", _("The two passwords differ.")),
        ],
    )

    def __init__(self, *args: Any, email: str = "", **more: Any) -> None:
        """Take whose password it will be, so that it is not their name."""
        super().__init__(*args, **more)
        self._email = email

    def validate_new_password(self, field: Any) -> None:
        """Refuse what is too short or guessed easily."""
        wrong = fault(field.data or "", self._email)
        if wrong is not None:
            raise ValidationError(wrong)
