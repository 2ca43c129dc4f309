"""One-time tokens and the files that carry them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.enrol import files, tokens
from provisioning.errors import ProvisioningError
from provisioning.layout import FleetLayout
from provisioning.pki import keylist
from wire.enrolment import load_toml
from wire.errors import WireError

SERVER = files.Server("https://fleet.example:8443", "fleet.example", 8883)


def invitation(counter_name: str = "Quầy 1") -> files.Invitation:
    return files.Invitation("t-1", "Q1", counter_name, tokens.new_token(), 1_800_000_000_000)


def test_the_file_holds_all_that_a_terminal_needs(layout: FleetLayout) -> None:
    invited = invitation()
    read = load_toml(files.text(layout, invited, SERVER))
    assert (read.terminal, read.token, read.counter_name) == ("t-1", invited.token, "Quầy 1")
    assert read.expires == invited.expires
    assert read.fleet_root_pem == layout.root_certificate.read_text()
    assert read.fleet_key_x == keylist.fleet_key_x(layout)
    assert (read.est_url, read.mqtt_host, read.mqtt_port) == (SERVER.est_url, "fleet.example", 8883)


def test_only_its_owner_can_read_the_file(layout: FleetLayout) -> None:
    path = files.keep(layout, "t-1", files.text(layout, invitation(), SERVER))
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_no_private_key_is_in_the_file(layout: FleetLayout) -> None:
    assert "PRIVATE" not in files.text(layout, invitation(), SERVER)


def test_a_name_that_is_too_long_is_refused(layout: FleetLayout) -> None:
    with pytest.raises(WireError, match="counter_name"):
        files.text(layout, invitation("x" * 65), SERVER)


def test_a_file_that_is_gone_need_not_be_removed(layout: FleetLayout) -> None:
    path = files.keep(layout, "t-1", "x")
    files.remove(layout, "t-1")
    files.remove(layout, "t-1")
    assert not path.exists()


def test_a_file_that_cannot_be_removed_is_named(layout: FleetLayout) -> None:
    layout.enrolment_file("t-1").mkdir(parents=True)
    with pytest.raises(ProvisioningError, match=r"t-1\.toml: can't be deleted"):
        files.remove(layout, "t-1")


def test_tokens_have_256_random_bits() -> None:
    made = {tokens.new_token() for _ in range(50)}
    assert len(made) == 50
    assert {len(token) for token in made} == {43}


@given(st.text(max_size=100))
def test_only_the_token_itself_matches(other: str) -> None:
    token = "dGhpcyBpcyBhIHRva2Vu"
    assert tokens.matches(token, tokens.digest(token))
    assert tokens.matches(other, tokens.digest(token)) == (other == token)
