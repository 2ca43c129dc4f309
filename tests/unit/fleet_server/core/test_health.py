"""Is a terminal well?"""

from dataclasses import replace

import pytest

from fleet_server.core.health import LEVELS, SILENT_AFTER_MS, STUCK_AFTER_MS, Heard, judge

NOW = 1_000_000_000
WELL = Heard(
    retired=False,
    keys=1,
    valid_keys=1,
    state="ready",
    state_at=NOW - 5_000,
    last_seen=NOW - 1_000,
    oldest_waiting_at=None,
    clock="synced",
)


def condition(**changes: object) -> str:
    return judge(replace(WELL, **changes), NOW).condition  # type: ignore[arg-type]


def test_a_terminal_that_speaks_and_delivers_is_well() -> None:
    verdict = judge(WELL, NOW)
    assert (verdict.condition, verdict.level, verdict.since) == ("well", "good", NOW - 5_000)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"retired": True, "state": "lost"}, "retired"),
        ({"keys": 0, "valid_keys": 0, "state": None}, "unenrolled"),
        ({"keys": 2, "valid_keys": 0}, "revoked"),
        ({"state": None}, "unseen"),
        ({"last_seen": None}, "unseen"),
        ({"state": "lost"}, "lost"),
        ({"state": "disconnected"}, "off"),
        ({"state": "alert"}, "fault"),
        ({"state": "init"}, "starting"),
        ({"clock": "unset"}, "clock"),
        ({"clock": "holdover"}, "well"),
        ({"clock": None}, "well"),
    ],
)
def test_each_condition_is_recognised(changes: dict[str, object], expected: str) -> None:
    assert condition(**changes) == expected


def test_three_missed_reports_make_a_terminal_silent() -> None:
    assert condition(last_seen=NOW - SILENT_AFTER_MS) == "well"
    assert condition(last_seen=NOW - SILENT_AFTER_MS - 1) == "silent"
    assert judge(replace(WELL, last_seen=0), NOW).since == 0


def test_a_record_that_waits_for_too_long_means_that_delivery_is_stuck() -> None:
    assert condition(oldest_waiting_at=NOW - STUCK_AFTER_MS) == "well"
    assert condition(oldest_waiting_at=NOW - STUCK_AFTER_MS - 1) == "stuck"


def test_a_fault_comes_before_waiting_records_and_the_clock() -> None:
    assert condition(state="alert", oldest_waiting_at=0, clock="unset") == "fault"


def test_what_a_report_says_is_wrong_makes_a_fault_with_its_reasons() -> None:
    verdict = judge(replace(WELL, ailments=("disk_low", "under_voltage")), NOW)
    assert (verdict.condition, verdict.level) == ("fault", "bad")
    assert verdict.ailments == ("disk_low", "under_voltage")


def test_a_terminal_that_is_gone_is_lost_whatever_it_said_last() -> None:
    verdict = judge(replace(WELL, state="lost", ailments=("disk_low",)), NOW)
    assert (verdict.condition, verdict.ailments) == ("lost", ())


def test_what_is_out_of_use_troubles_nobody() -> None:
    assert {LEVELS["retired"], LEVELS["unenrolled"]} == {"none"}
    bad = {name for name, level in LEVELS.items() if level == "bad"}
    assert bad == {"revoked", "unseen", "lost", "off", "silent", "fault", "stuck"}
