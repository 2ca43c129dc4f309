"""The people of a part of the fleet, with what they hold."""

from dataclasses import dataclass
from typing import Any

from peewee import JOIN, fn

from fleet_server.core.roles import Grant, Scope
from fleet_server.store.accounts import OneTimeLink, Passkey, Role, User, UserRole
from fleet_server.store.database import rows


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in, or will; times in Unix milliseconds.

    Attributes:
        grants: all that they hold, also outside of what the reader may see.
        passkeys: how many.
        app: they have an authenticator app.
        single: they came by single sign-on at least once.
        invited_until: until when their one-time link works, or None.
    """

    id: int
    email: str
    name: str
    active: bool
    version: int
    last_sign_in: int | None
    grants: tuple[Grant, ...]
    passkeys: int
    app: bool
    has_password: bool
    single: bool
    invited_until: int | None


def people(scope: Scope, now: int) -> list[Person]:
    """Return the people who hold something in a part of the fleet, by e-mail.

    Who holds nothing is in the whole only.
    """
    found = _people(User.select(User.id), now)
    return [one for one in found if _shown(one, scope)]


def person(user: int, scope: Scope, now: int) -> Person | None:
    """Return one person, if they are in that part of the fleet."""
    found = _people(User.select(User.id).where(User.id == user), now)
    return found[0] if found and _shown(found[0], scope) else None


def _shown(one: Person, scope: Scope) -> bool:
    if scope.units is None:
        return True
    return any(grant.unit is not None and scope.covers(grant.unit) for grant in one.grants)


def _people(chosen: Any, now: int) -> list[Person]:
    keys = dict(rows(Passkey.select(Passkey.user, fn.COUNT(Passkey.id)).group_by(Passkey.user)))
    alive = OneTimeLink.used_at.is_null() & (OneTimeLink.expires_at > now)
    waiting = dict(rows(OneTimeLink.select(OneTimeLink.user, OneTimeLink.expires_at).where(alive)))
    held: dict[int, list[Grant]] = {}
    query = UserRole.select(UserRole.user, Role.name, UserRole.unit).join(Role, JOIN.INNER)
    for user, role, unit in rows(query.order_by(Role.name, UserRole.id)):
        held.setdefault(user, []).append(Grant(role, unit))
    return [
        Person(
            id=row.id,
            email=row.email,
            name=row.name,
            active=row.active,
            version=row.version,
            last_sign_in=row.last_sign_in,
            grants=tuple(held.get(row.id, ())),
            passkeys=keys.get(row.id, 0),
            app=row.tf_totp_secret is not None,
            has_password=row.password is not None,
            single=row.oidc_subject is not None,
            invited_until=waiting.get(row.id),
        )
        for row in User.select().where(User.id.in_(chosen)).order_by(fn.LOWER(User.email))
    ]
