"""Images are read to their end before a card is touched."""

import hashlib
import os
import struct
import subprocess
from pathlib import Path
from uuid import UUID

import pytest

from provisioning.card import image as images
from provisioning.card.partitions import read_table
from provisioning.errors import ProvisioningError
from tests.fakes import card_images
from tests.fakes.card_images import Watching


def test_an_image_is_read_whole_and_its_partitions_are_known(image: Path) -> None:
    watching = Watching()
    found = images.check(image, watching)
    assert watching.steps == ["checking"]
    assert (found.size, len(found.digests), found.listed) == (card_images.IMAGE, 16, False)
    table = found.table
    assert (table.start, table.fat, table.end) == (
        card_images.FAT_AT,
        card_images.FAT_AT,
        card_images.IMAGE,
    )


@pytest.mark.parametrize(
    "size", [card_images.IMAGE - 512, card_images.IMAGE + 100, 30 * 1024 * 1024]
)
def test_an_image_that_is_cut_off_is_refused(image: Path, size: int) -> None:
    os.truncate(image, size)
    with pytest.raises(ProvisioningError, match="cut off"):
        images.check(image, Watching())


@pytest.mark.parametrize("packer", [["zstd", "-q", "-1"], ["xz", "-0"]])
@pytest.mark.parametrize("share", [0.3, 0.999])
def test_a_compressed_image_that_is_cut_off_is_refused(
    image: Path, packer: list[str], share: float
) -> None:
    subprocess.run([*packer, image], check=True)
    packed = next(image.parent.glob("hailong.img.[zx]*"))
    os.truncate(packed, int(packed.stat().st_size * share))
    with pytest.raises(ProvisioningError, match="damaged or cut off"):
        images.check(packed, Watching())


def test_what_only_has_the_ending_of_an_archive_is_refused(image: Path) -> None:
    for ending in (".zst", ".xz"):
        other = image.with_name(f"x{ending}")
        other.write_bytes(b"no archive at all")
        with pytest.raises(ProvisioningError, match="damaged or cut off"):
            images.check(other, Watching())


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "no partition table"), (b"PK\3\4" + bytes(2000), "no partition table"),
     (bytes(510) + b"\x55\xaa", "no FAT partition")],
)  # fmt: skip
def test_what_is_no_image_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "x.img").write_bytes(content)
    with pytest.raises(ProvisioningError, match=said):
        images.check(tmp_path / "x.img", Watching())


def test_an_image_that_is_not_there_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ProvisioningError, match=r"x\.img: No such file"):
        images.check(tmp_path / "x.img", Watching())


def test_a_checksum_beside_it_must_agree(image: Path) -> None:
    beside = image.with_name("hailong.img.sha256")
    beside.write_text(f"{hashlib.sha256(image.read_bytes()).hexdigest()}  hailong.img\n")
    assert images.check(image, Watching()).listed
    card_images.spoil(image, card_images.IMAGE - 1)
    with pytest.raises(ProvisioningError, match=r"not the file that hailong\.img\.sha256 tells of"):
        images.check(image, Watching())


@pytest.mark.parametrize("packer", [None, ["zstd", "-q", "-1"], ["xz", "-0"]])
def test_an_image_that_reads_differently_the_second_time_is_the_signed_one_still(
    image: Path, tmp_path: Path, packer: list[str] | None
) -> None:
    """Such as a stick that an attacker made: the sum is that of the very bytes that are kept."""
    paths = [image, card_images.make_image(tmp_path / "other.img", seed=2)]
    if packer:
        subprocess.run([*packer, *paths], check=True)
        paths = [next(path.parent.glob(f"{path.name}.*")) for path in paths]
    honest = images.check(paths[0], Watching())
    signed = hashlib.sha256(paths[0].read_bytes()).hexdigest()
    watching = Watching("checksum", lambda: paths[1].replace(paths[0]))
    assert images.check(paths[0], watching, signed).digests == honest.digests
    assert watching.steps == ["checking"], "one reading"


def gpt(kind: str, first: int, last: int, length: int = 128) -> bytes:
    """The first sectors of a GPT with one partition."""
    mbr = bytearray(512)
    mbr[450], mbr[454:462], mbr[510:] = 0xEE, struct.pack("<II", 1, 9999), b"\x55\xaa"
    header = struct.pack("<8s64xQII", b"EFI PART", 2, 128, length).ljust(512, b"\0")
    entry = struct.pack("<16s16xQQ", UUID(kind).bytes_le, first, last)
    return bytes(mbr) + header + entry.ljust(128 * 128, b"\0")


def test_gpt_is_read_as_well() -> None:
    table = read_table(Path("x"), gpt("c12a7328-f81f-11d2-ba4b-00a0c93ec93b", 2048, 4095))
    assert (table.start, table.fat, table.end) == (1048576, 1048576, 2097152)


@pytest.mark.parametrize("length", [0, 1, 127, 4_000_000_000])
def test_a_damaged_gpt_is_refused(length: int) -> None:
    with pytest.raises(ProvisioningError, match="partition table is damaged"):
        read_table(Path("x"), gpt("c12a7328-f81f-11d2-ba4b-00a0c93ec93b", 1, 2, length))


def test_an_image_without_fat_is_refused() -> None:
    with pytest.raises(ProvisioningError, match="no FAT partition"):
        read_table(Path("x"), gpt("0fc63daf-8483-4772-8e79-3d69d8477de4", 2048, 4095))
