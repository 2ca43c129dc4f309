"""A whole terminal process whose tickets come from the local network alone."""

import http.client
import json
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.cli import main
from tests.fakes.ports import free_ports
from tests.fakes.wait import eventually
from tests.integration.test_simulated_terminal import Terminal
from wire.records import Rating, Ticket


class Queue:
    """A queue system that calls one terminal."""

    def __init__(self, folder: Path) -> None:
        self.port = free_ports(1)[0]
        self.settings = f'[lan]\nlisten = "127.0.0.1"\nport = {self.port}\n'
        self._token = (folder / "lan" / "token").read_text().strip()
        self._context = ssl.create_default_context(cafile=str(folder / "lan" / "certificate.pem"))

    def tell(self, event: str, ticket: str) -> str | None:
        """Tell; return the visit, None when the terminal is not there."""
        body = json.dumps({"ticket": ticket, "event": event})
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        caller = http.client.HTTPSConnection(
            "localhost", self.port, timeout=10, context=self._context
        )
        try:
            caller.request("POST", "/api/v1/tickets", body, headers)
            with caller.getresponse() as response:
                return str(json.loads(response.read())["visit"]) if response.status == 200 else None
        except OSError:
            return None
        finally:
            caller.close()

    def call(self, ticket: str) -> str:
        return str(eventually(lambda: self.tell("called", ticket), 20, "the terminal answers"))


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path)
    assert main(["lan", "init", "--config", str(terminal.config), "--host", "localhost"]) == 0
    yield terminal
    terminal.close()


def test_a_rating_is_bound_to_the_ticket_that_the_queue_system_called(
    terminal: Terminal, tmp_path: Path
) -> None:
    queue = Queue(tmp_path)
    terminal.start(queue.settings)
    visit = queue.call("A017")
    terminal.say("press satisfied")
    assert (terminal.hear()["visit"], terminal.bodies(Ticket)[-1].source) == (visit, "lan")
    assert queue.tell("closed", "a-17") == visit
    code, _, errors = terminal.end()
    assert (code, "Traceback" in errors) == (0, False)


def test_a_visit_of_the_queue_system_outlives_a_crash_of_the_terminal(
    terminal: Terminal, tmp_path: Path
) -> None:
    queue = Queue(tmp_path)
    terminal.start(queue.settings)
    visit = queue.call("A017")
    terminal.process.kill()
    terminal.process.communicate()
    terminal.start(queue.settings)
    terminal.wait_for_state("serving")
    terminal.say("press satisfied")
    assert terminal.hear()["visit"] == visit
    assert queue.call("A017") == visit
    terminal.end()
    assert [rating.visit for rating in terminal.bodies(Rating)] == [visit]
    assert [ticket.event for ticket in terminal.bodies(Ticket)] == ["called"]
