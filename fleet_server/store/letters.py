"""Letters to people and chat rooms: an outbox, from the transaction that tells to the last try.

`post` belongs into the transaction of what a letter tells of. A letter is claimed by a conditional
update of its time, as deliveries of webhooks are, and noted once the other side has taken it. Who
dies between the two leaves it to be sent again when the claim is over: a mail then goes out under
the same ``Message-ID``, by which its reader's program knows it. SMTP can't do better.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from peewee import fn

from fleet_server.core.mail import Trouble, next_mail
from fleet_server.core.report_schedule import READY
from fleet_server.core.webhooks import GIVE_UP_MS
from fleet_server.store import audit_log, changes
from fleet_server.store.database import rows, writing
from fleet_server.store.models import Letter
from fleet_server.store.sql import ask, marks

CLAIM_MS = 60_000
"""For how long a claim holds: longer than any attempt."""

LONGEST_ERROR = 300


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter that is to be written.

    Attributes:
        key: the same however often it is posted: the outbox takes it once.
        kind, what: of what it tells, such as *complaint*, *raised*.
        path: of the page that tells more.
        not_before: when it may be sent, Unix milliseconds.
        person: for whom, by the account; or ``room``, for a chat room, by its name.
    """

    key: str
    kind: str
    what: str
    details: Mapping[str, Any]
    path: str
    not_before: int
    person: int | None = None
    room: str | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A letter that was claimed: to a room, or to a person's address in their language.

    Both are None where the account is no longer in use.
    """

    id: int
    key: str
    kind: str
    what: str
    details: Mapping[str, Any]
    path: str
    made_at: int
    since: int
    attempts: int
    room: str | None
    address: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of an attempt.

    Attributes:
        code: what the other side answered, None for nothing.
        wrong: what was wrong, None where it was taken.
        error: its own words.
    """

    code: int | None
    wrong: Trouble | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A letter as it is shown."""

    id: int
    kind: str
    what: str
    to: str
    made_at: int
    state: str
    attempts: int
    next_at: int | None
    tried_at: int | None
    reply: int | None
    trouble: str | None
    error: str | None


def post(drafts: Iterable[Draft], now: int) -> None:
    """Put letters into the outbox; one that is there already stays as it is. In a transaction."""
    posted = list(drafts)
    for one in posted:
        from_when = max(now, one.not_before)
        Letter.insert(
            key=one.key, person=one.person, room=one.room, kind=one.kind, what=one.what,
            details=dict(one.details), path=one.path, made_at=now, since=from_when,
            next_at=from_when,
        ).on_conflict_ignore().execute()  # fmt: skip
    if posted:
        changes.note(changes.LETTER)


def claim(now: int, limit: int, rooms: bool) -> list[Due]:
    """Claim letters that are due, the oldest first: to people, or to chat rooms.

    Alarms go before letters of reports, of which somebody could order any number.
    """
    claimed: list[Due] = []
    for number, next_at in _due(now, limit, rooms):
        with writing():
            hit = (
                Letter.update(next_at=now + CLAIM_MS)
                .where(Letter.id == number, Letter.state == "waiting", Letter.next_at == next_at)
                .execute()
            )
        if hit:
            claimed.append(_read(number))
    return claimed


def _due(now: int, limit: int, rooms: bool) -> list[tuple[int, int]]:
    query = Letter.select(Letter.id, Letter.next_at).where(
        Letter.state == "waiting", Letter.next_at <= now, Letter.room.is_null(not rooms)
    )
    return rows(query.order_by(Letter.kind == READY, Letter.next_at, Letter.id).limit(limit))


def _read(number: int) -> Due:
    one = Letter.get_by_id(number)
    found = ask('SELECT email, language FROM "user" WHERE id = ? AND active', one.person)
    address, language = found[0] if found else (None, None)
    return Due(
        one.id, one.key, one.kind, one.what, one.details, one.path, one.made_at, one.since,
        one.attempts, one.room, address, language,
    )  # fmt: skip


def note(due: Due, reply: Reply, now: int, chance: float) -> None:
    """Note what became of an attempt, and when the next one is.

    Args:
        due: what was claimed.
        reply: what became of it.
        now: Unix milliseconds.
        chance: a random number from 0 up to 1.
    """
    attempts, later = due.attempts + 1, None
    if reply.wrong is not None:
        later = next_mail(reply.wrong, attempts, due.since, now, chance)
    state = "sent" if reply.wrong is None else "waiting" if later is not None else "dead"
    with writing():
        Letter.update(
            state=state,
            attempts=attempts,
            next_at=now if later is None else later,
            tried_at=now,
            reply=reply.code,
            trouble=reply.wrong,
            error=reply.error[:LONGEST_ERROR] if reply.error else None,
        ).where(Letter.id == due.id).execute()
        changes.note(changes.LETTER)


def give_back(due: Iterable[Due], now: int) -> None:
    """Let letters that were claimed and not tried be claimed anew at once."""
    with writing():
        Letter.update(next_at=now).where(Letter.id.in_([one.id for one in due])).execute()


def give_up(now: int) -> None:
    """Give letters up that could not be sent for so long, as where no mail server is set."""
    old = now - GIVE_UP_MS
    waiting = (Letter.state == "waiting") & (Letter.since < old) & (Letter.next_at <= now)
    if Letter.select().where(waiting).exists():
        with writing():
            Letter.update(state="dead").where(waiting).execute()
            changes.note(changes.LETTER)


def again(letter: int, now: int, actor: str) -> bool:
    """Send a letter again from the beginning, also one that was sent; False if there is none.

    In a write transaction.
    """
    fields = {"state": "waiting", "since": now, "attempts": 0, "next_at": now}
    hit = Letter.update(**fields).where(Letter.id == letter).execute()
    if hit:
        audit_log.note(actor, "letter.send_again", f"letter:{letter}", at=now)
        changes.note(changes.LETTER)
    return bool(hit)


def listed(state: str | None = None, before: int = 0, limit: int | None = None) -> list[Listed]:
    """Return letters, the newest first, before one; 0 begins with the newest."""
    query = Letter.select().order_by(Letter.id.desc()).limit(limit)
    if state is not None:
        query = query.where(Letter.state == state)
    if before:
        query = query.where(Letter.id < before)
    found = list(query)
    readers = _readers([one.person for one in found if one.person is not None])
    return [
        Listed(
            one.id, one.kind, one.what, one.room or readers.get(one.person, "–"), one.made_at,
            one.state, one.attempts, one.next_at if one.state == "waiting" else None, one.tried_at,
            one.reply, one.trouble, one.error,
        )
        for one in found
    ]  # fmt: skip


def _readers(people: Collection[int]) -> dict[int | None, str]:
    text = f'SELECT id, email FROM "user" WHERE id IN {marks(list(people))}'
    return dict(ask(text, *people))


def by_state() -> dict[str, int]:
    """Return how many letters there are in each state."""
    query = Letter.select(Letter.state, fn.COUNT(Letter.id)).group_by(Letter.state)
    return dict(rows(query))


def given_up(*, people: bool) -> int:
    """Return how many letters were given up: those to chat rooms, and to people where asked for."""
    dead = Letter.state == "dead"
    return int(Letter.select().where(dead if people else dead & Letter.room.is_null(False)).count())


def stuck(rooms: bool) -> tuple[int, str, str] | None:
    """Return how many letters wait that were tried already, and what was wrong with the newest.

    Args:
        rooms: those to chat rooms rather than to people.

    Returns:
        How many, the trouble, and the other side's words; None where there are none.
    """
    failing = (Letter.state == "waiting") & (Letter.attempts > 0) & Letter.room.is_null(not rooms)
    query = Letter.select(Letter.trouble, Letter.error).where(failing)
    found = rows(query.order_by(Letter.tried_at.desc()).limit(1))
    if not found:
        return None
    return Letter.select().where(failing).count(), found[0][0] or "", found[0][1] or ""
