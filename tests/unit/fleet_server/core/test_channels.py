"""Ratings from paper, phone, box, online and QR: apart from signed ones, one for each ticket."""

from datetime import date

import pytest

from fleet_server.core.channels import (
    CHOICES,
    ENTERED,
    WAYS,
    Fault,
    Known,
    Line,
    Refusal,
    Row,
    Unsigned,
    Way,
    apart,
    judge,
    may_withdraw,
    read,
    refusal,
    told,
)
from fleet_server.core.choices import NONE, Choices
from fleet_server.core.participation import ChoiceName

DAY, NEXT = "2026-11-20", "2026-11-21"


def rating(
    nth: int,
    way: Way = "paper",
    choice: ChoiceName = "satisfied",
    visit: str | None = None,
    taken: str = DAY,
) -> Unsigned:
    return Unsigned(nth, way, choice, taken, "2026-11-01", 3, 1, visit, "person:a@b")


# ---- which stands ----


def test_of_a_ticket_the_first_rating_stands_and_all_others_are_kept_as_second() -> None:
    ratings = [rating(3, "paper", visit="v"), rating(2, "phone", visit="v"), rating(4, visit="w")]
    assert judge(ratings, signed=()) == {2: "standing", 3: "second", 4: "standing"}


def test_nobody_who_enters_ratings_displaces_what_a_citizen_gave_by_qr() -> None:
    ratings = [rating(1, "paper", visit="v"), rating(2, "qr", visit="v")]
    assert judge(ratings, signed=()) == {1: "second", 2: "standing"}


def test_a_signed_rating_stands_before_all_others_whenever_it_came() -> None:
    ratings = [rating(1, "qr", visit="v"), rating(2, visit="w")]
    assert judge(ratings, signed={"v"}) == {1: "second", 2: "standing"}


def test_ratings_without_a_ticket_stand_each_by_itself() -> None:
    assert judge([rating(1), rating(2)], signed={"v"}) == {1: "standing", 2: "standing"}


@pytest.mark.parametrize(
    ("served", "signed", "ways", "answer"),
    [
        (True, False, (), None),
        (True, False, ("paper",), None),
        (False, False, (), "not_served"),
        (True, True, (), "rated_at_counter"),
        (False, True, ("qr",), "rated_at_counter"),
        (True, False, ("paper", "qr"), "rated_later"),
    ],
)
def test_the_page_of_a_qr_takes_one_rating_of_a_served_ticket(
    served: bool, signed: bool, ways: tuple[Way, ...], answer: Refusal | None
) -> None:
    assert refusal(served, signed, ways) == answer


# ---- what is told ----


def all_told(ratings: list[Unsigned], today: str) -> dict[tuple[str, Way], Choices]:
    judged = judge(ratings, ())
    return told(ratings, [one for one in judged if judged[one] == "standing"], today)


def test_each_way_is_told_by_itself_from_five_on() -> None:
    ratings = [rating(n) for n in range(4)] + [rating(n, "phone") for n in range(10, 15)]
    given = all_told(ratings, NEXT)
    assert given == {(DAY, "paper"): NONE, (DAY, "phone"): Choices(satisfied=5)}


def test_nothing_is_told_of_the_running_day() -> None:
    assert all_told([rating(n) for n in range(9)], DAY) == {}


def test_what_is_too_few_waits_for_the_months_next_days_and_what_is_second_is_not_told() -> None:
    ratings = [rating(n, visit=f"v{n}") for n in range(4)]
    ratings += [
        rating(5, choice="unsatisfied", taken=NEXT),
        rating(6, visit="v1", taken=NEXT),
    ]
    given = all_told(ratings, "2026-11-22")
    assert given == {(DAY, "paper"): NONE, (NEXT, "paper"): Choices(0, 4, 1)}


def test_what_was_told_of_a_day_does_not_change_by_what_is_taken_later() -> None:
    ratings = [rating(n) for n in range(6)]
    before = all_told(ratings, NEXT)
    ratings += [rating(n, taken=NEXT) for n in range(6, 9)]
    after = all_told(ratings, "2026-11-22")
    assert after == {**before, (NEXT, "paper"): NONE}


