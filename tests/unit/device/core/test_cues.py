"""Which sound a change of view causes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.core.cues import cues
from device.core.policy import REASONS
from device.core.view import KINDS, View
from wire.records import CHOICES

RATE = View("rate", "Quầy 1", "A001", CHOICES)
THANKS = View("thanks", "Quầy 1")
CORRECTION = View("correction", "Quầy 1", "A001", CHOICES)
REASON = View("reasons", "Quầy 1", "A001", items=REASONS)
IDLE = View("idle", "Quầy 1", dim=True)


@pytest.mark.parametrize("before", [RATE, CORRECTION, View("items", "Quầy 1")])
def test_an_accepted_press_has_a_chime_and_a_thank_you(before: View) -> None:
    assert cues(before, THANKS) == ("accepted", "thank_you")


@pytest.mark.parametrize("after", [REASON, CORRECTION])
def test_where_more_is_asked_a_press_has_its_chime_alone(after: View) -> None:
    assert cues(RATE, after) == ("accepted",)


@pytest.mark.parametrize("before", [IDLE, THANKS, replace(RATE, ticket="A000")])
def test_somebody_who_was_served_is_asked(before: View) -> None:
    assert cues(before, RATE) == ("please_rate",)


def test_a_self_test_that_begins_is_heard_once() -> None:
    testing = View("self_test", "Quầy 1")
    assert cues(RATE, testing) == ("accepted",)
    assert cues(testing, replace(testing, progress=(3, 8))) == ()
    assert cues(testing, RATE) == ()


def test_a_language_that_is_chosen_is_spoken() -> None:
    assert cues(RATE, replace(RATE, language="en")) == ("please_rate",)


def test_a_counter_without_tickets_does_not_ask_aloud_all_day() -> None:
    assert cues(THANKS, replace(RATE, ticket=None)) == ()
    assert cues(IDLE, replace(RATE, dim=True)) == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, RATE),
        (RATE, RATE),
        (THANKS, CORRECTION),
        (CORRECTION, REASON),
        (View("identify", "Quầy 1"), RATE),
        (CORRECTION, replace(THANKS, kind="recorded")),
        (REASON, THANKS),
        (THANKS, IDLE),
        (RATE, replace(IDLE, kind="out_of_service")),
    ],
)
def test_all_else_is_silent(before: View | None, after: View) -> None:
    assert cues(before, after) == ()


@given(
    st.sampled_from(KINDS),
    st.sampled_from(KINDS),
    st.lists(st.sampled_from([item.code for item in REASONS]), unique=True),
    st.permutations(CHOICES),
)
def test_no_sound_depends_on_what_was_chosen(
    before: str, after: str, chosen: list[str], choices: list[str]
) -> None:
    plain = View(before, "Q", "A1"), View(after, "Q", "A1")  # type: ignore[arg-type]
    told = [replace(v, chosen=tuple(chosen), choices=tuple(choices)) for v in plain]  # type: ignore[arg-type]
    assert cues(*plain) == cues(*told)
