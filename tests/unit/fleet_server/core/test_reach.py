import pytest

from fleet_server.core.reach import FOREVER, Stay, end_of
from tests.fakes.desk import DAY, HOUR, NINE, SAIGON

MIDNIGHT = NINE - 9 * HOUR


@pytest.mark.parametrize(
    ("since", "until", "since_day", "until_day", "end"),
    [
        (0, None, "0001-01-01", "9999-12-31", FOREVER),
        (0, NINE, "0001-01-01", "9999-12-31", NINE),
        (0, None, "0001-01-01", DAY, MIDNIGHT),
        (0, NINE, "0001-01-01", DAY, MIDNIGHT),
        (MIDNIGHT, None, "0001-01-01", DAY, None),
        (0, MIDNIGHT, DAY, "9999-12-31", None),
        (0, NINE, DAY, "9999-12-31", NINE),
    ],
)
def test_a_stay_ends_with_the_terminals_place_or_the_counters(
    since: int, until: int | None, since_day: str, until_day: str, end: int | None
) -> None:
    assert end_of(Stay(since, until, since_day, until_day), SAIGON) == end
