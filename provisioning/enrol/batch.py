"""Writes what a list of terminals becomes: a folder for each, labels, the list of tokens."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from provisioning import tables
from provisioning.enrol import tokens
from provisioning.enrol.roster import REGISTERED, Entry
from provisioning.errors import ProvisioningError
from provisioning.pki.files import PRIVATE, PRIVATE_DIRECTORY, make_directory
from wire.enrolment import EnrolmentFile, dump_toml
from wire.fields import format_time
from wire.files import write_atomic

FILE = "enrolment.toml"
"""What a terminal looks for on its card."""
TOKENS = "tokens.csv"
LABELS = "labels.pdf"


def with_tokens(entries: Iterable[Entry]) -> list[EnrolmentFile]:
    """Return the enrolment files of a list, each with a new token: from here on secret."""
    return [replace(entry.file, token=tokens.new_token()) for entry in entries]


def make_sure_new(out: Path) -> None:
    """Refuse to mix two lists: tokens of an older one would look like those of this one.

    Raises:
        ProvisioningError: there is something at ``out``.
    """
    if out.exists():
        raise ProvisioningError(f"{out} exists already; please give a new name")


def write_files(
    out: Path, made: Iterable[EnrolmentFile], moved: Callable[[int], object] = lambda _: None
) -> None:
    """Write ``OUT/TERMINAL/enrolment.toml`` for each, readable by its owner alone.

    Args:
        out: the folder.
        made: the files, with their tokens.
        moved: told of each that was written, for a bar.

    Raises:
        OSError: one can't be written.
    """
    make_directory(out, PRIVATE_DIRECTORY)
    for file in made:
        folder = out / file.terminal
        make_directory(folder, PRIVATE_DIRECTORY)
        write_atomic(folder / FILE, dump_toml(file).encode(), PRIVATE)
        moved(1)


def write_tokens(out: Path, made: Sequence[EnrolmentFile]) -> Path:
    """Write the list by which the server registers these files; it holds no secret. Return where.

    Raises:
        OSError: it can't be written.
    """
    path = out / TOKENS
    headings = ["terminal", "counter", *REGISTERED]
    write_atomic(path, tables.write([headings, *map(_registered, made)]))
    return path


def _registered(file: EnrolmentFile) -> list[str]:
    until = format_time(file.expires)
    return [file.terminal, file.counter, tokens.digest(file.token or ""), until]
