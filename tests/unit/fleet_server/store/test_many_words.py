"""Many words of queue systems in one transaction come to the same as one after the other."""

from typing import Any

import pytest

from fleet_server.store import queue_events, rollups
from fleet_server.store.models import Downlink, Hourly, TicketEvent, Visit
from fleet_server.store.queue_events import Refused, Word
from tests.fakes.desk import MINUTE, NINE, SAIGON, Desk

pytestmark = pytest.mark.usefixtures("fleet")
WORDS = [
    Word("C1", "A1", "called", "v1", NINE),
    Word("C1", "A1", "closed", "v1", NINE + MINUTE),
    Word("C1", "A2", "called", None, NINE + 2 * MINUTE),
    Word("C1", "A2", "closed", None, NINE + 3 * MINUTE),
    Word("C1", "A2", "called", None, NINE + 4 * MINUTE),
    Word("C1", "A1", "closed", "v1", NINE + MINUTE),
]


def figures() -> list[Any]:
    return list(Hourly.select(Hourly.hour, *(getattr(Hourly, n) for n in rollups.NAMES)).tuples())


def told() -> tuple[Any, ...]:
    body = Downlink.get(Downlink.kind == "ticket").body
    return body["ticket"], body["event"], Visit.select().count(), TicketEvent.select().count()


def test_many_words_come_to_the_same_as_one_by_one() -> None:
    Desk()
    queue_events.take_all([(NINE + 5 * MINUTE, word) for word in WORDS], SAIGON)
    together = figures(), told()
    Downlink.delete().execute()
    for table in (TicketEvent, Visit, Hourly):
        table.delete().execute()
    for word in WORDS:
        queue_events.take(word, NINE + 5 * MINUTE, SAIGON)
    assert (figures(), told()) == together
    assert together[1] == ("A2", "called", 3, 5)


def test_one_word_that_does_not_fit_undoes_all() -> None:
    Desk()
    stray = Word("C1", "A9", "closed", None, NINE)
    with pytest.raises(Refused):
        queue_events.take_all([(NINE, WORDS[0]), (NINE, stray)], SAIGON)
    assert TicketEvent.select().count() == 0
