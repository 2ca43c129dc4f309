"""Any bytes sent to the enrolment server: a certificate, or one clear refusal and no change."""

import base64
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import example, given
from hypothesis import strategies as st

from fleet_server.est.app import create_est_app
from fleet_server.est.bodies import read_request
from fleet_server.est.errors import Refusal
from fleet_server.store import database
from fleet_server.store.models import EnrolmentToken, TerminalKey
from tests.fakes.fleets import new_counter, new_fleet
from tests.fakes.requests import certificates_in, csr
from tests.unit.fleet_server.est.conftest import BASE, Est

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
GOOD = base64.b64decode(csr(KEY))


def damaged() -> st.SearchStrategy[bytes]:
    """A good request with some bytes changed, or cut, or with more at its end."""
    flips = st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(1, 255)), max_size=4)

    def apply(changes: list[tuple[int, int]], cut: int, more: bytes) -> bytes:
        raw = bytearray(GOOD)
        for place, mask in changes:
            raw[place] ^= mask
        return base64.encodebytes(bytes(raw[:cut]) + more)

    return st.builds(apply, flips, st.integers(0, len(GOOD)), st.binary(max_size=3))


BODIES = st.one_of(
    st.binary(max_size=600), damaged(), st.binary(max_size=400).map(base64.b64encode)
)


@given(BODIES)
@example(csr(KEY))
@example(csr(KEY, "t-2"))
@example(b"")
def test_any_body_is_a_request_or_one_refusal(body: bytes) -> None:
    try:
        request = read_request(body, "t-1")
    except Refusal as refusal:
        status, text = refusal.status, refusal.text
    else:
        assert request.key.public_bytes_raw() == KEY.public_key().public_bytes_raw()
        return
    assert status == 400
    assert text
    assert "\n" not in text


@pytest.fixture(scope="module")
def invited(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Est, str]]:
    """The application and a token that stays unused."""
    fleet = new_fleet(tmp_path_factory.mktemp("est") / "fleet")
    new_counter(fleet)
    app = create_est_app(fleet)
    for limiter in app.extensions["limiter"]:
        limiter.enabled = False  # thousands of requests come from one address here
    est = Est(fleet, app.test_client())
    yield est, est.invite()
    database.close()


def state() -> list[object]:
    """All that a request could change."""
    return [*EnrolmentToken.select().dicts(), *TerminalKey.select().dicts()]


@given(body=BODIES)
def test_a_refused_body_changes_nothing(invited: tuple[Est, str], body: bytes) -> None:
    est, token = invited
    before = state()
    answer = est.enrol(body, token)
    if answer.status_code == 200:
        assert certificates_in(answer.data)[0].public_key() == KEY.public_key()
        return
    assert answer.status_code == 400
    assert answer.data.count(b"\n") == 1
    assert state() == before


@given(header=st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=200))
def test_any_authorization_is_refused_with_401(invited: tuple[Est, str], header: str) -> None:
    est, _token = invited
    answer = est.client.post(
        f"{BASE}/simpleenroll",
        data=csr(KEY),
        headers={"Authorization": header},
        content_type="application/pkcs10",
    )
    assert answer.status_code == 401


@given(name=st.text(max_size=60), password=st.text(max_size=60))
def test_any_name_and_password_are_refused_with_401(
    invited: tuple[Est, str], name: str, password: str
) -> None:
    est, _token = invited
    try:
        pair = base64.b64encode(f"{name}:{password}".encode()).decode()
    except UnicodeEncodeError:
        pair = base64.b64encode(b"\xff\xfe:\xff").decode()
    answer = est.client.post(
        f"{BASE}/simpleenroll",
        data=csr(KEY),
        headers={"Authorization": f"Basic {pair}"},
        content_type="application/pkcs10",
    )
    assert answer.status_code == 401
