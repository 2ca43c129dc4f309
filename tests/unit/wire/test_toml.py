"""TOML: what is read back is what was written, and what is none is refused."""

import tomllib

import pytest

from wire import toml
from wire.errors import WireError

DOCUMENT = {
    "name": 'Quầy "3"\\',
    "lines": "first\nsecond\n",
    "quoted": 'a\n"b"\x7f',
    "odd key": 1,
    "yes": True,
    "inches": 10.1,
    "pins": {"satisfied": 17, "list": [{"code": "lift", "vi": "Thang máy"}, "x"], "deep": {"a": 1}},
    "empty": {},
}


def test_a_document_is_read_back_as_it_was():
    assert tomllib.loads(toml.dump(DOCUMENT)) == DOCUMENT


@pytest.mark.parametrize("values", [{}, {"table": {"key": 1}}])
def test_it_begins_with_what_it_says(values):
    assert not toml.dump(values).startswith("\n\n")
    assert tomllib.loads(toml.dump(values)) == values


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a = ]", "line 1"),
        ("a = " + "[" * 5000, "nested too deeply"),
        # int() has a limit of its own, which tomllib passes on as it comes.
        ("a = " + "1" * 5000, "a number has too many digits"),
    ],
)
def test_what_is_no_toml_is_one_kind_of_error(text, words):
    with pytest.raises(WireError, match=words):
        toml.load(text)


@pytest.mark.parametrize(
    "text",
    ["[a]\nsince = 2026-11-27", f"{'.'.join('a' * 8000)} = 1", f"a = 0x{'f' * 9000}"],
    ids=["a day", "deep keys", "a long number"],
)
def test_what_can_be_loaded_and_is_not_written_is_the_same_kind_of_error(text):
    with pytest.raises(WireError, match="is not written"):
        toml.dump(toml.load(text))


def test_a_document_is_loaded():
    assert toml.load(toml.dump(DOCUMENT)) == DOCUMENT
