"""The people who sign in, and what they may do."""

from typing import Any

from flask_security import PeeweeUserDatastore

from fleet_server.errors import FleetError
from fleet_server.store.accounts import Role, User, UserRole
from fleet_server.store.database import proxy, writing

ROLES = {
    "admin": "sees everything and closes matters",
    "viewer": "sees everything",
}


class UserExistsError(FleetError):
    """Somebody with this e-mail is there already."""


class Users(PeeweeUserDatastore):
    """Flask-Security's way to the tables, where roles are rows of a table of their own."""

    def _prepare_create_user_args(self, **given: Any) -> dict[str, Any]:
        # The library has types, but not here.
        prepared: dict[str, Any] = super()._prepare_create_user_args(**given)  # type: ignore[no-untyped-call]
        prepared.pop("roles", None)
        return prepared


def datastore() -> Users:
    """Return the way to the people who sign in."""
    return Users(proxy, User, Role, UserRole)  # type: ignore[no-untyped-call]  # none given there


def add_user(email: str, password_hash: str, role: str, at: int) -> None:
    """Add a person with one role.

    Args:
        email: normalised; this is what they sign in with.
        password_hash: never the password itself.
        role: one of `ROLES`.
        at: Unix milliseconds.

    Raises:
        UserExistsError: the e-mail is taken, whatever its capitals.
    """
    users: Any = datastore()
    with writing():
        if users.find_user(case_insensitive=True, email=email) is not None:
            raise UserExistsError(f"{email}: there is a user with this e-mail already")
        users.find_or_create_role(role, description=ROLES[role])
        users.create_user(email=email, password=password_hash, roles=[role], created_at=at)
