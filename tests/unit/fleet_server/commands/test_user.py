"""`hailong-fleet user add`."""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fleet_server.cli import main
from fleet_server.commands import user
from fleet_server.errors import FleetError, UsageError
from fleet_server.store import database
from fleet_server.store.accounts import User
from tests.fakes import hashing
from tests.fakes.fleets import new_fleet

pytestmark = pytest.mark.usefixtures("engine")

PASSWORD = "correct horse battery"


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[str]:
    fleet = new_fleet(tmp_path / "fleet")
    with hashing.cheap():
        yield str(fleet.path)
    database.close()


def add(fleet: str, email: str, typed: str, monkeypatch: pytest.MonkeyPatch, *more: str) -> int:
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    return main(["user", "add", "--email", email, "--config", fleet, *more])


def test_the_password_is_read_from_standard_input_and_not_shown(
    fleet: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert add(fleet, "nam@hailong.example", f"{PASSWORD}\nmore\n", monkeypatch) == 0
    assert capsys.readouterr() == ("", "")
    held = User.get()
    assert held.email == "nam@hailong.example"
    assert [role.name for role in held.roles] == ["administrator"]
    assert held.active
    assert held.password.startswith("$argon2id$")


def test_a_viewer_only_looks(fleet: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert add(fleet, "lan@hailong.example", PASSWORD, monkeypatch, "--role", "viewer") == 0
    assert [role.name for role in User.get().roles] == ["viewer"]


@pytest.mark.parametrize("typed", ["", "short", "x" * 129, "x" * 10_000, "tab\there is no good\n"])
def test_a_password_of_bad_length_is_refused_and_not_repeated(
    fleet: str, typed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(fleet, "nam@hailong.example", typed, monkeypatch) == 2
    said = capsys.readouterr().err
    assert "12 to 128" in said
    assert not typed or typed not in said
    assert User.select().count() == 0


@pytest.mark.parametrize("email", ["nam", "a@b c", "a@b\nc", "@", "x" * 300 + "@y"])
def test_what_is_no_e_mail_is_refused(
    fleet: str, email: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert add(fleet, email, PASSWORD, monkeypatch) == 2


def test_nobody_is_there_twice(
    fleet: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(fleet, "nam@hailong.example", PASSWORD, monkeypatch) == 0
    assert add(fleet, "NAM@hailong.example", PASSWORD, monkeypatch) == 1
    assert "already" in capsys.readouterr().err


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_person_at_a_keyboard_types_the_password_twice(
    fleet: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = [PASSWORD, PASSWORD]
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(user, "getpass", lambda _prompt: typed.pop())
    assert main(["user", "add", "--email", "nam@hailong.example", "--config", fleet]) == 0


def test_two_different_passwords_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = [PASSWORD, "another long password"]
    monkeypatch.setattr(user, "getpass", lambda _prompt: typed.pop())
    with pytest.raises(FleetError, match="differ"):
        user._ask()


def test_a_password_may_be_in_any_script() -> None:
    assert user.checked("mật khẩu rất dài") == "mật khẩu rất dài"
    with pytest.raises(UsageError):
        user.checked("a\x00" * 8)


def run(fleet: str, *words: str) -> int:
    return main(["user", *words, "--config", fleet])


def two(fleet: str, monkeypatch: pytest.MonkeyPatch) -> None:
    add(fleet, "nam@hailong.example", PASSWORD, monkeypatch)
    add(fleet, "lan@hailong.example", PASSWORD, monkeypatch, "--role", "viewer")


def listed(fleet: str, capsys: pytest.CaptureFixture[str]) -> dict[str, list[str]]:
    capsys.readouterr()
    assert run(fleet, "list") == 0
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    return {line[0]: line[1:] for line in lines}


def test_roles_are_given_and_taken_in_a_branch(
    fleet: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    two(fleet, monkeypatch)
    main(["unit", "add", "--code", "P1", "--name", "Ward", "--config", fleet])
    role = ("--role", "technician", "--unit", "P1")
    assert run(fleet, "grant", "--email", "LAN@hailong.example", *role) == 0
    assert listed(fleet, capsys)["lan@hailong.example"][1] == "technician@P1,viewer@*"
    assert run(fleet, "revoke", "--email", "lan@hailong.example", *role) == 0
    assert run(fleet, "revoke", "--email", "lan@hailong.example", *role) == 1
    assert "does not hold" in capsys.readouterr().err
    assert run(fleet, "grant", "--email", "x@y.vn", "--role", "viewer") == 1
    assert run(fleet, "grant", "--email", "lan@hailong.example", *role[:3], "P9") == 1


def test_the_last_administrator_of_the_whole_fleet_stays(
    fleet: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    two(fleet, monkeypatch)
    nam = ("--email", "nam@hailong.example")
    run(fleet, "add", "--email", "moi@hailong.example", "--invite")
    for words in (("revoke", *nam, "--role", "administrator"), ("deactivate", *nam)):
        assert run(fleet, *words) == 1
        assert "last administrator" in capsys.readouterr().err
    lan = ("--email", "lan@hailong.example")
    assert run(fleet, "grant", *lan, "--role", "administrator") == 0
    assert run(fleet, "deactivate", *nam) == 1, "lan has not taken up the link yet"
    User.update(password="hash").where(User.email == lan[1]).execute()
    assert run(fleet, "deactivate", *nam) == 0
    assert listed(fleet, capsys)["nam@hailong.example"][0] == "off"
    assert run(fleet, "reactivate", *nam) == 0


def test_who_becomes_an_administrator_begins_anew_by_a_link(
    fleet: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    two(fleet, monkeypatch)
    capsys.readouterr()
    words = ("grant", "--email", "lan@hailong.example", "--role", "administrator")
    assert run(fleet, *words) == 0
    said = capsys.readouterr()
    assert "/link/" in said.out
    assert "forgotten" in said.err
    assert User.get(User.email == "lan@hailong.example").password is None
    assert run(fleet, *words) == 0
    assert capsys.readouterr() == ("", "")


def test_who_must_get_in_without_single_sign_on_gets_the_link_too(
    fleet: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    two(fleet, monkeypatch)
    lan = "lan@hailong.example"
    User.update(oidc_subject="there 42").where(User.email == lan).execute()
    file = Path(fleet)
    section = '\n[oidc]\nissuer = "https://login.example"\nclient_id = "hailong"\n'
    file.write_text(f'{file.read_text()}{section}only_local = "{lan}"\n')
    (file.parent / "secrets" / "oidc.secret").write_text("secret\n")
    capsys.readouterr()
    assert run(fleet, "grant", "--email", lan, "--role", "administrator") == 0
    assert "/link/" in capsys.readouterr().out


def test_an_invitation_prints_a_link_and_no_password(
    fleet: str, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run(fleet, "add", "--email", "moi@hailong.example", "--invite") == 0
    said = capsys.readouterr()
    assert "/link/" in said.out
    assert "once" in said.err
    assert User.get().password is None
    assert listed(fleet, capsys)["moi@hailong.example"][0] == "invited"


def test_a_reset_prints_a_link_and_takes_second_factors_away_if_asked(
    fleet: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    two(fleet, monkeypatch)
    User.update(tf_primary_method="authenticator", tf_totp_secret="x").execute()
    capsys.readouterr()
    lan = ("--email", "lan@hailong.example")
    assert run(fleet, "reset", *lan) == 0
    assert "/link/" in capsys.readouterr().out
    assert listed(fleet, capsys)[lan[1]][2] == "app"
    assert run(fleet, "reset", *lan, "--second-factors") == 0
    assert listed(fleet, capsys)[lan[1]][2] == "-"


def test_a_password_that_is_guessed_easily_is_refused(
    fleet: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(fleet, "nam@hailong.example", "passwordpassword", monkeypatch) == 2
    assert "guessed" in capsys.readouterr().err
