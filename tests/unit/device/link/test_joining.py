"""The uplink enrols by itself; what is in the way is told in words."""

import socket
from dataclasses import replace
from pathlib import Path

import pytest

from device.errors import UsageError
from device.identity import board
from device.identity.certificate import CertificateError
from device.identity.enrol import NoTokenError
from device.identity.est import EstError, unreachable
from device.identity.files import IdentityFiles
from device.link import joining as module
from device.link import standing
from device.link.joining import Joining
from device.proxy import ProxyError
from tests.fakes.card_folders import FILE
from tests.fakes.journals import StillClock
from wire.enrolment import dump_toml

HOUR = 3_600_000


class Way:
    """A terminal on its way, whose server answers as the test says."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.data, self.file = folder / "data", folder / "enrolment.toml"
        self.data.mkdir()
        self.files, self.clock = IdentityFiles(self.data), StillClock()
        self.answer: Exception | bool = True
        self.asked = 0
        self.held: object | None = None
        self.expired = False
        self.joining = Joining(
            self.data, self.files, self.file, FILE.terminal, self.clock, lambda: 1
        )
        monkeypatch.setattr(module, "enrol", self._enrol)
        monkeypatch.setattr(Joining, "certified", lambda _: self.held)
        monkeypatch.setattr(module.certificate, "is_expired", lambda *_: self.expired)
        self.put()
        self.files.write_fleet(FILE, self.file)

    def put(self, **changes: object) -> None:
        self.file.unlink(missing_ok=True)
        self.file.write_text(dump_toml(replace(FILE, **changes)))

    def _enrol(self, *_: object) -> bool:
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        self.held = object()
        return self.answer

    def turn(self, later_ms: int = 0) -> str | None:
        self.clock.advance(later_ms)
        self.joining.turn()
        return standing.told(self.data).stage


@pytest.fixture
def way(tmp_path, monkeypatch):
    return Way(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (EstError("x", "unknown_name", temporary=True), "unknown_name"),
        (EstError("x", "token_refused", status=401), "token_refused"),
        (CertificateError("x"), "failed"),
        (OSError(28, "No space left on device"), "storage"),
        (UsageError("wrong"), "wrong_file"),
        (NoTokenError("none"), "no_token"),
        (NoTokenError("old", "token_expired"), "token_expired"),
    ],
)
def test_what_is_in_the_way_is_told_in_words(way, error, told, caplog):
    way.answer = error
    assert way.turn() == told
    assert "not enrolled yet" in caplog.text


def test_an_attempt_is_repeated_at_growing_intervals_and_for_days(way):
    way.answer = EstError("x", "no_answer", temporary=True)
    way.turn()
    way.turn()
    assert way.asked == 1
    for _ in range(3 * 24 * 60):
        way.turn(60_000)
    assert 3 * 24 * 6 * 0.9 < way.asked < 3 * 24 * 60
    way.answer = True
    assert way.turn(HOUR) is None


def test_another_file_is_tried_at_once(way):
    way.answer = NoTokenError("x")
    way.turn()
    way.put(token="one-time-token-0002")
    way.turn()
    assert way.asked == 2


def test_a_missing_file_is_looked_for_and_found(way):
    way.file.unlink()
    way.answer = UsageError("cannot be read")
    assert way.turn() == "no_file"
    way.answer = True
    way.put()
    assert way.turn() is None


def test_a_card_from_another_board_asks_for_a_new_file(way):
    board.bind(way.files, "one")
    way.files.load_or_make_key()
    board.bind(way.files, "two")
    way.answer = NoTokenError("x")
    assert way.turn() == "cloned"


def test_a_certificate_that_has_run_out_asks_for_a_new_file(way):
    way.held, way.expired = object(), True
    way.answer = NoTokenError("x")
    assert way.turn() == "expired"
    way.file.unlink()
    way.answer = False
    assert way.turn(HOUR) == "expired"


def test_a_card_that_lost_what_the_fleet_is_asks_for_a_file(way):
    way.held, way.answer = object(), False
    way.files.fleet.unlink()
    way.file.unlink()
    assert way.turn() == "no_file"


def test_where_a_certificate_is_of_use_a_bad_file_is_only_logged(way, caplog):
    way.held = object()
    way.answer = UsageError("x: is wrong")
    assert way.turn() is None
    assert "the enrolment file is of no use: x: is wrong" in caplog.text


def test_a_broker_that_stays_away_is_told_until_the_first_connection(way):
    way.turn()
    way.joining.dropped()
    assert standing.told(way.data).stage == "no_broker"
    way.joining.connected()
    assert standing.told(way.data) == standing.Standing(connected=True)
    way.put(token=None)
    way.joining.dropped()
    way.file.unlink()
    way.joining.dropped()
    assert standing.told(way.data) == standing.Standing(connected=False)
    assert not way.joining.is_connected


def test_while_it_asks_it_says_so(way):
    seen = []
    way.answer = EstError("x", "busy")
    way.joining._tell = seen.append
    way.turn()
    assert seen == ["asking", "busy"]


def test_a_disk_that_takes_no_word_does_not_stop_it(way, monkeypatch, caplog):
    def refuse(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(module.standing, "tell", refuse)
    way.answer = EstError("x", "busy")
    way.turn()
    assert "Read-only file system" in caplog.text


def test_a_file_that_names_another_server_is_noticed(way):
    way.files.write_fleet(FILE, way.file)
    known = way.files.read_fleet()
    assert not way.joining.moved(known)
    way.files.write_fleet(replace(FILE, proxy="http://10.0.0.1:3128"), way.file)
    assert way.joining.moved(known)
    way.files.write_fleet(replace(FILE, proxy="none"), way.file)
    assert not way.joining.moved(known)
    way.files.fleet.write_text("{")
    assert not way.joining.moved(known)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (socket.gaierror(-2, "Name or service not known"), "unknown_name"),
        (OSError(101, "Network is unreachable"), "no_network"),
        (ConnectionRefusedError(111, "Connection refused"), "no_answer"),
        (TimeoutError("timed out"), "no_answer"),
        (ProxyError("the proxy"), "no_proxy"),
    ],
)
def test_a_connection_that_fails_is_told_apart(error, told):
    assert unreachable(error) == told
