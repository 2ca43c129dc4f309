"""Contact data: taken, looked at, ended, erased (`fleet_server.core.contacts`)."""

from collections import Counter as Counted
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from fleet_server.contact_key import ContactKey, Reach
from fleet_server.core.contacts import AccessError, Look, Terms, look
from fleet_server.core.roles import EVERYTHING, Scope
from fleet_server.store import audit_log
from fleet_server.store.database import rows, writing
from fleet_server.store.models import Contact, ContactLook, Counter, Visit, WeeklyDraw
from fleet_server.store.pages.within import within
from fleet_server.store.records import raw_bytes

PURPOSE = "interview"
STEP = 1_000
"""How much is erased in one transaction."""


class EndedError(Exception):
    """There was contact data of this visit, and it has ended: it is not taken again."""


class SealedError(Exception):
    """The visit may stand on a sealed list: who would be called is not changed any more."""


@dataclass(frozen=True, slots=True)
class Given:
    """Contact data as it was given, with consent.

    Attributes:
        visit: id of the visit.
        reach: how the citizen can be reached.
        at: now, Unix milliseconds.
        day: today in the fleet's time zone.
        days: how long it may be kept.
        actor: who takes it down.
    """

    visit: str
    reach: Reach
    at: int
    day: date
    days: int
    actor: str


@dataclass(frozen=True, slots=True)
class LookRow:
    """An entry of the access log; ``refused`` says why nothing was shown."""

    id: int
    at: int
    actor: str
    visit: str
    purpose: str
    why: str
    refused: str | None


def take(given: Given, key: ContactKey) -> Terms:
    """Keep contact data of a visit, and write into the audit log who gave it.

    Given once more, it replaces what was held, until a list of the visit's day is sealed: a person
    who was drawn is the one who is called. Its end stays where it was.

    Raises:
        EndedError: what was held of this visit has ended.
        SealedError: it is held, and a list of its day is sealed.
    """
    with writing():
        held = Contact.get_or_none(Contact.visit == given.visit)
        if held is not None:
            _may_replace(held, given.day)
        terms = Terms(given.visit, given.day, given.days) if held is None else _terms(held)
        _keep(given, terms, key)
        until = {"until": terms.ended()[0].isoformat()}
        audit_log.note(given.actor, "contact.add", f"visit:{given.visit}", until, at=given.at)
    return terms


def _may_replace(held: Any, day: date) -> None:
    served = Visit.get_by_id(held.visit_id).day
    on_list = WeeklyDraw.first_day <= served, WeeklyDraw.last_day >= served
    # First: else it could be tried of whom the data has ended, which is who was drawn and asked.
    if WeeklyDraw.select().where(*on_list).exists():
        raise SealedError
    if not _usable(held, day):
        raise EndedError


def _keep(given: Given, terms: Terms, key: ContactKey) -> None:
    row = {
        "citizen": key.citizen(given.reach.number),
        "sealed": key.sealed(given.visit, given.reach),
        "taken": terms.taken.isoformat(),
        "days": terms.days,
        "purpose": PURPOSE,
        "consent_at": given.at,
        "taken_by": given.actor,
        "until": terms.ended()[0].isoformat(),
    }
    Contact.insert(visit=given.visit, **row).on_conflict(
        conflict_target=[Contact.visit],
        update={getattr(Contact, name): value for name, value in row.items()},
    ).execute()


def terms_of(visit: str) -> Terms | None:
    """Return on which terms contact data of a visit is or was held, None where there was none."""
    held = Contact.get_or_none(Contact.visit == visit)
    return None if held is None else _terms(held)


def is_usable(visit: str, day: date) -> bool:
    """Tell whether contact data of a visit is held and may be looked at on a day."""
    held = Contact.get_or_none(Contact.visit == visit)
    return held is not None and _usable(held, day)


def _usable(held: Any, day: date) -> bool:
    return held.sealed is not None and _terms(held).usable(day)


