"""An example of every page, over the office of ``tests/fakes/office/``, for the checks of pages.

A new page adds one line to `PAGES`: its endpoint, and addresses that show what it can look like. A
page without an example fails ``tests/e2e/test_every_page.py``. What a page needs to have something
to show is put into the office.
"""

from dataclasses import dataclass

from flask import Flask

from fleet_server.web.access import rule_of
from tests.fakes.tickets import path


@dataclass(frozen=True, slots=True)
class Example:
    """One look of a page.

    Attributes:
        address: path and arguments.
        who: the role of who opens it, or nobody.
        status: what the server answers.
    """

    address: str
    who: str = "administrator"
    status: int = 200


def shown(*addresses: str, who: str = "administrator", status: int = 200) -> tuple[Example, ...]:
    """Return examples of one page."""
    return tuple(Example(address, who, status) for address in addresses)


PAGES: dict[str, tuple[Example, ...]] = {
    "overview.show": shown("/"),
    "terminals.index": shown(
        "/terminals", "/terminals?state=needed&unit=UBND-P1", "/terminals?q=nowhere"
    ),
    "terminals.one": shown("/terminals/p1-03-t1", "/terminals/q3-02-t1", "/terminals/kho-01"),
    "counters.index": shown(
        "/counters",
        "/counters?period=30&sort=participation",
        "/counters?period=2026-W47&unit=UBND-Q3&show=under&service=-",
        "/counters?q=nobody",
    )
    + shown("/counters?from=2026-11-20&to=2026-11-01", status=400),
    "counters.one": shown(
        "/counters/P1-01?show=rated",
        "/counters/Q3-02?day=2026-11-21",
        "/counters/Q3-02?period=2026-11",
        "/counters/P1-01?period=2026-Q4&service=Khai sinh",
    ),
    "units.index": shown("/units", "/units?period=2026-Q4&sort=-satisfaction"),
    "units.one": shown("/units/UBND-Q3?period=2026-11", "/units/UBND-P1"),
    "by_service.index": shown("/services?period=30", "/services?period=30&service=Khai sinh"),
    "compare.index": shown(
        "/compare", "/compare?item=unit:UBND-P1&item=unit:UBND-Q3&item=counter:P1-03"
    )
    + shown("/compare?counter=nowhere", status=400),
    "report_schedules.index": shown("/reports/schedules")
    + shown("/reports/schedules", who="auditor"),
    "kept_reports.index": shown("/reports/kept"),
    "kept_reports.one": shown("/reports/kept/1", "/reports/kept/2", "/reports/kept/3"),
    "scales.index": shown("/settings/scales") + shown("/settings/scales", who="auditor"),
    "scales.entries": shown("/reports/scores/total_time?period=2026-Q4&unit=UBND-P1")
    + shown("/reports/scores/online?period=2026-11", who="viewer"),
    "report_templates.index": shown("/settings/templates")
    + shown("/settings/templates", who="auditor"),
    "reports.index": shown(
        "/reports", "/reports?period=2026-11&unit=UBND-Q3", "/reports?period=2030-01"
    )
    + shown("/reports?from=2026-11-20&to=2026-11-01", status=400),
    "targets.index": shown("/settings/targets", "/settings/targets?unit=UBND-P1")
    + shown("/settings/targets", who="auditor"),
    "configuring.one": shown("/terminals/p1-03-t1/configuration"),
    "configuring.many": shown("/terminals/configuration", "/terminals/configuration?unit=UBND-P1"),
    "updates.index": shown("/updates") + shown("/updates", who="viewer"),
    "updates.one": shown("/updates/2", "/updates/1", "/updates/2?state=failed"),
    "updates.begin": shown("/updates/new", who="technician"),
    "updates.sure": shown("/updates/2/resume"),
    "technician.index": shown("/technician", "/technician?terminal=nowhere", who="technician"),
    "technician.one": shown("/technician/p1-03-t1", "/technician/kho-01", who="technician"),
    "hours.index": shown("/settings/hours", "/settings/hours?counter=nowhere"),
    "hours.one": shown("/settings/hours/one", "/settings/hours/one?unit=UBND-P1&year=2026")
    + shown("/settings/hours/one?counter=P1-01", who="auditor"),
    "interviews.index": shown("/interviews") + shown("/interviews", who="interviewer"),
    "interviews.one": shown("/interviews/1", "/interviews/3", "/interviews/4"),
    "draws.index": shown("/draws") + shown("/draws", who="viewer"),
    "draws.one": shown("/draws/2026-W46", "/draws/2026-W47")
    + shown("/draws/2026-W46", who="viewer"),
    "contacts.index": shown("/contacts") + shown("/contacts", who="interviewer"),
    "contacts.looks": shown("/contacts/looks") + shown("/contacts/looks", who="auditor"),
    "matters.index": shown("/matters", "/matters?show=closed", "/matters?kind=key_revoked"),
    "matters.one": shown("/matters/1", "/matters/3") + shown("/matters/2", who="viewer"),
    "cases.index": shown(
        "/cases",
        "/cases?state=closed",
        "/cases?overdue=1&unit=UBND-Q3",
        "/cases?mine=1",
        "/cases?late=1&state=all",
        "/cases?counter=P1-01&state=unexplained",
    ),
    "case_terms.index": shown("/settings/cases", "/settings/cases?unit=UBND-P1")
    + shown("/settings/cases", who="auditor"),
    "cases.one": shown("/cases/1", "/cases/2", "/cases/2?do=return", "/cases/2?do=rule")
    + shown("/cases/2?do=prolong", "/cases/3")
    + shown("/cases/1000000001", "/cases/1000000002?do=answer")
    + shown("/cases/4", "/cases/4?do=answer", who="unit_head")
    + shown("/cases/2", who="viewer"),
    "signals.index": shown("/signals", "/signals?show=all&unit=UBND-P1", "/signals?rule=unplugged")
    + shown("/signals?counter=P1-01&show=all", who="technician"),
    "signals.one": shown("/signals/1", "/signals/2", "/signals/3")
    + shown("/signals/1", who="auditor"),
    "published.index": shown("/public", who="nobody") + shown("/public?lang=en", who="nobody"),
    "published.one": shown("/public/UBND-Q3", "/public/UBND-Q3?lang=en", who="nobody")
    + shown("/public/UBND-P1", who="nobody", status=404),
    "switches.index": shown("/settings/public") + shown("/settings/public", who="auditor"),
    "later.show": shown(*map(path, ("P1-01-3", "P1-01-1", "P1-01-27")), who="nobody")
    + shown(path("P1-01-3", "2026-11-01"), who="nobody", status=410),
    "other.index": shown(
        "/other", "/other?way=online&unit=UBND-P1", "/other?way=qr", who="quality_officer"
    ),
    "other.withdrawal": shown("/other/10/withdraw", who="quality_officer"),
    "other.add": shown("/other/new?unit=UBND-P1&way=paper", who="quality_officer"),
    "other.import_list": shown("/other/import"),
    "alarms.index": shown("/alarms", "/alarms?show=over&unit=UBND-P1", "/alarms?kind=complaint")
    + shown("/alarms?kind=nothing", status=404),
    "alarms.one": shown("/alarms/1", "/alarms/2", "/alarms/3") + shown("/alarms/1", who="viewer"),
    "alarm_rules.index": shown("/settings/alarms", "/settings/alarms?unit=UBND-P1"),
    "alarm_rules.one": shown(
        "/settings/alarms/terminal_lost", "/settings/alarms/unsatisfied?unit=UBND-P1"
    )
    + shown("/settings/alarms/complaint", who="auditor"),
    "letters.index": shown("/settings/letters", "/settings/letters?state=dead"),
    "tree.index": shown("/tree/", "/tree/?q=quay", "/tree/?q=zzz") + shown("/tree/", who="auditor"),
    "tree.unit": shown("/tree/units/UBND-P1", "/tree/units/UBND-Q3"),
    "tree.counter": shown("/tree/counters/P1-01"),
    "tree.terminal": shown("/tree/terminals/p1-01-t1", "/tree/terminals/kho-01"),
    "tree.add_unit": shown("/tree/new-unit?in=UBND-P1"),
    "tree.change_unit": shown("/tree/units/UBND-P1/change"),
    "tree.move_unit": shown("/tree/units/UBND-P1/move"),
    "tree.close_unit": shown("/tree/units/UBND-P1/close"),
    "tree.add_counter": shown("/tree/new-counter?in=UBND-P1"),
    "tree.rename_counter": shown("/tree/counters/P1-01/change"),
    "tree.move_counter": shown("/tree/counters/P1-01/move"),
    "tree.close_counter": shown("/tree/counters/P1-01/close"),
    "tree.add_terminal": shown("/tree/new-terminal?at=P1-01"),
    "tree.move_terminal": shown("/tree/terminals/kho-01/move"),
    "tree.write_note": shown("/tree/terminals/kho-01/note"),
    "tree.retire": shown("/tree/terminals/kho-01/retire"),
    "tree.replace": shown("/tree/terminals/p1-03-t1/replace"),
    "tree.make_invitation": shown("/tree/terminals/kho-01/enrolment"),
    "tree.import_list": shown("/tree/import") + shown("/tree/import", who="technician"),
    "wall.show": shown("/wall", "/wall?unit=UBND-P1"),
    "walls.index": shown("/wall/links"),
    "walls.open_link": shown("/wall/open/nothing", status=403),
    "walls.show": shown("/wall/screen", status=403),
    "keys.index": shown("/keys") + shown("/keys", who="auditor"),
    "keys.add": shown("/keys/new"),
    "keys.ask_to_revoke": shown("/keys/1/revoke"),
    "webhooks.index": shown("/webhooks"),
    "webhooks.one": shown("/webhooks/1", "/webhooks/1?state=dead", "/webhooks/3"),
    "webhooks.add": shown("/webhooks/new"),
    "webhooks.edit": shown("/webhooks/1/edit"),
    "webhooks.ask_for_secret": shown("/webhooks/1/secret"),
    "webhooks.ask_to_end": shown("/webhooks/1/end"),
    "reference.show": shown("/api/v1/") + shown("/api/v1/", who="nobody"),
    "reference.problem": shown("/api/v1/problems/rate-limited", who="nobody"),
    "account.show": shown("/account") + shown("/account", who="viewer"),
    "audit.index": shown("/audit", "/audit?what=person.&from=2026-11-22", "/audit?who=zzz&from=x"),
    "audit.one": shown("/audit/1"),
    "links.take": shown("/link/none", who="nobody", status=404),
    "people.index": shown("/people", "/people?q=zzz"),
    "people.one": shown("/people/2") + shown("/people/2", who="auditor"),
    "people.invite": shown("/people/invite"),
    "people.roles": shown("/people/roles"),
    "security.login": shown("/login", who="nobody"),
    "security.change_password": shown("/account/password"),
    "security.mf_recovery_codes": shown("/account/codes"),
    "security.two_factor_setup": shown("/account/app"),
    "security.verify": shown("/verify?next=/people"),
    "security.wan_register": shown("/account/passkeys"),
    "security.wan_signin": shown("/login/passkey", who="nobody"),
    "security.wan_verify": shown("/verify/passkey"),
}
"""By endpoint. What stands behind a form that was filled in wrongly is in `gallery.py`."""

