"""The people who sign in, and their grants: which role each has, in which branch."""

import secrets
from typing import Any

from flask_security import PeeweeUserDatastore

from fleet_server.core.roles import Grant
from fleet_server.errors import FleetError
from fleet_server.store import audit_log
from fleet_server.store.accounts import Passkey, Role, User, UserRole
from fleet_server.store.database import proxy, rows, writing


class UserExistsError(FleetError):
    """Somebody with this e-mail is there already."""


class AccessEndedError(FleetError):
    """All sessions of a person, or the passkey in use, ended after the request had begun."""


class Users(PeeweeUserDatastore):
    """Flask-Security's way to the tables, where roles are rows of a table of their own.

    A request that was on its way when somebody's sessions ended writes nothing any more: else a
    password, which takes long to hash, or a second factor would outlive a new beginning.
    """

    def put(self, model: Any) -> Any:
        """Save a row.

        Raises:
            AccessEndedError: the person's sessions ended since they were read; nothing is saved.
        """
        with writing():
            _check_access(model)
            return super().put(model)  # type: ignore[no-untyped-call]  # none given there

    def set_uniquifier(self, user: Any, uniquifier: str | None = None) -> None:
        """End all sessions of a person.

        Raises:
            AccessEndedError: they ended already since the person was read.
        """
        with writing():
            _check_access(user)
            user.fs_uniquifier = uniquifier or secrets.token_hex(16)
            super().put(user)  # type: ignore[no-untyped-call]  # what `put` compares is new

    def _prepare_create_user_args(self, **given: Any) -> dict[str, Any]:
        # The library has types, but not here.
        prepared: dict[str, Any] = super()._prepare_create_user_args(**given)  # type: ignore[no-untyped-call]
        prepared.pop("roles", None)
        return prepared


def datastore() -> Users:
    """Return the way to the people who sign in."""
    return Users(proxy, User, Role, UserRole, Passkey)  # type: ignore[no-untyped-call]  # none given there


def _check_access(model: Any) -> None:
    """Refuse a person whose sessions ended since they were read, and a passkey that is gone."""
    if isinstance(model, Passkey):
        if model.id is None:
            _check_access(model.user)
        elif not Passkey.select().where(Passkey.id == model.id).exists():
            raise AccessEndedError("the passkey was forgotten meanwhile")
    elif isinstance(model, User) and model.id is not None:
        query = User.select(User.fs_uniquifier).where(User.id == model.id)
        if query.scalar() != model.fs_uniquifier:
            raise AccessEndedError(f"{model.email}: all sessions ended meanwhile")


def add_user(
    email: str, password_hash: str, role: str, at: int, *, actor: str, unit: int | None = None
) -> None:
    """Add a person with one role.

    Args:
        email: normalised; this is what they sign in with.
        password_hash: never the password itself.
        role: one of `fleet_server.core.roles.ROLES`.
        at: Unix milliseconds.
        actor: who adds them.
        unit: the branch in which they have the role; None for the whole fleet.

    Raises:
        UserExistsError: the e-mail is taken, whatever its capitals.
    """
    with writing():
        user = create(email, "", password_hash, at)
        give(user, Grant(role, unit))
        details = {"role": role, "unit": unit}
        audit_log.note(actor, "person.add", f"person:{email}", details, at=at)


def create(email: str, name: str, password_hash: str | None, at: int) -> int:
    """Add a person who holds nothing yet; return their id. In a write transaction.

    Raises:
        UserExistsError: the e-mail is taken, whatever its capitals.
    """
    users: Any = datastore()
    if users.find_user(case_insensitive=True, email=email) is not None:
        raise UserExistsError(f"{email}: there is a user with this e-mail already")
    user = users.create_user(
        email=email, name=name, password=password_hash, roles=[], created_at=at
    )
    return int(user.id)


def give(user: int, grant: Grant) -> None:
    """Give a person a role in a branch, if they don't have it. In a write transaction."""
    role = Role.get_or_none(Role.name == grant.role) or Role.create(name=grant.role)
    if not UserRole.select().where(*_the(user, role, grant)).exists():
        UserRole.create(user=user, role=role, unit=grant.unit)


def take(user: int, grant: Grant) -> None:
    """Take a role in a branch from a person. In a write transaction."""
    role = Role.get_or_none(Role.name == grant.role)
    UserRole.delete().where(*_the(user, role, grant)).execute()


def _the(user: int, role: Role | None, grant: Grant) -> tuple[Any, ...]:
    unit = UserRole.unit.is_null() if grant.unit is None else UserRole.unit == grant.unit
    return UserRole.user == user, UserRole.role == role, unit


def grants_of(user: int) -> list[Grant]:
    """Return what a person holds."""
    query = UserRole.select(Role.name, UserRole.unit).join(Role).where(UserRole.user == user)
    return [Grant(role, unit) for role, unit in rows(query.order_by(Role.name, UserRole.id))]


def second_factors() -> int:
    """Return how many people have a second factor that is encrypted here."""
    held = User.tf_totp_secret.is_null(False) | User.mf_recovery_codes.is_null(False)
    return int(User.select().where(held).count())
