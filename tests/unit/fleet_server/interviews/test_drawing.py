"""Each week some of those who were served are drawn, step by step, and once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from fleet_server.contact_key import Reach
from fleet_server.core.draw_published import read, repeated, written
from fleet_server.interviews import drawing
from fleet_server.interviews.closing import By
from fleet_server.interviews.drawing import Weekly, finish, week_of
from fleet_server.settings import InterviewsSection, Settings
from fleet_server.store import audit_log, contacts, database, draws
from fleet_server.store.contacts import Given
from fleet_server.store.database import writing
from fleet_server.store.models import Chain, DrawLine, Visit, WeeklyDraw
from tests.fakes.desk import HOUR, MINUTE, NINE, SAIGON, Desk
from tests.fakes.draws import KEY, NAMES, WITNESS, by_server
from tests.fakes.fleets import new_fleet

DAY_MS = 24 * HOUR
MONDAY = NINE + DAY_MS
"""Nine o'clock of Monday, 23 November 2026."""
WEEK = "2026-W48"
SERVER = by_server(MONDAY)
LAN = By(1, "person:lan@x.vn", MONDAY, date(2026, 11, 23))


@pytest.fixture
def fleet(engine: str, tmp_path: Path) -> Iterator[Settings]:
    """A fleet with a counter that served thirty people on Sunday."""
    found = new_fleet(tmp_path / "fleet")
    database.open_database(found.database.url)
    desk = Desk()
    for number in range(30):
        desk.ticket(f"v-{number}", "closed", number * MINUTE)
    yield found
    database.close()


def reach(*numbers: int, days: int = 60, taken: date = date(2026, 11, 22)) -> None:
    for number in numbers:
        given = Given(f"v-{number}", Reach("Lan", f"0901{number:06}"), NINE, taken, days, "server")
        contacts.take(given, KEY)


def look(fleet: Settings, now: int = MONDAY, **said: object) -> None:
    section = replace(InterviewsSection(), **said)  # type: ignore[arg-type]
    Weekly(replace(fleet, interviews=section)).look(now, SAIGON)


def actions() -> list[str]:
    return [one.action for one in audit_log.newest(20)[::-1] if one.action.startswith("draw.")]


def test_a_week_is_named_by_its_year_and_number() -> None:
    assert [week_of(date(2026, 11, 23)), week_of(date(2027, 1, 3))] == ["2026-W48", "2026-W53"]


def test_at_its_hour_the_list_is_sealed_then_the_heads_are_taken_then_it_is_drawn(
    fleet: Settings,
) -> None:
    reach(*range(20))
    look(fleet, MONDAY - 2 * HOUR)
    assert draws.listed() == []
    look(fleet, MONDAY - HOUR)
    look(fleet, MONDAY)
    [row] = draws.listed()
    assert (row.week, row.state, row.tickets) == (WEEK, "drawn", 20)
    assert actions() == ["draw.seal", "draw.pulse", "draw.draw"]
    held = draws.row(WEEK)
    assert held.left_out == {"no_contact": 10}
    assert (held.first_day, held.last_day, held.hash) == (
        "2026-10-26", "2026-11-22", draws.sealed_of(held).hash,
    )  # fmt: skip
    lines = draws.lines(held)
    assert len(lines) == 7
    visits = {f"v-{number}" for number in range(20)}
    assert {one.visit for one in lines} <= visits
    assert all(one.citizen and one.unit_id == 1 and one.counter_id == 1 for one in lines)


def test_what_is_published_repeats_to_the_same(fleet: Settings) -> None:
    reach(*range(20))
    look(fleet)
    found = read(written(draws.published(draws.row(WEEK))).encode())
    again, faults = repeated(found)
    assert faults == []
    assert [one.ticket for one in again.drawn] == [one.name for one in DrawLine.select()]


def test_without_contact_data_from_before_there_is_no_draw(fleet: Settings) -> None:
    look(fleet)
    reach(0, taken=date(2026, 11, 23))
    look(fleet)
    assert draws.listed() == []


def test_nobody_on_the_list_is_a_draw_of_nobody(fleet: Settings) -> None:
    reach(0, days=3)
    look(fleet)
    assert [(one.state, one.tickets) for one in draws.listed()] == [("drawn", 0)]
    assert draws.row(WEEK).left_out == {"no_contact": 30}


