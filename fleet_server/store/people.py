"""Changing the people who sign in: inviting, roles, switching off, a new start.

Each function that changes something is one transaction of its own: the rules of
`fleet_server.core.granting` are asked inside it, so that two administrators can't take each other
away at the same moment.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fleet_server.core.granting import (
    HIGHEST,
    NotAllowed,
    check_anew,
    check_change,
    check_left,
    check_manage,
    raises,
)
from fleet_server.core.roles import Grant
from fleet_server.store import audit_log, credentials, links, places, sessions, users
from fleet_server.store.accounts import User
from fleet_server.store.database import writing
from fleet_server.store.editing import edit
from fleet_server.store.models import Unit

__all__ = ["NotAllowed"]


class Gone(Exception):
    """There is no such person."""


@dataclass(frozen=True, slots=True)
class By:
    """Who asks for a change.

    Attributes:
        actor: as the audit log names them.
        user: their id, or None where it is a command on the server.
        grants: what they hold; a command holds everything.
    """

    actor: str
    user: int | None
    grants: tuple[Grant, ...]

    @classmethod
    def command(cls, actor: str) -> "By":
        """Return the account that runs a command on the server itself."""
        return cls(actor, None, (HIGHEST,))


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of a change of roles.

    Attributes:
        anew: the person came to hold power, so that what they signed in with is forgotten.
        code: of the one-time link with which they begin anew, where they need one.
    """

    anew: bool
    code: str | None


def invite(email: str, name: str, grants: Collection[Grant], by: By, now: int) -> tuple[int, str]:
    """Add a person without a password; return their id and the code of their one-time link.

    Raises:
        UserExistsError: the e-mail is taken, whatever its capitals.
        NotAllowed: a grant is not theirs to give.
    """
    with writing():
        check_change(by.grants, False, grants, places.tree())
        user = users.create(email, name, None, now)
        for grant in grants:
            users.give(user, grant)
        held = [_told(one) for one in grants]
        audit_log.note(by.actor, "person.invite", f"person:{email}", {"roles": held}, at=now)
        return user, links.make(user, "invite", by.actor, now)


def change_grants(
    user: int,
    version: int | None,
    give: Collection[Grant],
    take: Collection[Grant],
    by: By,
    now: int,
    emergency: str = "",
) -> Changed | None:
    """Give and take roles; the person's sessions end if anything changed.

    Who comes to hold power by it begins anew (`fleet_server.core.granting`, rules 6 and 7).

    Args:
        user: whose.
        version: of the person as it was read, or None where nobody read it before.
        give: roles to give; what is held already changes nothing.
        take: roles to take; what is not held changes nothing.
        by: who asks.
        now: Unix milliseconds.
        emergency: the e-mail of who signs in here also when single sign-on is gone, if any.

    Returns:
        What became of it; None where nothing was to be changed.

    Raises:
        Gone: no such person.
        NotAllowed: the rules forbid it.
        Stale: the person was changed since the version was read.
    """
    with writing():
        row = _person(user)
        held = users.grants_of(user)
        given = [one for one in give if one not in held]
        taken = [one for one in take if one in held]
        if not given and not taken:
            return None
        tree = places.tree()
        check_change(by.grants, by.user == user, [*given, *taken], tree)
        if HIGHEST in taken:
            check_left(highest(), user)
        anew = raises([one for one in held if one not in taken], given, tree)
        if anew:
            check_anew(by.grants, held, tree)
        edit(User, user, row.version if version is None else version, {})
        # Whoever made a link for the person must not become what the person becomes now.
        links.end(user)
        for action, change, grants in (
            ("person.grant", users.give, given),
            ("person.revoke", users.take, taken),
        ):
            for grant in grants:
                change(user, grant)
                audit_log.note(by.actor, action, f"person:{row.email}", _told(grant), at=now)
        sessions.end_all(user)
        keep = row.email.lower() == emergency.lower()
        return Changed(anew, _begin_anew(row, by.actor, now, keep) if anew else None)


