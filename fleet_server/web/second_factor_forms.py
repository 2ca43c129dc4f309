"""Flask-Security's forms for second factors and passkeys, with the choices of these pages."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_security.forms import TwoFactorRescueForm, TwoFactorSetupForm, VerifyForm
from flask_security.tf_plugin import TwoFactorSelectForm
from flask_security.webauthn import WebAuthnRegisterForm, WebAuthnSigninResponseForm
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from fleet_server.web import local

_ELSEWHERE = _("Please use the single sign-on: this person does not sign in here by themselves.")


class Which(RadioField):  # type: ignore[misc]  # WTForms brings no types
    """A choice whose options the library gives as pairs, which WTForms takes no more."""

    @property
    def choices(self) -> Any:
        """The options."""
        return RadioField.choices.fget(self)

    @choices.setter
    def choices(self, value: Any) -> None:
        named = [SelectChoice(*one) if isinstance(one, tuple) else one for one in value or ()]
        RadioField.choices.fset(self, named)


class AppForm(TwoFactorSetupForm):
    """Set up an authenticator app, or take it away."""

    setup = Which(
        choices=[
            SelectChoice("authenticator", "authenticator"),
            SelectChoice("disable", "disable"),
        ],
        validate_choice=False,
    )


class SecondForm(TwoFactorSelectForm):
    """Choose between the second factors that one has."""

    which = Which()


class PasskeyForm(WebAuthnRegisterForm):
    """Name a new passkey, and say what it is for."""

    usage = Which(
        choices=[SelectChoice(one, one) for one in ("first", "secondary")],
        default="secondary",
    )


class PasskeyUsedForm(WebAuthnSigninResponseForm):
    """A passkey that was used, to sign in or to confirm."""

    def validate(self, **kwargs: Any) -> bool:
        """Check the passkey, and that its person may sign in here at all."""
        if not super().validate(**kwargs):
            return False
        if not local.may_sign_in(self.user):
            self.credential.errors = [_ELSEWHERE]
        return not self.credential.errors


class ConfirmForm(VerifyForm):
    """The password, to confirm."""

    def validate(self, **kwargs: Any) -> bool:
        """Check the password, and that its person may sign in here at all."""
        if local.may_sign_in(self.user):
            return super().validate(**kwargs)
        self.password.errors = [_ELSEWHERE]
        return False


class RescueForm(TwoFactorRescueForm):
    """What to do without the phone: a recovery code."""

    help_setup = Which(choices=[SelectChoice("help", "help")])
