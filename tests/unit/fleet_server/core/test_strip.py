"""The last weeks of one terminal."""

from datetime import datetime
from zoneinfo import ZoneInfo

from fleet_server.core.opening import FLEET, Calendar, Plan, Special, of_unit, stretches
from fleet_server.core.strip import DayStrip, Mark, Was, absent, strip

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
HOLIDAY = Special("2026-11-24", "Lễ")
PLAN = Plan(specials={"2026-11-24": HOLIDAY})
CALENDAR = Calendar(stretches(None, of_unit(1), {}), {FLEET: PLAN}, ZONE)
MINUTE = 60_000


def at(clock: str, day: int = 23) -> int:
    return int(datetime.fromisoformat(f"2026-11-{day}T{clock}+07:00").timestamp() * 1000)


def day(number: int = 23) -> tuple[str, int, int]:
    return f"2026-11-{number}", at("00:00", number), at("00:00", number + 1)


def told(marks: list[Mark], number: int = 23) -> dict[str, int]:
    [found] = strip([day(number)], marks, CALENDAR)
    return {name: ms // MINUTE for name, ms in found.told.items()}


def test_a_day_without_anything_was_ready() -> None:
    assert told([]) == {"ready": 480}


def test_a_closed_day_has_no_minutes_and_its_name() -> None:
    [found] = strip([day(24)], [Mark("lost", 0, at("00:00", 30))], CALENDAR)
    assert found == DayStrip("2026-11-24", found.told, "Lễ")
    assert found.open_ms == 0


def test_of_a_day_that_runs_only_what_is_over_counts() -> None:
    name, start, _end = day()
    [found] = strip([(name, start, at("08:00"))], [], CALENDAR)
    assert found.open_ms == 30 * MINUTE


def test_who_is_gone_is_late_for_five_minutes_and_then_lost() -> None:
    marks = list(absent([Was("gone", at("09:00"), at("09:30"))], CALENDAR))
    assert told(marks) == {"ready": 450, "late": 5, "lost": 25}
    overnight = list(absent([Was("off", at("16:58", 22), at("07:40"))], CALENDAR))
    assert told(overnight) == {"ready": 470, "late": 5, "lost": 5}, "Sunday was closed"


def test_silence_is_free_for_three_minutes() -> None:
    marks = list(absent([Was("silent", at("09:00"), at("09:30"))], CALENDAR))
    assert told(marks) == {"ready": 453, "late": 7, "lost": 20}
    over_lunch = list(absent([Was("silent", at("11:28"), at("13:10"))], CALENDAR))
    assert told(over_lunch) == {"ready": 471, "late": 7, "lost": 2}


def test_of_each_moment_the_first_that_fits_is_told() -> None:
    marks = [
        Mark("alert", at("08:00"), at("10:00")),
        Mark("lost", at("09:00"), at("09:30")),
        Mark("unknown", at("09:15"), at("09:20")),
        Mark("away", 0, at("07:45")),
    ]
    assert told(marks) == {"away": 15, "alert": 90, "lost": 25, "unknown": 5, "ready": 345}


def test_an_alert_and_waiting_records_are_told_from_their_beginning() -> None:
    spans = [Was("alert", at("08:00"), at("08:10")), Was("waiting", at("09:00"), at("09:20"))]
    assert list(absent(spans, CALENDAR)) == [
        Mark("alert", at("08:00"), at("08:10")),
        Mark("late", at("09:00"), at("09:20")),
    ]
