"""Whether a card is that of a terminal already."""

from pathlib import Path

from provisioning.card.devices import Device
from provisioning.card.fat import Fat
from provisioning.card.image import CHUNK
from provisioning.card.partitions import read_table
from provisioning.card.writing import ENROLMENT
from provisioning.errors import ProvisioningError
from wire.enrolment import MAX_FILE, load_toml
from wire.errors import WireError


def terminal_on(device: Device) -> str | None:
    """Return the id of the terminal whose card this is, None for any other card."""
    path = Path(device.path)
    try:
        with path.open("rb") as file:
            head = file.read(CHUNK)
        content = Fat(path, read_table(path, head).fat).get(ENROLMENT, MAX_FILE + 1)
        return load_toml(content.decode()).terminal
    except (ProvisioningError, OSError, UnicodeDecodeError, WireError):
        return None
