"""Objects that go down: who may sign what, and for whom."""

from dataclasses import replace

import pytest

from tests.unit.wire.examples import (
    CONTROL_KEY,
    DEV,
    DEVICE_KEY,
    DOWNS,
    FLEET_KEY,
    KEY_LIST,
    RECEIPT_KEY,
)
from wire.down import (
    Config,
    open_command,
    open_config,
    open_key_list,
    open_receipt,
    open_ticket,
    read_receipt,
    seal_down,
)
from wire.envelope import seal
from wire.errors import WireError
from wire.keys import x_of

RECEIPT = DOWNS["down-receipt"][0]
TICKET = DOWNS["down-ticket"][0]


def test_a_receipt_signed_by_the_control_key_is_refused():
    with pytest.raises(WireError, match="not listed for receipt"):
        open_receipt(seal_down(RECEIPT, CONTROL_KEY), KEY_LIST, DEV)


def test_a_ticket_signed_by_the_receipt_key_is_refused():
    with pytest.raises(WireError, match="not listed for control"):
        open_ticket(seal_down(TICKET, RECEIPT_KEY), KEY_LIST, DEV)


def test_a_terminals_own_key_signs_nothing_that_goes_down():
    with pytest.raises(WireError, match="not listed"):
        open_receipt(seal_down(RECEIPT, DEVICE_KEY), KEY_LIST, DEV)


def test_an_object_for_another_terminal_is_refused():
    with pytest.raises(WireError, match="another terminal"):
        open_receipt(seal_down(replace(RECEIPT, dev="t-2"), RECEIPT_KEY), KEY_LIST, DEV)


def test_an_object_of_another_type_is_refused():
    with pytest.raises(WireError, match="typ: is not config"):
        open_config(seal_down(TICKET, CONTROL_KEY), KEY_LIST, DEV)
    with pytest.raises(WireError, match="typ: is not command"):
        open_command(seal_down(TICKET, CONTROL_KEY), KEY_LIST, DEV)


def test_a_key_list_is_believed_only_from_the_fleet_key():
    token = seal_down(KEY_LIST, RECEIPT_KEY)
    with pytest.raises(WireError, match="another key"):
        open_key_list(token, x_of(FLEET_KEY))


def test_a_ticket_without_a_number_is_refused():
    token = seal_down(replace(TICKET, ticket=None), CONTROL_KEY)
    with pytest.raises(WireError, match="comes with its ticket"):
        open_ticket(token, KEY_LIST, DEV)


def test_an_object_that_is_too_long_is_neither_sealed_nor_opened():
    with pytest.raises(WireError, match="at most"):
        seal_down(Config(DEV, 1, 1, 1, {"text": "x" * 65536}), CONTROL_KEY)
    with pytest.raises(WireError, match="longer than"):
        open_config(b"a" * 65537, KEY_LIST, DEV)


def test_fields_of_an_object_are_checked_after_its_signature():
    with pytest.raises(WireError, match="is missing"):
        open_receipt(seal(b'{"typ":"receipt"}', RECEIPT_KEY), KEY_LIST, DEV)
    with pytest.raises(WireError, match="settings: must be an object"):
        seal_down(Config(DEV, 1, 1, 1, []), CONTROL_KEY)  # type: ignore[arg-type]
    bad_head = seal(
        b'{"typ":"receipt","dev":"t-quan1-01","n":1,"iat":"2026-11-22T08:30:00.000Z",'
        b'"chain":"' + b"a" * 32 + b'","seq":0,"hash":"' + b"A" * 43 + b'","status":"ok",'
        b'"quarantined":[],"disputed":[7],"nonce":null}',
        RECEIPT_KEY,
    )
    with pytest.raises(WireError, match="disputed: must be an object"):
        open_receipt(bad_head, KEY_LIST, DEV)


def test_settings_may_hold_fractions():
    config = Config(DEV, 1, 1, 1, {"volume": 0.5})
    assert open_config(seal_down(config, CONTROL_KEY), KEY_LIST, DEV) == config


def test_what_a_receipt_says_can_be_read_without_believing_it():
    assert read_receipt(seal_down(RECEIPT, DEVICE_KEY)) == RECEIPT
    with pytest.raises(WireError, match="typ: is not receipt"):
        read_receipt(seal_down(TICKET, CONTROL_KEY))
