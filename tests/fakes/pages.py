"""An example of every page, over the office of ``tests/fakes/office.py``, for the checks of pages.

A new page adds one line to `PAGES`: its endpoint, and addresses that show what it can look like. A
page without an example fails ``tests/e2e/test_every_page.py``. What a page needs to have something
to show is put into the office.
"""

from dataclasses import dataclass

from flask import Flask

from fleet_server.web.access import rule_of


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
    "terminals.index": shown("/terminals", "/terminals?show=bad&unit=UBND-P1"),
    "terminals.one": shown("/terminals/p1-03-t1", "/terminals/q3-02-t1", "/terminals/kho-01"),
    "counters.index": shown("/counters", "/counters?period=30&sort=participation"),
    "counters.one": shown("/counters/P1-01?show=rated", "/counters/Q3-02?day=2026-11-21"),
    "units.index": shown("/units"),
    "matters.index": shown("/matters", "/matters?show=closed", "/matters?kind=key_revoked"),
    "matters.one": shown("/matters/1", "/matters/3") + shown("/matters/2", who="viewer"),
    "keys.index": shown("/keys") + shown("/keys", who="auditor"),
    "keys.add": shown("/keys/new"),
    "keys.ask_to_revoke": shown("/keys/1/revoke"),
    "webhooks.index": shown("/webhooks"),
    "webhooks.one": shown("/webhooks/1", "/webhooks/1?state=dead"),
    "webhooks.add": shown("/webhooks/new"),
    "webhooks.edit": shown("/webhooks/1/edit"),
    "webhooks.ask_for_secret": shown("/webhooks/1/secret"),
    "webhooks.ask_to_end": shown("/webhooks/1/end"),
    "reference.show": shown("/api/v1/") + shown("/api/v1/", who="nobody"),
    "reference.problem": shown("/api/v1/problems/rate-limited", who="nobody"),
    "security.login": shown("/login", who="nobody"),
}
"""By endpoint. What stands behind a form that was filled in wrongly is in `gallery.py`."""

ERRORS = shown("/nowhere", status=404) + shown("/login?next=/nowhere", who="nobody")
"""Pages that no endpoint draws."""

NO_PAGES = {"static", "security.static", "openapi.spec", "live.stream"}
"""Endpoints that answer with something else than a page: files, the event stream, documents."""


def endpoints(app: Flask) -> set[str]:
    """Return the endpoints that answer a GET with a page, by the route map."""
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and rule.endpoint not in NO_PAGES
        and rule_of(app, rule.endpoint) != "key"
        and not rule.rule.startswith(("/healthz", "/readyz", "/metrics"))
    }
