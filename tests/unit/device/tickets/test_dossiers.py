"""Dossiers beside the journal (device/tickets/dossiers.py), in real files."""

import json
import os
from pathlib import Path

import pytest

from device.ports import JournalError
from device.tickets import dossiers
from device.tickets.dossiers import Dossier, DossierKeeper, Spool
from tests.fakes.journals import StillClock, journal

CHAIN = "c" * 32
ONE = Dossier("v1", "H29.12-221014-0005", CHAIN, 7, 1_790_000_000_000)


def test_a_dossier_is_kept_where_only_the_terminal_can_read_it(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    assert (spool.visits(), spool.get("v1")) == ([], None)
    spool.put(ONE)
    assert (spool.visits(), spool.get("v1")) == (["v1"], ONE)
    assert (tmp_path / "visits").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "visits" / "v1.json").stat().st_mode & 0o777 == 0o600


def test_the_last_dossier_of_a_visit_counts(tmp_path: Path) -> None:
    spool, newer = Spool(tmp_path), Dossier("v1", "H29.12-221014-0006", CHAIN, 9)
    spool.put(ONE)
    spool.put(newer)
    spool.remove(ONE)
    assert spool.get("v1") == newer
    spool.remove(newer)
    spool.remove(newer)
    assert spool.visits() == []


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"x" * 5_000, b"\xff", json.dumps({"visit": "v1"}).encode(),
     json.dumps({"visit": "v1", "dossier": "x\u202e", "chain": CHAIN, "seq": 1}).encode()],
)  # fmt: skip
def test_a_damaged_file_is_deleted(tmp_path: Path, data: bytes) -> None:
    spool = Spool(tmp_path)
    spool.put(ONE)
    (tmp_path / "visits" / "v1.json").write_bytes(data)
    assert spool.get("v1") is None
    assert spool.visits() == []


def test_where_there_are_too_many_the_oldest_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dossiers, "MOST", 3)
    spool = Spool(tmp_path)
    for number in range(3):
        spool.put(Dossier(f"v{number}", "D", CHAIN, 1))
        os.utime(tmp_path / "visits" / f"v{number}.json", (100 - number, 100 - number))
    spool.put(Dossier("v0", "E", CHAIN, 1))
    assert (len(spool.visits()), spool.dropped) == (3, 0)
    spool.put(Dossier("v9", "D", CHAIN, 1))
    assert (spool.visits(), spool.dropped) == (["v0", "v1", "v9"], 1)


def test_the_keeper_tells_where_the_record_is_at_the_latest(tmp_path: Path) -> None:
    book, clock, spool = journal(tmp_path), StillClock(), Spool(tmp_path)
    keeper = DossierKeeper(spool, book.head, clock)
    assert keeper.keep("v1", "D-1")
    head = book.head()
    assert spool.get("v1") == Dossier("v1", "D-1", head.chain, head.seq, clock.at)
    clock.now_is = "unset"
    assert keeper.keep("v2", "D-2")
    kept = spool.get("v2")
    assert kept is not None
    assert kept.at is None
    assert keeper.report() == {"dossiers": {}}


def test_what_cannot_be_kept_is_counted(tmp_path: Path) -> None:
    def broken() -> None:
        raise JournalError("the disk is gone")

    keeper = DossierKeeper(Spool(tmp_path), broken, StillClock())  # type: ignore[arg-type]
    assert not keeper.keep("v1", "D-1")
    (tmp_path / "visits").touch()
    keeper = DossierKeeper(Spool(tmp_path), journal(tmp_path).head, StillClock())
    assert not keeper.keep("v1", "D-1")
    assert keeper.report()["dossiers"]["unkept"] == 1
