"""The screen's texts in every language (device/screen/texts.py, words.py)."""

import io
import unicodedata
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from device.core.policy import HOSPITAL, REASONS, Item
from device.core.policy import Texts as OwnTexts
from device.core.targets import Key
from device.core.view import Trouble, Unplaced
from device.errors import DeviceError
from device.screen import texts
from device.screen.catalogues import FOLDER, catalogues
from device.screen.fonts import MOST_LETTERS, presentable
from device.screen.words import Words
from tools.messages import texts as texts_of_sources
from wire.records import CHOICES

KEYS: tuple[Key, ...] = Key.__args__  # type: ignore[attr-defined]
MESSAGES = sorted(str(message.id) for message in texts_of_sources("device") if message.id)


@pytest.mark.parametrize("message", MESSAGES)
def test_every_text_is_there_in_vietnamese_and_english(message: str) -> None:
    vietnamese, english = Words().both(message, "vi")
    assert english == message
    assert vietnamese != message
    assert unicodedata.is_normalized("NFC", vietnamese)


def test_every_note_choice_key_item_and_trouble_has_a_text() -> None:
    assert tuple(texts.CHOICE_LABELS) == CHOICES
    assert set(texts.KEY_LABELS) == set(KEYS)
    assert set(texts.TROUBLES) == set(Trouble.__args__)  # type: ignore[attr-defined]
    assert {item.code for item in (*REASONS, *HOSPITAL)} <= set(texts.ITEM_LABELS)
    assert set(texts.NOTES) <= set(MESSAGES)


@pytest.mark.parametrize("what", ["no_data", "read_only", "other"])
def test_a_card_that_may_hold_ratings_is_not_said_to_hold_them(what: Unplaced) -> None:
    _, remedy = texts.UNPLACED[what]
    vietnamese, english = Words().both(remedy, "vi")
    assert "new card" in english
    assert "if" in english.split()
    assert "there may be ratings on it" in english
    assert "nếu" in vietnamese.lower().split()
    assert "ratings" not in texts.UNPLACED[what][0]


@pytest.mark.parametrize("item", sorted({*REASONS, *HOSPITAL}, key=lambda item: item.code))
def test_every_usual_item_has_a_label_in_both_languages(item: Item) -> None:
    vietnamese, english = Words().item(item, "vi")
    assert item.code not in (vietnamese, english)
    assert vietnamese != english


def test_a_label_of_the_office_goes_before_the_catalogue_and_that_before_the_code() -> None:
    words = Words()
    assert words.item(Item("parking", (("vi", "Bãi xe"),)), "vi") == ("Bãi xe", "Parking")
    assert words.item(Item("coffee", (("en", "Coffee"),)), "vi") == ("Coffee", "")
    assert words.item(Item("coffee"), "vi") == ("coffee", "")


def test_an_offices_own_question_is_asked_in_the_languages_that_it_has() -> None:
    words = Words(own=OwnTexts((("vi", "Hôm nay thế nào?"),)))
    assert words.question(texts.QUESTION, "vi") == ("Hôm nay thế nào?", texts.QUESTION)
    assert words.question(texts.QUESTION, "en") == (texts.QUESTION, "Hôm nay thế nào?")


def test_the_language_key_says_the_next_languages_own_name() -> None:
    assert Words().key("language", "vi") == ("English", "")
    assert Words().key("language", "en") == ("Tiếng\u00a0Việt", "")


def test_the_view_says_which_language_is_in_front() -> None:
    assert Words().both("Satisfied", "en") == ("Satisfied", "Hài\u00a0lòng")
    assert Words(("en", "vi")).both("Satisfied", "en") == ("Satisfied", "Hài\u00a0lòng")


def test_one_language_alone_has_none_behind_it() -> None:
    assert Words(("vi",)).both("Satisfied", "vi") == ("Hài\u00a0lòng", "")


def test_a_language_that_is_no_longer_offered_gives_way_to_the_first() -> None:
    assert Words(("en",)).both("Satisfied", "vi") == ("Satisfied", "")


def with_french(folder: Path) -> Path:
    """Return a folder of catalogues with one language more."""
    french = Catalog(locale="fr")
    french.add("Satisfied", "Satisfait")
    french.add("English", "Français")
    for language in ("vi", "en"):
        here = folder / language / "LC_MESSAGES"
        here.mkdir(parents=True)
        compiled = FOLDER / language / "LC_MESSAGES" / "messages.mo"
        (here / "messages.mo").write_bytes(compiled.read_bytes())
    (folder / "fr" / "LC_MESSAGES").mkdir(parents=True)
    written = io.BytesIO()
    write_mo(written, french)
    (folder / "fr" / "LC_MESSAGES" / "messages.mo").write_bytes(written.getvalue())
    return folder


def test_a_further_language_is_a_further_folder(tmp_path: Path) -> None:
    words = Words(("vi", "en", "fr"), folder=with_french(tmp_path))
    assert words.both("Satisfied", "en") == ("Satisfied", "Satisfait")
    assert words.both("Satisfied", "fr") == ("Satisfait", "Hài\u00a0lòng")
    assert words.key("language", "en") == ("Français", "")
    assert words.both("Skip", "fr") == ("Skip", "Bỏ\u00a0qua")


@pytest.mark.parametrize("language", ["xx", "../../vi", "", "VI"])
def test_a_language_without_texts_is_one_error_that_names_those_there_are(language: str) -> None:
    with pytest.raises(DeviceError, match=r"no texts in the language .*; there are en, vi$"):
        Words(("vi", language))


def test_the_languages_that_have_texts_are_known(tmp_path: Path) -> None:
    assert catalogues() == ["en", "vi"]
    assert catalogues(with_french(tmp_path)) == ["en", "fr", "vi"]
    assert catalogues(tmp_path / "missing") == []


def test_missing_catalogues_are_named(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="make assets"):
        Words(folder=tmp_path)


def test_letters_and_their_accents_are_put_together() -> None:
    assert presentable("Qua\u0302\u0300y") == "Quầy"


def test_what_nobody_can_see_is_left_out() -> None:
    assert presentable("A\x00\u202e\u200b1\n2\ud800") == "A1 2"


def test_heaps_of_accents_are_levelled_and_length_is_bounded() -> None:
    assert len(presentable("q" + "\u0301" * 500)) == 3
    assert presentable("a" * 10_000) == "a" * MOST_LETTERS + "…"
