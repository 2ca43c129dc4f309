"""Reports that are kept: ordered, made by whoever comes first, and read."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, fn

from fleet_server.core.report_making import Waiting
from fleet_server.core.roles import EVERYTHING, Scope
from fleet_server.store import audit_log, changes, outbox, report_readers
from fleet_server.store.database import rows
from fleet_server.store.models import KeptFile, KeptReport, Unit
from fleet_server.store.pages.within import within


@dataclass(frozen=True, slots=True)
class Kept:
    """A report: what was ordered, and what became of it; ``state``: waiting, ready or failed."""

    id: int
    unit: int | None
    code: str | None
    name: str | None
    period: str
    formats: tuple[str, ...]
    language: str
    state: str
    done: int
    steps: int
    ordered_at: int
    ordered_by: str
    made_at: int | None
    digest: str

    @property
    def subject(self) -> str:
        """What it is of, for the audit log."""
        return f"unit:{self.code}" if self.code else "fleet"


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted.

    Attributes:
        unit: the top of the branch, or None for the whole fleet.
        code: its code.
        period: as it is written in an address.
        formats: endings of files.
        language: of its words.
    """

    unit: int | None
    code: str | None
    period: str
    formats: tuple[str, ...]
    language: str


def _select() -> Any:
    return KeptReport.select(
        KeptReport.id,
        KeptReport.unit,
        Unit.code,
        Unit.name,
        KeptReport.period,
        KeptReport.formats,
        KeptReport.language,
        KeptReport.state,
        KeptReport.done,
        KeptReport.steps,
        KeptReport.ordered_at,
        KeptReport.ordered_by,
        KeptReport.made_at,
        KeptReport.digest,
    ).join(Unit, JOIN.LEFT_OUTER)


def _kept(row: tuple[Any, ...]) -> Kept:
    values = list(row)
    values[5] = tuple(row[5].split())
    return Kept(*values)


def listed(scope: Scope = EVERYTHING, before: int | None = None, limit: int = 50) -> list[Kept]:
    """Return kept reports of a scope, the newest first; ``before`` goes on after one of them."""
    query = within(_select(), scope, KeptReport.unit)
    if before:
        query = query.where(KeptReport.id < before)
    return [_kept(row) for row in rows(query.order_by(KeptReport.id.desc()).limit(limit))]


def one(number: int) -> Kept | None:
    """Return a kept report; None where there is none."""
    found = rows(_select().where(KeptReport.id == number))
    return _kept(found[0]) if found else None


def waiting() -> list[Waiting]:
    """Return the reports that are still to be made, the oldest first."""
    query = KeptReport.select(
        KeptReport.id, KeptReport.ordered_by, KeptReport.tries, KeptReport.tried_at
    ).where(KeptReport.state == "waiting")
    return [Waiting(*row) for row in rows(query.order_by(KeptReport.id))]


def turns(actors: Collection[str]) -> dict[str, int]:
    """Return when a report of each of some people was begun last; without those who had none."""
    query = KeptReport.select(KeptReport.ordered_by, fn.MAX(KeptReport.tried_at)).where(
        KeptReport.ordered_by.in_(sorted(actors)), KeptReport.tried_at.is_null(False)
    )
    return dict(rows(query.group_by(KeptReport.ordered_by)))


def waiting_of(actor: str) -> int:
    """Return how many reports that somebody ordered are still to be made."""
    mine = (KeptReport.state == "waiting") & (KeptReport.ordered_by == actor)
    return int(KeptReport.select().where(mine).count())


def order(wanted: Order, *, actor: str, now: int, schedule: int | None = None) -> int:
    """Add a report that is to be made, in a write transaction; return its number.

    Args:
        wanted: what of.
        actor: who orders it.
        now: Unix milliseconds.
        schedule: by which it is ordered; its readers get a letter when it is ready.
    """
    row = KeptReport.create(
        unit=wanted.unit,
        period=wanted.period,
        formats=" ".join(wanted.formats),
        language=wanted.language,
        state="waiting",
        steps=1 + len(wanted.formats),
        ordered_at=now,
        ordered_by=actor,
        schedule=schedule,
    )
    details = {"report": row.id, "period": wanted.period, "format": " ".join(wanted.formats)}
    where = f"unit:{wanted.code}" if wanted.code else "fleet"
    audit_log.note(actor, "report.order", where, details, at=now)
    changes.note(changes.REPORT)
    return int(row.id)


def begin(number: int, now: int) -> None:
    """Count a try at making a report, in a write transaction of its own before the try."""
    KeptReport.update(tries=KeptReport.tries + 1, tried_at=now).where(
        KeptReport.id == number
    ).execute()


def note_done(number: int, done: int) -> None:
    """Note how far a report is, in a write transaction."""
    KeptReport.update(done=done).where(KeptReport.id == number).execute()


def keep(report: Kept, files: Mapping[str, bytes], digest: str, now: int) -> bool:
    """Keep the files of a report that waited, and tell of it; in a write transaction.

    Returns:
        Whether they are kept: False where somebody else was faster.
    """
    ready = {"state": "ready", "done": report.steps, "made_at": now, "digest": digest}
    if not _turned(report.id, ready):
        return False
    for name, data in files.items():
        held = hashlib.sha256(data).hexdigest()
        KeptFile.create(report=report.id, format=name, digest=held, data=data)
    told = {
        "report": report.id,
        "unit": report.code,
        "period": report.period,
        "formats": list(report.formats),
    }
    place = outbox.Place(report.unit, report.code)
    outbox.tell("report.ready", told, now, place, f"report.ready:{report.id}")
    about = {"branch": report.name or "", "period": report.period}
    report_readers.tell(report.id, report.unit, about, now)
    return True


def fail(number: int) -> None:
    """Note that a report can't be made, in a write transaction; the log says why."""
    _turned(number, {"state": "failed"})


def _turned(number: int, values: Mapping[str, object]) -> bool:
    waits = (KeptReport.id == number) & (KeptReport.state == "waiting")
    changes.note(changes.REPORT)
    return bool(KeptReport.update(**values).where(waits).execute())


def digests(number: int) -> dict[str, str]:
    """Return the SHA-256 of each file of a report, by its format."""
    query = KeptFile.select(KeptFile.format, KeptFile.digest).where(KeptFile.report == number)
    return dict(rows(query))


def file(number: int, name: str) -> bytes | None:
    """Return a file of a report; None where there is none."""
    query = KeptFile.select(KeptFile.data).where(KeptFile.report == number, KeptFile.format == name)
    found = rows(query)
    return bytes(found[0][0]) if found else None
