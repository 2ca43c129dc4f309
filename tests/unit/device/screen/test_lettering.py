"""Letters that fit, also Vietnamese ones (device/screen/lettering.py)."""

import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.screen.lettering import (
    Line,
    Pair,
    Picture,
    draw_stack,
    font,
    scale_to_fit,
    stack_height,
    wrap,
)

ACCENTED = "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
WORDS = st.text(ACCENTED + ACCENTED.lower() + "ABCxyz019-·/", min_size=1, max_size=12)
TEXTS = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)


def test_the_font_has_all_134_accented_letters_of_vietnamese() -> None:
    letters = set(ACCENTED + ACCENTED.lower())
    assert len(letters) == 134
    assert all(metrics for metrics in font("Bold", 40).metrics("".join(sorted(letters))))


def test_a_text_is_broken_at_spaces_into_lines_of_similar_length() -> None:
    lines = wrap("Please wait until your number is called", "Medium", 30, 500)
    assert lines == ["Please wait until your", "number is called"]


def test_a_no_break_space_is_never_broken_at() -> None:
    assert wrap("Không hài\u00a0lòng", "Bold", 42, 245) == ["Không", "hài\u00a0lòng"]


def test_a_word_that_is_too_wide_cannot_be_wrapped() -> None:
    assert wrap("Giải-quyết-thủ-tục", "Bold", 60, 100) is None


@settings(deadline=None, max_examples=50)
@given(TEXTS, st.integers(40, 500), st.integers(30, 300))
def test_a_stack_never_draws_outside_its_box(text: str, width: int, height: int) -> None:
    target = pygame.Surface((600, 400))
    target.fill("#ffffff")
    box = pygame.Rect(50, 50, width, height)
    items = [Line(text, "Bold", 60, "#000000"), Line(text, "Medium", 30, "#000000", 5)]
    scale = scale_to_fit(items, box.width, box.height)
    draw_stack(target, items, box)
    if stack_height(items, scale, width) <= height:
        target.fill("#ffffff", box)
        assert pygame.transform.average_color(target)[:3] == (255, 255, 255)


@settings(deadline=None, max_examples=50)
@given(WORDS, TEXTS, st.integers(60, 500))
def test_a_pair_stands_beside_each_other_or_under_each_other_but_inside(
    left: str, right: str, width: int
) -> None:
    target = pygame.Surface((600, 400))
    target.fill("#ffffff")
    box = pygame.Rect(50, 50, width, 300)
    pair = Pair(Line(left, "ExtraBold", 50, "#000000"), Line(right, "Medium", 25, "#000000"), 10)
    draw_stack(target, [pair], box)
    target.fill("#ffffff", box)
    assert pygame.transform.average_color(target)[:3] == (255, 255, 255)


def test_a_stack_that_fits_is_not_shrunk() -> None:
    items = [Picture(pygame.Surface((50, 50)), 50), Line("Cảm ơn", "Bold", 30, "#000000", 10)]
    assert scale_to_fit(items, 400, 300) == 1.0


@pytest.mark.parametrize("text", ["Ấ" * 300, "W" * 300])
def test_a_text_that_can_never_fit_is_cut(text: str) -> None:
    target = pygame.Surface((200, 100))
    covered = draw_stack(target, [Line(text, "Bold", 40, "#ffffff")], target.get_rect())
    assert covered.width <= 200
