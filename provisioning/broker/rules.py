"""Who may publish and who may read which topics: stated once, for every broker.

1. A terminal publishes its own up-topics and reads its own down-topics.
2. The fleet's ingest service reads all up-topics and publishes all down-topics.
3. Everything else is refused.
"""

from dataclasses import dataclass

from wire import topics

INGEST = "fleet-ingest"
SERVICES = (INGEST,)
"""Names of the fleet's own services at the broker; no terminal can have such a name."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What one client may do, as MQTT topic filters."""

    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


def for_terminal(terminal: str) -> Rules:
    """Return the rules of one terminal. ``%u`` gives Mosquitto's pattern for all of them."""
    return Rules(publish=_up(terminal), subscribe=_down(terminal))


def for_ingest() -> Rules:
    """Return the rules of the ingest service."""
    return Rules(publish=_down("+"), subscribe=_up("+"))


def _up(terminal: str) -> tuple[str, ...]:
    return tuple(topics.topic(terminal, leaf) for leaf in topics.UP)


def _down(terminal: str) -> tuple[str, ...]:
    plain = tuple(topics.topic(terminal, leaf) for leaf in topics.DOWN)
    return (*plain, topics.receipt_topic(terminal, "+"))
