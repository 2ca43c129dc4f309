"""Which devices are cards, and which must never be written."""

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from provisioning.card import devices, words
from provisioning.card.devices import Device, refusal
from provisioning.errors import ProvisioningError
from tests.unit.provisioning.card.conftest import Card

FAT = Device("/dev/sdb1", 250_000_000, kind="part", content="vfat", label="bootfs")
CARD = Device("/dev/sdb", 32_000_000_000, "SD Reader", "12", "usb", True, parts=(FAT,))


def mounted(place: str, kind: str = "part") -> Device:
    """The card with something on it that is in use."""
    return replace(CARD, parts=(FAT, replace(FAT, path="/dev/sdb2", kind=kind, mounts=(place,))))


def test_a_card_in_a_reader_can_be_written() -> None:
    assert refusal(CARD) is None


@pytest.mark.parametrize("place", ["/media/an/bootfs", "/run/media/an/bootfs", "/mnt/card"])
def test_a_card_that_the_desktop_mounted_can_be_written_and_is_named(place: str) -> None:
    assert refusal(mounted(place)) is None
    assert mounted(place).mounted() == [place]


@pytest.mark.parametrize(
    "place", ["/", "/boot", "/boot/efi", "/home", "/var/lib/postgresql", "/mntx", "[SWAP]"]
)
def test_a_disk_that_the_machine_runs_on_is_refused_even_if_it_is_usb(place: str) -> None:
    for sure in (False, True):
        assert f"this machine runs on it (/dev/sdb2 is {place})" in str(
            refusal(mounted(place), sure)
        )


@pytest.mark.parametrize(
    ("kind", "said"), [("lvm", "LVM"), ("crypt", "an encrypted volume"), ("raid1", "a RAID")]
)
def test_a_disk_with_volumes_in_use_is_refused(kind: str, said: str) -> None:
    above = replace(FAT, path="/dev/mapper/x", kind=kind)
    disk = replace(CARD, parts=(replace(FAT, parts=(above,)),))
    assert refusal(disk, True) == f"it holds {said} in use (/dev/mapper/x)"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (replace(CARD, kind="part"), "not a whole card"),
        (replace(CARD, kind="rom"), "not a whole card"),
        (replace(CARD, size=0), "no card is in it"),
        (replace(CARD, read_only=True), "push the lock"),
    ],
)
def test_what_is_no_card_is_refused_however_sure_one_is(wrong: Device, said: str) -> None:
    assert said in str(refusal(wrong, True))


@pytest.mark.parametrize(
    ("unlikely", "said"),
    [
        (replace(CARD, removable=False), "can't be pulled out"),
        (replace(CARD, size=2_000_000_000_000), "larger than any card"),
    ],
)
def test_an_unlikely_card_is_refused_until_one_is_sure(unlikely: Device, said: str) -> None:
    assert said in str(refusal(unlikely))
    assert refusal(unlikely, True) is None


def test_the_disk_that_this_machine_runs_on_is_found_and_refused() -> None:
    running = [one for one in devices.disks() if "/" in one.mounted()]
    assert all("this machine runs on it" in str(refusal(one, True)) for one in running)


def test_a_device_is_found_by_a_link_to_it(card: Card, tmp_path: Path) -> None:
    (tmp_path / "by-id").symlink_to(card.device)
    found = devices.find(tmp_path / "by-id")
    assert (found.path, found.size) == (str(card.device), 96 * 1024 * 1024)


@pytest.mark.parametrize(("path", "said"), [("/dev/none", "card list"), ("/dev/null", "neither")])
def test_what_is_no_device_is_one_clear_error(path: str, said: str) -> None:
    with pytest.raises(ProvisioningError, match=said):
        devices.find(Path(path))


def test_a_reader_without_a_card_is_said_to_be_empty(
    card: Card, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lsblk = tmp_path / "lsblk"
    lsblk.write_text("#!/bin/sh\necho '{\"blockdevices\": [\n   ]}'\nexit 32\n")
    lsblk.chmod(0o755)
    monkeypatch.setattr("provisioning.programs._PATH", str(tmp_path))
    monkeypatch.setattr(stat, "S_ISREG", lambda _mode: False)
    monkeypatch.setattr(stat, "S_ISBLK", lambda _mode: True)
    assert words.verdict(devices.find(card.device)) == "refused: no card is in it"


def test_a_device_is_described_with_all_that_is_on_it() -> None:
    assert words.describe(mounted("/media/an/x")) == [
        "/dev/sdb  32.0 GB  usb  SD Reader",
        "  /dev/sdb1  250.0 MB  vfat, named bootfs",
        "  /dev/sdb2  250.0 MB  vfat, named bootfs, mounted at /media/an/x",
    ]
    assert words.verdict(CARD) == "can be written"
    assert words.verdict(replace(CARD, size=0)) == "refused: no card is in it"


def test_a_name_on_a_card_can_not_move_the_cursor() -> None:
    named = replace(FAT, label="\033[2Jxyz", mounts=("/media/an/\033[2Jxyz",))
    bad = replace(CARD, model="\033[2JSD", parts=(named,))
    assert words.describe(bad) == [
        "/dev/sdb  32.0 GB  usb  ?[2JSD",
        "  /dev/sdb1  250.0 MB  vfat, named ?[2Jxyz, mounted at /media/an/?[2Jxyz",
    ]
