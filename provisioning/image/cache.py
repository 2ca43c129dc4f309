"""What is kept from one image to the next, and the folder in which one is made meanwhile.

Whatever is kept is made in ``building`` and becomes what it is called by one rename, so a build
that was killed leaves nothing half under a good name; the next build clears what it left.
"""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from provisioning.cache import folder
from provisioning.errors import ProvisioningError


def kept() -> Path:
    """Return the folder of what images are made of."""
    return folder() / "image"


@contextmanager
def alone(step: Callable[[str], AbstractContextManager[None]]) -> Iterator[Path]:
    """Give an empty folder on the disk of what is kept, to one build at a time.

    Args:
        step: within it another build's end is waited for, where there is one.

    Raises:
        ProvisioningError: what a killed build left can't be removed.
    """
    building = kept() / "building"
    kept().mkdir(parents=True, exist_ok=True)
    with (kept() / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with step("Waiting for another build"):
                fcntl.flock(lock, fcntl.LOCK_EX)
        _clear(building)
        building.mkdir()
        try:
            yield building
        finally:
            shutil.rmtree(building)


def _clear(building: Path) -> None:
    if not building.exists():
        return
    try:
        shutil.rmtree(building)
    except OSError as error:
        raise ProvisioningError(
            f"{building}: is left from another build and can't be removed ({error.strerror});"
            " remove it by hand"
        ) from None
