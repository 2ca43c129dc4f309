"""Reasons and complaints, touch by touch (device/core/asking.py)."""

from dataclasses import replace
from typing import get_args

import pytest

from device.core.asking import PAGE, TABLE, Stage, stage_of, touched
from device.core.events import (
    Append,
    ChainEnds,
    HoursChanged,
    Kept,
    NewChain,
    Recorded,
    Ticked,
    TicketCalled,
    TicketClosed,
    TicketTransferred,
    Touched,
)
from device.core.policy import Item
from device.core.rules import Rules
from device.core.session import step
from device.core.session_state import Session, Visit
from device.core.targets import Key, Target
from device.core.view import view
from tests.unit.device.core.test_session import A, B, Run
from wire.records import CHOICES, Choice, Items, Rating, Reasons

SOME = tuple(Item(code) for code in "abcdefghijklmn")  # three pages
ASKING = Rules(counter="Q1", touch=True, reasons="every", items=SOME)
UNBOUND = replace(ASKING, without="unbound")
HOSPITAL = replace(ASKING, mode="items")


class Citizen(Run):
    """A session whose screen is touched."""

    def touch(self, up: int, *names: str) -> "Citizen":
        for name in names:
            kind = "key" if name in get_args(Key) else "item"
            self.do(Touched(up, Target(kind, name)))  # type: ignore[arg-type]
        return self

    def kind(self, up: int) -> str:
        return self.look(up).kind

    def look(self, up: int):  # type: ignore[no-untyped-def]
        self.do(Ticked(up))
        return view(self.session, up, self.rules, "Quầy 1")

    @property
    def answers(self) -> list[Reasons]:
        return [body for body in self.stored if isinstance(body, Reasons)]

    @property
    def complaints(self) -> list[Items]:
        return [body for body in self.stored if isinstance(body, Items)]


def rated(rules: Rules = ASKING, choice: Choice = "satisfied") -> Citizen:
    """A citizen who pressed at 1,000; the rating is the record 2."""
    citizen = Citizen(rules)
    citizen.do(TicketCalled(0, A))
    citizen.press(1000, choice)
    return citizen


def asked(rules: Rules = ASKING) -> Citizen:
    """One who has touched *continue* at 3,000."""
    return rated(rules).touch(3000, "continue")


def test_the_table_answers_every_touch_in_every_stage() -> None:
    assert set(TABLE) == set(get_args(Stage))
    for stage, row in TABLE.items():
        assert set(row) == {"item", *get_args(Key)}, stage


def test_reasons_come_after_thanks_and_correction() -> None:
    citizen = rated()
    kinds = [citizen.kind(up) for up in (1000, 2499, 2500, 6000, 6001, 30_000)]
    assert kinds == ["thanks", "thanks", "correction", "correction", "reasons", "reasons"]


def test_continue_leads_to_the_reasons_at_once() -> None:
    citizen = rated()
    assert "continue" in citizen.look(3000).keys
    assert citizen.touch(3000, "continue").kind(3000) == "reasons"


@pytest.mark.parametrize("choice", CHOICES)
def test_every_choice_is_asked_for_reasons(choice: Choice) -> None:
    assert rated(choice=choice).kind(7000) == "reasons"


def test_only_where_it_is_set_the_unsatisfied_alone_are_asked() -> None:
    rules = replace(ASKING, reasons="unsatisfied")
    assert rated(rules, "unsatisfied").kind(7000) == "reasons"
    assert rated(rules, "satisfied").kind(7000) == "recorded"


@pytest.mark.parametrize("less", [{"reasons": "never"}, {"touch": False}, {"items": ()}])
def test_without_policy_touch_or_items_nobody_is_asked(less: dict[str, object]) -> None:
    citizen = rated(replace(ASKING, **less))  # type: ignore[arg-type]
    assert citizen.session.asked is None
    assert citizen.kind(7000) == "recorded"


