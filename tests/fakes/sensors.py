"""Sensors that say what the test says."""

from device.core.machine import Machine


class FakeSensors:
    """Implements the port ``Sensors``."""

    def __init__(self, now: Machine | None = None) -> None:
        self.now = now or Machine()

    def read(self, up: int) -> Machine:
        return self.now
