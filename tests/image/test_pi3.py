"""The image starts on QEMU's Raspberry Pi 3B: Debian's kernel with the Pi's own device tree."""

from collections.abc import Callable

import pytest

from tests.image.machine import Machine
from tests.image.pi3 import Pi3

pytestmark = [pytest.mark.image, pytest.mark.timeout(3600)]
BOOT_S = 2400


def test_a_blank_card_starts_on_a_pi_3_from_its_sd_card_and_draws_on_its_frame_buffer(
    new_machine: Callable[..., Machine], figure: Callable[[str], None]
) -> None:
    blank = new_machine()
    with Pi3(blank.disk, blank.folder) as pi:
        pi.start()
        figure(f"Pi 3, start to multi-user: {pi.wait_for('Multi-User System', BOOT_S):.0f} s")
        pi.wait_for("Startup finished", BOOT_S)
        pi.picture("pi3")
        assert pi.failed_units() == []
        assert "mmcblk0" in pi.output()
