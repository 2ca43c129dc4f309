"""A day without figures is missing, closed, or has not come; never a zero."""

from fleet_server.core.gaps import status, statuses

TODAY = "2026-11-25"


def is_open(day: str) -> bool:
    return day != "2026-11-22"


def test_a_day_on_which_anything_was_told_is_told_even_if_closed_or_today() -> None:
    for day in ("2026-11-22", "2026-11-23", TODAY):
        assert status(day, True, is_open, TODAY) == "told"


def test_an_open_day_that_told_nothing_is_missing_and_a_closed_one_is_closed() -> None:
    days = ["2026-11-22", "2026-11-23", "2026-11-24", TODAY, "2026-11-26"]
    assert statuses(days, {"2026-11-24"}, is_open, TODAY) == {
        "2026-11-22": "closed",
        "2026-11-23": "missing",
        "2026-11-24": "told",
        TODAY: "ahead",
        "2026-11-26": "ahead",
    }
