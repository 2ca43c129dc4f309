"""The life of a ticket, event by event (device/core/session.py)."""

from dataclasses import replace
from typing import get_args

import pytest

from device.core.events import (
    Append,
    AppendRating,
    ChainEnds,
    Effect,
    Event,
    HoursChanged,
    Kept,
    NewChain,
    NobodyServed,
    Pressed,
    Recorded,
    Reject,
    Ticked,
    TicketCalled,
    TicketClosed,
    TicketNoShow,
    TicketRecalled,
    TicketTransferred,
    Touched,
)
from device.core.rules import Rules
from device.core.session import TABLE, step
from device.core.session_state import Phase, Session, Standing, Visit
from wire.records import Body, Choice, Rating, Ticket

RULES = Rules(counter="Q1")
UNBOUND = replace(RULES, without="unbound")
A = Visit("visit-a", "A001", "Q1", "Quầy 1", "2026-11-22")
B = Visit("visit-b", "A002", "Q1", "Quầy 1", "2026-11-22")
EVENTS = {
    TicketCalled,
    TicketRecalled,
    TicketClosed,
    TicketTransferred,
    TicketNoShow,
    NobodyServed,
    Pressed,
    Touched,
    Recorded,
    Kept,
    ChainEnds,
    NewChain,
    HoursChanged,
    Ticked,
}


class Run:
    """A session that stores what it is told to, as the desk does, and keeps what it stored."""

    def __init__(self, rules: Rules = RULES) -> None:
        self.rules = rules
        self.session = Session()
        self.stored: list[Body] = []
        self.effects: tuple[Effect, ...] = ()

    def do(self, event: Event) -> "Run":
        self.session, self.effects = step(self.session, event, self.rules)
        for effect in self.effects:
            if isinstance(effect, Append):
                self.stored.append(effect.body)
            elif isinstance(effect, AppendRating):
                rating = effect.rating
                self.stored.append(rating)
                recorded = Recorded(
                    event.up, rating, len(self.stored), not rating.contested, effect.pressed
                )
                self.session, _ = step(self.session, recorded, self.rules)
        return self

    def press(self, up: int, choice: Choice = "satisfied") -> Rating | None:
        self.do(Pressed(up, choice, "button"))
        return next((e.rating for e in self.effects if isinstance(e, AppendRating)), None)

    @property
    def ratings(self) -> list[Rating]:
        return [body for body in self.stored if isinstance(body, Rating)]

    @property
    def refused(self) -> str | None:
        return next((effect.why for effect in self.effects if isinstance(effect, Reject)), None)


def served(rules: Rules = RULES) -> Run:
    return Run(rules).do(TicketCalled(0, A))


def test_the_table_answers_every_event_in_every_state() -> None:
    assert set(TABLE) == set(get_args(Phase))
    for phase, row in TABLE.items():
        assert set(row) == EVENTS, phase


def test_a_called_ticket_opens_its_visit_and_is_recorded() -> None:
    run = served()
    assert (run.session.phase, run.session.visit) == ("serving", A)
    assert run.stored == [Ticket("Q1", "visit-a", "A001", "called", "server", "2026-11-22", None)]


def test_the_first_press_stands() -> None:
    run = served()
    assert run.press(100, "unsatisfied") == Rating("Q1", "visit-a", "unsatisfied", "button", 1)
    assert run.session.phase == "correcting"
    assert run.session.standing == Standing(2, 100)


def test_a_rating_is_thanked_for_only_after_it_was_recorded() -> None:
    session, effects = step(served().session, Pressed(100, "satisfied", "button"), RULES)
    assert isinstance(effects[0], AppendRating)
    assert (session.phase, session.accepted_at) == ("serving", None)


def test_a_second_press_within_a_second_and_a_half_is_rejected() -> None:
    run = served()
    run.press(100)
    assert run.press(1599, "unsatisfied") is None
    assert run.refused == "locked"
    assert run.press(1600, "unsatisfied") is not None


def test_a_press_within_five_seconds_replaces_the_standing_one_and_the_last_wins() -> None:
    run = served()
    run.press(100, "unsatisfied")
    second = run.press(5100, "satisfied")
    assert second == Rating("Q1", "visit-a", "satisfied", "button", 1, replaces=2)
    third = run.press(10_100, "very_satisfied")
    assert third is not None
    assert third.replaces == 3