def test_items_come_six_to_a_page_with_keys_for_what_can_be_done() -> None:
    citizen = asked()
    first = citizen.look(3000)
    assert [item.code for item in first.items] == list("abcdef")
    assert (first.page, first.pages, first.keys) == (0, 3, ("skip", "next", "language"))
    middle = citizen.touch(3000, "c", "next").look(3000)
    assert [item.code for item in middle.items] == list("ghijkl")
    assert middle.chosen == ("c",)
    assert middle.keys == ("skip", "done", "back", "next", "language")
    last = citizen.touch(3000, "next", "next").look(3000)
    assert ([item.code for item in last.items], last.page) == (["m", "n"], 2)
    assert "next" not in last.keys
    assert citizen.touch(3000, "back", "back", "back").look(3000).page == 0
    assert len(first.items) == PAGE


def test_an_item_is_chosen_and_given_up_by_touch_and_done_records_what_is_left() -> None:
    citizen = asked().touch(4000, "b", "a", "b", "h")
    assert citizen.answers == []
    citizen.touch(5000, "done")
    assert citizen.answers == [Reasons(2, ("a", "h"))]
    assert [citizen.kind(up) for up in (5000, 8999, 9000)] == ["thanks", "thanks", "recorded"]


def test_skip_is_recorded_and_thanked_for_alike() -> None:
    citizen = asked().touch(4000, "skip")
    assert citizen.answers == [Reasons(2, None, skipped=True)]
    assert [citizen.kind(up) for up in (4000, 7999, 8000)] == ["thanks", "thanks", "recorded"]


def test_done_means_nothing_while_nothing_is_chosen() -> None:
    citizen = asked().touch(4000, "done", "unheard-of")
    assert citizen.answers == []
    assert citizen.look(4000).chosen == ()


def test_who_walks_away_is_warned_and_what_was_chosen_is_recorded() -> None:
    citizen = asked().touch(10_000, "d")
    assert not citizen.look(39_999).warning
    assert citizen.look(40_000).warning
    assert citizen.kind(59_999) == "reasons"
    assert citizen.kind(60_000) == "thanks"
    assert citizen.answers == [Reasons(2, ("d",))]


def test_who_chose_nothing_leaves_no_record() -> None:
    citizen = asked()
    assert citizen.kind(53_000) == "recorded"
    assert citizen.answers == []


@pytest.mark.parametrize("name", ["a", "next", "back", "language", "done"])
def test_every_touch_begins_the_time_anew(name: str) -> None:
    citizen = asked().touch(32_000, name)
    assert not citizen.look(40_000).warning
    assert citizen.look(62_000).warning


def test_a_press_within_five_seconds_replaces_and_is_asked_anew() -> None:
    citizen = asked().touch(4000, "a")
    again = citizen.press(5000, "unsatisfied")
    assert again is not None
    assert again.replaces == 2
    assert citizen.answers == [Reasons(2, ("a",))]
    assert citizen.session.asked is not None
    assert (citizen.session.asked.rating, citizen.session.asked.chosen) == (4, ())
    assert [citizen.kind(up) for up in (5000, 6500, 10_001)] == ["thanks", "correction", "reasons"]


def test_a_later_press_is_contested_and_asked_too_after_the_thanks() -> None:
    citizen = rated().touch(7000, "a")
    late = citizen.press(8000)
    assert late is not None
    assert late.contested
    assert citizen.answers == [Reasons(2, ("a",))]
    assert [citizen.kind(up) for up in (8000, 9499, 9500)] == ["thanks", "thanks", "reasons"]


def test_a_press_that_is_rejected_leaves_the_reasons_alone() -> None:
    citizen = rated().touch(2400, "continue")
    assert citizen.press(2400) is None
    assert citizen.session.asked is not None


def test_an_unbound_rating_is_asked_after_the_thanks() -> None:
    citizen = Citizen(UNBOUND)
    citizen.press(1000)
    assert [citizen.kind(up) for up in (1000, 2499, 2500)] == ["thanks", "thanks", "reasons"]
    citizen.touch(3000, "a", "done")
    assert citizen.answers == [Reasons(1, ("a",))]


