"""``hailong-fleet key`` and ``recount``, as somebody types them."""

from pathlib import Path

import pytest

from fleet_server import settings
from fleet_server.cli import main
from fleet_server.core.case_events import Subject
from fleet_server.store import api_keys, case_files
from fleet_server.store import database as db
from fleet_server.store.database import writing
from fleet_server.store.models import CaseFile, Hourly
from tests.fakes.desk import NINE, Desk
from tests.fakes.fleets import new_fleet


@pytest.fixture(scope="module")
def config(engine: str, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    directory = tmp_path_factory.mktemp("key") / "fleet"
    new_fleet(directory)
    db.close()
    return ["--config", str(directory / "fleet.toml")]


@pytest.fixture(autouse=True)
def _closed() -> None:
    db.close()


def opened(config: list[str]) -> None:
    db.open_database(settings.load(Path(config[1])).database.url)


def test_a_key_is_printed_once_and_alone_on_standard_output(
    config: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["key", "add", "--name", "queue", *config]) == 0
    key = capsys.readouterr().out.strip()
    assert key.startswith("hailong_")
    assert len(key.split()) == 1
    opened(config)
    holder = api_keys.holder(key, NINE)
    assert holder is not None
    assert (holder.name, holder.standing, set(holder.scopes)) == (
        "queue",
        "valid",
        {"tickets:write"},
    )


def test_a_name_can_be_given_without_the_option(
    config: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["key", "add", "reports", *config]) == 0
    assert capsys.readouterr().out.startswith("hailong_")


def test_a_revoked_key_is_listed_as_revoked(
    config: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["key", "add", "--name", "old", *config]) == 0
    assert main(["key", "revoke", "--name", "old", *config]) == 0
    capsys.readouterr()
    assert main(["key", "list", *config]) == 0
    assert "old\trevoked\ttickets:write\t-\t-\tnever used" in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["key", "add"], 2, "say once whose key"),
        (["key", "add", "a", "--name", "b"], 2, "say once whose key"),
        (["key", "add", "--name", " "], 2, "1 to 64"),
        (["key", "revoke", "--name", "nobody"], 1, "no key named nobody"),
    ],
)
def test_a_wrong_command_is_explained(
    config: list[str], capsys: pytest.CaptureFixture[str], words: list[str], code: int, says: str
) -> None:
    assert main([*words, *config]) == code
    assert says in capsys.readouterr().err


def test_recount_says_what_differs_and_puts_it_right(
    config: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    opened(config)
    Desk().rate(None, 0)
    db.close()
    assert main(["recount", *config]) == 0
    assert capsys.readouterr().out == "1 counter-days, 0 differ\n"
    opened(config)
    Hourly.update(unbound=7).execute()
    db.close()
    assert main(["recount", *config]) == 1
    assert "C1 2026-11-22: hours" in capsys.readouterr().out
    opened(config)
    with writing():
        case_files.open_case(Subject("day", 1, 1, "2026-11-22"), NINE, NINE)
    CaseFile.update(late=True).execute()
    db.close()
    assert main(["recount", *config]) == 1
    assert "case 1: its row is not what its steps make of it" in capsys.readouterr().out
    assert main(["recount", "--fix", *config]) == 0
    assert main(["recount", *config]) == 0
    opened(config)
    assert Hourly.get().unbound == 1
