"""Letters arrive at a real mail server: once, or again later, never lost, and why is told."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from huey import MemoryHuey

from fleet_server import settings
from fleet_server.cli import main
from fleet_server.core.roles import Grant
from fleet_server.core.webhooks import GIVE_UP_MS
from fleet_server.doctor import mail as doctor
from fleet_server.doctor.patient import Patient
from fleet_server.jobs import Jobs
from fleet_server.notify import smtp
from fleet_server.settings import Settings
from fleet_server.store import database, letters, users
from fleet_server.store.accounts import User
from fleet_server.store.database import writing
from fleet_server.store.letters import Draft
from fleet_server.store.models import Letter
from tests.fakes import databases
from tests.fakes.desk import HOUR, MINUTE, NINE
from tests.fakes.fleets import new_fleet
from tests.fakes.mailserver import PASSWORD, MailServer, mail_server, silent_server

LAN, MINH = "lan@office.example", "minh@office.example"


@pytest.fixture(scope="module")
def template(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A fleet directory."""
    fleet = new_fleet(tmp_path_factory.mktemp("mail") / "fleet")
    database.close()
    return fleet


class Office:
    """A fleet with two people, a mail server, and jobs whose clock tests move."""

    def __init__(self, fleet: Settings, server: MailServer) -> None:
        self.now, self.fleet, self.server = NINE, fleet, server
        self.begin(server.section())

    def begin(self, section: str) -> None:
        """Begin anew with these settings on mail."""
        file = self.fleet.path
        base = file.read_text(encoding="utf-8").partition("\n[mail]")[0]
        file.write_text(base + section, encoding="utf-8")
        self.fleet = replace(settings.load(file), database=self.fleet.database)
        self.jobs = Jobs(self.fleet, lambda: self.now, MemoryHuey(immediate=True))

    def write(self, person: int = 1, key: str = "a") -> None:
        details = {"case": "31", "counter": "P1-01", "items": ["parking", "lift"]}
        with writing():
            draft = Draft(key, "complaint", "raised", details, "/alarms/7", self.now, person)
            letters.post([draft], self.now)

    def wrong(self) -> str:
        """Return what the doctor finds wrong."""
        found = doctor.look(Patient(self.fleet, self.now))
        return " ".join(f"{one.said}; {one.advice}" for one in found if one.state == "wrong")


