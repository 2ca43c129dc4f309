"""The small district as a fleet has taken it."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from peewee import fn

from fleet_server import scrub
from fleet_server.cli import main
from fleet_server.core.days import day_on
from fleet_server.core.participation import COUNTED
from fleet_server.district.cache import held, usable
from fleet_server.district.founding import taking_of
from fleet_server.district.growing import grow
from fleet_server.district.kept import NAME, Kept, keep, load
from fleet_server.district.pulse import Pulse
from fleet_server.errors import FleetError
from fleet_server.settings import Settings
from fleet_server.store import database, rollups
from fleet_server.store.models import (
    AlarmRow,
    CaseEvent,
    CaseFile,
    Command,
    CounterPlace,
    Downlink,
    Hourly,
    Matter,
    Rating,
    Signal,
    Terminal,
    TerminalSpan,
    TerminalStatus,
    Unit,
    Visit,
)
from fleet_server.store.models import Counter as Place
from tests.fakes.district import NOW, SMALL, TODAY, found_district
from tests.fakes.fleets import new_fleet

pytestmark = pytest.mark.timeout(600)
HOUR, DAY = 3_600_000, 86_400_000


def hours(until: str) -> list[tuple[Any, ...]]:
    """Return the roll-ups up to a day."""
    names = ("counter", "hour", *COUNTED)
    query = Hourly.select(*(getattr(Hourly, name) for name in names))
    return sorted(query.where(Hourly.day <= until).tuples())


def steps(until: int) -> list[tuple[Any, ...]]:
    """Return what happened to cases of ratings up to a moment; complaints open as they arrive."""
    names = (CaseFile.key, CaseEvent.seq, CaseEvent.at, CaseEvent.who, CaseEvent.step)
    query = CaseEvent.select(*names, CaseEvent.body).join(CaseFile)
    held = query.where(CaseEvent.at <= until, CaseFile.grain == "rating")
    return sorted((*row[:-1], repr(row[-1])) for row in held.tuples())


def sums(code: str) -> dict[str, int]:
    place = Place.get(Place.code == code)
    names = COUNTED
    query = Hourly.select(*(fn.SUM(getattr(Hourly, name)) for name in names))
    [row] = query.where(Hourly.counter == place).tuples()
    return dict(zip(names, row, strict=True))


@pytest.mark.usefixtures("fleet")
def test_there_is_something_of_everything() -> None:
    kinds = {kind for (kind,) in Matter.select(Matter.kind).tuples()}
    assert kinds >= {
        "clock", "fault", "fork", "new_chain", "other_counter", "poison", "revoked_key",
        "unknown_counter", "unvouched",
    }  # fmt: skip
    assert Matter.select().where(Matter.closed_by.is_null(False)).exists()
    flags = (Rating.standing, Rating.contested, Rating.disputed, Rating.unbound)
    assert all(Rating.select().where(flag).exists() for flag in flags)
    assert Rating.select().where(Rating.replaced_by.is_null(False)).exists()
    qualities = {one for (one,) in Rating.select(Rating.at_quality).distinct().tuples()}
    assert qualities == {"exact", "derived", "estimated"}
    assert Rating.select().count() > 2_000
    assert Visit.select().where(Visit.by_rest, Visit.by_terminal).exists()
    assert Visit.select().where(Visit.disagreement.is_null(False)).exists()


@pytest.mark.usefixtures("fleet")
def test_terminals_are_in_every_state() -> None:
    assert Terminal.select().where(Terminal.retired_at.is_null(False)).exists()
    stored = Terminal.select().where(Terminal.unit.is_null(False), Terminal.retired_at.is_null())
    assert stored.count() == 4
    states = Counter(one for (one,) in TerminalStatus.select(TerminalStatus.state).tuples())
    assert states["ready"] >= 7
    assert states["lost"] == 1
    fresh = TerminalStatus.select().where(TerminalStatus.last_seen > NOW - 180_000)
    assert fresh.count() >= 8


@pytest.mark.usefixtures("fleet")
def test_commands_and_configurations_were_answered() -> None:
    assert {one for (one,) in Command.select(Command.outcome).tuples()} == {"done"}
    answers = [row.answer for row in Downlink.select().where(Downlink.kind == "config")]
    assert [one["applied"] for one in answers].count(False) == 1
    assert len(answers) == 5


@pytest.mark.usefixtures("fleet")
def test_counters_are_as_their_tempers_say() -> None:
    never, beloved = sums("BH-DD-2"), sums("BH-CT-1")
    assert never["rated"] < 0.2 * never["served"]
    assert beloved["rated"] > 0.8 * beloved["served"]
    assert beloved["unsatisfied"] < 0.05 * beloved["rated"]


@pytest.mark.usefixtures("fleet")
def test_the_last_day_is_running_and_one_day_has_nothing() -> None:
    days = {day for (day,) in Hourly.select(Hourly.day).distinct().tuples()}
    assert TODAY.isoformat() in days
    assert SMALL.closed.isoformat() not in days
    assert (TODAY - timedelta(days=4)).isoformat() not in days  # a Sunday


@pytest.mark.usefixtures("fleet")
def test_units_form_a_tree_and_a_counter_has_moved_in_it() -> None:
    assert Unit.get(Unit.code == "P-DT").parent.code == "BH"
    assert Unit.get(Unit.code == "BH").parent.code == "HK"
    assert CounterPlace.select().count() == Place.select().count() + 1


def test_verify_finds_the_evidence_whole(fleet: Settings, capsys: Any) -> None:
    while scrub.step(NOW, fleet.fleet.zone):
        pass
    database.close()
    assert main(["verify", "--config", str(fleet.path)]) == 0, capsys.readouterr().out
    assert "none is missing" in capsys.readouterr().out


@pytest.mark.usefixtures("fleet")
def test_figures_are_those_of_a_recount(fleet: Settings) -> None:
    assert rollups.recount(fleet.fleet.zone).differences == []


# It grows once more; that a district can with both engines, all tests of this file show.
@pytest.mark.engines("sqlite")
def test_a_district_that_was_broken_off_comes_to_the_same(fleet: Settings, tmp_path: Path) -> None:
    third = SMALL.day(2).isoformat()
    noon = day_on(SMALL.day(2), SMALL.zone).start + 12 * HOUR
    end = noon + 11 * HOUR
    expected, explained = hours(third), steps(end)
    database.close()
    other = new_fleet(tmp_path / "other")
    kept = found_district(other, tmp_path)
    taking = taking_of(other, SMALL, publishes=True)

    def breaks_off(done: int, _total: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    def nothing(_done: int, _total: int) -> None:
        pass

    for until, moved in (
        (noon, breaks_off),
        (noon - 35 * 60_000, nothing),
        (end, nothing),
    ):
        with suppress(KeyboardInterrupt):
            grow(SMALL, taking, tmp_path, kept, until, moved)
        again = load(tmp_path)
        assert again is not None
        kept = again
    assert hours(third) == expected
    assert steps(end) == explained != []


def test_what_is_to_happen_now_happens_now(fleet: Settings, grown: Kept, tmp_path: Path) -> None:
    before = Rating.select().count()
    pulse = Pulse(SMALL, taking_of(fleet, SMALL, publishes=False), tmp_path, grown)
    pulse.beat(NOW + 20 * 60_000)
    assert Rating.select().count() > before
    assert TerminalStatus.select(fn.MAX(TerminalStatus.last_seen)).scalar() >= NOW + 20 * 60_000
    after = usable(tmp_path, NOW + HOUR)
    assert after is not None
    assert after.until == NOW + 20 * 60_000
    pulse.beat(NOW + DAY)
    again = usable(tmp_path, NOW + DAY)
    assert again is not None
    assert again.index == 9
    assert CaseFile.select().where(CaseFile.day == TODAY.isoformat(), CaseFile.grain == "rating")
    answered = CaseEvent.select().where(CaseEvent.at > NOW, CaseEvent.step == "answer")
    assert answered.exists()
    complaints = CaseFile.select().where(
        CaseFile.day == TODAY.isoformat(), CaseFile.grain == "item"
    )
    assert complaints.exists()
    raised = AlarmRow.select().where(AlarmRow.kind == "complaint", AlarmRow.raised_at > NOW)
    assert raised.exists()
    assert rollups.recount(fleet.fleet.zone).differences == []


def test_while_it_lives_nobody_seems_to_have_been_silent(
    fleet: Settings, grown: Kept, tmp_path: Path
) -> None:
    begins = NOW + 20 * 60_000
    taking = taking_of(fleet, SMALL, publishes=False)
    kept = grow(SMALL, taking, tmp_path, grown, begins, lambda _day, _days: None)
    pulse = Pulse(SMALL, taking, tmp_path, kept)
    for beats in range(1, 41):
        pulse.beat(begins + beats * 15_000)
    silent = TerminalSpan.select().where(
        TerminalSpan.kind == "silent", TerminalSpan.until > begins + 60_000
    )
    assert silent.count() == 0


def test_what_is_kept_can_be_read_again(grown: Kept, tmp_path: Path) -> None:
    keep(tmp_path, grown)
    assert load(tmp_path) == grown


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"first": "2026-13-01"}'])
def test_what_cannot_be_read_is_built_anew(text: str, tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(text)
    assert load(tmp_path) is None


def test_a_district_from_tomorrow_or_from_last_year_is_built_anew(
    grown: Kept, tmp_path: Path
) -> None:
    keep(tmp_path, grown)
    assert usable(tmp_path, NOW - HOUR) is None
    assert usable(tmp_path, NOW + 200 * DAY) is None
    assert usable(tmp_path, NOW + 5 * DAY) == grown


def test_only_one_demo_uses_a_district(tmp_path: Path) -> None:
    place = tmp_path / "district-x"
    with held(place), pytest.raises(FleetError, match="running already"), held(place):
        pass


def test_refreshing_belongs_to_the_district(capsys: Any) -> None:
    assert main(["demo", "--refresh"]) == 2
    assert "--refresh belongs to --district" in capsys.readouterr().err


def test_the_clerk_who_presses_for_others_is_found_and_nobody_else(fleet: Settings) -> None:
    [signal] = Signal.select()
    assert (signal.counter.code, signal.rule) == ("BH-DD-3", "soon_after_close")
    assert (signal.hits, signal.of) == (32, 32)
