"""The site's queue system tells a terminal of tickets: real TLS, real sockets, a real journal."""

import json
import logging
import select
import socket
import ssl
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from device.core.policy import Asking, Policy
from device.core.rules import Site
from device.core.told import Verdict, Word
from device.counter.desk import Desk
from device.errors import DeviceError
from device.settings import LanSettings, TerminalSettings
from device.tickets.dossiers import DossierKeeper, Spool
from device.tickets.lan import handler, server
from device.tickets.lan.answers import answer_of
from device.tickets.lan.make import fingerprint, make
from device.tickets.lan.source import LanTickets
from device.tickets.several import Several
from tests.fakes.counter import BreakableJournal, FakeButtons, FakeScreen
from tests.fakes.journals import StillClock, opened
from tests.fakes.ports import free_ports
from tests.fakes.wait import eventually
from wire.records import Boot, Ticket

DAY = "2026-11-22"
GOOD = {"ticket": "A017", "event": "called"}


class Answer:
    """What came back."""

    def __init__(self, data: bytes) -> None:
        head, _, self.body = data.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        self.status = int(lines[0].split(" ")[1])
        self.headers = dict(line.split(": ", 1) for line in lines[1:])

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


class Place:
    """A terminal on the local network, turned by a thread as its main loop would, and callers."""

    def __init__(self, folder: Path) -> None:
        self.settings = LanSettings(
            "127.0.0.1", free_ports(1)[0], folder / "lan/c.pem", folder / "lan/k.pem",
            folder / "lan/token",
        )  # fmt: skip
        make(self.settings, ["localhost", "127.0.0.1"])
        self.token = self.settings.token_file.read_text().strip()
        self.clock = StillClock()
        self.real = opened(folder / "data", self.clock).journal
        self.journal = BreakableJournal(self.real)
        self.lan = LanTickets(
            self.settings, TerminalSettings("t-1", "Q1", "Quầy 1", folder), self.clock, lambda: DAY
        )
        self.spool = Spool(folder / "data")
        self.several = Several([self.lan], DossierKeeper(self.spool, self.real.head, self.clock))
        self.screen = FakeScreen()
        self.desk = Desk(
            self.clock,
            self.journal,
            self.several,
            FakeButtons(),
            self.screen,
            Site("t-1", "Q1", "Quầy 1"),
            Policy(asking=Asking(reasons="never")),
            lambda: None,
        )
        self.desk.start(Boot("0.1.0", "none"))
        self._stopping = threading.Event()
        self._loop = threading.Thread(target=self._turn)
        self._loop.start()

    def _turn(self) -> None:
        while not self._stopping.is_set():
            if select.select([self.several], [], [], 0.02)[0]:
                self.several.drain()
                self.desk.new_ticket()
            self.desk.turn()

    # ---- callers ----

    def connect(self) -> ssl.SSLSocket:
        context = ssl.create_default_context(cafile=str(self.settings.certificate))
        raw = socket.create_connection(("127.0.0.1", self.settings.port), timeout=10)
        return context.wrap_socket(raw, server_hostname="localhost")

    def send(self, data: bytes) -> Answer:
        """Send raw bytes; return what came back."""
        with self.connect() as connection:
            connection.sendall(data)
            return Answer(_all(connection))

    def request(
        self, method: str = "POST", path: str = "/api/v1/tickets", body: bytes = b"", **headers: str
    ) -> Answer:
        """Make a request; a header given as '' is left out."""
        named = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
        lines += [f"{name}: {value}" for name, value in named.items() if value]
        return self.send("\r\n".join([*lines, "", ""]).encode() + body)

    def tell(self, path: str = "/api/v1/tickets", **said: Any) -> Answer:
        return self.request(path=path, body=json.dumps({**GOOD, **said}).encode())

    # ---- what came of it ----

    @property
    def tickets(self) -> list[tuple[str, str]]:
        bodies = list(self.journal.appended)
        return [(body.ticket, body.event) for body in bodies if isinstance(body, Ticket)]

    @property
    def figures(self) -> dict[str, Any]:
        report: dict[str, Any] = self.lan.report()["lan"]
        return report

    def close(self) -> None:
        self._stopping.set()
        self._loop.join()
        self.lan.close()
        self.several.close()


def _all(connection: ssl.SSLSocket) -> bytes:
    data = b""
    while part := connection.recv(65_536):
        data += part
    return data


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Place]:
    (tmp_path / "data").mkdir()
    site = Place(tmp_path)
    yield site
    site.close()


# ---- the good cases ----


def test_a_called_ticket_is_journalled_before_it_is_answered(site: Place) -> None:
    answer = site.tell(service="Hộ tịch")
    assert answer.status == 200
    ticket = site.journal.appended[-1]
    assert ticket == Ticket("Q1", answer.json["visit"], "A017", "called", "lan", DAY, "Hộ tịch")
    eventually(lambda: site.screen.now.ticket == "A017")


