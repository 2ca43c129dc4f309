"""The district's terminals hear what goes down, and answer as real ones would."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from fleet_server.district.acts import REFUSED
from fleet_server.district.delivery import Sent, said
from fleet_server.mqtt.messages import Publication
from wire import topics, up
from wire.envelope import payload_of
from wire.strictjson import Object, parse_object

AFTER_MS = 2_500
_MAX = 65_536
DETAILS = {
    "diagnostics": '{"disk_free_mib": 5403, "memory_free_mib": 611, "load": 0.11, "ntp": "synced"}',
    "self-test": "buttons 3 of 3, screen, sound",
}


@dataclass(slots=True)
class Ears:
    """Takes what ingest publishes (an `fleet_server.mqtt.publishing.Outlet`)."""

    heard: list[tuple[topics.Topic, Object]] = field(default_factory=list)

    def publish(self, publication: Publication) -> bool:
        """Hear one message; receipts, key lists and tickets need no answer."""
        topic = topics.parse(publication.topic)
        if topic.leaf in ("command", "config"):
            payload = payload_of(publication.payload)
            self.heard.append((topic, parse_object(payload, _MAX, floats=True)))
        return True

    def answers(self, now: int) -> Iterator[Sent]:
        """Yield the answers to what was heard since the last time."""
        heard, self.heard = self.heard, []
        for topic, what in heard:
            answer = _result(what) if topic.leaf == "command" else _applied(what)
            yield said(now + AFTER_MS, topic.dev, answer)


def _result(what: Object) -> up.CommandResult:
    name = str(what["name"])
    return up.CommandResult(int(what["n"]), "done", DETAILS.get(name))


def _applied(what: Object) -> up.ConfigResult:
    applied = what["settings"] != REFUSED
    reason = None if applied else "asking.lock_s: must be from 0 to 60"
    return up.ConfigResult(int(what["n"]), int(what["version"]), applied, reason)
