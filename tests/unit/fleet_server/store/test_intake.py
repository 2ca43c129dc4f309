"""What records mean, once they are stored."""

from datetime import UTC

import pytest

from fleet_server.core.participation import COUNTED
from fleet_server.core.verdicts import TakenRecord
from fleet_server.mqtt import meaning
from fleet_server.store import intake, parked, places, withdrawal
from fleet_server.store.database import writing
from fleet_server.store.matters import LISTED
from fleet_server.store.models import (
    Boot,
    Chain,
    Change,
    Counter,
    Hourly,
    Matter,
    ParkedRecord,
    Rating,
    Record,
    Terminal,
    TerminalKey,
    TerminalPlace,
    TicketEvent,
    Unit,
    Visit,
)
from fleet_server.web.words import matters
from fleet_server.web.words.records import FAULTS
from tests.fakes.desk import DAY, HOUR, KEY, MINUTE, NINE, SAIGON, SECOND, Desk, add_counter
from wire import records
from wire.ids import new_id
from wire.keys import kid_of, x_of

pytestmark = pytest.mark.usefixtures("fleet")


def figures(counter: str = "C1", day: str = DAY) -> dict[str, int]:
    """The day's figures of a counter that are not zero."""
    total: dict[str, int] = {}
    for row in Hourly.select().where(Hourly.day == day):
        if row.counter.code == counter:
            for name in COUNTED:
                total[name] = total.get(name, 0) + getattr(row, name)
    return {name: value for name, value in total.items() if value}


def status(record: int) -> str:
    row = Rating.get(Rating.record == record)
    flags = [
        name for name in ("standing", "contested", "disputed", "unbound") if getattr(row, name)
    ]
    return "+".join(flags) or "replaced"


def test_a_visit_called_rated_and_closed_is_served_and_rated() -> None:
    desk = Desk()
    desk.ticket("v1", "called", 0)
    desk.rate("v1", MINUTE)
    assert figures() == {"satisfied": 1}
    desk.ticket("v1", "closed", 2 * MINUTE)
    assert figures() == {"served": 1, "rated": 1, "satisfied": 1}
    visit = Visit.get_by_id("v1")
    assert (visit.called_at, visit.served_at, visit.ended) == (NINE, NINE + 2 * MINUTE, "closed")
    assert (visit.by_rest, visit.by_terminal) == (False, True)


def test_a_visit_followed_by_another_is_served() -> None:
    desk = Desk()
    desk.ticket("v1", "called", 0)
    desk.ticket("v2", "called", 5 * MINUTE, ticket="A018")
    assert figures() == {"served": 1}


def test_the_hour_is_that_of_the_visits_first_event() -> None:
    desk = Desk()
    desk.ticket("v1", "called", 59 * MINUTE)
    desk.ticket("v1", "closed", 70 * MINUTE)
    desk.rate("v1", 71 * MINUTE)
    assert [(row.hour, row.served, row.rated) for row in Hourly.select()] == [(NINE, 1, 1)]


def test_a_rating_without_a_visit_is_unbound_and_counts_apart() -> None:
    record = Desk().rate(None, 0)
    assert status(record) == "unbound"
    assert figures() == {"unbound": 1}


def test_a_correction_replaces_and_a_later_press_is_contested() -> None:
    desk = Desk()
    desk.ticket("v1", "closed", 0)
    first = desk.rate("v1", MINUTE, "unsatisfied")
    second = desk.rate("v1", MINUTE + 4 * SECOND, "satisfied", replaces=desk.seq)
    third = desk.rate("v1", MINUTE + 60 * SECOND, "unsatisfied")
    assert [status(record) for record in (first, second, third)] == [
        "replaced",
        "standing",
        "contested",
    ]
    assert Rating.get(Rating.record == first).replaced_by == second
    assert figures() == {"served": 1, "rated": 1, "satisfied": 1, "contested": 1}


def test_a_second_terminal_rating_the_same_visit_is_contested() -> None:
    one, two = Desk("t-1"), Desk("t-2")
    one.ticket("v1", "called", 0)
    assert status(one.rate("v1", MINUTE)) == "standing"
    assert status(two.rate("v1", MINUTE)) == "contested"


