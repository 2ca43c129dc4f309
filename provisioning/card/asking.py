"""What a person is asked before a card is overwritten."""

import os
from collections.abc import Callable
from pathlib import Path

from provisioning.card import words
from provisioning.card.devices import Device, find, refusal
from provisioning.card.target import NOT_ALLOWED
from provisioning.errors import ProvisioningError
from provisioning.programs import call

Ask = Callable[[str], str]
"""Shows a question, returns what the person typed."""


def check(device: Device, fixed_too: bool) -> None:
    """See to it that a device may be written at all.

    Raises:
        ProvisioningError: it may not; why.
    """
    reason = refusal(device, fixed_too)
    if reason is None and not os.access(device.path, os.R_OK | os.W_OK):
        reason = NOT_ALLOWED
    if reason:
        raise ProvisioningError(f"{device.path}: {reason}")


def confirm(device: Device, notes: list[str], ask: Ask) -> None:
    """Show what is lost, and let the person type the device's name.

    Args:
        device: what is to be overwritten.
        notes: what else should make them stop.
        ask: how they are asked.

    Raises:
        ProvisioningError: something else was typed, or nobody is there to ask.
    """
    shown = [*words.describe(device), *(f"CAREFUL: {note}" for note in notes)]
    if device.mounted():
        shown.append(f"It will be unmounted from {', '.join(device.mounted())}.")
    question = f"All that is on it will be lost. Type {device.name} to write it: "
    try:
        typed = ask("\n".join([*shown, question]))
    except EOFError:
        typed = ""
    if typed.strip() != device.name:
        raise ProvisioningError(f"{device.path}: not written, because {device.name} was not typed")


def still(device: Device) -> Device:
    """Look again at a device that a person was asked about; return it as it is mounted now.

    Raises:
        ProvisioningError: meanwhile another card is in its place, or something else on it.
    """
    now = find(Path(device.path))
    if now.bare() != device.bare():
        raise ProvisioningError(
            f"{device.path}: is not what was shown any more; nothing was written"
        )
    return now


def unmount(device: Device) -> None:
    """Unmount all that is mounted of a card.

    Raises:
        ProvisioningError: a program still uses it.
    """
    for place in device.mounted():
        call("umount", "--", place)
