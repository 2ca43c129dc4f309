"""A case from its opening to its closing: its trail is the truth."""

from dataclasses import replace

import pytest

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
    hidden,
    key,
    step_of,
)
from fleet_server.core.cases import STATES, TABLE, Case, CaseError, after, fold, home
from fleet_server.core.tree import Node, Tree

DAY = Subject("day", 3, 7, "2026-11-20")
RATING = Subject("rating", 3, 7, "2026-11-20", "chain/5")
ANSWER = Answer(late=False, cause="A form was missing", remedy="It is there", apology="none")
OPENED = Opened(DAY, 100)
HEAD, JUDGE = 1, 2
TREE = Tree(
    [
        Node(1, "C", "City", "city", None),
        Node(2, "D", "District", "district", 1, closed="2026-12-15"),
        Node(3, "W", "Ward", "unit", 2, closed="2026-12-01"),
    ]
)


def events(*bodies: Body | Opened, every: int = 10) -> list[Event]:
    return [Event(n, n * every, HEAD, body) for n, body in enumerate(bodies)]


def case(*bodies: Body, every: int = 10) -> Case:
    return fold(events(OPENED, *bodies, every=every))


def reason_of(*bodies: Body | Opened) -> str:
    """Return why the last one is refused when it is new."""
    *held, new = events(*bodies)
    with pytest.raises(CaseError) as caught:
        after(fold(held), new)
    return caught.value.reason


def test_every_event_has_a_name() -> None:
    assert [step_of(body) for body in (OPENED, Assigned(1), Withdrawn())] == [
        "open", "assign", "withdraw",
    ]  # fmt: skip


def test_a_case_whose_record_is_not_signed_rightly_is_withdrawn_and_nothing_follows() -> None:
    ruled = (Assigned(HEAD), Answered(ANSWER, 300), Ruled(True, "theirs"), Closed(""))
    for bodies in ((), ruled):
        found = case(*bodies, Withdrawn())
        assert (found.state, found.due, found.ruling) == ("withdrawn", None, None)
    assert reason_of(OPENED, Withdrawn(), Ruled(True, "late")) == "state"


def test_a_case_goes_from_its_opening_over_a_return_to_its_closing() -> None:
    steps = [
        Assigned(HEAD),
        Answered(ANSWER, 200),
        Returned("Which form?", 300),
        Answered(replace(ANSWER, cause="Form 5 was missing"), 400),
        Closed("Thank you"),
    ]
    states = [fold(events(OPENED, *steps[:n])).state for n in range(len(steps) + 1)]
    assert states == ["open", "assigned", "answered", "returned", "answered", "closed"]
    done = case(*steps)
    assert (done.answers, done.late, done.due, done.since, done.seq) == (2, False, None, 50, 5)
    assert done.answer == replace(ANSWER, cause="Form 5 was missing")
    assert not done.overdue(10**9)


def test_each_step_begins_a_deadline_of_its_own() -> None:
    assert case().due == case(Assigned(HEAD)).due == 100
    answered = case(Assigned(HEAD), Answered(ANSWER, 200))
    assert (answered.since, answered.due) == (20, 200)
    assert not answered.overdue(199)
    assert answered.overdue(200)


def test_an_answer_after_the_deadline_stays_late_for_ever() -> None:
    late = case(Assigned(HEAD), Answered(ANSWER, 900), every=50)
    assert late.late
    again = [Returned("Why?", 900), Answered(ANSWER, 950)]
    assert case(Assigned(HEAD), Answered(ANSWER, 900), *again, every=50).late


def test_more_time_is_given_with_a_reason_and_is_more() -> None:
    longer = case(Prolonged("Tết was moved", 500))
    assert (longer.state, longer.due) == ("open", 500)
    assert reason_of(OPENED, Prolonged("less", 100)) == "body"
    assert reason_of(OPENED, Prolonged(" ", 500)) == "body"


