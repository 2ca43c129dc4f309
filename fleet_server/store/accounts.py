"""Tables of the people who sign in, in the shape that Flask-Security's datastore works with.

Apart from `fleet_server.store.models`, so that processes without pages don't load Flask.
"""

from flask_security.core import RoleMixin, UserMixin
from peewee import SQL, AutoField, BigIntegerField, BooleanField, ForeignKeyField, TextField

from fleet_server.store.models import Table, Unit


class Role(RoleMixin, Table):
    """A set of permissions, separated by commas."""

    id = AutoField()
    name = TextField(unique=True)
    description = TextField(null=True)
    permissions = TextField(null=True)  # type: ignore[assignment]  # a text is taken apart there


class User(UserMixin, Table):
    """Somebody who signs in; ``fs_uniquifier`` changes to end all their sessions."""

    id = AutoField()
    email = TextField(unique=True)
    name = TextField(default="")
    password = TextField(null=True)
    active = BooleanField(default=True)
    fs_uniquifier = TextField(unique=True)
    language = TextField(null=True)
    created_at = BigIntegerField(null=True)

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


ALL: tuple[type[Table], ...] = (Role, User, UserRole)
