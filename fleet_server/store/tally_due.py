"""Which days of counters are to be looked at for signs of cheating, once they are over.

All that writes is to be called in a write transaction.
"""

from collections.abc import Iterable

from fleet_server.store.sql import ask, run, run_many


def changed(days: Iterable[tuple[int, str]]) -> None:
    """Note counters' days that changed: they are to be counted, or counted anew."""
    text = "INSERT INTO tally_due (counter_id, day) VALUES (?, ?) ON CONFLICT DO NOTHING"
    run_many(text, [*days])


def hours_changed(day: str) -> None:
    """Note that counters were open at other hours on a day: what was counted of it, is anew."""
    run(
        "INSERT INTO tally_due (counter_id, day) SELECT counter_id, day FROM counter_tally "
        "WHERE day = ? ON CONFLICT DO NOTHING",
        day,
    )


def before(day: str, most: int) -> dict[int, list[str]]:
    """Return the days before one that are to be counted, by counter: at most so many, in order."""
    text = "SELECT counter_id, day FROM tally_due WHERE day < ? ORDER BY counter_id, day LIMIT ?"
    found: dict[int, list[str]] = {}
    for counter, one in ask(text, day, most):
        found.setdefault(counter, []).append(one)
    return found
