"""The blocks in which a counter's running day was given out, one by one, for alarms.

`fleet_server.store.running` keeps what is given out altogether; what it is more than before, is a
block. Each is dated by the last look before it: so none that was made long ago is taken for a new
one, however long nobody looked.
"""

from collections import defaultdict

from fleet_server.core.alarms.facts import Block
from fleet_server.core.choices import ENOUGH_RATINGS, NONE, Choices
from fleet_server.core.days import Day
from fleet_server.store import tallies
from fleet_server.store.models import RunningBlock
from fleet_server.store.sql import ask, run

Key = tuple[int, str]
"""A counter and a service."""


def note(day: Day, now: int) -> None:
    """Keep what was given out of the running day since the last look. In a write transaction."""
    last = tallies.read().get(tallies.BLOCKS_NOTED, day.start)
    run("DELETE FROM running_block WHERE day <> ?", day.name)
    held = _held(day.name)
    text = (
        "SELECT counter_id, service, shown_very, shown_fair, shown_poor FROM running_day "
        "WHERE day = ?"
    )
    for counter, service, *numbers in ask(text, day.name):
        _note(day.name, (counter, service), Choices(*numbers), held, max(last, day.start))
    tallies.mark(tallies.BLOCKS_NOTED, now)


def of_day(day: str) -> dict[int, tuple[Block, ...]]:
    """Return the blocks of each counter's day."""
    found: dict[int, list[Block]] = defaultdict(list)
    text = "SELECT counter_id, at, very, fair, poor FROM running_block WHERE day = ? ORDER BY at"
    for counter, at, *numbers in ask(text, day):
        found[counter].append(Block(at, Choices(*numbers)))
    return {counter: tuple(blocks) for counter, blocks in found.items()}


def _held(day: str) -> dict[Key, Choices]:
    text = (
        "SELECT counter_id, service, SUM(very), SUM(fair), SUM(poor) FROM running_block "
        "WHERE day = ? GROUP BY counter_id, service"
    )
    return {(row[0], row[1]): Choices(*map(int, row[2:])) for row in ask(text, day)}


def _note(day: str, key: Key, shown: Choices, held: dict[Key, Choices], at: int) -> None:
    before = held.get(key, NONE)
    if shown == before:
        return
    more = _less(shown, before)
    if min(more) < 0:  # what was given out was taken back, as when records proved to be forged
        text = "DELETE FROM running_block WHERE counter_id = ? AND day = ? AND service = ?"
        run(text, key[0], day, key[1])
        more = _less(shown, NONE)
    if sum(more) >= ENOUGH_RATINGS:
        very, fair, poor = more
        RunningBlock.insert(
            counter=key[0], day=day, service=key[1], at=at, very=very, fair=fair, poor=poor
        ).on_conflict_ignore().execute()


def _less(one: Choices, other: Choices) -> tuple[int, int, int]:
    return (
        one.very_satisfied - other.very_satisfied,
        one.satisfied - other.satisfied,
        one.unsatisfied - other.unsatisfied,
    )
