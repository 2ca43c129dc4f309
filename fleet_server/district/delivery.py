"""When what a terminal wrote reaches the server, and in which messages. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from fleet_server.district.calendar import MINUTE_MS
from fleet_server.district.journal import Entry
from wire import topics, up
from wire.envelope import pack_run

BEAT_MS = 120 * MINUTE_MS
"""So often does a terminal of a past day send; few batches, and the figures are the same."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One message as it reaches the server at ``at`` (Unix milliseconds)."""

    at: int
    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Delivery:
    """The messages of a day, and what still waits at its end."""

    sent: tuple[Sent, ...]
    waiting: tuple[Entry, ...]


def deliver(dev: str, entries: Sequence[Entry], moments: Iterable[int]) -> Delivery:
    """Send at each moment what was written until then, in runs.

    Args:
        dev: terminal id.
        entries: what waits, oldest first.
        moments: when there is a connection, ascending.
    """
    sent: list[Sent] = []
    start = 0
    for moment in moments:
        end = start
        while end < len(entries) and entries[end].at <= moment:
            end += 1
        sent += (
            Sent(moment, topics.topic(dev, "records"), run) for run in runs(entries[start:end])
        )
        start = end
    return Delivery(tuple(sent), tuple(entries[start:]))


def runs(entries: Sequence[Entry]) -> Iterator[bytes]:
    """Yield records in as few runs as hold them."""
    tokens = [entry.token for entry in entries]
    while tokens:
        run = pack_run(tokens)
        yield run
        tokens = tokens[run.count(b"\n") + 1 :]


def said(at: int, dev: str, what: up.Up) -> Sent:
    """Return something that a terminal says beside its records."""
    leaf = {
        up.Hello: "hello",
        up.State: "state",
        up.Health: "health",
        up.CommandResult: "command-result",
        up.ConfigResult: "config-result",
    }[type(what)]
    return Sent(at, topics.topic(dev, leaf), up.encode_up(what))
