"""Which of the machine's GPIO chips has the buttons: by its device, by its label, or found."""

from __future__ import annotations

import os
from pathlib import Path

import gpiod
from gpiozero import BadPinFactory

AUTO = "auto"
_DEVICES = Path("/dev")
_HEADERS = ("pinctrl-rp1", "pinctrl-bcm2711", "pinctrl-bcm2835")
"""Labels of the chips behind the 40-pin header: Pi 5, Pi 4, and those before. The number of the
device tells nothing: it depends on which driver came first."""


def find_chip(wanted: str = AUTO, devices: Path = _DEVICES) -> str:
    """Return the path of a chip.

    Args:
        wanted: Its path, its label, or ``auto``: the Raspberry Pi's header, else the first.
        devices: Where device files are.

    Raises:
        BadPinFactory: There is no such chip; the text says which there are.
    """
    if wanted.startswith("/"):
        return wanted
    labels, faults = _labels(devices)
    for name in _HEADERS if wanted == AUTO else (wanted,):
        for path, label in labels.items():
            if label == name:
                return path
    if wanted == AUTO and labels:
        return next(iter(labels))
    what = "no GPIO chip" if wanted == AUTO else f"no GPIO chip {wanted!r}"
    there = [f"{path} ({label})" for path, label in labels.items()] + faults
    raise BadPinFactory(f"{what}; there are: {', '.join(there) or 'none'}")


def _labels(devices: Path) -> tuple[dict[str, str], list[str]]:
    """Return the label of each chip by its path, and what is wrong with the others."""
    labels, faults = {}, []
    for path in sorted(devices.glob("gpiochip*"), key=lambda each: (len(each.name), each.name)):
        try:
            with gpiod.Chip(os.fspath(path)) as chip:
                labels[os.fspath(path)] = chip.get_info().label
        except OSError as error:
            faults.append(f"{path} ({error.strerror or error})")
    return labels, faults
