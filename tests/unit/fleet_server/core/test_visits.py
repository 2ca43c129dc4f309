"""How visits went: one day of one counter, by what its sources told."""

from datetime import UTC

import pytest

from fleet_server.core.days import named_day
from fleet_server.core.visits import Event, EventName, Source, Visit, visits_of

DAY = named_day("2026-11-22", UTC)
MINUTE = 60_000
HOUR = 60 * MINUTE
NINE = DAY.start + 9 * HOUR


def events(*told: tuple[str, EventName, int] | tuple[str, EventName, int, Source]) -> list[Event]:
    """Events told as (visit, event, minutes after nine, source)."""
    return [
        Event(
            visit=one[0],
            event=one[1],
            at=NINE + one[2] * MINUTE,
            source=one[3] if len(one) == 4 else "rest",
            order=order,
        )
        for order, one in enumerate(told)
    ]


def visits(
    *told: tuple[str, EventName, int] | tuple[str, EventName, int, Source],
) -> dict[str, Visit]:
    return {visit.id: visit for visit in visits_of(events(*told))}


def ends(
    *told: tuple[str, EventName, int] | tuple[str, EventName, int, Source],
) -> dict[str, str | None]:
    return {visit.id: visit.ended for visit in visits_of(events(*told))}


def test_a_closed_visit_is_served() -> None:
    visit = visits(("a", "called", 0), ("a", "closed", 5))["a"]
    assert visit.served
    assert (visit.called_at, visit.served_at) == (NINE, NINE + 5 * MINUTE)


def test_a_visit_that_was_only_called_is_not_served_yet() -> None:
    visit = visits(("a", "called", 0))["a"]
    assert not visit.served
    assert visit.ended is None


def test_a_called_visit_followed_by_another_is_served() -> None:
    found = visits(("a", "called", 0), ("b", "called", 7))
    assert found["a"].ended == "followed"
    assert found["a"].served_at == NINE + 7 * MINUTE
    assert found["b"].ended is None


@pytest.mark.parametrize("end", ["no_show", "transferred"])
def test_a_visit_that_ended_otherwise_is_not_served_though_followed(end: EventName) -> None:
    visit = visits(("a", "called", 0), ("a", end, 1), ("b", "called", 7))["a"]
    assert visit.ended == end
    assert not visit.served
    assert visit.served_at is None


def test_closed_without_having_been_called_is_served() -> None:
    visit = visits(("a", "closed", 5))["a"]
    assert visit.served
    assert visit.called_at is None


def test_being_followed_by_a_visit_that_was_not_called_is_no_proof() -> None:
    assert ends(("a", "called", 0), ("b", "transferred", 7))["a"] is None


def test_a_no_show_called_again_may_still_be_served() -> None:
    assert ends(
        ("a", "called", 0), ("a", "no_show", 1), ("a", "recalled", 5), ("b", "called", 9)
    ) == {"a": "followed", "b": None}


def test_of_two_visits_called_in_turn_the_one_called_last_is_still_open() -> None:
    told = ends(("a", "called", 0), ("b", "called", 1), ("a", "recalled", 2))
    assert told == {"a": None, "b": "followed"}


def test_the_last_visit_of_a_day_is_served_once_the_terminal_saw_it_end() -> None:
    assert ends(("a", "called", 0), ("a", "ended", 5, "terminal")) == {"a": "followed"}


def test_a_visit_that_is_called_again_after_its_end_is_open_again() -> None:
    told = (("a", "called", 0), ("a", "ended", 5, "terminal"), ("a", "recalled", 6))
    assert ends(*told) == {"a": None}


@pytest.mark.parametrize("end", ["no_show", "transferred"])
def test_what_was_told_of_an_end_stands_against_what_was_assumed(end: EventName) -> None:
    told = (("a", "called", 0), ("a", end, 4), ("a", "ended", 5, "terminal"))
    assert ends(*told) == {"a": end}


def test_an_end_without_a_call_is_no_serving() -> None:
    assert ends(("a", "ended", 5, "terminal")) == {"a": None}


def test_a_visit_called_twice_in_a_row_is_not_followed_by_itself() -> None:
    assert ends(("a", "called", 0), ("a", "recalled", 1)) == {"a": None}


def test_closed_in_one_source_is_served_whatever_the_other_says() -> None:
    visit = visits(("a", "called", 0), ("a", "no_show", 1), ("a", "closed", 4, "terminal"))["a"]
    assert visit.ended == "closed"
    assert visit.disagreement == "different_end"


def test_a_no_show_is_void_where_the_other_source_called_the_visit_later() -> None:
    told = ends(
        ("a", "called", 0, "terminal"),
        ("a", "no_show", 1, "terminal"),
        ("a", "called", 0),
        ("a", "recalled", 3),
        ("b", "called", 9),
    )
    assert told["a"] == "followed"


def test_of_two_ends_that_are_no_service_the_later_one_counts() -> None:
    visit = visits(("a", "called", 0), ("a", "no_show", 2), ("a", "transferred", 1, "terminal"))[
        "a"
    ]
    assert visit.ended == "no_show"
    assert visit.disagreement == "different_end"


def test_a_visit_shows_its_sources() -> None:
    found = visits(("a", "called", 0), ("a", "called", 0, "terminal"), ("b", "called", 0))
    assert (found["a"].by_rest, found["a"].by_terminal) == (True, True)
    assert (found["b"].by_rest, found["b"].by_terminal) == (True, False)


