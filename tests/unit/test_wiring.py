"""The wiring drawing (tools/wiring.py): what people solder by fits what the software reads."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from device.settings import ButtonSettings
from tools.wiring import BEGIN, DRAWING, END, TABLE, draw, positions, table, wires
from wire.records import CHOICES

NORMAL = ButtonSettings()
TEXT = "{http://www.w3.org/2000/svg}text"


def said(drawing: str) -> list[str]:
    """Return every text of a drawing."""
    return [each.text or "" for each in ElementTree.fromstring(drawing).iter(TEXT)]


def test_the_drawing_is_of_the_default_settings() -> None:
    assert DRAWING.read_text(encoding="utf-8") == draw(NORMAL), "run: python -m tools.wiring"


def test_the_table_is_of_the_default_settings() -> None:
    shown = TABLE.read_text(encoding="utf-8")
    assert f"{BEGIN}{table(NORMAL)}{END}" in shown, "run: python -m tools.wiring"


def test_every_wire_goes_to_its_place_on_the_header() -> None:
    """The header is printed on cards in every workshop; these are its places for our defaults."""
    assert [(wire.line, wire.position) for wire in wires(NORMAL)] == [
        (17, 11), (5, 29), (27, 13), (6, 31), (22, 15), (13, 33),
    ]  # fmt: skip
    assert (positions("3V3"), positions("5V")) == ([1, 17], [2, 4])
    assert positions("GND") == [6, 9, 14, 20, 25, 30, 34, 39]


def test_no_wire_goes_to_a_pin_that_bears_no_signal() -> None:
    power = {at for net in ("3V3", "5V", "GND") for at in positions(net)}
    assert power.isdisjoint(wire.position for wire in wires(NORMAL))


@pytest.mark.parametrize(
    "settings",
    [
        replace(NORMAL, pins=(23, 24, 25)),
        replace(NORMAL, leds=(12, 16, 20)),
        replace(NORMAL, pull_up=False),
    ],
)
def test_other_settings_are_another_drawing_and_another_table(settings: ButtonSettings) -> None:
    assert draw(settings) != draw(NORMAL)
    assert table(settings) != table(NORMAL)


def test_it_speaks_vietnamese_and_english() -> None:
    words = said(draw(NORMAL))
    for text in ("Rất hài lòng", "Very satisfied", "trong nút bấm", "in the button"):
        assert text in words


def test_each_lane_names_gpio_and_place() -> None:
    labels = [text for text in said(draw(NORMAL)) if re.fullmatch(r"GPIO\d+ · \d+", text)]
    assert labels == [f"GPIO{wire.line} · {wire.position}" for wire in wires(NORMAL)]
    assert len(labels) == 2 * len(CHOICES)


def test_a_press_to_the_supply_is_drawn_so() -> None:
    ends = [text for text in said(draw(replace(NORMAL, pull_up=False))) if text in ("3V3", "GND")]
    assert ends.count("3V3") == len(positions("3V3")) + len(CHOICES)
    assert ends.count("GND") == len(positions("GND")) + 3 * len(CHOICES)
