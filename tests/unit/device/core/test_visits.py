"""How visits end, and what the journal holds of it (device/core/visits.py)."""

from dataclasses import replace

import pytest

from device.core.events import (
    Event,
    HoursChanged,
    Kept,
    NobodyServed,
    Ticked,
    TicketCalled,
    TicketClosed,
    TicketNoShow,
    TicketRecalled,
    TicketTransferred,
)
from device.core.rules import Rules
from device.core.session import step
from device.core.session_state import Session
from device.core.view import view
from tests.unit.device.core.test_session import RULES, UNBOUND, A, B, Run, served
from wire.records import Ticket


def story(run: Run) -> list[tuple[str, str, bool]]:
    """What the journal holds: ticket, event, and whether that was only assumed."""
    return [
        (body.ticket, body.event, bool(body.assumed))
        for body in run.stored
        if isinstance(body, Ticket)
    ]


# ---- ends that nobody told ----


def test_a_visit_that_the_next_ticket_takes_the_place_of_is_recorded_as_closed_first() -> None:
    run = served()
    run.do(TicketCalled(1000, B))
    assert story(run) == [
        ("A001", "called", False),
        ("A001", "closed", True),
        ("A002", "called", False),
    ]


@pytest.mark.parametrize("kind", [TicketClosed, TicketTransferred, TicketNoShow])
def test_an_end_that_was_told_is_not_assumed_as_well(kind: type[TicketCalled]) -> None:
    run = served().do(kind(500, A)).do(TicketCalled(1000, B))
    assert [assumed for _, _, assumed in story(run)] == [False, False, False]


def test_an_end_that_was_told_before_a_restart_is_not_assumed() -> None:
    run = Run().do(TicketClosed(0, A, told=True)).do(TicketCalled(1000, B))
    assert story(run) == [("A002", "called", False)]


def test_a_visit_that_fades_away_is_recorded_as_closed() -> None:
    run = served().do(NobodyServed(1000))
    assert run.do(Ticked(61_000)).session.phase == "closed"
    assert run.do(Ticked(61_001)).session.phase == "idle"
    assert story(run)[-1] == ("A001", "closed", True)


def test_a_visit_that_is_called_again_after_its_end_ends_again() -> None:
    run = served().do(TicketClosed(100, A)).do(TicketRecalled(200, A)).do(TicketCalled(300, B))
    assert [(event, assumed) for _, event, assumed in story(run)] == [
        ("called", False),
        ("closed", False),
        ("recalled", False),
        ("closed", True),
        ("called", False),
    ]


def test_two_tickets_called_in_turn_each_end_before_the_other_goes_on() -> None:
    run = served().do(TicketCalled(100, B)).do(TicketRecalled(200, A)).do(TicketRecalled(300, B))
    assert story(run) == [
        ("A001", "called", False),
        ("A001", "closed", True),
        ("A002", "called", False),
        ("A002", "closed", True),
        ("A001", "recalled", False),
        ("A001", "closed", True),
        ("A002", "recalled", False),
    ]


def test_what_is_told_late_of_a_visit_that_is_over_is_recorded_and_opens_nothing() -> None:
    run = served().do(TicketCalled(100, B)).do(TicketClosed(200, A))
    assert story(run)[-1] == ("A001", "closed", False)
    assert run.session.visit == B
    assert run.session.phase == "serving"


def test_a_closing_that_is_news_takes_the_place_of_an_older_visit() -> None:
    run = served().do(TicketClosed(100, B))
    assert (run.session.visit, run.session.phase) == (B, "closed")
    assert story(run) == [
        ("A001", "called", False),
        ("A001", "closed", True),
        ("A002", "closed", False),
    ]


def test_only_the_last_visits_are_remembered() -> None:
    run = served()
    for number in range(20):
        run.do(TicketCalled(number, replace(B, id=f"visit-{number}")))
    assert len(run.session.former) == 8


def test_a_closing_that_is_stored_is_not_assumed_again() -> None:
    session, _ = step(
        served().session, Kept(5, Ticket("Q1", "visit-a", "A001", "closed", "lan")), RULES
    )
    _, effects = step(session, TicketCalled(10, B), RULES)
    assert [effect.body.event for effect in effects] == ["called"]  # type: ignore[union-attr]


