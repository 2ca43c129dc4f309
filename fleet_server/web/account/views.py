"""What belongs to the person at the browser: the language, and light or dark."""

from typing import cast
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from fleet_server.web import look as looks
from fleet_server.web.access import allow
from fleet_server.web.language import LANGUAGES, SESSION_KEY

blueprint = Blueprint("account", __name__, template_folder=".")


@blueprint.post("/language")
@allow("public")
def language() -> ResponseReturnValue:
    """Change the language of this session and go back to the page."""
    wanted = request.form.get("language", "")
    if wanted not in LANGUAGES:
        abort(400)
    session[SESSION_KEY] = wanted
    return redirect(own_path(request.form.get("back", "")), 303)


@blueprint.post("/look")
@allow("public")
def look() -> ResponseReturnValue:
    """Change to light, dark or as the machine has it, and go back to the page."""
    wanted = request.form.get("look", "")
    if wanted not in looks.LOOKS:
        abort(400)
    answer = cast(Response, redirect(own_path(request.form.get("back", "")), 303))
    looks.remember(answer, wanted)
    return answer


def own_path(target: str) -> str:
    """Return the path if it leads to this server, else the first page."""
    parts = urlsplit(target)
    own = target.startswith("/") and not target.startswith(("//", "/\\"))
    if not own or parts.netloc or parts.scheme or not target.isprintable():
        return url_for("overview.show")
    return target
