"""The desk asks for reasons and takes complaints, on a real journal."""

from dataclasses import replace
from pathlib import Path

import pytest

from device.core.policy import Asking, Policy
from tests.fakes.journals import database
from tests.fakes.place import ASKING, BUTTONS_ONLY, ITEMS, Counter
from wire.records import Items, Reasons

HOSPITAL = replace(ASKING, mode="items")


@pytest.fixture
def counter(tmp_path: Path) -> Counter:
    return Counter(tmp_path, asking=ASKING).start()


def test_a_rating_and_its_reasons_are_two_records(counter: Counter) -> None:
    counter.touch("unsatisfied").turn(2000).touch("continue", "item-3", "item-1", "done")
    seq = counter.told[0][2].seq
    assert counter.reasons == [Reasons(seq, ("item-3", "item-1"))]
    assert counter.real.head().seq == seq + 1
    assert counter.screen.now.kind == "thanks"


@pytest.mark.parametrize("button", [0, 1, 2])
def test_every_choice_has_the_same_screens_at_the_same_times_with_the_same_light(
    tmp_path: Path, button: int
) -> None:
    counter = Counter(tmp_path, asking=ASKING).start().press(button)
    for _ in range(590):
        counter.turn(100)
    assert [(view.kind, view.warning) for view in counter.screen.views] == [
        ("rate", False),
        ("thanks", False),
        ("correction", False),
        ("reasons", False),
        ("reasons", True),
        ("recorded", False),
    ]
    assert counter.buttons.lights == [True, False]
    assert counter.reasons == []


@pytest.mark.parametrize("key", ["done", "skip"])
def test_reasons_that_cannot_be_stored_are_not_thanked_for_and_can_be_given_again(
    counter: Counter, key: str
) -> None:
    counter.touch("satisfied").turn(2000).touch("continue", "item-2")
    counter.journal.broken = True
    counter.touch(key)
    assert counter.screen.now.kind == "out_of_service"
    counter.journal.broken = False
    assert counter.turn(5000).screen.now.kind == "reasons"
    assert counter.screen.now.chosen == ("item-2",)
    counter.touch(key)
    assert counter.screen.now.kind == "thanks"
    assert len(counter.reasons) == 1


def test_reasons_whose_time_is_over_wait_for_the_disk(counter: Counter) -> None:
    counter.touch("satisfied").turn(2000).touch("continue", "item-2")
    counter.journal.broken = True
    counter.turn(49_000)
    for _ in range(200):
        counter.turn(100)
    assert counter.screen.now.kind == "out_of_service"
    assert counter.journal.refused <= 5  # each five seconds, not at every turn
    counter.journal.broken = False
    counter.turn(5000)
    assert [reasons.items for reasons in counter.reasons] == [("item-2",)]


def test_the_next_ticket_has_what_was_chosen_recorded_before_it_is_called(
    counter: Counter,
) -> None:
    counter.touch("satisfied").turn(2000).touch("continue", "item-2")
    counter.tickets.say(visit="visit-b", ticket="A002")
    counter.turn(1000)
    kinds = [type(body).__name__ for body in counter.journal.appended[-3:]]
    assert kinds == ["Reasons", "Ticket", "Ticket"]
    assert counter.screen.now.kind == "rate"


@pytest.mark.parametrize("stored_before", [0, 1, 2])
def test_whatever_is_stored_when_the_disk_fails_is_not_stored_twice(
    counter: Counter, stored_before: int
) -> None:
    counter.touch("satisfied").turn(2000).touch("continue", "item-2")
    counter.tickets.say(visit="visit-b", ticket="A002")
    counter.journal.breaks_after = stored_before
    counter.turn(1000)
    assert counter.screen.now.kind == "out_of_service"
    assert counter.desk.session.visit is not None
    assert counter.desk.session.visit.id == "visit-a"
    counter.journal.broken = False
    counter.turn(6000)
    assert counter.desk.session.visit.id == "visit-b"
    assert counter.seen == ["called", "closed", "called"]
    assert len(counter.reasons) == 1


def test_what_was_chosen_is_recorded_in_the_chain_of_its_rating(counter: Counter) -> None:
    counter.touch("satisfied").turn(2000).touch("continue", "item-2")
    counter.desk.finish()
    counter.desk.new_chain()
    assert len(counter.reasons) == 1
    assert counter.turn(4000).screen.now.kind == "recorded"


def test_what_comes_too_late_for_its_chain_is_not_recorded_in_the_next(counter: Counter) -> None:
    counter.touch("satisfied").turn(2000).touch("continue", "item-2")
    counter.journal.broken = True
    counter.desk.finish()
    counter.desk.new_chain()
    assert counter.desk.session.asked is None
    counter.journal.broken = False
    counter.turn(5000)
    assert counter.reasons == []


