"""What is shown, from the state of the session (device/core/view.py)."""

from dataclasses import replace

import pytest

from device.core.events import Pressed, Recorded, TicketCalled, TicketClosed
from device.core.policy import Item
from device.core.rules import Rules
from device.core.session import step
from device.core.session_state import Session, Visit
from device.core.targets import Target
from device.core.view import View, targets_of, view
from wire.records import CHOICES, Choice, Rating

RULES = Rules(counter="Q1")
UNBOUND = replace(RULES, without="unbound")
A = Visit("visit-a", "A001", "Q1", "Quầy 1 · Hộ tịch")
SERVED, _ = step(Session(), TicketCalled(0, A), RULES)


def rated(choice: Choice = "satisfied", up: int = 1000, session: Session = SERVED) -> Session:
    rating = Rating("Q1", session.visit.id if session.visit else None, choice, "button", 1)
    return step(session, Recorded(up, rating, 2, True, up), RULES)[0]


def show(session: Session, up: int, rules: Rules = RULES) -> View:
    return view(session, up, rules, "Quầy 1")


def test_a_served_ticket_is_shown_with_its_counter_and_the_three_choices_best_first() -> None:
    assert show(SERVED, 0) == View("rate", "Quầy 1 · Hộ tịch", "A001", CHOICES)
    assert CHOICES == ("very_satisfied", "satisfied", "unsatisfied")


def test_a_closed_ticket_can_still_be_rated() -> None:
    closed, _ = step(SERVED, TicketClosed(100, A), RULES)
    assert show(closed, 200).kind == "rate"


@pytest.mark.parametrize("up", [1000, 1600, 2499, 2500, 6000, 6500, 90_000])
def test_what_is_shown_after_a_press_is_the_same_for_every_choice(up: int) -> None:
    assert len({show(rated(choice), up) for choice in CHOICES}) == 1


@pytest.mark.parametrize(
    ("after", "kind"), [(0, "thanks"), (1499, "thanks"), (1500, "correction"), (5000, "correction")]
)
def test_thanks_come_first_and_then_the_offer_to_correct(after: int, kind: str) -> None:
    assert show(rated(), 1000 + after).kind == kind


def test_after_the_correction_the_answer_stays_recorded_without_any_choice() -> None:
    over, _ = step(rated(), Pressed(1100, "satisfied", "button"), RULES)
    over = replace(over, phase="rated")
    assert show(over, 6100) == View("recorded", "Quầy 1 · Hộ tịch", "A001")


def test_a_contested_press_is_thanked_for_like_any_other() -> None:
    contested = replace(rated(), phase="rated", accepted_at=20_000)
    assert show(contested, 23_999).kind == "thanks"
    assert show(contested, 24_000).kind == "recorded"


def test_a_recorded_answer_that_nobody_looks_at_dims_and_moves() -> None:
    over = replace(rated(), phase="rated")
    assert not show(over, 60_999).dim
    first, second = show(over, 61_000), show(over, 81_000)
    assert first.dim
    assert first.place != second.place


def test_a_visit_that_is_rated_and_over_shows_the_idle_screen() -> None:
    over = replace(rated(), phase="rated", ended_at=5000)
    assert show(over, 10_000).kind == "idle"


def test_the_next_ticket_waits_until_the_citizen_has_been_thanked() -> None:
    following, _ = step(rated(), TicketCalled(1200, replace(A, id="b", ticket="A002")), RULES)
    assert show(following, 2499).kind == "thanks"
    assert show(following, 2500) == View("rate", "Quầy 1 · Hộ tịch", "A002", CHOICES)


def test_the_idle_screen_is_dim_and_moves() -> None:
    assert show(Session(), 0) == View("idle", "Quầy 1", dim=True)
    assert show(Session(), 20_000).place == 1


def test_who_presses_without_a_ticket_is_asked_to_wait_for_four_seconds() -> None:
    told, _ = step(Session(), Pressed(100, "satisfied", "touch"), RULES)
    assert show(told, 4099) == View("wait", "Quầy 1")
    assert show(told, 4100).kind == "idle"


def test_where_unbound_ratings_are_taken_the_choices_are_always_there() -> None:
    shown = show(Session(accepted_at=0), 30_000, UNBOUND)
    assert shown == View("rate", "Quầy 1", None, CHOICES)
    assert show(Session(accepted_at=0), 60_000, UNBOUND).dim
    assert show(Session(), 0, UNBOUND).choices == CHOICES


def test_an_unbound_rating_is_thanked_for_during_four_seconds() -> None:
    after = rated(session=Session())
    assert [show(after, up, UNBOUND).kind for up in (1000, 4999, 5000)] == [
        "thanks",
        "thanks",
        "rate",
    ]


def test_choices_items_and_keys_are_what_can_be_touched() -> None:
    shown = View("rate", "Quầy 1", None, CHOICES[:1], keys=("skip",), items=(Item("a"),))
    assert targets_of(shown) == (
        Target("choice", "very_satisfied"),
        Target("item", "a"),
        Target("key", "skip"),
    )
