"""Who somebody of the single sign-on is here."""

from typing import Any

from peewee import fn

from fleet_server.store import audit_log, credentials, links, users
from fleet_server.store.accounts import User
from fleet_server.store.database import writing


def person(
    subject: str, email: str | None, name: str, *, create: bool, now: int, keep: bool = False
) -> Any:
    """Return the active person of a subject, bound to it by now; None if there is none.

    Who is bound already is known by the subject alone. Else an e-mail that the provider has checked
    binds the person who was invited with it, once and for good; what they signed in with here
    before is forgotten, so that nobody who knows it comes in beside the provider.

    Args:
        subject: issuer and the provider's name of them.
        email: as the provider has checked it, or None.
        name: for a person who is made.
        create: make a person, without any role, where nobody was invited.
        now: Unix milliseconds.
        keep: the person keeps what they sign in with here, for the day when the provider is gone.
    """
    with writing():
        row = User.get_or_none(User.oidc_subject == subject)
        if row is None and email is not None:
            row = _invited(email) or (_made(email, name, now) if create else None)
            if row is not None:
                row = _bind(row, subject, now, keep)
        return row if row is not None and row.active else None


def _invited(email: str) -> Any:
    same = fn.LOWER(User.email) == email.lower()
    return User.get_or_none(same, User.oidc_subject.is_null(), User.active == True)  # noqa: E712  # a column


def _made(email: str, name: str, now: int) -> Any:
    if User.get_or_none(fn.LOWER(User.email) == email.lower()) is not None:
        return None  # somebody else's, or switched off
    number = users.create(email, name, None, now)
    audit_log.note("server", "person.add", f"person:{email}", {"role": None, "unit": None}, at=now)
    return User.get_by_id(number)


def _bind(row: Any, subject: str, now: int, keep: bool) -> Any:
    User.update(oidc_subject=subject).where(User.id == row.id).execute()
    links.end(row.id)
    forgotten = [] if keep else credentials.forget(row.id)
    details = {"subject": subject, "forgotten": forgotten}
    audit_log.note("server", "person.single", f"person:{row.email}", details, at=now)
    return User.get_by_id(row.id)
