"""The fleet's signing keys and the list that names them."""

from datetime import timedelta

import pytest

from provisioning.errors import ProvisioningError
from provisioning.layout import FleetLayout
from provisioning.pki import keylist
from tests.unit.provisioning.conftest import NOW
from wire import keys
from wire.down import open_key_list
from wire.errors import WireError
from wire.files import write_atomic


def test_the_list_names_each_online_key_for_its_one_use(layout: FleetLayout) -> None:
    listed = open_key_list(layout.key_list.read_bytes(), keylist.fleet_key_x(layout))
    receipt, control = keylist.load(layout.receipt_key), keylist.load(layout.control_key)
    assert [(key.use, key.x) for key in listed.keys] == [
        ("receipt", keys.x_of(receipt)),
        ("control", keys.x_of(control)),
    ]
    with pytest.raises(WireError):
        listed.key(keys.kid_of(receipt), "control")


def test_the_list_is_signed_by_the_fleet_key_and_no_online_one(layout: FleetLayout) -> None:
    token = layout.key_list.read_bytes()
    assert keylist.fleet_key_x(layout) == keys.x_of(keylist.load(layout.fleet_key))
    with pytest.raises(WireError):
        open_key_list(token, keys.x_of(keylist.load(layout.control_key)))


def test_a_new_list_takes_a_replaced_key_and_a_higher_number(layout: FleetLayout) -> None:
    first = open_key_list(layout.key_list.read_bytes(), keylist.fleet_key_x(layout))
    fresh = keys.generate()
    write_atomic(layout.receipt_key, keys.dump_private(fresh), 0o600)
    # Even with a clock that has gone back.
    keylist.sign(layout, NOW - timedelta(days=400))
    second = open_key_list(layout.key_list.read_bytes(), keylist.fleet_key_x(layout))
    assert second.n == first.n + 1
    assert second.keys[0].x == keys.x_of(fresh)


def test_a_list_of_another_fleet_key_is_not_numbered_on(layout: FleetLayout) -> None:
    write_atomic(layout.fleet_key, keys.dump_private(keys.generate()), 0o600)
    with pytest.raises(ProvisioningError, match=r"keylist\.jws"):
        keylist.sign(layout, NOW)


@pytest.mark.parametrize("content", ["", "nonsense", "A" * 44])
def test_a_broken_public_key_file_is_named(layout: FleetLayout, content: str) -> None:
    layout.fleet_public_key.write_text(content)
    with pytest.raises(ProvisioningError, match=r"fleet\.pub"):
        keylist.fleet_key_x(layout)


def test_a_missing_key_file_is_named(layout: FleetLayout) -> None:
    layout.control_key.unlink()
    with pytest.raises(ProvisioningError, match=r"control\.key: can't be read"):
        keylist.sign(layout, NOW)


def test_a_replaced_key_is_new_and_the_other_stays(layout: FleetLayout) -> None:
    before = open_key_list(layout.key_list.read_bytes(), keylist.fleet_key_x(layout))
    after = keylist.replace(layout, "control", NOW)
    assert after == open_key_list(layout.key_list.read_bytes(), keylist.fleet_key_x(layout))
    assert after.keys[0] == before.keys[0]
    assert after.keys[1].x != before.keys[1].x
    assert layout.control_key.stat().st_mode & 0o777 == 0o600


def test_without_the_fleet_key_nothing_is_replaced(layout: FleetLayout) -> None:
    layout.fleet_key.unlink()
    before = layout.receipt_key.read_bytes()
    with pytest.raises(ProvisioningError, match=r"fleet\.key"):
        keylist.replace(layout, "receipt", NOW)
    assert layout.receipt_key.read_bytes() == before