def test_a_press_after_five_seconds_is_contested_and_recorded() -> None:
    run = served()
    run.press(100)
    late = run.press(5101, "unsatisfied")
    assert late == Rating("Q1", "visit-a", "unsatisfied", "button", 1, contested=True)
    assert run.session.phase == "rated"
    assert run.session.standing == Standing(2, 100)


def test_a_contested_press_is_never_replaced() -> None:
    run = served()
    run.press(100)
    run.press(6000)
    again = run.press(8000)
    assert again is not None
    assert again.contested


def test_the_correction_time_ends_by_itself() -> None:
    run = served()
    run.press(100)
    assert run.do(Ticked(5100)).session.phase == "correcting"
    assert run.do(Ticked(5101)).session.phase == "rated"


def test_a_visit_that_the_journal_says_is_rated_takes_only_contested_presses() -> None:
    run = Run().do(TicketCalled(0, A, standing=7))
    assert run.session.phase == "rated"
    pressed = run.press(10)
    assert pressed is not None
    assert (pressed.contested, pressed.replaces) == (True, None)


def test_after_a_new_chain_the_standing_rating_can_no_longer_be_replaced() -> None:
    run = served()
    run.press(100)
    run.do(NewChain(200))
    pressed = run.press(2000)
    assert pressed is not None
    assert pressed.contested


def test_a_new_chain_before_any_rating_changes_nothing() -> None:
    run = served().do(NewChain(10))
    assert run.session.phase == "serving"
    assert run.session.standing is None


def test_the_next_ticket_ends_the_visit_before() -> None:
    run = served()
    run.press(100)
    run.do(TicketCalled(3000, B))
    assert (run.session.phase, run.session.standing) == ("serving", None)
    pressed = run.press(3100)
    assert pressed is not None
    assert (pressed.visit, pressed.replaces) == ("visit-b", None)


def test_a_double_press_does_not_reach_over_into_the_next_ticket() -> None:
    run = served()
    run.press(100)
    run.do(TicketCalled(200, B))
    assert run.press(300) is None
    assert run.refused == "locked"


@pytest.mark.parametrize(("wait", "rated"), [(60_000, True), (60_001, False)])
def test_a_rating_stays_open_for_a_minute_after_the_ticket_was_closed(
    wait: int, rated: bool
) -> None:
    run = served().do(TicketClosed(1000, A))
    assert run.session.phase == "closed"
    assert (run.press(1000 + wait) is not None) == rated


def test_how_long_a_rating_stays_open_is_a_setting() -> None:
    run = served(replace(RULES, open_after_closed=10_000)).do(TicketClosed(0, A))
    assert run.press(10_001) is None


def test_a_rated_visit_ends_a_minute_after_it_was_closed() -> None:
    run = served()
    run.press(100)
    run.do(TicketClosed(1000, A))
    assert run.do(Ticked(61_000)).session.phase == "rated"
    assert run.do(Ticked(61_001)).session == replace(
        run.session, phase="idle", visit=None, standing=None, ended_at=None
    )


def test_a_rating_given_in_the_last_second_can_still_be_corrected() -> None:
    run = served().do(TicketClosed(0, A))
    run.press(60_000)
    corrected = run.press(64_000)
    assert corrected is not None
    assert corrected.replaces == 3
    assert run.do(Ticked(70_000)).session.phase == "idle"


def test_a_ticket_that_was_closed_long_ago_is_recorded_and_not_open() -> None:
    run = Run().do(TicketClosed(100_000, A, ended=30_000))
    assert run.session.phase == "idle"
    assert [body.event for body in run.stored if isinstance(body, Ticket)] == ["closed"]


def test_a_ticket_of_which_only_the_closing_was_seen_can_be_rated() -> None:
    run = Run().do(TicketClosed(1000, A))
    pressed = run.press(2000)
    assert pressed is not None
    assert pressed.visit == "visit-a"


def test_closing_does_not_make_a_rated_visit_open_again() -> None:
    run = served()
    run.press(0)
    run.do(TicketClosed(100, A))
    pressed = run.press(7000)
    assert pressed is not None
    assert pressed.contested


