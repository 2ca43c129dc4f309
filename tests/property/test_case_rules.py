"""Cases and deadlines under any order of steps and any plan."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from fleet_server.core.answers import Answer
from fleet_server.core.case_events import (
    STEPS,
    Answered,
    Assigned,
    Body,
    Closed,
    Escalated,
    Event,
    Opened,
    Prolonged,
    Rehomed,
    Returned,
    Ruled,
    Subject,
    Withdrawn,
)
from fleet_server.core.case_rights import may
from fleet_server.core.cases import OVER, STATES, TABLE, CaseError, after, fold
from fleet_server.core.days import day_of, day_on
from fleet_server.core.opening import FLEET, Calendar, Plan, Special, of_unit, stretches
from fleet_server.core.roles import ROLES, Grant
from fleet_server.core.tree import Node, Tree
from fleet_server.core.working_days import due, left

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
TREE = Tree([Node(1, "C", "City", "city", None), Node(3, "W", "Ward", "unit", 1)])
OPENED = Opened(Subject("day", 3, 7, "2026-11-20"), 100)
ANSWER = Answer(late=False, cause="A form was missing", remedy="It is there", apology="none")
TIMES = st.integers(1, 10_000)
BODIES: st.SearchStrategy[Body] = st.one_of(
    st.builds(Assigned, st.integers(1, 3)),
    st.builds(Answered, st.sampled_from([ANSWER, Answer()]), TIMES),
    st.builds(Returned, st.sampled_from(["Why?", ""]), TIMES),
    st.builds(Ruled, st.booleans(), st.just("seen")),
    st.builds(Prolonged, st.just("Tết"), TIMES),
    st.builds(Escalated, st.lists(st.integers(1, 4), max_size=2).map(tuple)),
    st.builds(Rehomed, st.sampled_from([1, 3, None]), TIMES),
    st.builds(Closed, st.just("")),
    st.builds(Withdrawn),
)


@given(st.lists(st.tuples(st.integers(0, 50), BODIES), max_size=30))
def test_a_fold_reaches_no_state_that_the_table_does_not(steps: list[tuple[int, Body]]) -> None:
    trail = [Event(0, 0, None, OPENED)]
    case, at = fold(trail), 0
    for wait, body in steps:
        at += wait
        event = Event(case.seq + 1, at, 1, body)
        before = case
        try:
            case = after(case, event)
        except CaseError:
            continue
        trail.append(event)
        assert case.state == TABLE[before.state][STEPS[type(body)]]
        assert case.state in STATES
        assert case.level >= before.level
        assert case.answers >= before.answers
        assert (case.due is None) == (case.state in OVER)
        assert case.subject == OPENED.subject
    assert fold(trail) == case, "the trail alone says what the case is"


@given(
    st.lists(BODIES, max_size=12),
    st.lists(st.builds(Grant, st.sampled_from(ROLES), st.sampled_from([1, 3, None])), max_size=4),
)
def test_nobody_may_take_a_step_that_the_state_refuses_or_judge_themselves(
    bodies: list[Body], grants: list[Grant]
) -> None:
    case = fold([Event(0, 0, None, OPENED)])
    for body in bodies:
        try:
            case = after(case, Event(case.seq + 1, 0, 1, body))
        except CaseError:
            continue
    allowed = may(1, grants, case, TREE)
    assert allowed <= TABLE[case.state].keys() - {"escalate", "rehome", "withdraw"}
    assert case.answerer != 1 or not allowed & {"close", "return", "rule"}


FIRST = date(2026, 12, 1)
SPECIALS = st.dictionaries(st.integers(0, 90), st.booleans(), max_size=60)
MOMENTS = st.integers(0, 60 * 24 * 60).map(lambda n: day_on(FIRST, ZONE).start + n * 60_000)


def calendar(special: dict[int, bool]) -> Calendar:
    days = [
        Special((FIRST + timedelta(days=n)).isoformat(), "", ((450, 690),) if is_open else ())
        for n, is_open in special.items()
    ]
    plans = {FLEET: Plan({}, {one.day: one for one in days})}
    return Calendar(stretches(None, of_unit(1), {}), plans, ZONE)


@given(SPECIALS, MOMENTS, MOMENTS, st.integers(1, 20))
def test_who_begins_later_is_due_no_earlier(
    special: dict[int, bool], one: int, other: int, days: int
) -> None:
    plan = calendar(special)
    assert due(plan, min(one, other), days) <= due(plan, max(one, other), days)


@given(SPECIALS, MOMENTS, st.integers(1, 20))
def test_as_many_days_are_left_from_the_next_day_on(
    special: dict[int, bool], start: int, days: int
) -> None:
    plan = calendar(special)
    until = due(plan, start, days)
    assert left(plan, day_of(start, ZONE).end, until) == days
    assert plan.is_open(day_of(until - 1, ZONE).name)
    assert left(plan, until, until) <= 0 < left(plan, until - 1, until)
