"""The image starts: its units run, none fails, and it asks a technician for the enrolment file."""

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
