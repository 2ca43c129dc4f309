"""A bundle comes whole or not at all, however often the connection is cut."""

import hashlib
import http.client
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from device.errors import DeviceError
from device.updates.download import MOST_WRONG, Download
from device.updates.folder import UpdateFolder
from tests.fakes.wait import eventually
from wire.commands import Bundle

CONTENT = bytes(range(256)) * 1000
BUNDLE = Bundle("1.1.0", hashlib.sha256(CONTENT).hexdigest(), len(CONTENT))


class Server:
    """Gives out one file; tests say how often and how badly.

    Attributes:
        asked: the ranges that were asked for.
        cut: bytes after which an answer is cut off; None gives all.
        answers: statuses to answer with before anything else.
    """

    def __init__(self) -> None:
        self.content = CONTENT
        self.asked: list[str | None] = []
        self.cut: int | None = None
        self.answers: list[int] = []
        self.ranges = True
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))
        self._thread.start()

    def connect(self) -> http.client.HTTPSConnection:
        # TLS is the transport's own matter; tests/e2e has it.
        return http.client.HTTPConnection("127.0.0.1", self._http.server_port)  # type: ignore[return-value]

    def close(self) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_args: object) -> None:
                """Say nothing."""

            def do_GET(self) -> None:
                wanted = self.headers["Range"]
                server.asked.append(wanted)
                if server.answers:
                    self.send_response(server.answers.pop(0))
                    self.end_headers()
                    self.wfile.write(b"it is not offered to this terminal\n")
                    return
                first = int(wanted[6:-1]) if wanted and server.ranges else 0
                body, whole = server.content[first:], len(server.content)
                self.send_response(206 if wanted and server.ranges else 200)
                self.send_header("Content-Length", str(len(body)))
                if wanted and server.ranges:
                    self.send_header("Content-Range", f"bytes {first}-{whole - 1}/{whole}")
                self.end_headers()
                self.wfile.write(body[: server.cut])

        return Handler


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> UpdateFolder:
    return UpdateFolder(tmp_path / "update")


def fetched(folder: UpdateFolder, server: Server, bundle: Bundle = BUNDLE) -> str:
    download = Download(folder, bundle, server.connect, lambda: 0.0)
    download.start()
    return eventually(lambda: download.outcome)


def test_a_bundle_is_there_once_it_is_whole(folder: UpdateFolder, server: Server) -> None:
    assert fetched(folder, server) == "good"
    assert folder.bundle.read_bytes() == CONTENT
    assert not folder.part(BUNDLE.sha256).exists()
    assert fetched(folder, server) == "good", "a power cut came before that was noted"
    assert server.asked == [None]


def test_a_cut_download_goes_on_where_it_ended(folder: UpdateFolder, server: Server) -> None:
    server.cut = 100_000
    assert fetched(folder, server) == "good"
    assert server.asked == [None, "bytes=100000-", "bytes=200000-"]


def test_it_goes_on_after_a_restart_of_the_process_too(
    folder: UpdateFolder, server: Server
) -> None:
    folder.folder.mkdir()
    folder.part(BUNDLE.sha256).write_bytes(CONTENT[:70_000])
    folder.part("ef" * 32).write_bytes(b"of another bundle")
    assert fetched(folder, server) == "good"
    assert server.asked == ["bytes=70000-"]
    assert sorted(path.name for path in folder.folder.iterdir()) == ["bundle.raucb"]


def test_a_server_without_ranges_is_asked_for_all(folder: UpdateFolder, server: Server) -> None:
    server.ranges = False
    folder.folder.mkdir()
    folder.part(BUNDLE.sha256).write_bytes(b"x" * 70_000)
    assert fetched(folder, server) == "good"


def test_a_busy_server_is_asked_again(folder: UpdateFolder, server: Server) -> None:
    server.answers = [503, 500, 429]
    assert fetched(folder, server) == "good"
    assert len(server.asked) == 4


@pytest.mark.parametrize("status", [403, 404])
def test_what_is_not_offered_is_given_up_with_the_servers_word(
    folder: UpdateFolder, server: Server, status: int
) -> None:
    server.answers = [status]
    said = fetched(folder, server)
    assert said == f"the server does not give it ({status}): it is not offered to this terminal"


def test_wrong_bytes_are_never_a_bundle(folder: UpdateFolder, server: Server) -> None:
    server.content = b"\0" * len(CONTENT)
    assert "another SHA-256" in fetched(folder, server)
    assert len(server.asked) == MOST_WRONG
    assert list(folder.folder.iterdir()) == []


def test_a_torn_part_is_fetched_anew(folder: UpdateFolder, server: Server) -> None:
    folder.folder.mkdir()
    folder.part(BUNDLE.sha256).write_bytes(b"\0" * 200_000)
    assert fetched(folder, server) == "good"
    assert server.asked == ["bytes=200000-", None]


@pytest.mark.parametrize(("size", "had"), [(1_000, 0), (1_000, 10), (300_000, 10)])
def test_a_bundle_of_another_size_is_given_up(
    folder: UpdateFolder, server: Server, size: int, had: int
) -> None:
    folder.folder.mkdir()
    if had:
        folder.part(BUNDLE.sha256).write_bytes(CONTENT[:had])
    other = Bundle(BUNDLE.version, BUNDLE.sha256, size)
    assert "announced" in fetched(folder, server, other)


def test_a_full_disk_is_said(
    folder: UpdateFolder, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("device.updates.download.os.fsync", full)
    assert fetched(folder, server) == "the disk is full"


def test_an_identity_that_cannot_be_used_is_tried_again(
    folder: UpdateFolder, server: Server
) -> None:
    tries: list[int] = []

    def connect() -> http.client.HTTPSConnection:
        tries.append(1)
        if len(tries) < 3:
            raise DeviceError("certificate and key cannot be used together")
        return server.connect()

    download = Download(folder, BUNDLE, connect, lambda: 0.0)
    download.start()
    assert eventually(lambda: download.outcome) == "good"


def test_a_stopped_download_keeps_what_it_has(folder: UpdateFolder, server: Server) -> None:
    server.cut = 100_000
    download = Download(folder, BUNDLE, server.connect, lambda: 1.0)
    download.start()
    eventually(lambda: download.received == 100_000)
    download.stop()
    eventually(lambda: not any(thread.name == "download" for thread in threading.enumerate()))
    assert download.outcome is None
    assert folder.part(BUNDLE.sha256).stat().st_size == 100_000
