"""The REST interface: what queue systems tell, and what other programs read."""

from flask import Flask

from fleet_server.web.api import listings, operations, tickets
from fleet_server.web.api.guard import SCHEME, blueprint, describe

__all__ = ["blueprint", "init_app", "listings", "tickets"]


def init_app(app: Flask) -> None:
    """Register the interface; its callers carry a key, not a session, so no form token either."""
    schemes = app.config.get("SECURITY_SCHEMES") or {}
    app.config["SECURITY_SCHEMES"] = {**schemes, **SCHEME}
    describe(app)
    csrf = app.extensions.get("csrf")
    for part in (blueprint, operations.blueprint):
        app.register_blueprint(part)
        if csrf is not None:
            csrf.exempt(part)