def test_records_on_a_disputed_branch_count_for_nothing_but_are_shown() -> None:
    desk = Desk()
    desk.ticket("v1", "called", 0)
    record = desk.rate("v1", MINUTE, disputed=True)
    desk.ticket("v1", "closed", 2 * MINUTE, disputed=True)
    assert status(record) == "disputed"
    assert figures() == {"disputed": 1}
    assert TicketEvent.select().count() == 1


def test_a_disputed_rating_without_a_visit_is_disputed_and_not_unbound() -> None:
    desk = Desk()
    assert status(desk.rate(None, MINUTE, disputed=True)) == "disputed"
    assert figures() == {"disputed": 1}


def test_a_rating_of_a_visit_nobody_told_of_counts_as_a_choice() -> None:
    desk = Desk()
    assert status(desk.rate("lost", MINUTE, "unsatisfied")) == "standing"
    assert figures() == {"unsatisfied": 1}


def test_a_rating_made_before_anybody_told_of_its_visit_is_bound_later() -> None:
    desk = Desk()
    desk.rate("v1", MINUTE)
    desk.ticket("v1", "called", 2 * MINUTE)
    desk.ticket("v1", "closed", 3 * MINUTE)
    assert figures() == {"served": 1, "rated": 1, "satisfied": 1}


def test_a_terminal_cannot_rate_ahead_of_another_counters_visit() -> None:
    thief, honest = Desk("t-1", "C1"), Desk("t-2", "C2")
    thief.rate("v1", 0, "unsatisfied")
    honest.ticket("v1", "called", MINUTE)
    assert status(honest.rate("v1", 2 * MINUTE)) == "standing"
    honest.ticket("v1", "closed", 3 * MINUTE)
    assert figures("C2") == {"served": 1, "rated": 1, "satisfied": 1}


def test_a_visit_id_in_use_at_another_counter_is_another_visit() -> None:
    one, two = Desk("t-1", "C1"), Desk("t-2", "C2")
    one.ticket("v1", "called", 0)
    two.ticket("v1", "called", MINUTE)
    two.rate("v1", 2 * MINUTE)
    two.ticket("v1", "closed", 3 * MINUTE)
    assert {visit.id for visit in Visit.select()} == {"v1", "v1@C2"}
    assert figures("C1") == {}
    assert figures("C2") == {"served": 1, "rated": 1, "satisfied": 1}


def test_a_visit_after_midnight_belongs_to_the_next_day() -> None:
    desk = Desk()
    desk.ticket("v1", "closed", 15 * HOUR - 1)
    desk.ticket("v2", "closed", 15 * HOUR)
    assert figures(day=DAY) == {"served": 1}
    assert figures(day="2026-11-23") == {"served": 1}


def test_a_ticket_of_a_stated_day_stays_in_that_day() -> None:
    desk = Desk()
    desk.ticket("v1", "closed", 16 * HOUR, day=DAY)
    assert figures(day=DAY) == {"served": 1}
    assert figures(day="2026-11-23") == {}


def test_a_late_clock_record_moves_what_was_estimated_before() -> None:
    desk = Desk()
    desk.reboot(minutes=0, clock="unset")
    desk.ticket("v1", "closed", MINUTE, received=48 * HOUR)
    desk.rate("v1", 2 * MINUTE, received=48 * HOUR)
    desk.rate(None, 3 * MINUTE, received=48 * HOUR)
    assert figures(day="2026-11-24") == {
        "served": 1,
        "rated": 1,
        "satisfied": 1,
        "unbound": 1,
        "estimated": 2,
    }
    desk.set_clock(4 * MINUTE, received=48 * HOUR)
    assert figures(day="2026-11-24") == {}
    assert figures(day=DAY) == {"served": 1, "rated": 1, "satisfied": 1, "unbound": 1}
    assert {row.at_quality for row in Rating.select()} == {"derived"}
    assert Visit.get_by_id("v1").first_at == NINE + MINUTE


def test_an_exact_stamp_later_in_the_boot_gives_the_time_too() -> None:
    desk = Desk()
    desk.reboot(minutes=0, clock="unset")
    record = desk.rate(None, MINUTE, received=48 * HOUR)
    desk.clock = "synced"
    desk.rate(None, 2 * MINUTE, received=48 * HOUR)
    row = Rating.get(Rating.record == record)
    assert (row.at, row.at_quality) == (NINE + MINUTE, "derived")