def test_the_same_told_again_is_answered_the_same_and_changes_nothing(site: Place) -> None:
    first, again = site.tell(), site.tell()
    assert (again.status, again.json) == (200, first.json)
    assert site.tickets == [("A017", "called")]


def test_a_visit_of_the_queue_systems_own_is_kept(site: Place) -> None:
    assert site.tell(visit="q-77").json == {"visit": "q-77"}


def test_later_events_find_the_visit_by_the_number(site: Place) -> None:
    visit = site.tell().json["visit"]
    for event in ("recalled", "no_show", "recalled", "closed"):
        assert site.tell(ticket="a-17", event=event).json == {"visit": visit}
    assert [event for _, event in site.tickets] == [
        "called", "recalled", "no_show", "recalled", "closed",
    ]  # fmt: skip


def test_the_servers_own_address_and_body_work_here_too(site: Place) -> None:
    answer = site.tell(
        "/api/v1/counters/Q1/tickets", visit=None, service=None, dossier="H29.12-221014-0005",
        at="2026-11-22T09:00:00+07:00",
    )  # fmt: skip
    assert answer.status == 200
    kept = site.spool.get(answer.json["visit"])
    assert kept is not None
    assert kept.dossier == "H29.12-221014-0005"
    assert "H29" not in str(site.journal.appended)


def test_what_is_too_late_to_change_anything_is_accepted_all_the_same() -> None:
    word = Word("lan", "Q1", "Q1", "A003", visit="q-3")
    answer = answer_of(word, Verdict("late"))
    assert (answer.status, json.loads(answer.body)) == (202, {"visit": "q-3"})


def test_the_endpoint_says_that_it_lives_and_not_what_it_is(site: Place) -> None:
    answer = site.request("GET", "/api/v1/health", Authorization="")
    assert (answer.status, answer.body) == (204, b"")
    assert not {"Server", "Date"} & set(answer.headers)


