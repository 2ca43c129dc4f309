"""Pages that anybody may keep a copy of: they read no cookie and set none.

Their language stands in the address, and whoever asks is nobody.
"""

from typing import Any

from flask import g, request
from flask.sessions import SecureCookieSessionInterface
from flask_security.core import AnonymousUser

BLUEPRINT = "published"


def is_asked() -> bool:
    """Tell whether this request is for such a page."""
    return request.blueprint == BLUEPRINT


def be_nobody() -> None:
    """Keep the library from looking into the session for a person."""
    g._login_user = AnonymousUser()  # type: ignore[no-untyped-call]  # none given there


class Sessions(SecureCookieSessionInterface):
    """Flask's own, but that such a page neither sets a cookie nor says that it depends on one."""

    def save_session(self, app: Any, session: Any, response: Any) -> None:
        """Write the session into its cookie."""
        if not is_asked():
            super().save_session(app, session, response)
