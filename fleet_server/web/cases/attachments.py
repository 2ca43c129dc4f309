"""Files that come with an answer: known by their first bytes, never by their names."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from os import SEEK_END, SEEK_SET

from werkzeug.datastructures import FileStorage

from fleet_server.core.answers import (
    HEAD_BYTES,
    MOST_ATTACHMENTS,
    MOST_BYTES,
    Attachment,
    AttachmentError,
    attachment_kind,
)
from fleet_server.web.words.cases import refused

MOST_BODY = MOST_ATTACHMENTS * MOST_BYTES + 1024 * 1024
"""Of a request with an answer: all its files, and the form around them."""

NAME_MAX = 120


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent: files as an answer names them, their bytes by digest, and what is wrong."""

    files: tuple[Attachment, ...]
    data: dict[str, bytes]
    wrong: list[str]


def read(sent: Iterable[FileStorage]) -> Sent:
    """Read files; one that can't be attached is read no further than its first bytes."""
    files: list[Attachment] = []
    data: dict[str, bytes] = {}
    wrong: list[str] = []
    for one in sent:
        if not one.filename:
            continue
        name = _name(one.filename)
        try:
            kind, content = _content(one)
        except AttachmentError as error:
            wrong.append(refused(name, error))
            continue
        digest = sha256(content).hexdigest()
        files.append(Attachment(name, kind, len(content), digest))
        data[digest] = content
    return Sent(tuple(files), data, wrong)


def _content(one: FileStorage) -> tuple[str, bytes]:
    size = one.stream.seek(0, SEEK_END)
    one.stream.seek(0, SEEK_SET)
    head = one.stream.read(HEAD_BYTES)
    kind = attachment_kind(head, size)
    return kind, head + one.stream.read()


def _name(given: str) -> str:
    """Return a file's name without its folder and what can't be seen."""
    last = given.rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[-NAME_MAX:] or "file"