def test_the_visit_may_end_while_its_citizen_gives_reasons() -> None:
    citizen = rated()
    citizen.do(TicketClosed(2000, A))
    assert citizen.touch(50_000, "a").kind(62_500) == "reasons"
    assert citizen.session.phase == "idle"
    assert citizen.touch(62_600, "done").answers == [Reasons(2, ("a",))]


ENDINGS = [
    TicketCalled(5000, B),
    TicketTransferred(5000, A),
    ChainEnds(5000),
    HoursChanged(5000, True, 4999),
]


@pytest.mark.parametrize("event", ENDINGS)
def test_what_was_chosen_is_recorded_when_something_else_ends_the_asking(event: object) -> None:
    citizen = asked().touch(4000, "b")
    citizen.do(event)  # type: ignore[arg-type]
    assert citizen.session.asked is None
    assert citizen.answers == [Reasons(2, ("b",))]


@pytest.mark.parametrize("event", ENDINGS)
def test_when_nothing_was_chosen_the_asking_just_ends(event: object) -> None:
    citizen = asked()
    citizen.do(event)  # type: ignore[arg-type]
    assert (citizen.session.asked, citizen.answers) == (None, [])


def test_reasons_that_come_too_late_for_their_chain_name_no_rating_of_another() -> None:
    citizen = asked().touch(4000, "b")
    citizen.do(NewChain(5000))
    assert (citizen.session.asked, citizen.answers) == (None, [])


def test_another_ticket_that_leaves_ends_nothing() -> None:
    citizen = asked()
    citizen.do(TicketTransferred(5000, B))
    assert citizen.session.asked is not None


def test_reasons_that_are_stored_are_not_asked_for_again() -> None:
    session, effects = step(
        asked().touch(4000, "b").session, Touched(5000, Target("key", "done")), ASKING
    )
    assert effects == (Append(Reasons(2, ("b",))),)
    kept, more = step(session, Kept(5000, Reasons(2, ("b",))), ASKING)
    assert (kept.asked, more) == (None, ())


def test_touches_of_what_is_not_offered_mean_nothing() -> None:
    for citizen in (Citizen(ASKING), rated(), Citizen(HOSPITAL)):
        up = 3000
        before = [type(body) for body in citizen.stored]
        citizen.touch(up, "skip", "continue", "done")
        assert [type(body) for body in citizen.stored] == before
    unoffered = Touched(0, Target("key", "sideways"))  # type: ignore[arg-type]
    assert touched(Session(), unoffered, ASKING)[1] == ()


def test_items_that_a_new_policy_takes_away_stay_chosen() -> None:
    citizen = asked().touch(4000, "next", "next", "n")
    citizen.rules = replace(ASKING, items=SOME[:7])
    shown = citizen.look(4000)
    assert (shown.page, shown.chosen) == (1, ("n",))
    assert citizen.touch(4000, "back").look(4000).page == 0
    assert citizen.touch(4000, "done").answers == [Reasons(2, ("n",))]


# ---- the mode "items" ----


def test_one_touch_is_a_complaint_at_once() -> None:
    citizen = Citizen(HOSPITAL).touch(90_000, "c")
    assert citizen.complaints == [Items("Q1", ("c",))]
    assert citizen.look(90_000).chosen == ("c",)


def test_several_can_be_touched_and_each_counts_once_in_a_turn() -> None:
    citizen = Citizen(HOSPITAL).touch(1000, "c", "a", "c", "unheard-of")
    assert citizen.complaints == [Items("Q1", ("c",)), Items("Q1", ("a",))]


@pytest.mark.parametrize("done", [True, False])
def test_done_or_half_a_minute_of_rest_ends_the_turn_with_the_same_thanks(done: bool) -> None:
    citizen = Citizen(HOSPITAL).touch(1000, "c")
    over = 2000 if done else 31_000
    if done:
        citizen.touch(over, "done")
    assert [citizen.kind(up) for up in (over, over + 3999, over + 4000)] == [
        "thanks",
        "thanks",
        "items",
    ]
    assert citizen.touch(over + 5000, "c").complaints == [Items("Q1", ("c",))] * 2


