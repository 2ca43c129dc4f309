"""The forms of people: inviting, giving and taking a role, a new start."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from fleet_server.core.granting import grantable
from fleet_server.core.roles import MAY, POWERFUL, ROLES, Grant
from fleet_server.core.tree import Node, Tree
from fleet_server.web import access, signin
from fleet_server.web.people import told
from fleet_server.web.words import roles

NAME_MAX = 80
_NONE = SelectChoice("", _("please choose"))
_NEEDED = _("Please choose a role and where it holds.")


class GrantForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """A role, and where: in the whole fleet or in a branch."""

    role = SelectField(_("Role"), [InputRequired(_NEEDED)], validate_choice=False)
    where = SelectField(_("Where"), [InputRequired(_NEEDED)], validate_choice=False)
    version = HiddenField()

    def __init__(self, *args: Any, **more: Any) -> None:
        """Offer what the person at the browser may give."""
        super().__init__(*args, **more)
        tree = access.tree()
        offered = grantable(access.by().grants, tree)
        given = {one.role for one in offered}
        units = {one.unit for one in offered}
        roles_given = [SelectChoice(one, roles.ROLES[one]) for one in ROLES if one in given]
        self.role.choices = [_NONE, *roles_given] if roles_given else []
        whole = [SelectChoice(told.WHOLE, _("the whole fleet"))] if None in units else []
        branches = [node for node in tree if node.id in units]
        below = [SelectChoice(one.code, _indented(tree, one)) for one in branches]
        self.where.choices = [_NONE, *whole, *below]

    def validate_where(self, field: Any) -> None:
        """Refuse a role or a place that was not offered."""
        if self.grant is None or self.role.data not in _values(self.role):
            raise ValidationError(_("Please choose a role and where it holds."))
        if field.data not in _values(field):
            raise ValidationError(_("You may not give roles there."))

    @property
    def grant(self) -> Grant | None:
        """The grant that the fields say."""
        return told.grant(access.tree(), f"{self.role.data} {self.where.data}")

    @property
    def brings_power(self) -> bool:
        """Whether a role is offered with which a person begins anew."""
        return any(MAY[one.value] & POWERFUL for one in self.role.choices if one.value)

    @property
    def read_version(self) -> int:
        """The version of the person that the page showed; 0, which none has, for nonsense."""
        text = str(self.version.data)
        return int(text) if text.isdecimal() and len(text) < 10 else 0


def _values(field: Any) -> list[str]:
    return [one.value for one in field.choices]


def _indented(tree: Tree, node: Node) -> str:
    """Return a unit's name, the further in the deeper it lies: options have no other way."""
    return "\u2003" * (len(tree.path(node.id)) - 1) + f"{node.name} ({node.code})"


class InviteForm(GrantForm):
    """Somebody new."""

    email = EmailField(
        _("E-mail"),
        filters=[signin.normalised_text],
        description=_("What they sign in with. Nothing is sent there."),
        validators=[DataRequired(_("Please enter an e-mail."))],
    )
    name = StringField(
        _("Name"),
        filters=[signin.normalised_text],
        validators=[Length(max=NAME_MAX, message=_("Please take a shorter name."))],
    )

    def validate_email(self, field: Any) -> None:
        """Refuse what can't be one."""
        if signin.normalised_email(field.data) is None:
            raise ValidationError(_("This is not an e-mail address, such as nam@office.vn."))


class ResetForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """A new start."""

    second_factors = BooleanField(
        _("Take second factors away too: phone or key are lost"),
    )
