"""The interface in words, made from its OpenAPI document; and what each kind of problem means."""

import json
from collections.abc import Mapping
from typing import Any, cast

from apiflask import APIFlask
from flask import Blueprint, abort, current_app, render_template

from fleet_server.web.access import allow
from fleet_server.web.api.problems import TITLES
from fleet_server.web.api.reference.words import PROBLEMS

METHODS = ("get", "post", "put", "delete")

blueprint = Blueprint("reference", __name__, template_folder=".", url_prefix="/api/v1")


@blueprint.get("/")
@allow("public")
def show() -> str:
    """Show what the interface can do, route by route."""
    document = cast(APIFlask, current_app).spec
    whole = cast("dict[str, Any]", document)
    return render_template(
        "reference.html",
        document=whole,
        routes=_routes(whole),
        resolve=lambda part: resolved(whole, part),
        pretty=pretty,
        problems=TITLES,
    )


def _routes(document: Mapping[str, Any]) -> dict[str, list[tuple[str, str, dict[str, Any]]]]:
    """Return method, path and operation of each route, by subject."""
    found: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
        tag["name"]: [] for tag in document["tags"]
    }
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                told = methods[method]
                found[told["tags"][0]].append((method.upper(), path, told))
    return found


def resolved(document: Mapping[str, Any], part: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a part of the document, or what it refers to."""
    found: Any = part
    while "$ref" in found:
        names = found["$ref"].removeprefix("#/").split("/")
        found = document
        for name in names:
            found = found[name]
    return cast("Mapping[str, Any]", found)


def pretty(example: object) -> str:
    """Return an example as people read it."""
    return json.dumps(example, ensure_ascii=False, indent=2)


@blueprint.get("/problems/<kind>")
@allow("public")
def problem(kind: str) -> str:
    """Show what a kind of problem means, and what to do."""
    if kind not in TITLES:
        abort(404)
    status, title = TITLES[kind]
    return render_template(
        "problem.html", kind=kind, status=status, title=title, told=PROBLEMS[kind]
    )
