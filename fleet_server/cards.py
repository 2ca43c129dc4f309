"""The journal on a terminal's card, made into an export that the import takes like any other.

The card is only read. SQLite would fold the log in or want to write beside it, and a log that is
left out holds the newest records: so both are copied first, and opened where they are copied to.
What is looked at is the table ``record`` alone, whose bytes are the signed records themselves.

A card comes from anywhere: what is no plain file, too large, or no table is refused, and SQLite is
held to plain tables of short values (https://www.sqlite.org/security.html).
"""

import hashlib
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from fleet_server.exported import MAX_BYTES, ExportError
from wire.envelope import MAX_TOKEN

JOURNAL = "journal.db"
_LOG = "-wal"
_MAGIC = b"SQLite format 3\0"
_APPLICATION = 1212959305  # what a journal names itself, in its header
_PART = 1 << 20
_MOST = 4 << 30
_TABLES = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('record', 'chain')"
_RECORDS = "SELECT r.jws FROM record r JOIN chain c ON c.number = r.chain ORDER BY c.number, r.seq"

Read = Callable[[int], object]
"""Told how many bytes were read, for a bar."""


def journals(path: Path) -> list[Path]:
    """Return the journals at ``path``: the file itself, or all below a folder, such as a card's.

    Raises:
        ExportError: a folder without a journal, or one that can't be read.
    """
    if not path.is_dir():
        return [path] if _is_journal(path) else []
    found = sorted(path.rglob(JOURNAL))
    if not found:
        raise ExportError(f"{path}: holds no {JOURNAL}; is it the card's data partition?")
    return found


@contextmanager
def exports(paths: Sequence[Path], read: Read) -> Iterator[list[Path]]:
    """Give the export files that ``paths`` are or hold; those made from journals are temporary.

    Raises:
        ExportError: a journal can't be read.
    """
    with TemporaryDirectory(prefix="hailong-import-") as folder:
        files: list[Path] = []
        made: dict[str, Path] = {}
        for path in paths:
            found = journals(path)
            files += [] if found else [path]
            for journal in found:
                files.append(_export(journal, Path(folder) / f"{len(files)}.records", read))
                made[str(files[-1])] = journal
        try:
            yield files
        except ExportError as error:
            raise ExportError(_named(str(error), made)) from None


def _named(said: str, made: Mapping[str, Path]) -> str:
    """Return a sentence about a temporary file as one about the journal that it was made from."""
    for name, journal in made.items():
        said = said.replace(name, str(journal))
    return said


def size(paths: Sequence[Path]) -> int:
    """Return how many bytes of journals there are to read."""
    found = [journal for path in paths for journal in journals(path)]
    return sum(each.stat().st_size for journal in found for each in _parts(journal))


def _is_journal(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return path.is_file() and file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False  # whoever reads it next says why


def _parts(journal: Path) -> list[Path]:
    log = journal.with_name(f"{journal.name}{_LOG}")
    return [journal, log] if log.exists() else [journal]


def _export(journal: Path, out: Path, read: Read) -> Path:
    """Write the records of a journal as an export with its checksum; return it."""
    copy = out.with_suffix(".db")
    try:
        for part in _parts(journal):
            suffix = part.name.removeprefix(journal.name)
            _copy(part, copy.with_name(f"{copy.name}{suffix}"), read)
        _write(copy, out)
    except OSError as error:
        raise ExportError(f"{journal}: can't be read: {error.strerror or error}") from None
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise ExportError(
            f"{journal}: is damaged ({error}); start a terminal with this card: it saves what can "
            "be read into a new journal; then import again"
        ) from None
    return out


def _copy(source: Path, target: Path, read: Read) -> None:
    descriptor = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file, target.open("wb") as copy:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_size > _MOST:
            raise ExportError(
                f"{source}: no plain file of at most {_MOST >> 30} GiB, as journals are"
            )
        while part := file.read(_PART):
            copy.write(part)
            read(len(part))


def _write(copy: Path, out: Path) -> None:
    hasher = hashlib.sha256()
    with closing(sqlite3.connect(copy)) as database, out.open("wb") as file:
        _hold_to_tables(database)
        for (token,) in database.execute(_RECORDS):
            if not isinstance(token, bytes):
                raise sqlite3.DatabaseError("a record in it is none")
            line = token + b"\n"
            hasher.update(line)
            file.write(line)
            if file.tell() > MAX_BYTES:
                raise sqlite3.DatabaseError("it holds more than any journal")
    out.with_name(f"{out.name}.sha256").write_text(f"{hasher.hexdigest()}  {out.name}\n")


def _hold_to_tables(database: sqlite3.Connection) -> None:
    """Make sure that it is a journal, and that reading it runs nothing that came with it."""
    database.execute("PRAGMA trusted_schema = OFF")
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_TOKEN)
    if database.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION:
        raise sqlite3.DatabaseError("it is no journal of a terminal")
    if database.execute(_TABLES).fetchone()[0] != 2:
        raise sqlite3.DatabaseError("it lacks the tables of a journal")
