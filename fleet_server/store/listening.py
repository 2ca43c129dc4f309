"""When the server could hear its terminals, and when not: so that nobody is blamed for its gaps.

Ingest beats while it is connected to the broker. Where two beats are further apart than `DEAF_MS`,
nobody was heard in between; a beat that is older than that says that nobody is heard now.
"""

from fleet_server.store.database import rows, writing
from fleet_server.store.models import DeafSpan, Tally
from fleet_server.store.tallies import HEARD, HEARD_SINCE

DEAF_MS = 60_000
"""Six beats missed."""


def beat(now: int) -> None:
    """Note that terminals are heard."""
    with writing():
        last = heard_at()
        if last is None:
            Tally.create(name=HEARD_SINCE, value=now)
        elif now - last > DEAF_MS:
            DeafSpan.create(since=last, until=now)
        Tally.insert(name=HEARD, value=now).on_conflict(
            conflict_target=[Tally.name], update={Tally.value: now}
        ).execute()


def heard_at() -> int | None:
    """Return the last beat, None before the first."""
    return _tally(HEARD)


def known_since() -> int | None:
    """Return since when it is kept how terminals are, None before ingest first ran."""
    return _tally(HEARD_SINCE)


def _tally(name: str) -> int | None:
    found = Tally.get_or_none(Tally.name == name)
    return None if found is None else int(found.value)


def deaf_since(now: int) -> int | None:
    """Return since when nobody is heard, None while somebody is."""
    last = heard_at()
    return last if last is not None and now - last > DEAF_MS else None


def deaf(since: int, now: int) -> list[tuple[int, int]]:
    """Return when nobody was heard, as pairs of moments in order, from ``since`` on."""
    query = DeafSpan.select(DeafSpan.since, DeafSpan.until).where(DeafSpan.until > since)
    found: list[tuple[int, int]] = rows(query.order_by(DeafSpan.since))
    last = deaf_since(now)
    return found if last is None else [*found, (last, now)]
