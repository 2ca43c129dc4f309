"""Times as other programs write them (wire/rfc3339.py)."""

import pytest

from wire.rfc3339 import parse_time

NINE = 1_795_312_800_000
"""22 November 2026, 9:00 in Vietnam."""


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("2026-11-22T09:00:00+07:00", NINE),
        ("2026-11-22T02:00:00Z", NINE),
        ("2026-11-22t02:00:00z", NINE),
        ("2026-11-22T02:00:00.250Z", NINE + 250),
        ("2026-11-22T02:00:00.123456789Z", NINE + 123),
    ],
)
def test_a_time_with_its_zone_is_read_to_the_millisecond(text: str, ms: int) -> None:
    assert parse_time(text) == ms


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-22",
        "2026-11-22T09:00:00",
        "2026-11-22 09:00:00+07:00",
        "2026-11-22T09:00:00+0700",
        "2026-02-30T09:00:00Z",
        "2026-11-22T25:00:00Z",
        "२०२६-11-22T09:00:00Z",
    ],
)
def test_what_is_no_such_time_or_has_no_zone_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be a time with its zone"):
        parse_time(text)
