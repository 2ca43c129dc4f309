"""Writing a card: right to the last byte, or it starts nothing."""

import hashlib
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from provisioning.card import image as images
from provisioning.card import writing
from provisioning.card.fat import Fat
from provisioning.errors import ProvisioningError
from tests.fakes import card_images
from tests.fakes.card_images import IMAGE, MEGA, Watching
from tests.unit.provisioning.card.conftest import Card

CONTENT = b'terminal = "t-1"\n'


def write(image: Path, card: Path, shown: Watching | None = None) -> None:
    checked = images.check(image, Watching())
    writing.write(checked, card, CONTENT, shown or Watching())


def starts_nothing(card: Path) -> bool:
    """No partition table, which a board's boot loader would need first."""
    with card.open("rb") as file:
        return not any(file.read(card_images.FAT_AT))


def test_the_card_is_the_image_with_the_enrolment_file_on_it(image: Path, card: Card) -> None:
    watching = Watching()
    write(image, card.device, watching)
    assert watching.steps == ["writing", "reading back"]
    assert card_images.on_card(card.device, "enrolment.toml") == CONTENT.decode()
    assert card_images.on_card(card.device, "config.txt") == "arm_64bit=1\n"
    linux = slice(card_images.LINUX_AT, IMAGE)
    assert card.behind.read_bytes()[linux] == image.read_bytes()[linux]
    assert (
        card.behind.read_bytes()[: card_images.FAT_AT] == image.read_bytes()[: card_images.FAT_AT]
    )


def test_where_the_image_has_zeros_nothing_of_before_is_left(image: Path, card: Card) -> None:
    write(image, card.device)
    between = slice(34 * MEGA, card_images.LINUX_AT)
    assert not any(card.behind.read_bytes()[between])


def test_what_the_image_does_not_reach_stays_but_for_the_last_bytes(
    image: Path, card: Card
) -> None:
    write(image, card.device)
    after = card.behind.read_bytes()[IMAGE:]
    assert set(after[:-MEGA]) == {0xA5}
    assert not any(after[-MEGA:])


@pytest.mark.parametrize("packer", [["zstd", "-q", "-1"], ["xz", "-0"]])
def test_a_compressed_image_gives_the_same_card(image: Path, card: Card, packer: list[str]) -> None:
    expected = hashlib.sha256(image.read_bytes()).digest()
    subprocess.run([*packer, image], check=True)
    packed = next(image.parent.glob("hailong.img.[zx]*"))
    checked = images.check(packed, Watching())
    writing.write(checked, card.device, None, Watching())
    assert hashlib.sha256(card.behind.read_bytes()[:IMAGE]).digest() == expected


def test_a_former_card_is_written_over(image: Path, card: Card, tmp_path: Path) -> None:
    write(card_images.make_image(tmp_path / "other.img", seed=2), card.device)
    write(image, card.device)
    assert card_images.on_card(card.device, "enrolment.toml") == CONTENT.decode()


def test_a_small_card_is_refused_untouched(image: Path, card: Card) -> None:
    os.truncate(card.behind, 48 * MEGA)
    if card.loop:
        card_images.run("losetup", "--set-capacity", card.device)
    with pytest.raises(ProvisioningError, match=r"holds 50\.3 MB, and the image takes 67\.1 MB"):
        write(image, card.device)
    assert set(card.behind.read_bytes()) == {0xA5}


@pytest.mark.parametrize("step", ["writing", "reading back"])
def test_a_card_that_is_pulled_out_starts_nothing(image: Path, card: Card, step: str) -> None:
    def pull() -> None:
        os.truncate(card.behind, 2 * MEGA)
        if card.loop:
            card_images.run("losetup", "--set-capacity", card.device)

    with pytest.raises(ProvisioningError, match="Nothing starts from it"):
        write(image, card.device, Watching(step, pull))
    assert starts_nothing(card.behind)


@pytest.mark.parametrize("offset", [0, 10, 3 * MEGA, IMAGE - 1])
def test_a_card_that_forgets_is_found_out_and_starts_nothing(
    image: Path, card: Card, offset: int
) -> None:
    spoilt = Watching("writing", lambda: None)
    spoilt.end = lambda: card_images.spoil(card.device, offset)  # type: ignore[method-assign]
    with pytest.raises(ProvisioningError, match="not what was written"):
        write(image, card.device, spoilt)
    assert card.behind.read_bytes()[510:512] != b"\x55\xaa"


def test_an_enrolment_file_that_is_only_in_the_cache_is_found_out(
    image: Path, card: Card, monkeypatch: pytest.MonkeyPatch, figure: Callable[[str], None]
) -> None:
    if not card.loop:
        figure("no loop devices here: a plain file has no cache of its own")
        return
    put = Fat.put

    def put_and_lose(fat: Fat, name: str, content: bytes) -> None:
        put(fat, name, content)
        card_images.run("sync", card.device)
        at = card.behind.read_bytes().index(content)
        with card.behind.open("r+b") as file:
            file.seek(at)
            file.write(b"X")

    monkeypatch.setattr(Fat, "put", put_and_lose)
    with pytest.raises(ProvisioningError, match="does not go onto the FAT partition"):
        write(image, card.device)
    assert starts_nothing(card.behind)


def test_a_person_who_stops_it_is_told_that_the_card_starts_nothing(
    image: Path, card: Card
) -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(ProvisioningError, match="stopped; nothing starts from it"):
        write(image, card.device, Watching("writing", stop))
    assert starts_nothing(card.device)


def test_an_image_that_changes_meanwhile_is_found_out(image: Path, card: Card) -> None:
    changed = Watching("writing", lambda: card_images.spoil(image, IMAGE - 1))
    with pytest.raises(ProvisioningError, match="changed while it was read"):
        write(image, card.device, changed)
    assert starts_nothing(card.device)


def test_a_full_fat_partition_is_one_clear_error(image: Path, card: Card) -> None:
    card_images.run(
        "mcopy", "-i", f"{image}@@{card_images.FAT_AT}", "-", "::filler", given="x" * 33_400_000
    )
    with pytest.raises(
        ProvisioningError, match=r"enrolment\.toml does not go onto the FAT partition; it is full"
    ):
        write(image, card.device)
    assert starts_nothing(card.device)


def test_a_mounted_card_is_in_use(
    image: Path, card: Card, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    if not card.loop:
        figure("no loop devices here: the kernel's own guard was not seen")
        return
    card_images.run("mkfs.ext4", "-q", card.device)
    (tmp_path / "mount").mkdir()
    card_images.run("mount", card.device, tmp_path / "mount")
    try:
        with pytest.raises(ProvisioningError, match="in use by this machine"):
            write(image, card.device)
    finally:
        card_images.run("umount", tmp_path / "mount")
