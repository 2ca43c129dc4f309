"""The enrolment file that goes onto a card, and the note that it went onto one.

A token enrols one terminal. A second card with it would enrol nothing, so a note lies beside the
file once it was written, and the next time is warned of.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from provisioning.card.words import printable
from provisioning.errors import ProvisioningError
from wire.enrolment import MAX_FILE, EnrolmentFile, load_toml
from wire.errors import WireError
from wire.files import write_atomic


@dataclass(frozen=True, slots=True)
class Carried:
    """An enrolment file as it goes onto a card.

    Attributes:
        path: where it lies here.
        content: its bytes, with its secrets.
        file: what it says.
    """

    path: Path
    content: bytes
    file: EnrolmentFile

    @property
    def note(self) -> Path:
        """The file that says that it was written."""
        return self.path.with_name(f"{self.path.name}.written")


def read(path: Path) -> Carried:
    """Read an enrolment file.

    Raises:
        ProvisioningError: it can't be read or is wrong; the field is named.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE + 1)
        return Carried(path, content, load_toml(content.decode()))
    except OSError as error:
        raise ProvisioningError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ProvisioningError(f"{path}: not an enrolment file; it is not text") from None
    except WireError as error:
        raise ProvisioningError(f"{path}: not a right enrolment file: {error}") from None


def warnings(carried: Carried, now: datetime) -> list[str]:
    """Return what should make a person stop before this file goes onto a card."""
    found = []
    if carried.file.token is None:
        found.append("its token was used already; make a new file for this terminal")
    if carried.file.expires <= now.timestamp() * 1000:
        day = datetime.fromtimestamp(carried.file.expires / 1000, UTC).date()
        found.append(f"its token was good until {day}; make a new file for this terminal")
    if carried.note.exists():
        note = printable(carried.note.read_text("utf-8", "replace").strip())
        found.append(
            f"it is on a card already ({note}); only the first of two such terminals enrols"
        )
    return found


def remember(carried: Carried, card: str, now: datetime) -> None:
    """Note that the file is on a card now, such as ``SanDisk 0x1234``.

    Raises:
        OSError: the folder of the enrolment file can't be written.
    """
    write_atomic(carried.note, f"{now:%Y-%m-%d %H:%M} UTC, {card}\n".encode(), 0o600)