def test_who_only_turns_pages_is_not_thanked() -> None:
    citizen = Citizen(HOSPITAL).touch(1000, "next")
    assert citizen.look(2000).page == 1
    shown = citizen.look(31_000)
    assert (shown.kind, shown.page) == ("items", 0)
    assert citizen.touch(32_000, "next", "done").kind(32_000) == "items"


def test_at_rest_the_items_are_dim_and_move_and_are_there_to_be_touched() -> None:
    citizen = Citizen(HOSPITAL)
    first, later = citizen.look(0), citizen.look(20_000)
    assert first.dim
    assert first.place != later.place
    assert len(first.items) == PAGE
    assert not citizen.touch(21_000, "a").look(21_000).dim
    assert first.keys == ("next", "language")


@pytest.mark.parametrize("visit", [A, None])
def test_no_ratings_are_taken_in_this_mode(visit: Visit | None) -> None:
    citizen = Citizen(HOSPITAL)
    if visit:
        citizen.do(TicketCalled(0, visit))
    assert citizen.press(1000) is None
    assert citizen.refused == "items"
    assert citizen.kind(1000) == "items"


def test_a_complaint_that_is_stored_is_not_stored_again() -> None:
    kept, _ = step(Session(), Kept(1000, Items("Q1", ("c",))), HOSPITAL)
    assert step(kept, Touched(1000, Target("item", "c")), HOSPITAL)[1] == ()


def test_a_turn_ends_when_the_mode_is_changed() -> None:
    citizen = Citizen(HOSPITAL).touch(1000, "c")
    citizen.rules = ASKING
    assert citizen.do(Ticked(1100)).session.asked is None


def test_a_rating_given_before_the_mode_was_changed_keeps_its_reasons() -> None:
    citizen = asked().touch(4000, "a")
    citizen.rules = HOSPITAL
    assert citizen.kind(4100) == "reasons"
    assert citizen.touch(4200, "done").answers == [Reasons(2, ("a",))]


def test_outside_the_opening_hours_no_items_are_offered() -> None:
    citizen = Citizen(HOSPITAL)
    citizen.do(HoursChanged(0, False, 0))
    assert citizen.kind(1000) == "idle"
    assert citizen.touch(1000, "c").complaints == []


def test_a_new_chain_leaves_the_turn_alone() -> None:
    citizen = Citizen(HOSPITAL).touch(1000, "c")
    citizen.do(NewChain(1100))
    assert citizen.touch(1200, "c").complaints == [Items("Q1", ("c",))]


# ---- the language ----


def test_the_language_key_goes_round() -> None:
    citizen = rated(replace(ASKING, languages=("vi", "en", "km")))
    languages = [citizen.touch(3000, "language").look(3000).language for _ in range(3)]
    assert languages == ["en", "km", "vi"]


def test_where_there_is_one_language_there_is_no_key() -> None:
    assert "language" not in asked(replace(ASKING, languages=("vi",))).look(3000).keys


def test_the_next_citizen_finds_the_first_language() -> None:
    citizen = rated().touch(3000, "language")
    citizen.do(TicketCalled(9000, B))
    assert citizen.look(9000).language == "vi"


def test_the_language_stays_while_its_visit_is_open_and_goes_with_it() -> None:
    citizen = rated(replace(ASKING, reasons="never")).touch(3000, "language")
    assert citizen.look(300_000).language == "en"
    citizen.do(TicketClosed(300_000, A))
    assert citizen.look(360_000).language == "en"
    assert citizen.look(360_001).language == "vi"


def test_at_rest_the_language_goes_back_after_a_minute() -> None:
    citizen = Citizen(HOSPITAL).touch(1000, "language")
    assert citizen.look(60_999).language == "en"
    assert citizen.look(61_000).language == "vi"


def test_the_stage_is_nothing_while_a_press_is_being_thanked_for() -> None:
    session, _ = step(Session(), TicketCalled(0, A), ASKING)
    rating = Rating("Q1", "visit-a", "satisfied", "touch", 1)
    session, _ = step(session, Recorded(1000, rating, 2, True, 1000), ASKING)
    assert stage_of(session, 2499, ASKING) == "nothing"
    assert stage_of(session, 2500, ASKING) == "offered"
