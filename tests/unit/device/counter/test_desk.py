"""The desk: commit, then light, then screen (device/counter/desk.py), on a real journal."""

from dataclasses import replace
from pathlib import Path

import pytest

from device.core.policy import Look, Policy, Tickets
from device.core.press import Accepted, Noise, Recovered, Stuck, Together
from tests.fakes.counter import touch
from tests.fakes.journals import StillClock, database
from tests.fakes.place import BOOT, Counter
from wire.records import Fault, Ticket


@pytest.fixture
def counter(tmp_path: Path) -> Counter:
    return Counter(tmp_path).start()


def test_the_start_is_recorded_before_anything_else(counter: Counter) -> None:
    assert counter.journal.appended[0] == BOOT
    assert counter.screen.now.kind == "rate"


def test_a_screen_is_drawn_once_something_of_use_is_on_a_display(tmp_path: Path) -> None:
    counter = Counter(tmp_path)
    assert not counter.desk.pulse()["drawn"]
    assert counter.start().desk.pulse()["drawn"]
    counter.screen.driver = "none"
    assert not counter.desk.pulse()["drawn"], "an image whose graphics don't work is not kept"


def test_a_press_while_the_terminal_starts_is_one_for_the_ticket_being_served(
    tmp_path: Path,
) -> None:
    counter = Counter(tmp_path)
    counter.buttons.events.append(Accepted(1, counter.clock.up_ms()))
    counter.start()
    assert [rating.visit for rating in counter.ratings] == ["visit-a"]


def test_a_press_is_stored_lit_told_and_thanked_for(counter: Counter) -> None:
    counter.press(2)
    assert [rating.choice for rating in counter.ratings] == ["unsatisfied"]
    assert counter.buttons.lit
    rating, ticket, appended = counter.told[0]
    assert (rating.visit, ticket, appended.standing) == ("visit-a", "A001", True)
    assert counter.real.head().seq == appended.seq
    assert counter.screen.now.kind == "thanks"


def test_a_touch_counts_like_a_button_and_is_recorded_as_a_touch(counter: Counter) -> None:
    counter.screen.touches = [touch("satisfied")]
    counter.turn()
    assert [rating.input for rating in counter.ratings] == ["touch"]


@pytest.mark.parametrize("button", [0, 1, 2])
def test_light_and_screen_are_the_same_for_every_choice(tmp_path: Path, button: int) -> None:
    counter = Counter(tmp_path).start().press(button)
    for _ in range(60):
        counter.turn(100)
    kinds = [view.kind for view in counter.screen.views]
    assert kinds == ["rate", "thanks", "correction", "recorded"]
    assert counter.buttons.lights == [True, False]


def test_the_light_goes_out_after_a_moment(counter: Counter) -> None:
    counter.press()
    assert counter.turn(399).buttons.lit
    assert not counter.turn(1).buttons.lit


def test_a_press_that_cannot_be_stored_is_neither_lit_nor_told_nor_thanked_for(
    counter: Counter,
) -> None:
    counter.journal.broken = True
    counter.press()
    assert not counter.buttons.lit
    assert counter.told == []
    assert counter.screen.now.kind == "out_of_service"
    assert "thanks" not in [view.kind for view in counter.screen.views]


def test_a_press_after_the_disk_is_back_is_the_first_one_of_the_visit(counter: Counter) -> None:
    counter.journal.broken = True
    counter.press(0)
    counter.journal.broken = False
    counter.press(2, after_ms=100)
    assert [(r.choice, r.replaces, r.contested) for r in counter.ratings] == [
        ("unsatisfied", None, None)
    ]
    assert counter.screen.now.kind == "thanks"


def test_service_comes_back_by_itself_and_the_gap_is_recorded(counter: Counter) -> None:
    counter.journal.broken = True
    counter.press()
    counter.journal.broken = False
    assert counter.turn(4999).screen.now.kind == "out_of_service"
    assert counter.turn(1).screen.now.kind == "rate"
    assert [fault.what for fault in counter.faults] == ["journal"]


def test_a_full_disk_is_told_before_anybody_presses(counter: Counter) -> None:
    counter.journal.full = True
    assert counter.turn(5000).screen.now.kind == "out_of_service"
    assert counter.screen.now.trouble == "full"
    assert counter.ratings == []


def test_a_start_without_a_disk_is_recorded_when_the_disk_is_there(tmp_path: Path) -> None:
    counter = Counter(tmp_path)
    counter.journal.broken = True
    counter.start()
    assert counter.screen.now.kind == "out_of_service"
    counter.turn(5000)
    counter.journal.broken = False
    counter.turn(5000)
    assert counter.journal.appended[0] == BOOT
    assert counter.screen.now.kind == "rate"
    assert counter.faults == []