def test_a_second_clock_record_leaves_alone_what_the_first_one_settled() -> None:
    desk = Desk()
    desk.reboot(minutes=0, clock="unset")
    first = desk.rate(None, MINUTE)
    desk.set_clock(2 * MINUTE)
    second = desk.rate(None, 3 * MINUTE)
    desk.write(records.ClockSet(0, NINE + 10 * HOUR, "manual"), 4 * MINUTE)
    assert Rating.get(Rating.record == first).at == NINE + MINUTE
    assert Rating.get(Rating.record == second).at == NINE + 10 * HOUR - MINUTE


def test_a_boot_that_never_got_the_time_lies_between_its_neighbours() -> None:
    desk = Desk()
    desk.rate(None, 0)
    desk.reboot(minutes=60, clock="unset")
    record = desk.rate(None, HOUR, received=90 * HOUR)
    assert Rating.get(Rating.record == record).at == NINE + 90 * HOUR
    desk.reboot(minutes=180)
    desk.rate(None, 3 * HOUR, received=90 * HOUR)
    row = Rating.get(Rating.record == record)
    assert (row.at, row.at_quality) == (NINE + 90 * MINUTE, "estimated")
    assert figures()["unbound"] == 3
    assert Boot.select().count() == 3


def test_a_fault_opens_one_matter_for_each_kind() -> None:
    desk = Desk()
    desk.write(records.Fault("button_stuck", "satisfied"), 0)
    desk.write(records.Fault("button_stuck", "satisfied"), MINUTE)
    desk.write(records.Fault("disk", None), MINUTE)
    matters = [(row.kind, row.terminal, row.details["what"]) for row in Matter.select()]
    assert matters == [("fault", "t-1", "button_stuck"), ("fault", "t-1", "disk")]


def test_a_card_in_another_board_is_a_matter_of_its_own_kind() -> None:
    desk = Desk()
    desk.write(records.Fault("cloned"), 0)
    matter = Matter.get()
    assert (matter.kind, matter.terminal, matter.details) == ("cloned", "t-1", {"count": 1})
    assert matters.matter(matter.kind) is not matters.UNKNOWN_MATTER


def test_every_fault_that_a_terminal_can_record_has_words() -> None:
    assert set(FAULTS) == set(records.FAULTS)


def test_a_clock_ahead_of_the_servers_opens_a_matter() -> None:
    desk = Desk()
    desk.rate(None, HOUR, received=HOUR - 10 * MINUTE)
    assert Matter.select().count() == 0
    desk.rate(None, HOUR + 1, received=HOUR - 10 * MINUTE)
    matter = Matter.get()
    assert (matter.kind, matter.details["ahead_s"]) == ("clock", 600)


def test_a_record_of_an_unknown_counter_is_parked_shown_and_counted_later() -> None:
    desk = Desk()
    desk.counter = "C9"
    desk.ticket("v1", "called", 0)
    desk.rate("v1", MINUTE, received=2 * MINUTE)
    desk.ticket("v1", "closed", 3 * MINUTE)
    assert ParkedRecord.select().count() == 3
    assert Rating.select().count() == 0
    (matter,) = Matter.select()
    assert (matter.kind, matter.details["counter"], matter.closed_at) == (
        "unknown_counter",
        "C9",
        None,
    )
    add_counter("C9")
    take_up()
    assert figures("C9") == {"served": 1, "rated": 1, "satisfied": 1}
    assert ParkedRecord.select().count() == 0
    assert Matter.get_by_id(matter.id).closed_at == NINE + HOUR


def test_parked_records_of_a_counter_that_is_still_unknown_go_on_waiting() -> None:
    Desk("t-9", "C9", known=False).rate(None, 0)
    add_counter("C8")
    take_up()
    assert ParkedRecord.select().count() == 1


def add_foreign_counter(code: str = "F1") -> int:
    """Add a counter in a unit of another branch."""
    held = Unit.get_or_none(Unit.code == "F")
    unit = held.id if held else places.add_unit("F", "The foreign unit").id
    return places.add_counter(code, f"Counter {code}", unit).id


def open_matters() -> list[tuple[str, str, int]]:
    rows = Matter.select().where(Matter.closed_at.is_null()).order_by(Matter.kind)
    return [(row.kind, row.subject, row.details["count"]) for row in rows]


def take_up() -> None:
    with writing():
        meaning.take_up(NINE + HOUR, SAIGON)


