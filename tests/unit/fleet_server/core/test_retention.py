from fleet_server.core.retention import DAY_MS, before


def test_something_is_kept_for_whole_days() -> None:
    assert before(7, 100 * DAY_MS) == 93 * DAY_MS
