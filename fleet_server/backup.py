"""Backups of a fleet: one file that holds everything but the keys, for either engine.

A ZIP of ``manifest.json`` (what, when, how many rows, SHA-256 of the rest), ``fleet.db`` (all rows
as a SQLite database, whatever engine they came from) and ``fleet.toml`` (for the reader; never put
back). So a backup can be looked into with tools that every system has, outlives both engines' own
formats, and moves a fleet from one to the other.

Keys, certificates and secrets are not in it: whoever finds a backup can't speak for the fleet.
"""

import json
import os
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from fleet_server.addresses import described
from fleet_server.errors import FleetError
from fleet_server.settings import Settings
from fleet_server.store import audit_log, database, tallies, transfer
from fleet_server.store.errors import SchemaError
from provisioning.pki.files import PRIVATE
from provisioning.progress import Bar
from wire.errors import WireError
from wire.files import fsync_directory, write_atomic
from wire.strictjson import parse_object

FORMAT = "hailong-backup-1"
MANIFEST, ROWS, CONFIG = "manifest.json", "fleet.db", "fleet.toml"
MADE, PUT_BACK, COPIED = "backup.make", "backup.restore", "database.copy"
"""What the audit log calls it."""

CHUNK = 1 << 20
_ASIDE = ".hailong-"
CUT_OFF_S = 12 * 3600
"""Nothing is written so long: what lies aside from before was cut off."""

_NAMED = re.compile(r"hailong-\d{8}-\d{6}\.backup")
LARGEST_MANIFEST = 1 << 20

Move = Callable[[int], None]


class BackupError(FleetError):
    """A backup can't be made, read or put back; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself.

    Attributes:
        fleet: the fleet's name.
        made_at: Unix milliseconds.
        steps: the migrations that its tables had.
        rows: rows by table.
        files: SHA-256 of each other file in it.
    """

    fleet: str
    made_at: int
    steps: tuple[str, ...]
    rows: Mapping[str, int]
    files: Mapping[str, str]

    @property
    def made(self) -> datetime:
        """When it was made."""
        return datetime.fromtimestamp(self.made_at // 1_000, UTC)

    @property
    def total(self) -> int:
        """All rows together."""
        return sum(self.rows.values())


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
    with _aside(file.parent) as folder:
        with source.transaction(source.snapshot):
            rows = transfer.count(source)
            bar.expect(sum(rows.values()))
            steps = tuple(database.applied(source))
            _write_rows(source, folder / ROWS, bar.move)
        shutil.copyfile(settings.path, folder / CONFIG)
        files = {name: _digest((folder / name).open("rb")) for name in (ROWS, CONFIG)}
        manifest = Manifest(settings.fleet.name, now, steps, rows, files)
        packed = _pack(folder, manifest)
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
    for folder in made.parent.glob(f"{_ASIDE}*"):
        if made.stat().st_mtime - folder.stat().st_mtime > CUT_OFF_S:
            shutil.rmtree(folder, ignore_errors=True)
    return old


def read(file: Path) -> Manifest:
    """Check a backup as a whole, every byte of it, and return what it says of itself.

    Raises:
        BackupError: it is damaged, cut off, or no backup.
    """
    with _opened(file) as pack:
        manifest = _manifest(pack, file)
        for name, expected in manifest.files.items():
            if _digest(pack.open(name)) != expected:
                raise BackupError(f"{file}: {name} in it is damaged; please use another backup")
        return manifest


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
    with _aside(folder) as aside, _extracted(file, manifest, aside) as source:
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


@contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    """Give a folder for what is not whole yet, on the same file system, and remove it."""
    made = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=folder))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _write_rows(source: Any, file: Path, moved: Move) -> None:
    target = database.engine(f"sqlite:{file}")
    try:
        database.make_tables(target)
        target.pragma("synchronous", "off")
        transfer.copy(source, target, moved)
        target.pragma("journal_mode", "delete")  # so that it is one file
    finally:
        target.end()


def _pack(folder: Path, manifest: Manifest) -> Path:
    packed = folder / "packed"
    descriptor = os.open(packed, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    with os.fdopen(descriptor, "wb") as stream:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as pack:
            pack.writestr(MANIFEST, _dumped(manifest))
            for name in (CONFIG, ROWS):
                pack.write(folder / name, name)
        stream.flush()
        os.fsync(stream.fileno())
    return packed


def _dumped(manifest: Manifest) -> str:
    said = {
        "format": FORMAT,
        "fleet": manifest.fleet,
        "made_at": manifest.made_at,
        "made": manifest.made.isoformat(),
        "steps": list(manifest.steps),
        "rows": dict(manifest.rows),
        "sha256": dict(manifest.files),
    }
    return json.dumps(said, ensure_ascii=False, indent=2)


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as pack:
            yield pack
    except OSError as error:
        raise BackupError(f"{file}: can't be read ({error.strerror or error})") from None
    # zipfile's RuntimeError: encrypted, or packed in a way that it doesn't know.
    except (zipfile.BadZipFile, KeyError, EOFError, ValueError, RuntimeError):
        raise BackupError(f"{file}: is no whole backup; please use another one") from None
    except zlib.error:
        raise BackupError(f"{file}: is damaged; please use another backup") from None


def _manifest(pack: zipfile.ZipFile, file: Path) -> Manifest:
    if pack.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
        raise BackupError(f"{file}: is no backup of a fleet")
    try:
        said = parse_object(pack.read(MANIFEST), LARGEST_MANIFEST)
        if said["format"] != FORMAT:
            raise BackupError(f"{file}: has a form that this version doesn't know")
        manifest = Manifest(
            str(said["fleet"]),
            int(said["made_at"]),
            tuple(map(str, said["steps"])),
            {str(name): int(rows) for name, rows in said["rows"].items()},
            {str(name): str(value) for name, value in said["sha256"].items()},
        )
    except (WireError, TypeError, AttributeError):
        raise BackupError(f"{file}: is no backup of a fleet") from None
    if set(manifest.files) != {ROWS, CONFIG}:
        raise BackupError(f"{file}: is no backup of a fleet")
    return manifest


@contextmanager
def _extracted(file: Path, manifest: Manifest, folder: Path) -> Iterator[Any]:
    """Give the rows of a backup as a database with the tables of today."""
    with _opened(file) as pack, pack.open(ROWS) as packed, (folder / ROWS).open("wb") as plain:
        shutil.copyfileobj(packed, plain, CHUNK)
    source = database.engine(f"sqlite:{folder / ROWS}")
    try:
        newer = set(manifest.steps) - set(database.known_steps())
        if newer:
            raise BackupError(
                f"{file}: was made by a newer version; please update this one first "
                f"({', '.join(sorted(newer))})"
            )
        _check_rows(source, manifest, file)
        database.make_tables(source)
        yield source
    finally:
        source.end()


def _check_rows(source: Any, manifest: Manifest, file: Path) -> None:
    try:
        source.check()
        whole = transfer.whole(source, manifest.rows)
    except SchemaError:
        whole = False
    if not whole:
        raise BackupError(f"{file}: its rows are damaged; please use another backup")


def _digest(stream: IO[bytes]) -> str:
    hashed = sha256()
    with stream:
        while chunk := stream.read(CHUNK):
            hashed.update(chunk)
    return hashed.hexdigest()
