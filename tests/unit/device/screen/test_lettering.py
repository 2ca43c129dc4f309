"""Letters that fit, also Vietnamese ones (device/screen/fonts.py, lettering.py)."""

import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.screen.fonts import font, wrap
from device.screen.lettering import Line, Pair, Picture, draw_stack, scale_to_fit

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
    said = draw_stack(target, items, box)
    target.fill("#ffffff", box)
    assert pygame.transform.average_color(target)[:3] == (255, 255, 255)
    assert all(box.contains(each.box) for each in said if each.box.size != (0, 0))


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
def test_a_text_that_can_never_fit_is_cut_and_says_so(text: str) -> None:
    target = pygame.Surface((200, 100))
    said = draw_stack(target, [Line(text, "Bold", 40, "#ffffff")], target.get_rect())
    assert [each.cut for each in said] == [True]
    assert said[0].box.width <= 200


def test_a_text_that_fits_says_how_large_it_is() -> None:
    target = pygame.Surface((400, 100))
    said = draw_stack(target, [Line("Cảm ơn", "Bold", 40, "#ffffff")], target.get_rect())
    assert [(each.size, each.cut) for each in said] == [(40, False)]


def test_a_name_is_cut_before_the_question_beside_it_becomes_small() -> None:
    target = pygame.Surface((300, 120))
    question = Line("Hài lòng?", "Bold", 40, "#ffffff")
    name = Line("Nguyễn Thị Hường " * 10, "Medium", 30, "#ffffff", least=20, rows=2)
    said = draw_stack(target, [question, name], target.get_rect())
    assert [each.cut for each in said] == [False, True, True]
    assert said[0].size >= 20
    assert said[1].size == 20


def test_a_stack_that_is_too_high_even_at_its_least_says_that_it_is_cut() -> None:
    target = pygame.Surface((300, 60))
    lines = [Line("Hài lòng", "Bold", 40, "#ffffff", least=30) for _ in range(3)]
    assert [each.cut for each in draw_stack(target, lines, target.get_rect())][1:] == [True, True]


def test_a_counter_and_a_name_part_where_they_meet() -> None:
    text = "Quầy 3 · Nguyễn Thị Hường"
    assert wrap(text, "Medium", 30, 300) == ["Quầy\u00a03", "Nguyễn\u00a0Thị\u00a0Hường"]


def test_what_stands_at_the_left_begins_there() -> None:
    target = pygame.Surface((400, 100))
    box = pygame.Rect(30, 10, 300, 80)
    line = Line("Cảm ơn", "Bold", 40, "#ffffff")
    assert draw_stack(target, [line], box, align="left")[0].box.left == 30
