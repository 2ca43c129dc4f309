"""Cursors and ``Link`` headers of lists."""

from collections.abc import Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import request

from fleet_server.web.api.problems import wrong

T = TypeVar("T")
HIGHEST = 2**63 - 1


def number_of(cursor: str) -> int:
    """Return the number that a list by numbers goes on after; 0 at the beginning.

    Raises:
        Problem: 422, it is no cursor of such a list.
    """
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 20 and int(cursor) <= HIGHEST):
        raise wrong("query", "cursor", "is not one that this list gave out")
    return int(cursor)


def page(found: Sequence[T], limit: int) -> tuple[Sequence[T], T | None]:
    """Cut a list that was asked for one more than ``limit``; return it, and its last if more comes.

    Args:
        found: up to ``limit`` + 1.
        limit: how much a page holds.
    """
    shown = found[:limit]
    return shown, shown[-1] if len(found) > limit else None


def linked(body: dict[str, Any], cursor: str | None) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Return an answer with its ``Link`` header to the next page (RFC 8288), if there is one."""
    if cursor is None:
        return body, 200, {}
    query = {**request.args.to_dict(), "cursor": cursor}
    return body, 200, {"Link": f'<{request.path}?{urlencode(query)}>; rel="next"'}
