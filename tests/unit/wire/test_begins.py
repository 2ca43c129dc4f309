"""What a terminal's word about a late start of its chain says, and of what alone."""

from dataclasses import replace

import pytest
from joserfc.jwk import OKPKey

from tests.unit.wire.examples import DEV, LATE_START
from wire.begins import check_begins, seal_begins
from wire.errors import WireError
from wire.up import HelloChain

KEY = OKPKey.generate_key("Ed25519")
TOKEN = seal_begins(DEV, LATE_START, KEY)


def test_the_word_is_about_this_start_of_this_chain() -> None:
    check_begins(TOKEN, DEV, LATE_START, KEY)


@pytest.mark.parametrize(
    "said",
    [
        replace(LATE_START, oldest_seq=LATE_START.oldest_seq + 1),
        replace(LATE_START, oldest_hash="A" * 43),
        replace(LATE_START, chain="f" * 32),
    ],
)
def test_it_vouches_for_no_other_start(said: HelloChain) -> None:
    with pytest.raises(WireError, match="not about this start"):
        check_begins(TOKEN, DEV, said, KEY)


def test_it_vouches_for_no_other_terminal() -> None:
    with pytest.raises(WireError, match="not about this start"):
        check_begins(TOKEN, "t-other", LATE_START, KEY)


def test_nobody_else_can_give_it() -> None:
    with pytest.raises(WireError):
        check_begins(TOKEN, DEV, LATE_START, OKPKey.generate_key("Ed25519"))
