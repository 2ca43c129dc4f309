"""The data partition reaches to the card's end, whatever card the image was written to."""

import struct

import pytest

from provisioning.image.grow import grown

START, LENGTH = 2_629_632, 196_608
GIB = 2 * 1024 * 1024


def table(length: int = LENGTH) -> bytes:
    entries = [(8192, 524_288), (532_480, 1_048_576), (1_581_056, 1_048_576), (START, length)]
    packed = b"".join(struct.pack("<8sII", b"\0\0\0\0\x83", *entry) for entry in entries)
    return bytes(446) + packed + b"\x55\xaa"


@pytest.mark.parametrize("gib", [2, 8, 32, 512])
def test_it_ends_within_a_megabyte_of_the_end_and_nothing_else_changes(gib: int) -> None:
    found = grown(table(), gib * GIB)
    assert found is not None
    new, start, length = found
    assert start == START
    assert 0 <= gib * GIB - (start + length) < 2048
    assert new == table(length)


def test_a_partition_that_has_grown_is_left_alone() -> None:
    once = grown(table(), 8 * GIB)
    assert once is not None
    assert grown(once[0], 8 * GIB) is None


def test_a_card_hardly_larger_than_the_image_is_left_alone() -> None:
    assert grown(table(), START + LENGTH + 20_000) is None


def test_a_disk_larger_than_the_table_can_count_is_used_as_far_as_it_can() -> None:
    found = grown(table(), 3 * 1024 * GIB)
    assert found is not None
    assert found[2] == 0xFFFFFFFF // 2048 * 2048
