"""The blueprint of the interface: who may call it, how much they may send, how errors look.

Every request passes here first; a view can't be reached without a key that has the view's scope.

1. The key is valid, or the try is counted by address.
2. The key has not asked too often.
3. The key has the scope of the route.
4. The address is not longer than anybody needs it, and says each thing once.
5. The body is one unambiguous JSON object of at most `MAX_BODY` bytes.
"""

import logging
from collections.abc import Mapping
from typing import cast

from apiflask import APIBlueprint
from apiflask.exceptions import HTTPError
from flask import Response, current_app, g, request
from flask.typing import ResponseReturnValue
from peewee import DataError, PeeweeException
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from fleet_server.core.api_scopes import ApiScope
from fleet_server.core.roles import EVERYTHING, Scope
from fleet_server.store import api_keys
from fleet_server.store.api_keys import Holder
from fleet_server.store.database import may_pass
from fleet_server.store.queue_events import Refused
from fleet_server.web import access
from fleet_server.web.api import limits
from fleet_server.web.api.operation import operation_of
from fleet_server.web.api.problems import Problem, flatten, problem, wrong
from fleet_server.web.services import services
from wire.errors import WireError
from wire.strictjson import parse_object

MAX_BODY = 16 * 1024
"""Bytes of a request's body."""

CHALLENGE = 'Bearer realm="hailong"'
MAX_ADDRESS = 4_000
"""Bytes of path and query."""

WITH_BODY = ("POST", "PUT", "PATCH")

blueprint = APIBlueprint("api", __name__, url_prefix="/api/v1")
log = logging.getLogger(__name__)


def authenticate() -> None:
    """Refuse a request without a valid key.

    Raises:
        Problem: 401 without a key, or with one that is unknown, expired, revoked or stopped; 429
            where it was tried, or where the key asked, too often.
    """
    given = request.authorization
    if given is None or given.type != "bearer" or not given.token:
        limits.brake()
        raise Problem(
            401,
            "send an API key: Authorization: Bearer KEY",
            {"WWW-Authenticate": CHALLENGE},
        )
    holder = api_keys.holder(given.token, services().clock())
    if holder is None or holder.standing in ("expired", "revoked") or holder.stopped:
        limits.brake()
        raise Problem(401, _unusable(holder), _challenge("invalid_token"))
    limits.take(holder.id)
    g.api_key = holder


def _unusable(holder: Holder | None) -> str:
    if holder is None:
        return "this API key is not known here"
    if holder.standing not in ("expired", "revoked"):
        return (
            "this API key has stopped: whoever made it may not any more; ask the fleet's "
            "administrator to let it go on"
        )
    happened = "has expired" if holder.standing == "expired" else "was revoked"
    return f"this API key {happened}; ask the fleet's administrator for another"


def _challenge(error: str, scope: str = "") -> dict[str, str]:
    more = f', scope="{scope}"' if scope else ""
    return {"WWW-Authenticate": f'{CHALLENGE}, error="{error}"{more}'}


def caller() -> Holder:
    """Return the key of this request."""
    return cast(Holder, g.api_key)


def sight() -> Scope:
    """Return the part of the fleet that this request's key is for."""
    if "api_sight" not in g:
        unit = caller().unit
        g.api_sight = EVERYTHING if unit is None else Scope(access.tree().branch(unit))
    return cast(Scope, g.api_sight)


def demand(scope: ApiScope) -> None:
    """Refuse a key without a scope.

    Raises:
        Problem: 403, which says what it lacks.
    """
    if scope not in caller().scopes:
        raise Problem(
            403,
            f"this API key lacks the scope {scope}; ask the fleet's administrator for one with it",
            _challenge("insufficient_scope", scope),
        )


def check_scope() -> None:
    """Refuse a key without the scope of the route, and a route that has none.

    Raises:
        Problem: 403.
    """
    said = operation_of(current_app.view_functions[request.endpoint or ""])
    if said is None:
        log.error("the route %s has no scope", request.endpoint)
        raise Problem(403, "nobody may call this")
    demand(said.scope)


