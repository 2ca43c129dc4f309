"""What may be set from afar: the rules that server and terminal share."""

from typing import Any

import pytest

from wire.errors import WireError
from wire.policy import TABLES, check

WHOLE: dict[str, dict[str, Any]] = {
    "tickets": {"without": "unbound", "open_after_closed_s": 0, "sources": ["lan", "server"]},
    "asking": {
        "mode": "items",
        "reasons": "never",
        "items": ["parking", {"code": "lift", "vi": "Thang máy"}],
        "answer_s": 5,
        "warning_s": 0,
    },
    "look": {"languages": ["vi", "zh_TW"], "letters": "large", "contrast": "high"},
    "texts": {"question": {"vi": "Ông/bà thấy thế nào?"}},
    "hours": {
        "opening": {"tue": ["13:00-24:00", "07:30-11:30"], "mon": []},
        "brightness": {"18:00": 40, "06:00": 100},
        "day_ends": "04:00",
    },
}


def test_every_key_that_there_is_can_be_set() -> None:
    check(WHOLE)
    assert {name: set(table) for name, table in WHOLE.items()} == {
        name: set(keys) for name, keys in TABLES.items()
    }


def test_items_and_hours_are_read_in_order() -> None:
    assert TABLES["asking"]["items"](WHOLE["asking"]["items"]) == (
        ("parking", ()),
        ("lift", (("vi", "Thang máy"),)),
    )
    assert TABLES["hours"]["opening"](WHOLE["hours"]["opening"]) == ((1, 450, 690), (1, 780, 1440))
    assert TABLES["hours"]["brightness"](WHOLE["hours"]["brightness"]) == ((360, 100), (1080, 40))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"database": {"url": "x"}}, "database: cannot be set from afar; only tickets, asking"),
        ({"a\nb" * 99: {}}, "'a\\\\nba"),
        ({"look": 3}, "look: must be a table"),
        ({"asking": {"x" * 99: 1}}, "asking.xxx.*…: is unknown; the keys here are answer_s"),
        ({"asking": {"mode": "x"}}, "asking.mode: must be one of rating, items"),
        ({"asking": {"answer_s": True}}, "asking.answer_s: must be a whole number from 5 to 300"),
        ({"asking": {"items": []}}, "asking.items: must be a list of 1 to 15 items"),
        ({"asking": {"items": [3]}}, "asking.items: item 1: is not a code"),
        ({"asking": {"items": ["a", "a"]}}, "asking.items: names a twice"),
        ({"asking": {"items": [{"code": "a", "vi": " "}]}}, "item 1: vi: must not be blank"),
        ({"look": {"languages": ["vi", "vi"]}}, "look.languages: names vi twice"),
        ({"texts": {"question": "?"}}, "texts.question: must be a table of 1 to 16 languages"),
        ({"texts": {"question": {3: "?"}}}, "texts.question: is not a language code"),
        ({"texts": {"question": {"vi": ""}}}, "question: vi: must be text of 1 to 200 characters"),
        ({"hours": {"opening": {"day": []}}}, "hours.opening: must be a table of days"),
        ({"hours": {"opening": {"mon": "8"}}}, "hours.opening: mon: must be a list of up to 8"),
        ({"hours": {"opening": {"mon": []}}}, "hours.opening: names no time"),
        ({"hours": {"opening": {"mon": [8]}}}, "hours.opening: mon: must be times"),
        ({"hours": {"opening": {"mon": ["09:00-08:00"]}}}, "hours.opening: mon: must end later"),
        ({"hours": {"brightness": {}}}, "hours.brightness: must be a table of up to 48 times"),
        ({"hours": {"brightness": {"06:00": 0}}}, "hours.brightness: .* per cent from 1 to 100"),
        ({"hours": {"brightness": {"6": 10}}}, "hours.brightness: must be a time"),
        ({"hours": {"day_ends": "24:00"}}, "hours.day_ends: must be a time"),
    ],
)
def test_what_no_terminal_takes_is_named(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(WireError, match=said) as refused:
        check(settings)
    assert str(refused.value).isprintable()
