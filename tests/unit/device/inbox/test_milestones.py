"""Receipts that are kept for pruning."""

from pathlib import Path

import pytest

from device.core.pruning import DAY_MS
from device.inbox import milestones
from device.inbox.reader import Inbox
from device.inbox.store import LinkStore
from tests.fakes import control
from tests.fakes.control import CHAIN, DEV, FLEET_X
from tests.fakes.left_open import closed_later
from wire.down import Head, Receipt


@pytest.fixture
def store(tmp_path: Path) -> LinkStore:
    made = closed_later(LinkStore(tmp_path))
    made.take("keys", 1, control.key_list(), 0)
    return made


def keep(store: LinkStore, seq: int, day: int = 0, **more: object) -> bytes:
    receipt = Receipt(DEV, 1 + seq, day * DAY_MS, CHAIN, seq, "A" * 43, "ok", **more)  # type: ignore[arg-type]
    token = control.signed(receipt)
    store.keep_receipt(receipt, token)
    return token


def kept(tmp_path: Path) -> list[int]:
    return [each.seq for each in Inbox(tmp_path, DEV, FLEET_X).milestones()]


def test_one_receipt_a_day_is_kept_beside_the_newest(store: LinkStore, tmp_path: Path) -> None:
    tokens = [keep(store, 10 + n, n // 3) for n in range(9)]
    assert kept(tmp_path) == [10, 13, 16]
    assert store.milestone(CHAIN, 13) == tokens[3]
    assert store.milestone(CHAIN, 14) is None
    assert store.receipts()[CHAIN].seq == 18


def test_a_receipt_too_long_for_a_hello_is_not_kept(store: LinkStore, tmp_path: Path) -> None:
    heads = tuple(Head(n, "A" * 43) for n in range(1, 65))
    keep(store, 10, disputed=heads)
    assert kept(tmp_path) == []
    keep(store, 11)
    assert kept(tmp_path) == [11]


def test_what_is_kept_is_bounded_and_reaches_back_as_far_as_before(
    store: LinkStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(milestones, "MOST", 20)
    for day in range(60):
        keep(store, 1 + day, day)
    found = kept(tmp_path)
    assert len(found) <= 20
    assert found[0] == 1
    assert found[-1] == 60


def test_the_file_of_an_older_program_gets_its_place_for_them(tmp_path: Path) -> None:
    old = LinkStore(tmp_path)
    old._db.execute("DROP TABLE milestone")
    old.close()
    assert kept(tmp_path) == []
    store = closed_later(LinkStore(tmp_path))
    store.take("keys", 1, control.key_list(), 0)
    keep(store, 3)
    assert kept(tmp_path) == [3]
