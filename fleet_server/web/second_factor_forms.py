"""Flask-Security's forms for second factors, with the choices that these pages offer."""

from typing import Any

from flask_security.forms import TwoFactorRescueForm, TwoFactorSetupForm
from flask_security.tf_plugin import TwoFactorSelectForm
from flask_security.webauthn import WebAuthnRegisterForm
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice


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


class RescueForm(TwoFactorRescueForm):
    """What to do without the phone: a recovery code."""

    help_setup = Which(choices=[SelectChoice("help", "help")])