def test_many_callers_at_once_are_all_served(site: Place) -> None:
    answers: list[int] = []

    def call(number: int) -> None:
        answers.append(site.tell(ticket=f"A{number}").status)

    threads = [threading.Thread(target=call, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    called = [event for _, event in site.tickets if event == "called"]
    assert (answers, len(called)) == ([200] * 5, 5)


# ---- bad input: one log line, one counter, the screen unchanged ----

HOSTILE = [
    b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"ticket": "A1"}', b"NaN", b"[" * 8_000,
    b'{"ticket": "A1", "ticket": "A2", "event": "called"}',
    *(
        json.dumps(GOOD | wrong).encode()
        for wrong in (
            {"ticket": "A\u202e17"}, {"ticket": "A\u200b1"}, {"ticket": "A\x00"}, {"ticket": 17},
            {"ticket": "A" * 5_000}, {"ticket": "---"}, {"ticket": ""}, {"event": "eaten"},
            {"visit": "no id"}, {"visit": 1}, {"day": "2026-02-30"}, {"at": "today"}, {"at": 5},
            {"service": "x\ny"}, {"service": "x" * 65}, {"dossier": "x" * 65}, {"counter": "Q1"},
        )
    ),
]  # fmt: skip


def refused(site: Place, answer: Answer, status: int, caplog: pytest.LogCaptureFixture) -> str:
    """Check that a request was refused as it should; return the sentence."""
    problem = answer.json
    assert (answer.status, problem["status"]) == (status, status)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert site.figures[str(status)] == 1
    warnings = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert [record.getMessage() for record in warnings] == [f"lan: refused 127.0.0.1: {status}"]
    assert (site.tickets, site.screen.now.kind) == ([], "idle")
    return str(problem["detail"])


@pytest.mark.parametrize("body", HOSTILE)
def test_a_body_that_is_no_ticket_is_refused(
    site: Place, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    sentence = refused(site, site.request(body=body), 400, caplog)
    assert "the body is not a ticket" in sentence
    assert len(sentence) < 200
    assert sentence.isprintable()


@pytest.mark.parametrize(
    ("status", "change"),
    [
        (401, {"Authorization": "Bearer nobody"}),
        (401, {"Authorization": "Bearer đ"}),
        (401, {"Authorization": ""}),
        (404, {"path": "/api/v1/counters/Q2/tickets"}),
        (404, {"path": "/"}),
        (404, {"path": "/api/v1/ticketsx", "method": "GET"}),
        (405, {"method": "GET"}),
        (405, {"method": "DELETE"}),
        (405, {"path": "/api/v1/health"}),
        (411, {"Content_Length": ""}),
        (411, {"Content_Length": "-1"}),
        (411, {"Transfer_Encoding": "chunked"}),
        (413, {"Content_Length": "8193"}),
        (413, {"Content_Length": "9" * 30}),
        (415, {"Content_Type": "text/plain"}),
        (415, {"Content_Type": ""}),
        (431, {"X": "x" * 20_000}),
        (400, {"method": "\x01"}),
    ],
)
def test_a_request_that_does_not_fit_is_refused(
    site: Place, status: int, change: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    refused(site, site.request(**change), status, caplog)  # type: ignore[arg-type]
    assert site.token not in caplog.text


def test_what_may_be_done_instead_is_said(site: Place) -> None:
    assert site.request("PUT").headers["Allow"] == "POST"
    assert site.request("PUT", "/api/v1/health").headers["Allow"] == "GET"
    assert site.request(Authorization="").headers["WWW-Authenticate"] == "Bearer"


def test_a_number_that_nobody_called_is_not_found(
    site: Place, caplog: pytest.LogCaptureFixture
) -> None:
    assert "A017" in refused(site, site.tell(event="closed"), 404, caplog)


def test_a_visit_id_that_was_another_number_is_a_conflict(site: Place) -> None:
    site.tell(visit="q-1")
    assert site.tell(visit="q-1", ticket="B001").status == 409


def test_ten_megabytes_are_not_read(site: Place, caplog: pytest.LogCaptureFixture) -> None:
    with site.connect() as connection:
        head = f"POST /api/v1/tickets HTTP/1.1\r\nAuthorization: Bearer {site.token}\r\n"
        head += "Content-Type: application/json\r\nContent-Length: 10000000\r\n\r\n"
        connection.sendall(head.encode())
        refused(site, Answer(_all(connection)), 413, caplog)
        assert eventually(lambda: _is_cut(connection))


def _is_cut(connection: ssl.SSLSocket) -> bool:
    try:
        connection.sendall(b"x" * 10_000)
    except OSError:
        return True
    return False


def test_a_body_that_stops_early_is_refused(site: Place, caplog: pytest.LogCaptureFixture) -> None:
    with site.connect() as connection:
        body = json.dumps(GOOD).encode()
        head = f"POST /api/v1/tickets HTTP/1.1\r\nAuthorization: Bearer {site.token}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body) + 1}\r\n\r\n"
        connection.sendall(head.encode() + body)
        connection.shutdown(socket.SHUT_WR)
        eventually(lambda: site.figures.get("400") == 1)
    assert site.tickets == []


def test_too_many_requests_in_a_second_are_told_to_wait(
    site: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(server.MOST_A_SECOND):
        assert site.tell(ticket=f"A{number}").status == 200
    answer = site.tell(ticket="A99")
    assert (answer.status, answer.headers["Retry-After"]) == (429, "1")
    site.clock.advance(1_000)
    assert site.tell(ticket="A99").status == 200


# ---- slow and silent peers ----


def test_a_silent_peer_holds_up_nobody_and_is_dropped(
    site: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handler, "HANDSHAKE_S", 0.3)
    silent = [
        socket.create_connection(("127.0.0.1", site.settings.port), timeout=10)
        for _ in range(server.MOST_OF_ONE_ADDRESS - 1)
    ]
    assert site.tell().status == 200
    for connection in silent:
        with connection:
            assert connection.recv(1) == b""
    eventually(lambda: site.figures["broken connection"] == len(silent))


def test_a_peer_that_speaks_no_tls_is_dropped(site: Place) -> None:
    with socket.create_connection(("127.0.0.1", site.settings.port), timeout=10) as plain:
        plain.sendall(b"POST /api/v1/tickets HTTP/1.1\r\n\r\n")
        eventually(lambda: site.figures.get("broken connection") == 1)


def test_a_peer_that_sends_a_letter_now_and_then_is_dropped_in_the_end(site: Place) -> None:
    with site.connect() as slow:
        slow.sendall(b"POST /api")
        site.clock.advance(int(handler.CONNECTION_S * 1_000) + 1)
        slow.sendall(b"/v1")
        eventually(lambda: site.figures.get("too slow") == 1)
        assert site.tell().status == 200


def test_one_address_gets_only_some_of_the_places(site: Place) -> None:
    held = [site.connect() for _ in range(server.MOST_OF_ONE_ADDRESS)]
    raw = socket.create_connection(("127.0.0.1", site.settings.port), timeout=10)
    with raw:
        assert raw.recv(1) == b""
    assert site.figures["too many connections"] == 1
    for connection in held:
        connection.close()
    eventually(lambda: _works(site))


def _works(site: Place) -> bool:
    try:
        return site.tell().status == 200
    except OSError:
        return False


# ---- what cannot be kept is not accepted ----


def test_while_the_journal_cannot_store_the_caller_is_told_to_come_again(
    site: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("device.tickets.lan.source.ANSWER_S", 0.2)
    site.journal.broken = True
    answer = site.tell()
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    site.journal.broken = False
    site.clock.advance(10_000)
    eventually(lambda: site.tell().status == 200)
    assert site.tickets == [("A017", "called")]


def test_a_dossier_that_cannot_be_kept_is_told_to_come_again(site: Place) -> None:
    folder = site.spool._folder
    folder.touch()
    assert site.tell(dossier="D-1").status == 503
    folder.unlink()
    visit = site.tell(dossier="D-1").json["visit"]
    kept = site.spool.get(visit)
    assert kept is not None
    assert site.tickets == [("A017", "called")]


def test_a_terminal_whose_office_does_not_want_the_queue_system_says_so(site: Place) -> None:
    site.desk._serving.rules = replace(site.desk._serving.rules, sources=("server",))
    assert site.tell().status == 403


# ---- opening ----


def test_the_endpoint_opens_as_soon_as_it_can(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = LanSettings(
        "127.0.0.1", free_ports(1)[0], tmp_path / "c.pem", tmp_path / "k.pem", tmp_path / "token"
    )
    clock = StillClock()
    lan = LanTickets(settings, TerminalSettings("t-1", "Q1", "Q1", tmp_path), clock, lambda: None)
    assert lan.take() is None
    assert lan.report() == {"lan": {}, "faults": ["lan closed"]}
    assert f"{settings.certificate}: is not there; make it with: hailong-terminal" in caplog.text
    make(settings, ["terminal.local"])
    settings.token_file.chmod(0o644)
    for troubled in ("others can read the token", "must hold a token"):
        clock.advance(5_000)
        lan.take()
        assert troubled in caplog.text
        settings.token_file.chmod(0o600)
        settings.token_file.write_text("short")
    settings.token_file.write_text("t" * 40)
    key = settings.key.read_bytes()
    settings.key.write_text("none")
    clock.advance(5_000)
    lan.take()
    assert "are no certificate and its key in PEM" in caplog.text
    settings.key.write_bytes(key)
    with socket.create_server(("127.0.0.1", settings.port)):
        clock.advance(5_000)
        lan.take()
    assert f"127.0.0.1 port {settings.port}: Address already in use" in caplog.text
    clock.advance(4_999)
    lan.take()
    assert lan.report()["faults"] == ["lan closed"]
    clock.advance(1)
    lan.take()
    assert lan.report()["faults"] == []
    lan.close()


def test_what_is_settled_after_its_caller_left_harms_nobody(site: Place) -> None:
    site.lan.settle(Verdict("news"))


def test_a_caller_who_leaves_while_its_word_is_taken_ends_nothing(site: Place) -> None:
    class Leaving(deque[Any]):
        """Its only word is withdrawn by its caller's thread just before it is taken."""

        def __getitem__(self, at: Any) -> Any:
            self.clear()
            return super().__getitem__(at)

    site.lan._asked = Leaving(["word"])
    assert site.lan.take() is None
    site.lan.settle(Verdict("news"))


def test_only_newer_tls_is_spoken(site: Place) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(site.settings.certificate)
    raw = socket.create_connection(("127.0.0.1", site.settings.port), timeout=10)
    with context.wrap_socket(raw, server_hostname="127.0.0.1") as connection:
        assert connection.version() in ("TLSv1.2", "TLSv1.3")


# ---- what init makes ----


def test_what_is_made_is_private_and_never_overwritten(tmp_path: Path) -> None:
    settings = LanSettings("", 8443, tmp_path / "c.pem", tmp_path / "k.pem", tmp_path / "token")
    assert make(settings, ["terminal.local"])
    assert [path.stat().st_mode & 0o777 for path in (settings.key, settings.token_file)] == [
        0o600, 0o600,
    ]  # fmt: skip
    before = settings.certificate.read_bytes()
    assert not make(settings, ["another.local"])
    assert settings.certificate.read_bytes() == before
    assert len(fingerprint(settings)) == 32 * 3 - 1
    settings.token_file.unlink()
    with pytest.raises(DeviceError, match="exists already"):
        make(settings, ["terminal.local"])
    settings.certificate.write_text("nonsense")
    with pytest.raises(DeviceError, match="no certificate"):
        fingerprint(settings)


def test_a_host_that_no_certificate_can_name_is_refused(tmp_path: Path) -> None:
    settings = LanSettings("", 8443, tmp_path / "c.pem", tmp_path / "k.pem", tmp_path / "token")
    with pytest.raises(DeviceError, match="ASCII"):
        make(settings, ["quầy.local"])
    assert not settings.key.exists()
