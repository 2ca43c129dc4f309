"""The figures say what the records say, or it is told in words."""

from collections.abc import Collection
from dataclasses import replace

import pytest

from fleet_server.core.figures import Held, HeldEvent, HeldRating, compare
from wire.records import Boot, Rating, Record, Stamp, Ticket

STAMP = Stamp("t-1", "c" * 32, 5, "p", "b" * 32, 77, 9_000, "synced")
RATING = Record(STAMP, Rating("A1", "v-1", "unsatisfied", "button", 1, replaces=4))
UNBOUND = Record(STAMP, Rating("A1", None, "unsatisfied", "button", 1))
TICKET = Record(STAMP, Ticket("A1", "v-1", "017", "called", "server"))
AS_SAID = HeldRating("v-1", 9_000, "exact", 77, 4, False, True, False)
NO_VISIT = HeldRating(None, 9_000, "exact", 77, None, False, False, False)
EVENT = HeldEvent("v-1", "called", 9_000, "exact")


def names(visit: str) -> Collection[str]:
    return {"queue-9": ["v-1"]}.get(visit, ())


def wrong(record: Record, held: Held) -> list[str]:
    return compare(record, held, names)


def test_a_rating_as_its_record_says_is_right() -> None:
    assert wrong(RATING, Held(False, True, AS_SAID)) == []
    assert wrong(UNBOUND, Held(False, True, NO_VISIT)) == []


def test_a_closing_that_was_only_assumed_is_held_as_an_end() -> None:
    record = Record(STAMP, Ticket("A1", "v-1", "017", "closed", "lan", assumed=True))
    assert wrong(record, Held(False, True, event=replace(EVENT, event="ended"))) == []
    assert len(wrong(record, Held(False, True, event=replace(EVENT, event="closed")))) == 1


@pytest.mark.parametrize("visit", ["v-1@A1", "queue-9"])
def test_a_visit_may_stand_under_another_name_that_is_known(visit: str) -> None:
    assert wrong(RATING, Held(False, True, replace(AS_SAID, visit=visit))) == []
    assert wrong(TICKET, Held(False, True, event=replace(EVENT, visit=visit))) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"visit": "v-2"}, "names visit v-1, but the figures say v-2"),
        ({"at": 8_000}, "was written at 1970-01-01T00:00:09.000Z, but the figures say another"),
        ({"at_quality": "estimated"}, "has a clock that was synced, but is estimated"),
        ({"up": 78}, "is another correction in the figures than it says"),
        ({"replaces": None}, "is another correction in the figures than it says"),
        ({"flagged": True}, "is another correction in the figures than it says"),
    ],
)
def test_a_rating_that_was_changed_in_the_figures_is_told(
    change: dict[str, object], told: str
) -> None:
    found = wrong(RATING, Held(False, True, replace(AS_SAID, **change)))  # type: ignore[arg-type]
    assert len(found) == 1
    assert found[0].startswith(told)


def test_a_rating_bound_to_a_visit_that_it_does_not_name_is_told() -> None:
    held = replace(NO_VISIT, visit="v-1", standing=True)
    assert wrong(UNBOUND, Held(False, True, held)) == [
        "names visit none, but the figures say v-1",
        "names no visit, but is judged like one that does",
    ]
    unbind = replace(AS_SAID, visit=None)
    assert wrong(RATING, Held(False, True, unbind)) == ["names visit v-1, but the figures say none"]


def test_a_time_that_was_worked_out_is_not_compared() -> None:
    unset = Record(replace(STAMP, clock="unset"), UNBOUND.body)
    held = replace(NO_VISIT, at=1, at_quality="derived")
    assert wrong(unset, Held(False, True, held)) == []


def test_a_ticket_record_is_an_event() -> None:
    assert wrong(TICKET, Held(False, True, event=EVENT)) == []
    assert wrong(TICKET, Held(False, True)) == ["is a ticket record, but no event in the figures"]
    assert wrong(TICKET, Held(False, True, event=replace(EVENT, event="no_show"))) == [
        "says called, but the figures say no_show"
    ]


def test_what_a_terminal_says_is_never_late() -> None:
    assert wrong(TICKET, Held(False, True, event=replace(EVENT, late=True))) == [
        "is what a terminal says, but is late in the figures"
    ]


@pytest.mark.parametrize(("disputed", "counts"), [(True, True), (False, False)])
def test_a_ticket_record_that_does_not_count_is_no_event(disputed: bool, counts: bool) -> None:
    assert wrong(TICKET, Held(disputed, counts)) == []
    assert wrong(TICKET, Held(disputed, counts, event=EVENT)) == [
        "does not count, but is an event in the figures"
    ]


def test_nothing_else_is_an_event() -> None:
    boot = Record(STAMP, Boot("1.0.0", "1.0.0"))
    assert wrong(boot, Held(False, True)) == []
    assert wrong(boot, Held(False, True, event=EVENT)) == [
        "is no ticket record, but counts as one in the figures"
    ]
