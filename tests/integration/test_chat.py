"""What a unit's people are told stands in its chat room too; the room's address stays a secret."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from huey import MemoryHuey

from fleet_server.doctor import chat as doctor
from fleet_server.doctor.patient import Patient
from fleet_server.jobs import Jobs
from fleet_server.notify.chat import ChatError, read
from fleet_server.settings import Settings
from fleet_server.store import database, letters, places, rooms
from fleet_server.store.database import writing
from fleet_server.store.letters import Draft
from fleet_server.store.models import Letter
from tests.fakes import databases
from tests.fakes.desk import MINUTE, NINE
from tests.fakes.fleets import new_fleet
from tests.fakes.receiver import Receiver, receiving

TOKEN = "yobjmukpaw3r3urc5h6i369yima"


@pytest.fixture(scope="module")
def template(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    fleet = new_fleet(tmp_path_factory.mktemp("chat") / "fleet")
    database.close()
    return fleet


class Office:
    """A fleet with a unit that has a room at a server that answers as told."""

    def __init__(self, fleet: Settings, receiver: Receiver) -> None:
        self.now, self.fleet, self.receiver = NINE, fleet, receiver

    def begin(self, unit: str = "U") -> Jobs:
        """Return jobs that know of one room."""
        address = f"mmost://127.0.0.1:{self.receiver.port}/{TOKEN}"
        text = f'[[room]]\nname = "Phường"\nunit = "{unit}"\naddress = "{address}"\n'
        self.fleet.layout.posting.mkdir(mode=0o700, exist_ok=True)
        self.fleet.layout.chat.write_text(text, encoding="utf-8")
        return Jobs(self.fleet, lambda: self.now, MemoryHuey(immediate=True))

    def write(self, room: str = "Phường") -> None:
        details = {"terminal": "t-1", "minutes": 20}
        with writing():
            draft = Draft(room, "terminal_lost", "raised", details, "/alarms/7", NINE, room=room)
            letters.post([draft], NINE)

    def wrong(self) -> str:
        found = doctor.look(Patient(self.fleet, self.now))
        return " ".join(one.said for one in found if one.state == "wrong")


@pytest.fixture
def office(template: Settings, tmp_path: Path) -> Iterator[Office]:
    url = databases.made(tmp_path)
    database.open_database(url)
    places.add_unit("U", "Phường 1")
    with receiving() as receiver:
        receiver.answers = [200, 200]  # the one word by which Mattermost takes something
        yield Office(replace(template, database=replace(template.database, url=url)), receiver)
    database.close()


def test_a_message_stands_in_the_room_once(office: Office) -> None:
    jobs = office.begin()
    office.write()
    for _ in range(2):
        jobs.turn()
    [came] = office.receiver.received
    assert came.path == f"/hooks/{TOKEN}"
    said = json.loads(came.body)["text"]
    assert "Thiết bị t-1 đã mất kết nối 20 phút" in said
    assert "/alarms/7" in said
    assert Letter.get().state == "sent"
    assert rooms.listed() == [rooms.Known("Phường", "U", "Mattermost")]


def test_what_is_not_taken_is_tried_again_and_no_address_is_told(
    office: Office, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    jobs = office.begin()
    office.receiver.answers = [500, 200]
    office.write()
    jobs.turn()
    held = Letter.get()
    assert (held.state, held.trouble, held.error) == (
        "waiting", "refused", "Mattermost did not take it",
    )  # fmt: skip
    assert "1 messages were not taken and wait" in office.wrong()
    office.now += MINUTE
    jobs.turn()
    assert Letter.get().state == "sent"
    assert office.wrong() == ""
    assert TOKEN not in capsys.readouterr().out + caplog.text


def test_a_room_that_is_gone_gets_nothing_and_holds_nothing_up(office: Office) -> None:
    jobs = office.begin()
    office.write("Phòng cũ")
    office.write()
    jobs.turn()
    assert [one.state for one in Letter.select().order_by(Letter.id)] == ["dead", "sent"]


def test_a_room_of_no_unit_is_told_of(office: Office) -> None:
    office.begin("NOWHERE")
    assert rooms.listed() == []
    assert "of a unit NOWHERE, which is not there" in office.wrong()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[room]]", "room 1 must have a name and an address"),
        ("room = 1", "must hold tables"),
        ("x = 1", "must hold tables"),
        ("][", "not a TOML file"),
        ('[[room]]\nname = ""\naddress = "mmost://a/b"', "texts in quotes"),
        ('[[room]]\nname = "a"\naddress = "https://a/SECRET"', "its address is none of a service"),
        ('[[room]]\nname = "a"\naddress = "mmost://SECRET"', "its address is none of a service"),
        ('[[room]]\nname = "a"\naddress = "tgram://1:SECRET"\nx = "y"', "and no more"),
        ('[[room]]\nname = "a"\naddress = "mmost://a/SECRET"\n' * 2, "have the same name"),
    ],
)
def test_a_wrong_file_is_a_clear_error_without_an_address(
    text: str, words: str, tmp_path: Path
) -> None:
    path = tmp_path / "chat.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ChatError) as error:
        read(path)
    assert words in str(error.value)
    assert "SECRET" not in str(error.value)
    assert read(tmp_path / "none.toml") == ()
