"""``hailong-fleet qr``: a sample ticket from what was told, and a new secret that keeps the old."""

from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from fleet_server import cli, settings
from fleet_server.channels.later import later_of
from fleet_server.clock import now_ms
from fleet_server.core.days import day_of
from fleet_server.errors import FleetError
from fleet_server.store import audit_log, database, queue_events
from fleet_server.store.queue_events import Word
from tests.fakes.desk import SAIGON
from tests.fakes.fleets import new_counter, new_fleet

pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture
def config(tmp_path: Path) -> str:
    """A fleet whose queue system has told of two tickets of today."""
    fleet = new_fleet(tmp_path / "fleet")
    new_counter(fleet, "Q1")
    database.open_database(fleet.database.url)
    for number in ("A016", "A017"):
        queue_events.take(Word("Q1", number, "called", number), now_ms(), SAIGON)
    database.close()
    return str(fleet.path)


def draw(config: str, to: Path, *more: str) -> int:
    return cli.main(["qr", "ticket", "Q1", "--to", str(to), "--config", config, *more])


def visit_of(config: str, address: str) -> str:
    made = later_of(settings.load(Path(config)))
    return made.visit_of(address.rpartition("/")[2], now_ms())


def test_the_last_ticket_is_drawn_and_its_address_printed(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert draw(config, tmp_path / "ticket.png") == 0
    address = capsys.readouterr().out.strip()
    [code] = zxingcpp.read_barcodes(Image.open(tmp_path / "ticket.png"))
    assert code.text == address
    assert visit_of(config, address) == "A017"


def test_one_by_its_number_as_a_pdf(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    day = day_of(now_ms(), SAIGON).name
    assert draw(config, tmp_path / "a.PDF", "--number", "a-16", "--day", day) == 0
    assert visit_of(config, capsys.readouterr().out.strip()) == "A016"
    assert (tmp_path / "a.PDF").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("more", "words", "code"),
    [
        (["--number", "Z9"], "no such ticket", 1),
        (["--day", "2020-01-01"], "no such ticket on 2020-01-01", 1),
        (["--day", "yesterday"], "yesterday", 2),
        (["--to", "x.gif"], "ends with .pdf or .png", 2),
    ],
)
def test_what_can_not_be_drawn_is_said_and_nothing_written(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    more: list[str], words: str, code: int,
) -> None:  # fmt: skip
    assert draw(config, tmp_path / "t.png", *more) == code
    assert words in capsys.readouterr().err
    assert not list(tmp_path.glob("*.png"))


def test_where_no_ticket_is_rated_later_none_is_drawn(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = Path(config)
    off = file.read_text().replace("0: not at all.\ndays = 7", "0: not at all.\ndays = 0")
    file.write_text(off)
    assert draw(config, tmp_path / "t.png") == 1
    assert "[qr] days is 0" in capsys.readouterr().err


def test_a_new_secret_leaves_what_was_printed_good(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    draw(config, tmp_path / "t.png")
    printed = capsys.readouterr().out.strip()
    layout = settings.load(Path(config)).layout
    former = layout.ticket_secret.read_bytes()
    assert cli.main(["qr", "renew", "--config", config]) == 0
    assert layout.former_ticket_secret.read_bytes() == former != layout.ticket_secret.read_bytes()
    assert layout.former_ticket_secret.stat().st_mode & 0o777 == 0o600
    assert visit_of(config, printed) == "A017"
    database.open_database(settings.load(Path(config)).database.url)
    [entry] = audit_log.newest(1)
    assert entry.action == "qr.renew"
    assert former.decode() not in entry.details
    database.close()


@pytest.mark.parametrize("text", ["", "zz", "00" * 15])
def test_a_secret_that_is_none_is_refused(config: str, text: str) -> None:
    fleet = settings.load(Path(config))
    fleet.layout.ticket_secret.write_text(text)
    with pytest.raises(FleetError, match="is no secret in hexadecimal"):
        later_of(fleet)
