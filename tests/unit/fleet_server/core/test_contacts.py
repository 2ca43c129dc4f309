"""Contact data: for what, until when, who looked, and who is the same citizen."""

from datetime import date

import pytest

from fleet_server.core.contacts import AccessError, Look, Terms, check_number, citizen_of, look

TAKEN = date(2026, 11, 2)
TERMS = Terms("v1", TAKEN, days=30)
KEY = b"k" * 16


def test_contact_data_ends_after_its_days() -> None:
    assert TERMS.ended() == (date(2026, 12, 2), "time")
    assert TERMS.usable(TAKEN)
    assert TERMS.usable(date(2026, 12, 2))
    assert not TERMS.usable(date(2026, 12, 3))
    assert not TERMS.usable(date(2026, 11, 1))


def test_it_ends_with_the_interview_if_that_comes_first() -> None:
    over = Terms("v1", TAKEN, 30, interviewed=date(2026, 11, 20))
    assert over.ended() == (date(2026, 11, 20), "interviewed")
    late = Terms("v1", TAKEN, 30, interviewed=date(2026, 12, 20))
    assert late.ended() == (date(2026, 12, 2), "time")


def test_consent_taken_back_ends_it_on_the_same_day() -> None:
    back = Terms("v1", TAKEN, 30, withdrawn=date(2026, 11, 20))
    assert back.ended() == (date(2026, 11, 19), "withdrawn")
    assert not back.usable(date(2026, 11, 20))
    assert back.due(date(2026, 11, 20))


def test_it_is_erased_on_the_day_after_its_end() -> None:
    assert not TERMS.due(date(2026, 12, 2))
    assert TERMS.due(date(2026, 12, 3))


@pytest.mark.parametrize("days", [0, 181])
def test_there_is_no_contact_data_without_a_near_end(days: int) -> None:
    with pytest.raises(ValueError, match="1 to 180 days"):
        Terms("v1", TAKEN, days)


def test_a_look_is_an_entry_before_it_is_a_look() -> None:
    entry = look(TERMS, "person:a@b", " to call ", purpose="interview", at=5, day=TAKEN)
    assert entry == Look(5, "person:a@b", "v1", "interview", "to call")


@pytest.mark.parametrize(
    ("purpose", "day", "why", "reason"),
    [
        ("advertising", TAKEN, "to call", "purpose"),
        ("interview", date(2026, 12, 3), "to call", "ended"),
        ("interview", TAKEN, " ", "no_reason"),
    ],
)
def test_nobody_looks_for_another_purpose_after_the_end_or_without_a_reason(
    purpose: str, day: date, why: str, reason: str
) -> None:
    with pytest.raises(AccessError) as refused:
        look(TERMS, "person:a@b", why, purpose=purpose, at=5, day=day)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "written",
    ["0901234567", "090 123 45 67", "+84 90 123 4567", "+84 (0)90 123 4567", "0084901234567"],
)
def test_a_number_is_one_citizen_however_it_is_written(written: str) -> None:
    assert citizen_of(KEY, written) == citizen_of(KEY, "0901234567")


def test_other_numbers_addresses_and_keys_are_other_citizens() -> None:
    others = [
        citizen_of(KEY, number)
        for number in ("0901234567", "0901234568", "008401234567", "Lan@x.vn", "la.n@x.vn")
    ]
    others.append(citizen_of(b"l" * 16, "0901234567"))
    assert len(set(others)) == 6
    assert citizen_of(KEY, "Lan@x.vn ") == citizen_of(KEY, "lan@x.vn")


def test_no_number_and_no_key_are_refused() -> None:
    with pytest.raises(ValueError, match="neither letter nor digit"):
        citizen_of(KEY, " - ")
    with pytest.raises(ValueError, match="at least 16"):
        citizen_of(b"short", "0901234567")


def test_a_number_is_kept_if_somebody_can_be_reached_by_it() -> None:
    assert check_number(" 0901 234 567 ") == "0901 234 567"
    for wrong in ("", "--", "9 1", "0901\n234", "9" * 101):
        with pytest.raises(ValueError, match="must"):
            check_number(wrong)
