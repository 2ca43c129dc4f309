"""Journals under a clock that stands still, and what their files hold."""

import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from joserfc.jwk import OKPKey

from device.journal import rows
from device.journal.database import reading
from device.journal.former import Former
from device.journal.opening import FOLDER, Opened, open_journal
from device.journal.rows import Entry
from device.journal.writer import Journal
from tests.fakes.left_open import closed_later
from wire import keys
from wire.records import ClockQuality, Rating

DEV = "t-1"
KEY = keys.generate()


class StillClock:
    """A clock that moves only when told; the boot id can be changed."""

    def __init__(self, at: int = 1_790_000_000_000) -> None:
        self.boot_id = "b0" * 16
        self.up = 1000
        self.at = at
        self.now_is: ClockQuality = "synced"

    def up_ms(self) -> int:
        return self.up

    def wall_ms(self) -> int:
        return self.at

    def quality(self) -> ClockQuality:
        return self.now_is

    def advance(self, ms: int) -> None:
        self.up += ms
        self.at += ms


def opened(
    data: Path, clock: StillClock | None = None, key: OKPKey = KEY, known: Sequence[Former] = ()
) -> Opened:
    found = open_journal(data, DEV, key, clock or StillClock(), known)
    closed_later(found.journal)
    return found


def journal(data: Path) -> Journal:
    return opened(data).journal


def rating(visit: str | None = None, **more: object) -> Rating:
    fields = {"counter": "Q1", "visit": visit, "choice": "satisfied", "input": "button", "scale": 1}
    return Rating(**{**fields, **more})  # type: ignore[arg-type]


def everything(data: Path) -> list[Entry]:
    """All records under ``data``, oldest chain first, gaps not looked at."""
    with reading(data / FOLDER) as db:
        return [entry for chain in rows.chains(db) for entry in rows.entries(db, chain, 1)]


def database(data: Path) -> sqlite3.Connection:
    """The file itself, for looking behind the journal's back."""
    return closed_later(sqlite3.connect(data / FOLDER / "journal.db", isolation_level=None))


def crashed_copy(data: Path, to: Path) -> Path:
    """Copy the files as a power cut would leave them: with the log not yet folded in."""
    shutil.copytree(data, to)
    return to