ERRORS = shown("/nowhere", status=404) + shown("/login?next=/nowhere", who="nobody")
"""Pages that no endpoint draws."""

NO_PAGES = {
    "static",
    "security.static",
    "openapi.spec",
    "live.stream",
    "series.show",
    "exports.counters",
    "exports.units",
    "exports.services",
    "reports.file",
    "kept_reports.file",
    "report_templates.file",
    "audit.export",
    "draws.file",
    "oidc.start",
    "oidc.back",
    "oidc.leave",
    "security.two_factor_rescue",
    "security.wan_delete",
    "cases.file",
    "tree.export_workbook",
    "tree.export_csv",
    "tree.pattern",
    "other.pattern",
    "published.as_csv",
    "published.channels_as_csv",
    "published.as_json",
}
"""Endpoints that answer with something else than a page: files, the event stream, documents."""

HALF_WAY = {"security.tf_select", "security.mf_recovery", "security.two_factor_token_validation"}
"""Pages between the password and the code; ``tests/e2e/test_passkeys.py`` opens them."""


def endpoints(app: Flask) -> set[str]:
    """Return the endpoints that answer a GET with a page, by the route map."""
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and rule.endpoint not in NO_PAGES | HALF_WAY
        and rule_of(app, rule.endpoint) != "key"
        and not rule.rule.startswith(("/healthz", "/readyz", "/metrics"))
    }
