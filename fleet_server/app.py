"""The app factory: pages and the REST interface in one Flask app."""

import logging
from collections.abc import Callable

from apiflask import APIFlask
from flask import Flask, Response, g
from flask_security import current_user
from flask_talisman import Talisman
from flask_wtf.csrf import CSRFProtect

from fleet_server import contact_key
from fleet_server.channels.later import later_of
from fleet_server.clock import now_ms
from fleet_server.secret_file import read_text
from fleet_server.settings import Settings
from fleet_server.store import database
from fleet_server.store.pages import changes
from fleet_server.web import (
    access,
    api,
    assets,
    bodies,
    brake,
    caller,
    cookieless,
    errors,
    language,
    numbers,
    pages,
    signin,
)
from fleet_server.web.live.feed import ChangeFeed
from fleet_server.web.oidc import views as oidc
from fleet_server.web.services import EXTENSION, KEYS, Keys, Services, services

MAX_STREAMS = 40
"""Pages that may listen to changes at once; each holds a thread of the server."""

HEADERS = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
"""The content security policy; ``data:`` is for the arrows that Pico draws in selects."""

log = logging.getLogger(__name__)


class _Changes:
    """The change table, read in the feed's own thread and connection."""

    newest = staticmethod(changes.newest)
    after = staticmethod(changes.after)
    close = staticmethod(database.release)


def create_app(settings: Settings, clock: Callable[[], int] = now_ms) -> APIFlask:
    """Build the app of one fleet.

    Args:
        settings: the fleet's settings; its secrets are read from the fleet directory.
        clock: returns Unix milliseconds.

    Raises:
        FleetError: the database or a secret is missing.
    """
    database.open_database(settings.database.url)
    app = APIFlask(
        "fleet_server.web",
        title="Hailong",
        version="1",
        spec_path="/api/v1/openapi.json",
        docs_path=None,
        json_errors=False,
    )
    app.url_map.strict_slashes = False
    app.session_interface = cookieless.Sessions()
    numbers.init_app(app)
    secure = settings.web.url.startswith("https:")
    app.config.update(_sign_in(settings, secure))
    feed = ChangeFeed(_Changes(), MAX_STREAMS, lambda: log.exception("can't read changes"))
    app.extensions[EXTENSION] = Services(settings, clock, feed)
    app.extensions[KEYS] = Keys(
        contact_key.read(settings.layout.contact_secret),
        contact_key.names(settings.layout.draw_secret),
        later_of(settings),
    )
    app.before_request(_begin)
    app.teardown_request(_end)
    caller.init_app(app, settings.web.trusted_proxies, settings.web.url)
    language.init_app(app)
    signin.init_app(app)
    app.before_request(access.enforce)
    bodies.init_app(app)
    CSRFProtect(app)  # reads the form: after it is known who may send one, and how large
    errors.init_app(app)
    pages.init_app(app)
    assets.init_app(app)
    oidc.init_app(app, settings)
    api.init_app(app, brake.init_app(app))
    _add_headers(app, secure)
    return app


def _sign_in(settings: Settings, secure: bool) -> dict[str, object]:
    layout = settings.layout
    return signin.config(
        read_text(layout.flask_secret, "init"),
        read_text(layout.password_salt, "init"),
        secure,
        read_text(layout.second_factor_secret),
        settings.fleet.name,
    )


def _begin() -> None:
    g.now = services().clock()
    if cookieless.is_asked():
        cookieless.be_nobody()


def _end(_error: BaseException | None) -> None:
    database.release()


def _add_headers(app: Flask, secure: bool) -> None:
    Talisman(
        app,
        force_https=False,  # the proxy's business
        strict_transport_security=secure,
        frame_options="DENY",
        content_security_policy=HEADERS,
        referrer_policy="same-origin",
        session_cookie_secure=secure,
    )

    @app.after_request
    def no_copies(response: Response) -> Response:
        if current_user and current_user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response
