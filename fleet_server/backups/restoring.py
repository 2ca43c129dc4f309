"""Putting a backup back, and moving a fleet to another database."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fleet_server.addresses import described
from fleet_server.backups.file import BackupError, Manifest, aside, extracted, read
from fleet_server.settings import Settings
from fleet_server.store import audit_log, database, tallies, transfer
from provisioning.pki.files import PRIVATE
from provisioning.progress import Bar
from wire.files import write_atomic

PUT_BACK, COPIED = "backup.restore", "database.copy"
"""What the audit log calls them."""


def restore(
    settings: Settings, file: Path, now: int, actor: str, bar: Bar, *, replace: bool = False
) -> Manifest:
    """Put a backup in the place of all rows of the fleet's database, in one transaction.

    Terminals then learn from ingest, when it starts, up to where their records are held, and send
    again what came after the backup.

    Raises:
        BackupError: it is damaged, of a newer version, or would replace rows and may not; or ingest
            runs. Nothing was changed.
        SchemaError: the database can't be used.
    """
    manifest = read(file)
    folder = settings.layout.directory
    with aside(folder) as beside, extracted(file, manifest, beside) as source:
        bar.expect(manifest.total)
        target = _target(settings, replace=replace, now=now)
        details = {"made_at": manifest.made_at, "rows": manifest.total}

        def told() -> None:
            audit_log.note(actor, PUT_BACK, f"backup:{file.name}", details, at=now)

        with source.transaction(source.snapshot):
            transfer.copy(source, target, bar.move, then=told)
    return manifest


def copy_database(settings: Settings, url: str, now: int, actor: str, bar: Bar) -> int:
    """Copy all rows into another, empty database, and return how many there were.

    Args:
        settings: the fleet's settings.
        url: address of the other database, with absolute paths.
        now: Unix milliseconds.
        actor: who, for the audit log.
        bar: told how far it is, in rows.

    Raises:
        BackupError: ingest runs, or the other database holds something.
        SchemaError: one of the databases can't be used.
    """
    source = database.open_database(settings.database.url)
    _nobody_writes(now)
    database.make_sure_empty(url)
    target = database.create_database(url)

    def told() -> None:
        audit_log.note(actor, COPIED, f"database:{described(url)}", {}, at=now)

    with closing(_Ending(source)), source.transaction(source.snapshot):
        rows = sum(transfer.count(source).values())
        bar.expect(rows)
        transfer.copy(source, target, bar.move, then=told)
    return rows


@dataclass(frozen=True, slots=True)
class _Ending:
    engine: Any

    def close(self) -> None:
        self.engine.end()


def _target(settings: Settings, *, replace: bool, now: int) -> Any:
    url = settings.database.url
    if not database.engine(url).exists():
        write_atomic(database.engine(url).path, b"", PRIVATE)
    target = database.create_database(url)
    if transfer.holds_rows(target):
        if not replace:
            raise BackupError(
                f"{described(url)}: holds a fleet already; to replace all of it add --replace"
            )
        _nobody_writes(now)
    return target


def _nobody_writes(now: int) -> None:
    said = tallies.read()
    for name, process in (("ingest", tallies.INGEST), ("jobs", tallies.JOBS)):
        age = now - said.get(process, tallies.ENDED)
        if 0 <= age < tallies.ALIVE_MS * 3 // 2:
            raise BackupError(
                f"{name} said {age // 1_000} s ago that it lives; end the fleet's processes first, "
                "and start them again afterwards"
            )
