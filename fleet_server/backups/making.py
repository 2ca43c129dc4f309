"""Making backups while everything runs, and removing old ones."""

import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fleet_server.backups.file import (
    ASIDE,
    CONFIG,
    ROWS,
    BackupError,
    Manifest,
    aside,
    digest,
    pack,
    read,
)
from fleet_server.settings import Settings
from fleet_server.store import audit_log, database, transfer
from provisioning.progress import Bar
from wire.files import fsync_directory

MADE = "backup.make"
"""What the audit log calls it."""
CUT_OFF_S = 12 * 3600
"""Nothing is written so long: what lies aside from before was cut off."""
_NAMED = re.compile(r"hailong-\d{8}-\d{6}\.backup")


def make(settings: Settings, file: Path, now: int, actor: str, bar: Bar) -> Manifest:
    """Write a backup while everything runs: one snapshot, written whole or not at all.

    Args:
        settings: the fleet's settings.
        file: where to; nothing may be there.
        now: Unix milliseconds.
        actor: who, for the audit log.
        bar: told how far it is, in rows.

    Raises:
        BackupError: the file can't be written, or what was written can't be read again.
        SchemaError: the database can't be used.
    """
    if file.exists():
        raise BackupError(f"{file}: is there already; please give another name")
    source = database.open_database(settings.database.url)
    with aside(file.parent) as folder:
        with source.transaction(source.snapshot):
            rows = transfer.count(source)
            bar.expect(sum(rows.values()))
            steps = tuple(database.applied(source))
            _write_rows(source, folder / ROWS, bar.move)
        shutil.copyfile(settings.path, folder / CONFIG)
        files = {name: digest((folder / name).open("rb")) for name in (ROWS, CONFIG)}
        manifest = Manifest(settings.fleet.name, now, steps, rows, files)
        packed = pack(folder, manifest)
        if read(packed) != manifest:
            raise BackupError(f"{file}: what was written can't be read again; is the disk whole?")
        packed.rename(file)
        fsync_directory(file.parent)
    with database.writing():
        audit_log.note(actor, MADE, f"backup:{file.name}", {"rows": manifest.total}, at=now)
    return manifest


def named(now: int) -> str:
    """Return the name of a backup that is made now (Unix ms); by their names they sort by time."""
    return f"hailong-{datetime.fromtimestamp(now // 1_000, UTC):%Y%m%d-%H%M%S}.backup"


def remove_old(made: Path, keep: int) -> list[Path]:
    """Remove all but the newest few of the backups beside one just made; return what went.

    Only files that `named` has named go, and never the one just made, whatever the clock says. So
    do folders of backups that were cut off long before: each holds a copy of the database.

    Raises:
        BackupError: one can't be removed.
    """
    others = sorted(
        file for file in made.parent.iterdir() if file != made and _NAMED.fullmatch(file.name)
    )
    old = others[: max(0, len(others) - keep + 1)]
    for file in old:
        try:
            file.unlink()
        except OSError as error:
            raise BackupError(f"{file}: can't be removed ({error.strerror})") from None
    for folder in made.parent.glob(f"{ASIDE}*"):
        if made.stat().st_mtime - folder.stat().st_mtime > CUT_OFF_S:
            shutil.rmtree(folder, ignore_errors=True)
    return old


def _write_rows(source: Any, file: Path, moved: Callable[[int], None]) -> None:
    target = database.engine(f"sqlite:{file}")
    try:
        database.make_tables(target)
        target.pragma("synchronous", "off")
        transfer.copy(source, target, moved)
        target.pragma("journal_mode", "delete")  # so that it is one file
    finally:
        target.end()
