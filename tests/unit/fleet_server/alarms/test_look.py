"""Alarms are raised by what is the case, told to whom it concerns, and end by themselves."""

from typing import Any

import pytest

from fleet_server.alarms.look import look
from fleet_server.cases import deadlines
from fleet_server.core.alarms.rules import USUAL
from fleet_server.core.case_events import Assigned, Subject
from fleet_server.core.choices import Choices
from fleet_server.core.days import day_of
from fleet_server.core.opening import FLEET, Week
from fleet_server.core.participation import Counts
from fleet_server.core.roles import Grant
from fleet_server.core.targets import Goal
from fleet_server.store import (
    alarm_rules,
    alarms,
    blocks,
    case_files,
    daily,
    history,
    listening,
    matters,
    opening,
    places,
    running,
    targets,
    users,
    webhooks,
)
from fleet_server.store.accounts import User
from fleet_server.store.database import writing
from fleet_server.store.matters import Found
from fleet_server.store.models import (
    AlarmRow,
    CaseFile,
    ChatRoom,
    Letter,
    Terminal,
    TerminalKey,
    TerminalStatus,
    Unit,
    WebhookEvent,
)
from fleet_server.store.webhooks import Wish
from tests.fakes.desk import DAY, HOUR, MINUTE, NINE, SAIGON, Desk
from wire import records

DAY_MS = 24 * HOUR
ALWAYS = Week((((0, 1440),),) * 7)


@pytest.fixture(autouse=True)
def people(fleet: None) -> None:
    """A district with one unit, open day and night; heads of both and a technician."""
    above = places.add_unit("Q3", "Quận 3", "district")
    below = places.add_unit("U", "Phường 1", "unit", above.id)
    with writing():
        targets.begin_with(40, 80)
        opening.set_week(FLEET, opening.NEW, "0001-01-01", ALWAYS)
        for name, role, unit in (
            ("head", "unit_head", below.id), ("above", "quality_officer", above.id),
            ("tech", "technician", below.id), ("root", "administrator", None),
        ):  # fmt: skip
            users.give(users.create(f"{name}@office.example", "", "hash", NINE), Grant(role, unit))


def told() -> list[tuple[str, str, str]]:
    """Return who was told what, in order."""
    names = {one.id: one.email.partition("@")[0] for one in User.select()}
    return [(names[one.person], one.kind, one.what) for one in Letter.select().order_by(Letter.id)]


def raised() -> list[tuple[str, str]]:
    return [one.key for one in alarms.raised()]


def every_minute(start: int, minutes: int) -> None:
    """Look each minute, as jobs does, while the server hears its terminals."""
    for minute in range(minutes):
        listening.beat(start + minute * MINUTE)
        look(start + minute * MINUTE, SAIGON)


def complain(desk: Desk) -> int:
    """Touch an item at a terminal; return its case."""
    desk.write(records.Items(desk.counter, ("parking", "lift")), MINUTE)
    return int(CaseFile.select().order_by(CaseFile.id.desc()).get().id)


def test_a_complaint_is_told_to_the_unit_and_the_level_above_as_it_is_taken() -> None:
    case = complain(Desk())
    assert told() == [("head", "complaint", "raised"), ("above", "complaint", "raised")]
    [letter, _] = Letter.select().order_by(Letter.id)
    assert letter.details == {"case": str(case), "counter": "C1", "items": ["parking", "lift"]}
    assert letter.path == f"/alarms/{AlarmRow.get().id}"
    complain(Desk("t-2", "C2"))
    assert len(told()) == 4
    every_minute(NINE + HOUR, 3)
    assert len(told()) == 4, "each once"


@pytest.mark.parametrize("state", ["closed", "withdrawn"])
def test_a_complaint_is_over_with_its_case(state: str) -> None:
    case = complain(Desk())
    every_minute(NINE + HOUR, 2)
    assert raised() == [("complaint", str(case))]
    close(case, state)
    look(NINE + 2 * HOUR, SAIGON)
    assert raised() == []
    assert AlarmRow.get().ended_at == NINE + 2 * HOUR
    assert {what for *_, what in told()} == {"raised"}, "nobody need hear that it is over"


def close(case: int, state: str = "closed") -> None:
    """End a case, by hand of its table."""
    CaseFile.update(state=state, due=None).where(CaseFile.id == case).execute()


def test_rooms_of_a_unit_hear_what_its_people_are_told() -> None:
    unit, above = Unit.get(Unit.code == "U"), Unit.get(Unit.code == "Q3")
    for name, where in (("Phường", unit.id), ("Quận", above.id), ("Thành phố", None)):
        ChatRoom.create(name=name, unit=where, service="mattermost")
    complain(Desk())
    rooms = [one.room for one in Letter.select().where(Letter.room.is_null(False))]
    assert sorted(rooms) == ["Phường", "Quận"]


