"""Any bytes at the wire's boundary are taken, or refused with a `WireError`; nothing else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.wire import examples
from wire import codec, down, enrolment, envelope, topics, up
from wire.errors import WireError
from wire.keys import x_of

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def mutated(token: bytes):
    """Return a strategy of ``token`` with a piece cut, doubled or overwritten."""
    cut = st.tuples(st.integers(0, len(token)), st.integers(0, len(token)), st.binary(max_size=8))
    return cut.map(lambda c: token[: c[0]] + c[2] + token[c[1] :]).filter(lambda t: t != token)


RECORD = envelope.seal(codec.encode(examples.record("rating")), examples.DEVICE_KEY)
RECEIPT = down.seal_down(*examples.DOWNS["down-receipt"])


@given(st.binary(max_size=4096))
def test_any_bytes_for_a_record(data):
    with pytest.raises(WireError):
        codec.decode(data)


@given(st.sampled_from(sorted(examples.BODIES)), st.data())
def test_a_record_with_any_value_in_any_field(name, data):
    values = json.loads(codec.encode(examples.record(name)))
    field = data.draw(st.sampled_from(sorted(values)))
    values[field] = data.draw(json_values)
    payload = json.dumps(values, ensure_ascii=True).encode()
    try:
        record = codec.decode(payload)
    except WireError:
        return
    assert codec.decode(codec.encode(record)) == record


@given(mutated(RECORD))
def test_a_token_cut_doubled_or_overwritten_never_verifies(token):
    with pytest.raises(WireError):
        envelope.verify(token, examples.DEVICE_KEY)


@given(mutated(RECEIPT) | st.binary(max_size=2048))
def test_any_bytes_for_an_object_that_goes_down(token):
    for opener in (down.open_receipt, down.open_ticket, down.open_config, down.open_command):
        with pytest.raises(WireError):
            opener(token, examples.KEY_LIST, examples.DEV)
    with pytest.raises(WireError):
        down.open_key_list(token, x_of(examples.FLEET_KEY))


@given(st.sampled_from(sorted(up.SHAPES)), json_values | st.dictionaries(st.text(), json_values))
def test_any_json_for_a_message_that_goes_up(leaf, value):
    decoders = {
        "hello": up.decode_hello,
        "state": up.decode_state,
        "health": up.decode_health,
        "config-result": up.decode_config_result,
        "command-result": up.decode_command_result,
        "visits": up.decode_visit,
    }
    with pytest.raises(WireError):
        decoders[leaf](json.dumps(value).encode())


@given(st.text())
def test_any_text_for_a_topic_or_an_enrolment_file(text):
    for parse in (topics.parse, enrolment.load_toml):
        with pytest.raises(WireError):
            parse(text)


@given(st.lists(st.binary(min_size=1, max_size=50).filter(lambda b: b"\n" not in b), min_size=1))
def test_a_run_comes_apart_as_it_was_joined(tokens):
    assert envelope.split_run(envelope.pack_run(tokens)) == tokens
