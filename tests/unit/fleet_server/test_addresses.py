"""Addresses of databases: what is taken, and what is refused with one clear error."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_server.addresses import AddressError, absolute, described, parameters_of

FOLDER = Path("/srv/fleet")
NOWHERE = FOLDER / "database.pgpass"


@pytest.mark.parametrize(
    ("url", "whole"),
    [
        ("sqlite:fleet.db", "sqlite:/srv/fleet/fleet.db"),
        ("sqlite:/var/fleet.db", "sqlite:/var/fleet.db"),
        ("postgresql://hailong@db.example.vn/fleet", "postgresql://hailong@db.example.vn/fleet"),
        ("postgresql://h@[::1]:5433/fleet", "postgresql://h@[::1]:5433/fleet"),
        ("postgresql:///fleet", "postgresql:///fleet"),
        (
            "postgresql://h@/fleet?host=/run/postgresql",
            "postgresql://h@/fleet?host=/run/postgresql",
        ),
        (
            "postgresql://h@db/fleet?sslmode=verify-full&sslrootcert=ca.pem",
            "postgresql://h@db/fleet?sslmode=verify-full&sslrootcert=/srv/fleet/ca.pem",
        ),
    ],
)
def test_an_address_is_made_independent_of_the_folder(url: str, whole: str) -> None:
    assert absolute(url, FOLDER, NOWHERE) == whole
    assert absolute(whole, FOLDER, NOWHERE) == whole


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("mysql:x", "must be an address"),
        ("sqlite:", "must be an address"),
        ("sqlite:///x", "must be an address"),
        ("postgresql:fleet", "must be an address"),
        ("postgresql://h@db/", "must be an address"),
        ("postgresql://h@db:x/fleet", "must be an address"),
        ("postgresql://h@db/fleet/more", "must be an address"),
        ("postgresql://h@db/fleet#x", "must be an address"),
        ("postgresql://h@a,b/fleet", "must be an address"),
        ("postgresql://h@db/fleet?sslmode", "must be an address"),
        ("postgresql://h:secret@db/fleet", "must hold no password"),
        ("postgresql://h@db/fleet?password=secret", "must hold no password"),
        ("postgresql://h@db/fleet?options=-cfsync%3Doff", "unknown parameter"),
        ("postgresql://h@db/fleet?service=x", "unknown parameter"),
        ("postgresql://h@db/fleet?sslmode=maybe", "wrong sslmode"),
        ("postgresql://h@db/fleet?sslrootcert=%00", "wrong sslrootcert"),
        ("postgresql://h@db/fleet?host=/a&host=/b", "twice"),
    ],
)
def test_what_is_no_address_or_holds_too_much_is_refused(url: str, why: str) -> None:
    with pytest.raises(AddressError, match=why) as refused:
        absolute(url, FOLDER, NOWHERE)
    assert "secret" not in str(refused.value)


def test_the_fleets_password_file_is_named_where_there_is_one(tmp_path: Path) -> None:
    passfile = tmp_path / "database.pgpass"
    url = "postgresql://h@db/fleet"
    assert absolute(url, tmp_path, passfile) == url
    passfile.write_text("*:*:*:*:secret\n")
    whole = absolute(url, tmp_path, passfile)
    assert parameters_of(whole) == {"passfile": str(passfile)}
    assert described(whole) == url
    own = absolute(f"{url}?passfile=/etc/pgpass", tmp_path, passfile)
    assert parameters_of(own) == {"passfile": "/etc/pgpass"}


@given(st.text(max_size=60).map("postgresql://".__add__) | st.text(max_size=60))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        whole = absolute(text, FOLDER, NOWHERE)
    except AddressError:
        return
    assert absolute(whole, FOLDER, NOWHERE) == whole
