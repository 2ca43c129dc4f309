"""How terminals were, as ingest keeps it."""

import pytest

from fleet_server.core.strip import Was
from fleet_server.store import history, listening, places, status
from fleet_server.store.database import writing
from fleet_server.store.models import Change, TerminalEvent, TerminalSpan, TerminalStatus
from fleet_server.store.status import Contact
from wire.up import Health, State

MINUTE = 60_000
DAY = "2026-11-23"
BOOT = "0" * 32


@pytest.fixture(autouse=True)
def terminal(fleet: None) -> None:
    with writing():
        places.add_unit("U", "Unit")
        places.add_counter("A", "Counter", 1)
        places.add_terminal("t", 1, 0)


def says(state: str, at: int, connection: int = 1, boot: str = BOOT) -> None:
    with writing():
        status.presence("t", State(state, boot, connection, at), at)  # type: ignore[arg-type]


def reports(at: int, waiting: int = 0, oldest: int | None = None, **details: object) -> None:
    firmware = str(details.pop("firmware", "1"))
    report = Health(at, at, BOOT, "synced", firmware, waiting, oldest, BOOT, 1, details)
    with writing():
        status.health("t", report, DAY, at)


def spans(now: int = 100 * MINUTE) -> list[Was]:
    return history.spans("t", 0, now)


def kinds() -> list[tuple[str, object]]:
    return [(kind, details.get("what")) for _at, kind, details in history.events("t", 50)][::-1]


def test_a_terminal_that_goes_and_comes_leaves_a_span() -> None:
    says("ready", 1)
    says("lost", 10)
    says("init", 30, connection=2)
    says("ready", 31, connection=2)
    says("disconnected", 50, connection=2)
    assert spans(70) == [Was("gone", 10, 30), Was("off", 50, 70)]
    assert history.spans("t", 40, 70) == [Was("off", 50, 70)], (
        "only what touches the time asked for"
    )


def test_what_is_wrong_is_held_since_it_began() -> None:
    says("ready", 0)
    reports(10, throttled={"now": ["under_voltage"]})
    reports(20, throttled={"now": ["under_voltage"]})
    assert TerminalStatus.get().health["ailing"] == {"under_voltage": 10}
    reports(30, throttled={"now": [], "since_boot": ["under_voltage"]})
    assert spans() == [Was("alert", 10, 30)], "what is over is no alert"
    assert kinds()[1:] == [
        ("began", "under_voltage"),
        ("began", "under_voltage_before"),
        ("ended", "under_voltage"),
    ]


def test_an_alert_that_the_terminal_says_and_one_that_its_report_says_are_one() -> None:
    says("ready", 0)
    reports(10, disk_free_mib=1)
    says("alert", 20)
    reports(30, disk_free_mib=9000)
    says("ready", 40)
    assert spans() == [Was("alert", 10, 40)]


def test_records_that_wait_for_too_long_leave_a_span_and_the_most_of_the_day() -> None:
    says("ready", 0)
    reports(11 * MINUTE, waiting=5, oldest=0)
    reports(15 * MINUTE, waiting=9, oldest=0)
    reports(16 * MINUTE, waiting=2, oldest=15 * MINUTE)
    reports(17 * MINUTE)
    assert spans() == [Was("waiting", 11 * MINUTE, 16 * MINUTE)]
    assert history.days("t", DAY) == {DAY: (9, 15 * MINUTE)}
    assert history.days("t", "2026-11-24") == {}


def test_a_report_that_says_what_the_one_before_said_writes_no_history() -> None:
    says("ready", 0)
    reports(1, waiting=1, oldest=0, image="a")
    held = [TerminalSpan.select().count(), TerminalEvent.select().count()]
    fleet = Change.select().where(Change.subject == "fleet").count()
    reports(2, waiting=1, oldest=0, image="a")
    assert [TerminalSpan.select().count(), TerminalEvent.select().count()] == held
    assert Change.select().where(Change.subject == "fleet").count() == fleet


def test_new_versions_and_starts_are_events() -> None:
    says("ready", 0)
    reports(1, image="a", terminal={"config_version": 1})
    says("ready", 2, boot="1" * 32)
    reports(3, image="b", terminal={"config_version": 2}, firmware="2")
    assert history.events("t", 2)[0][1:] == ("firmware", {"from": "1", "to": "2"})
    assert [kind for kind, _what in kinds()] == ["first", "boot", "image", "config", "firmware"]
    assert history.first_seen("t") == 0
    assert history.first_seen("nobody") is None


def test_a_terminal_may_not_say_itself_since_when_it_ails() -> None:
    says("ready", 0)
    reports(10, ailing={"hangs": 1}, behind=True)
    held = TerminalStatus.get().health
    assert (held["ailing"], held["behind"]) == ({}, False)
    TerminalStatus.update(health={"ailing": ["hangs"]}).execute()
    reports(20)
    assert TerminalStatus.get().health["ailing"] == {}


def heard(at: int) -> None:
    with writing():
        status.keep(status.contacts(["t"]).values(), at)


def test_silence_is_kept_when_it_is_over() -> None:
    says("ready", 0)
    heard(0)
    heard(3 * MINUTE)
    assert spans() == []
    heard(10 * MINUTE)
    assert spans() == [Was("silent", 3 * MINUTE, 10 * MINUTE)]


def test_who_was_gone_was_not_silent_as_well() -> None:
    says("lost", 0)
    heard(0)
    heard(30 * MINUTE)
    assert spans(40 * MINUTE) == [Was("gone", 0, 40 * MINUTE)]
    assert Contact("t").state is None


def test_what_the_server_did_not_hear_was_no_silence() -> None:
    says("ready", 0)
    listening.beat(0)
    heard(MINUTE)
    listening.beat(20 * MINUTE)
    heard(20 * MINUTE)
    assert spans() == []
    heard(31 * MINUTE)
    assert [one.since for one in spans()] == [], "ingest has not beaten again: it heard nobody"
    listening.beat(31 * MINUTE)


def test_the_servers_own_gaps_are_kept_and_the_one_that_lasts_is_told() -> None:
    assert listening.deaf(0, 99) == []
    assert listening.deaf_since(99) is None
    assert listening.known_since() is None
    listening.beat(10)
    listening.beat(10 + listening.DEAF_MS)
    assert listening.deaf(0, 20 + listening.DEAF_MS) == []
    listening.beat(5 * MINUTE)
    gap = (10 + listening.DEAF_MS, 5 * MINUTE)
    assert listening.deaf(0, 5 * MINUTE) == [gap]
    assert listening.deaf(6 * MINUTE, 9 * MINUTE) == [(5 * MINUTE, 9 * MINUTE)]
    assert listening.deaf_since(9 * MINUTE) == 5 * MINUTE
    assert listening.known_since() == 10