@pytest.fixture
def office(template: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """A fresh database of that fleet, a mail server that is believed, and its password."""
    url = databases.made(tmp_path)
    database.open_database(url)
    for email, language in ((LAN, None), (MINH, "en")):
        with writing():
            number = users.create(email, "", "hash", NINE)
            users.give(number, Grant("unit_head", None))
            User.update(language=language).where(User.id == number).execute()
    template.layout.posting.mkdir(mode=0o700, exist_ok=True)
    template.layout.mail_password.write_text(f"{PASSWORD}\n", encoding="utf-8")
    with mail_server(tmp_path) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        yield Office(replace(template, database=replace(template.database, url=url)), server)
    database.close()


def test_a_letter_arrives_in_its_readers_language_with_a_link(office: Office) -> None:
    office.write()
    office.write(2, "b")
    office.jobs.turn()
    first, second = office.server.taken
    assert office.server.to == [LAN, MINH]
    assert first["To"] == LAN
    assert first["Subject"] == "[Test fleet] Phàn nàn: P1-01"
    assert second["Subject"] == "[Test fleet] Complaint: P1-01"
    body = second.get_content()
    assert "A citizen complained at the counter P1-01 of: Parking, lift." in body
    assert f"{office.fleet.web.url}/alarms/7" in body
    assert "22 Nov 2026 09:00" in body
    assert second["From"] == "Test fleet <hailong@office.example>"
    assert datetime.fromtimestamp(NINE / 1000, UTC) == second["Date"].datetime
    assert [one.state for one in Letter.select()] == ["sent", "sent"]
    office.now += HOUR
    office.jobs.turn()
    assert len(office.server.taken) == 2


def test_it_is_written_once_however_often_it_is_posted(office: Office) -> None:
    for _ in range(3):
        office.write()
        office.jobs.turn()
    assert len(office.server.taken) == 1


def test_a_server_that_is_down_for_an_hour_gets_each_letter_once(office: Office) -> None:
    office.server.stop()
    for number in range(7):
        office.write(key=f"a{number}")
    for _ in range(60):
        office.jobs.turn()
        office.now += MINUTE
    assert "7 letters were not taken and wait" in office.wrong()
    assert {(one.state, one.trouble) for one in Letter.select()} == {("waiting", "silent")}
    office.server.start()
    for _ in range(16):
        office.now += MINUTE
        office.jobs.turn()
    ids = [one["Message-ID"] for one in office.server.taken]
    assert len(ids) == len(set(ids)) == 7
    assert office.wrong() == ""


def test_a_server_that_asks_to_come_again_gets_it_later(office: Office) -> None:
    office.server.answers = ["451 busy"]
    office.write()
    office.jobs.turn()
    [held] = Letter.select()
    assert (held.state, held.reply, held.trouble, held.error) == ("waiting", 451, "busy", "busy")
    office.now = held.next_at
    office.jobs.turn()
    assert Letter.get().state == "sent"
    assert len(office.server.taken) == 1


def test_an_address_that_is_refused_is_given_up_and_the_others_go_out(office: Office) -> None:
    office.server.refused = {LAN: "550 no such person"}
    office.write()
    office.write(2, "b")
    office.jobs.turn()
    refused, sent = Letter.select().order_by(Letter.id)
    assert (refused.state, refused.reply, refused.error) == ("dead", 550, "no such person")
    assert sent.state == "sent"
    office.server.refused = {}
    with writing():
        assert letters.again(refused.id, office.now, "person:admin")
        assert not letters.again(99, office.now, "person:admin")
    office.jobs.turn()
    assert office.server.to == [MINH, LAN]


def test_a_wrong_password_loses_nothing_and_says_who_can_mend_it(office: Office) -> None:
    office.fleet.layout.mail_password.write_text("falsch", encoding="utf-8")
    office.write()
    office.jobs.turn()
    assert (Letter.get().state, Letter.get().trouble) == ("waiting", "sign_in")
    assert "posting/mail.password" in office.wrong()
    office.fleet.layout.mail_password.write_text(PASSWORD, encoding="utf-8")
    office.now = Letter.get().next_at
    office.jobs.turn()
    assert len(office.server.taken) == 1


def test_a_server_that_never_answers_holds_nothing_up(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "STEP_S", 0.3)
    office.write()
    with silent_server() as port:
        office.begin(office.server.section().replace(str(office.server.port), str(port)))
        office.jobs.turn()
        assert "timed out" in office.wrong()
    assert (Letter.get().state, Letter.get().trouble) == ("waiting", "silent")


def test_a_server_that_hangs_in_the_middle_is_cut_off(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "TOTAL_S", 0.5)
    office.server.hangs_s = 2.0
    for number in range(3):
        office.write(key=f"a{number}")
    office.jobs.turn()
    assert {one.state for one in Letter.select()} == {"waiting"}
    assert Letter.select().where(Letter.attempts > 0).count() > 0


def test_encryption_that_is_not_believed_is_a_clear_error(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    office.write()
    office.jobs.turn()
    assert office.server.taken == []
    assert "certificate verify failed" in office.wrong()


def test_who_died_while_sending_leaves_it_to_another_under_the_same_id(office: Office) -> None:
    office.write()
    [claimed] = letters.claim(office.now, 5, rooms=False)
    office.jobs.turn()
    assert office.server.taken == [], "it is claimed"
    office.now += letters.CLAIM_MS
    office.jobs.turn()
    [came] = office.server.taken
    mail = office.fleet.mail
    assert mail is not None
    post = smtp.Post(office.fleet, mail)
    assert post.mail(claimed, smtp.Text("", ""))["Message-ID"] == came["Message-ID"]


def test_of_two_processes_one_sends_it(office: Office) -> None:
    office.write()
    other = Jobs(office.fleet, lambda: office.now, MemoryHuey(immediate=True))
    threads = [threading.Thread(target=one.turn) for one in (office.jobs, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(office.server.taken) == 1


def test_who_left_gets_nothing(office: Office) -> None:
    User.update(active=False).where(User.email == LAN).execute()
    office.write()
    office.jobs.turn()
    assert office.server.taken == []
    assert (Letter.get().state, Letter.get().error) == ("dead", "the account is no longer in use")


def test_without_a_mail_server_letters_wait_for_one_some_days(office: Office) -> None:
    office.begin("")
    office.write()
    office.jobs.turn()
    office.jobs.look()
    assert Letter.get().state == "waiting"
    office.now += GIVE_UP_MS + 1
    office.jobs.look()
    assert Letter.get().state == "dead"


def test_the_command_tries_the_server_and_says_what_became_of_it(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["mail", "test", "ai@office.example", "--config", str(office.fleet.path)]
    assert main([*words, "--language", "en"]) == 0
    assert "localhost has taken it: <" in capsys.readouterr().out
    assert office.server.taken[0]["Subject"] == "[Test fleet] Try of mail"
    office.server.refused = {"ai@office.example": "550 no such person"}
    assert main(words) == 1
    assert "not sent: 550 no such person" in capsys.readouterr().err
    assert main([*words[:2], "ai\n@x", *words[3:]]) == 2
    office.begin("")
    assert main(words) == 2
    assert "no mail server is set" in capsys.readouterr().err


def test_the_doctor_names_a_server_that_refuses_us(office: Office) -> None:
    assert office.wrong() == ""
    office.begin(office.server.section(password=False))
    assert "530" in office.wrong()
    office.server.stop()
    office.begin(office.server.section())
    assert "refused" in office.wrong()
    office.server.start()
