"""MQTT topics (WIRE.md section 6): ``hailong/1/<terminal id>/<leaf>``."""

from dataclasses import dataclass

from wire import ids
from wire.errors import WireError

PREFIX = "hailong/1"
UP = ("records", "hello", "state", "health", "visits", "config-result", "command-result")
"""Leaves that a terminal publishes."""
DOWN = ("config", "ticket", "command", "keys")
"""Leaves that it receives, besides ``receipt/<chain>``."""
RECEIPT = "receipt"


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic taken apart; ``chain`` only for receipts."""

    dev: str
    leaf: str
    chain: str | None = None


def topic(dev: str, leaf: str) -> str:
    """Return the topic of ``leaf`` for terminal ``dev``."""
    return f"{PREFIX}/{dev}/{leaf}"


def receipt_topic(dev: str, chain: str) -> str:
    """Return the topic of the receipts for one chain of terminal ``dev``."""
    return f"{PREFIX}/{dev}/{RECEIPT}/{chain}"


def down_filters(dev: str) -> list[str]:
    """Return the subscriptions of terminal ``dev``."""
    return [topic(dev, leaf) for leaf in DOWN] + [f"{PREFIX}/{dev}/{RECEIPT}/+"]


def up_filters() -> list[str]:
    """Return the subscriptions of the server."""
    return [f"{PREFIX}/+/{leaf}" for leaf in UP]


def parse(text: str) -> Topic:
    """Return the parts of a topic.

    Raises:
        WireError: not one of ours.
    """
    head, _, rest = text.partition(f"{PREFIX}/")
    parts = rest.split("/")
    if head or not ids.TERMINAL_ID.fullmatch(parts[0]):
        raise WireError("not a topic of this protocol")
    if len(parts) == 2 and parts[1] in UP + DOWN:
        return Topic(parts[0], parts[1])
    if len(parts) == 3 and parts[1] == RECEIPT and ids.RANDOM_ID.fullmatch(parts[2]):
        return Topic(parts[0], RECEIPT, parts[2])
    raise WireError("not a topic of this protocol")
