"""Which records the daily check looks at."""

from device.core.checking import SLICES, TAIL, Round, begin, is_due
from device.core.pruning import DAY_MS


def checked(round_: Round) -> set[int]:
    return {n for first, last in round_.parts for n in range(first, last + 1)}


def test_the_newest_records_are_checked_every_day() -> None:
    for day in range(SLICES):
        found = checked(begin(day * DAY_MS, 50_000))
        assert set(range(50_000 - TAIL + 1, 50_001)) <= found
        assert len(found) <= TAIL + 5_000


def test_every_record_is_checked_within_ten_days() -> None:
    seen: set[int] = set()
    for day in range(20_000, 20_000 + SLICES):
        seen |= checked(begin(day * DAY_MS, 1_234))
    assert seen == set(range(1, 1_235))


def test_with_weekends_off_every_record_is_checked_within_thirty_days() -> None:
    for start in range(7):
        seen: set[int] = set()
        for day in range(start, start + 30):
            if day % 7 < 5:
                seen |= checked(begin(day * DAY_MS, 5_000))
        assert seen == set(range(1, 5_001))


def test_an_empty_journal_has_nothing_to_check() -> None:
    assert begin(0, 0).over


def test_a_round_goes_on_where_it_stopped_and_counts() -> None:
    under_way = Round(1, ((1, 10), (20, 30)))
    under_way = under_way.after(5, 4)
    assert under_way.parts == ((5, 10), (20, 30))
    under_way = under_way.after(None, 6).after(None, 11)
    assert under_way.over
    assert under_way.records == 21


def test_a_check_is_due_once_a_day() -> None:
    assert is_due(5 * DAY_MS, None)
    assert is_due(5 * DAY_MS, 4)
    assert not is_due(6 * DAY_MS - 1, 5)