def test_a_terminal_that_names_the_next_counter_of_its_unit_counts_there_and_is_shown() -> None:
    desk = Desk()
    add_counter("C2")
    desk.counter = "C2"
    desk.rate(None, 0)
    assert figures("C2") == {"unbound": 1}
    assert open_matters() == [("other_counter", "t-1:unit:U", 1)]


def test_a_terminal_that_a_unit_keeps_counts_at_its_counters() -> None:
    desk = Desk(known=False)
    with writing():
        places.move_terminal("t-1", None, 1, unit=add_counter("C1").unit_id)
    desk.rate(None, 0)
    assert figures() == {"unbound": 1}


def test_records_for_a_counter_of_a_foreign_unit_are_held_and_count_nowhere() -> None:
    desk = Desk()
    add_foreign_counter()
    desk.counter = "F1"
    desk.rate(None, 0)
    desk.ticket("v1", "called", MINUTE)
    desk.rate("v1", 2 * MINUTE)
    take_up()
    assert (figures("F1"), figures(), Visit.select().count()) == ({}, {}, 0)
    assert ParkedRecord.select().count() == 3
    assert open_matters() == [("foreign_counter", "t-1:unit:F", 3)]


def test_a_terminal_that_stands_nowhere_counts_nowhere() -> None:
    desk = Desk(counter="C9", known=False)
    add_foreign_counter()
    desk.counter = "F1"
    desk.rate(None, 0)
    take_up()
    assert (figures("F1"), ParkedRecord.select().count()) == ({}, 1)


def test_held_records_count_as_soon_as_their_terminal_is_moved_there() -> None:
    desk = Desk()
    foreign = add_foreign_counter()
    desk.counter = "F1"
    desk.ticket("v1", "called", 0)
    desk.rate("v1", MINUTE)
    desk.ticket("v1", "closed", 2 * MINUTE)
    with writing():
        places.move_terminal("t-1", foreign, NINE)
    take_up()
    assert figures("F1") == {"served": 1, "rated": 1, "satisfied": 1}
    assert (ParkedRecord.select().count(), open_matters()) == (0, [])


def test_held_records_count_as_soon_as_their_counter_is_moved_to_the_terminals_unit() -> None:
    desk = Desk()
    foreign = add_foreign_counter()
    desk.counter = "F1"
    desk.rate(None, 0)
    with writing():
        places.move_counter(foreign, Counter.get(Counter.code == "C1").unit_id, DAY)
    take_up()
    assert figures("F1") == {"unbound": 1}
    assert open_matters() == [("other_counter", "t-1:unit:U", 1)]


def test_a_terminal_that_was_moved_brings_what_it_wrote_where_it_stood_before() -> None:
    desk = Desk()
    foreign = add_foreign_counter()
    enrol(NINE - 1)
    with writing():
        places.move_terminal("t-1", foreign, NINE)
    desk.rate(None, 0)
    assert figures() == {"unbound": 1}
    assert open_matters() == [("other_counter", "t-1:unit:U", 1)]


def enrol(at: int) -> None:
    """Enter the key of all desks."""
    TerminalKey.create(
        kid=kid_of(KEY), terminal="t-1", x=x_of(KEY), certificate_pem="", serial="1",
        not_after=NINE, enrolled_at=at,
    )  # fmt: skip


def test_a_key_that_a_terminal_got_after_it_was_moved_speaks_for_no_former_unit() -> None:
    desk = Desk()
    foreign = add_foreign_counter()
    enrol(NINE)
    with writing():
        places.move_terminal("t-1", foreign, NINE)
    desk.rate(None, 0)
    take_up()
    take_up()
    assert (figures(), ParkedRecord.get().again_at) == ({}, NINE + HOUR + parked.AGAIN_MS)
    assert open_matters() == [("foreign_counter", "t-1:unit:U", 1)]
    with writing():
        places.move_terminal("t-1", Counter.get(Counter.code == "C1").id, NINE + HOUR)
        meaning.take_up(NINE + 3 * HOUR, SAIGON)
    assert figures() == {"unbound": 1}
    assert open_matters() == []