def test_a_start_without_a_disk_and_a_ticket_is_recorded_too(tmp_path: Path) -> None:
    counter = Counter(tmp_path)
    counter.tickets.now = None
    counter.journal.broken = True
    counter.start()
    counter.journal.broken = False
    assert counter.turn(4999).journal.appended == []
    assert counter.turn(1).journal.appended == [BOOT]
    assert counter.screen.now.kind == "idle"


def test_a_ticket_that_could_not_be_recorded_is_recorded_later(counter: Counter) -> None:
    counter.tickets.say(visit="visit-b", ticket="A002")
    counter.journal.broken = True
    counter.turn(1000)
    assert counter.desk.session.visit is not None
    assert counter.desk.session.visit.id == "visit-a"
    counter.journal.broken = False
    counter.turn(6000)
    assert counter.desk.session.visit.id == "visit-b"
    assert counter.seen == ["called", "closed", "called"]


def test_news_of_a_ticket_are_looked_at_at_once(counter: Counter) -> None:
    counter.tickets.say(visit="visit-b", ticket="A002")
    assert counter.turn().screen.now.ticket == "A001"
    counter.desk.new_ticket()
    assert counter.turn().screen.now.ticket == "A002"


def test_without_news_the_ticket_is_looked_at_every_second(counter: Counter) -> None:
    counter.tickets.say(visit="visit-b", ticket="A002")
    assert counter.turn(999).screen.now.ticket == "A001"
    assert counter.turn(1).screen.now.ticket == "A002"


def test_a_ticket_whose_time_has_passed_ends_its_visit(counter: Counter) -> None:
    counter.tickets.now = None
    counter.turn(1000)
    assert counter.desk.session.phase == "closed"
    counter.turn(60_001)
    assert counter.screen.now.kind == "idle"


def test_after_a_restart_a_press_on_a_rated_visit_is_contested(tmp_path: Path) -> None:
    clock = StillClock()
    first = Counter(tmp_path, clock).start().press()
    first.real.close()
    clock.boot_id = "c1" * 16
    second = Counter(tmp_path, clock).start()
    assert second.screen.now.kind == "recorded"
    second.press(0, after_ms=100)
    assert [(r.replaces, r.contested) for r in second.ratings] == [(None, True)]
    assert second.told[0][2].standing is False


@pytest.mark.parametrize("event", ["called", "recalled"])
def test_after_a_restart_a_ticket_that_was_recorded_before_is_not_recorded_again(
    tmp_path: Path, event: str
) -> None:
    counter = Counter(tmp_path)
    counter.tickets.say(event=event)
    seen = Ticket("Q1", "visit-a", "A001", event, "server")  # type: ignore[arg-type]
    counter.desk.start(BOOT, seen)
    assert (counter.desk.session.phase, counter.seen) == ("serving", [])
    counter.tickets.say(event="recalled")
    assert counter.turn(1000).seen == ["recalled"]


def test_after_a_restart_another_ticket_is_recorded(tmp_path: Path) -> None:
    counter = Counter(tmp_path)
    before = Ticket("Q1", "visit-z", "A000", "called", "server")
    counter.desk.start(BOOT, before)
    assert counter.journal.appended == [
        BOOT,
        replace(before, event="closed", assumed=True),
        Ticket("Q1", "visit-a", "A001", "called", "server", "2026-11-22"),
    ]


def test_after_a_restart_a_visit_that_had_ended_is_not_ended_again(tmp_path: Path) -> None:
    counter = Counter(tmp_path)
    counter.desk.start(BOOT, Ticket("Q1", "visit-z", "A000", "closed", "server"))
    assert counter.seen == ["called"]


@pytest.mark.parametrize(("quality", "open_for"), [("synced", "idle"), ("unset", "idle")])
def test_a_ticket_that_was_closed_long_before_the_start_is_not_open(
    tmp_path: Path, quality: str, open_for: str
) -> None:
    clock = StillClock()
    clock.now_is = quality  # type: ignore[assignment]
    clock.at += 61_000
    counter = Counter(tmp_path, clock)
    counter.tickets.say(event="closed")
    assert counter.start().screen.now.kind == open_for


def test_a_ticket_that_was_closed_just_before_the_start_can_be_rated(tmp_path: Path) -> None:
    clock = StillClock()
    clock.at += 59_000
    counter = Counter(tmp_path, clock)
    counter.tickets.say(event="closed")
    assert counter.start().screen.now.kind == "rate"
    assert counter.turn(1001).screen.now.kind == "idle"


