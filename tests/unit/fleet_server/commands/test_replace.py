"""``hailong-fleet terminal replace``: another terminal at the counter of a broken one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fleet_server.cli import main
from fleet_server.settings import Settings
from fleet_server.store import database
from fleet_server.store.models import AuditEntry, EnrolmentToken, Terminal, TerminalKey
from provisioning.pki import authority, crl
from tests.fakes.fleets import enrolled, new_counter, new_fleet
from wire.enrolment import load_toml

pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Settings]:
    made = new_fleet(tmp_path / "fleet")
    new_counter(made)
    enrolled(made, "old")
    yield made
    database.close()


def run(fleet: Settings, *words: str) -> int:
    code = main(["terminal", *words, "--config", str(fleet.path)])
    database.open_database(fleet.database.url)
    return code


def test_the_new_one_gets_counter_and_file_and_the_old_one_is_out_of_use(fleet, capsys):
    assert run(fleet, "replace", "old", "new") == 0
    out, err = capsys.readouterr()
    given = load_toml(Path(out.split()[-1]).read_text())
    assert (given.terminal, given.counter) == ("new", "Q1")
    assert "hailong-fleet import" in err
    old, new = Terminal.get_by_id("old"), Terminal.get_by_id("new")
    assert (old.counter, old.retired_reason) == (None, "replaced by new")
    assert (new.counter.code, new.note) == ("Q1", "in the place of old")
    assert EnrolmentToken.select().where(EnrolmentToken.terminal == "new").count() == 1


def test_what_the_old_one_signed_can_still_be_imported(fleet):
    run(fleet, "replace", "old", "new")
    assert TerminalKey.get(TerminalKey.terminal == "old").revoked_at is None


def test_what_is_lost_is_revoked_in_the_registry_and_on_the_list(fleet, capsys):
    assert run(fleet, "replace", "old", "new", "--lost") == 0
    assert "1 certificates of it added" in capsys.readouterr().err
    assert TerminalKey.get(TerminalKey.terminal == "old").revoked_at is not None
    [certificate] = authority.issued(fleet.layout, "old")
    assert certificate in crl.Revoked(fleet.layout).listed()


def test_one_that_lies_in_a_store_can_take_the_place(fleet, tmp_path):
    run(fleet, "add", "--id", "spare", "--counter", "Q1")
    from fleet_server.store.edits import terminals

    terminals.move("spare", None, None, "U1", 0, "server")
    assert run(fleet, "replace", "old", "spare") == 0
    assert Terminal.get_by_id("spare").counter.code == "Q1"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("old", "old"), "terminal add --again"),
        (("nobody", "new"), "no terminal has the id nobody"),
        (("old", "other"), "terminal other stands at counter Q2"),
        (("old", "fleet-x"), "a terminal id is"),
        (("old", "new", "--valid-days", "0"), "--valid-days must be from 1 to 365"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_changes_nothing(fleet, words, said, capsys):
    new_counter(fleet, "Q2")
    run(fleet, "add", "--id", "other", "--counter", "Q2")
    changes = AuditEntry.select().count()
    capsys.readouterr()
    assert run(fleet, "replace", *words) != 0
    message = capsys.readouterr().err
    assert said in message
    assert "Traceback" not in message
    assert AuditEntry.select().count() == changes
    assert Terminal.get_by_id("old").retired_at is None


def test_a_terminal_at_no_counter_has_no_place_to_give(fleet, capsys):
    run(fleet, "replace", "old", "new")
    assert run(fleet, "replace", "old", "newer") == 1
    assert "out of use" in capsys.readouterr().err