def set_active(user: int, active: bool, by: By, now: int) -> bool:
    """Switch a person off, which ends their sessions and links, or on again.

    Raises:
        Gone: no such person.
        NotAllowed: the rules forbid it.
    """
    with writing():
        row = _managed(user, by)
        if row.active == active:
            return False
        if not active:
            check_left(highest(), user)
            links.end(user)
        edit(User, user, row.version, {"active": active})
        sessions.end_all(user)
        action = "person.reactivate" if active else "person.deactivate"
        audit_log.note(by.actor, action, f"person:{row.email}", at=now)
        return True


def reset(user: int, second_factors: bool, by: By, now: int) -> str:
    """Give a person a new start: return the code of a one-time link for a new password.

    The former password works until the link is used, so that who asked by mistake loses nothing;
    second factors, if they are to go, go at once, and every session with them.

    Raises:
        Gone: no such person.
        NotAllowed: the rules forbid it.
    """
    with writing():
        row = _managed(user, by)
        if second_factors:
            credentials.forget_second_factors(user)
            sessions.end_all(user)
        purpose: links.Purpose = "invite" if row.password is None else "reset"
        details = {"second_factors": second_factors}
        audit_log.note(by.actor, "person.reset", f"person:{row.email}", details, at=now)
        return links.make(user, purpose, by.actor, now)


def rename(user: int, name: str, version: int, by: By, now: int) -> None:
    """Change a person's name.

    Raises:
        Gone: no such person.
        NotAllowed: the rules forbid it; one's own name is one's own.
        Stale: the person was changed since.
    """
    with writing():
        row = _person(user) if by.user == user else _managed(user, by)
        if row.name == name:
            return
        edit(User, user, version, {"name": name})
        details = {"from": row.name, "to": name}
        audit_log.note(by.actor, "person.rename", f"person:{row.email}", details, at=now)


def set_password(link: links.Link, password_hash: str, now: int) -> bool:
    """Take up a one-time link: the new password stands, and every session ends.

    Returns:
        False if the link was used meanwhile; nothing is changed then.
    """
    with writing():
        if not links.use(link, now):
            return False
        User.update(password=password_hash, failed_sign_ins=0).where(User.id == link.user).execute()
        sessions.end_all(link.user)
        audit_log.note(
            f"person:{link.email}", f"link.{link.purpose}", f"person:{link.email}", at=now
        )
        return True


def highest() -> set[int]:
    """Return the ids of those who may do everything and can sign in."""
    able = User.select(User.id).where(
        User.active == True,  # noqa: E712  # a column
        User.password.is_null(False) | User.oidc_subject.is_null(False),
    )
    return {row.id for row in able if HIGHEST in users.grants_of(row.id)}


def units_told(grants: Iterable[Grant]) -> dict[int, str]:
    """Return the codes of the units in some grants."""
    wanted = {one.unit for one in grants if one.unit is not None}
    found = Unit.select(Unit.id, Unit.code).where(Unit.id.in_(sorted(wanted)))
    return {row.id: row.code for row in found}


def _told(grant: Grant) -> Mapping[str, Any]:
    return {"role": grant.role, "unit": units_told([grant]).get(grant.unit or 0)}


def _person(user: int) -> Any:
    row = User.get_or_none(User.id == user)
    if row is None:
        raise Gone
    return row


def _managed(user: int, by: By) -> Any:
    row = _person(user)
    check_manage(by.grants, by.user == user, users.grants_of(user), places.tree())
    return row


def _begin_anew(row: Any, actor: str, now: int, emergency: bool) -> str | None:
    """Forget what a person signed in with; return the code of a link, where they need one.

    Who comes by single sign-on needs none, but for the one who must get in without it; and a link
    of who is switched off would not work.
    """
    forgotten = credentials.forget(row.id)
    link = row.active and (row.oidc_subject is None or emergency)
    details = {"forgotten": forgotten, "link": link}
    audit_log.note(actor, "person.renew", f"person:{row.email}", details, at=now)
    return links.make(row.id, "invite", actor, now) if link else None
