"""Contact data can be read with its own key, for its own visit, and not otherwise."""

from pathlib import Path

import pytest

from fleet_server.contact_key import ContactKey, Reach, names, read
from fleet_server.errors import FleetError

LAN = Reach("bà Lan", "0901 234 567")
KEY = ContactKey(b"k" * 32)


def test_what_is_encrypted_says_nothing_and_comes_back_whole() -> None:
    sealed = KEY.sealed("v-1", LAN)
    assert b"Lan" not in sealed
    assert b"0901" not in sealed
    assert KEY.opened("v-1", sealed) == LAN
    assert KEY.sealed("v-1", LAN) != sealed, "the same twice can't be seen to be the same"


def test_neither_another_key_nor_another_visit_opens_it() -> None:
    sealed = KEY.sealed("v-1", LAN)
    for key, visit in ((ContactKey(b"l" * 32), "v-1"), (KEY, "v-2")):
        with pytest.raises(FleetError, match=r"another secrets/contacts\.secret"):
            key.opened(visit, sealed)


def test_the_same_number_is_the_same_citizen_for_one_key_alone() -> None:
    assert KEY.citizen("0901234567") == KEY.citizen("+84 901 234 567")
    assert KEY.citizen("0901234567") != ContactKey(b"l" * 32).citizen("0901234567")


def test_a_secret_that_is_missing_or_none_is_said(tmp_path: Path) -> None:
    path = tmp_path / "contacts.secret"
    with pytest.raises(FleetError, match="hailong-fleet migrate"):
        read(path)
    path.write_text("not hexadecimal")
    with pytest.raises(FleetError, match="is no secret"):
        read(path)
    path.write_text("6b" * 32 + "\n")
    assert read(path).citizen("0901234567") == KEY.citizen("0901234567")
    assert names(path) == b"k" * 32