def test_webhooks_of_both_levels_hear_it_and_hear_that_it_is_over() -> None:
    for code in ("U", "Q3"):
        with writing():
            unit = Unit.get(Unit.code == code).id
            wish = Wish(f"https://{code}.example/", ("alarm.raised", "alarm.over"), unit, True, "")
            webhooks.add(wish, NINE, "command:test")
    case = complain(Desk())
    close(case)
    look(NINE + HOUR, SAIGON)
    assert [one.type for one in WebhookEvent.select().order_by(WebhookEvent.at)] == [
        "alarm.raised", "alarm.over",
    ]  # fmt: skip


def lost(desk: Desk, since: int) -> None:
    """Let the broker have lost a terminal that was there before."""
    TerminalKey.create(
        kid="k", terminal=desk.terminal, x="x", certificate_pem="", serial="1",
        not_after=NINE + 300 * DAY_MS, enrolled_at=0,
    )  # fmt: skip
    TerminalStatus.create(terminal=desk.terminal, state="lost", state_at=since, last_seen=since)
    with writing():
        history.turned("t-1", set(), {"gone"}, since)


def test_a_lost_terminal_is_told_after_a_quarter_of_an_hour_and_once() -> None:
    lost(Desk(), NINE)
    every_minute(NINE, 15)
    assert told() == []
    every_minute(NINE + 15 * MINUTE, 50)
    assert told() == [("tech", "terminal_lost", "raised")]
    every_minute(NINE + 75 * MINUTE, 1)
    assert told()[1:] == [("head", "terminal_lost", "escalated")], "an hour after the first"


def test_a_terminal_that_is_back_for_some_minutes_ends_its_alarm() -> None:
    lost(Desk(), NINE)
    every_minute(NINE, 20)
    back = NINE + 20 * MINUTE
    with writing():
        history.turned("t-1", {"gone"}, set(), back)
        TerminalStatus.update(state="ready", state_at=back, last_seen=back + HOUR).execute()
    every_minute(back, 5)
    assert raised() == [("terminal_lost", "t-1")]
    every_minute(back + 5 * MINUTE, 1)
    assert told() == [("tech", "terminal_lost", "raised"), ("tech", "terminal_lost", "over")]


def test_what_the_server_could_not_hear_is_not_held_against_a_terminal() -> None:
    lost(Desk(), NINE)
    listening.beat(NINE)
    for minute in range(60):
        look(NINE + minute * MINUTE, SAIGON)
    assert raised() == []


def test_a_terminal_that_is_taken_out_of_use_ends_its_alarm() -> None:
    lost(Desk(), NINE)
    every_minute(NINE, 16)
    Terminal.update(retired_at=NINE).execute()
    every_minute(NINE + 16 * MINUTE, 1)
    assert raised() == []


def rate(desk: Desk, made: Choices) -> None:
    """Let a counter's running day have come to these choices."""
    with writing():
        running.note(desk.terminal.counter_id, DAY, {"": made})


def test_many_unsatisfied_are_told_by_the_blocks_that_were_given_out() -> None:
    desk = Desk()
    every_minute(NINE, 1)
    for minute, made in enumerate((Choices(1, 1, 3), Choices(2, 2, 6), Choices(2, 4, 9))):
        rate(desk, made)
        every_minute(NINE + (minute + 1) * MINUTE, 1)
    assert raised() == [("unsatisfied", "C1")], "six of ten, once five more were made"
    assert AlarmRow.get().details == {"counter": "C1", "unsatisfied": 6, "ratings": 10}
    every_minute(NINE + HOUR, 5)
    assert told() == [("head", "unsatisfied", "raised"), ("head", "unsatisfied", "over")]


def test_blocks_that_nobody_saw_being_given_out_are_as_old_as_the_last_look() -> None:
    desk = Desk()
    every_minute(NINE - 3 * HOUR, 1)
    for made in (Choices(0, 0, 10), Choices(0, 0, 20), Choices(0, 0, 30)):
        rate(desk, made)
    every_minute(NINE, 1)
    assert raised() == []


def test_what_is_taken_back_of_a_day_begins_its_blocks_anew() -> None:
    desk, day = Desk(), day_of(NINE, SAIGON)
    for made in (Choices(8), Choices(16), Choices(24), Choices(6), Choices(7), Choices(11)):
        rate(desk, made)
        with writing():
            blocks.note(day, NINE)
    [[only]] = blocks.of_day(DAY).values()
    assert only.told == Choices(6)
    with writing():
        blocks.note(day_of(NINE + DAY_MS, SAIGON), NINE + DAY_MS)
    assert blocks.of_day(DAY) == {}, "another day"


