"""Who may call what, and in which part of the fleet.

Each route carries a rule, and a route without one is refused. A view says its rule with `allow`;
what other libraries register is listed in `OUTSIDE`. A rule that is a capability lets in whoever
has it somewhere; *where*, the view asks with `scope` and `demand`.
"""

from collections.abc import Callable
from typing import Literal, TypeVar, get_args

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from fleet_server.core.roles import Capability, Changing, Grant, Reading, Scope, scope_of
from fleet_server.core.tree import Tree
from fleet_server.store import places, users

Rule = Literal["public", "person", "key"] | Capability
"""*public*: anybody; *person*: who is signed in; *key*: programs, which the interface checks."""

View = TypeVar("View", bound=Callable[..., object])

CAPABILITIES: frozenset[str] = frozenset((*get_args(Reading), *get_args(Changing)))

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
    """Say who may call a view."""

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
    if rule != "person" and not scope(rule):  # type: ignore[arg-type]  # the others are done
        abort(403)
    return None


def may_open(endpoint: str) -> bool:
    """Tell whether whoever asks may open a page; the navigation shows what is so."""
    rule = rule_of(current_app, endpoint)
    if rule == "public":
        return True
    if rule in (None, "key") or not current_user.is_authenticated:
        return False
    return rule == "person" or can(rule)  # type: ignore[arg-type]  # the others are done


def _ask_to_sign_in() -> ResponseReturnValue:
    """Send a person to the sign-in and back again; tell a page that refreshes itself to reload."""
    if request.headers.get(LIVE_HEADER) or request.endpoint == STREAM:
        abort(401)
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("security.login", next=wanted))


def tree() -> Tree:
    """Return the tree of units, read once for a request."""
    if "tree" not in g:
        g.tree = places.tree()
    found: Tree = g.tree
    return found


def _grants() -> list[Grant]:
    if "grants" not in g:
        signed_in = current_user.is_authenticated
        g.grants = users.grants_of(current_user.id) if signed_in else []
    found: list[Grant] = g.grants
    return found


def scope(capability: Capability) -> Scope:
    """Return where the person who is signed in has a capability: perhaps nowhere."""
    return scope_of(capability, _grants(), tree())


def can(capability: Capability) -> bool:
    """Tell whether the person has a capability anywhere; for templates."""
    return bool(scope(capability))


def demand(capability: Capability, unit: int | None) -> None:
    """Answer 404 if the person lacks a capability in a unit, as if there were nothing."""
    if not scope(capability).covers(unit):
        abort(404)


def actor() -> str:
    """Return the person who is signed in, for the audit log."""
    return f"person:{current_user.email}"
