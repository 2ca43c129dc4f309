"""One batch of messages, sorted: whose records, who said what, what nobody can read. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from fleet_server.core.verify import Sighting, sight
from wire import topics, up
from wire.envelope import split_run
from wire.errors import WireError

MAX_RECORDS_IN_A_RUN = 4096
"""More lines than this in 64 KiB are no records: the shortest one is far longer."""

_READERS: Mapping[str, Callable[[bytes], up.Up]] = {
    "hello": up.decode_hello,
    "state": up.decode_state,
    "health": up.decode_health,
    "visits": up.decode_visit,
    "config-result": up.decode_config_result,
    "command-result": up.decode_command_result,
}


@dataclass
class Sorted:
    """A batch by sender.

    Attributes:
        runs: the records of each terminal, in the order they came.
        said: what terminals said, in order.
        refused: topics and reasons of what can't be read.
        counts: figures for `fleet_server.store.tallies`.
    """

    runs: dict[str, list[Sighting]] = field(default_factory=dict)
    said: list[tuple[str, up.Up]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def senders(self) -> set[str]:
        """All terminals that sent something readable."""
        return set(self.runs) | {dev for dev, _ in self.said}


def sort(messages: Iterable[tuple[str, bytes]]) -> Sorted:
    """Sort topics and payloads. Any bytes on any topic: what can't be read is refused."""
    batch = Sorted()
    for topic, payload in messages:
        batch.counts["messages"] += 1
        try:
            _add(batch, topics.parse(topic), payload)
        except WireError as error:
            batch.refused.append((topic, str(error)))
            batch.counts["messages_refused"] += 1
    return batch


def _add(batch: Sorted, topic: topics.Topic, payload: bytes) -> None:
    if topic.leaf == "records":
        tokens = split_run(payload)
        if len(tokens) > MAX_RECORDS_IN_A_RUN:
            raise WireError("too many lines for a run")
        batch.runs.setdefault(topic.dev, []).extend(sight(token, topic.dev) for token in tokens)
        batch.counts["records"] += len(tokens)
    elif topic.leaf in _READERS:
        batch.said.append((topic.dev, _READERS[topic.leaf](payload)))
    else:
        raise WireError("not a topic that terminals publish on")
