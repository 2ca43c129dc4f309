"""Lists that people send and take away: one read at a time, their names, and files as answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from flask import Response

from fleet_server.core.tree_import.vocabulary import Language
from fleet_server.sheets.reading import FILE_MAX
from fleet_server.web import language
from fleet_server.web.errors import ListBusy

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
NAME_MAX = 120
WAIT_S = 2.0
"""How long a list waits for another; small ones are read in less, and never refused for it."""

_turn = Lock()


@contextmanager
def alone() -> Iterator[None]:
    """Read one list at a time in this process: each may take some hundred megabytes for a while.

    Raises:
        ListBusy: another is still being read.
    """
    if not _turn.acquire(timeout=WAIT_S):
        raise ListBusy
    try:
        yield
    finally:
        _turn.release()


def received(upload: Any) -> tuple[bytes, str]:
    """Return the content of a file that was sent, and a name that can be shown."""
    letters = (one for one in upload.filename if one.isprintable())
    return upload.read(FILE_MAX + 1), "".join(letters)[-NAME_MAX:] or "list"


def attached(content: bytes | str, media: str, name: str) -> Response:
    """Return a file to be saved, not shown; ``media`` is its type with its charset."""
    answer = Response(content, content_type=media)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def spoken() -> Language:
    """Return the language in which a list is given out: that of the page."""
    return "vi" if language.current() == "vi" else "en"