def test_few_ratings_are_told_by_the_middle_of_the_month_once() -> None:
    counter = Desk().terminal.counter_id
    Desk("t-2", "C2")
    with writing():
        daily.note_units(daily.note(counter, "2026-11-02", {"": Counts(served=50, rated=10)}))
    before = NINE - 8 * DAY_MS
    every_minute(before, 2)
    assert raised() == [], "the fourteenth"
    every_minute(before + DAY_MS, 90)
    assert raised() == [("participation", "C1@2026-11")]
    assert told() == [("head", "participation", "raised")]
    assert AlarmRow.get().details == {"counter": "C1", "served": 50, "rated": 10, "target": 40}
    with writing():
        targets.add(None, targets.newest(None), DAY, Goal(10, 80), DAY, actor="a", now=NINE)
    every_minute(NINE, 2)
    assert raised() == [], "the target is another"


def test_a_months_alarms_end_with_it() -> None:
    counter = Desk().terminal.counter_id
    with writing():
        daily.note_units(daily.note(counter, "2026-11-02", {"": Counts(served=50, rated=10)}))
    every_minute(NINE, 1)
    assert len(raised()) == 1
    every_minute(NINE + 9 * DAY_MS, 1)
    assert raised() == []


def test_tampering_is_told_above_the_unit_and_is_over_with_its_matter() -> None:
    Desk()
    with writing():
        matters.open_matter(Found("fork", "t-1:c", "t-1"), NINE)
        matters.open_matter(Found("fault", "t-1:disk", "t-1", details={"what": "disk"}), NINE)
    every_minute(NINE, 2)
    assert told() == [("above", "tampering", "raised")]
    with writing():
        matters.close_matter("fork", "t-1:c", NINE)
    every_minute(NINE + HOUR, 1)
    assert raised() == []


def rated_case(confined: bool = False) -> int:
    """Open a case that is due in two days."""
    unit, counter = Unit.get(Unit.code == "U"), places.add_counter("C9", "", 2)
    subject = Subject("rating", unit.id, counter.id, DAY, "c/1", confined=confined)
    with writing():
        found = case_files.open_case(subject, day_of(NINE + DAY_MS, SAIGON).end, NINE)
    assert found is not None
    return found


def test_a_case_is_told_on_its_last_day_and_once_it_is_overdue() -> None:
    case = rated_case()
    every_minute(NINE, 1)
    assert told() == []
    every_minute(NINE + DAY_MS, 2)
    assert told() == [("head", "case_due", "raised")]
    every_minute(NINE + 2 * DAY_MS, 2)
    assert told()[1:] == [("head", "case_overdue", "raised")]
    assert AlarmRow.get(AlarmRow.kind == "case_overdue").details == {
        "case": case, "level": 0, "over": 1,
    }  # fmt: skip
    append(case, Assigned(1))
    every_minute(NINE + 2 * DAY_MS + HOUR, 2)
    assert len(told()) == 2, "who is to answer it changes no deadline"


def append(case: int, body: Any) -> None:
    with writing():
        case_files.append(case, case_files.one(case), None, body, NINE)


def test_a_level_above_is_told_of_an_overdue_case_when_its_escalation_says_so() -> None:
    rated_case()
    over = NINE + 2 * DAY_MS
    deadlines.look(over, SAIGON)
    every_minute(over, 2)
    assert sorted(told()) == [
        ("above", "case_overdue", "raised"), ("head", "case_overdue", "raised"),
    ]  # fmt: skip


def test_a_confined_case_is_told_to_nobody() -> None:
    rated_case(confined=True)
    every_minute(NINE + 3 * DAY_MS, 2)
    assert told() == []


def test_in_quiet_hours_letters_wait_for_the_morning() -> None:
    lost(Desk(), NINE + 12 * HOUR)
    every_minute(NINE + 12 * HOUR, 16)
    [letter] = Letter.select()
    half_past_six = NINE + 21 * HOUR + 30 * MINUTE
    assert letter.next_at == half_past_six


def test_a_unit_may_have_its_own_rule_or_none() -> None:
    unit, usual = Unit.get(Unit.code == "U").id, USUAL["terminal_lost"]
    with writing():
        alarm_rules.add(unit, "terminal_lost", 0, "off", None, actor="person:a", now=NINE)
    lost(Desk(), NINE)
    every_minute(NINE, 30)
    assert raised() == []
    with writing():
        newest = alarm_rules.newest(unit, "terminal_lost")
        alarm_rules.add(unit, "terminal_lost", newest, "rule", usual, actor="person:a", now=NINE)
    every_minute(NINE + 30 * MINUTE, 1)
    assert raised() == [("terminal_lost", "t-1")]


def test_rules_are_read_as_they_were_written() -> None:
    for rule in USUAL.values():
        assert alarm_rules.read(alarm_rules.write(rule)) == rule
