"""The Flask application of the enrolment process."""

import structlog
from flask import Flask, Response, request
from flask_limiter import Limiter
from werkzeug.exceptions import HTTPException

from fleet_server.est import updates, views
from fleet_server.est.bodies import MAX_BODY
from fleet_server.est.errors import Refusal
from fleet_server.est.peer import EXTENSION
from fleet_server.est.rules import Office
from fleet_server.settings import Settings
from fleet_server.store import database
from provisioning.pki import authority, crl

FAILURES = "10 per minute"
"""Refused sign-ins of one terminal from one address. A token is too long to be guessed."""
REQUESTS = "600 per minute"
"""Requests from one address: a whole office behind one."""

log = structlog.get_logger("est")


def create_est_app(settings: Settings) -> Flask:
    """Return the application; the database is opened here.

    Raises:
        ProvisioningError: the issuing CA can't be read.
        SchemaError: the database can't be used.
    """
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    layout = settings.layout
    app.extensions[EXTENSION] = Office(layout, authority.load_issuing(layout), crl.Revoked(layout))
    database.open_database(settings.database.url)
    app.teardown_appcontext(lambda _error: database.release())
    app.register_error_handler(Refusal, _refusal)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _failure)
    _limit(app)
    app.register_blueprint(views.blueprint)
    app.register_blueprint(updates.blueprint)
    return app


def _limit(app: Flask) -> None:
    # In memory: the process has one worker, and a restart may forget.
    limiter = Limiter(views.caller_key, storage_uri="memory://", default_limits=[REQUESTS])
    failures = limiter.shared_limit(
        FAILURES,
        scope="sign-in",
        key_func=views.attempt_key,
        deduct_when=lambda response: response.status_code == 401,
        override_defaults=False,
    )
    failures(views.blueprint)
    limiter.init_app(app)


def _refusal(refusal: Refusal) -> Response:
    log.warning("refused", path=request.path, status=refusal.status, why=refusal.text)
    return _text(refusal.status, refusal.text)


def _http_error(error: HTTPException) -> Response:
    answer = _text(error.code or 500, f"{error.name}: {error.description}")
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def _failure(error: Exception) -> Response:
    if database.may_pass(error):
        log.error("the database can't be used", why=str(error))
        answer = _text(503, "the database can't be used just now; please try again")
        answer.headers["Retry-After"] = "10"
        return answer
    log.error("failed", path=request.path, error=type(error).__name__, exc_info=error)
    return _text(500, "the enrolment server failed; its log says why")


def _text(status: int, text: str) -> Response:
    response = Response(text + "\n", status, content_type="text/plain; charset=utf-8")
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="hailong enrolment", charset="UTF-8"'
    return response
