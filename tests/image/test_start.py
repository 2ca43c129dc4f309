"""The image starts: its units run, none fails, and it tells a technician what it needs."""

from collections.abc import Callable

import pytest

from tests.image.machine import Machine

pytestmark = [pytest.mark.image, pytest.mark.timeout(1800)]


def test_a_blank_card_starts_without_a_failed_unit_and_waits_for_its_file(
    new_machine: Callable[..., Machine], figure: Callable[[str], None]
) -> None:
    machine = new_machine()
    started = machine.start()
    assert started.slot == "A"
    seconds = machine.wait_for("Multi-User System")
    machine.wait_for("Startup finished")
    assert machine.failed_units() == []
    figure(f"start to multi-user under emulation: {seconds:.0f} s")
    machine.picture("blank")


def test_a_damaged_file_and_a_lost_boot_partition_are_said_on_the_screen(
    new_machine: Callable[..., Machine],
) -> None:
    machine = new_machine()
    machine.boot.write("enrolment.toml", b"\x00\xff" * 500)
    loaded = machine.start()
    machine.wait_for("no place yet: not_toml")
    machine.picture("damaged-file")
    machine.pull_the_plug()
    machine.boot.destroy()
    machine.start(firmware=loaded)
    machine.wait_for("no place yet: no_card")
    machine.picture("no-boot-partition")
