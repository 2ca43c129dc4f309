"""Alarms over any stretch of time: each notification once, none lost, quiet hours kept."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from fleet_server.core.alarms.facts import TerminalAway
from fleet_server.core.alarms.quiet import Quiet, not_before
from fleet_server.core.alarms.raising import Alarm, Notification, Now, raising
from fleet_server.core.alarms.rules import KINDS, Held, Kind, Limits, Rule, Rules, Stage
from fleet_server.core.days import day_of
from fleet_server.core.roles import Role
from fleet_server.core.tree import Node, Tree

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
TREE = Tree([Node(1, "C", "City", "city", None), Node(3, "W", "Ward", "unit", 1)])
MINUTE, DAY = 60_000, 86_400_000
START = 1_795_000_000_000
ROLES: frozenset[Role] = frozenset({"unit_head"})
STAGES = (Stage(0, 0, ROLES), Stage(30, 1, ROLES), Stage(90, 2, ROLES))
MINUTES = st.integers(0, 1439)
QUIET = (
    st.tuples(MINUTES, MINUTES).filter(lambda two: two[0] != two[1]).map(lambda two: Quiet(*two))
)
FACTS: st.SearchStrategy[tuple[TerminalAway, ...]] = st.sampled_from(
    [
        (),
        (TerminalAway(3, "t-1", 20 * MINUTE),),
        (TerminalAway(3, "t-1", 5 * MINUTE),),
        (TerminalAway(3, "t-1", 20 * MINUTE, MINUTE),),
        (TerminalAway(3, "t-1", 0, 9 * MINUTE),),
    ]
)
LOOKED: st.SearchStrategy[frozenset[Kind]] = st.sampled_from([frozenset(KINDS), frozenset()])
TICKS = st.lists(
    st.tuples(st.integers(1, 400), FACTS, LOOKED, st.booleans(), st.booleans()), max_size=40
)


def is_quiet(at: int, quiet: Quiet) -> bool:
    minute = (at - day_of(at, ZONE).start) // MINUTE
    if quiet.since < quiet.until:
        return quiet.since <= minute < quiet.until
    return minute >= quiet.since or minute < quiet.until


@given(st.integers(START, START + 3 * DAY), QUIET)
def test_quiet_hours_delay_by_less_than_a_day_and_to_their_end(at: int, quiet: Quiet) -> None:
    told = not_before(at, quiet, ZONE)
    assert at <= told < at + DAY
    assert not is_quiet(told, quiet)
    assert (told == at) == (not is_quiet(at, quiet))


@given(TICKS, st.one_of(st.none(), QUIET))
def test_each_is_told_once_and_none_is_lost(
    ticks: list[tuple[int, tuple[TerminalAway, ...], frozenset[Kind], bool, bool]],
    quiet: Quiet | None,
) -> None:
    rules = Rules([Held(None, "terminal_lost", Rule(Limits(), STAGES, quiet))])
    held: tuple[Alarm, ...] = ()
    told: list[Notification] = []
    raised = over = at = 0
    for minutes, facts, looked, acknowledges, crashes in ticks:
        at += minutes * MINUTE
        now = Now(START + at, TREE, ZONE)
        found = raising(held, facts, looked, rules, now)
        if crashes:  # before it was written: asked again, it says the same
            assert raising(held, facts, looked, rules, now) == found
        assert {one.key for one in held} == {one.key for one in (*found.kept, *found.ended)}
        assert len(found.raised) + len(found.kept) <= 1
        for one in found.notifications:
            assert one.not_before >= now.at
            assert quiet is None or not is_quiet(one.not_before, quiet)
            assert not (one.what == "escalated" and held[0].acknowledged_at)
        told += found.notifications
        raised, over = raised + len(found.raised), over + len(found.ended)
        held = (*found.raised, *found.kept)
        if acknowledges:
            held = tuple(replace(one, acknowledged_at=now.at) for one in held)
    named = [(one.key, one.audience) for one in told]
    assert len(set(named)) == len(named)
    assert sum(one.what == "raised" for one in told) == raised
    assert len({one.key for one in told if one.what == "over"}) == over