def check_address() -> None:
    """Refuse an address that nobody needs so long, and one that says the same thing twice.

    Raises:
        Problem: 414, or 422.
    """
    if len(request.path.encode()) + len(request.query_string) > MAX_ADDRESS:
        raise Problem(414, f"path and query are longer than {MAX_ADDRESS} bytes")
    for name, values in request.args.lists():
        if len(values) > 1:
            raise wrong("query", name[:64], "is given more than once")


def check_body() -> None:
    """Refuse a body that is too long or not one unambiguous JSON object.

    Raises:
        Problem: what is wrong with it.
    """
    request.max_content_length = MAX_BODY
    if request.method not in WITH_BODY:
        return
    try:
        data = request.get_data(cache=True)
    except RequestEntityTooLarge:
        raise Problem(413, f"the body is longer than {MAX_BODY} bytes") from None
    if not data and _needs_no_body():
        return
    if not request.is_json:
        raise Problem(415, "send JSON, with Content-Type: application/json")
    try:
        parse_object(data, MAX_BODY, floats=True)
    except WireError as error:
        raise Problem(400, f"the body is {error}") from None


def _needs_no_body() -> bool:
    view = current_app.view_functions[request.endpoint or ""]
    return not cast("Mapping[str, object]", getattr(view, "_spec", {})).get("body")


def keep_no_copy(response: Response) -> Response:
    """Let nobody between us and the caller keep an answer; a caller may, and ask if it changed."""
    said = operation_of(current_app.view_functions.get(request.endpoint or ""))
    if said is None or not said.lasting or response.status_code != 200:
        response.headers["Cache-Control"] = "no-store"
        return response
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


blueprint.before_request(authenticate)
blueprint.before_request(check_scope)
blueprint.before_request(check_address)
blueprint.before_request(check_body)
blueprint.after_request(keep_no_copy)
blueprint.after_request(limits.tell)


def answer_problem(error: Problem) -> ResponseReturnValue:
    """Answer what this interface itself refused."""
    return problem(error.status, error.detail, error.headers, error.kind, error.errors)


def answer_refused(error: Refused) -> ResponseReturnValue:
    """Answer what the store refused."""
    return problem(error.status, str(error))


def answer_invalid(error: HTTPError) -> ResponseReturnValue:
    """Answer what a schema refused, field by field."""
    errors = flatten(error.detail)
    words = "; ".join(f"{one.name}: {one.message}" if one.name else one.message for one in errors)
    return problem(error.status_code, words or "the request is wrong", errors=errors)


def answer_http(error: HTTPException) -> ResponseReturnValue:
    """Answer what the framework refused."""
    return problem(error.code or 500, str(error.description or error.name))


def answer_database(error: PeeweeException) -> ResponseReturnValue:
    """Answer where the database can't hold a value, or can't be used just now."""
    if isinstance(error, DataError):
        return problem(400, "a value holds characters that can't be kept, or is too large")
    if not may_pass(error):
        return answer_unexpected(error)
    log.error("the database refused: %s", error)
    return problem(503, "the database can't be used just now; try again", {"Retry-After": "5"})


def answer_unexpected(error: Exception) -> ResponseReturnValue:
    """Answer a fault of ours; what happened is in the server's log."""
    answer = problem(500, "something went wrong in the server; its log says what")
    instance = cast("dict[str, str]", answer.json)["instance"]
    log.error("%s %s failed (%s)", request.method, request.path, instance, exc_info=error)
    return answer


def handle_errors(part: APIBlueprint) -> None:
    """Let every error of a blueprint be answered as a problem."""
    part.register_error_handler(Problem, answer_problem)
    part.register_error_handler(Refused, answer_refused)
    part.register_error_handler(HTTPError, answer_invalid)
    part.register_error_handler(HTTPException, answer_http)
    part.register_error_handler(PeeweeException, answer_database)
    part.register_error_handler(Exception, answer_unexpected)


handle_errors(blueprint)
