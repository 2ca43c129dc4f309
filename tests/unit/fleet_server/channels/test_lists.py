"""What a list may name: counters where they lay on the day of the row, whatever days it names."""

from datetime import date, timedelta

import pytest

from fleet_server.channels.lists import Unreadable, looked_at, take
from fleet_server.core.channels import Fault
from fleet_server.core.roles import EVERYTHING, Scope
from fleet_server.store import database, places, unsigned
from fleet_server.store.models import UnsignedRating
from tests.fakes.desk import DAY, NINE, SAIGON

HEAD = "Channel,Choice,Day,Unit code,Counter code\n"


@pytest.fixture(autouse=True)
def moved(fleet: None) -> None:
    """A counter that lay in P1 until the 10th of November, and lies in P2 since."""
    here, there = places.add_unit("P1", "Phường 1"), places.add_unit("P2", "Phường 2")
    counter = places.add_counter("Q1", "Quầy 1", here.id)
    places.move_counter(counter.id, there.id, "2026-11-10")


def content(*rows: str) -> bytes:
    return (HEAD + "".join(f"paper,satisfied,{row}\n" for row in rows)).encode()


def test_a_counter_is_known_in_the_unit_where_it_lay_on_the_day() -> None:
    known = unsigned.known(places.tree(), EVERYTHING, DAY)
    found = looked_at(content("2026-11-09,P1,Q1", "2026-11-10,P2,Q1"), "x.csv", known)
    assert [(row.unit, row.counter) for row in found.rows] == [(1, 1), (2, 1)]
    [wrong] = looked_at(content("2026-11-10,P1,Q1"), "x.csv", known).wrong
    assert wrong.faults == (Fault("counter", "elsewhere", "Q1"),)


def test_units_outside_of_the_branch_are_not_known() -> None:
    known = unsigned.known(places.tree(), Scope(frozenset({2})), DAY)
    with pytest.raises(Unreadable):
        take(content("2026-11-09,P1,"), "x.csv", known, "person:lan", NINE, SAIGON)
    assert UnsignedRating.select().count() == 0


def test_thousands_of_days_in_one_list_ask_the_database_no_more_than_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    execute = type(database.proxy.obj).execute_sql

    def counting(self: object, sql: str, *args: object, **more: object) -> object:
        asked.append(sql)
        return execute(self, sql, *args, **more)

    days = [(date(2026, 11, 9) - timedelta(days=n)).isoformat() for n in range(3_000)]
    known = unsigned.known(places.tree(), EVERYTHING, DAY)
    monkeypatch.setattr(type(database.proxy.obj), "execute_sql", counting)
    found = looked_at(content(*(f"{day},P1,Q1" for day in days)), "x.csv", known)
    assert (len(found.rows), len(asked)) == (3_000, 2)
