"""What people made of a signal stands beside it."""

import pytest

from fleet_server.core.signals.ruling import Ruling, RulingError, fresh, ruled

FIRST = Ruling("upheld", "person:lan@binhhoa.example", 1_000, "Người trực thừa nhận.")
SECOND = Ruling("dismissed", "person:minh@binhhoa.example", 1_000, "Phích cắm lỏng.")


def test_the_last_ruling_stands_and_the_others_stay() -> None:
    assert ruled((), FIRST) == (FIRST,)
    assert ruled((FIRST,), SECOND) == (FIRST, SECOND)


def test_a_ruling_is_never_older_than_the_one_before() -> None:
    with pytest.raises(RulingError) as caught:
        ruled((FIRST,), Ruling("dismissed", "person:x@y.example", 999, "Nhầm."))
    assert caught.value.why == "order"


@pytest.mark.parametrize("why", ["", "  \n"])
def test_a_ruling_without_a_reason_is_none(why: str) -> None:
    with pytest.raises(RulingError) as caught:
        Ruling("upheld", "person:x@y.example", 1, why)
    assert caught.value.why == "reason"


DAYS = [(f"2026-03-{number:02}", number) for number in range(1, 32)]


def test_after_a_ruling_only_later_days_are_looked_at() -> None:
    assert fresh("upheld", "2026-03-29", DAYS) == DAYS[29:]
    assert fresh("upheld", "2026-03-31", DAYS) == []


def test_after_a_dismissed_one_it_is_quiet_for_thirty_days() -> None:
    assert fresh("dismissed", "2026-03-01", DAYS) == []
    assert fresh("dismissed", "2026-02-28", DAYS) == DAYS
    assert fresh("dismissed", "2026-02-28", []) == []
