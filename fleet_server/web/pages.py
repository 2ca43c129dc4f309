"""All pages: their blueprints, and what every template knows."""

from flask import Flask, g, request

from fleet_server.store.pages import changes
from fleet_server.web import access, address, look, navigation, words
from fleet_server.web.account.views import blueprint as account
from fleet_server.web.api.reference.views import blueprint as reference
from fleet_server.web.counters.views import blueprint as counters
from fleet_server.web.keys.views import blueprint as keys
from fleet_server.web.live.views import blueprint as live
from fleet_server.web.matters.views import blueprint as matters
from fleet_server.web.overview.views import blueprint as overview
from fleet_server.web.services import services
from fleet_server.web.terminals.views import blueprint as terminals
from fleet_server.web.units.views import blueprint as units
from fleet_server.web.webhooks.views import blueprint as webhooks

PAGES = (overview, terminals, counters, matters, units)
OTHERS = (live, account, keys, webhooks, reference)


def init_app(app: Flask) -> None:
    """Register the pages and what their templates use."""
    for blueprint in PAGES + OTHERS:
        app.register_blueprint(blueprint)
    app.before_request(_note_position)
    app.context_processor(_common)
    app.jinja_env.globals.update(
        words=words,
        can=access.can,
        may_open=access.may_open,
        menu=navigation.menu,
        here=address.here,
        look=look.chosen,
        looks=look.LOOKS,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _note_position() -> None:
    """Remember where the changes stand *before* a page reads, so that no change falls between."""
    if request.blueprint in {page.name for page in PAGES}:
        g.position = changes.newest()


def _common() -> dict[str, object]:
    return {
        "fleet": services().settings.fleet,
        "position": g.get("position", 0),
        "now": g.get("now", 0),
    }
