"""Nothing is put aside or held apart without a reason that its bytes or the registry bear out."""

from collections.abc import Sequence

from fleet_server.core.holding import Holding, Reasons
from fleet_server.core.verify import Keyring
from tests.fakes.chains import ChainWriter, enrolled
from wire import keys

GOOD = "is quarantined, but reads well and is rightly signed"
NOT_REVOKED = "is disputed, but its key was not revoked when it came"
REVOKED = "is not disputed, but its key was revoked when it came"
CAME = 1_000


def check(
    writer: ChainWriter,
    ring: Keyring,
    quarantined: Sequence[int] = (),
    disputed: Sequence[int] = (),
    branch: int = 0,
) -> dict[int, str]:
    """Check a whole chain with these positions put aside or held apart."""
    reasons = Reasons("t-1", writer.chain, ring)
    found = {}
    for seq, token in enumerate(writer.tokens, 1):
        aside = "reason" if seq in quarantined else None
        told = reasons.check(Holding(branch, seq, token, aside, seq in disputed, CAME))
        if told is not None:
            found[seq] = told
    return found


def chain() -> ChainWriter:
    writer = ChainWriter()
    writer.start()
    writer.presses(3)
    return writer


def test_a_chain_as_it_was_taken_is_in_order() -> None:
    writer = chain()
    assert check(writer, enrolled(writer.key)) == {}


def test_a_good_record_that_was_put_aside_is_told() -> None:
    writer = chain()
    assert check(writer, enrolled(writer.key), quarantined=[1, 3]) == {1: GOOD, 3: GOOD}


def test_bytes_that_are_bad_are_put_aside_rightly() -> None:
    writer = chain()
    writer.garbage()
    writer.unknown_type()
    writer.badly_signed()
    other = ChainWriter(key=writer.key)
    other.start()
    writer.raw(other.tokens[0])
    writer.press()
    assert check(writer, enrolled(writer.key), quarantined=[5, 6, 7, 8]) == {}


def test_a_record_at_a_wrong_place_is_put_aside_rightly() -> None:
    writer = chain()
    writer.raw(writer.tokens[2])
    assert check(writer, enrolled(writer.key), quarantined=[5]) == {}


def test_a_record_by_a_key_that_the_chain_did_not_change_to_is_put_aside_rightly() -> None:
    writer = chain()
    first, second = writer.key, keys.generate()
    writer.change_key(second)
    writer.press()
    writer.key = first
    writer.press()
    writer.key = second
    writer.press()
    assert check(writer, enrolled(first, second), quarantined=[7]) == {}


def test_a_record_held_apart_although_its_key_is_good_is_told() -> None:
    writer = chain()
    assert check(writer, enrolled(writer.key), disputed=[3]) == {3: NOT_REVOKED}
    late = enrolled(writer.key, revoked_at=CAME + 1)
    assert check(writer, late, disputed=[3]) == {3: NOT_REVOKED}


def test_what_came_after_the_revocation_must_be_held_apart() -> None:
    writer = chain()
    ring = enrolled(writer.key, revoked_at=CAME)
    assert check(writer, ring, disputed=[1, 2, 3]) == {4: REVOKED}


def test_a_side_branch_and_unreadable_bytes_are_left_to_the_audit() -> None:
    writer = chain()
    writer.garbage()
    ring = enrolled(writer.key)
    assert check(writer, ring, disputed=[1, 2, 3, 4], quarantined=[5], branch=1) == {}
    assert check(writer, {}, disputed=[2, 5]) == {}
