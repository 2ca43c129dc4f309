"""An uplink of few words: it writes signed tickets into ``link.db``, as the real one would."""

import json
from dataclasses import asdict
from pathlib import Path

from device.identity.files import Fleet, IdentityFiles
from device.inbox.store import LinkStore
from device.wakeup import WakeUp
from tests.fakes.counter import TICKET
from wire import keys
from wire.down import CurrentTicket, FleetKey, KeyList, seal_down


class FakeUplink:
    """The uplink's side of a terminal's folder.

    Args:
        data: The terminal's folder.
        dev: Terminal id.
    """

    def __init__(self, data: Path, dev: str) -> None:
        self.dev = dev
        self.data = data
        self.fleet_key, self.control = keys.generate(), keys.generate()
        self.store = LinkStore(data)
        self.wake = WakeUp(data, "uplink")
        self.n = 1_790_000_000_000
        key_list = KeyList(self.n, self.n, (FleetKey("control", keys.x_of(self.control)),))
        self.store.take("keys", self.n, seal_down(key_list, self.fleet_key), 0)

    def enrol(self) -> None:
        """Leave what the enrolment leaves."""
        files = IdentityFiles(self.data)
        files.folder.mkdir(parents=True, exist_ok=True)
        x = keys.x_of(self.fleet_key)
        fleet = Fleet(self.dev, "https://est:1", "broker", 8883, x, "enrolment.toml")
        files.fleet.write_text(json.dumps(asdict(fleet)))

    def say(self, up: int = 0, **changes: object) -> CurrentTicket:
        """Write a ticket that arrived at ``up``, and ring."""
        self.n += 1
        fields = {**asdict(TICKET), "dev": self.dev, "n": self.n, **changes}
        ticket = CurrentTicket(**fields)  # type: ignore[arg-type]
        self.store.take("ticket", self.n, seal_down(ticket, self.control), up)
        self.wake.ring()
        return ticket

    def close(self) -> None:
        """Close the files."""
        self.store.close()
        self.wake.close()
