"""The file set for a card's FAT partition: dragged there with any laptop."""

from collections.abc import Iterator
from pathlib import Path

from provisioning.card.invitations import Carried
from provisioning.card.writing import ENROLMENT
from provisioning.errors import ProvisioningError
from wire.files import write_atomic

_SECRET = 0o600


def write(carried: Carried, out: Path) -> Iterator[Path]:
    """Write a new folder with the enrolment file and what to do with it; yield each path.

    Raises:
        ProvisioningError: the folder holds something already, or can't be written.
    """
    new_folder(out)
    for name, content, mode in (
        (ENROLMENT, carried.content, _SECRET),
        ("README.txt", text("files", carried).encode("utf-8-sig"), 0o644),
    ):
        write_atomic(out / name, content, mode)
        yield out / name


def new_folder(out: Path) -> None:
    """Make a folder that is readable by its owner alone.

    Raises:
        ProvisioningError: it holds something already, or can't be made.
    """
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        taken = any(out.iterdir())
    except OSError as error:
        raise ProvisioningError(f"{out}: {error.strerror}") from None
    if taken:
        raise ProvisioningError(f"{out}: holds something already; name a new folder")


def text(kind: str, carried: Carried | None) -> str:
    """Return the README of a file set, with lines as Notepad of any Windows reads them."""
    template = Path(__file__).with_name("texts") / f"{kind}.txt"
    file = carried.file if carried else None
    filled = template.read_text("utf-8").format(
        terminal=file.terminal if file else "—",
        counter=f"{file.counter_name} ({file.counter})" if file else "—",
    )
    return filled.replace("\n", "\r\n")
