"""Until when somebody must have set up a second factor."""

from fleet_server.core.roles import Grant
from fleet_server.core.second_factor import DAY_MS, due_at, standing

NOW = 1_800_000_000_000
NEEDING = ("administrator", "auditor")


def test_a_role_that_needs_none_leaves_people_free() -> None:
    assert due_at([Grant("viewer", None)], NEEDING, None, 7, NOW) is None
    assert due_at([], NEEDING, None, 7, NOW) is None
    assert due_at([Grant("administrator", None)], (), None, 7, NOW) is None


def test_the_days_are_counted_from_the_first_sign_in_and_not_from_the_next() -> None:
    held = [Grant("viewer", None), Grant("auditor", 3)]
    first = due_at(held, NEEDING, None, 7, NOW)
    assert first == NOW + 7 * DAY_MS
    assert due_at(held, NEEDING, first, 7, NOW + DAY_MS) == first


def test_people_are_asked_first_and_stopped_when_the_days_are_over() -> None:
    assert standing(False, NOW + 1, NOW) == "asked"
    assert standing(False, NOW, NOW) == "due"


def test_who_has_one_or_needs_none_is_free() -> None:
    assert standing(True, NOW, NOW) == "free"
    assert standing(False, None, NOW) == "free"
