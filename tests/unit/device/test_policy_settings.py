"""The tables of the policy: what an office writes is read, and what is wrong is named."""

import tomllib

import pytest

from device.core.policy import HOSPITAL, REASONS, Hours, Item, Look, Policy, Span, Tickets
from device.settings import policy
from device.settings.tables import SettingsError

WHOLE = """
[tickets]
without = "unbound"
[asking]
mode = "items"
items = ["parking", {code = "lift", vi = "Thang máy", en = "Lift"}]
answer_s = 10
[look]
languages = ["en", "vi"]
letters = "large"
[texts]
question = {vi = "Ông/bà thấy thế nào?"}
[hours]
opening = {tue = ["13:00-24:00", "07:30-11:30"], mon = []}
brightness = {"18:00" = 40, "06:00" = 100}
day_ends = "04:00"
"""


def read(text: str) -> Policy:
    return policy.read(tomllib.loads(text))


def test_nothing_said_means_the_defaults() -> None:
    assert read("") == Policy()
    assert read("").asking.items == REASONS


def test_what_an_office_writes_is_what_is_read() -> None:
    found = read(WHOLE)
    assert found.tickets == Tickets("unbound")
    assert found.asking.items == (
        Item("parking"),
        Item("lift", (("vi", "Thang máy"), ("en", "Lift"))),
    )
    assert found.look == Look(("en", "vi"), "large")
    assert found.texts.question == (("vi", "Ông/bà thấy thế nào?"),)
    assert found.hours == Hours(
        opening=(Span(1, 450, 690), Span(1, 780, 1440)),
        brightness=((360, 100), (1080, 40)),
        day_ends=240,
    )


def test_the_mode_items_brings_the_hospitals_items() -> None:
    assert read('[asking]\nmode = "items"').asking.items == HOSPITAL


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[asking]\nitems = []", "asking.items: must be a list of 1 to 15 items"),
        ('[asking]\nitems = ["a b"]', "asking.items: item 1: is not a code of 1 to 32 letters"),
        ('[asking]\nitems = ["lift"]', "asking.items: item 1: lift has no text; give it one, as"),
        ('[asking]\nitems = [{code = "lift", vi = " "}]', "item 1: vi: must not be blank"),
        ('[asking]\nitems = ["result", "result"]', "asking.items: names result twice"),
        ('[asking]\nitems = [{vi = "Xe"}]', "asking.items: item 1: is not a code"),
        ('[asking]\nitems = [{code = "a", VI = "Xe"}]', "asking.items: item 1: is not a language"),
        ("[asking]\nanswer_s = 0", "asking.answer_s: must be a whole number from 5 to 300"),
        ("[asking]\nvolume = 1", "asking.volume: is unknown; the keys here are answer_s, items"),
        ("[look]\nlanguages = []", "look.languages: must be a list of 1 to 16"),
        (
            '[look]\nlanguages = ["vi", "fr"]',
            "look.languages: has no texts for fr",
        ),
        ('[look]\nlanguages = ["vi", "vi"]', "look.languages: names vi twice"),
        ('[look]\nlanguages = ["vi_vn"]', "look.languages: is not a language code such as vi"),
        ('[look]\ncontrast = "low"', "look.contrast: must be one of normal, high"),
        ('[texts]\nquestion = "?"', "texts.question: must be a table of 1 to 16 languages"),
        ('[texts]\nquestion = {vi = ""}', "texts.question: vi: must be text of 1 to 200 char"),
        ('[texts]\nquestion = {vi = "  "}', "texts.question: vi: must not be blank"),
        ('[hours]\nopening = ["08:00-09:00"]', "hours.opening: must be a table of days"),
        ("[hours]\nopening = {}", "hours.opening: names no time at which the office is open"),
        ("[hours]\nopening = {mon = []}", "hours.opening: names no time"),
        ('[hours]\nopening = {mon = "08:00"}', "hours.opening: mon: must be a list of up to 8"),
        ('[hours]\nopening = {mon = ["8-9"]}', "hours.opening: mon: must be times as 07:30-11:30"),
        ("[hours]\nopening = {mon = [8]}", "hours.opening: mon: must be times as 07:30-11:30"),
        ('[hours]\nopening = {mon = ["09:00-08:00"]}', "hours.opening: mon: must end later"),
        ('[hours]\nopening = {day = ["08:00-09:00"]}', "the days are mon, tue, wed"),
        ("[hours]\nbrightness = 40", "hours.brightness: must be a table of up to 48 times"),
        ('[hours]\nbrightness = {"06:00" = 0}', "per cent from 1 to 100"),
        ('[hours]\nbrightness = {"6" = 10}', 'hours.brightness: must be a time as "06:00"'),
        ('[hours]\nday_ends = "24:00"', "hours.day_ends: must be a time"),
        ("[hours]\nday_ends = 04:00:00", "hours.day_ends: must be a time"),
    ],
)
def test_what_is_wrong_is_named_with_what_is_allowed(text: str, said: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read(text)
    assert said in str(refused.value)


@pytest.mark.parametrize("hostile", ["a\u202eb", "a\u0000b", "x" * 10_000, "a\u0301", "\u2028"])
def test_hostile_text_is_refused(hostile: str) -> None:
    for tables in (
        {"texts": {"question": {"vi": hostile}}},
        {"asking": {"items": [{"code": "a", "vi": hostile}]}},
        {"asking": {"items": [hostile]}},
        {"look": {"languages": [hostile]}},
        {"hours": {"opening": {hostile: []}}},
        {"hours": {"brightness": {hostile: 50}}},
    ):
        with pytest.raises(SettingsError) as refused:
            policy.read(tables)
        assert str(refused.value).isprintable()
        assert len(str(refused.value)) <= 200


def test_what_comes_from_afar_replaces_whole_keys_of_the_terminals_own() -> None:
    own = tomllib.loads('[look]\nletters = "large"\nlanguages = ["vi", "en"]')
    found = policy.read_from_afar(own, {"look": {"languages": ["vi"]}}, 7)
    assert found.look == Look(("vi",), "large")
    assert found.version == 7


@pytest.mark.parametrize("name", ["terminal", "uplink", "buttons", "screen", "journal", "a\nb"])
def test_nothing_but_the_policy_can_be_set_from_afar(name: str) -> None:
    with pytest.raises(SettingsError, match="cannot be set from afar; only tickets, asking"):
        policy.read_from_afar({}, {name: {"data": "/tmp"}}, 1)


def test_a_table_from_afar_is_a_table() -> None:
    with pytest.raises(SettingsError, match="look: must be a table"):
        policy.read_from_afar({}, {"look": 3}, 1)