def test_escalation_changes_no_state_and_is_noted_for_the_run() -> None:
    told = case(Assigned(HEAD), Escalated((1,)), Escalated((2, 3)))
    assert (told.state, told.told, told.level) == ("assigned", {1, 2, 3}, 3)
    answered = case(Assigned(HEAD), Escalated((1, 2)), Answered(ANSWER, 900))
    assert (answered.told, answered.level) == (frozenset(), 2)
    assert reason_of(OPENED, Escalated(())) == "body"
    assert reason_of(OPENED, Escalated((0,))) == "body"


def test_the_last_ruling_holds_and_a_closed_case_may_be_ruled_on_again() -> None:
    first, second = Ruled(True, "They came with another's papers"), Ruled(False, "They were theirs")
    ruled = case(Assigned(HEAD), Answered(ANSWER, 200), first, Closed(""))
    assert (ruled.state, ruled.ruling) == ("closed", first)
    again = after(ruled, Event(5, 999, JUDGE, second))
    assert (again.state, again.ruling) == ("closed", second)
    assert reason_of(OPENED, Assigned(HEAD), Answered(ANSWER, 200), Ruled(True, "")) == "body"


def test_a_case_of_a_dissolved_unit_goes_to_another_and_is_open_again() -> None:
    moved = case(Assigned(HEAD), Escalated((1,)), Rehomed(2, 700))
    assert (moved.unit, moved.state, moved.assignee, moved.due) == (2, "open", None, 700)
    assert (moved.told, moved.level) == (frozenset(), 1)
    assert moved.subject.unit == 3, "where it happened stays as it was"


def test_an_answer_is_kept_when_its_case_moves() -> None:
    moved = case(Assigned(HEAD), Answered(ANSWER, 200), Rehomed(None, 700))
    assert (moved.unit, moved.state, moved.answer) == (None, "answered", ANSWER)


def test_an_answer_that_says_too_little_is_none() -> None:
    assert reason_of(OPENED, Assigned(HEAD), Answered(Answer(), 200)) == "body"


def test_what_was_taken_under_other_limits_is_still_read() -> None:
    assert case(Assigned(HEAD), Answered(Answer(cause="old"), 200)).state == "answered"
    assert case(Escalated(())).state == "open"


def test_a_return_says_why() -> None:
    assert reason_of(OPENED, Assigned(HEAD), Answered(ANSWER, 200), Returned("", 300)) == "body"


def test_a_step_that_its_state_does_not_know_is_refused() -> None:
    assert reason_of(OPENED, Closed("")) == "state"
    assert reason_of(OPENED, Assigned(HEAD), Answered(ANSWER, 2), Closed(""), Closed("")) == "state"


def test_a_trail_begins_with_its_opening_and_has_no_gap() -> None:
    for trail in ([], events(Assigned(HEAD))):
        with pytest.raises(CaseError, match="order"):
            fold(trail)
    assert reason_of(OPENED, OPENED) == "order"
    for gap in (0, 2):
        with pytest.raises(CaseError, match="order"):
            after(case(), Event(gap, 10, HEAD, Assigned(HEAD)))
    with pytest.raises(CaseError, match="order"):
        fold([Event(1, 0, None, OPENED)])


def test_the_table_knows_every_state_and_every_step() -> None:
    assert set(TABLE) == set(STATES)
    assert {step for steps in TABLE.values() for step in steps} == set(STEPS.values())
    assert {state for steps in TABLE.values() for state in steps.values()} <= set(STATES)


def test_a_subject_has_one_case() -> None:
    assert key(RATING) == "rating:chain/5" == key(replace(RATING, confined=True))
    assert key(replace(RATING, grain="item")) == "item:chain/5"
    assert key(DAY) == "day:7:2026-11-20"
    assert key(replace(DAY, confined=True)) != key(DAY)


def test_who_has_not_asked_does_not_see_which_rating_it_is() -> None:
    assert hidden(RATING) == replace(RATING, rating=None)


def test_the_home_of_a_case_is_the_nearest_unit_that_is_there() -> None:
    assert home(3, TREE, "2026-11-30") == 3
    assert home(3, TREE, "2026-12-01") == 2
    assert home(3, TREE, "2026-12-15") == 1
    assert home(None, TREE, "2026-12-15") is None
    gone = Tree([Node(1, "C", "City", "city", None, closed="2026-01-01")])
    assert home(1, gone, "2026-01-01") is None