def test_without_the_time_a_ticket_that_closes_now_stays_open_for_its_minute(
    tmp_path: Path,
) -> None:
    clock = StillClock()
    clock.now_is = "unset"
    clock.at = 0
    counter = Counter(tmp_path, clock).start()
    counter.tickets.say(event="closed")
    assert counter.turn(1000).desk.session.phase == "closed"


def test_faults_of_buttons_are_recorded(counter: Counter) -> None:
    counter.buttons.events = [Stuck(0), Noise(1, 33), Together((0, 2)), Recovered(0)]
    counter.turn()
    assert counter.faults == [
        Fault("button_stuck", "very_satisfied"),
        Fault("button_noise", "satisfied"),
        Fault("button_together", "very_satisfied unsatisfied"),
    ]
    assert counter.desk.rejected == 1


def test_the_health_report_tells_what_was_pressed_rejected_and_broken(counter: Counter) -> None:
    counter.press(0).press(0, after_ms=100)
    counter.buttons.events = [Stuck(2), Noise(1, 33)]
    counter.tickets.say(visit="visit-b", ticket="A002")
    counter.turn(2000)
    assert counter.desk.report() == {
        "presses": {"very_satisfied": 1},
        "buttons": {"very_satisfied": 1},
        "rejected": {"locked": 1},
        "rejected_buttons": {"very_satisfied": 1},
        "noise": {"satisfied": 1},
        "stuck": {"unsatisfied": 1},
        "faults": ["button_stuck unsatisfied"],
        "served_since_press": 1,
        "last_press_s_ago": 2,
        "state": "serving",
        "out_of_service": False,
        "self_test": None,
        "tickets": {"news": 2},
    }
    counter.buttons.events = [Recovered(2)]
    assert counter.turn().desk.report()["faults"] == []


def test_the_same_fault_is_recorded_at_most_every_ten_minutes(counter: Counter) -> None:
    for _ in range(3):
        counter.buttons.events = [Noise(1, 33)]
        counter.turn(1000)
    assert len(counter.faults) == 1
    counter.buttons.events = [Noise(1, 33)]
    counter.turn(600_000)
    assert len(counter.faults) == 2


def test_a_rejected_press_is_counted_and_leaves_no_record(counter: Counter) -> None:
    counter.press().press(2, after_ms=100)
    assert len(counter.ratings) == 1
    assert counter.desk.rejected == 1


def test_the_first_rating_of_a_chain_that_others_began_can_be_corrected(counter: Counter) -> None:
    counter.tickets.say(visit="visit-a", ticket="A001")
    counter.turn(1000)
    counter.desk.finish()
    counter.real.begin_chain("fork")
    counter.desk.new_chain()
    counter.turn(1000).press(0).turn(1000).press(2, after_ms=1000)
    first, second = counter.told[-2:]
    assert second[0].replaces == first[2].seq
    assert second[0].contested is None


def test_a_rating_that_found_the_journal_damaged_can_be_corrected(
    counter: Counter, tmp_path: Path
) -> None:
    counter.turn(1000)
    with database(tmp_path) as db:
        db.execute("DELETE FROM record WHERE seq = ?", (counter.real.head().seq,))
    counter.press(0).turn(1000).press(2, after_ms=1000)
    first, second = counter.told[-2:]
    assert second[0].replaces == first[2].seq


def test_after_a_new_chain_a_press_no_longer_replaces(counter: Counter) -> None:
    counter.press()
    counter.desk.new_chain()
    counter.press(0, after_ms=2000)
    assert counter.ratings[-1].contested


def test_without_a_ticket_the_screen_asks_to_wait(tmp_path: Path) -> None:
    counter = Counter(tmp_path)
    counter.tickets.now = None
    counter.start().press()
    assert counter.screen.now.kind == "wait"
    assert counter.ratings == []


def test_unbound_ratings_are_told_without_a_ticket(tmp_path: Path) -> None:
    counter = Counter(tmp_path, without="unbound")
    counter.tickets.now = None
    counter.start().press()
    rating, ticket, appended = counter.told[0]
    assert (rating.visit, ticket, appended.standing) == (None, None, True)


def test_another_policy_counts_from_the_next_press_and_dresses_the_screen(
    tmp_path: Path,
) -> None:
    counter = Counter(tmp_path)
    counter.tickets.now = None
    counter.start().press()
    assert counter.ratings == []
    policy = Policy(tickets=Tickets("unbound"), look=Look(letters="large"))
    counter.desk.configure(policy)
    counter.press(after_ms=6_000)
    assert [rating.visit for rating in counter.ratings] == [None]
    assert counter.screen.worn == (policy.look, policy.texts)