def test_a_process_that_was_killed_goes_on_where_it_was(
    fleet: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    reach(*range(9))

    def dies(*_: object) -> bool:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(drawing, "finish", dies)
        with pytest.raises(RuntimeError):
            look(fleet)
    assert [one.state for one in draws.listed()] == ["sealed"]
    before = draws.row(WEEK).hash
    reach(20)
    look(fleet, MONDAY + 3 * DAY_MS)
    [row] = draws.listed()
    assert row.state == "drawn"
    assert draws.row(WEEK).hash == before, "a sealed list doesn't change"


def test_a_stop_on_the_day_itself_only_makes_it_later_in_the_week(fleet: Settings) -> None:
    reach(*range(9))
    look(fleet, MONDAY + 4 * DAY_MS, weekday=2)
    assert draws.row(WEEK).day == "2026-11-27"


def test_who_was_drawn_lately_is_not_on_the_list_until_half_a_year_is_over(
    fleet: Settings,
) -> None:
    reach(*range(9))
    look(fleet)
    drawn = {one.citizen for one in DrawLine.select()}
    look(fleet, MONDAY + 7 * DAY_MS)
    held = draws.row("2026-W49")
    assert held.left_out == {"no_contact": 21, "drawn_lately": 7}
    assert not drawn & {one.citizen for one in draws.lines(held)}
    look(fleet, MONDAY + 182 * DAY_MS)
    assert all(one.citizen is None for one in draws.lines(draws.row(WEEK)))


def test_a_witness_speaks_once_list_and_heads_are_fixed(fleet: Settings) -> None:
    reach(*range(9))
    look(fleet, witness=WITNESS)
    held = draws.row(WEEK)
    assert (held.state, held.due) == ("pulsed", "2026-11-29")
    assert actions() == ["draw.seal", "draw.pulse"]
    for said in ("", "42173", "ĐB 042173"):
        with writing(), pytest.raises(ValueError, match="the witness said is written 999999"):
            finish(WEEK, NAMES, said, SERVER)
    with writing():
        assert finish(WEEK, NAMES, "042173", LAN)
        assert not finish(WEEK, NAMES, "999999", SERVER)
        assert not finish("2026-W01", NAMES, "", SERVER)
    found = draws.published(draws.row(WEEK))
    assert (found.witnessed, repeated(found)[1]) == ("042173", [])
    assert audit_log.newest(1)[0].actor == "person:lan@x.vn"


def test_a_witness_that_is_not_entered_in_time_lets_the_draw_lapse(fleet: Settings) -> None:
    reach(*range(9))
    look(fleet, witness=WITNESS)
    look(fleet, MONDAY + 6 * DAY_MS, witness=WITNESS)
    assert draws.row(WEEK).state == "pulsed"
    look(fleet, MONDAY + 7 * DAY_MS, witness=WITNESS)
    assert draws.row(WEEK).state == "lapsed"
    assert not finish(WEEK, NAMES, "042173", LAN)
    assert DrawLine.select().count() == 0
    assert WeeklyDraw.select().count() == 2


def test_chains_that_a_forger_gave_the_same_id_are_both_among_the_heads(fleet: Settings) -> None:
    held = Chain.get()
    other = Desk("t-2", "C2")
    Chain.update(chain_id=held.chain_id).where(Chain.id == other.chain.id).execute()
    assert sorted(draws.heads()) == [held.chain_id, f"{held.chain_id}~2"]


def test_two_processes_draw_once(fleet: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    reach(*range(9))
    look(fleet)
    seed = draws.row(WEEK).seed
    with monkeypatch.context() as patch:
        patch.setattr(draws, "sealed_ones", lambda: [WEEK])  # as another saw it a moment ago
        answers = iter([False, True])
        patch.setattr(draws, "is_sealed", lambda _week: next(answers))
        look(fleet)
    assert draws.row(WEEK).seed == seed
    assert actions() == ["draw.seal", "draw.pulse", "draw.draw"]


def test_who_no_longer_agrees_is_told_apart_from_who_can_not_be_reached(fleet: Settings) -> None:
    reach(*range(9))
    with writing():
        contacts.withdraw(["v-0", "v-1"], actor="server", at=NINE, day=date(2026, 11, 22))
    look(fleet)
    assert draws.row(WEEK).left_out == {"no_contact": 21, "no_consent": 2}


def test_a_ticket_that_no_terminal_told_of_is_on_no_list(fleet: Settings) -> None:
    reach(*range(10))
    Visit.update(by_terminal=False).where(Visit.id.in_(["v-0", "v-1", "v-29"])).execute()
    look(fleet)
    assert draws.row(WEEK).tickets == 8
    assert draws.row(WEEK).left_out == {"no_contact": 20, "untold": 2}
