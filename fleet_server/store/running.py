"""What is given out of the running day: kept beside the figures, so that all pages agree on it.

`note` is called by `fleet_server.store.daily` in the transaction that touched a counter's day.
"""

from collections.abc import Mapping
from dataclasses import astuple

from fleet_server.core.choices import NONE, Choices, Running
from fleet_server.store.sql import ask, put, run

NAMES = (
    "shown_very", "shown_fair", "shown_poor", "coming_very", "coming_fair", "coming_poor",
)  # fmt: skip
_LIST = ", ".join(NAMES)
_NOTHING = Running()


def note(counter: int, day: str, made: Mapping[str, Choices]) -> None:
    """Keep what follows from a day's choices by service; days before it are forgotten."""
    held = _of(counter, day)
    after = {
        service: held.get(service, _NOTHING).after(made.get(service, NONE))
        for service in sorted({*made, *held})
    }
    changed = [
        (counter, day, service, *astuple(one.shown), *astuple(one.coming))
        for service, one in after.items()
        if one != held.get(service, _NOTHING)
    ]
    put("running_day", ("counter_id", "day", "service"), NAMES, changed)
    if not held:
        run("DELETE FROM running_day WHERE counter_id = ? AND day < ?", counter, day)


def shown(counter: int, day: str) -> Choices:
    """Return what is given out of a counter's running day."""
    return sum((one.shown for one in _of(counter, day).values()), NONE)


def _of(counter: int, day: str) -> dict[str, Running]:
    text = f"SELECT service, {_LIST} FROM running_day WHERE counter_id = ? AND day = ?"
    return {
        service: Running(Choices(*numbers[:3]), Choices(*numbers[3:]))
        for service, *numbers in ask(text, counter, day)
    }