def test_a_closed_ticket_that_is_called_again_is_open_again() -> None:
    run = served().do(TicketClosed(1000, A)).do(TicketRecalled(2000, A))
    assert (run.session.phase, run.session.ended_at) == ("serving", None)
    assert [body.event for body in run.stored if isinstance(body, Ticket)] == [
        "called",
        "closed",
        "recalled",
    ]


def test_a_recalled_ticket_keeps_its_rating() -> None:
    run = served()
    run.press(100)
    run.do(TicketRecalled(6000, A))
    assert run.session.phase == "rated"
    assert run.session.standing == Standing(2, 100)


@pytest.mark.parametrize("kind", [TicketTransferred, TicketNoShow])
def test_a_ticket_that_left_the_counter_is_no_longer_open(kind: type[TicketCalled]) -> None:
    run = served().do(kind(1000, A))
    assert (run.session.phase, run.session.visit) == ("idle", None)
    assert run.press(1100) is None


def test_the_end_of_an_earlier_ticket_is_recorded_and_does_not_end_the_visit() -> None:
    run = served().do(TicketClosed(10, B, behind=True))
    assert (run.session.phase, run.session.visit) == ("serving", A)
    assert [(t.visit, t.event) for t in run.stored if isinstance(t, Ticket)][1:] == [
        ("visit-b", "closed")
    ]


def test_another_ticket_leaving_does_not_end_the_visit() -> None:
    run = served().do(TicketTransferred(1000, B))
    assert run.session.phase == "serving"
    assert len(run.stored) == 2


def test_the_same_news_twice_is_recorded_once_but_each_recall_is() -> None:
    run = served().do(TicketCalled(10, A)).do(TicketRecalled(20, A)).do(TicketRecalled(30, A))
    assert [body.event for body in run.stored if isinstance(body, Ticket)] == [
        "called",
        "recalled",
        "recalled",
    ]


def test_what_the_journal_holds_from_before_a_restart_is_not_recorded_again() -> None:
    run = Run().do(TicketRecalled(0, A, told=True))
    assert run.session.phase == "serving"
    assert run.stored == []
    assert run.do(TicketCalled(1, A)).stored != []


def test_when_nobody_is_served_any_more_the_visit_is_treated_as_closed() -> None:
    run = served().do(NobodyServed(1000))
    assert (run.session.phase, run.session.ended_at) == ("closed", 1000)
    assert run.do(NobodyServed(2000)).session.ended_at == 1000
    assert len(run.stored) == 1


def test_nobody_served_after_a_rating_ends_the_visit_a_minute_later() -> None:
    run = served()
    run.press(100)
    run.do(NobodyServed(200))
    assert run.session.phase == "correcting"
    assert run.do(Ticked(60_201)).session.phase == "idle"


def test_without_a_ticket_one_is_asked_to_wait() -> None:
    run = Run()
    assert run.press(100) is None
    assert run.refused == "wait"
    assert run.session.told_to_wait_at == 100
    assert run.do(TicketCalled(200, A)).session.told_to_wait_at is None


def test_without_a_ticket_ratings_can_be_unbound() -> None:
    run = Run(UNBOUND)
    assert run.press(100) == Rating("Q1", None, "satisfied", "button", 1)


def test_between_unbound_ratings_there_are_five_seconds() -> None:
    run = Run(UNBOUND)
    run.press(100)
    assert run.press(5099) is None
    assert run.refused == "interval"
    again = run.press(5100)
    assert again is not None
    assert (again.replaces, again.contested) == (None, None)


def test_a_rating_that_does_not_stand_leaves_the_visit_rated() -> None:
    run = served()
    rating = Rating("Q1", "visit-a", "satisfied", "button", 1)
    session, _ = step(run.session, Recorded(50, rating, 9, False, 40), RULES)
    assert (session.phase, session.accepted_at) == ("rated", 50)


def test_a_rating_that_was_stored_after_its_visit_ended_changes_no_other_visit() -> None:
    run = served().do(TicketCalled(10, B))
    rating = Rating("Q1", "visit-a", "satisfied", "button", 1)
    session, _ = step(run.session, Recorded(50, rating, 9, True, 40), RULES)
    assert (session.phase, session.standing) == ("serving", None)
