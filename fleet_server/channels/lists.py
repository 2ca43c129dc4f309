"""Lists of ratings that no terminal signed: looked at first, then taken as a whole."""

import hashlib
from datetime import tzinfo

from fleet_server.core.channel_lists import Read, is_list, read_lists
from fleet_server.core.channels import Known
from fleet_server.core.days import day_of
from fleet_server.sheets.reading import read_tables
from fleet_server.store import audit_log, unsigned
from fleet_server.store.database import writing
from fleet_server.store.unsigned import Taking


class TakenAlready(Exception):
    """The same list was taken before; ``day`` and ``by`` say when and by whom."""

    def __init__(self, day: str, by: str) -> None:
        """Keep both, for whoever says so."""
        super().__init__(day, by)
        self.day, self.by = day, by


class Unreadable(Exception):
    """Something is wrong with the list by now, though it was right when it was looked at."""


def looked_at(content: bytes, name: str, known: Known) -> Read:
    """Return what a file says.

    Raises:
        SheetError: it can't be read.
        TakenAlready: it was taken before.
    """
    before = unsigned.known_file(_digest(content))
    if before is not None:
        raise TakenAlready(*before)
    return read_lists(read_tables(content, name, is_list), known)


def take(content: bytes, name: str, known: Known, by: str, now: int, zone: tzinfo) -> int:
    """Take all ratings of a file, or none; return how many they are.

    Raises:
        SheetError: it can't be read.
        TakenAlready: it was taken before.
        Unreadable: a row is wrong.
    """
    with writing():
        found = looked_at(content, name, known)
        if found.wrong or not found.rows:
            raise Unreadable
        digest = _digest(content)
        count = unsigned.take(found.rows, Taking(now, day_of(now, zone).name, by, digest))
        details = {"file": name, "sha256": digest, "rows": count}
        audit_log.note(by, "unsigned.import", "unsigned", details, at=now)
        return count


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
