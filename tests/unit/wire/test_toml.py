"""Writing TOML: what is read back is what was written."""

import tomllib

import pytest

from wire import toml

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
