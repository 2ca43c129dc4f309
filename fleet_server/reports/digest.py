"""The SHA-256 of what a report says, whoever made it, when, in which language and format."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict

from fleet_server.core.comparison import Share
from fleet_server.core.report import Attached, Report, cells
from fleet_server.core.scores import Result
from fleet_server.web.figures import Figures


def digest(report: Report[Figures]) -> str:
    """Return it; the same report made again of the same figures has the same."""
    said = {
        "period": report.period.text,
        "branch": report.branch,
        "until": report.stamp.until.isoformat(),
        "scale": report.stamp.rating_scale,
        "rows": [[row.code, row.name, _plain(row.figures)] for row in report.rows],
        "total": _plain(report.total),
        "scores": _scored(report.attached.scores),
        "notes": [[note.kind, note.count, note.which] for note in report.notes],
        **dict(_beside(report.attached)),
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _plain(figures: Figures) -> list[object]:
    return [
        [value.part, value.whole] if isinstance(value, Share) else value
        for value in cells(figures).values()
    ]


def _scored(result: Result | None) -> list[object]:
    if result is None:
        return []
    points = [str(one.points) for one in result.scored]
    return [result.scale.version, points, str(result.satisfaction), result.class_]


def _beside(attached: Attached) -> Iterator[tuple[str, object]]:
    """Yield what stands beside, where there is any."""
    if attached.ruled:
        yield "ruled", asdict(attached.ruled)
    if attached.cases:
        yield "cases", [asdict(part) for part in attached.cases.parts]
    if attached.outcomes is not None:
        yield "interviews", [attached.outcomes, [asdict(one) for one in attached.interviews]]
    if attached.others:
        yield "others", [asdict(one) for one in attached.others]
