import pytest

from fleet_server.core.anchors import goes_on_after
from wire.down import Receipt
from wire.up import HelloChain

HASH = "A" * 43


@pytest.mark.parametrize(
    ("head", "oldest", "receipted", "goes_on"),
    [
        (0, 6, 5, True),
        (3, 6, 5, True),
        (5, 6, 5, False),
        (9, 6, 5, False),
        (0, 6, 4, False),
        (0, 6, 7, False),
    ],
)
def test_a_chain_goes_on_after_the_record_before_its_oldest(
    head: int, oldest: int, receipted: int, goes_on: bool
) -> None:
    said = HelloChain("c", oldest, HASH, 20, HASH)
    receipt = Receipt("t-1", 1, 0, "c", receipted, HASH, "ok")
    assert goes_on_after(head, said, receipt) is goes_on


def test_the_receipt_of_another_chain_proves_nothing() -> None:
    said = HelloChain("c", 6, HASH, 20, HASH)
    assert not goes_on_after(0, said, Receipt("t-1", 1, 0, "d", 5, HASH, "ok"))
