"""Which board this is."""

import pytest

from device.hardware.board import serial

PLACES = [
    ("sys/firmware/devicetree/base/serial-number", "10000000abcdef01\0"),
    ("proc/cpuinfo", "Hardware\t: BCM2835\nSerial\t\t: 10000000abcdef01\nModel\t: Pi 4\n"),
    ("sys/class/dmi/id/product_serial", "10000000abcdef01\n"),
    ("sys/firmware/qemu_fw_cfg/by_name/opt/org.hailong/board-serial/raw", "10000000abcdef01"),
    ("run/hailong-site/board-serial", "10000000abcdef01"),
]


@pytest.mark.parametrize(("place", "said"), PLACES)
def test_it_is_read_wherever_it_stands(place, said, tmp_path):
    path = tmp_path / place
    path.parent.mkdir(parents=True)
    path.write_text(said)
    assert serial(tmp_path) == "10000000abcdef01"


@pytest.mark.parametrize(
    "said",
    ["", "0000000000000000", "None", "To be filled by O.E.M.", "Default string", "Not Specified"],
)
def test_what_makers_write_who_have_nothing_to_say_is_none(said, tmp_path):
    for place, _ in PLACES[2:]:
        (tmp_path / place).parent.mkdir(parents=True)
        (tmp_path / place).write_text(said)
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/cpuinfo").write_text("processor : 0\nSerial : 0000\n")
    assert serial(tmp_path) is None