def test_without_a_touch_screen_nobody_is_asked(tmp_path: Path) -> None:
    counter = Counter(tmp_path, asking=ASKING, site=BUTTONS_ONLY).start().press()
    kinds = [counter.turn(1000).screen.now.kind for _ in range(8)]
    assert "reasons" not in kinds


# ---- complaints ----


def test_a_complaint_is_stored_at_its_touch(tmp_path: Path) -> None:
    counter = Counter(tmp_path, asking=HOSPITAL).start()
    counter.touch("item-2", "next", "item-9", "item-9", "done")
    assert counter.complaints == [Items("Q1", ("item-2",)), Items("Q1", ("item-9",))]
    assert counter.screen.now.kind == "thanks"


def test_a_complaint_that_cannot_be_stored_is_not_shown_as_chosen(tmp_path: Path) -> None:
    counter = Counter(tmp_path, asking=HOSPITAL).start()
    counter.journal.broken = True
    counter.touch("item-2")
    assert counter.screen.now.kind == "out_of_service"
    counter.journal.broken = False
    assert counter.turn(5000).screen.now.chosen == ()
    assert counter.touch("item-2").screen.now.chosen == ("item-2",)
    assert len(counter.complaints) == 1


def test_a_button_in_this_mode_is_rejected_and_counted(tmp_path: Path) -> None:
    counter = Counter(tmp_path, asking=HOSPITAL).start().press()
    assert counter.ratings == []
    assert counter.desk.report()["rejected"] == {"items": 1}


# ---- a policy that changes meanwhile ----


def test_a_new_policy_changes_what_comes_and_not_what_is_under_way(counter: Counter) -> None:
    counter.touch("satisfied").turn(2000).touch("continue", "item-2")
    counter.desk.configure(Policy(asking=Asking(reasons="never", items=ITEMS), version=7))
    assert counter.turn().screen.now.kind == "reasons"
    counter.touch("done")
    assert [reasons.items for reasons in counter.reasons] == [("item-2",)]
    standing = counter.desk.session.standing
    assert standing is not None
    counter.press(0, after_ms=10_000)
    assert counter.ratings[-1].contested
    assert counter.turn(2000).screen.now.kind == "thanks"


def test_a_policy_dresses_the_screen(counter: Counter) -> None:
    policy = Policy()
    counter.desk.configure(policy)
    assert counter.screen.worn == (policy.look, policy.texts)


def test_what_was_chosen_is_recorded_when_the_terminal_ends(counter: Counter) -> None:
    counter.touch("satisfied").turn(2000).touch("continue", "item-2")
    counter.desk.finish()
    assert [reasons.items for reasons in counter.reasons] == [("item-2",)]


def test_a_press_counts_also_when_the_reasons_before_it_find_the_journal_damaged(
    counter: Counter, tmp_path: Path
) -> None:
    counter.touch("satisfied").turn(2000).touch("continue", "item-2")
    head = counter.real.head()
    with database(tmp_path) as db:
        db.execute("DELETE FROM record WHERE seq = ?", (head.seq,))
    counter.press(2)
    assert counter.real.head().chain != head.chain
    assert [rating.choice for rating in counter.ratings] == ["satisfied", "unsatisfied"]
    assert counter.screen.now.kind == "thanks"
    assert counter.reasons == [], "their rating is in a former chain"


def test_reasons_whose_time_is_over_after_the_journal_was_mended_keep_nobody_out(
    counter: Counter, tmp_path: Path
) -> None:
    counter.touch("satisfied").turn(2000).touch("continue", "item-2")
    with database(tmp_path) as db:
        db.execute("DELETE FROM record WHERE seq = ?", (counter.real.head().seq,))
    counter.desk.fault("screen", None)
    counter.turn(60_000)
    assert counter.screen.now.kind != "out_of_service"
    counter.press(2)
    assert [rating.choice for rating in counter.ratings] == ["satisfied", "unsatisfied"]
    assert counter.reasons == []


def test_reasons_do_not_follow_what_found_the_journal_damaged_into_the_next_chain(
    counter: Counter, tmp_path: Path
) -> None:
    counter.tickets.say(visit="visit-a", ticket="A001")
    counter.turn(1000).touch("satisfied").turn(2000).touch("continue", "item-2")
    with database(tmp_path) as db:
        db.execute("DELETE FROM record WHERE seq = ?", (counter.real.head().seq,))
    counter.tickets.say(visit="visit-a", ticket="A001", event="closed")
    counter.desk.new_ticket()
    counter.turn(120_000)
    assert counter.screen.now.kind != "out_of_service"
    assert counter.reasons == []
    assert counter.seen == ["called", "closed"]
