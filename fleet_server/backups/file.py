"""The file of a backup: it holds everything of a fleet but the keys, for either engine.

A ZIP of ``manifest.json`` (what, when, how many rows, SHA-256 of the rest), ``fleet.db`` (all rows
as a SQLite database, whatever engine they came from) and ``fleet.toml`` (for the reader; never put
back). So a backup can be looked into with tools that every system has, outlives both engines' own
formats, and moves a fleet from one to the other.

Keys, certificates and secrets are not in it: whoever finds a backup can't speak for the fleet.
"""

import json
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from fleet_server.errors import FleetError
from fleet_server.store import database, transfer
from fleet_server.store.errors import SchemaError
from provisioning.pki.files import PRIVATE
from wire.errors import WireError
from wire.strictjson import parse_object

FORMAT = "hailong-backup-1"
MANIFEST, ROWS, CONFIG = "manifest.json", "fleet.db", "fleet.toml"
ASIDE = ".hailong-"
"""What folders of files that are not whole yet begin with."""
LARGEST_MANIFEST = 1 << 20
_CHUNK = 1 << 20


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


def read(file: Path) -> Manifest:
    """Check a backup as a whole, every byte of it, and return what it says of itself.

    Raises:
        BackupError: it is damaged, cut off, or no backup.
    """
    with _opened(file) as opened:
        manifest = _manifest(opened, file)
        for name, expected in manifest.files.items():
            if digest(opened.open(name)) != expected:
                raise BackupError(f"{file}: {name} in it is damaged; please use another backup")
        return manifest


@contextmanager
def aside(folder: Path) -> Iterator[Path]:
    """Give a folder for what is not whole yet, on the same file system, and remove it."""
    made = Path(tempfile.mkdtemp(prefix=ASIDE, dir=folder))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def pack(folder: Path, manifest: Manifest) -> Path:
    """Pack what lies in a folder into one file there, and return it: on the disk, only ours."""
    packed = folder / "packed"
    descriptor = os.open(packed, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    with os.fdopen(descriptor, "wb") as stream:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as into:
            into.writestr(MANIFEST, _dumped(manifest))
            for name in (CONFIG, ROWS):
                into.write(folder / name, name)
        stream.flush()
        os.fsync(stream.fileno())
    return packed


@contextmanager
def extracted(file: Path, manifest: Manifest, folder: Path) -> Iterator[Any]:
    """Give the rows of a backup as a database with the tables of today."""
    with _opened(file) as opened, opened.open(ROWS) as packed, (folder / ROWS).open("wb") as plain:
        shutil.copyfileobj(packed, plain, _CHUNK)
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


def _check_rows(source: Any, manifest: Manifest, file: Path) -> None:
    try:
        source.check()
        whole = transfer.whole(source, manifest.rows)
    except SchemaError:
        whole = False
    if not whole:
        raise BackupError(f"{file}: its rows are damaged; please use another backup")


def digest(stream: IO[bytes]) -> str:
    """Return the SHA-256 of a stream, in hex, and close it."""
    hashed = sha256()
    with stream:
        while chunk := stream.read(_CHUNK):
            hashed.update(chunk)
    return hashed.hexdigest()
