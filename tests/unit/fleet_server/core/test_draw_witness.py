"""The word of a witness can be written in one way only."""

import pytest

from fleet_server.core.draw_witness import FormError, check_word, form_of, named


def test_a_witness_is_named_with_how_its_word_is_written() -> None:
    text = named("special prize [Monday]", "999999")
    assert text == "special prize [Monday] [999999]"
    assert form_of(text) == "999999"
    assert form_of("special prize [Monday] of the lottery") is None


@pytest.mark.parametrize(
    ("form", "word"),
    [("999999", "042173"), ("AA-99", "XS-07"), ("9.9", "4.2")],
)
def test_a_word_of_its_form_fits(form: str, word: str) -> None:
    check_word(named("lottery", form), word)


@pytest.mark.parametrize(
    "word",
    ["", "04217", "0421730", " 042173", "042173 ", "042173\n", "042 173", "٠٤٢١٧٣", "O42173"],
)
def test_a_word_that_is_written_otherwise_is_refused_with_how_it_is_written(word: str) -> None:
    with pytest.raises(FormError, match="is written 999999: 9 is a digit, A a capital letter"):
        check_word(named("lottery", "999999"), word)


def test_what_is_no_place_stands_for_itself() -> None:
    with pytest.raises(FormError):
        check_word(named("lottery", "9.9"), "4x2")
    with pytest.raises(FormError):
        check_word(named("lottery", "A9"), "b7")


def test_without_a_form_any_word_fits() -> None:
    check_word("lottery", "anything")
    check_word("", "")


@pytest.mark.parametrize("form", ["", "abc", " 99", "99\t9", "[99]", "9" * 41])
def test_what_is_no_form_is_refused(form: str) -> None:
    with pytest.raises(FormError, match='such as "999999"'):
        named("lottery", form)