def _terms(held: Any) -> Terms:
    return Terms(
        str(held.visit_id),
        date.fromisoformat(held.taken),
        held.days,
        held.purpose,
        _day(held.withdrawn),
        _day(held.interviewed),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def show(visit: str, key: ContactKey, *, actor: str, why: str, at: int, day: date) -> Reach:
    """Return how a citizen can be reached, once the access log says who looks.

    Raises:
        AccessError: it may not be shown; the access log has the try.
    """
    held = Contact.get_or_none(Contact.visit == visit)
    with writing():
        try:
            if held is None or held.sealed is None:
                raise AccessError("ended")
            seen = look(_terms(held), actor, why, purpose=PURPOSE, at=at, day=day)
        except AccessError as error:
            refused = error
            _note(Look(at, actor, visit, PURPOSE, why.strip()), error.reason)
        else:
            _note(seen)
            return key.opened(visit, raw_bytes(held.sealed))
    raise refused


def _note(seen: Look, refused: str | None = None) -> None:
    fields = asdict(seen)
    ContactLook.create(visit=fields.pop("ticket"), refused=refused, **fields)


def has_looked(visit: str, actor: str) -> bool:
    """Tell whether somebody was shown how the citizen of a visit can be reached."""
    shown = ContactLook.visit == visit, ContactLook.actor == actor, ContactLook.refused.is_null()
    return bool(ContactLook.select().where(*shown).exists())


def looks(limit: int, before: int | None = None, scope: Scope = EVERYTHING) -> list[LookRow]:
    """Return entries of the access log, newest first, those before a number.

    In a part of the fleet they are those of visits at counters that lie there today.
    """
    query = ContactLook.select(
        ContactLook.id,
        ContactLook.at,
        ContactLook.actor,
        ContactLook.visit,
        ContactLook.purpose,
        ContactLook.why,
        ContactLook.refused,
    )
    if before is not None:
        query = query.where(ContactLook.id < before)
    if scope.units is not None:
        query = _there(query.join(Visit, on=(ContactLook.visit == Visit.id)), scope)
    found = rows(query.order_by(ContactLook.id.desc()).limit(limit))
    return [LookRow(*row) for row in found]


def held(scope: Scope = EVERYTHING) -> int:
    """Return of how many visits contact data is held, in a part of the fleet."""
    query = Contact.select().where(Contact.sealed.is_null(False))
    return int((query if scope.units is None else _there(query.join(Visit), scope)).count())


def _there(query: Any, scope: Scope) -> Any:
    return within(query.join(Counter, on=(Visit.counter == Counter.id)), scope, Counter.unit)


def withdraw(visits: Iterable[str], *, actor: str, at: int, day: date) -> None:
    """Take consent back for visits, and erase their contact data at once.

    The audit log has of how many there was any, never of which. In a write transaction.
    """
    held = Contact.visit.in_(list(visits)), Contact.sealed.is_null(False)
    due = list(Contact.select().where(*held).order_by(Contact.visit))
    for row in due:
        _end(row, {"withdrawn": day.isoformat()})
    audit_log.note(actor, "contact.withdraw", "contact", {"rows": len(due)}, at=at)
    _erase(due, at)


def of_citizen(citizen: str, scope: Scope = EVERYTHING) -> list[str]:
    """Return the visits of a part of the fleet of which contact data of a citizen is held."""
    query = Contact.select(Contact.visit).where(Contact.citizen == citizen)
    if scope.units is not None:
        query = _there(query.join(Visit), scope)
    return [str(visit) for (visit,) in rows(query.order_by(Contact.visit))]


def interviewed(visit: str, day: date) -> None:
    """Note that the interview of a visit is over, whatever its outcome. In a transaction."""
    row = Contact.get_or_none(Contact.visit == visit, Contact.sealed.is_null(False))
    if row is not None:
        _end(row, {"interviewed": day.isoformat()})


def _end(row: Any, said: dict[str, str]) -> None:
    for name, value in said.items():
        setattr(row, name, value)
    until = _terms(row).ended()[0].isoformat()
    Contact.update(**said, until=until).where(Contact.visit == row.visit_id).execute()


def erase(day: date, at: int) -> bool:
    """Erase the contact data whose last day is over, a part of it at a time.

    Args:
        day: today in the fleet's time zone.
        at: Unix milliseconds.

    Returns:
        Whether there may be more.
    """
    due = Contact.select().where(Contact.until < day.isoformat(), Contact.sealed.is_null(False))
    if not due.exists():
        return False
    with writing():
        found = list(due.order_by(Contact.visit).limit(STEP))
        _erase(found, at)
    return len(found) == STEP


def _erase(due: Iterable[Any], at: int) -> None:
    reasons: Counted[str] = Counted()
    for row in due:
        reason = _terms(row).ended()[1]
        reasons[reason] += 1
        Contact.update(sealed=None, citizen=None, ended=reason).where(
            Contact.visit == row.visit_id
        ).execute()
    if reasons:
        audit_log.note("server", "contact.erase", "contact", {"rows": dict(reasons)}, at=at)
