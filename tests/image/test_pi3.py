"""The image on QEMU's Raspberry Pi 3B: as far as the first program of the root on its SD card.

From there on systemd's own limits of time decide, and no emulated Pi keeps them on a busy machine;
that all units start is shown on QEMU's own board (``test_start.py``).
"""

from collections.abc import Callable

import pytest

from tests.image.machine import Machine
from tests.image.pi3 import Pi3

pytestmark = [pytest.mark.image, pytest.mark.timeout(1800)]


def test_kernel_and_initrd_find_the_root_behind_a_pi_3s_sd_controller_by_the_pis_device_tree(
    new_machine: Callable[..., Machine], figure: Callable[[str], None]
) -> None:
    blank = new_machine()
    with Pi3(blank.disk, blank.folder) as pi:
        assert pi.start().slot == "A"
        figure(f"Pi 3, power to systemd, under emulation: {pi.wait_for('Welcome to'):.0f} s")
