"""Alarms are raised once, go on, escalate and end."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from fleet_server.core.alarms.facts import Complaint, Fact, TerminalAway
from fleet_server.core.alarms.quiet import Quiet
from fleet_server.core.alarms.raising import Alarm, Audience, Now, Outcome, audiences, raising
from fleet_server.core.alarms.rules import KINDS, Held, Limits, Rule, Rules, Stage
from fleet_server.core.roles import Role
from fleet_server.core.tree import Node, Tree

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
TREE = Tree(
    [
        Node(1, "C", "City", "city", None),
        Node(2, "D", "District", "district", 1, closed="2026-12-01"),
        Node(3, "W", "Ward", "unit", 2),
    ]
)
MINUTE = 60_000
HEADS: frozenset[Role] = frozenset({"unit_head"})
CARERS: frozenset[Role] = frozenset({"technician"})
STAGES = (Stage(0, 0, CARERS), Stage(60, 1, HEADS), Stage(120, 5, HEADS))
LOST = Rule(Limits(), STAGES, Quiet(20 * 60, 6 * 60))
RULES = Rules([Held(None, "terminal_lost", LOST)])
OFF = Rules([Held(None, "terminal_lost", None)])
ALL = frozenset(KINDS)
GONE, BACK, WELL = (TerminalAway(3, "t-1", 15 * MINUTE, back) for back in (None, 0, 5 * MINUTE))


def at(text: str) -> int:
    return int(datetime.fromisoformat(f"2026-11-{text}+07:00").astimezone(UTC).timestamp() * 1000)


MORNING = at("23T09:00")


def asked(
    previous: tuple[Alarm, ...], *facts: Fact, now: int = MORNING, rules: Rules = RULES
) -> Outcome:
    return raising(previous, facts, ALL, rules, Now(now, TREE, ZONE))


def raised(now: int = MORNING) -> Alarm:
    (alarm,) = asked((), GONE, now=now).raised
    return alarm


def test_what_is_too_much_is_raised_and_told_at_once() -> None:
    found = asked((), GONE)
    (alarm,), (told,) = found.raised, found.notifications
    assert (alarm.kind, alarm.subject, alarm.unit, alarm.stages) == ("terminal_lost", "t-1", 3, 1)
    assert (told.what, told.audience, told.not_before) == ("raised", Audience(3, CARERS), MORNING)
    assert told.details == {"terminal": "t-1", "minutes": 15}


def test_an_alarm_that_goes_on_is_not_repeated() -> None:
    alarm = raised()
    for fact in (GONE, BACK):
        assert asked((alarm,), fact, now=MORNING + MINUTE) == Outcome((), (alarm,), (), ())


def test_what_is_between_raises_nothing() -> None:
    assert asked((), BACK) == Outcome((), (), (), ())


def test_an_alarm_ends_once_it_is_well_and_is_raised_again_only_then() -> None:
    alarm = raised()
    found = asked((alarm,), WELL, now=MORNING + 9 * MINUTE)
    assert found.ended == (alarm,)
    assert [(one.what, one.audience) for one in found.notifications] == [
        ("over", Audience(3, CARERS))
    ]
    again = asked((), GONE, now=MORNING + 10 * MINUTE)
    assert again.notifications[0].key != asked((), GONE).notifications[0].key


def test_what_is_not_there_any_more_is_over_if_it_was_looked_for() -> None:
    alarm = raised()
    assert asked((alarm,)).ended == (alarm,)
    without = raising((alarm,), (), frozenset(), RULES, Now(MORNING, TREE, ZONE))
    assert without.kept == (alarm,)


def test_a_kind_that_is_switched_off_ends_without_a_word() -> None:
    alarm = raised()
    assert asked((alarm,), GONE, rules=OFF) == Outcome((), (), (alarm,), ())
    assert asked((), GONE, rules=OFF) == Outcome((), (), (), ())


def test_nobody_who_acknowledges_it_lets_the_level_above_hear_of_it() -> None:
    alarm = raised()
    early = asked((alarm,), GONE, now=MORNING + 59 * MINUTE)
    assert early.notifications == ()
    found = asked((alarm,), GONE, now=MORNING + 60 * MINUTE)
    assert [(one.what, one.audience) for one in found.notifications] == [
        ("escalated", Audience(2, HEADS))
    ]
    assert found.kept[0].stages == 2
    assert asked(found.kept, GONE, now=MORNING + 61 * MINUTE).notifications == ()


def test_a_level_that_is_not_there_is_the_whole_fleet() -> None:
    found = asked((raised(),), GONE, now=MORNING + 120 * MINUTE)
    assert [one.audience.unit for one in found.notifications] == [2, None]
    assert found.kept[0].stages == 3


def test_a_dissolved_unit_is_passed_over() -> None:
    later = MORNING + 30 * 24 * 60 * MINUTE
    found = asked((raised(),), GONE, now=later)
    assert [one.audience.unit for one in found.notifications] == [1, None]


def test_an_acknowledged_alarm_is_not_escalated_but_ends() -> None:
    mine = replace(raised(), acknowledged_at=MORNING + MINUTE)
    assert asked((mine,), GONE, now=MORNING + 999 * MINUTE).notifications == ()
    assert asked((mine,), WELL).ended == (mine,)


def test_quiet_hours_delay_and_escalation_waits_until_somebody_could_hear() -> None:
    alarm = raised(at("23T22:00"))
    (told,) = asked((), GONE, now=at("23T22:00")).notifications
    assert told.not_before == alarm.heard_at == at("24T06:00")
    assert asked((alarm,), GONE, now=at("24T06:59")).notifications == ()
    assert asked((alarm,), GONE, now=at("24T07:00")).notifications[0].what == "escalated"


def test_everybody_who_was_told_hears_that_it_is_over() -> None:
    alarm = asked((raised(),), GONE, now=MORNING + 60 * MINUTE).kept[0]
    found = asked((alarm,), WELL, now=MORNING + 99 * MINUTE)
    assert [one.audience for one in found.notifications] == [
        Audience(3, CARERS),
        Audience(2, HEADS),
    ]
    assert len({one.key for one in found.notifications}) == 1


def test_a_complaint_is_told_to_two_levels_at_once_at_night_as_well() -> None:
    night = at("23T23:00")
    found = raising(
        (), [Complaint(3, "12", "Q1", ("parking",))], frozenset(), RULES, Now(night, TREE, ZONE)
    )
    assert [one.audience.unit for one in found.notifications] == [3, 2]
    assert {one.not_before for one in found.notifications} == {night}
    over = raising(found.raised, (), ALL, RULES, Now(night + 1, TREE, ZONE))
    assert over.ended == found.raised
    assert over.notifications == (), "nobody is told that a complaint is over"


def test_the_same_audience_is_named_once_in_a_minute() -> None:
    rule = Rule(Limits(), (Stage(0, 7, HEADS), Stage(0, 8, HEADS)))
    found = asked((), GONE, rules=Rules([Held(None, "terminal_lost", rule)]))
    assert [one.audience for one in found.notifications] == [Audience(None, HEADS)]
    assert found.raised[0].stages == 2


def test_a_rule_that_lost_stages_since_tells_no_more() -> None:
    many = replace(raised(), stages=3)
    rule = Rules([Held(None, "terminal_lost", replace(LOST, stages=STAGES[:1]))])
    assert asked((many,), GONE, now=MORNING + 999 * MINUTE, rules=rule).notifications == ()


def test_an_alarm_of_no_unit_is_the_fleets() -> None:
    found = asked((), replace(GONE, unit=None))
    assert found.notifications[0].audience.unit is None


def test_the_stages_of_a_rule_tell_levels_that_are_there() -> None:
    told = [Audience(3, CARERS), Audience(1, HEADS), Audience(None, HEADS)]
    assert audiences(3, LOST, Now(at("23T09:00"), TREE, ZONE)) != told, "the district is still open"
    assert audiences(3, LOST, Now(MORNING + 30 * 24 * 60 * MINUTE, TREE, ZONE)) == told
