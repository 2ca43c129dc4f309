"""Queries about who belongs to the fleet: terminals, their keys, their one-time tokens."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from fleet_server.store import audit_log, changes
from fleet_server.store.database import writing
from fleet_server.store.models import EnrolmentToken, Terminal, TerminalKey


class Taken(Exception):
    """There is such a thing already."""


class Missing(Exception):
    """There is no such thing."""


@dataclass(frozen=True, slots=True)
class EnrolledKey:
    """A key of the registry.

    Attributes:
        active: the key is not revoked and its terminal not retired.
        replaced: the terminal went on with another key.
    """

    kid: str
    terminal: str
    certificate_pem: str
    active: bool
    replaced: bool = False


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate as the registry keeps it; times in Unix milliseconds."""

    kid: str
    x: str
    certificate_pem: str
    serial: str
    not_after: int


End = Literal["revoked", "replaced", "retired"]
"""Nobody stands by the key; its terminal went on with another; its terminal is out of use."""

Closed = Literal["retired", "replaced", "used", "revoked"]
"""Its terminal is out of use, has a newer token, has enrolled with this one, or was revoked."""


@dataclass(frozen=True, slots=True)
class Token:
    """A one-time token as the registry keeps it; ``expires_at`` in Unix milliseconds.

    ``closed`` is why it no longer counts, None while it does.
    """

    id: int
    sha256: str
    expires_at: int
    bound_kid: str | None
    closed: Closed | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a terminal stands."""

    counter: str
    counter_name: str


def check_in_use(terminal: str) -> None:
    """Refuse a terminal that the fleet does not have, or has no more.

    Raises:
        Missing: it is one.
    """
    row = Terminal.get_or_none(Terminal.id == terminal)
    if row is None or row.retired_at is not None:
        raise Missing(f"no terminal in use has the id {terminal}")


def add_token(
    terminal: str, token_sha256: str, expires_at: int, now: int, *, place: Place, actor: str
) -> None:
    """Give a terminal a new one-time token; those it had before no longer count.

    Args:
        terminal: its id.
        token_sha256: in hexadecimal digits.
        expires_at: Unix milliseconds.
        now: Unix milliseconds.
        place: where it stands, for the audit log.
        actor: for the audit log.
    """
    with writing():
        EnrolmentToken.update(closed_at=now).where(
            EnrolmentToken.terminal == terminal, EnrolmentToken.closed_at.is_null()
        ).execute()
        EnrolmentToken.create(terminal=terminal, token_sha256=token_sha256, expires_at=expires_at)
        details = {"counter": place.counter, "expires": expires_at}
        audit_log.note(actor, "terminal.invite", f"terminal:{terminal}", details, at=now)


def tokens_of(terminal: str) -> list[Token]:
    """Return the tokens that a terminal ever had, newest first, at most 50."""
    rows = EnrolmentToken.select().where(EnrolmentToken.terminal == terminal)
    newest_first = list(rows.order_by(EnrolmentToken.id.desc()).limit(50))
    return [
        Token(
            id=row.id,
            sha256=row.token_sha256,
            expires_at=row.expires_at,
            bound_kid=row.bound_kid,
            closed=_closed(row, newest=place == 0),
        )
        for place, row in enumerate(newest_first)
    ]


def _closed(row: EnrolmentToken, *, newest: bool) -> Closed | None:
    if row.terminal.retired_at is not None:
        return "retired"
    if row.closed_at is None:
        return None
    if not newest:
        return "replaced"
    key = find_key(row.bound_kid) if row.bound_kid else None
    return "used" if key is not None and key.active else "revoked"


def enrol(token_id: int, terminal: str, issued: Issued, now: int) -> bool:
    """Bind an open token to a key and enter the key, both or neither.

    Returns:
        False, and nothing is changed, if the token was closed or is another key's, or if the key
        is revoked or another terminal's.
    """
    mine = EnrolmentToken.bound_kid.is_null() | (EnrolmentToken.bound_kid == issued.kid)
    still_open = EnrolmentToken.closed_at.is_null()
    with writing():
        if not _may_hold(terminal, issued.kid):
            return False
        bound = (
            EnrolmentToken.update(
                bound_kid=issued.kid, issued_count=EnrolmentToken.issued_count + 1
            )
            .where(EnrolmentToken.id == token_id, still_open, mine)
            .execute()
        )
        if bound:
            _enter(terminal, issued, now)
        return bool(bound)


def close_token(terminal: str, now: int, kid: str | None = None) -> bool:
    """Close the token that this terminal enrolled with; its certificate has been seen in use.

    A token that nobody has used yet stays open: it waits for the terminal's successor.

    Args:
        terminal: terminal id.
        now: Unix milliseconds.
        kid: the key that was seen; None closes for whichever key.
    """
    chosen = [EnrolmentToken.terminal == terminal, EnrolmentToken.closed_at.is_null()]
    bound = EnrolmentToken.bound_kid.is_null(False)
    chosen.append(bound if kid is None else EnrolmentToken.bound_kid == kid)
    # Almost always there is nothing to close, and reading takes no lock.
    if not EnrolmentToken.select().where(*chosen).exists():
        return False
    with writing():
        return bool(EnrolmentToken.update(closed_at=now).where(*chosen).execute())


def find_key(kid: str) -> EnrolledKey | None:
    """Return a key of the registry by its thumbprint."""
    row = TerminalKey.get_or_none(TerminalKey.kid == kid)
    if row is None:
        return None
    active = row.revoked_at is None and row.terminal.retired_at is None
    replaced = row.replaced_at is not None
    return EnrolledKey(row.kid, row.terminal_id, row.certificate_pem, active, replaced)


def register(terminal: str, issued: Issued, now: int, by: str | None = None) -> bool:
    """Enter a terminal's key, or a newer certificate for a key it has.

    Args:
        terminal: terminal id.
        issued: the certificate.
        now: Unix milliseconds.
        by: the terminal's key that asked for it, if one did.

    Returns:
        False, and nothing is changed, if the key is revoked or another terminal's, or if ``by`` has
        been revoked since it was looked at: else a thief's renewal could outrun his revocation.
    """
    with writing():
        asking = find_key(by) if by is not None else None
        outrun = by is not None and (asking is None or not asking.active)
        if outrun or not _may_hold(terminal, issued.kid):
            return False
        _enter(terminal, issued, now)
        return True


def _may_hold(terminal: str, kid: str) -> bool:
    row = TerminalKey.get_or_none(TerminalKey.kid == kid)
    return row is None or (row.terminal_id == terminal and row.revoked_at is None)


def _enter(terminal: str, issued: Issued, now: int) -> None:
    values = asdict(issued)
    newer = {name: values[name] for name in ("certificate_pem", "serial", "not_after")}
    TerminalKey.insert(terminal=terminal, enrolled_at=now, **values).on_conflict(
        conflict_target=[TerminalKey.kid], update=newer
    ).execute()
    changes.note(f"terminal:{terminal}", changes.FLEET)


def revoke_terminal(terminal: str, now: int, actor: str) -> int:
    """Revoke all keys of a terminal and close its token; return how many keys it had.

    Raises:
        Missing: no such terminal.
    """
    with writing():
        if Terminal.get_or_none(Terminal.id == terminal) is None:
            raise Missing(f"no terminal has the id {terminal}")
        EnrolmentToken.update(closed_at=now).where(
            EnrolmentToken.terminal == terminal, EnrolmentToken.closed_at.is_null()
        ).execute()
        keys = int(
            TerminalKey.update(revoked_at=now)
            .where(TerminalKey.terminal == terminal, TerminalKey.revoked_at.is_null())
            .execute()
        )
        audit_log.note(actor, "terminal.revoke", f"terminal:{terminal}", {"keys": keys}, at=now)
        changes.note(f"terminal:{terminal}", changes.FLEET)
        return keys


def revoke_listed(revoked: Mapping[str, int]) -> int:
    """Revoke the keys whose certificate nobody stands by; return how many were not yet.

    Args:
        revoked: serial number, in decimal digits, to the time of revocation in Unix ms.
    """
    query = TerminalKey.select().where(TerminalKey.revoked_at.is_null())
    missing = {row.kid: revoked[row.serial] for row in query if row.serial in revoked}
    if missing:
        with writing():
            for kid, at in missing.items():
                TerminalKey.update(revoked_at=at).where(TerminalKey.kid == kid).execute()
    return len(missing)


def ended_keys(now: int) -> list[tuple[str, str, End]]:
    """Return kid, terminal and why, of the keys that open no door but have a certificate in force.

    Args:
        now: Unix milliseconds.
    """
    query = TerminalKey.select(TerminalKey, Terminal).join(Terminal)
    ended = (
        TerminalKey.revoked_at.is_null(False)
        | TerminalKey.replaced_at.is_null(False)
        | Terminal.retired_at.is_null(False)
    )
    rows = query.where(ended, TerminalKey.not_after > now)
    return [(row.kid, row.terminal_id, _end(row)) for row in rows]


def _end(row: TerminalKey) -> End:
    if row.revoked_at is not None:
        return "revoked"
    return "replaced" if row.replaced_at is not None else "retired"


def refusals() -> set[tuple[str, str]]:
    """Return terminal and reason for all that may no longer connect: a key, or "retired"."""
    revoked = TerminalKey.select().where(TerminalKey.revoked_at.is_null(False))
    retired = Terminal.select().where(Terminal.retired_at.is_null(False))
    return {(row.terminal_id, row.kid) for row in revoked} | {(t.id, "retired") for t in retired}
