"""The OpenAPI document: what APIFlask makes of routes and schemas, completed.

Every route says its scope and what it answers (`operation`); here that becomes summary, security,
parameters, headers and problem details. What is completed is what is served, at
``/api/v1/openapi.json``; tests hold it against the specification and against the answers.
"""

from collections.abc import Iterator, Mapping
from inspect import getdoc
from typing import Any

from apiflask import APIFlask
from flask import current_app

from fleet_server.core.api_scopes import SCOPES
from fleet_server.web.api import events
from fleet_server.web.api.limits import WINDOW_S
from fleet_server.web.api.once import HEADER, LONGEST_KEY
from fleet_server.web.api.operation import Operation, operation_of
from fleet_server.web.api.problems import PATH, TITLES, TYPE
from fleet_server.web.api.schemas.common import PageOut
from fleet_server.web.services import services

SECURITY = "BearerKey"
JSON = "application/json"

ABOUT = """What a queue or one-stop system tells this fleet, and what other programs read of it.

Every request carries an API key, `Authorization: Bearer KEY`, with the scope that the route names;
a key may be for one branch of the tree, and then what lies outside is not there for it (404).
Errors are problem details (RFC 9457) whose `type` leads to a page that explains them. Lists are
read page by page by `cursor` and `limit`. What is sent may carry an `Idempotency-Key`."""

SUBJECTS = {
    "Tickets": "What happens to tickets at counters.",
    "Participation": "Who was served, who rated, and how.",
    "Ratings": "Each rating as it is now, as a feed of changes.",
    "Places": "Units, counters, terminals, and what a person should look at.",
    "Cases": "What has to be explained, by when, and what was answered.",
    "Signs": "Counters whose figures can hardly be chance, and what was ruled.",
    "Reports": "Reports that are kept, and their files.",
    "Webhooks": "Being told of events instead of asking.",
}

REASONS = {
    400: "The request is malformed, such as a body that is not one JSON object",
    401: "No API key, or one that is unknown, expired or revoked",
    403: "The API key lacks the scope",
    413: "The body is too long",
    414: "The address is too long",
    415: "The body is not JSON",
    422: "A field is wrong, or the Idempotency-Key was used for another request",
    429: "Too many requests; wait as long as Retry-After says",
    431: "The headers are too long",
    500: "A fault of the server; its log says what",
    503: "The database can't be used just now; try again",
}

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "Problem details (RFC 9457)",
    "properties": {
        "type": {
            "type": "string",
            "format": "uri-reference",
            "description": "Leads to a page that explains this kind of problem",
        },
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "What is wrong, and what to do"},
        "instance": {
            "type": "string",
            "format": "uri-reference",
            "description": "Names this one occurrence; a fault of the server is logged with it",
        },
        "errors": {
            "type": "array",
            "description": "What is wrong, field by field",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {
                        "type": "string",
                        "description": "Where in the body (RFC 6901), as a fragment",
                    },
                    "parameter": {"type": "string"},
                    "in": {"type": "string", "enum": ["query", "header", "path"]},
                    "detail": {"type": "string"},
                },
                "required": ["detail"],
            },
        },
    },
    "required": ["type", "title", "status", "detail", "instance"],
}


def _header(kind: str, description: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": kind}}


HEADERS: dict[str, dict[str, Any]] = {
    "RateLimit-Policy": _header("string", f"How often this key may ask in {WINDOW_S} s"),
    "RateLimit": _header("string", "How often it still may (r), and for how many seconds (t)"),
    "Retry-After": _header("integer", "Seconds to wait"),
    "WWW-Authenticate": _header("string", "What kind of key is wanted, and what is wrong with it"),
    "ETag": _header("string", "Give it as If-None-Match to be told only what changed"),
    "Link": _header("string", "The next page, if there is one (RFC 8288)"),
    "Location": _header("string", "Where the new thing is"),
}
TOLD: dict[int, tuple[str, ...]] = {401: ("WWW-Authenticate",), 403: ("WWW-Authenticate",),
                                    429: ("Retry-After",), 503: ("Retry-After",)}  # fmt: skip

IDEMPOTENCY: dict[str, Any] = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "A text of your own for this one request, such as a UUID: sent again within "
    "seven days, the same request is done once and answered the same",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[ -~]+$"},
}
IF_NONE_MATCH: dict[str, Any] = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of an answer that you hold: 304 if it is still true",
    "schema": {"type": "string"},
    "example": '"8c7dd922ad47494fc02c388e12c00eac278d4b3c"',
}


def init_app(app: APIFlask) -> None:
    """Let an app's document be completed before it is served."""
    app.config["AUTO_VALIDATION_ERROR_RESPONSE"] = False
    app.config["AUTO_AUTH_ERROR_RESPONSE"] = False
    app.config["AUTO_404_RESPONSE"] = False
    app.config["OPENAPI_VERSION"] = "3.1.0"
    app.spec_processor(complete)  # type: ignore[arg-type]  # the document is JSON, so a dict


