"""Colours and sizes of the themes (device/screen/theme.py), by computation."""

import pytest

from device.core.policy import Look
from device.screen.theme import Coat, theme_of

NORMAL, HIGH = theme_of(Look()), theme_of(Look(contrast="high"))
AA, AAA, OF_SHAPES = 4.5, 7.0, 3.0


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("coat", NORMAL.coats)
def test_letters_have_the_contrast_of_aa(coat: Coat) -> None:
    assert min(contrast(each, coat.ground) for each in (coat.text, coat.faint)) >= AA


@pytest.mark.parametrize("coat", HIGH.coats)
def test_in_high_contrast_letters_have_the_contrast_of_aaa(coat: Coat) -> None:
    assert min(contrast(each, coat.ground) for each in (coat.text, coat.faint)) >= AAA


@pytest.mark.parametrize("theme", [NORMAL, HIGH])
def test_what_can_be_touched_stands_out_from_the_ground(theme: object) -> None:
    for coat in (theme.tile, theme.chosen, theme.key, *theme.choices.values()):  # type: ignore[attr-defined]
        assert contrast(coat.rim or coat.ground, theme.day.ground) >= OF_SHAPES  # type: ignore[attr-defined]


@pytest.mark.parametrize("theme", [NORMAL, HIGH])
def test_signs_of_good_and_bad_can_be_seen(theme: object) -> None:
    for colour in (theme.good, theme.bad, theme.held):  # type: ignore[attr-defined]
        assert contrast(colour, theme.day.ground) >= AA  # type: ignore[attr-defined]


def test_a_chosen_item_is_light_where_the_others_are_dark() -> None:
    for theme in (NORMAL, HIGH):
        assert contrast(theme.tile.ground, theme.chosen.ground) >= AAA


def test_high_contrast_is_black_and_the_choices_have_one_colour() -> None:
    assert HIGH.day.ground == HIGH.night.ground == "#000000"
    assert len(set(HIGH.choices.values())) == 1
    assert len(set(NORMAL.choices.values())) == 3


def test_large_letters_are_larger_and_leave_the_colours() -> None:
    large = theme_of(Look(letters="large"))
    assert large.letters > NORMAL.letters
    assert large.coats == NORMAL.coats