@pytest.mark.parametrize(("stood", "counts"), [(NINE - 48 * HOUR, True), (NINE + HOUR, False)])
def test_neighbours_of_old_count_after_the_counter_went_to_another_unit(
    stood: int, counts: bool
) -> None:
    add_counter("C2")
    moved = add_counter("C1")
    desk = Desk("t-1", "C2")
    TerminalPlace.update(counter=moved.id, since=stood).execute()
    Terminal.update(counter=moved.id).execute()
    enrol(NINE - 72 * HOUR)
    add_foreign_counter()
    with writing():
        places.move_counter(moved.id, Unit.get(Unit.code == "F").id, DAY)
    desk.rate(None, 0)
    assert figures("C2") == ({"unbound": 1} if counts else {})


def test_only_what_may_count_now_is_taken_up() -> None:
    desk, other = Desk(), Desk("t-2", "C2")
    foreign = add_foreign_counter("F1")
    add_foreign_counter("F2")
    for one, code in ((desk, "F1"), (desk, "C9"), (other, "F1"), (other, "F2")):
        one.counter = code
        one.rate(None, 0)
    with writing():
        places.move_terminal("t-1", foreign, NINE)
    assert [(one.terminal, one.counter_code) for one in parked.ready(NINE)] == [("t-1", "F1")]
    take_up()
    assert figures("F1") == {"unbound": 1}
    assert open_matters() == [
        ("foreign_counter", "t-2:unit:F", 2),
        ("unknown_counter", "t-1:C9", 1),
    ]


def test_only_so_many_are_taken_up_at_a_time_and_each_terminal_gets_its_share(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parked, "TAKEN_UP", 4)
    many, few = Desk("t-1", "C9", known=False), Desk("t-2", "C9", known=False)
    for minute in range(7):
        many.rate(None, minute * MINUTE)
    few.rate(None, 0)
    counter = add_counter("C9")
    with writing():
        for terminal in ("t-1", "t-2"):
            places.move_terminal(terminal, counter.id, NINE)
    left = []
    while ParkedRecord.select().count():
        take_up()
        held = [row.terminal for row in ParkedRecord.select()]
        left.append((held.count("t-1"), held.count("t-2"), len(open_matters())))
    assert left == [(5, 0, 1), (1, 0, 1), (0, 0, 0)]
    assert figures("C9") == {"unbound": 8}


def test_what_cannot_be_counted_waits_on_costs_nobody_else_and_is_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bad, good = Desk("t-1", "C9", known=False), Desk("t-2", "C9", known=False)
    bad.rate(None, 0)
    good.rate(None, MINUTE)
    counter = add_counter("C9")
    with writing():
        for terminal in ("t-1", "t-2"):
            places.move_terminal(terminal, counter.id, NINE)
    apply, tried = intake.Intake.apply_one, []

    def fails(self: intake.Intake, chain: Chain, *more: object) -> None:
        apply(self, chain, *more)  # type: ignore[arg-type]
        tried.append(chain.terminal_id)
        if chain.terminal_id == "t-1":
            raise KeyError("x")

    with monkeypatch.context() as patched:
        patched.setattr(intake.Intake, "apply_one", fails)
        take_up()
        assert [row.terminal_id for row in Rating.select()] == ["t-2"]
        assert [row.terminal for row in ParkedRecord.select()] == ["t-1"]
        assert [kind for kind, *_ in open_matters()] == ["poison", "unknown_counter"]
        tried.clear()
        take_up()
        assert tried == []
    with writing():
        meaning.take_up(NINE + 2 * HOUR, SAIGON)
    assert figures("C9") == {"unbound": 2}


def test_a_single_record_that_cannot_be_counted_holds_up_none_of_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = Desk("t-1", "C9", known=False)
    for minute in range(9):
        desk.rate(None, minute * MINUTE)
    counter = add_counter("C9")
    with writing():
        places.move_terminal("t-1", counter.id, NINE)
    third = ParkedRecord.select().order_by(ParkedRecord.record)[2].record_id
    apply = intake.Intake.apply_one

    def fails(self: intake.Intake, chain: Chain, taken: TakenRecord, *more: object) -> None:
        apply(self, chain, taken, *more)  # type: ignore[arg-type]
        if taken.record_id == third:
            raise KeyError("x")

    monkeypatch.setattr(intake.Intake, "apply_one", fails)
    take_up()
    assert [row.record_id for row in ParkedRecord.select()] == [third]
    assert figures("C9") == {"unbound": 8}
    poison = Matter.get(Matter.kind == "poison")
    assert (poison.seq, poison.details["count"]) == (Record.get_by_id(third).seq, 1)


