"""The versions of the scale of index scores: read all, add one. None is changed or taken away.

The first is built in (`fleet_server.core.national_scale`); rows are those that came after it.
"""

from collections.abc import Mapping
from typing import Any

from fleet_server.core.national_scale import NATIONAL
from fleet_server.core.scores import Class, Index, Scale
from fleet_server.store import audit_log
from fleet_server.store.database import rows
from fleet_server.store.editing import Stale
from fleet_server.store.models import ScoreScale
from fleet_server.store.targets import PastDay


def scales() -> list[Scale]:
    """Return all versions, the oldest first."""
    return [one for one, *_who in reversed(history())]


def history() -> list[tuple[Scale, str, int]]:
    """Return the versions, the newest first, each with who set it and when; nobody the first."""
    query = ScoreScale.select(
        ScoreScale.id, ScoreScale.since_day, ScoreScale.body, ScoreScale.set_by, ScoreScale.set_at
    )
    found = rows(query.order_by(ScoreScale.id.desc()))
    held = [(_scale(row[0] + NATIONAL.version, row[1], row[2]), row[3], row[4]) for row in found]
    return [*held, (NATIONAL, "", 0)]


def newest() -> int:
    """Return the number of the newest version."""
    return history()[0][0].version


def add(seen: int, scale: Scale, today: str, *, actor: str, now: int) -> None:
    """Add a version, in a write transaction; its number is given here.

    Args:
        seen: the newest when it was read (`newest`).
        scale: what holds from its day on.
        today: the running day.
        actor: who sets it.
        now: Unix milliseconds.

    Raises:
        Stale: somebody else has added one since.
        PastDay: it would begin before today.
    """
    if newest() != seen:
        raise Stale
    if scale.since < today:
        raise PastDay
    row = ScoreScale.create(since_day=scale.since, body=_body(scale), set_at=now, set_by=actor)
    details = {"version": row.id + NATIONAL.version, "since": scale.since}
    audit_log.note(actor, "score.scale", "fleet", details, at=now)


def _body(scale: Scale) -> dict[str, Any]:
    return {
        "indexes": [
            {
                "key": one.key,
                "words": dict(one.words),
                "source": one.source,
                "full": one.full,
                "half": one.half,
                "of_nothing": one.of_nothing,
            }
            for one in scale.indexes
        ],
        "classes": [{"key": one.key, "least": one.least} for one in scale.classes],
        "weight": scale.weight,
        "least": scale.least,
    }


def _scale(version: int, since: str, body: Mapping[str, Any]) -> Scale:
    return Scale(
        version,
        since,
        tuple(Index(**one) for one in body["indexes"]),
        tuple(Class(**one) for one in body["classes"]),
        body["weight"],
        body["least"],
    )
