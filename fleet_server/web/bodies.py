"""How large the body of a request may be: 1 MB, unless its view takes more.

The form is read by the check of its token. So the limit is set before that, and after
`access.enforce`: only who may call the view may send so much, only where they may do there what
they send, and one such request of a person at a time. What comes waits in `TMPDIR`, on the disk.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar

from flask import Flask, current_app, g, request, url_for
from flask_security import current_user
from werkzeug.exceptions import ServiceUnavailable

View = TypeVar("View", bound=Callable[..., object])

_lock = Lock()
_sending: set[int] = set()
"""Who is sending something large just now, by their accounts."""


@dataclass(frozen=True, slots=True)
class _More:
    """What `takes` says of a view; one that says nothing takes no more than any."""

    most_bytes: int = 0
    may: Callable[..., bool] = lambda **_named: False
    back: str = ""


def takes(most_bytes: int, may: Callable[..., bool], back: str) -> Callable[[View], View]:
    """Say how many bytes a view takes; files among them wait on the disk, not in memory.

    Args:
        most_bytes: of the whole request.
        may: is given what the address names and tells whether who asks may send so much there; it
            may abort.
        back: the endpoint of the page with the form; its address names what the view's does.
    """

    def mark(view: View) -> View:
        view.body_takes = _More(most_bytes, may, back)  # type: ignore[attr-defined]  # a mark on a function
        return view

    return mark


def init_app(app: Flask) -> None:
    """Let views that take more have it."""
    app.before_request(limit)
    app.teardown_request(_over)


def limit() -> None:
    """Let a view that takes more have it; runs before every view.

    Raises:
        ServiceUnavailable: something else of the same person is still under way.
    """
    more = _more()
    if _is_small() or not more.may(**(request.view_args or {})):
        return
    with _lock:
        if current_user.id in _sending:
            raise ServiceUnavailable
        _sending.add(current_user.id)
    g.sending = current_user.id
    request.max_content_length = more.most_bytes


def let() -> tuple[int, str] | None:
    """Return how many bytes the view was let have, and its form's address; None: as any view."""
    if "sending" not in g:
        return None
    more = _more()
    return more.most_bytes, url_for(more.back, **(request.view_args or {}))


def _more() -> _More:
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "body_takes", _More())


def _is_small() -> bool:
    """Tell whether the request says that it is not larger than any may be."""
    length, usual = request.content_length, request.max_content_length
    return length is not None and usual is not None and length <= usual


def _over(_error: Any) -> None:
    if "sending" in g:
        with _lock:
            _sending.discard(g.pop("sending"))
