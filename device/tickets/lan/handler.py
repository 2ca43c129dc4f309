"""One request of one connection: its head, its two routes, the answer."""

from __future__ import annotations

import hmac
import io
import socket
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

from device.tickets.lan import body
from device.tickets.lan.answers import Answer, Problem
from device.tickets.lan.patience import Patience
from wire.errors import WireError

if TYPE_CHECKING:
    from collections.abc import Callable

    from device.tickets.lan.server import Endpoint

HANDSHAKE_S = 5.0
CONNECTION_S = 10.0
LONGEST_HEAD = 16_384
LONGEST_REST = 65_536
LINGER_MS = 1_000
HEALTH = "/api/v1/health"
TICKETS = "/api/v1/tickets"


class Handler(BaseHTTPRequestHandler):
    """Serves one request of one connection."""

    protocol_version = "HTTP/1.1"
    server: Endpoint
    rfile: Any

    def setup(self) -> None:
        """Shake hands."""
        now = self.server.now
        until = now() + int(CONNECTION_S * 1000)
        self.request.settimeout(HANDSHAKE_S)
        self._tls = self.server.context.wrap_socket(
            self.request.dup(), server_side=True, do_handshake_on_connect=False
        )
        try:
            self._tls.settimeout(HANDSHAKE_S)
            self._tls.do_handshake()
        except OSError:
            self._tls.close()
            raise
        self.connection = self._tls
        self._patience = Patience(self._tls, LONGEST_HEAD, now, until)
        self.rfile = io.BufferedReader(self._patience)
        self.wfile = self._tls.makefile("wb")

    def handle(self) -> None:
        """Answer the one request there is."""
        self.close_connection = True
        self.handle_one_request()

    def finish(self) -> None:
        """Close the connection."""
        with suppress(OSError):
            self.wfile.close()
        self.rfile.close()
        self._tls.close()

    def do_GET(self) -> None:
        """Say that the endpoint lives."""
        self._answer(self._health)

    def do_POST(self) -> None:
        """Take a word of the queue system."""
        self._answer(self._ticket)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what the request's head made impossible; called by the base class."""
        del message, explain
        method = self.command or ""
        problem = Problem(400, "the request is not HTTP/1.1 as this endpoint speaks it")
        if code == 501:
            problem = self._wrong_method() if method.isalpha() else problem
        elif code in (414, 431) or self._patience.left == 0:
            problem = Problem(431, "the head of the request is too long")
        self._refuse(problem)

    def log_error(self, _format: str, *_arguments: Any) -> None:
        """The base class gave up waiting."""
        self.server.refuse("too slow", self.client_address[0])

    def log_message(self, _format: str, *_arguments: Any) -> None:
        """Log nothing: what was refused is logged in our own words."""

    # ---- the two routes ----

    def _answer(self, route: Callable[[], Answer]) -> None:
        try:
            if self._patience.left == 0:
                raise Problem(431, "the head of the request is too long")
            answer = route()
        except Problem as problem:
            self._refuse(problem)
        else:
            if self.command == "POST":
                self.server.count("taken")
            self._send(answer)

    def _health(self) -> Answer:
        if self.path != HEALTH:
            raise self._no_such_path()
        return Answer(204)

    def _ticket(self) -> Answer:
        self._check_path()
        self._check_token()
        wait_s = self.server.wait_s()
        if wait_s:
            raise Problem(429, f"that is too fast; wait {wait_s} s", Retry_After=str(wait_s))
        try:
            said = body.read_body(self._body())
        except WireError as error:
            raise Problem(400, f"the body is not a ticket: {error}") from None
        return self.server.tell(said)

    def _check_path(self) -> None:
        if self.path == TICKETS:
            return
        counter = self.path.removeprefix("/api/v1/counters/").removesuffix("/tickets")
        if self.path != f"/api/v1/counters/{counter}/tickets":
            raise self._no_such_path()
        if counter != self.server.counter:
            raise Problem(404, f"this terminal stands at {self.server.counter}")

    def _no_such_path(self) -> Problem:
        if self.path in (HEALTH, TICKETS):
            return self._wrong_method()
        return Problem(404, f"there is nothing here; POST to {TICKETS}")

    def _wrong_method(self) -> Problem:
        allowed = "GET" if self.path == HEALTH else "POST"
        return Problem(405, f"the method here is {allowed}", Allow=allowed)

    def _check_token(self) -> None:
        kind, _, token = self.headers.get("Authorization", "").partition(" ")
        shown = token.strip().encode("utf-8", "replace")
        known = hmac.compare_digest(shown, self.server.token)
        if kind.lower() != "bearer" or not known:
            raise Problem(
                401, "show the terminal's token: Authorization: Bearer …", WWW_Authenticate="Bearer"
            )

    def _body(self) -> bytes:
        kind = self.headers.get_content_type() if "Content-Type" in self.headers else ""
        if kind != "application/json":
            raise Problem(415, "send JSON, with Content-Type: application/json")
        length = self.headers.get("Content-Length", "")
        if "Transfer-Encoding" in self.headers or not (length.isascii() and length.isdigit()):
            raise Problem(411, "say how long the body is, with Content-Length")
        if len(length) > 9 or int(length) > body.LONGEST:
            raise Problem(413, f"the body is longer than {body.LONGEST} bytes")
        self._patience.left = body.LONGEST
        data: bytes = self.rfile.read(int(length))
        if len(data) < int(length):
            raise Problem(400, "the body is shorter than Content-Length says")
        return data

    # ---- writing ----

    def _refuse(self, problem: Problem) -> None:
        self.server.refuse(str(problem.status), self.client_address[0])
        self._send(problem.answer())
        self._linger()

    def _linger(self) -> None:
        """Read on for a moment: closing on something unread resets the connection.

        The caller would lose the answer that says what was wrong.
        """
        now = self.server.now
        rest = Patience(self._tls, LONGEST_REST, now, now() + LINGER_MS)
        with suppress(OSError):
            self._tls.shutdown(socket.SHUT_WR)
            while rest.readinto(bytearray(4096)):
                pass

    def _send(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        headers = {**answer.headers, "Cache-Control": "no-store", "Connection": "close"}
        if answer.body:
            headers |= {"Content-Type": answer.kind}
        if answer.status != 204:
            headers |= {"Content-Length": str(len(answer.body))}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self._tls.settimeout(HANDSHAKE_S)
        self.wfile.write(answer.body)
        self.wfile.flush()
