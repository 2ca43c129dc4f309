"""What lies over the counter's screen, the lights, the hours; the desk on a real journal."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from device.core.network import Finding, complete
from device.core.policy import Hours, Span
from device.core.press import Accepted, Stuck
from device.core.rules import Site
from device.core.targets import Target
from device.core.view import Note, View
from device.counter.overlays import Overlays
from device.ports import JournalError
from tests.fakes.journals import StillClock
from tests.fakes.place import BUTTONS_ONLY, Counter
from wire.policy import DAY_MIN
from wire.records import CHOICES

NAMES = (Note("Terminal", "t-1"), Note("Counter", "Q1"))
WEEKDAYS = Hours(
    opening=tuple(Span(day, 7 * 60, 17 * 60) for day in range(7)),
    brightness=((7 * 60, 90), (17 * 60, 20)),
)


def saigon(hour: int, minute: int = 0) -> StillClock:
    """A clock that stands at a local time of the 22nd."""
    at = datetime(2026, 11, 22, hour, minute, tzinfo=UTC).timestamp() - 7 * 3600
    return StillClock(int(at) * 1000)


@pytest.fixture
def counter(tmp_path: Path) -> Counter:
    return Counter(tmp_path).start()


# ---- identify ----


def test_identify_shows_and_blinks_which_terminal_it_is_until_its_time(counter: Counter) -> None:
    counter.desk.identify(counter.clock.up_ms() + 10_000)
    shown = counter.turn().screen.now
    assert (shown.kind, shown.notes) == ("identify", NAMES)
    for _ in range(99):
        counter.turn(100)
    assert counter.screen.now.kind == "identify"
    assert 9 <= counter.buttons.lights.count(True) <= 20
    counter.turn(100)
    assert counter.screen.now.kind == "rate"
    assert not counter.buttons.lit


def test_a_press_meanwhile_is_a_rating_whose_thanks_come_through(counter: Counter) -> None:
    counter.desk.identify(counter.clock.up_ms() + 10_000)
    counter.turn().press(2)
    assert len(counter.ratings) == 1
    assert counter.screen.now.kind == "thanks"
    assert counter.buttons.lit
    assert counter.turn(1500).screen.now.kind == "identify"


# ---- the self-test ----


def pressed(counter: Counter, *buttons: int) -> None:
    for button in buttons:
        counter.buttons.events.append(Accepted(button, counter.clock.up_ms()))
        counter.turn(100)


def corners(counter: Counter, *names: str) -> None:
    counter.touch(*names, kind="item")


def test_in_a_self_test_presses_and_touches_are_no_ratings(counter: Counter) -> None:
    outcomes: list[dict[str, Any]] = []
    counter.desk.self_test(told=outcomes.append)
    before = counter.real.head().seq
    assert counter.turn().screen.now.kind == "self_test"
    pressed(counter, 0, 1)
    assert counter.buttons.alone == 1
    pressed(counter, 2)
    corners(counter, "top_left", "top_right", "bottom_left")
    assert outcomes == []
    corners(counter, "bottom_right")
    assert [outcome["good"] for outcome in outcomes] == [True]
    assert counter.desk.report()["self_test"]["good"]
    assert (counter.buttons.lit, counter.buttons.alone) == (False, None)
    assert counter.real.head().seq == before
    assert counter.turn(8000).screen.now.kind == "rate"
    assert counter.desk.report()["presses"] == {}


def test_while_the_result_is_shown_presses_are_ratings_again(counter: Counter) -> None:
    counter.desk.self_test()
    counter.turn().touch("done")
    assert counter.screen.now.kind == "self_test"
    counter.press(1)
    assert len(counter.ratings) == 1
    assert counter.screen.now.kind == "thanks"
    assert counter.turn(1500).screen.now.kind == "self_test"


def test_a_self_test_that_nobody_ends_ends_by_itself_and_says_what_is_missing(
    counter: Counter,
) -> None:
    outcomes: list[dict[str, Any]] = []
    counter.desk.self_test(outcomes.append)
    counter.turn()
    counter.turn(120_000)
    assert outcomes[0]["missing"][:3] == ["very_satisfied", "satisfied", "unsatisfied"]
    assert counter.turn(8000).screen.now.kind == "rate"
    assert len(outcomes) == 1


def test_a_second_self_test_ends_the_first(counter: Counter) -> None:
    outcomes: list[dict[str, Any]] = []
    counter.desk.self_test(told=outcomes.append)
    counter.desk.self_test()
    assert [outcome["good"] for outcome in outcomes] == [False]


def test_faults_of_buttons_in_a_self_test_are_still_faults(counter: Counter) -> None:
    counter.desk.self_test()
    counter.buttons.events = [Stuck(1)]
    counter.turn()
    assert [fault.what for fault in counter.faults] == ["button_stuck"]


class Uplink:
    """Looks at the network when the test says so."""

    def __init__(self) -> None:
        self.asked = 0
        self.answer: tuple[Finding, ...] = ()

    def ask(self) -> None:
        self.asked += 1

    def found(self) -> tuple[Finding, ...]:
        return self.answer


def test_the_outcome_waits_for_the_look_at_the_network_and_ratings_do_not() -> None:
    uplink, outcomes = Uplink(), list[dict[str, Any]]()
    overlays = Overlays(Site("t-1", "Q1", "Quầy 1"), uplink)
    overlays.self_test(0, outcomes.append)
    assert uplink.asked == 1
    overlays.touch(Target("key", "done"), 1000)
    overlays.turn(2000)
    assert (overlays.testing, outcomes) == (False, [])
    assert overlays.over(View("rate", "Quầy 1"), 9000).kind == "rate", "not hidden by a wait"
    uplink.answer = complete([Finding("link", "bad", "no_carrier")])
    overlays.turn(3000)
    assert [each["network"][0]["why"] for each in outcomes] == ["no_carrier"]
    assert overlays.result is not None
    assert "network" not in overlays.result, "the health report speaks of the tries"
    under = View("rate", "Quầy 1")
    assert overlays.over(under, 10_000).advice == "no_carrier"
    assert overlays.over(View("thanks", "Quầy 1"), 10_000).kind == "thanks"
    overlays.turn(30_000)
    assert overlays.over(under, 30_000) == under


# ---- notices ----


def test_a_notice_lies_over_everything_until_it_is_taken_away(counter: Counter) -> None:
    counter.desk.notice(View("export", "", progress=(3, 10)))
    assert counter.turn().screen.now.progress == (3, 10)
    counter.desk.notice(None)
    assert counter.turn().screen.now.kind == "rate"


def test_a_slow_stick_hides_the_rating_for_two_minutes_and_then_only_to_say_how_it_ended(
    counter: Counter,
) -> None:
    for done in range(300):
        counter.desk.notice(View("export", "", progress=(done, 1000)))
        counter.turn(1000)
        assert counter.screen.now.kind == ("export" if done < 119 else "rate"), done
    counter.desk.notice(View("export", "", notes=(Note("Records copied"),)))
    assert counter.turn().screen.now.kind == "export"
    counter.desk.notice(None)
    counter.desk.notice(View("export", "", progress=(0, 1000)))
    assert counter.turn().screen.now.kind == "export", "another stick"


def test_a_notice_that_nobody_takes_away_goes_by_itself(counter: Counter) -> None:
    counter.desk.notice(View("export", ""))
    assert counter.turn(119_999).screen.now.kind == "export"
    assert counter.turn(1).screen.now.kind == "rate"


# ---- out of service ----


def test_what_no_words_are_kept_for_is_told_as_it_came(counter: Counter) -> None:
    counter.journal.broken = True
    shown = counter.press().screen.now
    assert shown.notes == (*NAMES, Note("Journal", "the disk is full", "bad"))


def test_out_of_service_tells_the_technician_what_is_wrong(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(JournalError, "trouble", "full")
    counter.journal.broken = True
    shown = counter.press().screen.now
    assert (shown.kind, shown.trouble) == ("out_of_service", "full")
    remedy = Note("Make room on the card, or use a larger one", state="bad")
    assert shown.notes == (*NAMES, remedy), "in the language of the screen"
    assert counter.desk.shown == shown


# ---- buttons without a screen ----


def blinks(counter: Counter, ms: int) -> int:
    before = counter.buttons.lights.count(True)
    for _ in range(ms // 100):
        counter.turn(100)
    return counter.buttons.lights.count(True) - before


def test_without_a_screen_the_light_alone_says_that_a_press_was_accepted(tmp_path: Path) -> None:
    counter = Counter(tmp_path, site=BUTTONS_ONLY).start()
    assert counter.press().buttons.lit
    counter.turn(400)
    assert blinks(counter, 20_000) == 0


def test_without_a_screen_slow_blinking_says_that_it_is_out_of_service(tmp_path: Path) -> None:
    counter = Counter(tmp_path, site=BUTTONS_ONLY).start()
    counter.clock.up = 4_600  # between two blinks
    counter.journal.broken = True
    counter.press()
    assert not counter.buttons.lit
    assert blinks(counter, 20_000) == 5
    counter.journal.broken = False
    counter.turn(5000)
    assert blinks(counter, 20_000) == 0


def test_a_terminal_that_is_looked_for_blinks_also_when_it_is_out_of_service(
    tmp_path: Path,
) -> None:
    counter = Counter(tmp_path, site=BUTTONS_ONLY).start()
    counter.journal.broken = True
    counter.press()
    counter.desk.identify(counter.clock.up_ms() + 10_000)
    assert 9 <= blinks(counter, 10_000) <= 10


def test_with_a_screen_out_of_service_does_not_blink(counter: Counter) -> None:
    counter.journal.broken = True
    counter.press()
    assert blinks(counter, 20_000) == 0


# ---- both fitted ----


def test_button_and_touch_share_one_lock(counter: Counter) -> None:
    counter.press(0).touch("satisfied", kind="choice", after_ms=100)
    assert [rating.input for rating in counter.ratings] == ["button"]
    counter.touch("satisfied", after_ms=2000).press(0, after_ms=100)
    assert [rating.input for rating in counter.ratings] == ["button", "touch"]
    assert counter.desk.report()["rejected"] == {"locked": 2}


# ---- the hours ----


def test_outside_the_opening_hours_an_unbound_press_is_rejected_and_the_screen_rests(
    tmp_path: Path,
) -> None:
    counter = Counter(tmp_path, saigon(19), without="unbound", hours=WEEKDAYS)
    counter.tickets.now = None
    counter.start().press()
    assert (counter.screen.now.kind, counter.screen.now.brightness) == ("idle", 20)
    assert counter.desk.report()["rejected"] == {"closed": 1}


def test_a_clock_that_is_not_believed_closes_nothing(tmp_path: Path) -> None:
    clock = saigon(19)
    clock.now_is = "unset"
    counter = Counter(tmp_path, clock, without="unbound", hours=WEEKDAYS)
    counter.tickets.now = None
    counter.start().press()
    assert len(counter.ratings) == 1
    assert counter.screen.now.brightness == 100


def test_the_office_opens_and_the_panel_brightens_by_itself(tmp_path: Path) -> None:
    counter = Counter(tmp_path, saigon(6, 59), without="unbound", hours=WEEKDAYS)
    counter.tickets.now = None
    assert counter.start().screen.now.kind == "idle"
    shown = counter.turn(60_000).screen.now
    assert (shown.kind, shown.brightness) == ("rate", 90)


def test_an_open_visit_ends_with_its_service_day(tmp_path: Path) -> None:
    hours = replace(WEEKDAYS, day_ends=3 * 60)
    counter = Counter(tmp_path, saigon(23), hours=hours).start()
    for _ in range(4 * 60 - 1):
        counter.turn(60_000)
    assert counter.screen.now.kind == "rate"
    assert counter.turn(60_000).screen.now.kind == "idle"
    assert counter.seen == ["called", "closed"]


def test_a_clock_that_is_set_right_by_years_ends_no_visit(tmp_path: Path) -> None:
    counter = Counter(tmp_path, saigon(10), hours=WEEKDAYS).start()
    counter.turn(60_000)
    counter.clock.at += 6 * 365 * 24 * 3_600_000
    assert counter.turn(60_000).screen.now.kind == "rate"
    counter.turn(14 * 3_600_000)
    assert counter.screen.now.kind == "idle"


def test_new_hours_count_at_once(tmp_path: Path) -> None:
    counter = Counter(tmp_path, saigon(12), without="unbound")
    counter.tickets.now = None
    assert counter.start().screen.now.kind == "rate"
    never = Hours(opening=(Span(0, DAY_MIN - 1, DAY_MIN),))
    counter.desk.configure(replace(counter.policy, hours=never))
    assert counter.turn().screen.now.kind == "idle"


@pytest.mark.parametrize("ask", [lambda desk: desk.identify(10**9), lambda desk: desk.self_test()])
def test_a_touch_of_a_choice_counts_unless_it_is_a_try(
    counter: Counter, ask: Callable[[Any], None]
) -> None:
    ask(counter.desk)
    counter.screen.touches = [Target("choice", "satisfied")]
    counter.turn()
    assert len(counter.ratings) == (0 if counter.screen.now.kind == "self_test" else 1)


def test_the_loop_is_told_while_the_lights_blink(counter: Counter) -> None:
    assert not counter.desk.blinks()
    counter.desk.identify(counter.clock.up_ms() + 5_000)
    assert counter.turn().desk.blinks()
    assert not counter.turn(5_000).desk.blinks()


# ---- on the way into the fleet ----


def test_what_keeps_the_terminal_from_its_fleet_is_shown_while_nobody_is_served(
    tmp_path: Path,
) -> None:
    counter = Counter(tmp_path)
    ticket, counter.tickets.now = counter.tickets.now, None
    counter.start()
    counter.desk.joining("unknown_name")
    shown = counter.turn().screen.now
    assert (shown.kind, shown.joining, shown.notes) == ("joining", "unknown_name", NAMES)
    counter.desk.identify(counter.clock.up_ms() + 1_000)
    assert counter.turn().screen.now.kind == "identify"
    assert counter.turn(1_000).press(1).screen.now.kind == "wait"
    counter.tickets.now = ticket
    counter.desk.new_ticket()
    assert counter.turn(5_000).screen.now.kind == "rate"
    assert len(counter.press(1).ratings) == 1
    counter.tickets.now = None
    counter.desk.new_ticket()
    assert counter.turn(120_000).screen.now.kind == "joining"
    counter.desk.joining(None)
    assert counter.turn().screen.now.kind == "idle"


def test_where_a_question_is_always_asked_it_stands_beside_it_and_hinders_nobody(
    tmp_path: Path,
) -> None:
    counter = Counter(tmp_path, without="unbound")
    ticket, counter.tickets.now = counter.tickets.now, None
    counter.start()
    counter.desk.joining("cloned")
    shown = counter.turn().screen.now
    assert (shown.kind, shown.joining, shown.choices) == ("rate", "cloned", CHOICES)
    assert len(counter.press(1).ratings) == 1
    assert counter.screen.now.joining is None, "thanks are for the citizen"
    counter.tickets.now = ticket
    counter.desk.new_ticket()
    assert (counter.turn(5_000).screen.now.ticket, counter.screen.now.joining) == ("A001", None)
