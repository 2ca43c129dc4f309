"""``hailong-fleet import``: a stick's records through the same acceptance as those of MQTT."""

import hashlib
import os
import re
import subprocess
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from device.export.exporter import Exporter
from device.export.sticks import MARKER
from device.journal.opening import open_journal
from device.journal.reader import JournalReader
from device.settings import ExportSettings
from fleet_server import clock
from fleet_server.cli import main
from fleet_server.mqtt.messages import Publication
from fleet_server.mqtt.publishing import Publisher
from fleet_server.mqtt.signing import load_signer
from fleet_server.settings import Settings
from fleet_server.store import database
from fleet_server.store.edits import terminals
from fleet_server.store.models import Matter, Rating, Record
from tests.fakes.chains import ChainWriter
from tests.fakes.fleets import enrolled, new_counter, new_fleet
from tests.fakes.journals import StillClock, everything, rating
from tests.fakes.left_open import closed_later
from tests.fakes.processes import FLEET
from wire import keys
from wire.down import open_receipt
from wire.envelope import b64
from wire.topics import receipt_topic

pytestmark = pytest.mark.usefixtures("engine")


class Fleet:
    """A fleet with one terminal, and the files that come from it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings: Settings = new_fleet(folder / "fleet")
        new_counter(self.settings)
        identity = enrolled(self.settings, "t-1")
        self.writer = ChainWriter("t-1", keys.load_private(identity.key.read_bytes()))
        self.writer.start()
        for number in range(60):
            self.writer.press(f"v{number}", counter="Q1")

    def file(self, tokens: Sequence[bytes] | None = None, name: str = "a.records") -> Path:
        path = self.folder / name
        path.write_bytes(b"".join(token + b"\n" for token in tokens or self.writer.tokens))
        return path

    def take(self, *paths: Path) -> int:
        words = [str(path) for path in paths]
        return main(["import", *words, "--config", str(self.settings.path)])

    def held(self) -> list[bytes]:
        database.open_database(self.settings.database.url)
        try:
            return [bytes(row.jws) for row in Record.select().order_by(Record.id)]
        finally:
            database.close()

    def seal(self, path: Path) -> Path:
        hashed = hashlib.sha256(path.read_bytes()).hexdigest()
        path.with_name(f"{path.name}.sha256").write_text(f"{hashed}  {path.name}\n")
        return path


@pytest.fixture
def fleet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Fleet:
    made = Fleet(tmp_path)
    capsys.readouterr()
    return made


def said(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return str(out + err)


def test_a_whole_file_is_taken_and_counted_once(
    fleet: Fleet, capsys: pytest.CaptureFixture[str]
) -> None:
    path = fleet.seal(fleet.file())
    assert fleet.take(path) == 0
    assert f"t-1 chain {fleet.writer.chain}: 61 taken, 0 known" in said(capsys)
    assert fleet.held() == fleet.writer.tokens
    assert fleet.take(path, path) == 0
    assert "0 taken, 122 known" in said(capsys)
    database.open_database(fleet.settings.database.url)
    assert Rating.select().where(Rating.standing).count() == 60
    database.close()


def test_what_a_terminal_out_of_use_still_had_on_its_card_is_taken(fleet: Fleet) -> None:
    database.open_database(fleet.settings.database.url)
    terminals.retire("t-1", None, "broken", clock.now_ms(), "person:x")
    assert fleet.take(fleet.file()) == 0
    assert fleet.held() == fleet.writer.tokens


def test_the_receipt_is_left_for_ingest_to_publish(fleet: Fleet) -> None:
    fleet.take(fleet.file())
    signer = load_signer(fleet.settings.layout)
    published: list[Publication] = []

    class Outlet:
        def publish(self, publication: Publication) -> bool:
            published.append(publication)
            return True

    database.open_database(fleet.settings.database.url)
    publisher = Publisher(signer, Outlet())
    assert publisher.due(0)
    assert publisher.due(0)
    [one] = published
    assert (one.topic, one.retain) == (receipt_topic("t-1", fleet.writer.chain), True)
    receipt = open_receipt(one.payload, signer.key_list, "t-1")
    assert (receipt.seq, receipt.hash) == (61, fleet.writer.prev)
    published.clear()
    publisher.everything(0)
    assert all("/receipt/" not in each.topic for each in published)
    database.close()


def test_the_rest_of_a_chain_is_taken_from_where_it_is_held(
    fleet: Fleet, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fleet.take(fleet.file(fleet.writer.tokens[:20], "1.records")) == 0
    assert fleet.take(fleet.file(fleet.writer.tokens[20:], "2.records")) == 0
    assert "41 taken" in said(capsys)
    assert fleet.held() == fleet.writer.tokens


def test_a_file_that_goes_on_after_a_gap_is_left_and_says_what_is_missing(
    fleet: Fleet, capsys: pytest.CaptureFixture[str]
) -> None:
    fleet.take(fleet.file(fleet.writer.tokens[:20]))
    assert fleet.take(fleet.file(fleet.writer.tokens[30:])) == 1
    assert "31 left: the file goes on at 31 but the server holds up to 20" in said(capsys)
    assert len(fleet.held()) == 20


def test_what_links_but_is_badly_signed_is_put_aside_and_said(
    fleet: Fleet, capsys: pytest.CaptureFixture[str]
) -> None:
    fleet.writer.unknown_type()
    fleet.writer.press("w", counter="Q1")
    assert fleet.take(fleet.file()) == 1
    assert "62 taken, 0 known, 1 quarantined" in said(capsys)
    assert fleet.held() == fleet.writer.tokens


def test_what_no_enrolled_key_vouches_for_is_refused(
    fleet: Fleet, capsys: pytest.CaptureFixture[str]
) -> None:
    forged = ChainWriter("t-1", chain=fleet.writer.chain, tokens=list(fleet.writer.tokens))
    forged.press("x", counter="Q1")
    assert fleet.take(fleet.file(forged.tokens)) == 1
    assert "61 taken, 0 known, 1 refused" in said(capsys)
    assert fleet.held() == fleet.writer.tokens


def test_bytes_of_a_failing_disk_keep_their_place_where_a_checksum_vouches_for_them(
    fleet: Fleet, capsys: pytest.CaptureFixture[str]
) -> None:
    fleet.writer.garbage(b"no token at all")
    fleet.writer.press("w", counter="Q1")
    assert fleet.take(fleet.file()) == 1
    assert "line 62: is no signed record" in said(capsys)
    fleet.take(fleet.seal(fleet.file()))
    assert fleet.held() == fleet.writer.tokens


def test_two_imports_at_once_take_every_record_once(fleet: Fleet) -> None:
    for number in range(400):
        fleet.writer.press(f"w{number}", counter="Q1")
    words = [FLEET, "import", str(fleet.file()), "--config", str(fleet.settings.path)]
    both = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=100)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert fleet.held() == fleet.writer.tokens
    taken = [int(word) for line in said for word in re.findall(r"(\d+) taken", line)]
    assert sum(taken) == len(fleet.writer.tokens)


def test_what_a_stick_got_from_a_terminal_is_taken(fleet: Fleet, tmp_path: Path) -> None:
    clock = StillClock()
    data, stick = tmp_path / "data", tmp_path / "media" / "usb"
    stick.mkdir(parents=True)
    (stick / MARKER).write_text("code")
    book = closed_later(open_journal(data, "t-1", fleet.writer.key, clock).journal)
    for number in range(250):
        book.append(rating(f"v{number}"))
    reader, told = JournalReader(data), deque[object]()
    allowed = ExportSettings(stick.parent, hashlib.sha256(b"code").hexdigest())
    exporter = Exporter(data, allowed, "t-1", reader, clock, told.append)
    exporter.look()
    [file] = stick.glob("*.records")
    assert fleet.take(file) == 0
    assert fleet.held() == [entry.token for entry in everything(data)]


def test_two_terminals_in_one_file_are_told_apart(fleet: Fleet) -> None:
    identity = enrolled(fleet.settings, "t-2")
    other = ChainWriter("t-2", keys.load_private(identity.key.read_bytes()))
    other.start()
    assert fleet.take(fleet.file([*fleet.writer.tokens, *other.tokens])) == 0
    assert len(fleet.held()) == 62


def another(fleet: Fleet, dev: str) -> None:
    stranger = ChainWriter(dev)
    stranger.start()
    fleet.seal(fleet.file(stranger.tokens))


def nameless(fleet: Fleet) -> None:
    header = fleet.writer.tokens[0].split(b".")[0]
    fleet.seal(fleet.file([header + b"." + b64(b"{}").encode() + b".AAAA"]))


def many_keys(fleet: Fleet) -> None:
    payload = fleet.writer.tokens[0].split(b".")[1].decode()
    headers = (b64(b'{"alg":"Ed25519","kid":"%042dA"}' % number) for number in range(1_001))
    fleet.seal(fleet.file([f"{header}.{payload}.AAAA".encode() for header in headers]))


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


WAYS: dict[str, Callable[[Fleet, Path, bytes], object]] = {
    "cut in a record": lambda _, path, content: path.write_bytes(content[:-50]),
    "cut between records": lambda _, path, content: path.write_bytes(
        b"".join(content.splitlines(keepends=True)[:-3])
    ),
    "changed": lambda _, path, content: path.write_bytes(content[:5000] + b"A" + content[5001:]),
    "binary": lambda _, path, __: path.write_bytes(os.urandom(50_000)),
    "text": lambda _, path, __: path.write_bytes(b"hello\nworld\n"),
    "text without a checksum": lambda fleet, *_: (
        (fleet.folder / "a.records.sha256").unlink() or fleet.file([b"hello"])
    ),
    "text with a checksum": lambda fleet, *_: fleet.seal(fleet.file([b"hello"])),
    "empty": lambda _, path, __: path.write_bytes(b""),
    "a gigabyte": lambda _, path, __: os.truncate(path, (1 << 30) + 1),
    "a long line": lambda _, path, __: path.write_bytes(b"eyJ" * 2_000_000),
    "a folder": lambda _, path, __: a_folder(path),
    "missing": lambda _, path, __: path.unlink(),
    "another fleet": lambda fleet, _, __: another(fleet, "t-1"),
    "another terminal": lambda fleet, _, __: another(fleet, "t-9"),
    "nameless": lambda fleet, _, __: nameless(fleet),
    "many keys": lambda fleet, _, __: many_keys(fleet),
}


def bad(fleet: Fleet, how: str) -> Path:
    path = fleet.seal(fleet.file())
    WAYS[how](fleet, path, path.read_bytes())
    return path


@pytest.mark.parametrize(
    ("how", "complaint"),
    [
        ("cut in a record", "is cut off in the middle"),
        ("cut between records", "changed or cut off"),
        ("changed", "changed or cut off"),
        ("binary", "a.records"),
        ("text", "line 1: is no signed record"),
        ("empty", "changed or cut off"),
        ("a gigabyte", "larger than 1024 MiB"),
        ("text without a checksum", "line 1: is no signed record"),
        ("text with a checksum", "line 1: is no signed record"),
        ("a long line", "longer than a record"),
        ("a folder", "holds no journal.db"),
        ("missing", "can't be read"),
        ("another fleet", "is it another fleet's?"),
        ("another terminal", "terminal t-9 does not belong to this fleet"),
        ("nameless", "names no terminal"),
        ("many keys", "more chains or keys than a terminal ever has"),
    ],
)
def test_a_bad_file_is_one_clear_sentence_and_nothing_is_taken(
    fleet: Fleet, capsys: pytest.CaptureFixture[str], how: str, complaint: str
) -> None:
    good = fleet.file(name="good.records")
    assert fleet.take(good, bad(fleet, how)) == 1
    message = said(capsys)
    assert complaint in message
    assert message.startswith("hailong-fleet: ")
    assert len(message.splitlines()) == 1
    assert fleet.held() == []


def test_an_import_opens_the_same_matters_as_the_network(fleet: Fleet) -> None:
    fleet.take(fleet.file())
    second = ChainWriter("t-1", fleet.writer.key)
    second.start("damage")
    fleet.take(fleet.file(second.tokens))
    database.open_database(fleet.settings.database.url)
    assert [row.kind for row in Matter.select()] == ["new_chain"]
    database.close()
