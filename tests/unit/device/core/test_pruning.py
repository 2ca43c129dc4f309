"""What may be pruned, told by the server's times alone."""

import pytest

from device.core.pruning import (
    DAY_MS,
    EVERY_RECORDS,
    KEPT_MS,
    NEWEST_KEPT,
    Held,
    Milestone,
    choose,
    is_milestone,
    is_old,
)

NOW = 2_000_000_000_000


def at(seq: int, days: int = 0, chain: str = "a") -> Milestone:
    return Milestone(chain, seq, "h", NOW - days * DAY_MS)


def held(chain: str, oldest: int, newest: int, receipted: int | None = None) -> Held:
    return Held(chain, oldest, newest, newest if receipted is None else receipted)


def chosen(held: list[Held], *milestones: Milestone, full: bool = False) -> Milestone | None:
    return choose(held, milestones, NOW, nearly_full=full)


@pytest.mark.parametrize(
    ("last", "seq", "iat", "kept"),
    [
        (None, 0, NOW, False),
        (None, 1, NOW, True),
        ((10, NOW), 10, NOW + 9 * DAY_MS, False),
        ((10, NOW), 11, NOW + DAY_MS - 1, False),
        ((10, NOW), 11, NOW + DAY_MS, True),
        ((10, NOW), 10 + EVERY_RECORDS - 1, NOW, False),
        ((10, NOW), 10 + EVERY_RECORDS, NOW, True),
    ],
)
def test_a_receipt_is_kept_once_a_day_or_each_500_records(
    last: tuple[int, int] | None, seq: int, iat: int, kept: bool
) -> None:
    assert is_milestone(last, seq, iat) is kept


def test_all_up_to_the_last_receipt_of_400_days_ago_may_go() -> None:
    chains = [held("a", 1, 9000)]
    milestones = at(500, 500), at(1000, 400), at(1500, 399)
    assert chosen(chains, *milestones) == at(1000, 400)
    assert is_old(NOW - KEPT_MS, NOW)


def test_younger_records_go_only_when_the_disk_is_nearly_full_and_the_oldest_first() -> None:
    chains = [held("a", 1, 9000)]
    assert chosen(chains, at(500), at(1000)) is None
    assert chosen(chains, at(1000), at(500), full=True) == at(500)


def test_the_newest_records_never_go_whatever_chain_they_are_in() -> None:
    old = at(1000, 500)
    assert chosen([held("a", 1, 1000 + NEWEST_KEPT - 1)], old) is None
    assert chosen([held("a", 1, 1000 + NEWEST_KEPT)], old) == old
    assert chosen([held("a", 1, 1000), held("b", 1, NEWEST_KEPT - 1)], old) is None
    assert chosen([held("a", 1, 1000), held("b", 1, NEWEST_KEPT)], old) == old


def test_a_receipt_for_what_is_not_held_any_more_prunes_nothing() -> None:
    assert chosen([held("a", 501, 9000)], at(500, 500)) is None
    assert chosen([held("a", 1, 9000)], at(9001, 500)) is None
    assert chosen([], at(1, 500)) is None


def test_a_chain_without_receipts_does_not_keep_the_next_one() -> None:
    chains = [held("a", 1, 50), held("b", 1, 5000)]
    assert chosen(chains, at(500, 500, "b")) == at(500, 500, "b")


def test_what_the_server_does_not_hold_any_more_is_kept() -> None:
    old = at(500, 500)
    assert chosen([held("a", 1, 9000, 499)], old) is None
    assert chosen([held("a", 1, 9000, 0)], old, full=True) is None
    assert chosen([held("a", 1, 9000, 500)], old) == old
