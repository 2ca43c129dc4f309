"""Signals: one for each counter and rule, growing while it lasts, and ruled on."""

import json
from datetime import date, timedelta

import pytest

from fleet_server.core.days import named_day
from fleet_server.core.signals.ruling import Ruling, RulingError
from fleet_server.core.signals.tally import Tally
from fleet_server.store import deliveries, places, signals, webhooks
from fleet_server.store.database import writing
from fleet_server.store.models import Signal, Unit, WebhookEvent
from fleet_server.store.webhooks import Wish
from tests.fakes.desk import NINE, SAIGON, add_counter
from tests.fakes.shadow import tallies

FIRST = date(2026, 11, 2)
BAD = tallies(end_burst=Tally(2, 2, (5, 6)))
NONE = tallies(end_burst=Tally(0, 2))


@pytest.fixture(autouse=True)
def counter(fleet: None) -> None:
    add_counter("C1")


def day(number: int) -> str:
    return (FIRST + timedelta(days=number)).isoformat()


def look(last: int, bad: range = range(0, 100)) -> list[Signal]:
    """Look on the evening of a day, after days of which some were bad."""
    days = [(day(n), BAD if n in bad else NONE) for n in range(max(0, last - 29), last + 1)]
    with writing():
        signals.judge(1, days, NINE + last, SAIGON)
    return list(Signal.select().order_by(Signal.id))


def ruled(verdict: str, on: int) -> None:
    at = named_day(day(on), SAIGON).start
    with writing():
        signals.rule(1, Ruling(verdict, "person:lan", at, "Đã xem."))  # type: ignore[arg-type]


def test_what_is_no_longer_chance_is_opened_once_and_says_what_was_counted() -> None:
    assert look(0) == []
    [one] = look(1)
    assert (one.rule, one.severity, one.verdict) == ("end_burst", "notable", None)
    assert (one.since, one.until, one.last_day) == (day(0), day(1), day(1))
    assert (one.hits, one.of, one.honest, one.moments) == (4, 4, 0.02, [5, 6, 5, 6])
    assert (one.unit_id, one.opened_at) == (Unit.get().id, NINE + 1)


def test_it_grows_while_it_lasts_to_the_most_telling_look() -> None:
    look(1)
    [one] = look(5)
    assert (one.hits, one.until, one.last_day, one.severity) == (12, day(5), day(5), "strong")
    [later] = look(9, range(0, 6))
    assert (later.hits, later.until, later.last_day) == (12, day(5), day(9))
    assert later.opened_at == one.opened_at


def test_after_a_month_without_it_a_new_one_is_opened() -> None:
    look(1, range(0, 2))
    assert [one.last_day for one in look(33, range(31, 100))] == [day(1), day(33)]


def test_days_that_were_ruled_on_are_not_judged_again() -> None:
    look(1)
    ruled("upheld", 2)
    assert [one.until for one in look(3)] == [day(1)]
    first, second = look(4)
    assert (first.until, first.verdict, second.since) == (day(1), "upheld", day(3))


def test_a_dismissed_one_is_quiet_for_thirty_days() -> None:
    look(1)
    ruled("dismissed", 2)
    assert len(look(32)) == 1
    assert [one.since for one in look(33)][1:] == [day(4)]


def test_other_rules_are_not_quiet_for_that() -> None:
    look(1)
    ruled("dismissed", 2)
    night = tallies(outside_hours=Tally(1, 1, (9,)))
    with writing():
        signals.judge(1, [(day(n), night) for n in range(9)], NINE, SAIGON)
    assert [one.rule for one in Signal.select().order_by(Signal.id)] == [
        "end_burst", "outside_hours",
    ]  # fmt: skip


def test_the_last_ruling_stands_and_the_others_stay() -> None:
    look(1)
    ruled("dismissed", 2)
    ruled("upheld", 3)
    assert [one.verdict for one in signals.rulings(1)] == ["dismissed", "upheld"]
    assert Signal.get().verdict == "upheld"
    with pytest.raises(RulingError):
        ruled("dismissed", 1)


def test_who_subscribed_hears_once_of_what_was_opened_in_their_branch() -> None:
    elsewhere = places.add_unit("V", "Another")
    hooks = [
        webhooks.add(Wish("https://a.example/", ("signal.opened",), unit, True, ""), NINE, "test")[
            0
        ]
        for unit in (None, Unit.get(Unit.code == "U").id, elsewhere.id)
    ]
    for last in (1, 2, 3):
        look(last)
    [event] = WebhookEvent.select()
    assert json.loads(event.body)["data"] == {
        "signal": 1, "counter": "C1", "unit": "U", "rule": "end_burst", "severity": "notable",
        "since": day(0), "until": day(1), "hits": 4, "of": 4,
    }  # fmt: skip
    assert deliveries.counts(hooks) == {(hook, "waiting"): 1 for hook in hooks[:2]}


def test_it_is_of_the_unit_where_the_counter_lay_on_that_day() -> None:
    other = places.add_unit("V", "Another")
    places.add_counter("C2", "Quầy 2", other.id)
    with writing():
        signals.judge(2, [(day(n), BAD) for n in range(3)], NINE, SAIGON)
    assert Signal.get().unit_id == other.id