def test_a_figure_says_what_was_signed_and_each_other_way_and_no_sum_of_both() -> None:
    given = [{(DAY, "paper"): Choices(5)}, {(DAY, "paper"): Choices(0, 6), (DAY, "qr"): NONE}]
    both = apart(Choices(100, 20, 3), given, [rating(1, "qr"), rating(2, "qr")])  # type: ignore[arg-type]
    assert both.signed == Choices(100, 20, 3)
    assert both.others == {**dict.fromkeys(WAYS, NONE), "paper": Choices(5, 6)}
    assert both.second == {**dict.fromkeys(WAYS, 0), "qr": 2}
    assert apart(NONE, []).second == dict.fromkeys(WAYS, 0)


def test_what_was_withdrawn_is_counted_by_itself() -> None:
    assert apart(NONE, [], (), ["box", "box"]).withdrawn == dict.fromkeys(WAYS, 0) | {"box": 2}


@pytest.mark.parametrize(
    ("way", "over", "may"),
    [("paper", False, True), ("online", False, True), ("box", True, False), ("qr", False, False)],
)
def test_what_people_entered_is_withdrawn_until_its_day_is_over(
    way: Way, over: bool, may: bool
) -> None:
    assert may_withdraw(way, over) is may


# ---- rows ----

KNOWN = Known(
    units={"W1": 3, "W2": 4},
    counter=lambda code, day: {"C1": (1, 3 if day < "2026-11-01" else 4), "C2": (2, 3)}.get(code),
    today=date(2026, 11, 27),
)
GOOD = {"way": "box", "choice": "unsatisfied", "day": DAY, "unit": "W1"}


def test_a_row_needs_way_choice_day_and_unit() -> None:
    assert read(GOOD, KNOWN) == Row("box", "unsatisfied", DAY, 3, None, None)
    assert read({}, KNOWN) == [
        Fault(field, "missing")
        for field in ("way", "choice", "unit", "day")  # type: ignore[arg-type]
    ]


def test_a_row_may_name_counter_and_ticket() -> None:
    said = GOOD | {"counter": " C2 ", "ticket": "A017"}
    assert read(said, KNOWN) == Row("box", "unsatisfied", DAY, 3, 2, "A017")


@pytest.mark.parametrize("way", ENTERED)
@pytest.mark.parametrize("choice", CHOICES)
def test_every_way_but_the_qr_can_be_entered_with_every_choice(
    way: Way, choice: ChoiceName
) -> None:
    assert read(GOOD | {"way": way, "choice": choice}, KNOWN) == Row(
        way, choice, DAY, 3, None, None
    )


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"way": "qr"}, Fault("way", "unknown", "qr")),
        ({"choice": "good"}, Fault("choice", "unknown", "good")),
        ({"unit": "W9"}, Fault("unit", "unknown", "W9")),
        ({"day": "20/11/2026"}, Fault("day", "not_a_day", "20/11/2026")),
        ({"day": "2026-11-28"}, Fault("day", "ahead", "2026-11-28")),
        ({"counter": "C9"}, Fault("counter", "unknown", "C9")),
        ({"counter": "C1"}, Fault("counter", "elsewhere", "C1")),
        ({"ticket": "--"}, Fault("ticket", "not_a_ticket", "--")),
    ],
)
def test_a_wrong_field_is_named(change: dict[str, str], fault: Fault) -> None:
    assert read(GOOD | change, KNOWN) == [fault]


def test_a_counter_belongs_to_the_unit_it_lay_in_that_day_and_today_is_no_day_ahead() -> None:
    assert read(GOOD | {"counter": "C1", "day": "2026-10-31"}, KNOWN) == Row(
        "box", "unsatisfied", "2026-10-31", 3, 1, None
    )
    assert isinstance(read(GOOD | {"day": "2026-11-27"}, KNOWN), Row)


def test_all_faults_of_a_row_are_told_at_once() -> None:
    faults = read({"way": "fax", "choice": "", "day": "x", "unit": "W9", "ticket": "-"}, KNOWN)
    assert isinstance(faults, list)
    assert {fault.field for fault in faults} == {"way", "choice", "day", "unit", "ticket"}


def test_what_came_one_way_is_shown_from_five_on() -> None:
    assert Line("paper", 7, Choices(4, 0, 1), 1).shown == Choices(4, 0, 1)
    assert Line("paper", 7, Choices(3, 0, 1), 1).shown is None
