"""JSON as the protocol allows it: what other readers could not take is refused."""

import pytest

from wire.errors import WireError
from wire.strictjson import MAX_DEPTH, parse_object

LIMIT = 65_536


def nested(depth: int, opening: str, closing: str) -> bytes:
    return f'{{"a":{opening * (depth - 1)}1{closing * (depth - 1)}}}'.encode()


@pytest.mark.parametrize("number", ["1e999", "-1e999", "9" * 400])
def test_a_number_that_no_database_holds_is_refused(number: str) -> None:
    with pytest.raises(WireError):
        parse_object(f'{{"a":[{number}]}}'.encode(), LIMIT, floats=True)


def test_the_largest_numbers_are_taken() -> None:
    payload = b'{"a":9223372036854775807,"b":-9223372036854775807,"c":1e300}'
    assert parse_object(payload, LIMIT, floats=True) == {"a": 2**63 - 1, "b": 1 - 2**63, "c": 1e300}


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_nesting_is_bounded(opening: str, closing: str) -> None:
    parse_object(nested(MAX_DEPTH, opening, closing), LIMIT)
    with pytest.raises(WireError, match="nested"):
        parse_object(nested(MAX_DEPTH + 1, opening, closing), LIMIT)


@pytest.mark.parametrize("data", [b"[" * 60_000, b'{"a":' * 12_000, b'{"a":"\\"","b":' + b"[" * 99])
def test_what_is_too_deep_is_refused_before_it_is_parsed(data: bytes) -> None:
    with pytest.raises(WireError, match="nested deeper"):
        parse_object(data, LIMIT)


@pytest.mark.parametrize("text", ["[" * 99, "{" * 99, "[{" * 50, '\\"' + "[" * 99])
def test_brackets_in_a_text_are_no_nesting(text: str) -> None:
    assert parse_object(f'{{"a":"{text}"}}'.encode(), LIMIT) == {"a": text.replace("\\", "")}


def test_many_lists_beside_each_other_are_not_deep() -> None:
    data = b'{"a":[' + b",".join([b"[]"] * 200) + b"]}"
    assert parse_object(data, LIMIT) == {"a": [[]] * 200}
