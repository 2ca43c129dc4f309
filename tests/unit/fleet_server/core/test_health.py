"""How is a terminal, and why?"""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from fleet_server.core.health import (
    CERTIFICATE_MS,
    GONE_MS,
    LEVELS,
    LOST_MS,
    SILENT_MS,
    START_MS,
    STATES,
    STUCK_MS,
    Heard,
    Silence,
    Verdict,
    Watch,
    judge,
)
from fleet_server.core.opening import Calendar, of_unit, stretches

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CALENDAR = Calendar(stretches(None, of_unit(1), {}), {}, ZONE)
MINUTE = 60_000


def at(clock: str, day: int = 23) -> int:
    """Return a moment of Monday, 23 November 2026, or of another day of that month."""
    return int(datetime.fromisoformat(f"2026-11-{day}T{clock}+07:00").timestamp() * 1000)


NOW = at("10:00")
WELL = Heard(
    retired=None,
    at_counter=True,
    keys=1,
    valid_keys=1,
    certificate_until=NOW + 2 * CERTIFICATE_MS,
    state="ready",
    state_at=NOW - 5_000,
    last_seen=NOW - 1_000,
    oldest_waiting_at=None,
    clock="synced",
)


def told(now: int = NOW, deaf: tuple[tuple[int, int], ...] = (), **changes: object) -> Verdict:
    return judge(replace(WELL, **changes), Watch(CALENDAR, deaf, now))  # type: ignore[arg-type]


def kinds(verdict: Verdict) -> list[str]:
    return [one.kind for one in verdict.reasons]


def test_a_terminal_that_speaks_and_delivers_is_ready() -> None:
    verdict = told()
    assert verdict == Verdict("ready", NOW - 5_000)
    assert (verdict.level, verdict.needs_somebody) == ("good", False)
    assert told(clock="holdover").state == told(clock=None).state == "ready"


def test_a_terminal_that_is_gone_is_late_first_and_then_lost() -> None:
    for state, kind in (("lost", "gone"), ("disconnected", "off")):
        short = told(state=state, state_at=NOW - 3 * MINUTE)
        assert (short.state, kinds(short), short.since) == ("late", [kind], NOW - 3 * MINUTE)
        assert told(state=state, state_at=NOW - GONE_MS).state == "late"
        long = told(state=state, state_at=NOW - GONE_MS - 1)
        assert (long.state, kinds(long), long.needs_somebody) == ("lost", [kind], True)


def test_silence_makes_late_and_then_lost() -> None:
    assert told(last_seen=NOW - SILENT_MS).state == "ready"
    assert told(last_seen=NOW - SILENT_MS - 1).state == "late"
    assert told(last_seen=NOW - LOST_MS - 1).state == "lost"
    assert kinds(told(last_seen=0)) == ["silent"]
    assert kinds(told(state="lost", state_at=None)) == ["gone"], "the last word counts then"


def test_outside_the_opening_hours_nothing_is_late() -> None:
    for now in (at("12:15"), at("19:00"), at("09:00", 22)):
        verdict = told(now, state="disconnected", state_at=now - 90 * MINUTE, last_seen=now)
        assert (verdict.state, verdict.needs_somebody) == ("closed", False)
        assert [(one.kind, one.weight) for one in verdict.reasons] == [("off", "note")]
        assert verdict.causes == ()
        waits = told(now, oldest_waiting_at=0, last_seen=now)
        assert (waits.state, kinds(waits)) == ("closed", ["waiting"])
        assert told(now, state=None).state == told(now, keys=0, valid_keys=0).state == "closed"
    assert told(at("12:15"), last_seen=at("11:00")).reasons[0].weight == "note"


def test_a_night_does_not_count_against_who_was_switched_off() -> None:
    gone = {"state": "disconnected", "state_at": at("17:05"), "last_seen": at("17:05")}
    assert told(at("07:31", 24), **gone).state == "late"
    assert told(at("07:35", 24), **gone).state == "late"
    assert told(at("07:36", 24), **gone).state == "lost"


def test_what_the_server_missed_itself_is_held_against_nobody() -> None:
    silent = {"last_seen": at("09:40"), "state_at": at("08:00")}
    assert told(**silent).state == "lost"
    assert told(deaf=((at("09:42"), at("09:59")),), **silent).state == "ready"
    assert told(deaf=((at("09:30"), NOW + MINUTE),), **silent).state == "ready"
    assert told(deaf=((at("07:30"), at("08:30")),), **silent).state == "lost", "long before"


