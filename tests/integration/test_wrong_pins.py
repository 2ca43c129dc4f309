"""A real terminal process whose settings name a pin that its board does not have."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.fakes.simulated import TERMINAL, Simulated
from tests.fakes.wait import eventually


@pytest.mark.timeout(120)
def test_a_pin_that_the_board_has_not_is_told_and_tried_again_instead_of_a_restart(
    tmp_path: Path,
) -> None:
    terminal = Simulated(tmp_path, tmp_path / "data")
    words = [TERMINAL, "run", "--no-window", "--config", str(terminal.config)]
    # The first Pi of all: its header has no GPIO27.
    pi = {"GPIOZERO_PIN_FACTORY": "mock", "GPIOZERO_MOCK_REVISION": "0002"}
    pi = {**os.environ, **pi, "SDL_VIDEODRIVER": "dummy"}
    with terminal.log.open("w") as log:
        process = subprocess.Popen(words, stderr=log, env=pi)
    try:
        refused = "ERROR device.terminal: buttons: a pin cannot be used: "
        eventually(lambda: terminal.log.read_text().count(refused) > 1, 60, "a second attempt")
        assert process.poll() is None
        process.terminate()
        assert process.wait(20) == 0
        assert "Traceback" not in terminal.log.read_text()
    finally:
        process.kill()
        process.wait()
