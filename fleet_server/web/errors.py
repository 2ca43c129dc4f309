"""Pages for what goes wrong: what happened, and what to do about it. Never a stack trace."""

import logging

from flask import Flask, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security.core import AnonymousUser
from flask_wtf.csrf import CSRFError
from peewee import DataError, InterfaceError, OperationalError
from werkzeug.exceptions import BadRequest, Forbidden, HTTPException, ServiceUnavailable

from fleet_server.store.database import may_pass
from fleet_server.store.users import AccessEndedError
from fleet_server.web import bodies
from fleet_server.web.api.problems import problem

log = logging.getLogger(__name__)
MEGABYTE = 1024 * 1024
MACHINES = ("/api/", "/healthz", "/readyz", "/metrics")
"""What programs call; they get errors as problem details (RFC 9457)."""


class ListBusy(ServiceUnavailable):
    """Somebody else's list is being read, and one at a time is enough for the server's memory."""

    description = "another list is being read just now; please try again in a minute"


class AccessEnded(Forbidden):
    """The sessions of who asks ended while the request was on its way."""

    description = "all sessions of this person have ended; nothing was changed"


def init_app(app: Flask) -> None:
    """Answer every error of a page with a page."""
    app.register_error_handler(HTTPException, answer)
    app.register_error_handler(AccessEndedError, _ended)
    app.register_error_handler(DataError, _unfit)
    app.register_error_handler(OperationalError, _unavailable)
    app.register_error_handler(InterfaceError, _unavailable)


def _unfit(_error: DataError) -> ResponseReturnValue:
    """Answer what the database can't hold, such as a text with a NUL in it."""
    return answer(BadRequest("a value holds characters that can't be kept, or is too large"))


def _ended(_error: AccessEndedError) -> ResponseReturnValue:
    """Answer who is signed in no more, with a page for who is not."""
    g._login_user = AnonymousUser()  # type: ignore[no-untyped-call]  # none given there
    return answer(AccessEnded())


def _unavailable(error: Exception) -> ResponseReturnValue:
    """Answer while the database can't be reached or written."""
    if not may_pass(error):
        raise error
    log.error("the database can't be used: %s", error)
    # The page of the error must not ask the database who is signed in.
    g._login_user = AnonymousUser()  # type: ignore[no-untyped-call]  # none given there
    return answer(ServiceUnavailable("the database can't be used just now; please try again"))


def for_machines() -> bool:
    """Tell whether the caller of this request is a program."""
    return request.path.startswith(MACHINES)


def answer(error: HTTPException) -> ResponseReturnValue:
    """Return the page of an HTTP error, or problem details where a program asked."""
    if error.response is not None or (error.code or 500) < 400:
        return error
    code = error.code or 500
    if for_machines():
        headers = {key: value for key, value in error.get_headers() if key != "Content-Type"}
        return problem(code, str(error.description or error.name), headers)
    title, advice = _words(error, code)
    let = bodies.let() if code == 413 else None
    back = let and let[1]
    page = render_template("error.html", code=code, title=title, advice=advice, back=back)
    headers = {"Retry-After": "60"} if code in (429, 503) else {}
    return page, code, headers


def _too_large() -> str:
    """Say how much is taken where the request went, and what to do."""
    if let := bodies.let():
        said = gettext(
            "At most %(most)s MB are taken here at once, all files and the text together. Nothing "
            "of it was kept: please go back, enter the text again, and choose fewer or smaller "
            "files.",
            most=let[0] // MEGABYTE,
        )
    elif request.endpoint == "tree.send_list":
        said = gettext(
            "A page takes at most 1 MB. Divide the list, or import it on the server with: "
            "hailong-fleet import-tree"
        )
    else:
        said = gettext(
            "A page takes at most 1 MB. Nothing of it was kept: please send less at once."
        )
    return str(said)


def _words(error: HTTPException, code: int) -> tuple[str, str]:
    if isinstance(error, CSRFError):
        return (
            gettext("This form is too old"),
            gettext("Nothing was changed. Please go back, reload the page and send it again."),
        )
    if isinstance(error, AccessEnded):
        return (
            gettext("You are signed in no more"),
            gettext(
                "Nothing was changed. All your sessions have just ended, for example because your "
                "roles were changed. Please sign in again."
            ),
        )
    if isinstance(error, ListBusy):
        return (
            gettext("Another list is being read just now"),
            gettext("Nothing was changed. Please go back and send it again in a minute."),
        )
    known = {
        401: (
            gettext("You are not signed in"),
            gettext("Your session has ended. Please sign in again."),
        ),
        403: (
            gettext("You may not do this"),
            gettext("Your role does not allow it. Please ask an administrator of the fleet."),
        ),
        404: (
            gettext("There is no such page"),
            gettext("The address may be mistyped, or what it named is gone."),
        ),
        405: (
            gettext("This can't be done here"),
            gettext("Please go back and use the buttons of the page."),
        ),
        413: (
            gettext("This is too large"),
            _too_large(),
        ),
        429: (
            gettext("Too many tries"),
            gettext("Please wait a minute, then try again."),
        ),
        503: (
            gettext("The server is busy"),
            gettext("Please try again in a minute."),
        ),
    }
    if code >= 500:
        return known.get(code) or (
            gettext("Something went wrong in the server"),
            gettext(
                "Please try again; if it stays, tell the administrator the time and the address "
                "of this page."
            ),
        )
    return known.get(code) or (
        gettext("The server can't make sense of this request"),
        gettext("Please go back, reload the page and try again."),
    )
