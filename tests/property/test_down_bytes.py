"""Any bytes from the broker, the enrolment server or a damaged ``link.db``: taken or refused."""

import base64
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from device.identity.est import EstError, _certificates, _refusal
from device.inbox.files import InboxError
from device.inbox.reader import Inbox
from device.inbox.store import LinkStore
from tests.fakes import control
from tests.fakes.control import CHAIN, DEV, FLEET_X
from tests.unit.device.link.test_receiver import Uplink
from wire.topics import receipt_topic, topic

TOKENS = {
    "ticket": control.signed(control.ticket(2)),
    "config": control.signed(control.config(2)),
    "command": control.signed(control.command(2)),
    f"receipt/{CHAIN}": control.signed(control.receipt(2)),
    "keys": control.key_list(9),
}


@pytest.fixture(scope="module")
def uplink(tmp_path_factory: pytest.TempPathFactory) -> Uplink:
    made = Uplink(tmp_path_factory.mktemp("down"))
    made.take("keys", control.key_list(1))
    return made


def held(uplink: Uplink) -> object:
    return (
        uplink.inbox.ticket(1000),
        uplink.inbox.config(),
        uplink.inbox.commands(1000),
        uplink.store.receipts(),
        uplink.store.newest("keys"),
        uplink.sender.state.chains,
    )


@settings(max_examples=200, deadline=None)
@given(
    where=st.one_of(
        st.sampled_from([topic(DEV, leaf) for leaf in TOKENS]),
        st.just(receipt_topic(DEV, CHAIN)),
        st.text(max_size=60),
    ),
    payload=st.binary(max_size=300),
)
def test_any_bytes_on_any_topic_change_nothing(uplink: Uplink, where: str, payload: bytes) -> None:
    before = held(uplink)
    uplink.receiver.take(where, payload)
    assert held(uplink) == before


@settings(max_examples=200, deadline=None)
@given(
    leaf=st.sampled_from(sorted(TOKENS)),
    at=st.floats(0, 1, exclude_max=True),
    bit=st.integers(0, 7),
    cut=st.booleans(),
)
def test_a_signed_object_with_one_bit_changed_or_its_end_cut_off_changes_nothing(
    uplink: Uplink, leaf: str, at: float, bit: int, cut: bool
) -> None:
    before = held(uplink)
    token = bytearray(TOKENS[leaf])
    place = int(at * len(token))
    token[place] ^= 1 << bit
    uplink.take(leaf, bytes(token[:place]) if cut else bytes(token))
    assert held(uplink) == before


@settings(max_examples=200, deadline=None)
@given(body=st.one_of(st.binary(max_size=400), st.binary(max_size=300).map(base64.encodebytes)))
def test_any_answer_of_the_enrolment_server_is_certificates_or_one_clear_error(body: bytes) -> None:
    with suppress(EstError):
        assert isinstance(_certificates(body), list)


@settings(max_examples=200, deadline=None)
@given(status=st.integers(100, 599), body=st.binary(max_size=400))
def test_any_refusal_of_the_enrolment_server_is_one_printable_sentence(
    status: int, body: bytes
) -> None:
    said = str(_refusal(status, body))
    assert said.isprintable()
    assert len(said) < 600


@settings(max_examples=60, deadline=None)
@given(
    at=st.floats(0, 1, exclude_max=True),
    noise=st.one_of(st.binary(min_size=1, max_size=64), st.just(b"\0" * 4096)),
    cut=st.booleans(),
)
@example(at=0.115234375, noise=b"\x80", cut=False)  # a name of the schema that is no UTF-8
def test_a_damaged_link_db_is_used_or_begun_anew_and_never_stops_the_terminal(
    at: float, noise: bytes, cut: bool
) -> None:
    with tempfile.TemporaryDirectory() as name:
        data = Path(name)
        store = LinkStore(data)
        store.take("keys", 1, control.key_list(), 0)
        store.take("ticket", 2, TOKENS["ticket"], 0)
        store.keep_receipt(control.receipt(3), b"r")
        store.close()
        path = data / "link.db"
        content = bytearray(path.read_bytes())
        place = int(at * len(content))
        content[place : place + len(noise)] = noise
        path.write_bytes(content[:place] if cut else content)
        look(Inbox(data, DEV, FLEET_X))
        with suppress(InboxError):
            again = LinkStore(data)
            again.take("ticket", 3, control.signed(control.ticket(3)), 0)
            again.close()
        look(Inbox(data, DEV, FLEET_X))


def look(inbox: Inbox) -> None:
    """Ask everything that the terminal asks."""
    inbox.ticket(0)
    inbox.config()
    inbox.config_n()
    inbox.answered("command")
    inbox.commands(0)
    inbox.held()
    inbox.findings()
    inbox.server_time()
