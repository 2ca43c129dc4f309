"""The root side of updates: the only process that talks to RAUC.

It runs once at the start of the machine and whenever ``request.json`` appears. The request comes
from a user with less rights, so nothing in it chooses a file, a slot or a program: it names one of
four deeds, and the bundle is installed only if the fleet's certificate signed it (RAUC checks
that), and only as the version that it names. No deed leads to an image that is older than the one
that runs: it was signed once, too, but its faults are known by now.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from device.core.updating import OLDER
from device.updates.folder import RootState
from device.updates.rauc import RaucError
from wire.commands import is_older

if TYPE_CHECKING:
    from device.updates.folder import Request, UpdateFolder
    from device.updates.rauc import Rauc, Slots

log = logging.getLogger(__name__)


def apply(folder: UpdateFolder, rauc: Rauc, boot: str, image: str) -> int:
    """Do what is asked, and say what runs; return the exit code.

    Args:
        folder: The folder of updates.
        rauc: RAUC.
        boot: Id of the machine's boot.
        image: Version of the image that runs.

    Raises:
        RaucError: RAUC is not set up here.
        OSError: The folder cannot be written.
    """
    try:
        slots = rauc.slots()
        state = folder.read_state()
        if state is None or state.boot != boot:
            _settle(rauc, slots)
            state = RootState(boot, slots.trial)
            folder.write_state(state)
        request = folder.read_request()
        if request is not None:
            error = _do(request, rauc, folder, slots, image)
            state = RootState(boot, rauc.slots().trial, request.id, error)
            folder.write_state(state)
    finally:
        # Whatever became of it: as long as it lies there, systemd starts this again. The uplink
        # asks once more.
        folder.request.unlink(missing_ok=True)
    return 1 if state.error else 0


def _settle(rauc: Rauc, slots: Slots) -> None:
    """After a fall-back the slot that runs is made the one to be started."""
    if not slots.trial and not slots.primary:
        log.warning("the machine came back to the former slot; it stays the one to be started")
        rauc.activate("booted")


def _do(request: Request, rauc: Rauc, folder: UpdateFolder, slots: Slots, image: str) -> str:
    """Do what a request names; return what went wrong, empty if nothing did."""
    log.info("%s, version %s", request.do, request.version)
    try:
        if request.do == "confirm":
            rauc.mark_good()
        elif request.do == "look":
            pass  # whoever comes here has looked
        elif slots.trial:
            return "an image on trial changes no slot"
        elif is_older(request.version, image):
            return OLDER
        elif request.do == "try":
            _try(request, rauc, slots)
        else:
            _install(request, rauc, folder)
    except RaucError as error:
        log.error("%s", error)
        return str(error)
    return ""


def _try(request: Request, rauc: Rauc, slots: Slots) -> None:
    # The other slot may hold the image before this one, which nobody may be sent back to.
    if slots.other != request.version:
        raise RaucError(f"the other slot does not hold version {request.version}")
    rauc.activate("other")


def _install(request: Request, rauc: Rauc, folder: UpdateFolder) -> None:
    if folder.bundle.is_symlink() or not folder.bundle.is_file():
        raise RaucError("there is no bundle")
    version = rauc.version_of(folder.bundle)
    if version != request.version:
        raise RaucError(f"the bundle is version {version}, not {request.version}"[:200])
    rauc.install(folder.bundle)
