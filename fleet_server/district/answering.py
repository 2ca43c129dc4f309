"""The district's terminals answer what was published for them, as real ones would."""

from collections.abc import Iterator

from fleet_server.district.acts import REFUSED
from fleet_server.district.delivery import Sent, said
from fleet_server.mqtt.messages import Publication
from fleet_server.store import commands, downlink
from wire import up

AFTER_MS = 2_500
"""So long does an answer take."""
DETAILS = {
    "diagnostics": '{"disk_free_mib": 5403, "memory_free_mib": 611, "load": 0.11, "ntp": "synced"}',
    "self-test": "buttons 3 of 3, screen, sound",
}


class Air:
    """Where publications go while there is no broker (`fleet_server.mqtt.publishing.Outlet`)."""

    def publish(self, _publication: Publication) -> bool:
        """Let it go: what terminals are to do stands in the database, too."""
        return True


def answers(now: int) -> Iterator[Sent]:
    """Yield an answer to each command and configuration that waits for one."""
    for dev, n, name in commands.awaited():
        yield said(now + AFTER_MS, dev, up.CommandResult(n, "done", DETAILS.get(name)))
    for dev, n, body in downlink.awaited():
        applied = body["settings"].get("look") != REFUSED["look"]
        reason = None if applied else "look.languages: has no texts for km; there are en, vi"
        answer = up.ConfigResult(n, int(body["version"]), applied, reason)
        yield said(now + AFTER_MS, dev, answer)