def test_what_was_heard_before_the_server_was_away_still_counts() -> None:
    deaf = ((at("09:44"), at("09:58")),)
    assert told(deaf=deaf, state="lost", state_at=at("09:40")).state == "lost", "4 + 2 minutes"


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"matters": {"fork": 7}}, "fork"),
        ({"matters": {"revoked_key": 7}}, "revoked_key"),
        ({"keys": 2, "valid_keys": 0}, "revoked"),
        ({"state": "alert"}, "fault"),
        ({"clock": "unset"}, "clock"),
        ({"ailing": {"disk_low": 7}}, "disk_low"),
        ({"certificate_until": NOW + CERTIFICATE_MS}, "certificate_ends"),
        ({"certificate_until": NOW}, "certificate_over"),
        ({"silences": (Silence("", 60, 50),)}, "no_press"),
        ({"silences": (Silence("unsatisfied", 400, 338),)}, "button_silent"),
    ],
)
def test_what_needs_a_person_is_an_alert_at_any_hour(changes: dict[str, object], kind: str) -> None:
    assert (told(**changes).state, kinds(told(**changes))) == ("alert", [kind])
    evening = told(at("19:00"), **{"last_seen": at("19:00"), **changes})
    assert (evening.state, kinds(evening)[0]) == ("alert", kind)


def test_since_when_is_told_where_it_is_known() -> None:
    assert told(matters={"fork": 7}).since == 7
    assert told(ailing={"disk_low": 9}).since == 9
    assert told(certificate_until=NOW).since == NOW
    assert told(silences=(Silence("satisfied", 99, 50, 5),)).reasons[0].silence == Silence(
        "satisfied", 99, 50, 5
    )


def test_a_fault_that_the_report_explains_is_told_once() -> None:
    assert kinds(told(state="alert", ailing={"button_stuck": 1})) == ["button_stuck"]
    assert kinds(told(state="alert", ailing={"under_voltage_before": 1})) == [
        "fault",
        "under_voltage_before",
    ]


def test_what_is_over_is_a_note() -> None:
    verdict = told(ailing={"under_voltage_before": 1})
    assert (verdict.state, kinds(verdict)) == ("ready", ["under_voltage_before"])


def test_the_clock_of_a_terminal_that_is_gone_says_nothing() -> None:
    assert kinds(told(state="lost", clock="unset")) == ["gone"]


def test_every_reason_is_told_the_most_urgent_first() -> None:
    verdict = told(
        last_seen=NOW - LOST_MS - 1,
        oldest_waiting_at=0,
        ailing={"under_voltage": 1, "out_of_service": 1},
        matters={"fork": 1, "new_chain": 1},
    )
    assert verdict.state == "lost"
    assert kinds(verdict) == ["silent", "fork", "out_of_service", "under_voltage", "waiting"]


def test_a_terminal_that_never_came_is_late() -> None:
    assert kinds(told(keys=0, valid_keys=0, state=None)) == ["unenrolled"]
    for never in ({"state": None}, {"last_seen": None}):
        assert (told(**never).state, kinds(told(**never))) == ("late", ["unseen"])


def test_records_that_wait_and_a_start_that_lasts_make_late() -> None:
    assert told(oldest_waiting_at=NOW - STUCK_MS).state == "ready"
    waits = told(oldest_waiting_at=NOW - STUCK_MS - 1)
    assert (waits.state, kinds(waits)) == ("late", ["waiting"])
    assert told(state="init", state_at=NOW - START_MS).state == "ready"
    assert kinds(told(state="init", state_at=NOW - START_MS - 1)) == ["starting"]
    assert told(state="init", state_at=None).state == "ready"


def test_what_is_in_store_or_out_of_use_troubles_nobody() -> None:
    stored = told(at_counter=False, state="lost", state_at=0, ailing={"disk_low": 1})
    assert (stored.state, stored.causes, kinds(stored)) == ("store", (), ["gone", "disk_low"])
    assert told(retired=5, state="lost") == Verdict("retired", 5)


def test_every_state_has_a_level() -> None:
    assert set(LEVELS) == set(STATES)
