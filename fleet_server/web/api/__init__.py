"""The REST interface: what queue systems tell, and what other programs read."""

from apiflask import APIFlask
from flask_limiter import Limiter

from fleet_server.web.api import (
    cases,
    contacts,
    deliveries,
    document,
    limits,
    operations,
    participation,
    places,
    ratings,
    reports,
    signals,
    tickets,
    webhooks,
)
from fleet_server.web.api.guard import blueprint

__all__ = [
    "blueprint", "cases", "contacts", "deliveries", "init_app", "participation", "places",
    "ratings", "reports", "signals", "tickets", "webhooks",
]  # fmt: skip


def init_app(app: APIFlask, limiter: Limiter) -> None:
    """Register the interface; its callers carry a key, not a session, so no form token either."""
    limits.init_app(app, limiter)
    document.init_app(app)
    csrf = app.extensions.get("csrf")
    for part in (blueprint, operations.blueprint):
        app.register_blueprint(part)
        if csrf is not None:
            csrf.exempt(part)
