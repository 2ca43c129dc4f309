"""What everybody may see: a page of each unit that has switched it on, and open data.

No cookie is read or set, and caches may keep an answer for an hour. A unit that is not public, and
one that is not there, are the same.
"""

from collections.abc import Callable
from datetime import date, timedelta

from flask import Blueprint, Response, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue

from fleet_server.core.tree import Node
from fleet_server.store.published import published
from fleet_server.web import access, apart, cookieless, language
from fleet_server.web.access import allow
from fleet_server.web.figures import together
from fleet_server.web.period import today
from fleet_server.web.published import data
from fleet_server.web.published.months import asked, months
from fleet_server.web.services import services
from fleet_server.web.told_head import told_head

KEPT_S = 3600

blueprint = Blueprint(cookieless.BLUEPRINT, __name__, template_folder=".")


def _units() -> list[Node]:
    held = published()
    return [node for node in access.tree() if node.id in held]


def _head() -> str:
    number, digest = told_head()
    return f"{number}:{digest}"


@blueprint.after_request
def keep(answer: Response) -> Response:
    """Let caches keep what was found, and ask again by its tag."""
    if answer.status_code == 200:
        answer.headers["Cache-Control"] = f"public, max-age={KEPT_S}"
        answer.content_language.add(language.current())
        answer.add_etag()
        answer.make_conditional(request)
    return answer


@blueprint.get("/public")
@allow("public")
def index() -> str:
    """List the units whose figures are public, and what the open data is."""
    return render_template(
        "published_index.html",
        units=_units(),
        files=[
            ("published.as_csv", data.dictionary(data.FIELDS)),
            ("published.channels_as_csv", data.dictionary(data.CHANNEL_FIELDS)),
        ],
        **_common(),
    )


@blueprint.get("/public/<code>")
@allow("public")
def one(code: str) -> ResponseReturnValue:
    """Show a unit's months."""
    unit = next((node for node in _units() if node.code == code), None)
    if unit is None:
        return render_template("published_gone.html", **_common()), 404
    now = today()
    held = months(unit, now)
    whole = together(month.figures for month in held)
    return render_template(
        "published.html",
        unit=unit,
        months=held,
        until=(now - timedelta(days=1)).isoformat(),
        whole=whole,
        others=apart.lines(asked(unit, now), whole),
        head=_head(),
        **_common(),
    )


@blueprint.get("/public/open-data.csv")
@allow("public")
def as_csv() -> ResponseReturnValue:
    """Give out the months of all public units as CSV."""
    return _csv(data.FIELDS, _lines, "hailong-open-data.csv")


@blueprint.get("/public/open-data-channels.csv")
@allow("public")
def channels_as_csv() -> ResponseReturnValue:
    """Give out what came by other channels in these months."""
    return _csv(data.CHANNEL_FIELDS, _channel_lines, "hailong-open-data-channels.csv")


@blueprint.get("/public/open-data.json")
@allow("public")
def as_json() -> ResponseReturnValue:
    """Give out both with what their columns mean."""
    if not _licence():
        return render_template("published_gone.html", **_common()), 404
    body = {
        "publisher": services().settings.fleet.name,
        "licence": _licence(),
        "audit_head": _head(),
        "fields": data.dictionary(data.FIELDS),
        "rows": _lines(),
        "other_channels": {
            "fields": data.dictionary(data.CHANNEL_FIELDS),
            "rows": _channel_lines(),
        },
    }
    return _file(make_response(jsonify(body)), "application/json", "hailong-open-data.json")


def _lines() -> list[dict[str, data.Value]]:
    now: date = today()
    return [data.line(unit, month) for unit in _units() for month in months(unit, now)]


def _channel_lines() -> list[dict[str, data.Value]]:
    now: date = today()
    return [
        data.channel_line(unit, month, one)
        for unit in _units()
        for month in months(unit, now)
        for one in apart.lines(asked(unit, now).over(month.days), month.figures)
    ]


def _csv(
    fields: data.Fields, lines: Callable[[], list[dict[str, data.Value]]], name: str
) -> ResponseReturnValue:
    if not _licence():
        return render_template("published_gone.html", **_common()), 404
    answer = make_response(data.as_csv(fields, lines()))
    return _file(answer, "text/csv; charset=utf-8; header=present", name)


def _file(answer: Response, kind: str, name: str) -> Response:
    answer.headers["Content-Type"] = kind
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def _licence() -> str:
    return services().settings.public.licence


def _common() -> dict[str, object]:
    return {"licence": _licence(), "spoken": language.current(), "at": g.now}
