"""How large the body of a request may be: 1 MB, unless its view takes more.

The form is read by the check of its token. So the limit is set before that, and after
`access.enforce`: only who may call the view may send so much.
"""

from collections.abc import Callable
from typing import TypeVar

from flask import current_app, request

View = TypeVar("View", bound=Callable[..., object])


def takes(most_bytes: int) -> Callable[[View], View]:
    """Say how many bytes a view takes; files among them wait on the disk, not in memory."""

    def mark(view: View) -> View:
        view.body_bytes = most_bytes  # type: ignore[attr-defined]  # a mark on a function
        return view

    return mark


def limit() -> None:
    """Let a view that takes more have it; runs before every view."""
    view = current_app.view_functions.get(request.endpoint or "")
    most = getattr(view, "body_bytes", None)
    if most is not None:
        request.max_content_length = most