def test_the_same_end_in_both_sources_is_no_disagreement() -> None:
    assert visits(("a", "closed", 0), ("a", "closed", 1, "terminal"))["a"].disagreement is None


def test_an_end_that_only_one_source_told_is_no_disagreement() -> None:
    assert visits(("a", "closed", 0), ("a", "called", 0, "terminal"))["a"].disagreement is None


def test_a_visit_that_the_terminal_missed_is_shown() -> None:
    found = visits(("a", "called", 0), ("b", "called", 5), ("b", "called", 5, "terminal"))
    assert found["a"].disagreement == "only_rest"
    assert found["b"].disagreement is None


def test_a_visit_that_the_queue_system_missed_is_shown() -> None:
    found = visits(("a", "called", 0, "terminal"), ("b", "called", 5))
    assert found["a"].disagreement == "only_terminal"


def test_a_source_that_is_only_a_minute_behind_is_no_disagreement() -> None:
    assert visits(("a", "called", 0), ("b", "closed", 1, "terminal"))["a"].disagreement is None


def test_a_counter_with_one_source_has_no_disagreement() -> None:
    assert visits(("a", "called", 0), ("b", "called", 50))["a"].disagreement is None


def test_an_estimated_time_does_not_decide_the_hour_where_there_is_a_better_one() -> None:
    guess = Event("a", "called", NINE - HOUR, "terminal", 0, estimated=True)
    sure = Event("a", "called", NINE, "rest", 1)
    assert visits_of([guess, sure])[0].first_at == NINE
    assert visits_of([guess])[0].first_at == NINE - HOUR


def late(*told: tuple[str, EventName, int], order: int = 100) -> list[Event]:
    """What the queue system told when the day was over, as (visit, event, minutes after nine)."""
    return [
        Event(visit, event, NINE + minutes * MINUTE, "rest", order + number, late=True)
        for number, (visit, event, minutes) in enumerate(told)
    ]


OTHERS: tuple[EventName, ...] = ("called", "recalled", "no_show", "transferred", "closed")


@pytest.mark.parametrize("word", OTHERS)
def test_a_late_word_overturns_no_end_that_was_told_in_time(word: EventName) -> None:
    for told in (
        (("a", "called", 0), ("a", "closed", 5)),
        (("a", "called", 0), ("a", "no_show", 5)),
        (("a", "called", 0), ("b", "called", 5)),
        (("a", "called", 0, "terminal"), ("a", "ended", 5, "terminal")),
    ):
        before = events(*told)
        for minutes in (-1, 3, 9):
            [first, *_] = visits_of(before)
            after = {one.id: one for one in visits_of([*before, *late(("a", word, minutes))])}["a"]
            assert (after.ended, after.served_at, after.called_at) == (
                first.ended, first.served_at, first.called_at,
            )  # fmt: skip


@pytest.mark.parametrize("end", ["closed", "no_show", "transferred"])
def test_a_late_end_fills_in_where_there_was_none(end: EventName) -> None:
    [visit] = visits_of([*events(("a", "called", 0)), *late(("a", end, 5))])
    assert visit.ended == end
    assert visit.called_at == NINE


def test_a_late_call_follows_a_visit_that_had_no_end() -> None:
    [first, second] = visits_of([*events(("a", "called", 0)), *late(("b", "called", 5))])
    assert (first.ended, second.ended) == ("followed", None)


@pytest.mark.parametrize("word", OTHERS)
def test_late_words_say_nothing_of_the_end_of_a_rated_visit(word: EventName) -> None:
    before = events(("a", "called", 0, "terminal"))
    for more in (late(("a", word, 5)), late(("b", word, 5))):
        after = visits_of([*before, *more], {"a"})
        assert {one.id: one.ended for one in after}["a"] is None


def test_a_visit_that_only_late_words_tell_of_is_served() -> None:
    [visit] = visits_of(late(("a", "called", 0), ("a", "closed", 5)))
    assert (visit.served, visit.called_at, visit.served_at) == (True, NINE, NINE + 5 * MINUTE)


def test_a_rated_visit_that_only_late_words_tell_of_counts_for_no_participation() -> None:
    [visit] = visits_of(late(("a", "called", 0), ("a", "closed", 5)), {"a"})
    assert (visit.ended, visit.served_at) == (None, None)


def test_a_late_word_does_not_move_the_beginning_of_a_visit() -> None:
    before = events(("a", "called", 90))
    [visit] = visits_of([*before, *late(("a", "called", 0))])
    assert visit.first_at == NINE + 90 * MINUTE
    guess = Event("a", "called", NINE - HOUR, "terminal", 0, estimated=True)
    assert visits_of([guess, *late(("a", "called", 0))])[0].first_at == NINE - HOUR


def test_what_only_late_words_tell_of_began_when_the_first_of_them_says() -> None:
    [visit] = visits_of(late(("a", "called", 90), ("a", "called", 0), ("a", "closed", 99)))
    assert visit.first_at == NINE + 90 * MINUTE


def test_late_words_show_that_the_queue_system_did_not_miss_a_visit() -> None:
    before = events(("a", "called", 0, "terminal"), ("b", "called", 5))
    assert visits_of(before)[0].disagreement == "only_terminal"
    [visit, _] = visits_of([*before, *late(("a", "called", 0))])
    assert (visit.by_rest, visit.disagreement) == (True, None)
