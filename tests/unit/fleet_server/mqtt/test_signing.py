from pathlib import Path

import pytest

from fleet_server import clock
from fleet_server.mqtt.signing import KeyFileError, load_signer
from provisioning.layout import FleetLayout
from provisioning.pki import keylist
from tests.fakes.ingest import new_signer
from wire import keys
from wire.down import Receipt
from wire.envelope import root_hash
from wire.errors import WireError
from wire.ids import new_id


@pytest.fixture
def layout(tmp_path: Path) -> FleetLayout:
    made = FleetLayout(tmp_path)
    keylist.create(made, clock.now())
    return made


def test_the_keys_of_a_fleet_are_loaded_and_listed(layout: FleetLayout) -> None:
    signer = load_signer(layout)
    assert {listed.x for listed in signer.key_list.keys} == {
        keys.x_of(signer.receipt_key),
        keys.x_of(signer.control_key),
    }


@pytest.mark.parametrize("name", ["receipt_key", "control_key", "key_list", "fleet_public_key"])
def test_a_missing_or_broken_file_is_named(layout: FleetLayout, name: str) -> None:
    path: Path = getattr(layout, name)
    path.write_bytes(b"\xff broken")
    with pytest.raises(KeyFileError, match=str(layout.keys.parent)):
        load_signer(layout)
    path.unlink()
    with pytest.raises(KeyFileError, match=str(path)):
        load_signer(layout)


def test_a_key_that_no_terminal_would_believe_is_refused(layout: FleetLayout) -> None:
    layout.receipt_key.write_bytes(keys.dump_private(keys.generate()))
    with pytest.raises(KeyFileError, match="not in the key list"):
        load_signer(layout)


def test_only_receipts_of_this_fleet_are_believed() -> None:
    signer, other = new_signer(), new_signer()
    chain = new_id()
    receipt = Receipt("t-1", 1, 0, chain, 0, root_hash(chain), "ok")
    token = signer.receipt(receipt).decode()
    assert signer.old_receipt(token, "t-1") == receipt
    with pytest.raises(WireError):
        other.old_receipt(token, "t-1")
    with pytest.raises(WireError):
        signer.old_receipt(token, "t-2")


def test_only_what_goes_down_is_signed() -> None:
    with pytest.raises(WireError, match="nothing that goes down"):
        new_signer().wish("receipt", "t-1", 1, 0, {})
