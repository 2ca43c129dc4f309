"""Tables of the people who sign in, in the shape that Flask-Security's datastore works with.

Apart from `fleet_server.store.models`, so that processes without pages don't load Flask.
"""

from flask_security.core import RoleMixin, UserMixin, WebAuthnMixin
from peewee import (
    SQL,
    AutoField,
    BigIntegerField,
    BlobField,
    BooleanField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    JSONField,
    TextField,
)

from fleet_server.store.models import Table, Unit


class BytesField(BlobField):
    """Bytes that come back as bytes, whatever the database hands out."""

    def python_value(self, value: memoryview | bytes | None) -> bytes | None:
        """Return plain bytes."""
        return None if value is None else bytes(value)


class Role(RoleMixin, Table):
    """A set of permissions, separated by commas."""

    id = AutoField()
    name = TextField(unique=True)
    description = TextField(null=True)
    permissions = TextField(null=True)  # type: ignore[assignment]  # a text is taken apart there


class User(UserMixin, Table):
    """Somebody who signs in; ``fs_uniquifier`` changes to end all their sessions.

    Names that begin with ``tf_``, ``mf_`` and ``fs_`` are Flask-Security's. ``password`` is null
    until the person has taken up the invitation. The secret of the authenticator app and the
    recovery codes are encrypted under a key of the fleet's secret files.
    """

    id = AutoField()
    email = TextField(unique=True)
    name = TextField(default="")
    password = TextField(null=True)
    active = BooleanField(default=True)
    fs_uniquifier = TextField(unique=True)
    language = TextField(null=True)
    created_at = BigIntegerField(null=True)
    version = IntegerField(default=1)
    last_sign_in = BigIntegerField(null=True)
    failed_sign_ins = IntegerField(default=0)
    second_factor_due = BigIntegerField(null=True)
    oidc_subject = TextField(null=True, unique=True)
    tf_primary_method = TextField(null=True)
    tf_totp_secret = TextField(null=True)
    tf_last_counter = BigIntegerField(null=True)
    mf_recovery_codes = JSONField(null=True)
    fs_webauthn_user_handle = TextField(null=True, unique=True)  # type: ignore[assignment]  # null until a key is set up

    class Meta:
        """What the library saves is what it changed, and no more."""

        only_save_dirty = True

    @property
    def webauthn(self) -> "list[Passkey]":  # type: ignore[override]  # read by a query, never set
        """The passkeys of this person."""
        return list(Passkey.select().where(Passkey.user == self).order_by(Passkey.id))

    @property
    def roles(self) -> list[Role]:  # type: ignore[override]  # read by a query, never set
        """The roles of this person."""
        query = Role.select().join(UserRole).where(UserRole.user == self)
        return list(query.order_by(Role.name))


class UserRole(Table):
    """A grant: who has which role, in the branch of ``unit`` or, for null, in the whole fleet."""

    id = AutoField()
    user = ForeignKeyField(User, on_delete="CASCADE", index=False)
    role = ForeignKeyField(Role, on_delete="CASCADE")
    unit = ForeignKeyField(Unit, null=True, backref="grants")
    unit_id: int | None

    class Meta:
        """Each role once in a branch."""

        indexes = ((("user", "role", "unit"), True),)

    @property
    def name(self) -> str:
        """The role's name."""
        return str(self.role.name)


UserRole.add_index(
    UserRole.user,
    UserRole.role,
    unique=True,
    name="user_role_whole",
    where=SQL("unit_id IS NULL"),
)


class Passkey(WebAuthnMixin, Table):
    """A key of WebAuthn that somebody signs in with, as Flask-Security keeps it."""

    id = AutoField()
    user = ForeignKeyField(User, on_delete="CASCADE")
    credential_id = BytesField(unique=True)
    public_key = BytesField()
    name = TextField()
    sign_count = BigIntegerField(default=0)
    transports = JSONField(null=True)
    backup_state = BooleanField(default=False)
    device_type = TextField(default="")
    extensions = TextField(null=True)
    lastuse_datetime = DateTimeField()
    usage = TextField()


class WebSession(Table):
    """Somebody signed in at a browser; of the secret in its cookie, the SHA-256 is held."""

    id = AutoField()
    user = ForeignKeyField(User, on_delete="CASCADE")
    token_sha256 = TextField(unique=True)
    began_at = BigIntegerField()
    seen_at = BigIntegerField(index=True)
    address = TextField()
    browser = TextField()


class OneTimeLink(Table):
    """A way in for who has no password, or none any more: ``invite`` or ``reset``.

    The code is shown once to whoever made it; its SHA-256 is held.
    """

    id = AutoField()
    user = ForeignKeyField(User, on_delete="CASCADE")
    purpose = TextField()
    code_sha256 = TextField(unique=True)
    created_at = BigIntegerField()
    expires_at = BigIntegerField()
    used_at = BigIntegerField(null=True)
    actor = TextField()


ALL: tuple[type[Table], ...] = (Role, User, UserRole, Passkey, WebSession, OneTimeLink)
