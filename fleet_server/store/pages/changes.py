"""What changed since when: the pages' event stream follows this."""

from peewee import fn

from fleet_server.store.database import rows
from fleet_server.store.models import Change


def newest() -> int:
    """Return the number of the newest change, 0 where there is none."""
    return int(Change.select(fn.MAX(Change.id)).scalar() or 0)


def after(number: int, limit: int) -> list[tuple[int, str]]:
    """Return the next changes after a number with their subjects, oldest first."""
    query = Change.select(Change.id, Change.subject).where(Change.id > number)
    return [(number, subject) for number, subject in rows(query.order_by(Change.id).limit(limit))]


def newest_of(*subjects: str) -> int:
    """Return the number of the newest change of some subjects, 0 where there is none."""
    query = Change.select(Change.id).where(Change.subject.in_(subjects))
    found = rows(query.order_by(Change.id.desc()).limit(1))
    return int(found[0][0]) if found else 0
