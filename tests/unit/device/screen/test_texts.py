"""The screen's texts in both languages (device/screen/texts.py)."""

import unicodedata
from pathlib import Path

import pytest

from device.errors import DeviceError
from device.screen import texts
from device.screen.texts import Texts
from wire.records import CHOICES

MESSAGES = [
    value for name, value in vars(texts).items() if name.isupper() and isinstance(value, str)
]
MESSAGES = [text for text in MESSAGES if text != texts.DOMAIN] + list(texts.CHOICE_LABELS.values())


@pytest.mark.parametrize("message", MESSAGES)
def test_every_text_is_there_in_vietnamese_and_english(message: str) -> None:
    vietnamese, english = Texts().both(message)
    assert english == message
    assert vietnamese != message
    assert unicodedata.is_normalized("NFC", vietnamese)


def test_every_choice_has_a_label() -> None:
    assert tuple(texts.CHOICE_LABELS) == CHOICES
    assert Texts().both(texts.CHOICE_LABELS["unsatisfied"])[0] == "Không hài\u00a0lòng"


def test_missing_catalogues_are_named(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="make assets"):
        Texts(tmp_path)


def test_letters_and_their_accents_are_put_together() -> None:
    assert texts.composed("Qua\u0302\u0300y") == "Quầy"
