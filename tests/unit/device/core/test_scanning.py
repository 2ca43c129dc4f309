"""What a scanner types, and what it means (device/core/scanning.py)."""

import re

import pytest

from device.core.scanning import (
    AGAIN_MS,
    HALF_MS,
    LONGEST,
    Key,
    Meant,
    Memory,
    Reading,
    Scan,
    Typed,
    type_key,
    understand,
)
from tests.fakes.scanners import ENTER, LEFT_SHIFT, keys

READING = Reading(re.compile(r"[A-Z]{0,4}-?[0-9]{1,6}"), "S-")
DOSSIER = "H29.12-221014-0005"


def scan(strokes: list[Key], typed: Typed | None = None) -> tuple[list[str], list[str]]:
    """Type keys; return the codes and the refusals that came of it."""
    typed = typed or Typed()
    codes, refusals = [], []
    for stroke in strokes:
        typed, code, refused = type_key(typed, stroke)
        codes += [code] if code is not None else []
        refusals += [refused] if refused is not None else []
    return codes, list(refusals)


@pytest.mark.parametrize("text", ["A017", DOSSIER, "QWERTYUIOPASDFGHJKLZXCVBNM", "0123456789-./"])
def test_what_is_typed_up_to_enter_is_one_code(text: str) -> None:
    assert scan(keys(text)) == ([text], [])


def test_small_letters_count_as_capitals() -> None:
    strokes = [Key(0, 30, True), Key(0, 30, False), Key(0, 2, True), Key(0, ENTER, True)]
    assert scan(strokes) == (["A1"], [])


def test_the_number_pad_types_digits_too() -> None:
    pad = [71, 72, 73, 74, 75, 76, 77, 79, 80, 81, 82, 83, 98, 96]
    assert scan([Key(0, code, True) for code in pad]) == (["789-4561230./"], [])


def test_enter_alone_is_no_code() -> None:
    assert scan([Key(0, ENTER, True), Key(0, ENTER, False)]) == ([], [])


@pytest.mark.parametrize("foreign", [57, 59, 1, 700])
def test_a_code_with_another_key_is_refused_whole(foreign: int) -> None:
    strokes = [*keys("A0", enter=False), Key(0, foreign, True), *keys("17"), *keys("A018")]
    assert scan(strokes) == (["A018"], ["keys"])


def test_a_digit_with_shift_is_another_character() -> None:
    strokes = [Key(0, LEFT_SHIFT, True), Key(0, 2, True), Key(0, LEFT_SHIFT, False)]
    assert scan([*strokes, *keys("17")]) == ([], ["keys"])


def test_a_code_that_is_too_long_is_refused() -> None:
    assert scan(keys("A" * LONGEST)) == (["A" * LONGEST], [])
    assert scan(keys("A" * 10_000)) == ([], ["long"])


def test_a_code_that_stops_half_way_does_not_become_part_of_the_next() -> None:
    strokes = [*keys("A0", 0, enter=False), *keys("B017", HALF_MS + 1)]
    assert scan(strokes) == (["B017"], ["half"])
    strokes = [*keys("A0", 0, enter=False), *keys("17", HALF_MS)]
    assert scan(strokes) == (["A017"], [])
    assert scan([*keys("A0", 0, enter=False), Key(HALF_MS + 1, ENTER, True)]) == ([], ["half"])
    foreign = [Key(0, 57, True), *keys("A1", HALF_MS + 1)]
    assert scan(foreign) == (["A1"], ["half"])


def understood(*scans: Scan, memory: Memory | None = None) -> list[Meant | None]:
    memory, meant = memory or Memory(), []
    for one in scans:
        memory, means = understand(memory, one, READING)
        meant.append(means)
    return meant


def test_a_ticket_number_is_called() -> None:
    assert understood(Scan(0, "A017", "v")) == [Meant("A017", "called", "v")]


def test_the_same_code_again_soon_is_a_recall_of_the_same_visit() -> None:
    first, again, still, later = understood(
        Scan(0, DOSSIER, "v1"),
        Scan(AGAIN_MS, DOSSIER, "v2"),
        Scan(2 * AGAIN_MS, DOSSIER, "v3"),
        Scan(3 * AGAIN_MS + 1, DOSSIER, "v4"),
    )
    assert first == Meant("S-001", "called", "v1", DOSSIER)
    assert again == still == Meant("S-001", "recalled", "v1", DOSSIER)
    assert later == Meant("S-002", "called", "v4", DOSSIER)


def test_another_code_in_between_makes_a_new_visit() -> None:
    meant = understood(Scan(0, "A1", "v1"), Scan(1, "A2", "v2"), Scan(2, "A1", "v3"))
    assert [one.visit for one in meant if one] == ["v1", "v2", "v3"]


def test_dossiers_are_counted_by_the_service_day() -> None:
    meant = understood(
        Scan(0, DOSSIER, "v1", "2026-11-22"),
        Scan(1, "000.00.12.H29-221014-0006", "v2", "2026-11-22"),
        Scan(2, "H29-221014-0007", "v3"),
        Scan(3, "H29-221014-0008", "v4", "2026-11-23"),
        memory=Memory(number=11, day="2026-11-22"),
    )
    assert [one.ticket for one in meant if one] == ["S-012", "S-013", "S-014", "S-001"]


@pytest.mark.parametrize("code", ["HELLO", "A" * 17, "1234567890123", "-", "H29-2210-1"])
def test_a_code_that_is_neither_means_nothing(code: str) -> None:
    assert understood(Scan(0, code, "v")) == [None]


def test_a_ticket_number_must_fit_into_a_record() -> None:
    memory, meant = understand(Memory(), Scan(0, "1" * 17, "v"), Reading(re.compile(".*"), "S-"))
    assert (memory, meant) == (Memory(), None)
