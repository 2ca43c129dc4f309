"""Light, dark, or as the machine has it: a choice that stays in this browser."""

from datetime import timedelta

from flask import Response, current_app, request
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

COOKIE = "hailong_look"
"""A cookie of its own: it outlives the sign-out, and says nothing of a person."""

LIFE = timedelta(days=365)
MACHINE = "machine"
LOOKS: dict[str, LazyString] = {
    MACHINE: _("As the device"),
    "light": _("Light"),
    "dark": _("Dark"),
}


def chosen() -> str:
    """Return the look that this browser asks for, as a key of `LOOKS`."""
    wanted = request.cookies.get(COOKIE, MACHINE)
    return wanted if wanted in LOOKS else MACHINE


def remember(answer: Response, wanted: str) -> None:
    """Let the browser keep a look."""
    answer.set_cookie(
        COOKIE,
        wanted,
        max_age=LIFE,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )
