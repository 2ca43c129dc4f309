"""What a check of the doctor may look at."""

from dataclasses import dataclass

from fleet_server.settings import Settings


@dataclass(frozen=True, slots=True)
class Patient:
    """The installation.

    Attributes:
        settings: its settings, which could be read.
        now: Unix milliseconds.
    """

    settings: Settings
    now: int