def complete(document: dict[str, Any]) -> dict[str, Any]:
    """Complete the document."""
    document["info"]["description"] = ABOUT
    document["info"]["license"] = {"name": "All rights reserved", "identifier": "LicenseRef-Fleet"}
    document["servers"] = [{"url": services().settings.web.url}]
    document["tags"] = [{"name": name, "description": said} for name, said in SUBJECTS.items()]
    parts = document.setdefault("components", {})
    parts.setdefault("schemas", {})["Problem"] = PROBLEM
    parts["schemas"] |= events.schemas()
    parts["securitySchemes"] = {SECURITY: _scheme()}
    parts["headers"] = HEADERS
    parts["parameters"] = {"IdempotencyKey": IDEMPOTENCY, "IfNoneMatch": IF_NONE_MATCH}
    views = dict(_views())
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            if method in ("get", "put", "post", "delete", "patch"):
                view = views[path, method.upper()]
                _complete_operation(told, view, method, path)
    document["webhooks"] = events.described()
    _plain_patterns(document)
    return document


def _plain_patterns(part: Any) -> None:
    """Write the ends of patterns as JSON Schema has them: Python's own are not known to others."""
    if isinstance(part, list):
        for one in part:
            _plain_patterns(one)
    elif isinstance(part, dict):
        if isinstance(part.get("pattern"), str):
            part["pattern"] = part["pattern"].replace(r"\A", "^").replace(r"\Z", "$")
        for one in part.values():
            _plain_patterns(one)


def _views() -> Iterator[tuple[tuple[str, str], Any]]:
    for rule in current_app.url_map.iter_rules():
        view = current_app.view_functions[rule.endpoint]
        if operation_of(view) is None:
            continue
        path = rule.rule
        for name in rule.arguments:
            for kind in ("", "int:"):
                path = path.replace(f"<{kind}{name}>", f"{{{name}}}")
        for method in rule.methods or ():
            yield (path, method), view


def _scheme() -> dict[str, Any]:
    scopes = ", ".join(f"`{scope}`" for scope in SCOPES)
    return {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key, made on the page Keys or by `hailong-fleet key add`."
        f" Scopes: {scopes}.",
    }


def _complete_operation(told: dict[str, Any], view: Any, method: str, path: str) -> None:
    said = operation_of(view)
    if said is None:
        raise AssertionError(f"{path} says nothing of itself")
    told["operationId"] = _camel(view.__name__)
    told["summary"] = said.summary
    told["tags"] = [said.subject]
    told["security"] = [{SECURITY: []}]
    told["description"] = f"{getdoc(view)}\n\nScope: `{said.scope}`"
    _complete_parameters(told, said)
    _complete_answers(told, said)
    for status, reason in _refusals(told, said, method).items():
        told["responses"][str(status)] = _refusal(status, reason)


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def _complete_parameters(told: dict[str, Any], said: Operation) -> None:
    more = []
    if said.once:
        more.append({"$ref": "#/components/parameters/IdempotencyKey"})
    if said.lasting:
        more.append({"$ref": "#/components/parameters/IfNoneMatch"})
    if more:
        told["parameters"] = [*told.get("parameters", []), *more]
    for one in told.get("parameters", []):
        _of_this_version(one.get("schema", {}))


def _of_this_version(schema: dict[str, Any]) -> None:
    """Take out what APIFlask writes of parameters as OpenAPI 3.0 had it; none can be null."""
    if schema.pop("nullable", False) and schema.get("default", "") is None:
        del schema["default"]
    if "example" in schema:
        schema["examples"] = [schema.pop("example")]


def _complete_answers(told: dict[str, Any], said: Operation) -> None:
    names = ["RateLimit-Policy", "RateLimit"]
    for status, answer in told["responses"].items():
        own = list(names)
        own += ["ETag"] if said.lasting else []
        own += ["Location"] if status == "201" else []
        own += ["Link"] if _is_page(answer) else []
        answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in own}
        if said.links and not status.startswith("3"):
            answer["links"] = {name: dict(link) for name, link in said.links.items()}
        if said.example is not None and JSON in answer.get("content", {}):
            answer["content"][JSON]["example"] = said.example
    if said.lasting:
        told["responses"]["304"] = {"description": "Nothing has changed since that ETag"}


def _is_page(answer: Mapping[str, Any]) -> bool:
    """Whether an answer is a page: its schema's name says so, as it is only referred to."""
    reference = answer.get("content", {}).get(JSON, {}).get("schema", {}).get("$ref", "")
    return reference.rpartition("/")[2] in {one.__name__ for one in PageOut.__subclasses__()}


def _refusals(told: Mapping[str, Any], said: Operation, method: str) -> dict[int, str]:
    wanted = [400, 401, 403, 414, 429, 431, 500, 503]
    wanted += [413, 415] if method in ("post", "put", "patch") else []
    asked = any(one.get("in") == "query" for one in told.get("parameters", []))
    wanted += [422] if asked or said.once else []
    return {**{status: REASONS[status] for status in wanted}, **said.answers}


def _refusal(status: int, reason: str) -> dict[str, Any]:
    name, title = next((name, title) for name, (own, title) in TITLES.items() if own == status)
    example = {
        "type": f"{services().settings.web.url}{PATH}{name}",
        "title": title,
        "status": status,
        "detail": f"{reason[0].lower()}{reason[1:]}",
        "instance": "urn:uuid:0b9f3c9e-6a7d-4a0e-8f4e-3a1f5b7c9d21",
    }
    headers = {one: {"$ref": f"#/components/headers/{one}"} for one in TOLD.get(status, ())}
    return {
        "description": reason,
        "content": {TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}},
        **({"headers": headers} if headers else {}),
    }
