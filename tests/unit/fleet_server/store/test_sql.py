"""SQL as text means the same on both databases."""

from collections.abc import Iterator

import pytest

from fleet_server.store.sql import ask
from tests.fakes import databases


@pytest.fixture(autouse=True)
def opened(engine: str) -> Iterator[None]:
    with databases.fleeting():
        yield


def test_a_question_mark_stands_for_a_value_and_a_per_cent_sign_for_itself() -> None:
    assert ask("SELECT 7 % 4, ?, '100%'", 5) == [(3, 5, "100%")]
