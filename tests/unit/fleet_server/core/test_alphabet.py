"""Names stand in lists as Vietnamese readers look for them."""

import unicodedata

import pytest

from fleet_server.core.alphabet import place, services


@pytest.mark.parametrize(
    "names",
    [
        ["An Hòa", "Ăn", "Âu Lạc", "Bình", "Cầu Giấy", "Chợ Lớn", "Dĩ An", "Đa Kao", "Em", "Êm"],
        ["ma", "mà", "mả", "mã", "má", "mạ", "mb"],
        ["Hòa An", "Hóa An", "Hòa Bình"],
        ["o", "ô", "ơ", "p", "u", "ư", "v"],
        ["Quầy", "Quầy 2", "Quầy 10", "Quầy mới"],
        ["(cũ)", "1", "a", "f", "g", "z", "Ω"],
    ],
)
def test_names_are_sorted_by_letters_then_tones_then_numbers(names: list[str]) -> None:
    assert sorted(set(names), key=place) == names


def test_services_stand_in_that_order_and_what_has_none_is_last() -> None:
    assert list(services({"": 1, "Kết hôn": 2, "Khai tử": 3, "Khai sinh": 4})) == [
        "Kết hôn", "Khai sinh", "Khai tử", "",
    ]  # fmt: skip


def test_how_a_letter_is_written_makes_no_difference() -> None:
    name = "Phường Nguyễn Thái Bình"
    assert place(unicodedata.normalize("NFD", name)) == place(name.upper()) == place(name)


def test_a_tone_that_stands_on_nothing_is_no_fault() -> None:
    assert place("\u0301a") > place("a")