def test_a_ticket_that_is_stored_is_not_stored_again() -> None:
    event = TicketCalled(10, B)
    session, effects = step(Session(), event, RULES)
    kept, _ = step(Session(), Kept(10, effects[0].body), RULES)  # type: ignore[union-attr]
    assert step(kept, event, RULES) == (replace(session, seen=("visit-b", "called")), ())


# ---- what a restart left open ----

LEFT = Ticket("Q1", "visit-a", "A001", "called", "lan", "2026-11-22")


def restarted() -> Run:
    run = Run()
    run.session = Session(left=LEFT)
    return run


@pytest.mark.parametrize("kind", [TicketCalled, TicketClosed])
def test_a_visit_that_a_restart_left_open_is_closed_when_another_one_comes(
    kind: type[TicketCalled],
) -> None:
    run = restarted().do(kind(10, B)).do(TicketCalled(20, replace(B, id="visit-c")))
    assert run.stored[0] == replace(LEFT, event="closed", assumed=True)
    assert [ticket for ticket, _, _ in story(run)].count("A001") == 1


@pytest.mark.parametrize("kind", [TicketCalled, TicketClosed, TicketTransferred])
def test_a_visit_that_a_restart_left_open_and_that_is_told_of_again_is_known(
    kind: type[TicketCalled],
) -> None:
    run = restarted().do(kind(10, A, told=kind is TicketCalled)).do(TicketNoShow(20, A))
    assert run.session.left is None
    assert not any(assumed for _, _, assumed in story(run))


def test_what_leaves_meanwhile_ends_nothing_that_a_restart_left_open() -> None:
    run = restarted().do(TicketTransferred(10, B)).do(NobodyServed(20))
    assert run.session.left == LEFT
    assert story(run) == [("A002", "transferred", False)]


def test_the_end_of_what_a_restart_left_open_is_stored_once() -> None:
    closing = replace(LEFT, event="closed", assumed=True)
    session, _ = step(restarted().session, Kept(5, closing), RULES)
    _, effects = step(session, TicketCalled(10, B), RULES)
    assert [effect.body.visit for effect in effects] == ["visit-b"]  # type: ignore[union-attr]


# ---- the service day ----


def test_a_visit_does_not_outlive_its_service_day() -> None:
    run = served().do(HoursChanged(1000, True, day_since=999))
    assert run.session.phase == "idle"
    assert story(run)[-1] == ("A001", "closed", True)


@pytest.mark.parametrize("day_since", [0, -5000, None])
def test_opening_and_closing_alone_end_no_visit(day_since: int | None) -> None:
    run = served().do(HoursChanged(1000, False, day_since))
    assert (run.session.phase, run.session.open) == ("serving", False)


def test_a_new_day_without_a_visit_changes_nothing() -> None:
    run = Run().do(HoursChanged(1000, True, day_since=999))
    assert (run.session, run.stored) == (Session(), [])


# ---- outside the opening hours ----


def closed(rules: Rules, *events: Event) -> Run:
    run = Run(rules)
    for event in (*events, HoursChanged(100, False, 0)):
        run.do(event)
    return run


@pytest.mark.parametrize("rules", [RULES, UNBOUND])
def test_outside_the_opening_hours_nothing_is_taken_without_a_visit(rules: Rules) -> None:
    run = closed(rules)
    assert run.press(1000) is None
    assert run.refused == "closed"
    shown = view(run.session, 1000, rules, "Quầy 1")
    assert (shown.kind, shown.dim) == ("idle", True)


def test_a_visit_that_is_open_stays_rateable() -> None:
    run = closed(UNBOUND, TicketCalled(0, A))
    assert view(run.session, 1000, UNBOUND, "Quầy 1").kind == "rate"
    assert run.press(1000) is not None


def test_inside_the_opening_hours_unbound_ratings_are_taken() -> None:
    run = closed(UNBOUND).do(HoursChanged(200, True, 0))
    assert run.press(1000) is not None
