"""Ticket numbers: what is allowed, and when two are the same."""

import pytest

from wire.tickets import TicketError, check_ticket, normalise


@pytest.mark.parametrize(
    "written", ["A017", "a017", "A17", " A-017 ", "A.017", "A 17", "\uff21\uff10\uff11\uff17"]
)
def test_ways_to_write_a_number_are_the_same_number(written: str) -> None:
    assert normalise(written) == "A17"


@pytest.mark.parametrize(
    ("one", "other"), [("A017", "A071"), ("A017", "B017"), ("1-017", "10-17"), ("A1", "A10")]
)
def test_different_numbers_stay_different(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


def test_zero_is_a_number_too() -> None:
    assert normalise("000") == "0"


def test_letters_of_vietnamese_count() -> None:
    assert normalise("đ-05") == "Đ5"


def test_a_number_is_kept_as_it_is_printed() -> None:
    assert check_ticket("  A-017 ") == "A-017"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "1 to 16 characters"),
        ("   ", "1 to 16 characters"),
        ("A" * 17, "1 to 16 characters"),
        ("A\x00", r"U\+0000"),
        ("A\n1", r"U\+000A"),
        ("A\u202e17", r"U\+202E"),
        ("A\u200b1", r"U\+200B"),
        ("A\ud800", r"U\+D800"),
        ("---", "a letter or a digit"),
    ],
)
def test_a_number_nobody_can_read_is_refused(text: str, why: str) -> None:
    with pytest.raises(TicketError, match=why):
        check_ticket(text)