def test_a_unit_gets_one_matter_for_all_its_counters_that_a_terminal_names() -> None:
    desk = Desk()
    with writing():
        for number in range(30):
            add_foreign_counter(f"F{number:02}")
    for number in range(30):
        desk.counter = f"F{number:02}"
        desk.rate(None, number * SECOND)
    assert open_matters() == [("foreign_counter", "t-1:unit:F", 30)]
    assert Matter.get().details["counters"] == [f"F{number:02}" for number in range(LISTED)]
    with writing():
        for code in ("F00", "F29"):
            foreign = Counter.get(Counter.code == code)
            places.move_counter(foreign.id, Counter.get(Counter.code == "C1").unit_id, DAY)
    take_up()
    assert ParkedRecord.select().count() == 28
    assert "foreign_counter" in [kind for kind, *_ in open_matters()]


def test_a_counter_that_was_added_elsewhere_is_no_unknown_one_any_more() -> None:
    desk = Desk()
    desk.counter = "F1"
    desk.rate(None, 0)
    add_foreign_counter()
    take_up()
    desk.rate(None, MINUTE)
    assert open_matters() == [("foreign_counter", "t-1:unit:F", 1)]
    assert ParkedRecord.select().count() == 2


def test_a_parked_record_is_timed_by_what_its_boot_learnt_since() -> None:
    desk = Desk()
    desk.counter = "C9"
    desk.reboot(minutes=0, clock="unset")
    desk.rate(None, MINUTE, received=50 * HOUR)
    desk.set_clock(2 * MINUTE, received=50 * HOUR)
    add_counter("C9")
    with writing():
        meaning.take_up(NINE + 51 * HOUR, SAIGON)
    row = Rating.get()
    assert (row.at, row.at_quality) == (NINE + MINUTE, "derived")


def test_other_records_change_no_figure() -> None:
    desk = Desk()
    for body in (
        records.Boot("1", "2"),
        records.Reasons(1, skipped=True),
        records.Items("C1", ("parking",)),
        records.KeyChange("A" * 43),
    ):
        desk.write(body, 0)
    assert figures() == {}


def test_a_visit_that_ends_the_next_day_stays_on_its_own_when_its_times_become_known() -> None:
    desk = Desk()
    desk.reboot(0, clock="unset")
    desk.ticket("v1", "called", 0)
    desk.write(records.Ticket("C1", "v1", "A017", "closed", "lan", assumed=True), 20 * HOUR)
    desk.set_clock(21 * HOUR)
    assert Visit.get_by_id("v1").day == DAY


def test_a_visit_whose_earlier_event_comes_last_moves_to_the_day_of_that() -> None:
    desk = Desk()
    desk.reboot(0, clock="unset")
    desk.ticket("v1", "called", 0, received=16 * HOUR)
    assert Visit.get_by_id("v1").day == "2026-11-23"
    desk.new_chain()
    desk.reboot(0, clock="unset")
    closed = desk.store(records.Ticket("C1", "v1", "A017", "closed", "lan"), MINUTE)
    desk.reboot(10)
    later = desk.store(records.Rating("C1", None, "satisfied", "button", 1), 12 * HOUR)
    with writing():
        intake.apply_batch([(desk.chain, [closed, later])], NINE + 17 * HOUR, SAIGON)
    assert Visit.get_by_id("v1").day == DAY
    assert figures(day="2026-11-23") == {}


@pytest.mark.parametrize("told", [True, False])
def test_a_closing_that_was_only_assumed_counts_where_nothing_was_told(told: bool) -> None:
    """The queue system may have said no show; the last visit of a day is followed by nobody."""
    desk = Desk()
    desk.ticket("v1", "called", 0)
    if told:
        desk.ticket("v1", "no_show", MINUTE)
    desk.rate("v1", 30 * SECOND)
    assumed = records.Ticket("C1", "v1", "A017", "closed", "lan", assumed=True)
    desk.write(assumed, 5 * MINUTE)
    before = figures()
    desk.ticket("v2", "called", 5 * MINUTE, ticket="A018")
    served = {"satisfied": 1} if told else {"served": 1, "rated": 1, "satisfied": 1}
    assert (before, figures()) == (served, served)
    ended = Visit.get_by_id("v1").ended
    assert ended == ("no_show" if told else "followed")
    assert TicketEvent.select().where(TicketEvent.event == "closed").count() == 0


