"""Filters, order and place of a list live in its address."""

import pytest
from flask import Flask

from fleet_server.web.address import Order, asked_order, here


def at(address: str, **changes: object) -> str:
    with Flask("test").test_request_context(address):
        return here(**changes)


def test_what_is_not_changed_stays() -> None:
    assert at("/counters?unit=P1&sort=served", sort="-rated") == "/counters?unit=P1&sort=-rated"


def test_an_argument_is_taken_away_by_none_or_by_an_empty_text() -> None:
    assert at("/counters?unit=P1&q=hai", unit=None) == "/counters?q=hai"
    assert at("/counters?unit=P1", unit="") == "/counters"


def test_another_filter_begins_at_the_top_of_the_list() -> None:
    assert at("/terminals?start=200&show=bad", show="all") == "/terminals?show=all"
    assert at("/terminals?cursor=x7&show=bad", show="all") == "/terminals?show=all"


def test_another_place_keeps_the_filter() -> None:
    assert at("/terminals?start=200&show=bad", start=400) == "/terminals?show=bad&start=400"


def test_the_first_place_is_written_too() -> None:
    assert at("/terminals?start=200", start=0) == "/terminals?start=0"


def test_words_are_written_so_that_they_stay_words() -> None:
    assert at("/units?q=a%26b", page=2) == "/units?q=a%26b&page=2"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/x", Order("name")),
        ("/x?sort=served", Order("served")),
        ("/x?sort=-served", Order("served", descending=True)),
        ("/x?sort=nothing", None),
        ("/x?sort=-", None),
    ],
)
def test_an_order_is_read_from_the_address(address: str, expected: Order | None) -> None:
    with Flask("test").test_request_context(address):
        assert asked_order(["name", "served"], Order("name")) == expected


def test_a_click_on_the_head_turns_the_order_and_another_column_begins_in_its_own() -> None:
    assert Order("served", descending=True).turned("served", descending=True).text == "served"
    assert Order("name").turned("served", descending=True).text == "-served"
