"""When a session has ended."""

from fleet_server.core.sessions import LIFE_MS, over

IDLE = 60 * 60_000


def test_a_session_lasts_a_working_day_whatever_is_clicked() -> None:
    assert not over(0, LIFE_MS - 2, LIFE_MS - 1, IDLE)
    assert over(0, LIFE_MS - 1, LIFE_MS, IDLE)


def test_a_session_ends_when_nobody_clicks() -> None:
    assert not over(0, 0, IDLE - 1, IDLE)
    assert over(0, 0, IDLE, IDLE)


def test_a_session_from_the_future_is_not_believed() -> None:
    assert over(1, 1, 0, IDLE)