def test_pages_are_told_of_the_counter() -> None:
    Desk().rate(None, 0)
    assert [row.subject for row in Change.select()] == ["counter:C1"]


def test_what_is_withdrawn_counts_no_more_and_what_it_displaced_stands_again() -> None:
    desk = Desk()
    desk.ticket("v1", "closed", 0)
    first = desk.rate("v1", MINUTE, "unsatisfied")
    second = desk.rate("v1", MINUTE + SECOND, "satisfied", replaces=desk.seq)
    with writing():
        withdrawal.withdraw([second], SAIGON, NINE)
    assert status(first) == "standing"
    assert Rating.get(Rating.record == first).replaced_by is None
    assert figures() == {"served": 1, "rated": 1, "unsatisfied": 1}


def test_a_withdrawn_ticket_takes_its_visit_with_it() -> None:
    desk = Desk()
    record = desk.ticket("v1", "closed", 0)
    with writing():
        withdrawal.withdraw([record], SAIGON, NINE)
    assert Visit.select().count() == 0
    assert figures() == {}


def test_a_batch_comes_to_the_same_as_its_records_one_by_one() -> None:
    def script(desk: Desk) -> list[tuple[records.Body, int]]:
        counter = desk.counter
        return [
            (records.Ticket(counter, f"{counter}-a", "A1", "called", "lan"), 0),
            (records.Rating(counter, f"{counter}-a", "unsatisfied", "button", 1), MINUTE),
            (records.Rating(counter, f"{counter}-a", "satisfied", "button", 1, 3), MINUTE + SECOND),
            (records.Rating(counter, None, "satisfied", "button", 1), 2 * MINUTE),
            (records.ClockSet(0, NINE + 3 * MINUTE, "ntp"), 3 * MINUTE),
            (records.Ticket(counter, f"{counter}-b", "A2", "called", "lan"), 4 * MINUTE),
            (records.Rating(counter, f"{counter}-a", "unsatisfied", "button", 1), 5 * MINUTE),
        ]

    single, together = Desk("t-1", "C1"), Desk("t-2", "C2")
    for desk in (single, together):
        desk.reboot(minutes=0, clock="unset")
    for body, after in script(single):
        single.write(body, after, received=9 * HOUR)
    taken = [together.store(body, after, received=9 * HOUR) for body, after in script(together)]
    with writing():
        intake.apply_batch([(together.chain, taken)], NINE + 9 * HOUR, SAIGON)
    assert figures("C1") == figures("C2")
    assert figures("C1") == {
        "served": 1,
        "rated": 1,
        "satisfied": 1,
        "unbound": 1,
        "contested": 1,
    }


def test_taking_no_records_changes_nothing() -> None:
    desk = Desk()
    with writing():
        intake.apply_batch([(desk.chain, [])], NINE, SAIGON)
    assert Change.select().count() == 0


def test_a_boot_that_goes_on_in_a_new_chain_keeps_its_clock() -> None:
    desk = Desk()
    desk.reboot(minutes=0, clock="unset")
    record = desk.rate(None, MINUTE, received=50 * HOUR)
    desk.new_chain()
    desk.set_clock(3 * MINUTE, received=50 * HOUR)
    assert Rating.get(Rating.record == record).at == NINE + MINUTE


def test_days_follow_the_zone_that_is_given() -> None:
    desk = Desk()
    taken = desk.store(records.Rating("C1", None, "satisfied", "button", 1), 16 * HOUR)
    with writing():
        intake.apply_batch([(desk.chain, [taken])], NINE + 16 * HOUR, UTC)
    assert figures(day=DAY) == {"unbound": 1}


def test_a_terminals_random_boot_ids_are_kept_apart() -> None:
    one, two = Desk("t-1"), Desk("t-2", "C2")
    one.boot = two.boot = new_id()
    one.reboot(minutes=0, clock="unset")
    two.boot, two.clock = one.boot, "unset"
    one.rate(None, 0, received=50 * HOUR)
    two.rate(None, 0, received=60 * HOUR)
    assert {row.at for row in Rating.select()} == {NINE + 50 * HOUR, NINE + 60 * HOUR}
