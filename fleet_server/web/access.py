"""Who may call what: each route carries a rule, and a route without one is refused.

A view says its rule with `allow`. What other libraries register is listed in `OUTSIDE`.
"""

from collections.abc import Callable
from typing import Literal, TypeVar

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

Rule = Literal["public", "viewer", "admin", "key"]
View = TypeVar("View", bound=Callable[..., object])

ROLES: dict[Rule, frozenset[str]] = {
    "viewer": frozenset({"viewer", "admin"}),
    "admin": frozenset({"admin"}),
}

OUTSIDE: dict[str, Rule] = {
    "static": "public",
    "openapi.spec": "public",
    "security.login": "public",
    "security.logout": "public",
    "security.static": "public",
}
"""Rules of routes that libraries register, by endpoint."""

LIVE_HEADER = "X-Live"
"""Sent by a page that refreshes itself."""

STREAM = "live.stream"

OWN_CHECK = "api"
"""Blueprints whose name begins so check the caller's key themselves."""


def allow(rule: Rule) -> Callable[[View], View]:
    """Say who may call a view: anybody, who may look, or who may change."""

    def mark(view: View) -> View:
        view.access_rule = rule  # type: ignore[attr-defined]  # a mark on a function
        return view

    return mark


def rule_of(app: Flask, endpoint: str) -> Rule | None:
    """Return a route's rule, or None where nobody has thought of one."""
    rule: Rule | None = getattr(app.view_functions.get(endpoint), "access_rule", None)
    if rule is None and endpoint.partition(".")[0].startswith(OWN_CHECK):
        return "key"
    return rule or OUTSIDE.get(endpoint)


def enforce() -> ResponseReturnValue | None:
    """Stop a request whose sender may not make it; runs before every view."""
    if request.endpoint is None:
        return None
    rule = rule_of(current_app, request.endpoint)
    if rule in ("public", "key"):
        return None
    if rule is None:
        current_app.logger.error("the route %s has no access rule", request.endpoint)
        abort(403)
    if not current_user.is_authenticated:
        return _ask_to_sign_in()
    if not any(role.name in ROLES[rule] for role in current_user.roles):
        abort(403)
    return None


def may_open(endpoint: str) -> bool:
    """Tell whether whoever asks may open a page; the navigation shows what is so."""
    rule = rule_of(current_app, endpoint)
    if rule == "public":
        return True
    if rule is None or not current_user.is_authenticated:
        return False
    return any(role.name in ROLES.get(rule, ()) for role in current_user.roles)


def _ask_to_sign_in() -> ResponseReturnValue:
    """Send a person to the sign-in and back again; tell a page that refreshes itself to reload."""
    if request.headers.get(LIVE_HEADER) or request.endpoint == STREAM:
        abort(401)
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("security.login", next=wanted))


def may_change() -> bool:
    """Tell whether the person who is signed in may change things; for templates."""
    return current_user.is_authenticated and any(
        role.name in ROLES["admin"] for role in current_user.roles
    )
