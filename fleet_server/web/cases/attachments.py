"""Files that come with an answer: known by their first bytes, never by their names.

They lie on the disk until they are kept, in the write transaction of their answer: so one file at a
time is in memory, of one person, since there is one writer at a time.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from os import SEEK_END

from werkzeug.datastructures import FileStorage

from fleet_server.core.answers import (
    HEAD_BYTES,
    MOST_ATTACHMENTS,
    MOST_BYTES,
    Attachment,
    AttachmentError,
    attachment_kind,
    attachment_name,
)
from fleet_server.web.words.cases import refused

MOST_BODY = MOST_ATTACHMENTS * MOST_BYTES + 1024 * 1024
"""Of a request with an answer: all its files, and the form around them."""

NAME_MAX = 120
PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent: files as an answer names them, what holds them, and what is wrong."""

    files: tuple[Attachment, ...]
    held: dict[str, FileStorage]
    wrong: list[str]


def read(sent: Iterable[FileStorage]) -> Sent:
    """Read files; one that can't be attached is read no further than its first bytes."""
    files: list[Attachment] = []
    held: dict[str, FileStorage] = {}
    wrong: list[str] = []
    for one in sent:
        if not one.filename:
            continue
        name = _name(one.filename)
        try:
            named = _named(name, one)
        except AttachmentError as error:
            wrong.append(refused(name, error))
            continue
        files.append(named)
        held[named.digest] = one
    return Sent(tuple(files), held, wrong)


def kept(sent: Sent) -> Iterator[tuple[str, bytes]]:
    """Yield the bytes of each file with its digest; the same file comes once."""
    for digest, one in sent.held.items():
        one.stream.seek(0)
        yield digest, one.stream.read()


def _named(name: str, one: FileStorage) -> Attachment:
    size = one.stream.seek(0, SEEK_END)
    one.stream.seek(0)
    kind = attachment_kind(one.stream.read(HEAD_BYTES), size)
    return Attachment(attachment_name(name, kind), kind, size, _digest(one))


def _digest(one: FileStorage) -> str:
    found = sha256()
    one.stream.seek(0)
    while piece := one.stream.read(PIECE):
        found.update(piece)
    return found.hexdigest()


def _name(given: str) -> str:
    """Return a file's name without its folder and what can't be seen."""
    last = given.rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[-NAME_MAX:] or "file"
