"""The blueprint of the interface: who may call it, how much they may send, how errors look.

Every request passes here first; a view can't be reached without a key.
"""

import logging
from typing import Any

from apiflask import APIBlueprint
from apiflask.exceptions import HTTPError
from flask import Flask, Response, g, request
from flask.typing import ResponseReturnValue
from peewee import DataError, PeeweeException
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from fleet_server.store import api_keys
from fleet_server.store.database import may_pass
from fleet_server.store.queue_events import Refused
from fleet_server.web.api.problems import Problem, flatten, problem
from fleet_server.web.services import services
from wire.errors import WireError
from wire.strictjson import parse_object

MAX_BODY = 16 * 1024
"""Bytes of a request's body."""

SCHEME = {
    "BearerKey": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key, made by: hailong-fleet key add --name NAME",
    }
}
SECURITY = "BearerKey"
CHALLENGE = 'Bearer realm="hailong"'

blueprint = APIBlueprint("api", __name__, url_prefix="/api/v1", tag="Hailong")
log = logging.getLogger(__name__)


def describe(app: Flask) -> None:
    """Say in the OpenAPI document how errors look."""
    app.config["VALIDATION_ERROR_SCHEMA"] = PROBLEM
    app.config["HTTP_ERROR_SCHEMA"] = PROBLEM
    app.config["VALIDATION_ERROR_DESCRIPTION"] = "A field is wrong; nothing was changed"
    app.config["NOT_FOUND_DESCRIPTION"] = "There is no such thing; nothing was changed"


PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "Problem details (RFC 9457), sent as application/problem+json",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
    "required": ["type", "title", "status", "detail"],
}


def authenticate() -> None:
    """Refuse a request without a valid key.

    Raises:
        Problem: 401 without a key or with an unknown one, 403 with a revoked one.
    """
    given = request.authorization
    if given is None or given.type != "bearer" or not given.token:
        raise Problem(
            401,
            "send an API key: Authorization: Bearer KEY",
            {"WWW-Authenticate": CHALLENGE},
        )
    holder = api_keys.holder(given.token, services().clock())
    if holder is None:
        challenge = f'{CHALLENGE}, error="invalid_token"'
        raise Problem(401, "this API key is not known here", {"WWW-Authenticate": challenge})
    if holder.revoked:
        raise Problem(403, "this API key was revoked; ask the fleet's administrator for another")
    g.api_key = holder


def check_body() -> None:
    """Refuse a body that is too long or not one unambiguous JSON object.

    Raises:
        Problem: what is wrong with it.
    """
    request.max_content_length = MAX_BODY
    if request.method not in ("POST", "PUT", "PATCH"):
        return
    try:
        data = request.get_data(cache=True)
    except RequestEntityTooLarge:
        raise Problem(413, f"the body is longer than {MAX_BODY} bytes") from None
    if not request.is_json:
        raise Problem(415, "send JSON, with Content-Type: application/json")
    try:
        parse_object(data, MAX_BODY, floats=True)
    except WireError as error:
        raise Problem(400, f"the body is {error}") from None


def keep_no_copy(response: Response) -> Response:
    """Let nobody between us and the caller keep an answer."""
    response.headers["Cache-Control"] = "no-store"
    return response


blueprint.before_request(authenticate)
blueprint.before_request(check_body)
blueprint.after_request(keep_no_copy)


def answer_problem(error: Problem) -> ResponseReturnValue:
    """Answer what this interface itself refused."""
    return problem(error.status, error.detail, error.headers)


def answer_refused(error: Refused) -> ResponseReturnValue:
    """Answer what the store refused."""
    return problem(error.status, str(error))


def answer_invalid(error: HTTPError) -> ResponseReturnValue:
    """Answer what a schema refused, field by field."""
    errors = flatten(error.detail)
    words = "; ".join(f"{field}: {message}" if field else message for field, message in errors)
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
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    return problem(500, "something went wrong in the server; its log says what")


def handle_errors(part: APIBlueprint) -> None:
    """Let every error of a blueprint be answered as a problem."""
    part.register_error_handler(Problem, answer_problem)
    part.register_error_handler(Refused, answer_refused)
    part.register_error_handler(HTTPError, answer_invalid)
    part.register_error_handler(HTTPException, answer_http)
    part.register_error_handler(PeeweeException, answer_database)
    part.register_error_handler(Exception, answer_unexpected)


handle_errors(blueprint)
