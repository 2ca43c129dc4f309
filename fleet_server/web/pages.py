"""All pages: their blueprints, and what every template knows."""

from flask import Flask, g, request

from fleet_server.core.case_events import step_of
from fleet_server.core.roles import MAY
from fleet_server.store.pages import changes
from fleet_server.web import access, address, look, navigation, words
from fleet_server.web.account import own as _own  # noqa: F401  # its views are the account's
from fleet_server.web.account.views import blueprint as account
from fleet_server.web.alarms.letters import blueprint as letters
from fleet_server.web.alarms.rules import blueprint as alarm_rules
from fleet_server.web.alarms.views import blueprint as alarms
from fleet_server.web.api.reference.views import blueprint as reference
from fleet_server.web.audit.views import blueprint as audit
from fleet_server.web.by_service.views import blueprint as by_service
from fleet_server.web.cases.terms import blueprint as case_terms
from fleet_server.web.cases.views import blueprint as cases
from fleet_server.web.compare.views import blueprint as compare
from fleet_server.web.contacts.views import blueprint as contacts
from fleet_server.web.counters.views import blueprint as counters
from fleet_server.web.draws.views import blueprint as draws
from fleet_server.web.exports.views import blueprint as exports
from fleet_server.web.hours.views import blueprint as hours
from fleet_server.web.interviews.views import blueprint as interviews
from fleet_server.web.keys.views import blueprint as keys
from fleet_server.web.later.views import blueprint as later
from fleet_server.web.links.views import blueprint as links
from fleet_server.web.live.views import blueprint as live
from fleet_server.web.matters.views import blueprint as matters
from fleet_server.web.oidc.views import came_by_single
from fleet_server.web.other.views import blueprint as other
from fleet_server.web.overview.views import blueprint as overview
from fleet_server.web.people.views import blueprint as people
from fleet_server.web.published.switches import blueprint as switches
from fleet_server.web.published.views import blueprint as published
from fleet_server.web.reports.kept import blueprint as kept_reports
from fleet_server.web.reports.scales import blueprint as scales
from fleet_server.web.reports.schedules import blueprint as report_schedules
from fleet_server.web.reports.templates import blueprint as report_templates
from fleet_server.web.reports.views import blueprint as reports
from fleet_server.web.series.views import blueprint as series
from fleet_server.web.services import services
from fleet_server.web.signals.views import blueprint as signals
from fleet_server.web.targets.views import blueprint as targets
from fleet_server.web.technician.views import blueprint as technician
from fleet_server.web.terminals.configuring import blueprint as configuring
from fleet_server.web.terminals.orders import blueprint as orders
from fleet_server.web.terminals.views import blueprint as terminals
from fleet_server.web.tree.views import blueprint as tree
from fleet_server.web.units.views import blueprint as units
from fleet_server.web.updates.views import blueprint as updates
from fleet_server.web.wall.links import blueprint as walls
from fleet_server.web.wall.views import blueprint as wall
from fleet_server.web.webhooks.views import blueprint as webhooks

PAGES = (
    overview, terminals, configuring, orders, technician, counters, matters, cases, units, hours,
    by_service, compare, wall, walls, updates, signals, other, reports, alarms,
)  # fmt: skip
OTHERS = (
    live, account, links, tree, people, audit, keys, webhooks, reference, exports, series, targets,
    case_terms, contacts, draws, interviews, later, report_templates, scales, kept_reports,
    report_schedules, alarm_rules, letters, published, switches,
)  # fmt: skip


def init_app(app: Flask) -> None:
    """Register the pages and what their templates use."""
    for blueprint in PAGES + OTHERS:
        app.register_blueprint(blueprint)
    app.before_request(_note_position)
    app.context_processor(_common)
    app.jinja_env.globals.update(
        words=words,
        case_step=step_of,
        can=access.can,
        role_may=MAY,
        came_by_single=came_by_single,
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
        "oidc": services().settings.oidc,
        "position": g.get("position", 0),
        "now": g.get("now", 0),
    }
